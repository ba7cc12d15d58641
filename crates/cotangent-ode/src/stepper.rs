//! What a method is to the engine: steps forward, records of steps, and the pullback of a step.

use cotangent::{Differentiable, Real};

use crate::dynamics::{Dynamics, Plain};
use crate::rhs::Rhs;
use crate::tolerance::Tolerance;

/// A method of integration: made into a stepper for each problem.
pub trait Method<F: Real>: Clone {
    /// The method on one problem, with its buffers.
    type Stepper: Stepper<F> + Send + Sync + 'static;
    /// A stepper for a state of `dim` numbers, in blocks of `base`. With `dense` it can interpolate.
    fn stepper(&self, dim: usize, base: usize, dense: bool) -> Self::Stepper;
    /// The name, as in the literature.
    fn name(&self) -> &'static str;
    /// The order of convergence.
    fn order(&self) -> usize;
    /// Whether a step of the system with tangents gives the tangents of the step. Not so where a step uses the Jacobian itself.
    fn has_tangents(&self) -> bool {
        true
    }
    /// Whether the pullback of its steps holds for a system with tangents, too.
    fn has_second_order(&self) -> bool {
        false
    }
    /// Whether the state is positions and momenta, in halves of equal length.
    fn halves(&self) -> bool {
        false
    }
    /// Whether the method estimates its error, and so can choose its steps.
    fn adaptive(&self) -> bool;
}

/// Why a step could not be made; the engine tries a smaller one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepFailure {
    /// The right-hand side or the state is not finite.
    NonFinite,
    /// Newton's iteration did not converge.
    Newton,
    /// The matrix of the linear system is singular.
    Singular,
}

/// A step from `t` of the size `h`.
#[derive(Clone, Copy, Debug)]
pub struct Span<F> {
    /// The start.
    pub t: F,
    /// The size; negative backward in time.
    pub h: F,
}

/// A method on one problem.
///
/// A step is kept as a *record*: a flat slice of `width` numbers that begins with the state at the start of the step. From
/// it follow the state at its end, dense output, and the pullback.
pub trait Stepper<F: Real> {
    /// The length of a record.
    fn width(&self) -> usize;

    /// The order of the error estimate plus 1: its exponent in the choice of steps.
    fn error_exponent(&self) -> usize;

    /// Whether steps of equal size are cheaper, because a factorisation is used again.
    fn steady(&self) -> bool {
        false
    }

    /// Whether the method takes a mass matrix.
    fn takes_mass(&self) -> bool {
        false
    }

    /// Begins anew at `y`: at the start, and behind every jump.
    fn restart<D: Dynamics<F>>(&mut self, dynamics: &mut D, t: F, y: &[F]);

    /// Makes a step from the state at the start of `record`, writes the rest of the record as far as the error estimate
    /// needs it, and `y_new`. Returns the error in units of the tolerance, if there is one.
    ///
    /// # Errors
    /// Where the step cannot be made.
    fn attempt<D: Dynamics<F>>(
        &mut self,
        dynamics: &mut D,
        span: Span<F>,
        record: &mut [F],
        y_new: &mut [F],
        tolerance: Option<&Tolerance<F>>,
    ) -> Result<F, StepFailure>;

    /// Completes the record of a step that was accepted; the next step begins at its end.
    fn accept<D: Dynamics<F>>(&mut self, dynamics: &mut D, span: Span<F>, record: &mut [F], y_new: &[F]);

    /// Computes what only dense output needs of an accepted step.
    fn densify<D: Dynamics<F>>(&mut self, dynamics: &mut D, span: Span<F>, record: &mut [F]) {
        let _ = (dynamics, span, record);
    }

    /// Writes the state at `t + theta h` to `y`.
    fn interpolate(&self, h: F, record: &[F], theta: F, y: &mut [F]);

    /// The length of what passes from step to step beside the state.
    fn carry_len(&self) -> usize;
    /// Writes out what passes from step to step beside the state.
    fn save_carry(&self, carry: &mut [F]);
    /// Takes up what `save_carry` wrote.
    fn load_carry(&mut self, carry: &[F]);
}

/// Cotangents of states inside a step: at `theta`, one row of `bars` each.
#[derive(Clone, Copy, Debug)]
pub struct Points<'a, F> {
    /// Places in the step, 0 to 1.
    pub thetas: &'a [F],
    /// One row for each place.
    pub bars: &'a [F],
}

/// A stepper with the pullback of its steps, exact for the step as it was made; the step size is constant.
pub trait ReverseStepper<F: Real, D: crate::dynamics::Reversible<F>>: Stepper<F> {
    /// Prepares for a sweep: nothing flows in from later steps.
    fn reverse_begin(&mut self);

    /// The pullback of a step: `bar` is the cotangent of the state at its end, and becomes that at its start.
    fn reverse_step(&mut self, dynamics: &mut D, span: Span<F>, record: &[F], points: Points<'_, F>, bar: &mut [F], p_bar: &mut D::Bar);

    /// The pullback of [`restart`](Stepper::restart).
    fn reverse_restart(&mut self, dynamics: &mut D, t: F, y: &[F], bar: &mut [F], p_bar: &mut D::Bar);
}

/// A method whose steps can be pulled back for the right-hand side `R` with parameters `P`.
#[diagnostic::on_unimplemented(
    message = "no gradient by `{Self}` for this right-hand side",
    note = "Rosenbrock methods differentiate the Jacobian: put `#[differentiable(order = 2)]` on the right-hand side, or choose \
            another method"
)]
pub trait ReverseMethod<F: Real, R: Rhs<F, P>, P: Differentiable>:
    Method<F, Stepper: for<'a> ReverseStepper<F, Plain<'a, F, R, P>>>
{
}

impl<M, F, R, P> ReverseMethod<F, R, P> for M
where
    F: Real,
    R: Rhs<F, P>,
    P: Differentiable,
    M: Method<F, Stepper: for<'a> ReverseStepper<F, Plain<'a, F, R, P>>>,
{
}
