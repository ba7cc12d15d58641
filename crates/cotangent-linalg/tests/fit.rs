//! Levenberg-Marquardt on certified problems of NIST's Statistical Reference Datasets (public domain), bounds, reasons.
#![allow(clippy::all)] // the forms of the language are written out on purpose

use cotangent::prelude::*;
use cotangent_linalg::minimize::{Options, Reason, levenberg_marquardt};

/// Misra1a: 14 observations, y = b1 (1 − e^(−b2 x)).
const MISRA1A: [(f64, f64); 14] = [
    (77.6, 10.07),
    (114.9, 14.73),
    (141.1, 17.94),
    (190.8, 23.93),
    (239.9, 29.61),
    (289.0, 35.18),
    (332.8, 40.02),
    (378.4, 44.82),
    (434.8, 50.76),
    (477.3, 55.05),
    (536.8, 61.01),
    (593.1, 66.40),
    (689.1, 75.47),
    (760.0, 81.78),
];

#[differentiable]
fn misra1a(b: &[f64]) -> Vec<f64> {
    let mut r = vec![0.0; 14];
    for i in 0..14 {
        r[i] = b[0] * (1.0 - (-b[1] * MISRA1A[i].0).exp()) - MISRA1A[i].1;
    }
    r
}

/// Rosenbrock's function as residuals.
#[differentiable]
fn valley(x: &[f64]) -> Vec<f64> {
    vec![10.0 * (x[1] - x[0] * x[0]), 1.0 - x[0]]
}

/// Of the two parameters only the product can be seen.
#[differentiable]
fn product_only(x: &[f64]) -> Vec<f64> {
    vec![x[0] * x[1] - 2.0, 2.0 * x[0] * x[1] - 4.0, 1.0 - 0.5 * x[0] * x[1]]
}

fn exact() -> Options<'static> {
    Options {
        gradient_tolerance: 0.0,
        ..Options::default()
    }
}

/// Digits that agree, as NIST counts them.
fn digits(found: f64, certified: f64) -> f64 {
    -((found - certified) / certified).abs().log10()
}

#[test]
fn misra1a_from_both_starting_points() {
    // Certified to 11 digits.
    let certified = [2.389_421_292_3e2, 5.501_564_318_1e-4];
    for start in [[500.0, 0.0001], [250.0, 0.0005]] {
        let fit = levenberg_marquardt(&differentiable!(misra1a), &start, exact()).unwrap();
        for (x, certified) in fit.x.iter().zip(certified) {
            assert!(digits(*x, certified) > 9.0, "{x} is not {certified}: {fit:?}");
        }
        assert!(
            digits(2.0 * fit.value, 1.245_513_889_4e-1) > 9.0,
            "residual sum of squares {}",
            2.0 * fit.value
        );
        assert!(fit.reason.is_converged() && fit.steps < 100, "{:?} after {}", fit.reason, fit.steps);
    }
}

#[test]
fn valley_and_bounds() {
    let f = differentiable!(valley);
    let fit = levenberg_marquardt(&f, &[-1.2, 1.0], Options::default()).unwrap();
    assert!((fit.x[0] - 1.0).abs() < 1e-8 && (fit.x[1] - 1.0).abs() < 1e-8, "{fit:?}");
    assert_eq!(fit.reason, Reason::Gradient);
    let options = Options {
        upper: &[0.5, 1.0],
        ..Options::default()
    };
    let fit = levenberg_marquardt(&f, &[-1.2, 1.0], options).unwrap();
    assert_eq!(fit.x[0], 0.5);
    assert!((fit.x[1] - 0.25).abs() < 1e-8, "{fit:?}");
    let options = Options {
        max_steps: 2,
        ..Options::default()
    };
    let fit = levenberg_marquardt(&f, &[-1.2, 1.0], options).unwrap();
    assert_eq!((fit.reason, fit.steps), (Reason::StepLimit, 2));
}

#[test]
fn a_direction_that_the_data_do_not_see() {
    let fit = levenberg_marquardt(&differentiable!(product_only), &[1.0, 5.0], Options::default()).unwrap();
    assert!((fit.x[0] * fit.x[1] - 2.0).abs() < 1e-9, "{fit:?}");
}
