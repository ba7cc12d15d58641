//! Gradients of a loss of a solution.

use cotangent::{Differentiable, Leaves, Real};

use crate::adjoints::sensitivities;
use crate::dynamics::{Dynamics, Plain};
use crate::error::{Failure, Reason};
use crate::options::Options;
use crate::problem::Problem;
use crate::rhs::Rhs;
use crate::solution::{Ended, Solution};
use crate::stepper::{Method, ReverseMethod};
use crate::track::Keep;

/// How to compute a gradient.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Gradient {
    /// Forward where the state and the parameters have together at most two numbers, else reverse; the result says which.
    #[default]
    Auto,
    /// Tangents beside the state: the cost grows with the number of initial values and parameters.
    Forward,
    /// The discrete adjoint through the accepted steps: the cost does not depend on their number.
    Reverse,
}

/// The cotangents of a solution, which a loss fills in. Zero at first.
#[derive(Clone, Debug, PartialEq)]
pub struct Cotangents<F = f64> {
    /// Of the state at the end.
    pub end: Vec<F>,
    /// Of the time of the event that ended the integration. Without one it must stay zero: the end is then given.
    pub t_end: F,
    /// Of the states at the save points that were reached, a row each.
    pub saved: Vec<F>,
}

impl<F: Real> Cotangents<F> {
    /// The cotangent of the state at save point `i`.
    pub fn saved(&mut self, i: usize) -> &mut [F] {
        let n = self.end.len();
        &mut self.saved[i * n..(i + 1) * n]
    }
}

/// A loss with its derivatives.
#[derive(Clone, Debug)]
pub struct Gradients<T, F = f64> {
    /// The loss.
    pub loss: F,
    /// By the initial state.
    pub y0: Vec<F>,
    /// By the parameters.
    pub p: T,
    /// By the start of the interval.
    pub t0: F,
    /// By the end of the interval.
    pub t1: F,
    /// By the save times.
    pub save_at: Vec<F>,
    /// How it was computed.
    pub mode: Gradient,
    /// The solution.
    pub solution: Solution<F>,
}

/// Integrates `problem`, and differentiates a loss of the solution by initial state, parameters and times.
///
/// `loss` returns its value, and writes its derivatives by the state at the end and at the save points.
/// The sizes of the steps are constants of differentiation: the derivatives by state and parameters are exact for the
/// steps that were made. Derivatives by times are slopes at these times.
///
/// # Errors
/// As [`solve`](crate::solve), and where a derivative is not finite.
pub fn gradient<R, P, F, M>(
    problem: &Problem<R, P, F>,
    method: M,
    options: &Options,
    mode: Gradient,
    loss: impl FnOnce(&Solution<F>, &mut Cotangents<F>) -> F,
) -> Result<Gradients<P::Tangent, F>, Failure<F>>
where
    F: Real,
    P: Differentiable,
    R: Rhs<F, P>,
    M: ReverseMethod<F, R, P>,
{
    let tangents = method.has_tangents() && problem.mass.is_empty() && problem.invariant.is_none();
    let few = || tangents && problem.y0.len() + problem.p.zero_tangent().leaf_count() <= 2;
    let gradients = match mode {
        Gradient::Forward => forward(problem, method, options, loss),
        Gradient::Auto if few() => forward(problem, method, options, loss),
        Gradient::Auto | Gradient::Reverse => reverse(problem, method, options, loss),
    }?;
    check(gradients)
}

fn reverse<R, P, F, M>(
    problem: &Problem<R, P, F>,
    method: M,
    options: &Options,
    loss: impl FnOnce(&Solution<F>, &mut Cotangents<F>) -> F,
) -> Result<Gradients<P::Tangent, F>, Failure<F>>
where
    F: Real,
    P: Differentiable,
    R: Rhs<F, P>,
    M: ReverseMethod<F, R, P>,
{
    let keep = options.memory.map_or(Keep::All, Keep::Bytes);
    let parts = problem.parts();
    let (solution, kept) = parts.run(&method, options, keep)?;
    let mut bars = zeros(&solution);
    let value = loss(&solution, &mut bars);
    let mut p_bar = problem.p.zero_tangent();
    let (bar, mut kept) = kept.pull(&bars, &mut p_bar);
    let dynamics = &mut kept.dynamics;
    Ok(Gradients::assemble(
        problem,
        dynamics,
        value,
        bar,
        p_bar,
        &bars,
        Gradient::Reverse,
        solution,
    ))
}

fn forward<R, P, F, M>(
    problem: &Problem<R, P, F>,
    method: M,
    options: &Options,
    loss: impl FnOnce(&Solution<F>, &mut Cotangents<F>) -> F,
) -> Result<Gradients<P::Tangent, F>, Failure<F>>
where
    F: Real,
    P: Differentiable,
    R: Rhs<F, P>,
    M: Method<F>,
{
    let all = sensitivities(problem, method, options)?;
    let (solution, n) = (all.solution, problem.y0.len());
    let mut bars = zeros(&solution);
    let value = loss(&solution, &mut bars);
    let mut flat = vec![F::ZERO; all.end.cols()];
    let rows = bars.saved.chunks_exact(n).zip(&all.saved).chain([(&bars.end[..], &all.end)]);
    for (bar, jacobian) in rows {
        for (i, &bar) in bar.iter().enumerate() {
            for (sum, &entry) in flat.iter_mut().zip(jacobian.row(i)) {
                *sum += bar * entry;
            }
        }
    }
    let p_flat: Vec<f64> = flat[n..].iter().map(|x| x.to_f64()).collect();
    let p_bar = problem.p.zero_tangent().unflatten(&p_flat);
    flat.truncate(n);
    let mut dynamics = Plain::new(&problem.rhs, &problem.p, n);
    Ok(Gradients::assemble(
        problem,
        &mut dynamics,
        value,
        flat,
        p_bar,
        &bars,
        Gradient::Forward,
        solution,
    ))
}

fn zeros<F: Real>(solution: &Solution<F>) -> Cotangents<F> {
    Cotangents {
        end: vec![F::ZERO; solution.y_end.len()],
        t_end: F::ZERO,
        saved: vec![F::ZERO; solution.saved.len()],
    }
}

impl<T, F: Real> Gradients<T, F> {
    /// Adds the derivatives by times, which are slopes.
    #[allow(clippy::too_many_arguments)]
    fn assemble<R, P: Differentiable, D: Dynamics<F>>(
        problem: &Problem<R, P, F>,
        dynamics: &mut D,
        loss: F,
        y0: Vec<F>,
        p: T,
        bars: &Cotangents<F>,
        mode: Gradient,
        solution: Solution<F>,
    ) -> Self {
        let n = y0.len();
        let mut slope = vec![F::ZERO; n];
        let mut along = |t: F, y: &[F], bar: &[F]| {
            dynamics.eval(t, y, &mut slope);
            slope.iter().zip(bar).fold(F::ZERO, |sum, (&k, &bar)| sum + k * bar)
        };
        let t0 = -along(problem.t0, &problem.y0, &y0);
        // Where an event ended it, its time is no input: that has gone into the other derivatives.
        let t1 = match solution.ended {
            Ended::AtEnd => along(solution.t_end, &solution.y_end, &bars.end) + bars.t_end,
            Ended::Event(_) => F::ZERO,
        };
        let rows = solution.saved.chunks_exact(n).zip(bars.saved.chunks_exact(n));
        let save_at = solution.times.iter().zip(rows).map(|(&t, (y, bar))| along(t, y, bar)).collect();
        Gradients {
            loss,
            y0,
            p,
            t0,
            t1,
            save_at,
            mode,
            solution,
        }
    }
}

/// No gradient that is not finite passes in silence.
fn check<T: Leaves, F: Real>(gradients: Gradients<T, F>) -> Result<Gradients<T, F>, Failure<F>> {
    let p = gradients.p.flatten();
    let by_state = gradients.y0.iter().position(|g| !g.is_finite());
    let by_parameters = || p.iter().position(|g| !g.is_finite()).map(|i| gradients.y0.len() + i);
    match by_state.or_else(by_parameters) {
        None => Ok(gradients),
        Some(component) => Err(Failure {
            reason: Reason::GradientNonFinite { component },
            t: gradients.solution.t_end,
            partial: Box::new(gradients.solution),
        }),
    }
}
