//! A repeated solve with its gradient allocates nothing for each step.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use cotangent::prelude::*;
use cotangent_ode::*;

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

#[differentiable(order = 2)]
fn lotka_volterra(_t: f64, y: &[f64], p: &[f64; 4], dy: &mut [f64]) {
    let meets = y[0] * y[1];
    dy[0] = p[0] * y[0] - p[1] * meets;
    dy[1] = p[3] * meets - p[2] * y[1];
}

fn end(solution: &Solution, bars: &mut Cotangents) -> f64 {
    bars.end.fill(1.0);
    solution.y_end.iter().sum()
}

/// Allocations of a gradient over `t1`, in steady state, and its steps.
fn count<M>(method: M, t1: f64, rtol: f64) -> (usize, usize)
where
    M: Clone,
    M: for<'a> Fn(f64, f64) -> usize,
{
    method(t1, rtol);
    let before = ALLOCATIONS.get();
    let steps = method(t1, rtol);
    (ALLOCATIONS.get() - before, steps)
}

macro_rules! check {
    ($method:expr) => {{
        let run = |t1: f64, rtol: f64| {
            let options = Options {
                rtol,
                atol: rtol,
                ..Options::default()
            };
            let problem = Problem::new(differentiable!(lotka_volterra), [1.0, 1.0], (0.0, t1), [1.5, 1.0, 3.0, 1.0]);
            gradient(&problem, $method, &options, Gradient::Reverse, end)
                .unwrap()
                .solution
                .stats
                .steps
        };
        let (short, long) = (count(run, 10.0, 1e-6), count(run, 100.0, 1e-6));
        assert!(long.1 > 5 * short.1, "{short:?} {long:?}");
        // The list of steps doubles a few times.
        assert!(long.0 <= short.0 + 8, "{short:?} {long:?}");
    }};
}

#[test]
fn nothing_is_allocated_for_each_step() {
    check!(Tsit5);
    check!(Vern7);
    check!(Kvaerno5);
    check!(Rodas5P);
}
