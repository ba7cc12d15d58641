//! What a library builds on a function with `&mut` parameters: sweeps on its own tape, into its own buffers, without
//! allocation.
#![allow(clippy::needless_range_loop)] // formulas with indices

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use cotangent::callable::{Callable, MutSlice, Ref, Slice, Val};
use cotangent::prelude::*;

struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: forwards to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise is passed on.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// How many allocations `f` makes on this thread.
fn allocations(f: impl FnOnce()) -> usize {
    let before = ALLOCATIONS.get();
    f();
    ALLOCATIONS.get() - before
}

/// Right-hand sides of `dy/dt = f(t, y, p)`.
trait Rhs<T: Real, P: Differentiable + 'static>: Callable<(Val<T>, Slice<T>, Ref<P>, MutSlice<T>), Out = ()> {}

impl<T, P, F> Rhs<T, P> for F
where
    T: Real,
    P: Differentiable + 'static,
    F: Callable<(Val<T>, Slice<T>, Ref<P>, MutSlice<T>), Out = ()>,
{
}

/// The classical method of order 4: where a stage stands in the step, and its weight.
const STAGES: [(f64, f64); 4] = [(0.0, 1.0), (0.5, 2.0), (0.5, 2.0), (1.0, 1.0)];

struct Rk4<T> {
    /// The state and slope of each stage, and their tangents or cotangents.
    y: [Vec<T>; 4],
    k: [Vec<T>; 4],
    y_dot: Vec<T>,
    k_dot: [Vec<T>; 4],
    tape: Tape,
}

impl<T: Real<Tangent = T>> Rk4<T> {
    fn new(n: usize) -> Self {
        let zeros = || vec![T::ZERO; n];
        let four = || [zeros(), zeros(), zeros(), zeros()];
        Rk4 {
            y: four(),
            k: four(),
            y_dot: zeros(),
            k_dot: four(),
            tape: Tape::new(),
        }
    }

    fn stage_state(&mut self, s: usize, y: &[T], h: T) {
        let a = T::from_f64(STAGES[s].0) * h;
        for i in 0..y.len() {
            self.y[s][i] = y[i] + if s > 0 { a * self.k[s - 1][i] } else { T::ZERO };
        }
    }

    fn step<P: Differentiable + 'static, F: Rhs<T, P>>(&mut self, f: &F, (t, h): (T, T), y: &mut [T], p: &P) {
        for s in 0..4 {
            self.stage_state(s, y, h);
            let at = t + T::from_f64(STAGES[s].0) * h;
            f.call((at, &self.y[s], p, &mut self.k[s]));
        }
        add_stages(y, &self.k, h);
    }

    /// `y_dot` is replaced by the tangent after the step.
    fn tangent<P: Differentiable + 'static, F: Rhs<T, P>>(
        &mut self,
        f: &F,
        (t, h): (T, T),
        (y, y_dot): (&mut [T], &mut [T]),
        (p, p_dot): (&P, &P::Tangent),
    ) {
        for s in 0..4 {
            self.stage_state(s, y, h);
            let a = T::from_f64(STAGES[s].0) * h;
            for i in 0..y.len() {
                self.y_dot[i] = y_dot[i] + if s > 0 { a * self.k_dot[s - 1][i] } else { T::ZERO };
            }
            let (args, dots) = (
                (t + a, &self.y[s][..], p, &mut self.k[s][..]),
                (T::ZERO, &self.y_dot[..], p_dot, &mut self.k_dot[s][..]),
            );
            f.tangent(&f.zero_tangent(), args, dots);
        }
        add_stages(y, &self.k, h);
        add_stages(y_dot, &self.k_dot, h);
    }

    /// At `y` before the step: `y_bar` is replaced by the cotangent before the step, `p_bar` is added to. All four stages
    /// are recorded on one tape.
    fn pull<P: Differentiable + 'static, F: Rhs<T, P>>(
        &mut self,
        f: &F,
        (t, h): (T, T),
        y: &[T],
        p: &P,
        y_bar: &mut [T],
        (p_bar, f_bar): (&mut P::Tangent, &mut F::Tangent),
    ) {
        let tape = &mut self.tape;
        let mut pullbacks = [None, None, None, None];
        let a = |s: usize| T::from_f64(STAGES[s].0) * h;
        for s in 0..4 {
            for i in 0..y.len() {
                self.y[s][i] = y[i] + if s > 0 { a(s) * self.k[s - 1][i] } else { T::ZERO };
            }
            pullbacks[s] = Some(f.forward((t + a(s), &self.y[s], p, &mut self.k[s]), tape).1);
        }
        for s in 0..4 {
            let weight = T::from_f64(STAGES[s].1 / 6.0) * h;
            self.k_dot[s].iter_mut().zip(&*y_bar).for_each(|(k, y)| *k = weight * *y);
        }
        for s in (0..4).rev() {
            let pullback = pullbacks[s].take().expect("put there above");
            self.y_dot.fill(T::ZERO);
            let bars = (&mut T::ZERO.clone(), &mut self.y_dot[..], &mut *p_bar, &mut self.k_dot[s][..]);
            pullback(f, (&(t + a(s)), &self.y[s], p, &mut self.k[s]), tape, (), f_bar, bars);
            for i in 0..y.len() {
                y_bar[i] += self.y_dot[i];
                if s > 0 {
                    self.k_dot[s - 1][i] += a(s) * self.y_dot[i];
                }
            }
        }
        assert!(tape.is_empty());
    }
}

fn add_stages<T: Real>(y: &mut [T], k: &[Vec<T>; 4], h: T) {
    for i in 0..y.len() {
        for s in 0..4 {
            y[i] += T::from_f64(STAGES[s].1 / 6.0) * h * k[s][i];
        }
    }
}

#[derive(Differentiable, Clone, Debug, PartialEq)]
struct Pendulum<T: Real> {
    stiffness: T,
    friction: Vec<T>,
}

#[differentiable(order = 2)]
fn pendulum<T: Real>(t: T, y: &[T], p: &Pendulum<T>, dy: &mut [T]) {
    dy[0] = y[1];
    dy[1] = -p.stiffness * y[0].sin() + t.cos();
    for c in &p.friction {
        dy[1] -= *c * y[1];
    }
}

/// The same solution as one differentiable function: what the library must agree with.
#[differentiable]
fn final_angle(y0: &[f64], p: &Pendulum<f64>, h: f64) -> f64 {
    let mut y = y0.to_vec();
    for n in 0..100 {
        let mut sum = y.clone();
        let mut k = vec![0.0; 2];
        for s in 0..4 {
            let mut at = y.clone();
            for i in 0..2 {
                at[i] += STAGES[s].0 * h * k[i];
            }
            pendulum((n as f64 + STAGES[s].0) * h, &at, p, &mut k);
            for i in 0..2 {
                sum[i] += STAGES[s].1 / 6.0 * h * k[i];
            }
        }
        y = sum;
    }
    y[0]
}

fn example<T: Real>() -> (Pendulum<T>, [T; 2], T) {
    let p = Pendulum {
        stiffness: T::from_f64(2.0),
        friction: vec![T::from_f64(0.1), T::from_f64(0.2)],
    };
    (p, [T::from_f64(0.5), T::from_f64(-0.25)], T::from_f64(0.05))
}

/// All states of 100 steps, and the gradient of the last angle.
struct Solution<T: Real> {
    rk4: Rk4<T>,
    states: Vec<[T; 2]>,
    y_bar: [T; 2],
    p_bar: <Pendulum<T> as Differentiable>::Tangent,
}

impl<T: Real<Tangent = T>> Solution<T> {
    fn new(p: &Pendulum<T>) -> Self {
        Solution {
            rk4: Rk4::new(2),
            states: Vec::with_capacity(101),
            y_bar: [T::ZERO; 2],
            p_bar: p.zero_tangent(),
        }
    }

    fn gradient<F: Rhs<T, Pendulum<T>>>(&mut self, f: &F, p: &Pendulum<T>, y0: [T; 2], h: T) {
        self.states.clear();
        self.states.push(y0);
        for n in 0..100 {
            let mut y = self.states[n];
            self.rk4.step(f, (T::from_f64(n as f64) * h, h), &mut y, p);
            self.states.push(y);
        }
        self.y_bar = [T::ONE, T::ZERO];
        self.p_bar.set_zero();
        let mut f_bar = f.zero_tangent();
        for n in (0..100).rev() {
            let at = (T::from_f64(n as f64) * h, h);
            self.rk4
                .pull(f, at, &self.states[n], p, &mut self.y_bar, (&mut self.p_bar, &mut f_bar));
        }
    }
}

#[test]
fn reverse_mode_without_allocation() {
    let (p, y0, h) = example::<f64>();
    let f = cotangent::differentiable!(pendulum);
    let mut solution = Solution::new(&p);
    solution
        .rk4
        .pull(&f, (0.0, h), &y0, &p, &mut [1.0, 0.0], (&mut p.zero_tangent(), &mut ()));
    assert_eq!(allocations(|| solution.gradient(&f, &p, y0, h)), 0);
    let (y, expected) = final_angle::value_and_grad(&y0, &p, h);
    // The two differ in the order of sums, over 100 steps.
    let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-13, "{a} {b}");
    close(solution.states[100][0], y);
    solution.y_bar.iter().zip(&expected.y0).for_each(|(a, b)| close(*a, *b));
    close(solution.p_bar.stiffness, expected.p.stiffness);
    solution
        .p_bar
        .friction
        .iter()
        .zip(&expected.p.friction)
        .for_each(|(a, b)| close(*a, *b));
}

#[test]
fn forward_mode_without_allocation() {
    let (p, y0, h) = example::<f64>();
    let f = cotangent::differentiable!(pendulum);
    let mut rk4 = Rk4::new(2);
    let (mut y, mut y_dot) = (y0, [0.0, 0.0]);
    let p_dot = PendulumTangent {
        stiffness: 1.0,
        friction: vec![0.0, 0.5],
    };
    let count = allocations(|| {
        for n in 0..100 {
            rk4.tangent(&f, (n as f64 * h, h), (&mut y, &mut y_dot), (&p, &p_dot));
        }
    });
    assert_eq!(count, 0);
    let (expected, dot) = final_angle::jvp((&y0, &p, h), (&[0.0; 2], &p_dot, 0.0));
    assert!((y[0] - expected).abs() < 1e-13 && (y_dot[0] - dot).abs() < 1e-13);
}

#[test]
fn single_precision_and_closures() {
    let (p, y0, h) = example::<f32>();
    let mut solution = Solution::new(&p);
    solution.gradient(&cotangent::differentiable!(pendulum), &p, y0, h);
    let by_name = solution.p_bar.clone();
    let closure = cotangent::differentiable!(|t: f32, y: &[f32], p: &Pendulum<f32>, dy: &mut [f32]| pendulum(t, y, p, dy));
    solution.gradient(&closure, &p, y0, h);
    assert_eq!(solution.p_bar, by_name);
    let double = final_angle::grad(&[0.5, -0.25], &example().0, 0.05);
    // Rounding of single precision, over 100 steps.
    assert!((f64::from(by_name.stiffness) - double.p.stiffness).abs() < 1e-5);
}
