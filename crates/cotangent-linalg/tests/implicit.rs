//! Roots and fixed points: values, implicit derivatives of both orders, errors.
#![allow(clippy::all)] // the forms of the language are written out on purpose

use cotangent::prelude::*;
use cotangent_check::check_gradient;
use cotangent_linalg::{Error, fixed_point, newton_root, root};

#[differentiable(order = 2)]
fn curve_and_line(p: &[f64]) -> f64 {
    let x = root(
        |x: &[f64]| {
            let r = vec![x[0] * x[0] * p[0] + x[1].exp() - 3.0, x[0] * p[1] - x[1]];
            r
        },
        &[1.0, 0.5],
    )
    .unwrap();
    x[0].sin() + p[0] * x[1] * x[1]
}

#[differentiable(order = 2)]
fn contraction(p: &[f64]) -> f64 {
    let x = fixed_point(
        |x: &[f64]| {
            let y = vec![(p[0] * x[1]).cos(), p[1] * x[0].sin() + 0.2];
            y
        },
        &[0.5, 0.5],
    )
    .unwrap();
    x[0] * x[0] + 3.0 * x[1]
}

#[differentiable]
fn single(p: f32) -> f32 {
    let x = root(|x: &[f32]| vec![x[0] * x[0] - p], &[1.0]).unwrap();
    x[0]
}

#[differentiable]
fn without_root(x: &[f64]) -> Vec<f64> {
    vec![x[0] * x[0] + 1.0]
}

#[differentiable]
fn powell(x: &[f64]) -> Vec<f64> {
    vec![1e4 * x[0] * x[1] - 1.0, (-x[0]).exp() + (-x[1]).exp() - 1.0001]
}

#[test]
fn derivatives_of_roots_and_fixed_points() {
    check_gradient!(order = 2; curve_and_line, &[0.8, 0.6][..]);
    check_gradient!(order = 2; contraction, &[0.7, 0.4][..]);
    check_gradient!(single; single, 2.0f32);
    // √p, and 1/(2 √p).
    assert!((single(2.0) - 2f32.sqrt()).abs() <= 2.0 * f32::EPSILON);
    assert!((single::grad(4.0).p - 0.25).abs() < 4.0 * f32::EPSILON);
}

#[test]
fn the_root_is_known_as_well_as_the_function() {
    // Powell's badly scaled system; the root from Moré, Garbow and Hillstrom (1981), problem 3.
    let x = newton_root(&differentiable!(powell), &[0.0, 1.0]).unwrap();
    assert!(
        (x[0] / 1.098_159e-5 - 1.0).abs() < 1e-6 && (x[1] / 9.106_146 - 1.0).abs() < 1e-6,
        "{x:?}"
    );
    let r = powell(&x);
    assert!(r[0].abs() < 1e-12 && r[1].abs() < 1e-12, "{r:?}");
}

#[test]
fn failures() {
    let f = differentiable!(without_root);
    let error = newton_root(&f, &[0.3]).unwrap_err();
    assert!(
        matches!(error, Error::NoConvergence { operation: "root", .. } | Error::Singular { .. }),
        "{error}"
    );
    assert_eq!(newton_root(&f, &[0.0]).unwrap_err(), Error::Singular { pivot: 0 });
    let error = root(|x: &[f64]| vec![x[0], 1.0], &[1.0]).unwrap_err();
    assert!(
        matches!(
            error,
            Error::Shape {
                found: (2, 1),
                expected: (1, 1),
                ..
            }
        ),
        "{error}"
    );
    let error = root(|x: &[f64]| vec![x[0].ln()], &[-1.0]).unwrap_err();
    assert!(matches!(error, Error::NotFinite { index: 0, .. }), "{error}");
}
