//! `solve_at` inside of differentiable code.

#![allow(clippy::needless_range_loop)] // formulas over components

mod common;

use common::difference;
use cotangent::prelude::*;
use cotangent_ode::{Failure, Options, Rodas5P, Solver, Tsit5, solve_at};

/// Absorption and elimination.
#[derive(Clone, Debug, Differentiable)]
struct Rates {
    absorption: f64,
    elimination: Vec<f64>,
}

#[differentiable(order = 2)]
fn drug(_t: f64, y: &[f64], p: &Rates, dy: &mut [f64]) {
    dy[0] = -p.absorption * y[0];
    dy[1] = p.absorption * y[0] - p.elimination[0] * y[1];
}

/// The misfit of a model whose parameters are functions of what is fitted; the last measurement was taken at `late`.
#[differentiable(wrt(logs, late))]
fn misfit(logs: &[f64], late: f64, model: &Solver<Rates>) -> f64 {
    let p = Rates {
        absorption: logs[0].exp(),
        elimination: vec![(logs[1] + 0.5 * logs[0]).exp()],
    };
    let dose = logs[2].exp();
    let times = [0.0, 1.0, 2.0, late];
    match solve_at(model, &[dose, 0.0], &p, &times) {
        Ok(y) => {
            let mut sum = 0.0;
            for i in 0..3 {
                sum += (y[(i, 1)] - 0.5 * i as f64).powi(2);
            }
            sum
        }
        Err(_) => f64::INFINITY,
    }
}

#[test]
fn a_likelihood_is_differentiated_end_to_end() {
    let options = Options {
        rtol: 1e-11,
        atol: 1e-11,
        ..Options::default()
    };
    let model = Solver::new(differentiable!(drug), Tsit5, options);
    let x = [0.1, -1.0, 0.3, 3.5];
    let value = |x: &[f64]| misfit(&x[..3], x[3], &model);
    let g = misfit::grad(&x[..3], x[3], &model);
    let all: Vec<f64> = g.logs.iter().copied().chain([g.late]).collect();
    for i in 0..4 {
        let d = difference(value, &x, i, 1e-5);
        assert!((all[i] - d).abs() < 1e-8, "component {i}: {} and {d}", all[i]);
    }
    let (_, along) = misfit::jvp((&x[..3], x[3], &model), (&[1.0, -2.0, 0.5], 0.25, ()));
    let expected = all[0] - 2.0 * all[1] + 0.5 * all[2] + 0.25 * all[3];
    assert!((along - expected).abs() < 1e-10, "{along} {expected}");
}

#[test]
fn forward_mode_by_a_method_without_tangents() {
    let options = Options {
        rtol: 1e-10,
        atol: 1e-10,
        ..Options::default()
    };
    let along = |model: &Solver<Rates>| misfit::jvp((&[0.1, -1.0, 0.3], 3.5, model), (&[1.0, -2.0, 0.5], 0.25, ())).1;
    let explicit = along(&Solver::new(differentiable!(drug), Tsit5, options.clone()));
    let rosenbrock = along(&Solver::new(differentiable!(drug), Rodas5P, options));
    assert!((explicit - rosenbrock).abs() < 1e-7, "{explicit} {rosenbrock}");
}

#[test]
fn failure_is_a_value() {
    let options = Options {
        max_steps: 1,
        ..Options::default()
    };
    let p = Rates {
        absorption: 1.0,
        elimination: vec![0.5],
    };
    let model = Solver::new(differentiable!(drug), Tsit5, options);
    let failure: Failure = solve_at(&model, &[1.0, 0.0], &p, &[0.0, 100.0]).unwrap_err();
    assert!(failure.to_string().contains("max_steps"), "{failure}");
    assert_eq!(misfit(&[0.0; 3], 3.0, &model), f64::INFINITY);
    assert_eq!(misfit::grad(&[0.0; 3], 3.0, &model).logs, [0.0; 3]);
}
