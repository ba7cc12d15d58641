//! The language, row by row: reverse mode against central differences.
#![allow(clippy::all)] // the forms of the language are written out on purpose

use cotangent::prelude::*;
use cotangent_check::check_gradient;

#[differentiable]
fn product(x: &[f64]) -> f64 {
    let mut p = 1.0;
    for i in 0..x.len() {
        p *= x[i];
    }
    p
}

#[differentiable]
fn newton(a: f64) -> f64 {
    let mut x = a;
    let mut k = 0;
    while k < 50 {
        let next = 0.5 * (x + a / x);
        if (next - x).abs() < 1e-14 {
            return next;
        }
        x = next;
        k += 1;
    }
    x
}

#[differentiable]
fn smooth(x: f64, y: f64) -> f64 {
    let z = if x > 1.0 { x.exp() * y } else { x.sin() / y };
    z + (x * y).tanh().powi(2)
}

#[test]
fn works() {
    let g = product::grad(&[2.0, 3.0, 4.0]);
    assert_eq!(g.x, vec![12.0, 8.0, 6.0]);
    let (y, g) = newton::value_and_grad(2.0);
    assert!((y - 2f64.sqrt()).abs() < 1e-15);
    assert!((g.a - 0.5 / 2f64.sqrt()).abs() < 1e-15, "{}", g.a);
    for (x, y) in [(0.5, 2.0), (1.5, 0.3)] {
        let g = smooth::grad(x, y);
        let h = 1e-6;
        let gx = (smooth(x + h, y) - smooth(x - h, y)) / (2.0 * h);
        let gy = (smooth(x, y + h) - smooth(x, y - h)) / (2.0 * h);
        assert!((g.x - gx).abs() < 1e-8 && (g.y - gy).abs() < 1e-8, "{g:?} {gx} {gy}");
    }
}

#[differentiable(order = 2)]
fn banana(x: &[f64]) -> f64 {
    let mut s = 0.0;
    for i in 0..x.len() - 1 {
        let a = x[i + 1] - x[i] * x[i];
        s += 100.0 * a * a + (1.0 - x[i]).powi(2) + (x[i] * x[i + 1]).sin().exp();
    }
    s
}

#[differentiable]
fn scale_all(v: &mut [f64], s: f64) -> f64 {
    let mut norm = 0.0;
    for i in 0..v.len() {
        v[i] *= s;
        norm += v[i] * v[i];
    }
    norm.sqrt()
}

#[differentiable]
fn uses(x: f64, w: &[f64]) -> f64 {
    let mut v = w.to_vec();
    let a = scale_all(&mut v, x);
    let b = scale_all(&mut v[1..], x * a);
    v[0] * b + v[1]
}

#[test]
fn higher() {
    let x = [0.3, -0.4, 0.8];
    cotangent_check::check_gradient!(order = 2; banana, &x[..]);
    let h = banana::hessian(&x);
    assert_eq!((h.rows(), h.cols()), (3, 3));
    let mut v = vec![1.0, 2.0];
    cotangent_check::check_gradient!(scale_all, &mut v[..], 1.5);
    cotangent_check::check_gradient!(uses, 0.7, &[0.3, 0.4, 0.5][..]);
}

/// Has no tangent: it can only be passed where no derivative is taken.
struct Sample {
    times: Vec<f64>,
    seen: f64,
}

#[differentiable(wrt(rate))]
fn misfit(rate: f64, sample: &Sample) -> f64 {
    let mut sum = 0.0;
    for t in &sample.times {
        sum += (-rate * t).exp();
    }
    (sum - sample.seen).powi(2)
}

#[differentiable(wrt(rate))]
fn misfits(rate: f64, samples: &[Sample], pairs: &[(Sample, f64)]) -> f64 {
    let mut total = 0.0;
    for sample in samples {
        total += misfit(rate, sample);
    }
    for (k, sample) in samples.iter().enumerate() {
        total += misfit(rate * (k as f64), &samples[k]) * misfit(rate, sample);
    }
    total + misfit(rate, &pairs[0].0)
}

#[differentiable(wrt(rate))]
fn all_misfits(rate: f64, samples: &[Sample], pairs: &[(Sample, f64)]) -> f64 {
    misfits(rate, samples, pairs) + misfits(2.0 * rate, &samples[1..], pairs)
}

#[test]
fn values_without_tangent_outside_wrt() {
    let sample = |seen| Sample {
        times: vec![0.5, 1.0, 2.0],
        seen,
    };
    let (samples, pairs) = ([sample(1.0), sample(1.5)], [(sample(0.7), 1.0)]);
    let f = |rate| all_misfits(rate, &samples, &pairs);
    let differences = (f(0.4 + 1e-5) - f(0.4 - 1e-5)) / 2e-5;
    let g = all_misfits::grad(0.4, &samples, &pairs);
    // Truncation, a sixth of the third derivative times the square of the step, is near 1e-8: the value changes fast.
    assert!((g.rate - differences).abs() < 1e-7, "{} {differences}", g.rate);
    let (_, y_dot) = all_misfits::jvp((0.4, &samples, &pairs), (1.0, (), ()));
    assert!(
        (y_dot - g.rate).abs() < 1e-13 * g.rate.abs(),
        "the modes round apart: {y_dot} {}",
        g.rate
    );
    assert_eq!(g.samples, ());
}

/// `?` in a loop: the result is set in several places, and there is no `Result` to start from.
#[differentiable(order = 2)]
fn checked(x: f64, limit: f64) -> Result<f64, String> {
    if x > limit { Err("too large".to_owned()) } else { Ok(x * x) }
}

#[differentiable(order = 2)]
fn squares(x: f64, limit: f64) -> Result<f64, String> {
    let mut y = x;
    for _ in 0..3 {
        y = checked(y, limit)? + 0.5;
    }
    Ok(y)
}

#[differentiable(order = 2)]
fn squares_or_zero(x: f64, limit: f64) -> f64 {
    match squares(x, limit) {
        Ok(y) => y,
        Err(_) => 0.0,
    }
}

#[test]
fn question_mark_in_a_loop() {
    check_gradient!(order = 2; squares_or_zero, 0.5, 9.0);
    assert_eq!(squares(0.5, 0.6), Err("too large".to_owned()));
    assert_eq!(squares_or_zero::grad(0.5, 0.6).x, 0.0);
}

/// std's sum of nothing is minus zero, and the forward sweep computes the same.
#[differentiable]
fn sign_of_a_sum(v: &[f64], x: f64) -> f64 {
    let sum = v.iter().filter(|v| **v > 0.0).sum::<f64>();
    x * sum.signum()
}

#[test]
fn an_empty_sum_has_the_sign_of_stds() {
    assert_eq!(sign_of_a_sum::value_and_grad(&[-1.0], 2.0).0, sign_of_a_sum(&[-1.0], 2.0));
    assert_eq!(sign_of_a_sum::jvp((&[-1.0], 2.0), (&[0.0], 1.0)).0, sign_of_a_sum(&[-1.0], 2.0));
}
