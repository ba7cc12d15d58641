//! Newton's method with a trust region: maximises a smooth function from its gradient and exact Hessian.

use nalgebra::{DMatrix, DVector, SymmetricEigen};

/// Enough for a separated data set to show itself, which takes about one iteration per factor e of likelihood.
const MAX_ITERATIONS: usize = 200;

/// The iteration ends when a step promises less than this share of the value; the step is still taken, and
/// squares the error, so the estimate is then right to rounding.
const PROMISE: f64 = 1e-13;

/// A step that promises less than this share and does not gain is below the rounding of the value, which
/// is a sum of terms that may be larger than itself.
const ROUNDING: f64 = 1e-10;

/// Within a smaller radius a step promises little wherever it is: the iteration is stuck.
const SMALLEST_RADIUS: f64 = 1e-3;

/// A step is taken if it gains this part of what it promised.
const LEAST_GAIN: f64 = 1e-4;

/// A function to maximise.
pub trait Objective {
    /// Value and gradient.
    fn value_and_grad(&self, point: &[f64]) -> (f64, DVector<f64>);
    /// Matrix of second derivatives.
    fn hessian(&self, point: &[f64]) -> DMatrix<f64>;
}

/// Where the iteration ended.
#[derive(Debug, Clone)]
pub struct Optimum {
    /// The maximiser.
    pub point: DVector<f64>,
    /// The value there.
    pub value: f64,
    /// The gradient there.
    pub gradient: DVector<f64>,
    /// The Hessian there.
    pub hessian: DMatrix<f64>,
    /// Steps tried.
    pub iterations: usize,
    /// Whether the last step promised nothing more.
    pub converged: bool,
    /// The last step: small at a maximum, long where the function only levels off towards infinity.
    pub last_step: DVector<f64>,
}

impl Optimum {
    fn is_finite(&self) -> bool {
        self.gradient.iter().chain(self.hessian.iter()).all(|x| x.is_finite())
    }

    /// Inverse of the negative Hessian, or its pseudo-inverse where that is singular.
    pub fn covariance(&self) -> DMatrix<f64> {
        let eigen = SymmetricEigen::new(-&self.hessian);
        let inverse = eigen.eigenvalues.map(|a| if a > 0.0 { a.recip() } else { 0.0 });
        &eigen.eigenvectors * DMatrix::from_diagonal(&inverse) * eigen.eigenvectors.transpose()
    }
}

/// Maximises `objective` from `start`.
pub fn maximise(objective: &impl Objective, start: DVector<f64>) -> Optimum {
    let mut at = evaluate(objective, start);
    let mut radius = 1.0;
    while at.iterations < MAX_ITERATIONS {
        let step = trust_region_step(&at.gradient, &at.hessian, radius);
        let promised = at.gradient.dot(&step) + 0.5 * step.dot(&(&at.hessian * &step));
        let mut next = evaluate(objective, &at.point + &step);
        next.iterations = at.iterations + 1;
        next.last_step = step;
        let gained = (next.value - at.value) / promised;
        let share = promised / (1.0 + at.value.abs());
        if share <= PROMISE || (share <= ROUNDING && (gained <= LEAST_GAIN || !next.is_finite())) {
            return finish(at, next, radius > SMALLEST_RADIUS);
        }
        let length = next.last_step.norm();
        if gained < 0.25 || !next.is_finite() {
            radius = 0.25 * length;
        } else if gained > 0.75 && length > 0.99 * radius {
            radius *= 2.0;
        }
        if gained > LEAST_GAIN && next.is_finite() {
            at = next;
        } else {
            at.iterations += 1;
            at.last_step = next.last_step;
        }
    }
    at
}

/// The last step is below the rounding of the value, so the gradient decides whether it helped.
fn finish(mut at: Optimum, next: Optimum, converged: bool) -> Optimum {
    let mut end = if next.is_finite() && next.gradient.norm() <= at.gradient.norm() {
        next
    } else {
        at.iterations = next.iterations;
        at.last_step = next.last_step;
        at
    };
    end.converged = converged;
    end
}

fn evaluate(objective: &impl Objective, point: DVector<f64>) -> Optimum {
    let (value, gradient) = objective.value_and_grad(point.as_slice());
    let hessian = objective.hessian(point.as_slice());
    let last_step = DVector::zeros(point.len());
    Optimum {
        point,
        value,
        gradient,
        hessian,
        iterations: 0,
        converged: false,
        last_step,
    }
}

/// The maximiser of the quadratic model within `radius`: `(shift - H) step = gradient` with the smallest
/// shift ≥ 0 that makes the matrix positive definite and the step short enough (Moré and Sorensen 1983).
fn trust_region_step(gradient: &DVector<f64>, hessian: &DMatrix<f64>, radius: f64) -> DVector<f64> {
    let eigen = SymmetricEigen::new(-hessian);
    let along = eigen.eigenvectors.transpose() * gradient;
    let step = |shift: f64| along.zip_map(&eigen.eigenvalues, |g, a| if g == 0.0 { 0.0 } else { g / (a + shift) });
    let flattest = eigen.eigenvalues.min();
    let steepest = eigen.eigenvalues.amax().max(f64::MIN_POSITIVE);
    let least = if flattest > 0.0 { 0.0 } else { -flattest + 1e-14 * steepest };
    if step(least).norm() <= radius {
        return &eigen.eigenvectors * step(least);
    }
    // The length falls with the shift and is below the radius at this upper end.
    let (mut low, mut high) = (least, least + gradient.norm() / radius);
    while high - low > 1e-3 * (high - least) {
        let middle = 0.5 * (low + high);
        if step(middle).norm() > radius {
            low = middle
        } else {
            high = middle
        }
    }
    &eigen.eigenvectors * step(high)
}
