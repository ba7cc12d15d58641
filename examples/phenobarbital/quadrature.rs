//! The likelihood itself, by adaptive Gauss-Hermite quadrature: what Laplace's approximation is measured against.

use super::data::Subject;
use super::laplace::most_likely;
use super::model::{EFFECTS, joint};
use nalgebra::{DMatrix, Matrix2, SymmetricEigen};

/// The log-likelihood of the population at `theta`, by `points` × `points` nodes around each subject's most likely effects
/// (Pinheiro and Bates 1995). One node is Laplace's approximation.
pub fn log_likelihood(theta: &[f64], subjects: &[Subject], points: usize) -> f64 {
    let rule = gauss_hermite(points);
    subjects.iter().map(|subject| of_subject(theta, subject, &rule)).sum()
}

fn of_subject(theta: &[f64], subject: &Subject, rule: &[(f64, f64)]) -> f64 {
    let b = most_likely(theta, subject);
    let hessian = joint::hessian(&b, theta, subject);
    let hessian = Matrix2::from_fn(|i, j| hessian[(i, j)]);
    // b = b̂ + √2 L⁻ᵀ z with the Hessian L Lᵀ makes the density in z near exp(-|z|²).
    let Some(cholesky) = hessian.cholesky() else {
        return f64::NAN;
    };
    let root = cholesky.l();
    let at_mode = joint(&b, theta, subject);
    let mut sum = 0.0;
    for (z0, w0) in rule {
        for (z1, w1) in rule {
            let step = root.transpose().solve_upper_triangular(&nalgebra::Vector2::new(*z0, *z1));
            let Some(step) = step else { return f64::NAN };
            let moved: Vec<f64> = (0..EFFECTS).map(|k| b[k] + std::f64::consts::SQRT_2 * step[k]).collect();
            sum += w0 * w1 * (at_mode - joint(&moved, theta, subject)).exp();
        }
    }
    sum.ln() - at_mode + 2f64.ln() - root.determinant().ln()
}

/// Nodes and weights for the weight exp(-z²), each weight already times exp(z²) of its node.
///
/// Nodes are the eigenvalues of the Jacobi matrix (Golub and Welsch 1969); a weight is one over the sum of the squares of
/// the orthonormal polynomials, which stays exact in the tails, where eigenvectors do not.
fn gauss_hermite(points: usize) -> Vec<(f64, f64)> {
    let jacobi = DMatrix::from_fn(points, points, |i, j| {
        if i.abs_diff(j) == 1 { (0.5 * i.max(j) as f64).sqrt() } else { 0.0 }
    });
    let nodes = SymmetricEigen::new(jacobi).eigenvalues;
    nodes.iter().map(|&z| (z, 1.0 / squares_of_hermite_functions(z, points))).collect()
}

/// The sum of the squares of the first Hermite functions: orthonormal polynomials times exp(-z²/2).
fn squares_of_hermite_functions(z: f64, count: usize) -> f64 {
    let (mut before, mut now) = (0.0, std::f64::consts::PI.powf(-0.25) * (-0.5 * z * z).exp());
    let mut sum = 0.0;
    for k in 0..count {
        sum += now * now;
        let k = k as f64;
        (before, now) = (now, (2.0 / (k + 1.0)).sqrt() * z * now - (k / (k + 1.0)).sqrt() * before);
    }
    sum
}
