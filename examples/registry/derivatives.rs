//! Gradient and Hessian of the log-likelihoods: the entry points that `#[differentiable(order = 2, wrt(beta))]`
//! made beside the functions.

use super::cox::{Sorted, cox_log_likelihood};
use super::weibull::{Rows, weibull_log_likelihood};
use crate::common::newton::Objective;
use cotangent::prelude::*;
use nalgebra::{DMatrix, DVector};

impl Objective for Sorted {
    fn value_and_grad(&self, beta: &[f64]) -> (f64, DVector<f64>) {
        let (value, gradient) = cox_log_likelihood::value_and_grad(beta, &self.x, &self.time, &self.event);
        (value, DVector::from_vec(gradient.beta))
    }

    fn hessian(&self, beta: &[f64]) -> DMatrix<f64> {
        dense(&cox_log_likelihood::hessian(beta, &self.x, &self.time, &self.event), beta.len())
    }
}

impl Objective for Rows {
    fn value_and_grad(&self, beta: &[f64]) -> (f64, DVector<f64>) {
        let (value, gradient) = weibull_log_likelihood::value_and_grad(beta, &self.x, &self.log_time, &self.event);
        (value, DVector::from_vec(gradient.beta))
    }

    fn hessian(&self, beta: &[f64]) -> DMatrix<f64> {
        dense(
            &weibull_log_likelihood::hessian(beta, &self.x, &self.log_time, &self.event),
            beta.len(),
        )
    }
}

/// Cotangent's matrix as nalgebra's.
fn dense(hessian: &Matrix<f64>, size: usize) -> DMatrix<f64> {
    DMatrix::from_fn(size, size, |i, j| hessian[(i, j)])
}
