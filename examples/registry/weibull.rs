//! Weibull accelerated failure time: `log T = intercept + x'beta + scale * W`, W of the smallest extreme value law.

use super::collinearity::{Standardised, standardise};
use super::concordance::concordance;
use super::cox::tied_times;
use super::design::Design;
use super::fit::{Fit, Model, centred_predictor};
use super::separation;
use crate::common::newton;
use crate::common::problem::Problem;
use cotangent::prelude::*;
use nalgebra::{DMatrix, DVector};

/// Log-likelihood of right-censored times; `beta` is the intercept, the coefficients, and the log of the scale.
///
/// With `z = (log t - location) / scale`, an event adds the log density `z - exp(z) - log(scale t)`, a censored row
/// the log survival `-exp(z)`. `x` is row-major, rows × (`beta.len()` - 2).
#[differentiable(order = 2, wrt(beta))]
pub fn weibull_log_likelihood(beta: &[f64], x: &[f64], log_time: &[f64], event: &[bool]) -> f64 {
    let n = log_time.len();
    let p = beta.len() - 2;
    let log_scale = beta[p + 1];
    let rate = (-log_scale).exp();
    let mut log_likelihood = 0.0;
    for i in 0..n {
        let mut location = beta[0];
        for k in 0..p {
            location += x[i * p + k] * beta[k + 1];
        }
        let z = (log_time[i] - location) * rate;
        log_likelihood -= z.exp();
        if event[i] {
            log_likelihood += z - log_scale - log_time[i];
        }
    }
    log_likelihood
}

/// The arguments of [`fn@weibull_log_likelihood`].
pub struct Rows {
    /// Standardised covariates, row-major.
    pub x: Vec<f64>,
    /// Logarithms of the times.
    pub log_time: Vec<f64>,
    /// Events.
    pub event: Vec<bool>,
}

/// Below this scale the model says that the covariates foretell every event to nine digits: the likelihood has
/// no maximum, because a line runs through all events.
const SMALLEST_SCALE: f64 = 1e-9;

/// An iteration that has not ended is on its way there if the scale is below this; clinical scales are near 1.
const SHRINKING_SCALE: f64 = 1e-2;

/// Fits the model by maximum likelihood.
pub fn fit(design: &Design) -> Result<Fit, Problem> {
    check_times(design)?;
    let standard = standardise(design)?;
    let rows = Rows {
        x: standard.x.clone(),
        log_time: design.time.iter().map(|t| t.ln()).collect(),
        event: design.event.clone(),
    };
    let optimum = newton::maximise(&rows, start(&rows, design.width()));
    let scale = optimum.point[design.width() + 1].exp();
    check_scale(design, scale, optimum.converged)?;
    separation::check(design, &standard, &optimum, Model::Weibull, scale)?;
    let to_raw = raw_from_standard(&standard);
    let estimate = &to_raw * &optimum.point;
    let predictor = centred_predictor(design, &estimate.as_slice()[1..=design.width()]);
    let labels = design.columns.iter().map(|column| column.label.clone());
    Ok(Fit {
        model: Model::Weibull,
        terms: std::iter::once("(Intercept)".into())
            .chain(labels)
            .chain(["log(scale)".into()])
            .collect(),
        covariance: &to_raw * optimum.covariance() * to_raw.transpose(),
        estimate: estimate.as_slice().to_vec(),
        log_likelihood: optimum.value,
        concordance: concordance(&tied_times(&design.time), &design.event, &predictor),
        iterations: optimum.iterations,
        gradient_norm: optimum.gradient.amax(),
        predictor,
    })
}

/// The exponential model without covariates: rate = events / total time.
fn start(rows: &Rows, width: usize) -> DVector<f64> {
    let events = rows.event.iter().filter(|&&event| event).count() as f64;
    let total: f64 = rows.log_time.iter().map(|log_time| log_time.exp()).sum();
    let mut start = DVector::zeros(width + 2);
    start[0] = (total / events).ln();
    start
}

/// `x_standard = (x - mean) / sd` moves the means into the intercept.
fn raw_from_standard(standard: &Standardised) -> DMatrix<f64> {
    let p = standard.sd.len();
    let mut to_raw = DMatrix::identity(p + 2, p + 2);
    for k in 0..p {
        to_raw[(k + 1, k + 1)] = 1.0 / standard.sd[k];
        to_raw[(0, k + 1)] = -standard.mean[k] / standard.sd[k];
    }
    to_raw
}

fn check_times(design: &Design) -> Result<(), Problem> {
    match design.time.iter().position(|&t| t == 0.0) {
        Some(i) => Err(Problem::at(
            design.place(i, &design.time_column),
            "time 0 has probability 0 in a Weibull model; give a small positive time, drop the row, or use --model cox",
        )),
        None => Ok(()),
    }
}

fn check_scale(design: &Design, scale: f64, converged: bool) -> Result<(), Problem> {
    let least = if converged { SMALLEST_SCALE } else { SHRINKING_SCALE };
    if scale > least {
        return Ok(());
    }
    let first = design.event.iter().position(|&event| event).unwrap_or(0);
    let message = format!(
        "the Weibull scale goes to zero: {} coefficients fit the {} events (this row is the first) exactly, \
         so the likelihood has no maximum; use fewer covariates",
        design.width() + 1,
        design.events()
    );
    Err(Problem::at(design.place(first, &design.time_column), message))
}
