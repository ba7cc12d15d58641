//! Gradients agree with each other and with central differences.

mod common;

use common::{LotkaVolterra, difference};
use cotangent_ode::*;

const TIMES: [f64; 4] = [1.0, 2.5, 5.0, 10.0];

fn problem(x: &[f64]) -> Problem<LotkaVolterra, [f64; 4]> {
    Problem::new(LotkaVolterra, [x[0], x[1]], (0.0, 10.0), [x[2], x[3], x[4], x[5]]).save_at(TIMES)
}

const X: [f64; 6] = [1.0, 1.0, 1.5, 1.0, 3.0, 1.0];

/// A loss of all save points and of the end.
fn loss(solution: &Solution, bars: &mut Cotangents) -> f64 {
    let mut value = 0.0;
    for i in 0..solution.times.len() {
        let weight = 1.0 + i as f64;
        value += 0.5 * weight * solution.saved(i).iter().map(|y| y * y).sum::<f64>();
        for (bar, y) in bars.saved(i).iter_mut().zip(solution.saved(i)) {
            *bar = weight * y;
        }
    }
    for (bar, y) in bars.end.iter_mut().zip(&solution.y_end) {
        value += y.sin();
        *bar = y.cos();
    }
    value
}

fn options(tol: f64) -> Options {
    Options {
        rtol: tol,
        atol: tol,
        ..Options::default()
    }
}

fn flat(g: &Gradients<[f64; 4]>) -> Vec<f64> {
    g.y0.iter().chain(&g.p).copied().collect()
}

fn close(a: &[f64], b: &[f64], tolerance: f64) {
    let scale = a.iter().fold(0.0_f64, |m, x| m.max(x.abs()));
    for (i, (a, b)) in a.iter().zip(b).enumerate() {
        assert!(
            (a - b).abs() <= tolerance * scale,
            "component {i}: {a} and {b} differ by more than {tolerance} of {scale}"
        );
    }
}

#[test]
fn reverse_and_forward_agree_to_rounding() {
    let reverse = gradient(&problem(&X), Tsit5, &options(1e-6), Gradient::Reverse, loss).unwrap();
    let forward = gradient(&problem(&X), Tsit5, &options(1e-6), Gradient::Forward, loss).unwrap();
    assert_eq!(reverse.loss, forward.loss);
    assert_eq!(reverse.solution.stats.steps, forward.solution.stats.steps);
    // Both differentiate the same steps; only the order of sums differs.
    close(&flat(&reverse), &flat(&forward), 1e-12);
}

#[test]
fn checkpointing_changes_nothing() {
    let all = gradient(&problem(&X), Tsit5, &options(1e-8), Gradient::Reverse, loss).unwrap();
    for memory in [1, 2000, 10_000, 100_000] {
        let bounded = Options {
            memory: Some(memory),
            ..options(1e-8)
        };
        let bounded = gradient(&problem(&X), Tsit5, &bounded, Gradient::Reverse, loss).unwrap();
        assert_eq!(flat(&all), flat(&bounded), "with {memory} bytes");
    }
}

#[test]
fn gradients_agree_with_differences() {
    let g = gradient(&problem(&X), Tsit5, &options(1e-12), Gradient::Reverse, loss).unwrap();
    let value = |x: &[f64]| {
        let solution = solve(&problem(x), Tsit5, &options(1e-12)).unwrap();
        let mut bars = Cotangents {
            t_end: 0.0,
            end: vec![0.0; 2],
            saved: vec![0.0; 8],
        };
        loss(&solution, &mut bars)
    };
    let differences: Vec<_> = (0..6).map(|i| difference(value, &X, i, 1e-5)).collect();
    // The error of the differences is about 1e-10 by truncation and 1e-12 / 1e-5 by the tolerance.
    close(&flat(&g), &differences, 1e-6);
}

#[test]
fn derivatives_by_times_are_slopes() {
    let g = gradient(&problem(&X), Tsit5, &options(1e-12), Gradient::Reverse, loss).unwrap();
    let with_times = |t: &[f64]| {
        let mut shifted = problem(&X);
        shifted.t0 = t[0];
        shifted.t1 = t[5];
        shifted.save_at = t[1..5].to_vec();
        let solution = solve(&shifted, Tsit5, &options(1e-12)).unwrap();
        let mut bars = Cotangents {
            t_end: 0.0,
            end: vec![0.0; 2],
            saved: vec![0.0; 8],
        };
        loss(&solution, &mut bars)
    };
    // The last save point stands before the end, so that both can be moved.
    let t = [0.0, 1.0, 2.5, 5.0, 9.5, 10.0];
    let mut moved = problem(&X);
    moved.save_at = t[1..5].to_vec();
    let g2 = gradient(&moved, Tsit5, &options(1e-12), Gradient::Reverse, loss).unwrap();
    let times: Vec<_> = [g2.t0].into_iter().chain(g2.save_at).chain([g2.t1]).collect();
    let differences: Vec<_> = (0..6).map(|i| difference(with_times, &t, i, 1e-5)).collect();
    // Dense output of order 4 leaves about 1e-8 at these steps, of values near 10, over a step of 1e-5.
    close(&times, &differences, 1e-5);
    assert_eq!(g.save_at.len(), 4);
}
