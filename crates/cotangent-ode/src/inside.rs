//! Solving inside of differentiable code.

use std::sync::Arc;

use cotangent::Leaves;
use cotangent::prelude::*;

use crate::drive::{Drive, Times};
use crate::dynamics::{Directions, Dynamics, Plain};
use crate::error::Failure;
use crate::gradient::Cotangents;
use crate::options::Options;
use crate::parts::{Parts, failure};
use crate::rhs::Rhs;
use crate::stepper::ReverseMethod;
use crate::track::Keep;

/// The problem that `solve_at` solves: from the first of `times` to the last, with the others between as save points.
fn parts<'a, R, P: Differentiable>(rhs: &'a R, y0: &'a [f64], p: &'a P, times: &'a [f64]) -> Parts<'a, R, P, f64> {
    assert!(
        times.len() >= 2,
        "solve_at: found {} times; pass the start and at least one more",
        times.len()
    );
    Parts {
        rhs,
        p,
        y0,
        times: Times {
            t0: times[0],
            t1: times[times.len() - 1],
            save_at: &times[1..],
            discontinuities: &[],
            interpolates: false,
        },
        mass: None,
        events: &[],
        invariant: None,
    }
}

fn rows(saved: &[f64], n: usize) -> Matrix<f64> {
    Matrix::from_fn(saved.len() / n, n, |i, j| saved[i * n + j])
}

/// A right-hand side with a method and options, for [`fn@solve_at`]; a constant in differentiable code.
#[derive(Clone, Differentiable)]
pub struct Solver<P: Differentiable> {
    #[constant]
    inner: Arc<dyn Inside<P>>,
}

impl<P: Differentiable + 'static> Solver<P> {
    /// Right-hand sides that are integrated by `method`.
    pub fn new<R, M>(rhs: R, method: M, options: Options) -> Self
    where
        R: Rhs<f64, P> + Send + Sync + 'static,
        M: ReverseMethod<f64, R, P> + Send + Sync + 'static,
    {
        Solver {
            inner: Arc::new(Made { rhs, method, options }),
        }
    }
}

impl<P: Differentiable> core::fmt::Debug for Solver<P> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Solver")
    }
}

/// States at given times, for use inside of `#[differentiable]` functions: a likelihood with a differential equation in it is
/// then differentiated end to end.
///
/// Shapes: `times` is the start followed by the times asked for, in the direction of time; the result has a row for each of
/// the latter, with the components of the state as columns.
///
/// Derivatives: by the initial state and the parameters those of the steps that were made, by `times` the slopes there.
/// The solver is a constant: what a right-hand side depends on goes into `p`.
///
/// # Errors
/// As [`solve`](crate::solve): a failure has no derivative.
///
/// ```
/// use cotangent::prelude::*;
/// use cotangent_ode::{Options, Solver, Tsit5, solve_at};
///
/// #[differentiable]
/// fn decay(_t: f64, y: &[f64], k: &f64, dy: &mut [f64]) {
///     dy[0] = -k * y[0];
/// }
///
/// /// The squared distance of two measurements from the model.
/// #[differentiable(wrt(dose, k))]
/// fn misfit(dose: f64, k: f64, model: &Solver<f64>) -> f64 {
///     let y = solve_at(model, &[dose], &k, &[0.0, 1.0, 2.0]).unwrap();
///     (y[(0, 0)] - 0.5).powi(2) + (y[(1, 0)] - 0.4).powi(2)
/// }
///
/// let model = Solver::new(differentiable!(decay), Tsit5, Options::default());
/// let g = misfit::grad(1.0, 0.5, &model);
/// let (y1, y2) = ((-0.5_f64).exp(), (-1.0_f64).exp());
/// assert!((g.k - (-2.0 * (y1 - 0.5) * y1 - 4.0 * (y2 - 0.4) * y2)).abs() < 1e-5);
/// ```
#[derivative]
impl solve_at {
    fn value<P>(model: &Solver<P>, y0: &[f64], p: &P, times: &[f64]) -> Result<Matrix<f64>, Failure>
    where
        P: Differentiable + 'static,
    {
        model.inner.solve(y0, p, times)
    }

    fn jvp<P>(
        model: &Solver<P>,
        y0: &[f64],
        y0_dot: &[f64],
        p: &P,
        p_dot: &P::Tangent,
        times: &[f64],
        times_dot: &[f64],
    ) -> (Result<Matrix<f64>, Failure>, Option<Matrix<f64>>)
    where
        P: Differentiable + 'static,
    {
        match model.inner.tangent((y0, y0_dot), (p, p_dot), (times, times_dot)) {
            Ok((y, y_dot)) => (Ok(y), Some(y_dot)),
            Err(failure) => (Err(failure), None),
        }
    }

    fn vjp<P>(
        model: &Solver<P>,
        y0: &[f64],
        y0_bar: &mut [f64],
        p: &P,
        times: &[f64],
        times_bar: &mut [f64],
        rows_bar: Option<Matrix<f64>>,
    ) -> P::Tangent
    where
        P: Differentiable + 'static,
    {
        let mut p_bar = p.zero_tangent();
        if let Some(bar) = rows_bar {
            model.inner.pull((y0, y0_bar), (p, &mut p_bar), (times, times_bar), bar.as_slice());
        }
        p_bar
    }
}

/// What a solver does, whatever its right-hand side and its method.
trait Inside<P: Differentiable>: Send + Sync {
    fn solve(&self, y0: &[f64], p: &P, times: &[f64]) -> Result<Matrix<f64>, Failure>;
    fn tangent(&self, y0: (&[f64], &[f64]), p: (&P, &P::Tangent), times: (&[f64], &[f64])) -> Result<(Matrix<f64>, Matrix<f64>), Failure>;
    fn pull(&self, y0: (&[f64], &mut [f64]), p: (&P, &mut P::Tangent), times: (&[f64], &mut [f64]), bar: &[f64]);
}

struct Made<R, M> {
    rhs: R,
    method: M,
    options: Options,
}

impl<R, P, M> Inside<P> for Made<R, M>
where
    P: Differentiable,
    R: Rhs<f64, P> + Send + Sync,
    M: ReverseMethod<f64, R, P> + Send + Sync,
{
    fn solve(&self, y0: &[f64], p: &P, times: &[f64]) -> Result<Matrix<f64>, Failure> {
        let parts = parts(&self.rhs, y0, p, times);
        let (solution, _) = parts.run(&self.method, &self.options, Keep::Nothing)?;
        Ok(rows(&solution.saved, y0.len()))
    }

    fn tangent(&self, y0: (&[f64], &[f64]), p: (&P, &P::Tangent), times: (&[f64], &[f64])) -> Result<(Matrix<f64>, Matrix<f64>), Failure> {
        tangent(&self.rhs, &self.method, y0, p, times, &self.options)
    }

    fn pull(&self, y0: (&[f64], &mut [f64]), p: (&P, &mut P::Tangent), times: (&[f64], &mut [f64]), bar: &[f64]) {
        pull(&self.rhs, &self.method, y0, p, times, &self.options, bar);
    }
}

/// States and tangents at all times but the first.
fn tangent<R, P, M>(
    rhs: &R,
    method: &M,
    (y0, y0_dot): (&[f64], &[f64]),
    (p, p_dot): (&P, &P::Tangent),
    (times, times_dot): (&[f64], &[f64]),
    options: &Options,
) -> Result<(Matrix<f64>, Matrix<f64>), Failure>
where
    P: Differentiable,
    R: Rhs<f64, P>,
    M: ReverseMethod<f64, R, P>,
{
    let (n, parts) = (y0.len(), parts(rhs, y0, p, times));
    if !method.has_tangents() {
        return by_rows(rhs, method, (y0, y0_dot), (p, p_dot), (times, times_dot), options);
    }
    let p_dots = [p_dot.clone()];
    let dynamics = Directions::new(rhs, p, n, &p_dots);
    let mut slope = vec![0.0; n];
    let mut plain = Plain::new(rhs, p, n);
    // What is at a given time moves with the slope against a later start.
    plain.eval(times[0], y0, &mut slope);
    let moved = y0_dot.iter().zip(&slope).map(|(y, k)| y - k * times_dot[0]);
    let start = y0.iter().copied().chain(moved).collect();
    let mut drive = Drive::new(method, dynamics, start, parts.times, options, Keep::Nothing);
    drive.run().map_err(|(reason, t)| failure(reason, t, drive.solution.clone()))?;
    let saved = drive.solution.saved;
    let y = Matrix::from_fn(times.len() - 1, n, |i, j| saved[2 * n * i + j]);
    let mut y_dot = Matrix::from_fn(times.len() - 1, n, |i, j| saved[2 * n * i + n + j]);
    for i in 1..times.len() {
        plain.eval(times[i], y.row(i - 1), &mut slope);
        for j in 0..n {
            y_dot[(i - 1, j)] += slope[j] * times_dot[i];
        }
    }
    Ok((y, y_dot))
}

/// Tangents by one pullback for each number of the result, for methods whose steps have no tangents of their own.
fn by_rows<R, P, M>(
    rhs: &R,
    method: &M,
    (y0, y0_dot): (&[f64], &[f64]),
    (p, p_dot): (&P, &P::Tangent),
    (times, times_dot): (&[f64], &[f64]),
    options: &Options,
) -> Result<(Matrix<f64>, Matrix<f64>), Failure>
where
    P: Differentiable,
    R: Rhs<f64, P>,
    M: ReverseMethod<f64, R, P>,
{
    let (solution, _) = parts(rhs, y0, p, times).run(method, options, Keep::Nothing)?;
    let y = rows(&solution.saved, y0.len());
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let y_dot = Matrix::from_fn(y.rows(), y.cols(), |i, j| {
        let mut bar = vec![0.0; y.as_slice().len()];
        bar[i * y.cols() + j] = 1.0;
        let (mut y0_bar, mut p_bar, mut times_bar) = (vec![0.0; y0.len()], p.zero_tangent(), vec![0.0; times.len()]);
        pull(
            rhs,
            method,
            (y0, &mut y0_bar),
            (p, &mut p_bar),
            (times, &mut times_bar),
            options,
            &bar,
        );
        dot(&y0_bar, y0_dot) + p_bar.dot(p_dot) + dot(&times_bar, times_dot)
    });
    Ok((y, y_dot))
}

/// The pullback of the states at all times but the first.
fn pull<R, P, M>(
    rhs: &R,
    method: &M,
    (y0, y0_bar): (&[f64], &mut [f64]),
    (p, p_bar): (&P, &mut P::Tangent),
    (times, times_bar): (&[f64], &mut [f64]),
    options: &Options,
    bar: &[f64],
) where
    P: Differentiable,
    R: Rhs<f64, P>,
    M: ReverseMethod<f64, R, P>,
{
    let (n, parts) = (y0.len(), parts(rhs, y0, p, times));
    let keep = options.memory.map_or(Keep::All, Keep::Bytes);
    // It succeeded in the forward sweep.
    let Ok((solution, kept)) = parts.run(method, options, keep) else {
        return;
    };
    let bars = Cotangents {
        t_end: 0.0,
        end: vec![0.0; n],
        saved: bar.to_vec(),
    };
    let (start_bar, mut kept) = kept.pull(&bars, p_bar);
    let mut slope = vec![0.0; n];
    let mut along = |t: f64, y: &[f64], bar: &[f64]| -> f64 {
        kept.dynamics.eval(t, y, &mut slope);
        slope.iter().zip(bar).map(|(k, b)| k * b).sum()
    };
    times_bar[0] -= along(times[0], y0, &start_bar);
    for i in 1..times.len() {
        times_bar[i] += along(times[i], solution.saved(i - 1), &bar[(i - 1) * n..i * n]);
    }
    y0_bar.iter_mut().zip(&start_bar).for_each(|(y, b)| *y += b);
}
