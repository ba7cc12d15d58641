//! Failures say why and where, and keep what succeeded; both number types; many problems at once.

use cotangent::prelude::*;
use cotangent_ode::*;

/// `y' = y²` is infinite at `t = 1 / y0`.
#[differentiable]
fn explosion(_t: f64, y: &[f64], _p: &f64, dy: &mut [f64]) {
    dy[0] = y[0] * y[0];
}

#[test]
fn a_singularity_is_a_step_underflow_at_its_time() {
    let problem = Problem::new(differentiable!(explosion), [1.0], (0.0, 2.0), 0.0).save_at([0.5, 1.5]);
    let failure = solve(&problem, Tsit5, &Options::default()).unwrap_err();
    assert!(
        matches!(failure.reason, Reason::StepUnderflow { .. } | Reason::NonFinite { component: 0 }),
        "{failure}"
    );
    assert!((failure.t - 1.0).abs() < 1e-6, "{failure}");
    assert_eq!(failure.partial.times, [0.5]);
    assert!((failure.partial.saved(0)[0] - 2.0).abs() < 1e-5);
    assert!(failure.to_string().contains("t = "), "{failure}");
}

#[test]
fn too_many_steps() {
    let few = Options {
        max_steps: 5,
        rtol: 1e-12,
        ..Options::default()
    };
    let problem = Problem::new(differentiable!(explosion), [1.0], (0.0, 0.9), 0.0);
    let failure = solve(&problem, Tsit5, &few).unwrap_err();
    assert_eq!(failure.reason, Reason::TooManySteps(5));
    assert!(
        failure.partial.t_end > 0.0 && failure.partial.y_end[0] > 1.0,
        "the part that succeeded is kept"
    );
}

#[differentiable]
fn root(t: f64, y: &[f64], _p: &f64, dy: &mut [f64]) {
    dy[0] = 1.0;
    dy[1] = (0.5 - t).sqrt() + 0.0 * y[1];
}

#[test]
fn a_component_that_is_not_finite_is_named() {
    let problem = Problem::new(differentiable!(root), [0.0, 0.0], (0.0, 1.0), 0.0);
    let failure = solve(&problem, Tsit5, &Options::default()).unwrap_err();
    assert_eq!(failure.reason, Reason::NonFinite { component: 1 });
    assert!((failure.t - 0.5).abs() < 1e-6, "{failure}");
}

#[differentiable]
fn slope_at_zero(_t: f64, y: &[f64], p: &f64, dy: &mut [f64]) {
    dy[0] = p.abs().sqrt() - y[0];
}

#[test]
fn a_gradient_that_is_not_finite_is_a_failure() {
    let problem = Problem::new(differentiable!(slope_at_zero), [1.0], (0.0, 1.0), 0.0);
    let end = |s: &Solution, bars: &mut Cotangents| {
        bars.end[0] = 1.0;
        s.y_end[0]
    };
    for mode in [Gradient::Reverse, Gradient::Forward] {
        let failure = gradient(&problem, Tsit5, &Options::default(), mode, end).unwrap_err();
        // In forward mode the tangent along the initial state is 0 · ∞ already.
        assert!(matches!(failure.reason, Reason::GradientNonFinite { .. }), "{failure}");
        assert!(failure.partial.y_end[0].is_finite());
    }
}

#[test]
fn requests_without_sense_are_refused() {
    let problem = Problem::new(differentiable!(explosion), [1.0], (0.0, 0.5), 0.0);
    let says = |problem: &Problem<_, f64>, options: &Options, text: &str| {
        let failure = solve(problem, Tsit5, options).unwrap_err();
        assert!(failure.to_string().contains(text), "{failure}");
    };
    let negative = Options {
        rtol: -1.0,
        ..Options::default()
    };
    says(&problem, &negative, "negative");
    says(&problem.clone().save_at([0.7]), &Options::default(), "outside");
    says(&problem.clone().save_at([0.4, 0.2]), &Options::default(), "direction of time");
    let failure = solve(&problem, Rk4, &Options::default()).unwrap_err();
    assert!(failure.to_string().contains("Step::Fixed"), "{failure}");
}

#[differentiable]
fn oscillator<T: Real>(_t: T, y: &[T], p: &T, dy: &mut [T]) {
    dy[0] = *p * y[1];
    dy[1] = -*p * y[0];
}

#[test]
fn single_precision() {
    let options = Options {
        rtol: 1e-5,
        atol: 1e-5,
        ..Options::default()
    };
    let problem = Problem::new(differentiable!(oscillator), [1.0_f32, 0.0], (0.0, 3.0), 1.0_f32);
    let g = gradient(&problem, Tsit5, &options, Gradient::Reverse, |s, bars| {
        bars.end[0] = 1.0;
        s.y_end[0]
    });
    let g = g.unwrap();
    // cos(p t), by p: -t sin(p t).
    assert!((g.loss - 3.0_f32.cos()).abs() < 1e-4, "{}", g.loss);
    assert!((g.p + 3.0 * 3.0_f32.sin()).abs() < 1e-3, "{}", g.p);
    let stiff = solve(&problem, Kvaerno3, &options).unwrap();
    assert!((stiff.y_end[0] - 3.0_f32.cos()).abs() < 1e-3);
}

#[test]
fn backward_in_time() {
    let problem = Problem::new(differentiable!(oscillator), [3.0_f64.cos(), -3.0_f64.sin()], (3.0, 0.0), 1.0).save_at([2.0, 1.0]);
    let options = Options {
        rtol: 1e-9,
        atol: 1e-9,
        dense: true,
        ..Options::default()
    };
    let solution = solve(&problem, Dopri5, &options).unwrap();
    assert!((solution.y_end[0] - 1.0).abs() < 1e-7 && solution.y_end[1].abs() < 1e-7);
    assert!((solution.saved(1)[0] - 1.0_f64.cos()).abs() < 1e-6);
    assert!((solution.at(1.7).unwrap()[0] - 1.7_f64.cos()).abs() < 1e-6);
    assert!(solution.at(-0.1).is_none() && solution.at(3.1).is_none());
}

#[test]
fn tolerances_by_component() {
    let loose = Options {
        rtol: 0.0,
        atol_each: vec![1e-2, 1e-2],
        ..Options::default()
    };
    let tight = Options {
        atol_each: vec![1e-2, 1e-9],
        ..loose.clone()
    };
    let problem = Problem::new(differentiable!(oscillator), [1.0, 0.0], (0.0, 3.0), 1.0);
    let steps = |options: &Options| solve(&problem, Tsit5, options).unwrap().stats.steps;
    assert!(steps(&tight) > 4 * steps(&loose));
}

#[test]
fn an_ensemble_keeps_its_order() {
    let calls = std::sync::atomic::AtomicUsize::new(0);
    let solutions = ensemble(
        50,
        |i| {
            let problem = Problem::new(differentiable!(oscillator), [1.0, 0.0], (0.0, 1.0), i as f64);
            solve(&problem, Tsit5, &Options::default())
        },
        |_, of| {
            assert_eq!(of, 50);
            calls.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        },
    );
    assert_eq!(calls.into_inner(), 50);
    for (i, solution) in solutions.into_iter().enumerate() {
        assert!((solution.unwrap().y_end[0] - (i as f64).cos()).abs() < 1e-3, "problem {i}");
    }
}
