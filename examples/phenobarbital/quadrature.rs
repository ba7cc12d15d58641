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
            sum += w0 * w1 * (at_mode - joint(&moved, theta, subject) + z0 * z0 + z1 * z1).exp();
        }
    }
    sum.ln() - at_mode + 2f64.ln() - root.determinant().ln()
}

/// Nodes and weights for the weight exp(-z²): eigenvalues of the Jacobi matrix (Golub and Welsch 1969).
fn gauss_hermite(points: usize) -> Vec<(f64, f64)> {
    let jacobi = DMatrix::from_fn(points, points, |i, j| {
        if i.abs_diff(j) == 1 { (0.5 * i.max(j) as f64).sqrt() } else { 0.0 }
    });
    let eigen = SymmetricEigen::new(jacobi);
    let weight = |k: usize| std::f64::consts::PI.sqrt() * eigen.eigenvectors[(0, k)].powi(2);
    (0..points).map(|k| (eigen.eigenvalues[k], weight(k))).collect()
}
