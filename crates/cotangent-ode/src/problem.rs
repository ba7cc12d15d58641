//! What is to be integrated.

use cotangent::{Differentiable, Real};

use crate::events::Event;
use crate::invariant::Invariant;

/// An initial value problem `y' = f(t, y, p)`, `y(t0) = y0`.
///
/// ```
/// use cotangent::prelude::*;
/// use cotangent_ode::{Options, Problem, Tsit5, solve};
///
/// #[differentiable]
/// fn decay(t: f64, y: &[f64], p: &[f64; 1], dy: &mut [f64]) {
///     dy[0] = -p[0] * y[0];
/// }
///
/// let problem = Problem::new(differentiable!(decay), [1.0], (0.0, 2.0), [0.5]);
/// let solution = solve(&problem, Tsit5, &Options::default())?;
/// assert!((solution.y_end[0] - (-1.0_f64).exp()).abs() < 1e-6);
/// # Ok::<(), cotangent_ode::Failure>(())
/// ```
#[derive(Clone, Debug)]
pub struct Problem<R, P: Differentiable, F: Real = f64> {
    /// The right-hand side.
    pub rhs: R,
    /// The initial state.
    pub y0: Vec<F>,
    /// The start.
    pub t0: F,
    /// The end; it may lie before the start.
    pub t1: F,
    /// The parameters.
    pub p: P,
    /// Times at which the state is kept, in the direction of time.
    pub save_at: Vec<F>,
    /// Times at which the right-hand side is not smooth: steps end there, and the method begins anew.
    pub discontinuities: Vec<F>,
    /// The mass matrix `M` of `M y' = f`, row-major; empty is the identity. It may be singular, with index 1.
    pub mass: Vec<F>,
    /// What happens on the way.
    pub events: Vec<Event<P, F>>,
    /// What the solution keeps: the state is projected on it after each step.
    pub invariant: Option<Invariant<P, F>>,
}

impl<R, P: Differentiable, F: Real> Problem<R, P, F> {
    /// A problem on the interval from `t.0` to `t.1`.
    pub fn new(rhs: R, y0: impl Into<Vec<F>>, t: (F, F), p: P) -> Self {
        Problem {
            rhs,
            y0: y0.into(),
            t0: t.0,
            t1: t.1,
            p,
            save_at: Vec::new(),
            discontinuities: Vec::new(),
            mass: Vec::new(),
            events: Vec::new(),
            invariant: None,
        }
    }

    /// With save points, in the direction of time.
    #[must_use]
    pub fn save_at(mut self, times: impl Into<Vec<F>>) -> Self {
        self.save_at = times.into();
        self
    }

    /// With one event more.
    #[must_use]
    pub fn event(mut self, event: Event<P, F>) -> Self {
        self.events.push(event);
        self
    }

    /// With projection on an invariant after each step.
    #[must_use]
    pub fn invariant(mut self, invariant: Invariant<P, F>) -> Self {
        self.invariant = Some(invariant);
        self
    }

    /// With a constant mass matrix, row-major: `M y' = f(t, y, p)`. Rows of zeros are algebraic constraints, which must
    /// determine the remaining unknowns (index 1) and hold at the start. Only Rosenbrock methods take one.
    #[must_use]
    pub fn mass(mut self, mass: impl Into<Vec<F>>) -> Self {
        self.mass = mass.into();
        self
    }

    /// With times at which the right-hand side is not smooth, in the direction of time.
    #[must_use]
    pub fn discontinuities(mut self, times: impl Into<Vec<F>>) -> Self {
        self.discontinuities = times.into();
        self
    }
}
