//! Cox proportional hazards with Efron's handling of ties: `hazard(t | x) = h0(t) exp(x'beta)`.

use super::collinearity::{Standardised, standardise};
use super::concordance::concordance;
use super::design::Design;
use super::fit::{Fit, Model, centred_predictor};
use super::separation;
use crate::common::newton;
use crate::common::problem::Problem;
use cotangent::prelude::*;
use nalgebra::{DMatrix, DVector};

/// Log partial likelihood. The rows come in order of *falling* time, so that one running sum holds the risk set.
///
/// Efron (1977): the d rows that have the event at one time leave the risk set in d equal parts.
///
/// `x` is row-major, rows × `beta.len()`.
#[differentiable(order = 2, wrt(beta))]
pub fn cox_log_likelihood(beta: &[f64], x: &[f64], time: &[f64], event: &[bool]) -> f64 {
    let n = time.len();
    let p = beta.len();
    let mut log_likelihood = 0.0;
    let mut at_risk = 0.0;
    let mut i = 0;
    while i < n {
        let now = time[i];
        let mut events = 0;
        let mut leaving = 0.0;
        while i < n && time[i] == now {
            let mut eta = 0.0;
            for k in 0..p {
                eta += x[i * p + k] * beta[k];
            }
            let hazard = eta.exp();
            at_risk += hazard;
            if event[i] {
                log_likelihood += eta;
                leaving += hazard;
                events += 1;
            }
            i += 1;
        }
        for k in 0..events {
            let left = k as f64 / events as f64;
            log_likelihood -= (at_risk - left * leaving).ln();
        }
    }
    log_likelihood
}

/// The arguments of [`fn@cox_log_likelihood`].
pub struct Sorted {
    /// Standardised covariates, row-major.
    pub x: Vec<f64>,
    /// Falling times.
    pub time: Vec<f64>,
    /// Events.
    pub event: Vec<bool>,
}

/// Fits the model by maximum partial likelihood.
pub fn fit(design: &Design) -> Result<Fit, Problem> {
    let standard = standardise(design)?;
    let sorted = sort(design, &standard);
    let optimum = newton::maximise(&sorted, DVector::zeros(design.width()));
    separation::check(design, &standard, &optimum, Model::Cox, 1.0)?;
    let to_raw = DMatrix::from_fn(design.width(), design.width(), |i, j| f64::from(i == j) / standard.sd[i]);
    let estimate = &to_raw * &optimum.point;
    let predictor = centred_predictor(design, estimate.as_slice());
    let risk: Vec<f64> = predictor.iter().map(|eta| -eta).collect();
    Ok(Fit {
        model: Model::Cox,
        terms: design.columns.iter().map(|column| column.label.clone()).collect(),
        covariance: &to_raw * optimum.covariance() * to_raw.transpose(),
        estimate: estimate.as_slice().to_vec(),
        log_likelihood: optimum.value,
        concordance: concordance(&tied_times(&design.time), &design.event, &risk),
        iterations: optimum.iterations,
        gradient_norm: optimum.gradient.amax(),
        predictor,
    })
}

fn sort(design: &Design, standard: &Standardised) -> Sorted {
    let p = design.width();
    let times = tied_times(&design.time);
    let mut order: Vec<usize> = (0..design.len()).collect();
    order.sort_by(|&a, &b| times[b].total_cmp(&times[a]));
    Sorted {
        x: order.iter().flat_map(|&i| standard.x[i * p..(i + 1) * p].iter().copied()).collect(),
        time: order.iter().map(|&i| times[i]).collect(),
        event: order.iter().map(|&i| design.event[i]).collect(),
    }
}

/// Makes times equal that differ by rounding only (0.1 + 0.2 and 0.3), by the rule of R's `aeqSurv`: a gap of at most
/// sqrt(epsilon), absolute or relative to the mean time, is a tie.
pub fn tied_times(time: &[f64]) -> Vec<f64> {
    let mut distinct = time.to_vec();
    distinct.sort_unstable_by(f64::total_cmp);
    distinct.dedup();
    let mean = distinct.iter().sum::<f64>() / distinct.len() as f64;
    let tolerance = f64::EPSILON.sqrt() * mean.max(1.0);
    let mut starts: Vec<f64> = Vec::new();
    let mut previous = f64::NEG_INFINITY;
    for t in distinct {
        if t - previous > tolerance {
            starts.push(t);
        }
        previous = t;
    }
    time.iter()
        .map(|&t| starts[starts.partition_point(|&start| start <= t) - 1])
        .collect()
}
