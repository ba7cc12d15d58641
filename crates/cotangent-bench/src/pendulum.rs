//! The multi-pendulum: final angles and velocities of a file's pendulum, and their derivatives.

use anyhow::{Context, Result, anyhow, bail};
use cotangent_examples::multipendulum::physics::{Pendulum, energy, momenta};
use cotangent_examples::multipendulum::simulate::{Start, angles_and_velocities, gradient_of_last_angle, jacobian, simulate};
use cotangent_ode::{Failure, Options};
use serde::Deserialize;
use serde_json::{Value, json};
use std::path::Path;

use crate::measure;

/// A file: SI units, angles from the vertical.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The number of rods.
    #[serde(rename = "N")]
    pub n: usize,
    /// Masses, from the pivot outwards.
    pub m: Vec<f64>,
    /// Lengths.
    pub l: Vec<f64>,
    /// Gravity.
    pub g: f64,
    /// Angles at the start.
    pub theta0: Vec<f64>,
    /// Velocities at the start.
    pub omega0: Vec<f64>,
    /// The end.
    pub t1: f64,
    /// The relative tolerance.
    pub rtol: f64,
    /// The absolute tolerance; a hundredth of the relative one if it is left out.
    #[serde(default)]
    pub atol: Option<f64>,
}

/// Reads a file.
///
/// # Errors
/// If it cannot be read, or a list has another length than `N`.
pub fn read(path: &Path) -> Result<Input> {
    let text = std::fs::read_to_string(path).with_context(|| format!("{}: cannot read the file", path.display()))?;
    let input: Input = serde_json::from_str(&text).with_context(|| format!("{}", path.display()))?;
    for (name, list) in [
        ("m", &input.m),
        ("l", &input.l),
        ("theta0", &input.theta0),
        ("omega0", &input.omega0),
    ] {
        if list.len() != input.n || input.n == 0 {
            bail!(
                "{}: {name} has {} numbers, expected N = {}, at least 1",
                path.display(),
                list.len(),
                input.n
            );
        }
    }
    Ok(input)
}

/// Simulates, differentiates and measures for `seconds`.
///
/// # Errors
/// If the simulation or its derivatives fail.
pub fn run(input: &Input, seconds: f64) -> Result<Value> {
    let pendulum = Pendulum {
        m: input.m.clone(),
        l: input.l.clone(),
        g: input.g,
        c: 0.0,
    };
    let start = Start {
        theta: input.theta0.clone(),
        omega: input.omega0.clone(),
    };
    let options = Options {
        rtol: input.rtol,
        atol: input.atol.unwrap_or(0.01 * input.rtol),
        ..Options::default()
    };
    let failed = |failure: Failure| anyhow!("{failure}");
    let (solution, rows) = jacobian(&pendulum, &start, input.t1, &options).map_err(failed)?;
    gradient_of_last_angle(&pendulum, &start, input.t1, &options).map_err(failed)?;
    let (theta, omega) = angles_and_velocities(&pendulum, &solution.y_end);
    let mut only = || {
        std::hint::black_box(simulate(&pendulum, &start, input.t1, &[], &options)).expect("it succeeded before");
    };
    let mut one = || {
        std::hint::black_box(gradient_of_last_angle(&pendulum, &start, input.t1, &options)).expect("it succeeded before");
    };
    let mut all = || {
        std::hint::black_box(jacobian(&pendulum, &start, input.t1, &options)).expect("it succeeded before");
    };
    let times = measure::interleaved(&mut [&mut only, &mut one, &mut all], seconds);
    let n = input.n;
    let entry = |i: usize| {
        let row = rows.row(i);
        json!({
            "theta0": row[..n],
            "omega0": row[n..2 * n],
            "m": row[2 * n..3 * n],
            "l": row[3 * n..4 * n],
            "g": row[4 * n],
        })
    };
    let of_start = energy(
        &start.theta,
        &momenta(&start.theta, &start.omega, &pendulum.m, &pendulum.l),
        &pendulum.m,
        &pendulum.l,
        pendulum.g,
    );
    let (end_theta, end_p) = solution.y_end.split_at(n);
    let at_end = energy(end_theta, end_p, &pendulum.m, &pendulum.l, pendulum.g);
    Ok(json!({
        "N": n,
        "theta": theta,
        "omega": omega,
        "energy_drift": (at_end - of_start) / of_start.abs().max(f64::MIN_POSITIVE),
        "gradients": {
            "theta": (0..n).map(entry).collect::<Vec<_>>(),
            "omega": (n..2 * n).map(entry).collect::<Vec<_>>(),
        },
        "steps": solution.stats.steps,
        "rhs_calls": solution.stats.rhs_calls,
        "simulate_ms": times[0],
        "gradient_ms": times[1],
        "jacobian_ms": times[2],
    }))
}

/// A chain of `n` rods that is a metre long, let go from a bend.
pub fn chain(n: usize) -> Input {
    let (pendulum, start) = cotangent_examples::multipendulum::cost::chain(n);
    Input {
        n,
        m: pendulum.m,
        l: pendulum.l,
        g: pendulum.g,
        theta0: start.theta,
        omega0: start.omega,
        t1: 0.5,
        rtol: 1e-8,
        atol: None,
    }
}
