//! The method of Levenberg and Marquardt.

use super::bounds::Bounds;
use super::problem::{Options, Point, Reason, along, difference, dot, norm, stop};
use crate::{Error, least_squares as shortest, matvec, matvec_t};
use cotangent_core::{DiffFn, Matrix};

/// A function of a slice that returns residuals: `differentiable!(f)` of `fn f(x: &[f64]) -> Vec<f64>`.
pub trait Residuals: for<'a> DiffFn<(&'a [f64],), Output = Vec<f64>, Direction = (&'a [f64],)> {}
impl<F: for<'a> DiffFn<(&'a [f64],), Output = Vec<f64>, Direction = (&'a [f64],)>> Residuals for F {}

/// What [`levenberg_marquardt`](fn@levenberg_marquardt) found.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Fit {
    /// The point.
    pub x: Vec<f64>,
    /// Half of the sum of the squared residuals.
    pub value: f64,
    /// The residuals.
    pub residuals: Vec<f64>,
    /// Their Jacobian, a row for each residual.
    pub jacobian: Matrix<f64>,
    /// The gradient of [`value`](Self::value).
    pub gradient: Vec<f64>,
    /// The largest component of the projected gradient.
    pub optimality: f64,
    /// Steps taken.
    pub steps: usize,
    /// Evaluations of the residuals.
    pub calls: usize,
    /// Why it stopped.
    pub reason: Reason,
}

/// A point with its residuals and Jacobian.
struct State {
    point: Point,
    residuals: Vec<f64>,
    jacobian: Matrix<f64>,
}

/// Minimises half of the sum of squared residuals by the method of Levenberg and Marquardt: steps `(JᵀJ + λ D²) s = −Jᵀr`, solved as least
/// squares without forming `JᵀJ`, with columns scaled by their largest lengths so far (Moré 1978) and λ by Nielsen's rule (1999).
///
/// With bounds, parameters that the gradient pushes against theirs are held, and steps are projected. The value, gradient and
/// tolerances of `options` are those of half of the sum of squares.
///
/// # Errors
/// [`Error::NotFinite`] if residuals or Jacobian at `x0` are not finite, [`Error::Bounds`], [`Error::Shape`]. Not to converge is no
/// error: see [`Fit::reason`].
///
/// # Cost
/// The Jacobian is taken in forward mode, one run for each parameter a step; a step costs about 4 m n² operations for m residuals and n
/// parameters.
///
/// ```
/// use cotangent::prelude::*;
/// use cotangent_linalg::minimize::{Options, levenberg_marquardt};
///
/// #[differentiable]
/// fn residuals(x: &[f64]) -> Vec<f64> {
///     let seen = [1.0, 0.5, 0.25];
///     let mut r = vec![0.0; 3];
///     for i in 0..3 {
///         r[i] = x[0] * (-x[1] * i as f64).exp() - seen[i];
///     }
///     r
/// }
///
/// let fit = levenberg_marquardt(&cotangent::differentiable!(residuals), &[2.0, 0.1], Options::default())?;
/// assert!((fit.x[0] - 1.0).abs() < 1e-7 && (fit.x[1] - 2f64.ln()).abs() < 1e-7);
/// # Ok::<(), cotangent_linalg::Error>(())
/// ```
pub fn levenberg_marquardt<F: Residuals>(f: &F, x0: &[f64], mut options: Options<'_>) -> Result<Fit, Error> {
    let bounds = Bounds::new(options.lower, options.upper, x0.len())?;
    Error::finite("levenberg_marquardt: the starting point", x0)?;
    let mut x = x0.to_vec();
    bounds.project(&mut x);
    let mut calls = 1;
    let mut state = State::at(f, x.clone(), f.call((&x,)));
    Error::finite("levenberg_marquardt: the residuals at the starting point", &state.residuals)?;
    Error::finite("levenberg_marquardt: the Jacobian at the starting point", state.jacobian.as_slice())?;
    let done = |state: State, steps, calls, reason| Ok(state.finish(bounds, steps, calls, reason));
    if let Some(reason) = stop(&mut options, bounds, 0, &state.point, None) {
        return done(state, 0, calls, reason);
    }
    let mut scales = vec![0.0; x0.len()];
    let (mut damping, mut growth, mut step) = (1e-3, 2.0, 0);
    loop {
        state.rescale(&mut scales);
        let s = state.damped_step(bounds, &scales, damping)?;
        let next_x = {
            let mut x = along(&state.point.x, 1.0, &s);
            bounds.project(&mut x);
            x
        };
        let s = difference(&next_x, &state.point.x);
        let residuals = f.call((&next_x,));
        calls += 1;
        let (value, promised) = (0.5 * dot(&residuals, &residuals), state.promise(&s));
        let gained = state.point.value - value;
        let ratio = gained / promised;
        if norm(&s) <= f64::EPSILON * norm(&state.point.x) || damping > 1e100 {
            return done(state, step, calls, Reason::Precision);
        }
        // A projected step may promise nothing; a shorter one, nearer to the gradient, does.
        if !(promised > 0.0 && ratio > 1e-4 && value.is_finite()) {
            damping *= growth;
            growth *= 2.0;
            continue;
        }
        damping *= (1.0 - (2.0 * ratio - 1.0).powi(3)).max(1.0 / 3.0);
        growth = 2.0;
        step += 1;
        let next = State::at(f, next_x, residuals);
        if let Some(reason) = stop(&mut options, bounds, step, &next.point, Some(&state.point)) {
            return done(next, step, calls, reason);
        }
        state = next;
    }
}

impl State {
    fn at<F: Residuals>(f: &F, x: Vec<f64>, residuals: Vec<f64>) -> Self {
        let (m, n) = (residuals.len(), x.len());
        let mut jacobian = Matrix::zeros(m, n);
        let mut axis = vec![0.0; n];
        for j in 0..n {
            axis[j] = 1.0;
            let (_, column) = f.jvp((&x,), (&axis,));
            axis[j] = 0.0;
            for (i, value) in column.into_iter().enumerate() {
                jacobian[(i, j)] = value;
            }
        }
        let gradient = matvec_t(&jacobian, &residuals);
        let value = 0.5 * dot(&residuals, &residuals);
        State {
            point: Point { x, value, gradient },
            residuals,
            jacobian,
        }
    }

    fn rescale(&self, scales: &mut [f64]) {
        for (j, scale) in scales.iter_mut().enumerate() {
            let column: f64 = (0..self.residuals.len()).map(|i| self.jacobian[(i, j)].powi(2)).sum();
            let length = column.sqrt();
            // A column of zeros has no scale of its own.
            *scale = if length > *scale { length } else { *scale };
            if *scale == 0.0 {
                *scale = 1.0;
            }
        }
    }

    /// The step of the free parameters: the least-squares solution of `J s = −r` and `√λ D s = 0`.
    fn damped_step(&self, bounds: Bounds<'_>, scales: &[f64], damping: f64) -> Result<Vec<f64>, Error> {
        let point = &self.point;
        let free: Vec<usize> = (0..point.x.len())
            .filter(|&j| bounds.is_free(j, point.x[j], point.gradient[j]))
            .collect();
        let (m, n) = (self.residuals.len(), free.len());
        let root = damping.sqrt();
        // In the scaled unknowns D s the columns have lengths near one.
        let stacked = Matrix::from_fn(m + n, n, |i, k| match i.checked_sub(m) {
            None => self.jacobian[(i, free[k])] / scales[free[k]],
            Some(row) if row == k => root,
            Some(_) => 0.0,
        });
        let mut right: Vec<f64> = self.residuals.iter().map(|r| -r).collect();
        right.resize(m + n, 0.0);
        let mut s = vec![0.0; point.x.len()];
        for (k, y) in free.iter().zip(shortest(&stacked, &right)?) {
            s[*k] = y / scales[*k];
        }
        Ok(s)
    }

    /// By how much the linear model falls along `s`: `−g·s − ½ |J s|²`.
    fn promise(&self, s: &[f64]) -> f64 {
        let moved = matvec(&self.jacobian, s);
        -dot(&self.point.gradient, s) - 0.5 * dot(&moved, &moved)
    }

    fn finish(self, bounds: Bounds<'_>, steps: usize, calls: usize, reason: Reason) -> Fit {
        Fit {
            optimality: bounds.optimality(&self.point.x, &self.point.gradient),
            x: self.point.x,
            value: self.point.value,
            residuals: self.residuals,
            jacobian: self.jacobian,
            gradient: self.point.gradient,
            steps,
            calls,
            reason,
        }
    }
}
