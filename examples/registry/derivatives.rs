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
        let value = cox_log_likelihood(beta, &self.x, &self.time, &self.event);
        (value, cox_by_hand(self, beta).0)
    }

    fn hessian(&self, beta: &[f64]) -> DMatrix<f64> {
        cox_by_hand(self, beta).1
    }
}

impl Objective for Rows {
    fn value_and_grad(&self, beta: &[f64]) -> (f64, DVector<f64>) {
        let value = weibull_log_likelihood(beta, &self.x, &self.log_time, &self.event);
        (value, weibull_by_hand(self, beta).0)
    }

    fn hessian(&self, beta: &[f64]) -> DMatrix<f64> {
        weibull_by_hand(self, beta).1
    }
}

fn row(x: &[f64], i: usize, width: usize) -> DVector<f64> {
    DVector::from_column_slice(&x[i * width..(i + 1) * width])
}

/// Efron's score and information (Therneau and Grambsch 2000, section 3.3): the mean and the variance of the covariates
/// over the risk set, in which the events of the time weigh 1 - k/d.
fn cox_by_hand(data: &Sorted, beta: &[f64]) -> (DVector<f64>, DMatrix<f64>) {
    let width = beta.len();
    let beta = DVector::from_column_slice(beta);
    let (mut score, mut hessian) = (DVector::zeros(width), DMatrix::zeros(width, width));
    let mut times = data.time.clone();
    times.dedup();
    for t in times {
        let tied: Vec<usize> = (0..data.event.len())
            .filter(|&i| data.time[i] == t && data.event[i])
            .collect();
        for (k, &i) in tied.iter().enumerate() {
            let (mut total, mut first, mut second) = (
                0.0,
                DVector::zeros(width),
                DMatrix::<f64>::zeros(width, width),
            );
            for j in (0..data.event.len()).filter(|&j| data.time[j] >= t) {
                let share = if tied.contains(&j) {
                    1.0 - k as f64 / tied.len() as f64
                } else {
                    1.0
                };
                let x = row(&data.x, j, width);
                let weight = share * beta.dot(&x).exp();
                total += weight;
                first += weight * &x;
                second += weight * &x * x.transpose();
            }
            let mean = first / total;
            score += row(&data.x, i, width) - &mean;
            hessian -= second / total - &mean * mean.transpose();
        }
    }
    (score, hessian)
}

/// With `u = (1, x)`, `z = (log t - location) / s`: the derivatives of `event (z - log s) - exp(z)`.
fn weibull_by_hand(data: &Rows, beta: &[f64]) -> (DVector<f64>, DMatrix<f64>) {
    let size = beta.len();
    let width = size - 2;
    let s = beta[size - 1].exp();
    let (mut score, mut hessian) = (DVector::zeros(size), DMatrix::zeros(size, size));
    for i in 0..data.event.len() {
        let x = row(&data.x, i, width);
        let location = beta[0] + (0..width).map(|k| x[k] * beta[k + 1]).sum::<f64>();
        let z = (data.log_time[i] - location) / s;
        let event = f64::from(data.event[i]);
        // z falls by u / s per coefficient and by z per unit of log s.
        let mut slope = DVector::from_element(size, -1.0 / s);
        slope.rows_mut(1, width).component_mul_assign(&x);
        slope[size - 1] = -z;
        let mut curve = DMatrix::zeros(size, size);
        curve.column_mut(size - 1).copy_from(&-&slope);
        curve.row_mut(size - 1).copy_from(&-slope.transpose());
        score += (event - z.exp()) * &slope;
        score[size - 1] -= event;
        hessian += (event - z.exp()) * curve - z.exp() * &slope * slope.transpose();
    }
    (score, hessian)
}
