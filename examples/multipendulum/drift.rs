//! How far the energy of a simulation without damping drifts, and what projection on it does.

use super::physics::{Pendulum, energy};
use super::simulate::{Start, problem};
use crate::common::problem::Problem;
use cotangent::prelude::*;
use cotangent_ode::{Invariant, Options, Tsit5, solve};

/// Energy errors, relative to the energy above rest, at some times.
#[derive(Clone, Debug)]
pub struct Drift {
    /// Seconds.
    pub times: Vec<f64>,
    /// Of the plain solution.
    pub plain: Vec<f64>,
    /// Of the solution that is projected.
    pub projected: Vec<f64>,
}

/// Integrates for `seconds` at a tolerance where the drift shows.
///
/// # Errors
/// As the integrator's.
pub fn drift(pendulum: &Pendulum, start: &Start, seconds: f64) -> Result<Drift, Problem> {
    let pendulum = Pendulum {
        c: 0.0,
        ..pendulum.clone()
    };
    let options = Options {
        rtol: 1e-5,
        atol: 1e-7,
        ..Options::default()
    };
    let fail = |failure: cotangent_ode::Failure| Problem::Usage(format!("the pendulum cannot be simulated: {failure}"));
    // Steps end at the times that are shown: between steps, dense output is as exact as the method and no more.
    let times: Vec<f64> = (1..=100).map(|k| seconds * f64::from(k) / 100.0).collect();
    let plain = problem(&pendulum, start, seconds, &times).discontinuities(times.clone());
    let energy = cotangent::differentiable!(energy_of_state);
    let projected = plain.clone().invariant(Invariant::new(energy));
    let at = |y: &[f64]| energy_of_state(0.0, y, &pendulum);
    let (begin, lowest) = (at(&plain.y0), at(&vec![0.0; plain.y0.len()]));
    let errors = |solution: cotangent_ode::Solution| -> Vec<f64> {
        let error = |y: &[f64]| ((at(y) - begin) / (begin - lowest)).abs();
        (0..solution.times.len()).map(|k| error(solution.saved(k))).collect()
    };
    Ok(Drift {
        plain: errors(solve(&plain, Tsit5, &options).map_err(fail)?),
        projected: errors(solve(&projected, Tsit5, &options).map_err(fail)?),
        times,
    })
}

/// The energy of a state of angles and momenta.
#[differentiable(order = 2)]
fn energy_of_state(_t: f64, y: &[f64], pendulum: &Pendulum) -> f64 {
    let (theta, p) = y.split_at(pendulum.l.len());
    energy(theta, p, &pendulum.m, &pendulum.l, pendulum.g)
}
