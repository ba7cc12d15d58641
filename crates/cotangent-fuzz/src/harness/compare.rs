//! Reverse against forward against central differences, for one program or many.

use super::{Case, Estimate, central, coarse};
use crate::rng::Rng;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The finding on one program.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// What disagrees, in one line; `None` where all is well.
    pub failure: Option<String>,
    /// How many differences were compared.
    pub differences: usize,
    /// How many were left out since they lie at a kink or jump.
    pub skipped: usize,
}

/// The sum of many findings.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// The programs that fail, and why.
    pub failures: Vec<(String, String)>,
    /// How many differences were compared.
    pub differences: usize,
    /// How many were left out.
    pub skipped: usize,
}

/// How near the modes must be: they compute the same sums of products in another order, a few hundred operations.
const MODES: f64 = 1e-10;
/// The same where `f32` takes part: its eps is 1.2e-7.
const MODES_F32: f64 = 2e-4;
/// Differences are trusted where their own error estimate is below this.
const TRUSTED: f64 = 1e-5;
/// With `f32` the function has steps of 1e-7, which differences over 0.002 turn into 1e-4; a few of them add up.
const TRUSTED_F32: f64 = 1e-3;
/// How near a derivative must then be: a wrong rule or a lost contribution is off by much more than a hundredth. What is
/// off by less is found by the comparison of both modes, and by the programs without `f32`, which are most.
const COARSE: f64 = 1e-2;

/// Whether two numbers agree to `tolerance`, relative above 1.
fn near(a: f64, b: f64, scale: f64, tolerance: f64) -> bool {
    (a - b).abs() <= tolerance * (1.0 + scale.max(a.abs()).max(b.abs()))
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(p, q)| p * q).sum()
}

fn size(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(p, q)| (p * q).abs()).sum()
}

/// Compares everything at the program's point and two random ones.
pub fn check(case: &Case, single: bool) -> Outcome {
    let mut outcome = Outcome::default();
    let mut rng = Rng::new(case.leaves.len() as u64 ^ 0xC0DE);
    for trial in 0..3 {
        let random: Vec<f64> = case.leaves.iter().map(|_| rng.coordinate()).collect();
        let point = if trial == 0 { case.point } else { &random };
        let result = catch_unwind(AssertUnwindSafe(|| check_point(case, point, single, &mut rng, &mut outcome)));
        let failure = match result {
            Ok(Ok(())) => continue,
            Ok(Err(failure)) => failure,
            Err(panic) => format!("panic: {}", panic_text(&*panic)),
        };
        outcome.failure = Some(format!("{failure} (at {point:?})"));
        break;
    }
    outcome
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default()
}

fn check_point(case: &Case, point: &[f64], single: bool, rng: &mut Rng, outcome: &mut Outcome) -> Result<(), String> {
    let values = (case.plain)(point);
    if values.iter().any(|value| !value.is_finite()) {
        return Err(format!("the program's value is not finite: {values:?}"));
    }
    let weights: Vec<f64> = values.iter().map(|_| rng.uniform(0.5, 1.5)).collect();
    let direction: Vec<f64> = point.iter().map(|_| rng.uniform(-1.0, 1.0)).collect();
    let mut gradient = None;
    if let Some(vjp) = case.vjp {
        let reverse = vjp(point, &weights);
        same_values("vjp", &reverse.values, &values)?;
        if reverse.again != reverse.gradient {
            return Err(format!(
                "the second call of the pullback: got {:?}, expected {:?}",
                reverse.again, reverse.gradient
            ));
        }
        for &zero in case.zeros {
            if reverse.gradient[zero] != 0.0 {
                return Err(format!(
                    "unused `{}`: got {:e}, expected 0",
                    case.leaves[zero], reverse.gradient[zero]
                ));
            }
        }
        gradient = Some(reverse.gradient);
    }
    let mut tangent = None;
    if let Some(jvp) = case.jvp {
        let (primal, y_dot) = jvp(point, &direction);
        same_values("jvp", &primal, &values)?;
        tangent = Some(y_dot);
    }
    if let (Some(gradient), Some(y_dot)) = (&gradient, &tangent) {
        dot_test(case, point, &weights, gradient, &direction, y_dot, single)?;
    }
    if let (Some(grad_into), Some(vjp)) = (case.grad_into, case.vjp) {
        in_place(case, &grad_into(point), &vjp(point, &one_then_zeros(values.len())).gradient)?;
    }
    differences(
        case,
        point,
        &weights,
        &direction,
        gradient.as_deref(),
        tangent.as_deref(),
        single,
        outcome,
    )
}

fn one_then_zeros(n: usize) -> Vec<f64> {
    (0..n).map(|i| if i == 0 { 1.0 } else { 0.0 }).collect()
}

/// The primal operations are the same in every mode, so the values are equal to the last bit.
fn same_values(mode: &str, got: &[f64], expected: &[f64]) -> Result<(), String> {
    if got.iter().map(|x| x.to_bits()).eq(expected.iter().map(|x| x.to_bits())) {
        return Ok(());
    }
    Err(format!("value of {mode}: got {got:?}, expected {expected:?}"))
}

fn in_place(case: &Case, got: &super::InPlace, expected: &[f64]) -> Result<(), String> {
    if got.tape_length != 0 {
        return Err(format!("the tape holds {} words after grad_into, expected 0", got.tape_length));
    }
    for (leaf, (a, b)) in case.leaves.iter().zip(got.gradient.iter().zip(expected)) {
        if !near(*a, *b, 0.0, MODES) {
            return Err(format!("grad_into against vjp, `{leaf}`: got {a:e}, expected {b:e}"));
        }
    }
    Ok(())
}

/// ⟨weights, J direction⟩ = ⟨Jᵀ weights, direction⟩; where it fails, the leaf is looked up column by column.
fn dot_test(
    case: &Case,
    point: &[f64],
    weights: &[f64],
    gradient: &[f64],
    direction: &[f64],
    y_dot: &[f64],
    single: bool,
) -> Result<(), String> {
    let tolerance = if single { MODES_F32 } else { MODES };
    if gradient.len() != direction.len() || y_dot.len() != weights.len() {
        return Err(format!(
            "shapes: {} of {} inputs, {} of {} outputs",
            gradient.len(),
            direction.len(),
            y_dot.len(),
            weights.len()
        ));
    }
    let (forward, reverse) = (dot(weights, y_dot), dot(gradient, direction));
    let scale = size(weights, y_dot).max(size(gradient, direction));
    if near(forward, reverse, scale, tolerance) {
        return Ok(());
    }
    let mut report = format!("dot test: forward {forward:e}, reverse {reverse:e}");
    let jvp = case.jvp.expect("the tangent came from it");
    for (position, leaf) in case.leaves.iter().enumerate() {
        let mut unit = vec![0.0; point.len()];
        unit[position] = 1.0;
        let column = dot(weights, &jvp(point, &unit).1);
        let by_steps = estimate(case, point, &unit, weights, single);
        if !near(column, gradient[position], 0.0, tolerance) {
            let (got, sure) = (gradient[position], by_steps.value);
            report += &format!("; `{leaf}`: reverse {got:e}, forward {column:e}, differences {sure:e}");
        }
    }
    Err(report)
}

/// The weighted output a step away from the point.
fn along(case: &Case, point: &[f64], direction: &[f64], weights: &[f64], h: f64) -> f64 {
    let moved: Vec<f64> = point.iter().zip(direction).map(|(x, d)| x + h * d).collect();
    dot(weights, &(case.plain)(&moved))
}

/// The derivative along a direction by differences, fine or coarse.
fn estimate(case: &Case, point: &[f64], direction: &[f64], weights: &[f64], single: bool) -> Estimate {
    let f = |h| along(case, point, direction, weights, h);
    if single { coarse(f) } else { central(1.0, f) }
}

/// Reverse mode per leaf and forward mode along the direction, against central differences.
#[allow(clippy::too_many_arguments)]
fn differences(
    case: &Case,
    point: &[f64],
    weights: &[f64],
    direction: &[f64],
    gradient: Option<&[f64]>,
    tangent: Option<&[f64]>,
    single: bool,
    outcome: &mut Outcome,
) -> Result<(), String> {
    let trusted = if single { TRUSTED_F32 } else { TRUSTED };
    let mut compare = |name: &str, mode: &str, got: Option<f64>, unit: &[f64]| {
        let estimate = estimate(case, point, unit, weights, single);
        outcome.differences += 1;
        if estimate.error.is_nan() || estimate.error > trusted * (1.0 + estimate.value.abs()) {
            outcome.skipped += 1;
            return Ok(());
        }
        // Ten times the estimated error, and the trusted size itself, since the estimate is one.
        let least = if single { COARSE } else { TRUSTED };
        let tolerance = least + 10.0 * estimate.error / (1.0 + estimate.value.abs());
        match got {
            Some(got) if !near(got, estimate.value, 0.0, tolerance) => Err(format!(
                "differences, {mode}, `{name}`: got {got:e}, expected {:e} ± {:.0e} (step {:.1e})",
                estimate.value, estimate.error, estimate.step
            )),
            _ => Ok(()),
        }
    };
    for (position, leaf) in case.leaves.iter().enumerate() {
        let mut unit = vec![0.0; point.len()];
        unit[position] = 1.0;
        compare(leaf, "reverse", gradient.map(|gradient| gradient[position]), &unit)?;
    }
    compare("a random direction", "forward", tangent.map(|y_dot| dot(weights, y_dot)), direction)
}

/// Checks every program and prints one line per failure and a summary, which [`crate::build`] reads back.
pub fn run_all(cases: &[(Case, bool)], report: &str) {
    std::panic::set_hook(Box::new(|_| {}));
    let mut lines = String::new();
    for (case, single) in cases {
        let outcome = check(case, *single);
        let failure = outcome.failure.unwrap_or_default().replace(['\n', '\t'], " ");
        lines += &format!("{}\t{}\t{}\t{failure}\n", case.name, outcome.differences, outcome.skipped);
        // Written after every program, so that an abort still leaves the earlier findings.
        std::fs::write(report, &lines).expect("the report of a batch can be written");
    }
}
