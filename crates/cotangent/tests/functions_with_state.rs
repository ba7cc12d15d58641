//! Closures that change what they capture, passed on.
#![allow(clippy::all)] // the forms of the language are written out on purpose

use cotangent::prelude::*;
use cotangent_check::check_gradient;

#[derive(Differentiable, Clone, Debug, PartialEq)]
struct Tank {
    level: f64,
    rates: Vec<f64>,
}

cotangent_check::point!(Tank);

#[differentiable(order = 2)]
fn each<F: FnMut(f64)>(mut f: F, v: &[f64]) {
    for x in v {
        f(*x);
    }
}

/// What the closure returns is used, and the closure is called again with it.
#[differentiable(order = 2)]
fn chain<F: FnMut(f64, usize) -> f64>(mut f: F, x: f64) -> f64 {
    let mut y = x;
    for i in 0..3 {
        y = f(y * x, i);
        if y > 2.0 {
            y = f(y, i) * 0.5;
        }
    }
    y
}

/// Passes its function on, in several ways.
#[differentiable(order = 2)]
fn onward<F: FnMut(f64)>(mut f: F, v: &[f64], x: f64) {
    each(&mut f, v);
    f(x);
    by_reference(&mut f, x);
    each(f, v);
}

#[differentiable(order = 2)]
fn by_reference<F: FnMut(f64)>(f: &mut F, x: f64) {
    f(x * x);
}

#[differentiable(order = 2)]
fn total(v: &[f64], a: f64) -> f64 {
    let mut sum = 0.5 * a;
    each(|x| sum += a * x * x, v);
    sum * sum
}

#[differentiable(order = 2)]
fn product(v: &[f64], a: f64) -> f64 {
    let mut p = a;
    let mut count = 0;
    each(
        |x| {
            p *= x.sin() + p;
            count += 1;
        },
        v,
    );
    each(|x| p = p / x, v);
    p * count as f64
}

#[differentiable(order = 2)]
fn with_result(x: f64, a: f64) -> f64 {
    let mut seen = vec![a; 3];
    let y: f64 = chain(
        |q, i| {
            seen[i] = seen[i] * q + a;
            seen[i] * q.cos()
        },
        x,
    );
    y * seen[0] + seen[2] * seen[1]
}

#[differentiable(order = 2)]
fn passed_through(v: &[f64], a: f64) -> f64 {
    let mut p = a;
    onward(|x| p = p * x + a, v, a);
    p
}

#[differentiable(order = 2)]
fn into_a_slice(v: &[f64], out: &mut [f64], tank: &mut Tank) -> f64 {
    for k in 0..2 {
        each(
            |x| {
                out[k] = out[k] * x + out[0];
                tank.level += out[1] * x;
                tank.rates[k] *= tank.level;
            },
            v,
        );
    }
    out[0] * tank.level
}

#[differentiable(order = 2)]
fn named_and_in_branches(v: &[f64], a: f64) -> f64 {
    let mut p = a;
    let mut grown = vec![a];
    let mut step = |x: f64| {
        p *= x + a;
        grown.push(p);
    };
    step(0.5);
    each(&mut step, v);
    if a > 0.0 {
        each(&mut step, v);
    }
    step(a);
    let mut s = 0.0;
    for g in &grown {
        s += g * g;
    }
    s * p
}

/// What is captured is constant until the closure is called.
#[differentiable(order = 2)]
fn from_nothing(v: &[f64]) -> f64 {
    let (mut sum, mut squares, mut count) = (0.0, vec![], 0);
    each(
        |x| {
            if x > 0.5 {
                sum += x;
                count += 1;
            }
            squares.push(x * x);
        },
        v,
    );
    let mut only_counted = 0;
    each(|_x| only_counted += 1, v);
    sum * squares[1] * count as f64 * squares[squares.len() - 1] + only_counted as f64
}

/// The caller's variable is constant, what the closure is called with too: the result alone is active.
#[differentiable]
fn scaled<T: Real>(v: &[T], a: T) -> T {
    let mut total = T::ZERO;
    sum_of(|x: T| total += x * a, v);
    total * total
}

#[differentiable]
fn sum_of<T: Real, F: FnMut(T)>(mut f: F, v: &[T]) {
    for i in 0..v.len() {
        f(v[i] * v[i]);
    }
}

#[test]
fn captured_constants() {
    let v = [0.7, 1.2, 0.4];
    check_gradient!(order = 2; from_nothing, &v[..]);
    check_gradient!(scaled, &v[..], 0.8);
    check_gradient!(single; scaled, &[0.7f32, 1.2][..], 0.8f32);
}

#[test]
fn sums_and_products() {
    let v = [0.7, 1.2, 0.4];
    check_gradient!(order = 2; total, &v[..], 0.8);
    check_gradient!(order = 2; product, &v[..], 0.8);
    assert_eq!(total(&v, 0.8), {
        let s = 0.4 + 0.8 * v.iter().map(|x| x * x).sum::<f64>();
        s * s
    });
}

#[test]
fn with_results_and_branches() {
    check_gradient!(order = 2; with_result, 0.7, 0.9);
    check_gradient!(order = 2; with_result, 1.4, 1.3);
}

#[test]
fn passed_through_other_functions() {
    check_gradient!(order = 2; passed_through, &[0.7, 1.2][..], 0.8);
}

#[test]
fn into_slices_and_structs() {
    let tank = Tank {
        level: 0.3,
        rates: vec![0.5, 0.6],
    };
    check_gradient!(into_a_slice, &[0.7, 1.2][..], &mut [0.4, 0.9][..], &mut tank.clone());
}

#[test]
fn by_name() {
    check_gradient!(order = 2; named_and_in_branches, &[0.7, 1.2][..], 0.8);
}
