//! Loops that record in frames, and sums that are reversed as they are formed.

#![allow(clippy::needless_range_loop)] // Index loops are what is tested.

use std::panic::{AssertUnwindSafe, catch_unwind};

use cotangent::prelude::*;
use cotangent_check::check_gradient;

#[differentiable]
fn power(x: &[f64], n: i32) -> f64 {
    let mut p = 1.0;
    for i in 0..x.len() {
        p *= x[i].powi(n);
    }
    p
}

/// Numbers whose sums of powers differ in every place.
fn numbers(n: usize) -> Vec<f64> {
    (0..n).map(|i| 1.0 + (i as f64 * 0.7).sin() / 3.0).collect()
}

#[differentiable]
fn weighted(x: &[f64], w: f64, n: usize) -> f64 {
    let mut scaled = vec![0.0; x.len()];
    for i in 0..x.len() {
        scaled[i] = x[i] * w;
    }
    let mut total = w;
    for i in 1..n {
        let mut own = scaled.clone();
        own[0] *= x[i % x.len()];
        total += w * power(&own, 2);
        if i % 2 == 0 {
            total -= power(&scaled[..2], 1);
        }
    }
    (total * total).ln()
}

#[test]
fn a_sum_is_the_same_whether_it_is_reversed_at_once_or_recorded() {
    // Of 40 numbers 3 iterations are too few to be reversed at once; the tape tells.
    let x = numbers(40);
    for (n, at_once) in [(3, false), (30, true)] {
        check_gradient!(weighted, &x[..], 0.9, n);
        let (mut tape, mut g) = (Tape::new(), weighted::grad(&x, 0.9, n));
        weighted::grad_into(&x, 0.9, n, &mut tape, &mut g);
        let recorded = n * x.len() * 8;
        assert_eq!(tape.bytes() < recorded, at_once, "{} bytes for {n} iterations", tape.bytes());
        assert_eq!((tape.len(), g.x), (0, weighted::grad(&x, 0.9, n).x));
    }
}

#[test]
fn a_pullback_of_a_sum_can_be_called_again() {
    let x = numbers(5);
    let (_, pullback) = weighted::vjp(&x, 0.9, 20);
    let (first, second) = (pullback(1.0), pullback(2.0));
    for (a, b) in first.x.iter().zip(&second.x) {
        assert!((2.0 * a - b).abs() <= 1e-14 * b.abs(), "{b} is not twice {a}");
    }
    assert_eq!(pullback(1.0).x, first.x);
}

#[differentiable(order = 2)]
fn smooth(x: &[f64], n: usize) -> f64 {
    let mut total = 0.0;
    for i in 0..n {
        let mut p = 1.0;
        for j in 0..x.len() {
            p *= (x[j] * (i + j + 1) as f64 / n as f64).sin();
        }
        total += p;
    }
    total
}

#[test]
fn sums_have_second_derivatives() {
    check_gradient!(order = 2; smooth, &numbers(4)[..], 9);
    let (x, d) = (numbers(4), [1.0, -0.5, 0.25, 2.0]);
    let hessian = smooth::hessian(&x, 9);
    let along = smooth::hvp(&x, 9, &d, ()).x;
    for i in 0..4 {
        let want: f64 = (0..4).map(|j| hessian[(i, j)] * d[j]).sum();
        // Two orders of the same sums of four terms near 1.
        assert!((along[i] - want).abs() < 1e-12, "{} {want}", along[i]);
    }
}

#[differentiable]
fn in_a_branch(x: &[f64], scale: f64, n: usize) -> f64 {
    if n == 0 {
        return scale;
    }
    let mut total = scale * scale;
    for i in (0..n).rev().step_by(2) {
        total += scale * power(&x[i % 2..], 3);
    }
    total * scale
}

#[test]
fn sums_stand_in_branches() {
    check_gradient!(in_a_branch, &numbers(4)[..], 1.2, 0);
    check_gradient!(in_a_branch, &numbers(4)[..], 1.2, 7);
}

/// The next three are no sums: something else changes, or the total is read.
#[differentiable]
fn carries(x: &[f64], n: usize) -> f64 {
    let mut scratch = x.to_vec();
    let mut total = 0.0;
    for i in 0..n {
        total += power(&scratch, 2);
        scratch[i % 3] *= x[0];
    }
    total
}

#[differentiable]
fn reads_its_total(x: &[f64], n: usize) -> f64 {
    let mut total = 1.0;
    for i in 0..n {
        total += power(x, 1) / (total + i as f64);
    }
    total
}

#[differentiable]
fn two_totals(x: &[f64], n: usize) -> f64 {
    let (mut a, mut b) = (0.0, 1.0);
    for i in 0..n {
        a += power(&x[i % 2..], 2);
        b += power(x, 1);
    }
    a * b
}

/// The total's value from before the loop is read by what comes before it in reverse.
#[differentiable]
fn restored_total(x: &[f64], n: usize) -> f64 {
    let mut total = x[0];
    total *= total.sin();
    for i in 0..n {
        total += power(&x[i % 2..], 2);
    }
    total
}

#[test]
fn what_is_no_sum_is_recorded() {
    let x = numbers(4);
    check_gradient!(carries, &x[..], 6);
    check_gradient!(reads_its_total, &x[..], 6);
    check_gradient!(two_totals, &x[..], 6);
    check_gradient!(restored_total, &x[..], 6);
}

#[differentiable]
fn mixed(x: &[f64], y: &[f32], n: usize) -> f32 {
    let mut total = 0.0;
    for i in 0..n {
        total += (power(x, 2) as f32) * y[i % y.len()];
    }
    total
}

#[test]
fn a_sum_of_one_float_type_over_another() {
    let (x, y) = (numbers(3), [0.5_f32, -1.0]);
    let g = mixed::grad(&x, &y, 5);
    let square: f64 = x.iter().map(|x| x * x).product();
    // In f32: its rounding, of five terms.
    assert!((f64::from(g.y[0]) - 3.0 * square).abs() < 1e-5 && (f64::from(g.y[1]) - 2.0 * square).abs() < 1e-5);
    let want = 2.0 * square / x[1] * -0.5;
    assert!((g.x[1] - want).abs() < 1e-5, "{} {want}", g.x[1]);
}

#[differentiable]
fn generic<T: Real>(x: &[T], n: usize) -> T {
    let mut total = T::ZERO;
    for i in 0..n {
        let mut p = T::ONE;
        for j in 0..x.len() {
            p *= x[(i + j) % x.len()].sin();
        }
        total += p;
    }
    total
}

#[test]
fn sums_in_generic_code() {
    check_gradient!(generic, &numbers(4)[..], 5);
}

/// Every kind of record that a frame takes: before an addition, before an assignment, and a local.
#[differentiable]
fn frames(a: &[f64], n: usize) -> f64 {
    let mut a = a.to_vec();
    for k in 1..n {
        for i in 0..a.len() - 1 {
            let e = (a[i] * 0.3).exp();
            a[i] -= e * a[i + 1];
            a[i + 1] = a[i] * a[i + 1] * 0.5 + e / k as f64;
        }
        for i in (1..a.len()).rev().step_by(2) {
            a[i] = a[i].sin() + a[i - 1];
        }
    }
    let mut s = 0.0;
    for i in 0..a.len() as i32 {
        s = s * a[i as usize] + a[i as usize].cos();
    }
    s
}

#[test]
fn frames_hold_all_that_an_iteration_records() {
    for n in 1..4 {
        check_gradient!(frames, &numbers(5)[..], n);
    }
}

#[differentiable]
fn half_frames(x: &mut [f32], y: f64) -> f64 {
    let mut s = y;
    for v in x.iter_mut() {
        let w = *v;
        *v = w * w;
        s = s * f64::from(w) + s.sin();
    }
    s
}

#[test]
fn numbers_of_two_types_need_no_frame() {
    let (mut x, x0) = ([0.5_f32, 1.5, -0.7], [0.5_f32, 1.5, -0.7]);
    let (_, pullback) = half_frames::vjp(&mut x, 0.3);
    let g = pullback(1.0, &[0.0; 3]);
    let f = |y: f64| x0.iter().fold(y, |s, w| s * f64::from(*w) + s.sin());
    let want = (f(0.3 + 1e-5) - f(0.3 - 1e-5)) / 2e-5;
    // Central differences err by step² and by rounding over the step, both near 1e-10.
    assert!((g.y - want).abs() < 1e-9, "{} {want}", g.y);
}

#[test]
fn a_panic_in_a_frame_leaves_the_tape_empty() {
    let mut tape = Tape::new();
    let mut g = frames::grad(&numbers(5)[..], 2);
    let mut two = out_of_bounds::grad(&[1.0, 2.0], 2);
    let result = catch_unwind(AssertUnwindSafe(|| out_of_bounds::grad_into(&[1.0, 2.0], 3, &mut tape, &mut two)));
    assert!(result.is_err() && tape.is_empty());
    frames::grad_into(&numbers(5)[..], 2, &mut tape, &mut g);
    assert_eq!(g.a, frames::grad(&numbers(5)[..], 2).a);
}

#[differentiable]
fn out_of_bounds(x: &[f64], n: usize) -> f64 {
    let mut p = 1.0;
    for i in 0..n {
        p = p * x[i] + p.sin();
    }
    p
}
