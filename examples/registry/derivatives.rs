//! Gradient and Hessian of the log-likelihoods.

use super::cox::{Sorted, cox_log_likelihood};
use super::weibull::{Rows, weibull_log_likelihood};
use nalgebra::{DMatrix, DVector};

/// A function to maximise.
pub trait Objective {
    /// Value and gradient.
    fn value_and_grad(&self, beta: &[f64]) -> (f64, DVector<f64>);
    /// Matrix of second derivatives.
    fn hessian(&self, beta: &[f64]) -> DMatrix<f64>;
}

impl Objective for Sorted {
    fn value_and_grad(&self, beta: &[f64]) -> (f64, DVector<f64>) {
        finite::value_and_grad(
            &|b| cox_log_likelihood(b, &self.x, &self.time, &self.event),
            beta,
        )
    }

    fn hessian(&self, beta: &[f64]) -> DMatrix<f64> {
        finite::hessian(
            &|b| cox_log_likelihood(b, &self.x, &self.time, &self.event),
            beta,
        )
    }
}

impl Objective for Rows {
    fn value_and_grad(&self, beta: &[f64]) -> (f64, DVector<f64>) {
        finite::value_and_grad(
            &|b| weibull_log_likelihood(b, &self.x, &self.log_time, &self.event),
            beta,
        )
    }

    fn hessian(&self, beta: &[f64]) -> DMatrix<f64> {
        finite::hessian(
            &|b| weibull_log_likelihood(b, &self.x, &self.log_time, &self.event),
            beta,
        )
    }
}

mod finite {
    use super::{DMatrix, DVector};

    fn along(f: &dyn Fn(&[f64]) -> f64, at: &[f64], d: &[(usize, f64)], h: f64) -> f64 {
        let mut b = at.to_vec();
        for &(k, s) in d {
            b[k] += s * h;
        }
        f(&b)
    }

    fn extrapolate(estimate: impl Fn(f64) -> f64) -> f64 {
        let (a, b, c, d) = (
            estimate(0.08),
            estimate(0.04),
            estimate(0.02),
            estimate(0.01),
        );
        let (ab, bc, cd) = (
            (4.0 * b - a) / 3.0,
            (4.0 * c - b) / 3.0,
            (4.0 * d - c) / 3.0,
        );
        let (abc, bcd) = ((16.0 * bc - ab) / 15.0, (16.0 * cd - bc) / 15.0);
        (64.0 * bcd - abc) / 63.0
    }

    pub fn value_and_grad(f: &dyn Fn(&[f64]) -> f64, at: &[f64]) -> (f64, DVector<f64>) {
        let slope = |k: usize, _| {
            extrapolate(|h| {
                (along(f, at, &[(k, 1.0)], h) - along(f, at, &[(k, -1.0)], h)) / (2.0 * h)
            })
        };
        (f(at), DVector::from_fn(at.len(), slope))
    }

    pub fn hessian(f: &dyn Fn(&[f64]) -> f64, at: &[f64]) -> DMatrix<f64> {
        let mixed = |i: usize, j: usize| {
            extrapolate(|h| {
                let v = |s: f64, t: f64| along(f, at, &[(i, s), (j, t)], h);
                (v(1.0, 1.0) - v(1.0, -1.0) - v(-1.0, 1.0) + v(-1.0, -1.0)) / (4.0 * h * h)
            })
        };
        DMatrix::from_fn(at.len(), at.len(), mixed)
    }
}
