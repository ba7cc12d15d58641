//! Levenberg and Marquardt's method within bounds.

use nalgebra::{DMatrix, DVector};

/// The sum of squares is as small as it gets when a step promises less than this share of it.
const PROMISE: f64 = 1e-12;

/// Enough for a start that is far off; the stages of a fit need ten each.
const MAX_ITERATIONS: usize = 200;

/// Residuals with their derivatives; `None` where the model cannot be computed.
pub type Evaluation = Option<(DVector<f64>, DMatrix<f64>)>;

/// Why the iteration ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// No step promises a better fit.
    Converged,
    /// After 200 iterations.
    Iterations,
    /// The model cannot be computed at the start.
    NoStart,
}

/// Where the iteration ended.
#[derive(Clone, Debug)]
pub struct Optimum {
    /// The unknowns.
    pub x: DVector<f64>,
    /// Residuals there.
    pub residuals: DVector<f64>,
    /// Their derivatives.
    pub jacobian: DMatrix<f64>,
    /// Steps tried.
    pub iterations: usize,
    /// Why it ended.
    pub ended: Ended,
}

/// Minimises the sum of squared residuals from `x`, every unknown between its bounds; `each` hears of the iterations.
///
/// Moré, *The Levenberg-Marquardt algorithm: implementation and theory*, 1978, with the damping of Nielsen (1999): steps are
/// scaled by the columns of the Jacobian, and unknowns that press against a bound rest.
pub fn minimise(
    evaluate: impl Fn(&DVector<f64>) -> Evaluation,
    x: DVector<f64>,
    bounds: &[(f64, f64)],
    mut each: impl FnMut(usize, f64),
) -> Optimum {
    let Some((mut residuals, mut jacobian)) = evaluate(&x) else {
        return Optimum {
            residuals: DVector::zeros(0),
            jacobian: DMatrix::zeros(0, 0),
            x,
            iterations: 0,
            ended: Ended::NoStart,
        };
    };
    let (mut x, mut damping, mut growth) = (x, 1e-3, 2.0);
    let mut iterations = 0;
    let mut ended = Ended::Iterations;
    while iterations < MAX_ITERATIONS {
        iterations += 1;
        let cost = residuals.norm_squared();
        each(iterations, cost);
        let step = step(&jacobian, &residuals, &x, bounds, damping);
        let moved = clamped(&(&x + step), bounds);
        let taken = &moved - &x;
        let promised = cost - (&residuals + &jacobian * &taken).norm_squared();
        if promised <= PROMISE * cost {
            ended = Ended::Converged;
            break;
        }
        match evaluate(&moved) {
            Some(next) if next.0.norm_squared() < cost => {
                let gain = (cost - next.0.norm_squared()) / promised;
                damping *= (1.0 - (2.0 * gain - 1.0).powi(3)).clamp(0.1, 2.0);
                growth = 2.0;
                x = moved;
                (residuals, jacobian) = next;
            }
            _ => {
                damping *= growth;
                growth *= 2.0;
            }
        }
    }
    Optimum {
        x,
        residuals,
        jacobian,
        iterations,
        ended,
    }
}

/// `(JᵀJ + damping diag(JᵀJ)) step = -Jᵀ r` over the unknowns that may move.
fn step(jacobian: &DMatrix<f64>, residuals: &DVector<f64>, x: &DVector<f64>, bounds: &[(f64, f64)], damping: f64) -> DVector<f64> {
    let gradient = jacobian.tr_mul(residuals);
    let rests = |k: usize| (x[k] <= bounds[k].0 && gradient[k] > 0.0) || (x[k] >= bounds[k].1 && gradient[k] < 0.0);
    let mut matrix = jacobian.tr_mul(jacobian);
    let mut right = -gradient.clone();
    for k in 0..x.len() {
        if rests(k) || matrix[(k, k)] == 0.0 {
            matrix.row_mut(k).fill(0.0);
            matrix.column_mut(k).fill(0.0);
            matrix[(k, k)] = 1.0;
            right[k] = 0.0;
        } else {
            matrix[(k, k)] *= 1.0 + damping;
        }
    }
    // Positive definite but for rounding; then no step is taken and the damping grows.
    matrix.cholesky().map_or_else(|| DVector::zeros(x.len()), |c| c.solve(&right))
}

fn clamped(x: &DVector<f64>, bounds: &[(f64, f64)]) -> DVector<f64> {
    DVector::from_iterator(x.len(), x.iter().zip(bounds).map(|(x, (low, high))| x.clamp(*low, *high)))
}
