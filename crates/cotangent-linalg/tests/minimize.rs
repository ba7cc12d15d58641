//! Minimisers: known minima, bounds, reasons, callbacks.
#![allow(clippy::all)] // the forms of the language are written out on purpose

use cotangent::prelude::*;
use cotangent_linalg::minimize::{Minimum, Options, Reason, bfgs, lbfgs, newton};
use cotangent_linalg::{Error, cholesky};
use std::ops::ControlFlow;

#[differentiable(order = 2)]
fn rosenbrock(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() - 1 {
        sum += (1.0 - x[i]).powi(2) + 100.0 * (x[i + 1] - x[i] * x[i]).powi(2);
    }
    sum
}

/// Powell's badly scaled function without its constant: two valleys of very different width.
#[differentiable(order = 2)]
fn quartic(x: &[f64]) -> f64 {
    (x[0] + 10.0 * x[1]).powi(2) + 5.0 * (x[2] - x[3]).powi(2) + (x[1] - 2.0 * x[2]).powi(4) + 10.0 * (x[0] - x[3]).powi(4)
}

/// The negative log-likelihood of two numbers under a normal distribution whose covariance is made of `x`.
#[differentiable(order = 2)]
fn likelihood(x: &[f64]) -> f64 {
    let mut s = Matrix::zeros(2, 2);
    s[(0, 0)] = x[0].exp();
    s[(1, 1)] = x[1].exp();
    s[(0, 1)] = x[2];
    s[(1, 0)] = x[2];
    let data = [[1.0, 0.5], [-0.3, 0.8], [0.4, -1.5], [-1.1, 0.1]];
    match cholesky(&s) {
        Ok(c) => {
            let mut sum = 4.0 * c.log_det();
            for row in data {
                let y = c.solve(&row);
                sum += row[0] * y[0] + row[1] * y[1];
            }
            0.5 * sum
        }
        Err(_) => f64::INFINITY,
    }
}

fn start(n: usize) -> Vec<f64> {
    (0..n).map(|i| if i % 2 == 0 { -1.2 } else { 1.0 }).collect()
}

fn assert_near(x: &[f64], expected: &[f64], tolerance: f64) {
    for (x, expected) in x.iter().zip(expected) {
        assert!((x - expected).abs() <= tolerance * (1.0 + expected.abs()), "{x} is not {expected}");
    }
}

fn each(x0: &[f64], options: impl Fn() -> Options<'static>) -> Vec<Minimum> {
    let f = differentiable!(rosenbrock);
    vec![
        bfgs(&f, x0, options()).unwrap(),
        lbfgs(&f, x0, options()).unwrap(),
        newton(&f, x0, options()).unwrap(),
    ]
}

#[test]
fn rosenbrock_in_two_and_twenty_dimensions() {
    for n in [2, 20] {
        for minimum in each(&start(n), Options::default) {
            assert_eq!(minimum.reason, Reason::Gradient, "{minimum:?}");
            assert!(minimum.optimality <= 1e-8);
            // The condition of the Hessian is about 2500, so x is known to 2500 times the gradient tolerance.
            assert_near(&minimum.x, &vec![1.0; n], 1e-5);
        }
    }
}

#[test]
fn newton_converges_quadratically() {
    let minimum = newton(&differentiable!(quartic), &[3.0, -1.0, 0.0, 1.0], Options::default()).unwrap();
    // The Hessian is singular at the minimum, so the gradient falls with the third power of the distance.
    assert_near(&minimum.x, &[0.0; 4], 1e-2);
    let minimum = newton(&differentiable!(rosenbrock), &[-1.2, 1.0], Options::default()).unwrap();
    assert!(minimum.steps < 40, "{minimum:?}");
    assert_near(&minimum.x, &[1.0, 1.0], 1e-12);
}

/// At an upper bound of 0.5 the minimum is where the first term pushes, x1 = x0²: Rosenbrock's function in two dimensions.
#[test]
fn bounds_are_kept_and_held() {
    static UPPER: [f64; 2] = [0.5, f64::INFINITY];
    let seen = std::cell::Cell::new(0);
    for minimum in each(&start(2), || Options {
        upper: &UPPER,
        ..Options::default()
    }) {
        assert_eq!(minimum.x[0], 0.5);
        assert_near(&minimum.x, &[0.5, 0.25], 1e-9);
        assert!(minimum.gradient[0] < -0.9, "held against the gradient: {minimum:?}");
        assert!(minimum.reason.is_converged());
        seen.set(seen.get() + 1);
    }
    assert_eq!(seen.get(), 3);
}

#[test]
fn a_start_outside_is_moved_inside() {
    static LOWER: [f64; 2] = [2.0, 0.0];
    static UPPER: [f64; 2] = [3.0, 3.5];
    for minimum in each(&[-5.0, 50.0], || Options {
        lower: &LOWER,
        upper: &UPPER,
        ..Options::default()
    }) {
        assert_eq!(minimum.x, [2.0, 3.5], "both at a bound");
        assert_eq!(minimum.optimality, 0.0);
        assert_eq!(minimum.reason, Reason::Gradient);
    }
}

#[test]
fn reasons() {
    for minimum in each(&start(2), || Options {
        max_steps: 3,
        ..Options::default()
    }) {
        assert_eq!((minimum.reason, minimum.steps), (Reason::StepLimit, 3));
        assert!(!minimum.reason.is_converged());
    }
    for minimum in each(&start(2), || Options {
        value_tolerance: 0.5,
        ..Options::default()
    }) {
        assert_eq!(minimum.reason, Reason::Value);
    }
    for minimum in each(&start(2), || Options {
        step_tolerance: 10.0,
        ..Options::default()
    }) {
        assert_eq!((minimum.reason, minimum.steps), (Reason::Step, 1));
    }
    for minimum in each(&start(2), || Options {
        gradient_tolerance: 0.0,
        ..Options::default()
    }) {
        assert!(
            matches!(minimum.reason, Reason::Precision | Reason::Gradient),
            "{:?}",
            minimum.reason
        );
        assert_near(&minimum.x, &[1.0, 1.0], 1e-7);
    }
    for minimum in each(&[1.0, 1.0], Options::default) {
        assert_eq!((minimum.reason, minimum.steps, minimum.calls), (Reason::Gradient, 0, 1));
    }
}

#[test]
fn the_callback_sees_each_step_and_stops() {
    let mut values = vec![];
    let mut callback = |progress: &cotangent_linalg::minimize::Progress<'_>| {
        values.push(progress.value);
        assert_eq!(progress.value, rosenbrock(progress.x));
        if progress.step == 5 {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    };
    let options = Options {
        callback: Some(&mut callback),
        ..Options::default()
    };
    let minimum = bfgs(&differentiable!(rosenbrock), &[-1.2, 1.0], options).unwrap();
    assert_eq!((minimum.reason, minimum.steps), (Reason::Callback, 5));
    assert_eq!(values.len(), 5);
    assert!(values.windows(2).all(|w| w[1] < w[0]), "{values:?}");
}

#[test]
fn wrong_input() {
    let f = differentiable!(rosenbrock);
    let error = bfgs(&f, &[1.0, f64::NAN], Options::default()).unwrap_err();
    assert!(matches!(error, Error::NotFinite { index: 1, .. }), "{error}");
    let options = Options {
        lower: &[0.0],
        ..Options::default()
    };
    assert!(matches!(lbfgs(&f, &[1.0, 1.0], options), Err(Error::Shape { found: (1, 1), .. })));
    let options = Options {
        lower: &[0.0, 2.0],
        upper: &[1.0, 1.0],
        ..Options::default()
    };
    assert!(matches!(newton(&f, &[1.0, 1.0], options), Err(Error::Bounds { index: 1, .. })));
}

/// The maximum-likelihood covariance is the mean of the outer products.
#[test]
fn linear_algebra_inside() {
    let f = differentiable!(likelihood);
    let expected = [2.46f64 / 4.0, 3.15 / 4.0, (0.5 - 0.24 - 0.6 - 0.11) / 4.0];
    let expected = [expected[0].ln(), expected[1].ln(), expected[2]];
    for minimum in [
        bfgs(&f, &[0.0, 0.0, 0.0], Options::default()).unwrap(),
        lbfgs(&f, &[0.0, 0.0, 0.0], Options::default()).unwrap(),
        newton(&f, &[0.0, 0.0, 0.0], Options::default()).unwrap(),
    ] {
        assert_near(&minimum.x, &expected, 1e-7);
    }
}
