//! Failure as a value: why, where, and what had been computed until then.

use core::fmt;

use cotangent::Real;

use crate::solution::Solution;

/// Why an integration ended before its end.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Reason {
    /// The step size fell below what the number type resolves at this time.
    StepUnderflow {
        /// The last step size that was tried.
        h: f64,
        /// The error of the last step that was tried, in units of the tolerance.
        error: f64,
    },
    /// More steps than `Options::max_steps`.
    TooManySteps(usize),
    /// The right-hand side, or the state after a step of any size, is not finite.
    NonFinite {
        /// The first component that is not finite.
        component: usize,
    },
    /// Newton's iteration converged with no step size.
    Newton,
    /// The iteration matrix is singular with any step size.
    Singular,
    /// An event that had to happen did not.
    EventNotReached {
        /// Its place in the problem's list.
        event: usize,
    },
    /// The integration succeeded, but a component of its gradient is not finite.
    GradientNonFinite {
        /// The first one, counted over the initial state and then the parameters.
        component: usize,
    },
    /// No state near by has the value of the invariant.
    Projection,
    /// The problem or the options make no sense: which, and what to do.
    Invalid(String),
}

/// An integration that failed, with the part that succeeded.
#[derive(Clone, Debug)]
pub struct Failure<F = f64> {
    /// Why.
    pub reason: Reason,
    /// Where in time.
    pub t: F,
    /// All until then: the state at its end is the last that was reached.
    pub partial: Box<Solution<F>>,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::StepUnderflow { h, error } => write!(
                f,
                "the step size fell to {h:.1e} and the error is still {error:.1e} times the tolerance; the solution may be \
                 singular here, the problem stiff (choose an implicit method), or the tolerance too small for the number type"
            ),
            Reason::TooManySteps(steps) => write!(
                f,
                "more than {steps} steps; raise `Options::max_steps`, loosen the tolerances, or choose a method for stiff problems"
            ),
            Reason::NonFinite { component } => write!(
                f,
                "component {component} is not finite with any step size; look at the right-hand side there (a division by \
                 zero, a root or logarithm of a negative number, or a solution that grows without bound)"
            ),
            Reason::Newton => write!(
                f,
                "Newton's iteration did not converge with any step size; look at the Jacobian there"
            ),
            Reason::Singular => write!(
                f,
                "the iteration matrix is singular with any step size; is the mass matrix of index 1?"
            ),
            Reason::EventNotReached { event } => write!(f, "event {event} had to happen and did not; extend the interval"),
            Reason::GradientNonFinite { component } => write!(
                f,
                "component {component} of the gradient (initial state first, then parameters) is not finite; the right-hand side \
                 has an infinite slope on the way, such as a root at 0"
            ),
            Reason::Projection => write!(f, "no state near by has the invariant's value at the start; tighten the tolerances"),
            Reason::Invalid(what) => f.write_str(what),
        }
    }
}

impl<F: Real> fmt::Display for Failure<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "integration failed at t = {}: {}", self.t, self.reason)
    }
}

impl<F: Real> std::error::Error for Failure<F> {}
