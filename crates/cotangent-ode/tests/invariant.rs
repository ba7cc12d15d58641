//! Projection on an energy, and its derivative.

mod common;

use common::difference;
use cotangent::prelude::*;
use cotangent_ode::*;

/// A pendulum of length `p`.
#[differentiable(order = 2)]
fn pendulum(_t: f64, y: &[f64], p: &f64, dy: &mut [f64]) {
    dy[0] = y[1];
    dy[1] = -(9.81 / p) * y[0].sin();
}

#[differentiable(order = 2)]
fn energy(_t: f64, y: &[f64], p: &f64) -> f64 {
    0.5 * p * y[1] * y[1] - 9.81 * y[0].cos()
}

#[differentiable]
fn lowest(_t: f64, y: &[f64], _p: &f64) -> f64 {
    y[0]
}

#[differentiable]
fn push(_t: f64, y: &mut [f64], p: &f64) {
    // Keeps the energy: the projection goes on to the level of the start.
    y[1] += 0.0 * p;
}

fn options() -> Options {
    // Loose, so that the projection has something to do.
    Options {
        step: Step::Fixed(0.05),
        ..Options::default()
    }
}

macro_rules! problem {
    ($x:expr, $projected:expr) => {{
        let x: &[f64] = $x;
        let problem = Problem::new(differentiable!(pendulum), [x[0], x[1]], (0.0, 4.0), x[2]).save_at([1.0, 2.3]);
        if $projected {
            problem.invariant(Invariant::new(differentiable!(energy)))
        } else {
            problem
        }
    }};
}

fn loss(solution: &Solution, bars: &mut Cotangents) -> f64 {
    bars.end.copy_from_slice(&[1.0, 0.5]);
    bars.saved(0)[0] = 2.0;
    bars.saved(1)[1] = -1.0;
    solution.y_end[0] + 0.5 * solution.y_end[1] + 2.0 * solution.saved(0)[0] - solution.saved(1)[1]
}

fn value(solution: &Solution) -> f64 {
    let mut unused = Cotangents {
        t_end: 0.0,
        end: vec![0.0; 2],
        saved: vec![0.0; 4],
    };
    loss(solution, &mut unused)
}

const X: [f64; 3] = [1.2, 0.3, 1.7];

#[test]
fn the_energy_is_kept() {
    let drift = |projected: bool| {
        let end = solve(&problem!(&X, projected), Bs3, &options()).unwrap().y_end;
        (energy(4.0, &end, &X[2]) - energy(0.0, &X[..2], &X[2])).abs()
    };
    assert!(drift(false) > 1e-5);
    assert!(drift(true) < 1e-13, "{}", drift(true));
}

#[test]
fn the_projection_is_differentiated() {
    let g = gradient(&problem!(&X, true), Bs3, &options(), Gradient::Reverse, loss).unwrap();
    let all = [g.y0[0], g.y0[1], g.p];
    let at = |x: &[f64]| value(&solve(&problem!(x, true), Bs3, &options()).unwrap());
    let without = gradient(&problem!(&X, false), Bs3, &options(), Gradient::Reverse, loss).unwrap();
    for (i, g) in all.into_iter().enumerate() {
        // The steps are fixed, so that the differences are exact but for their own truncation.
        let d = difference(at, &X, i, 1e-5);
        assert!((g - d).abs() < 1e-8 * (1.0 + d.abs()), "component {i}: {g} and {d}");
    }
    assert!((without.p - all[2]).abs() > 1e-5, "the projection matters here");
    for memory in [1, 3000] {
        let bounded = Options {
            memory: Some(memory),
            ..options()
        };
        let bounded = gradient(&problem!(&X, true), Bs3, &bounded, Gradient::Reverse, loss).unwrap();
        assert_eq!(all, [bounded.y0[0], bounded.y0[1], bounded.p], "with {memory} bytes");
    }
}

#[test]
fn with_events() {
    let event = || Event::when(differentiable!(lowest)).then(differentiable!(push));
    let tight = Options {
        rtol: 1e-11,
        atol: 1e-11,
        ..Options::default()
    };
    let g = gradient(&problem!(&X, true).event(event()), Vern7, &tight, Gradient::Reverse, loss).unwrap();
    let plain = gradient(&problem!(&X, false), Vern7, &tight, Gradient::Reverse, loss).unwrap();
    assert!(g.solution.events.len() > 1);
    assert!((g.loss - plain.loss).abs() < 1e-8);
    assert!((g.p - plain.p).abs() < 1e-7, "{} {}", g.p, plain.p);
    let refused = gradient(&problem!(&X, true), Vern7, &tight, Gradient::Forward, loss).unwrap_err();
    assert!(refused.to_string().contains("Gradient::Reverse"), "{refused}");
}
