//! How far the energy of a simulation without damping drifts, and what projection on it does.

use super::physics::{Pendulum, energy};
use super::simulate::{Start, problem};
use crate::common::problem::Problem;
use cotangent_ode::{Options, Tsit5, solve};

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
    let times: Vec<f64> = (1..=400).map(|k| seconds * f64::from(k) / 400.0).collect();
    let plain = problem(&pendulum, start, seconds, &times);
    let whole = solve(&plain, Tsit5, &options).map_err(fail)?;
    let at = |y: &[f64]| of_state(&pendulum, y);
    let (begin, lowest) = (at(&plain.y0), at(&vec![0.0; plain.y0.len()]));
    let error = |y: &[f64]| ((at(y) - begin) / (begin - lowest)).abs();
    let mut drift = Drift {
        plain: (0..times.len()).map(|k| error(whole.saved(k))).collect(),
        projected: Vec::new(),
        times,
    };
    let mut part = plain.clone();
    part.save_at.clear();
    for &t in &drift.times {
        part.t1 = t;
        let mut y = solve(&part, Tsit5, &options).map_err(fail)?.y_end;
        project(&pendulum, &mut y, begin);
        drift.projected.push(error(&y));
        (part.y0, part.t0) = (y, t);
    }
    Ok(drift)
}

fn of_state(pendulum: &Pendulum, y: &[f64]) -> f64 {
    let (theta, p) = y.split_at(pendulum.l.len());
    energy(theta, p, &pendulum.m, &pendulum.l, pendulum.g)
}

/// Moves the state along the gradient of the energy until the energy is as given: Newton's method in one number.
fn project(pendulum: &Pendulum, y: &mut [f64], begin: f64) {
    let n = pendulum.l.len();
    for _ in 0..5 {
        let (theta, p) = y.split_at(n);
        let (h, gradient) = energy::value_and_grad(theta, p, &pendulum.m, &pendulum.l, pendulum.g);
        let along = || gradient.theta.iter().chain(&gradient.p);
        let length: f64 = along().map(|g| g * g).sum();
        // At rest the gradient is zero, and so is the drift.
        if h == begin || length == 0.0 {
            return;
        }
        let step = (begin - h) / length;
        for (y, g) in y.iter_mut().zip(along()) {
            *y += step * g;
        }
    }
}
