//! BFGS and L-BFGS: one loop over two ways to remember curvature.

use super::line_search;
use super::problem::{Minimum, Objective, Options, Problem, Reason, difference, dot, norm, stop};
use crate::Error;
use cotangent_core::Matrix;
use std::collections::VecDeque;

/// Minimises by the method of Broyden, Fletcher, Goldfarb and Shanno, which builds the inverse Hessian from gradients.
///
/// Without bounds steps satisfy the strong Wolfe conditions (Nocedal and Wright 2006, algorithm 6.1); with bounds they follow the
/// projected path, held variables left out (Bertsekas 1982).
///
/// # Errors
/// [`Error::NotFinite`] if value or gradient at `x0` are not finite, [`Error::Bounds`], [`Error::Shape`]. Not to converge is no
/// error: see [`Minimum::reason`].
///
/// # Cost
/// n² operations and n² numbers for n variables, besides about one evaluation a step.
pub fn bfgs<F: Objective>(f: &F, x0: &[f64], options: Options<'_>) -> Result<Minimum, Error> {
    descend(f, x0, options, Dense { inverse: None })
}

/// Minimises by BFGS with limited memory: the last [`Options::memory`] steps stand for the Hessian (Nocedal and Wright 2006,
/// algorithm 7.5).
///
/// # Errors
/// As of [`bfgs`](fn@bfgs).
///
/// # Cost
/// n times [`Options::memory`] operations and numbers for n variables, besides about one evaluation a step.
pub fn lbfgs<F: Objective>(f: &F, x0: &[f64], options: Options<'_>) -> Result<Minimum, Error> {
    let kept = options.memory.max(1);
    descend(
        f,
        x0,
        options,
        Limited {
            pairs: VecDeque::new(),
            kept,
        },
    )
}

/// What is known of the inverse Hessian.
trait Curvature {
    /// The inverse Hessian times the gradient, both restricted to the free variables.
    fn apply(&self, gradient: &[f64]) -> Vec<f64>;
    /// Learns from a step `s` along which the gradient changed by `y`, `s·y > 0`.
    fn learn(&mut self, s: Vec<f64>, y: Vec<f64>);
    /// Whether nothing is known.
    fn is_new(&self) -> bool;
    /// Forgets everything.
    fn forget(&mut self);
}

fn descend<F: Objective>(f: &F, x0: &[f64], mut options: Options<'_>, mut curvature: impl Curvature) -> Result<Minimum, Error> {
    let (mut problem, bounds, mut point) = Problem::start(f, x0, &options)?;
    if let Some(reason) = stop(&mut options, bounds, 0, &point, None) {
        return Ok(problem.finish(point, 0, bounds, reason));
    }
    let mut step = 0;
    loop {
        let d = direction(&point, &curvature, |i| bounds.is_free(i, point.x[i], point.gradient[i]));
        // Before anything is known of the scale a step has length one at most.
        let first = if curvature.is_new() { 1f64.min(1.0 / norm(&d)) } else { 1.0 };
        let found = if bounds.any() {
            line_search::projected(&mut problem, bounds, &point, &d, first)
        } else {
            line_search::wolfe(&mut problem, &point, &d, first)
        };
        let Some(next) = found else {
            if curvature.is_new() {
                return Ok(problem.finish(point, step, bounds, Reason::Precision));
            }
            curvature.forget();
            continue;
        };
        step += 1;
        if let Some(reason) = stop(&mut options, bounds, step, &next, Some(&point)) {
            return Ok(problem.finish(next, step, bounds, reason));
        }
        let (s, mut y) = (difference(&next.x, &point.x), difference(&next.gradient, &point.gradient));
        // A held variable takes no part: only so is what is learned the inverse Hessian of the others.
        for i in (0..y.len()).filter(|&i| !bounds.is_free(i, next.x[i], next.gradient[i])) {
            y[i] = 0.0;
        }
        if dot(&s, &y) > f64::EPSILON * norm(&s) * norm(&y) {
            curvature.learn(s, y);
        }
        point = next;
    }
}

/// Minus the inverse Hessian times the gradient, of the free variables; minus the gradient where that does not lead downhill.
fn direction(point: &super::problem::Point, curvature: &impl Curvature, free: impl Fn(usize) -> bool) -> Vec<f64> {
    let masked = |v: &[f64]| -> Vec<f64> { v.iter().enumerate().map(|(i, v)| if free(i) { *v } else { 0.0 }).collect() };
    let gradient = masked(&point.gradient);
    let mut d = masked(&curvature.apply(&gradient));
    d.iter_mut().for_each(|d| *d = -*d);
    let (slope, size) = (dot(&d, &gradient), norm(&d) * norm(&gradient));
    if slope < -1e-12 * size && size.is_finite() {
        return d;
    }
    gradient.iter().map(|g| -g).collect()
}

/// The inverse Hessian as a matrix.
struct Dense {
    inverse: Option<Matrix<f64>>,
}

impl Curvature for Dense {
    fn apply(&self, gradient: &[f64]) -> Vec<f64> {
        match &self.inverse {
            Some(inverse) => crate::matvec(inverse, gradient),
            None => gradient.to_vec(),
        }
    }

    // H ← (I − ρ s yᵀ) H (I − ρ y sᵀ) + ρ s sᵀ, ρ = 1 / s·y. Nocedal and Wright (2006), equations 6.17 and, for the first, 6.20.
    fn learn(&mut self, s: Vec<f64>, y: Vec<f64>) {
        let (n, sy) = (s.len(), dot(&s, &y));
        let h = self.inverse.get_or_insert_with(|| {
            let scale = sy / dot(&y, &y);
            Matrix::from_fn(n, n, |i, j| if i == j { scale } else { 0.0 })
        });
        let hy = crate::matvec(h, &y);
        let factor = (1.0 + dot(&y, &hy) / sy) / sy;
        for i in 0..n {
            for (j, h) in h.row_mut(i).iter_mut().enumerate() {
                *h += factor * s[i] * s[j] - (hy[i] * s[j] + s[i] * hy[j]) / sy;
            }
        }
    }

    fn is_new(&self) -> bool {
        self.inverse.is_none()
    }

    fn forget(&mut self) {
        self.inverse = None;
    }
}

/// The inverse Hessian as the last steps.
struct Limited {
    pairs: VecDeque<(Vec<f64>, Vec<f64>)>,
    kept: usize,
}

impl Curvature for Limited {
    // The two loops of Nocedal and Wright (2006), algorithm 7.4.
    fn apply(&self, gradient: &[f64]) -> Vec<f64> {
        let mut q = gradient.to_vec();
        let mut weights = vec![0.0; self.pairs.len()];
        let add = |q: &mut [f64], factor: f64, v: &[f64]| crate::kernel::product::add_scaled(q, factor, v);
        for (k, (s, y)) in self.pairs.iter().enumerate().rev() {
            weights[k] = dot(s, &q) / dot(s, y);
            add(&mut q, -weights[k], y);
        }
        if let Some((s, y)) = self.pairs.back() {
            let scale = dot(s, y) / dot(y, y);
            q.iter_mut().for_each(|q| *q *= scale);
        }
        for (k, (s, y)) in self.pairs.iter().enumerate() {
            let back = dot(y, &q) / dot(s, y);
            add(&mut q, weights[k] - back, s);
        }
        q
    }

    fn learn(&mut self, s: Vec<f64>, y: Vec<f64>) {
        if self.pairs.len() == self.kept {
            self.pairs.pop_front();
        }
        self.pairs.push_back((s, y));
    }

    fn is_new(&self) -> bool {
        self.pairs.is_empty()
    }

    fn forget(&mut self) {
        self.pairs.clear();
    }
}
