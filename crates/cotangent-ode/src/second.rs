//! Products with second derivatives: the discrete adjoint of the forward sensitivities.

use cotangent::{Differentiable, Real, Tape};

use crate::adjoints::{Pulled, Sweep};
use crate::drive::Drive;
use crate::dynamics::{Dynamics, Plain, Reversible};
use crate::error::{Failure, Reason};
use crate::events::Slope;
use crate::gradient::Cotangents;
use crate::options::Options;
use crate::parts::failure;
use crate::problem::Problem;
use crate::rhs::Rhs2;
use crate::solution::Solution;
use crate::stepper::{Method, ReverseStepper};
use crate::track::Keep;

/// A problem with one tangent beside it, in reverse mode.
pub struct Tangential<'a, F, R, P: Differentiable> {
    plain: Plain<'a, F, R, P>,
    rhs: &'a R,
    p: (&'a P, &'a P::Tangent),
    slopes: Vec<F>,
    tape: Tape,
}

impl<F: Real, R: Rhs2<F, P>, P: Differentiable> Dynamics<F> for Tangential<'_, F, R, P> {
    fn dim(&self) -> usize {
        2 * self.plain.dim()
    }
    fn base(&self) -> usize {
        self.plain.dim()
    }
    fn eval(&mut self, t: F, z: &[F], dz: &mut [F]) {
        dz.fill(F::ZERO);
        let ((y, y_dot), (dy, dy_dot)) = (z.split_at(z.len() / 2), dz.split_at_mut(z.len() / 2));
        self.rhs.jvp(t, y, y_dot, self.p.0, self.p.1, dy, dy_dot);
    }
    fn slope(&mut self, t: F, y: &[F], dy: &mut [F]) {
        self.plain.eval(t, y, dy);
    }
    fn jvp(&mut self, t: F, y: &[F], y_dot: &[F], dy: &mut [F], dy_dot: &mut [F]) {
        self.plain.jvp(t, y, y_dot, dy, dy_dot);
    }
    fn time_derivative(&mut self, t: F, y: &[F], dy: &mut [F], dt: &mut [F]) {
        self.plain.time_derivative(t, y, dy, dt);
    }
    fn calls(&self) -> usize {
        self.plain.calls()
    }
}

impl<F: Real, R: Rhs2<F, P>, P: Differentiable> Reversible<F> for Tangential<'_, F, R, P> {
    type Bar = (P::Tangent, P::Tangent);
    fn vjp(&mut self, t: F, z: &[F], dz_bar: &mut [F], z_bar: &mut [F], bar: &mut Self::Bar) {
        let n = z.len() / 2;
        self.slopes.fill(F::ZERO);
        self.rhs.jvp_vjp(
            (t, F::ZERO),
            z.split_at(n),
            self.p,
            self.slopes.split_at_mut(n),
            dz_bar.split_at_mut(n),
            z_bar.split_at_mut(n),
            (&mut bar.0, &mut bar.1),
            &mut self.tape,
        );
    }
}

/// A gradient and its derivative along a direction.
#[derive(Clone, Debug)]
pub struct SecondOrder<T, F = f64> {
    /// The loss.
    pub loss: F,
    /// The gradient by the initial state.
    pub y0: Vec<F>,
    /// The gradient by the parameters.
    pub p: T,
    /// The product of the Hessian with the direction: the part of the initial state.
    pub y0_dot: Vec<F>,
    /// The part of the parameters.
    pub p_dot: T,
    /// The solution.
    pub solution: Solution<F>,
}

/// The product of the Hessian of a loss with a direction `(y0_dot, p_dot)`, for right-hand sides of order 2.
///
/// `loss` is given the solution and its tangents along the direction, in the form of a solution. It returns its value, and
/// writes its derivatives by the states to the first cotangents, and the derivatives of those along the tangents to the second.
///
/// The steps are constants of differentiation, as in [`gradient`](crate::gradient); the product is exact for them.
///
/// # Errors
/// As [`solve`](crate::solve); also for methods that are not explicit, and for problems with events, a mass matrix or an invariant.
pub fn hvp<R, P, F, M>(
    problem: &Problem<R, P, F>,
    method: M,
    options: &Options,
    direction: (&[F], &P::Tangent),
    loss: impl FnOnce(&Solution<F>, &Solution<F>, &mut Cotangents<F>, &mut Cotangents<F>) -> F,
) -> Result<SecondOrder<P::Tangent, F>, Failure<F>>
where
    F: Real,
    P: Differentiable,
    R: Rhs2<F, P>,
    M: Method<F>,
    M::Stepper: for<'a> ReverseStepper<F, Tangential<'a, F, R, P>>,
{
    let n = problem.y0.len();
    let dynamics = Tangential {
        plain: Plain::new(&problem.rhs, &problem.p, n),
        rhs: &problem.rhs,
        p: (&problem.p, direction.1),
        slopes: vec![F::ZERO; 2 * n],
        tape: Tape::new(),
    };
    let start = problem.y0.iter().chain(direction.0).copied().collect();
    let keep = options.memory.map_or(Keep::All, Keep::Bytes);
    let mut drive = Drive::new(&method, dynamics, start, problem.times(), options, keep);
    if !method.has_second_order() || !problem.events.is_empty() || !problem.mass.is_empty() || problem.invariant.is_some() {
        let what = "second order is for explicit methods, without events, mass matrix and invariant";
        return Err(failure(Reason::Invalid(what.into()), problem.t0, drive.solution));
    }
    if let Err((reason, t)) = drive.run() {
        return Err(failure(reason, t, drive.solution));
    }
    let (solution, tangents) = split(&drive.solution, n);
    let zeros = || Cotangents {
        t_end: F::ZERO,
        end: vec![F::ZERO; n],
        saved: vec![F::ZERO; solution.saved.len()],
    };
    let (mut bars, mut bar_dots) = (zeros(), zeros());
    let value = loss(&solution, &tangents, &mut bars, &mut bar_dots);
    // The cotangent of a tangent is the gradient; that of the state is the gradient's derivative.
    let both = |dots: &[F], bars: &[F]| -> Vec<F> {
        let rows = dots.chunks_exact(n).zip(bars.chunks_exact(n));
        rows.flat_map(|(dot, bar)| dot.iter().chain(bar).copied()).collect()
    };
    let mut bar = both(&bar_dots.end, &bars.end);
    let saved = both(&bar_dots.saved, &bars.saved);
    let mut p_bars = (problem.p.zero_tangent(), problem.p.zero_tangent());
    let none = |_: Pulled<'_, F>, _: &mut [F], _: &mut (P::Tangent, P::Tangent), _: Slope<'_, F>| {};
    Sweep::new(
        &mut drive.track,
        &mut drive.stepper,
        &mut drive.dynamics,
        &saved,
        &mut bar,
        &mut p_bars,
        &none,
    )
    .run();
    Ok(SecondOrder {
        loss: value,
        y0: bar[n..].to_vec(),
        p: p_bars.1,
        y0_dot: bar[..n].to_vec(),
        p_dot: p_bars.0,
        solution,
    })
}

/// States and tangents apart.
fn split<F: Real>(both: &Solution<F>, n: usize) -> (Solution<F>, Solution<F>) {
    let part = |from: usize| {
        let rows = both.saved.chunks_exact(2 * n);
        Solution {
            y_end: both.y_end[from..from + n].to_vec(),
            saved: rows.flat_map(|row| row[from..from + n].iter().copied()).collect(),
            times: both.times.clone(),
            events: Vec::new(),
            dense: None,
            ..*both
        }
    };
    (part(0), part(n))
}
