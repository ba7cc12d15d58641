//! Methods for stiff problems: solutions against references, gradients against each other and against differences.

#![allow(clippy::needless_range_loop)] // formulas over components

mod common;

use common::difference;
use cotangent::prelude::*;
use cotangent_ode::*;

type Rates = [f64; 3];

/// Robertson's reaction.
#[differentiable(order = 2)]
fn rober(_t: f64, y: &[f64], k: &Rates, dy: &mut [f64]) {
    let a = k[0] * y[0];
    let b = k[2] * y[1] * y[2];
    let c = k[1] * y[1] * y[1];
    dy[0] = b - a;
    dy[1] = a - b - c;
    dy[2] = c;
}

const RATES: Rates = [0.04, 3e7, 1e4];

macro_rules! problem {
    ($k:expr, $end:expr) => {
        Problem::new(differentiable!(rober), [1.0, 0.0, 0.0], (0.0, $end), $k).save_at([0.4, 4.0])
    };
}

fn options(rtol: f64) -> Options {
    Options {
        rtol,
        atol: rtol * 1e-4,
        ..Options::default()
    }
}

/// At t = 40. Source: Hairer, Wanner II, IV.10; the digits beyond by Rodas5P at 1e-13.
const AT_40: [f64; 3] = [0.7158270687, 9.185534765e-6, 0.2841637458];

#[test]
fn robertson_at_40() {
    let check = |name: &str, y: &[f64]| {
        for (y, exact) in y.iter().zip(AT_40) {
            assert!((y - exact).abs() < 2e-6 * exact, "{name}: {y} for {exact}");
        }
    };
    check("Rodas5P", &solve(&problem!(RATES, 40.0), Rodas5P, &options(1e-8)).unwrap().y_end);
    check("Kvaerno3", &solve(&problem!(RATES, 40.0), Kvaerno3, &options(1e-8)).unwrap().y_end);
    check("Kvaerno5", &solve(&problem!(RATES, 40.0), Kvaerno5, &options(1e-8)).unwrap().y_end);
    check("KenCarp4", &solve(&problem!(RATES, 40.0), KenCarp4, &options(1e-8)).unwrap().y_end);
}

#[test]
fn few_steps_for_a_long_time() {
    let solution = solve(&problem!(RATES, 1e5), Rodas5P, &options(1e-4)).unwrap();
    assert!(solution.stats.steps < 100, "{:?}", solution.stats);
    let mass: f64 = solution.y_end.iter().sum();
    assert!((mass - 1.0).abs() < 1e-9, "the reaction keeps the mass: {mass}");
}

/// Weights that make all components and save points count.
fn loss(solution: &Solution, bars: &mut Cotangents) -> f64 {
    let weights = [1.0, 1e4, 2.0];
    let mut value = 0.0;
    for d in 0..3 {
        value += weights[d] * (solution.y_end[d] + solution.saved(0)[d] + 0.5 * solution.saved(1)[d]);
        bars.end[d] = weights[d];
        bars.saved(0)[d] = weights[d];
        bars.saved(1)[d] = 0.5 * weights[d];
    }
    value
}

fn empty() -> Cotangents {
    Cotangents {
        t_end: 0.0,
        end: vec![0.0; 3],
        saved: vec![0.0; 6],
    }
}

fn by_rates(g: &Gradients<Rates>) -> [f64; 3] {
    // In relative changes of the rates, which differ by nine orders.
    core::array::from_fn(|i| g.p[i] * RATES[i])
}

fn close(name: &str, a: [f64; 3], b: [f64; 3], tolerance: f64) {
    for i in 0..3 {
        assert!((a[i] - b[i]).abs() < tolerance, "{name}: component {i}: {a:?} and {b:?}");
    }
}

macro_rules! check {
    ($method:expr, $name:literal, $tight:expr) => {{
        let tight = options($tight);
        let reverse = gradient(&problem!(RATES, 40.0), $method, &tight, Gradient::Reverse, loss).unwrap();
        let value = |log: &[f64]| {
            let k = core::array::from_fn(|i| RATES[i] * log[i].exp());
            loss(&solve(&problem!(k, 40.0), $method, &tight).unwrap(), &mut empty())
        };
        let differences = core::array::from_fn(|i| difference(value, &[0.0; 3], i, 1e-4));
        // The differences are of order 1 and carry the tolerance over the step, and the square of the step.
        close($name, by_rates(&reverse), differences, 2e-6);
        reverse
    }};
}

#[test]
fn gradients_of_diagonally_implicit_methods() {
    for rtol in [1e-5, 1e-9] {
        let reverse = gradient(&problem!(RATES, 40.0), KenCarp4, &options(rtol), Gradient::Reverse, loss).unwrap();
        let forward = gradient(&problem!(RATES, 40.0), KenCarp4, &options(rtol), Gradient::Forward, loss).unwrap();
        // Newton stops at a hundredth of the tolerance.
        close("KenCarp4", by_rates(&reverse), by_rates(&forward), rtol);
    }
    check!(Kvaerno3, "Kvaerno3", 1e-9);
    check!(KenCarp4, "KenCarp4", 1e-10);
    check!(Kvaerno5, "Kvaerno5", 1e-10);
}

#[test]
fn gradients_of_rosenbrock_methods() {
    check!(Rodas5P, "Rodas5P", 1e-10);
    // The derivative is that of the steps that were made, also where they are few: a fixed grid shows it.
    let fixed = Options {
        step: Step::Fixed(0.5),
        ..Options::default()
    };
    let rates = [0.04, 30.0, 10.0];
    let g = gradient(&problem!(rates, 4.0), Rodas5P, &fixed, Gradient::Reverse, loss).unwrap();
    for i in 0..3 {
        let value = |k: &[f64]| loss(&solve(&problem!([k[0], k[1], k[2]], 4.0), Rodas5P, &fixed).unwrap(), &mut empty());
        let d = difference(value, &rates, i, 1e-5 * rates[i]);
        assert!((g.p[i] - d).abs() < 1e-6 * (1.0 + d.abs()), "{i}: {} and {d}", g.p[i]);
    }
}

#[test]
fn forward_sensitivities_by_rosenbrock_methods_are_refused() {
    let failure = gradient(&problem!(RATES, 40.0), Rodas5P, &options(1e-6), Gradient::Forward, loss).unwrap_err();
    assert!(failure.to_string().contains("Gradient::Reverse"), "{failure}");
}

/// A pendulum's angle and speed, with the energy as an algebraic constraint in place of one equation of motion.
#[differentiable(order = 2)]
fn constrained(t: f64, y: &[f64], p: &f64, dy: &mut [f64]) {
    dy[0] = -p * y[0] + y[1];
    // 0 = y₁ - cos(t) + y₀² / 4
    dy[1] = y[1] - t.cos() + 0.25 * y[0] * y[0];
}

/// The same with the constraint solved.
#[differentiable(order = 2)]
fn reduced(t: f64, y: &[f64], p: &f64, dy: &mut [f64]) {
    dy[0] = -p * y[0] + t.cos() - 0.25 * y[0] * y[0];
}

#[test]
fn a_singular_mass_matrix() {
    let tight = options(1e-10);
    let start = 0.5;
    let algebraic = 1.0 - 0.25 * start * start;
    let dae = Problem::new(differentiable!(constrained), [start, algebraic], (0.0, 3.0), 0.7).mass([1.0, 0.0, 0.0, 0.0]);
    let ode = Problem::new(differentiable!(reduced), [start], (0.0, 3.0), 0.7);
    let end = |s: &Solution, bars: &mut Cotangents| {
        bars.end[0] = 1.0;
        s.y_end[0]
    };
    let a = gradient(&dae, Rodas5P, &tight, Gradient::Reverse, end).unwrap();
    let b = gradient(&ode, Rodas5P, &tight, Gradient::Reverse, end).unwrap();
    assert!((a.loss - b.loss).abs() < 1e-9, "{} {}", a.loss, b.loss);
    assert!((a.p - b.p).abs() < 1e-8, "{} {}", a.p, b.p);
    let residual = a.solution.y_end[1] - 3.0_f64.cos() + 0.25 * a.loss * a.loss;
    assert!(residual.abs() < 1e-9, "the constraint holds: {residual}");
    let failure = solve(&dae, Tsit5, &tight).unwrap_err();
    assert!(failure.to_string().contains("Rodas5P"), "{failure}");
}
