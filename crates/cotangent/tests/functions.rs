//! Functions as values: outside differentiable code by `differentiable!`, inside by name or as closures.
#![allow(clippy::all)] // the forms of the language are written out on purpose

use cotangent::prelude::*;
use cotangent_check::check_gradient;

#[differentiable]
fn f(x: f64, v: &[f64], n: usize) -> f64 {
    let mut s = x;
    for i in 0..n {
        s = s * v[i] + x.sin();
    }
    s
}

#[differentiable(order = 2)]
fn wave(x: f64) -> f64 {
    x.sin() + 0.3 * x
}

#[differentiable(wrt(x))]
fn scaled(x: f64, by: f64, table: &[f64]) -> f64 {
    x * by + table[0] * x * x
}

#[derive(Differentiable, Clone, Debug, PartialEq)]
struct P {
    a: f64,
    v: Vec<f64>,
}

#[differentiable]
impl P {
    fn energy(&self, x: f64) -> f64 {
        self.a * x.sin() + self.v[0] * x
    }

    fn new(a: f64) -> P {
        P { a, v: vec![a] }
    }
}

#[differentiable]
fn blend<T: Real>(x: T, y: T) -> T {
    x * y + y * y
}

cotangent_check::point!(P);

/// Newton's method: plain code over any function.
fn solve<F>(f: F, mut x: f64) -> f64
where
    F: DiffFn<(f64,), Output = f64, Direction = (f64,)>,
{
    for _ in 0..50 {
        let (y, slope) = f.jvp((x,), (1.0,));
        x -= y / slope;
    }
    x
}

/// Gradient descent: plain code over any function of a slice.
fn descend<F>(f: &F, x: &mut [f64], rate: f64) -> f64
where
    F: for<'a> DiffFn<(&'a [f64],), Output = f64, Cotangents = (Vec<f64>,)>,
{
    for _ in 0..200 {
        let (_, (g,)) = f.value_and_cotangents((&*x,));
        for (x, g) in x.iter_mut().zip(g) {
            *x -= rate * g;
        }
    }
    f.call((x,))
}

#[differentiable]
fn bowl(x: &[f64]) -> f64 {
    let mut s = 0.0;
    for (i, x) in x.iter().enumerate() {
        s += (x - i as f64).powi(2);
    }
    s
}

#[test]
fn values() {
    let d = differentiable!(f);
    let v = vec![0.5, 0.7, 0.9];
    let g = f::grad(2.0, &v, 3);
    assert_eq!(d(2.0, &v, 3), f(2.0, &v, 3));
    assert_eq!(d.grad((2.0, &v[..], 3)), g);
    assert_eq!(d.value_and_grad((2.0, &v[..], 3)), (f(2.0, &v, 3), g.clone()));
    let v_dot = [0.1, 0.2, 0.3];
    assert_eq!(
        d.jvp((2.0, &v[..], 3), (1.0, &v_dot[..], ())),
        f::jvp((2.0, &v[..], 3), (1.0, &v_dot[..], ()))
    );
    let (y, pullback) = d.vjp((2.0, &v[..], 3));
    assert_eq!((y, pullback(1.0)), (f(2.0, &v, 3), g.clone()));
    assert_eq!(pullback(1.0), g);
}

#[test]
fn methods() {
    let d = differentiable!(P::energy);
    let p = P { a: 1.5, v: vec![0.5] };
    assert_eq!(d(&p, 0.5), p.energy(0.5));
    let g = d.grad((&p, 0.5));
    assert_eq!((g.this.a, g.this.v, g.x), (0.5f64.sin(), vec![0.5], 1.5 * 0.5f64.cos() + 0.5));
    let (made, dot) = differentiable!(P::new).jvp((2.0,), (1.0,));
    assert_eq!((made, dot.a, dot.v), (P::new(2.0), 1.0, vec![1.0]));
}

#[test]
fn constants_and_generics() {
    let d = differentiable!(scaled);
    let g = d.grad((2.0, 3.0, &[0.5][..]));
    assert_eq!((g.x, g.by, g.table), (5.0, (), ()));
    let (y, y_dot) = d.jvp((2.0, 3.0, &[0.5][..]), (1.0, (), ()));
    assert_eq!((y, y_dot), (8.0, 5.0));
    let g = differentiable!(blend).grad((2.0f32, 3.0));
    assert_eq!((g.x, g.y), (3.0, 8.0));
}

#[test]
fn closures_outside() {
    let a = 3.0;
    let w = vec![1.0, 2.0];
    let d = differentiable!(|x: f64, v: &[f64]| a * x.sin() + w[1] * v[0] * x + wave(x));
    let x = 0.7;
    let g = d.grad((x, &[0.5][..]));
    let expected = a * f64::cos(x) + 2.0 * 0.5 + f64::cos(x) + 0.3;
    assert!((g.x - expected).abs() < 1e-14, "{} {expected}", g.x);
    assert_eq!(g.v, vec![2.0 * x]);
    assert_eq!(d(x, &[0.5]), d.call((x, &[0.5][..])));
}

#[test]
fn generic_code() {
    assert!((solve(differentiable!(wave), 0.3)).abs() < 1e-15);
    let target = 0.6;
    let root = solve(differentiable!(move |x: f64| x * x - target), 1.0);
    assert!((root - target.sqrt()).abs() < 1e-15);
    let mut x = [3.0, -2.0, 5.0];
    assert!(descend(&differentiable!(bowl), &mut x, 0.1) < 1e-20);
}

#[differentiable(order = 2)]
fn apply<F: Fn(f64) -> f64>(g: F, x: f64) -> f64 {
    let y = g(x);
    0.5 * g(y + 0.3) + y
}

#[differentiable(order = 2)]
fn integrate<F>(g: F, a: f64, n: usize) -> f64
where
    F: Fn(f64) -> f64,
{
    let mut s = 0.0;
    for i in 0..n {
        s += g(a * i as f64) / n as f64;
    }
    s
}

#[differentiable(order = 2)]
fn by_name(x: f64) -> f64 {
    integrate(wave, x, 3) + apply(f64::tanh, x)
}

#[differentiable(order = 2)]
fn by_closure(x: f64, e: f64) -> f64 {
    let t = x.sin();
    let y = apply(|q| (q * t).sin() * x, e).tanh();
    let mut s = 0.0;
    for i in 0..3 {
        let w = [x * i as f64, e];
        s += integrate(|q| q * w[0] + q * q * w[1] * t, y, 2);
    }
    s
}

#[test]
fn passed_on() {
    check_gradient!(order = 2; by_name, 0.7);
    check_gradient!(order = 2; by_closure, 0.7, 0.4);
}

#[differentiable]
fn total(h: impl Fn(usize, &[f64]) -> (f64, f64), v: &[f64]) -> f64 {
    let mut s = 0.0;
    for i in 0..v.len() {
        let (a, b) = h(i, &v[..i + 1]);
        s += a * b.sin();
    }
    s
}

#[differentiable]
fn outer<F: Fn(f64) -> f64, G: Fn(f64) -> f64>(f: &F, g: G, x: f64) -> f64 {
    let h = |q: f64| f(q) * g(q);
    apply1(h, x) + apply1(g, x) + f(2.0) * x
}

#[differentiable]
fn apply1<F: Fn(f64) -> f64>(g: F, x: f64) -> f64 {
    g(g(x))
}

#[differentiable]
fn many(x: f64, v: &[f64], p: &P) -> f64 {
    let mut w = v.to_vec();
    w[0] *= x;
    let k = v.len() - 1;
    let a = total(|i, u: &[f64]| (u[i] * w[0] + v[k], p.a * x), v);
    w[1] = a;
    let b = outer(&|q: f64| q * w[1], |q: f64| if q > 0.3 { q.sin() * x } else { p.energy(q) }, x);
    let c = total(
        |i: usize, u: &[f64]| {
            let mut s = 0.0;
            for j in 0..i + 1 {
                s += u[j];
            }
            (s, s * x)
        },
        &w,
    );
    a * b + c
}

#[test]
fn captures_of_many_kinds() {
    let p = P { a: 0.8, v: vec![0.3] };
    check_gradient!(many, 0.7, &[0.4, 0.6, -0.2][..], &p);
}

struct Solver {
    steps: usize,
}

#[differentiable]
impl Solver {
    #[constant]
    fn new(steps: usize) -> Self {
        Solver { steps }
    }
}

#[test]
fn functions_from_outside_in() {
    let g = apply::grad(differentiable!(wave), 0.4);
    let y = wave::jvp(0.4, 1.0);
    let z = wave::jvp(y.0 + 0.3, 1.0);
    assert!((g.x - (0.5 * z.1 * y.1 + y.1)).abs() < 1e-15);
    assert_eq!(Solver::new(3).steps, 3);
}

mod elsewhere {
    use super::{P, apply, wave};
    use cotangent::prelude::*;

    #[differentiable]
    pub fn made(x: f64) -> P {
        P { a: x * x, v: vec![x] }
    }

    #[differentiable]
    pub fn through(x: f64) -> f64 {
        apply(super::wave, x) + apply(f64::sin, x)
    }

    impl P {
        pub fn slope(&self, x: f64) -> f64 {
            differentiable!(|q: f64| q * q * self.a).grad((x,)).q
        }
    }

    pub fn slope(x: f64) -> f64 {
        cotangent::differentiable!(wave).grad((x,)).x
    }
}

#[test]
fn across_modules() {
    assert_eq!(elsewhere::slope(0.3), 0.3f64.cos() + 0.3);
    assert_eq!(P { a: 2.0, v: vec![] }.slope(3.0), 12.0);
    let (_, dot) = differentiable!(elsewhere::made).jvp((3.0,), (1.0,));
    assert_eq!((dot.a, dot.v), (6.0, vec![1.0]));
    check_gradient!(elsewhere::through, 0.4);
}
