//! The result of a fit, the same for both models.

use super::design::Design;
use nalgebra::DMatrix;

/// The survival model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Model {
    /// Proportional hazards, Efron's ties.
    Cox,
    /// Accelerated failure time, Weibull law.
    Weibull,
}

impl Model {
    /// As on the command line and in file names.
    pub fn name(self) -> &'static str {
        match self {
            Model::Cox => "cox",
            Model::Weibull => "weibull",
        }
    }

    /// As in headings.
    pub fn title(self) -> &'static str {
        match self {
            Model::Cox => "Cox proportional hazards, ties by Efron",
            Model::Weibull => "Weibull accelerated failure time",
        }
    }
}

/// A fitted model.
#[derive(Debug, Clone)]
pub struct Fit {
    /// Which model.
    pub model: Model,
    /// Parameter names; Weibull has `(Intercept)` first and `log(scale)` last.
    pub terms: Vec<String>,
    /// Estimates in the units of the file.
    pub estimate: Vec<f64>,
    /// Inverse of the observed information.
    pub covariance: DMatrix<f64>,
    /// Maximum of the log (partial) likelihood.
    pub log_likelihood: f64,
    /// Share of comparable pairs in which the model tells who has the event first.
    pub concordance: f64,
    /// Newton iterations.
    pub iterations: usize,
    /// Largest entry of the gradient at the estimate, per standard deviation of the covariate.
    pub gradient_norm: f64,
    /// `x'beta` of every row, relative to [`reference_point`].
    pub predictor: Vec<f64>,
}

/// Where the baseline curve stands: a numeric covariate at its mean, a factor at its reference level.
pub fn reference_point(design: &Design) -> Vec<f64> {
    let mean = |k: usize| design.values(k).sum::<f64>() / design.len() as f64;
    (0..design.width())
        .map(|k| if design.columns[k].indicator { 0.0 } else { mean(k) })
        .collect()
}

/// `(x - reference)'beta` of every row.
pub fn centred_predictor(design: &Design, beta: &[f64]) -> Vec<f64> {
    let reference = reference_point(design);
    let row = |i: usize| {
        let x = &design.x[i * beta.len()..(i + 1) * beta.len()];
        x.iter()
            .zip(&reference)
            .zip(beta)
            .map(|((x, reference), beta)| (x - reference) * beta)
            .sum()
    };
    (0..design.len()).map(row).collect()
}
