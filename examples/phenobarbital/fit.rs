//! Maximum likelihood over the population.

use super::data::Subject;
use super::laplace::{most_likely, population};
use super::model::{PARAMETERS, fitted};
use crate::common::newton::{self, Objective};
use nalgebra::{DMatrix, DVector};

/// Step of the differences of the exact gradient that make the Hessian: the error is near 1e-8 of it on logarithmic scales,
/// which standard errors and a Newton direction do not see.
const DIFFERENCE: f64 = 1e-4;

/// A population to fit.
pub struct Population<'a> {
    /// Its subjects.
    pub subjects: &'a [Subject],
}

impl Objective for Population<'_> {
    fn value_and_grad(&self, theta: &[f64]) -> (f64, DVector<f64>) {
        let (value, gradient) = population::value_and_grad(theta, self.subjects);
        (-value, -DVector::from_vec(gradient.theta))
    }

    fn hessian(&self, theta: &[f64]) -> DMatrix<f64> {
        let column = |k: usize| {
            let at = |step: f64| {
                let mut moved = theta.to_vec();
                moved[k] += step;
                self.value_and_grad(&moved).1
            };
            (at(DIFFERENCE) - at(-DIFFERENCE)) / (2.0 * DIFFERENCE)
        };
        let columns: Vec<_> = (0..PARAMETERS).map(column).collect();
        let hessian = DMatrix::from_columns(&columns);
        0.5 * (&hessian + hessian.transpose())
    }
}

/// A fitted population model.
#[derive(Debug, Clone)]
pub struct Fit {
    /// Log clearance, log volume, log standard deviations of their effects and of the error.
    pub theta: Vec<f64>,
    /// Inverse of the observed information.
    pub covariance: DMatrix<f64>,
    /// Laplace's log-likelihood.
    pub log_likelihood: f64,
    /// Largest entry of its gradient.
    pub gradient_norm: f64,
    /// Newton iterations.
    pub iterations: usize,
    /// Whether the last step promised nothing more.
    pub converged: bool,
    /// Most likely effects of each subject.
    pub effects: Vec<Vec<f64>>,
}

/// Fits the model from a start that the data suggest.
pub fn fit(subjects: &[Subject]) -> Fit {
    let optimum = newton::maximise(&Population { subjects }, start(subjects));
    let theta = optimum.point.as_slice().to_vec();
    Fit {
        covariance: optimum.covariance(),
        log_likelihood: optimum.value,
        gradient_norm: optimum.gradient.amax(),
        iterations: optimum.iterations,
        converged: optimum.converged,
        effects: subjects.iter().map(|subject| most_likely(&theta, subject)).collect(),
        theta,
    }
}

/// The least squares fit over a coarse grid of clearance and volume without random effects; half-lives from an hour to months.
fn start(subjects: &[Subject]) -> DVector<f64> {
    let (mut best, mut least) = ([0.0; 2], f64::INFINITY);
    let count: usize = subjects.iter().map(|subject| subject.samples().count()).sum();
    for log_volume in (-24..=24).map(|k| 0.5 * f64::from(k)) {
        for log_rate in (-16..=2).map(|k| 0.5 * f64::from(k)) {
            let theta = [log_rate + log_volume, log_volume];
            let squares: f64 = subjects.iter().map(|subject| squares(&theta, subject)).sum();
            if squares < least {
                (best, least) = (theta, squares);
            }
        }
    }
    let half_log_variance = 0.5 * (least / count as f64).ln();
    DVector::from_vec(vec![best[0], best[1], -0.7, -0.7, half_log_variance - 0.7])
}

fn squares(theta: &[f64], subject: &Subject) -> f64 {
    let fitted = fitted(&[0.0, 0.0], theta, subject);
    subject
        .samples()
        .zip(fitted)
        .map(|((_, seen), fitted)| (seen - fitted).powi(2))
        .sum()
}
