//! Constants of the Gaussian mixture's prior. They do not depend on anything that is differentiated.

use std::f64::consts::PI;

/// The logarithm of the normalising constant of one component's Wishart prior.
pub fn wishart_constant(d: usize, gamma: f64, m: f64) -> f64 {
    let degrees = d as f64 + m + 1.0;
    degrees * d as f64 * (gamma.ln() - 0.5 * 2f64.ln()) - log_gamma_distribution(0.5 * degrees, d)
}

/// The logarithm of the multivariate gamma function in `p` dimensions.
pub fn log_gamma_distribution(a: f64, p: usize) -> f64 {
    let dimensions = p as f64;
    let sum: f64 = (1..=p).map(|j| libm::lgamma(a + 0.5 * (1.0 - j as f64))).sum();
    0.25 * dimensions * (dimensions - 1.0) * PI.ln() + sum
}
