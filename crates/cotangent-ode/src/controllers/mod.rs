//! The choice of step sizes.

use cotangent::Real;

/// A PID controller of the step size: after a step with the error `e` (in units of the tolerance) the next is
/// `safety · e₀^(-β₁/k) · e₁^(-β₂/k) · e₂^(-β₃/k)` times as long, `k` being the order of the error estimate plus 1 and
/// `e₀, e₁, e₂` the errors of this step and the two before.
///
/// Source: Söderlind, *Digital filters in adaptive time-stepping*, ACM TOMS 29 (2003); the limits as in Hairer, Nørsett,
/// Wanner I, II.4.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Controller {
    /// β₁, β₂, β₃.
    pub beta: [f64; 3],
    /// The factor below 1 that makes it likely that the next step is accepted.
    pub safety: f64,
    /// The most that a step shrinks by.
    pub smallest: f64,
    /// The most that a step grows by.
    pub largest: f64,
}

impl Controller {
    /// The error of this step alone: for implicit methods, whose errors are less regular.
    pub const I: Self = Self::with([1.0, 0.0, 0.0]);
    /// Proportional and integral: the default.
    pub const PI: Self = Self::with([0.7, -0.4, 0.0]);
    /// Söderlind's H211PI: smoother sequences of steps, for problems with limited smoothness.
    pub const H211_PI: Self = Self::with([1.0 / 6.0, 1.0 / 6.0, 0.0]);
    /// Söderlind's H312PID: smoothest; for problems at the limit of stability.
    pub const PID: Self = Self::with([1.0 / 18.0, 1.0 / 9.0, 1.0 / 18.0]);

    const fn with(beta: [f64; 3]) -> Self {
        Controller {
            beta,
            safety: 0.9,
            smallest: 0.2,
            largest: 10.0,
        }
    }
}

/// A controller at work: its memory of errors.
#[derive(Clone, Debug)]
pub(crate) struct Memory<F> {
    beta: [F; 3],
    safety: F,
    smallest: F,
    largest: F,
    previous: [F; 2],
    rejected: bool,
}

impl<F: Real> Memory<F> {
    pub fn new(controller: &Controller, exponent: usize) -> Self {
        let order = exponent as f64;
        Memory {
            beta: controller.beta.map(|b| F::from_f64(b / order)),
            safety: F::from_f64(controller.safety),
            smallest: F::from_f64(controller.smallest),
            largest: F::from_f64(controller.largest),
            previous: [F::ONE; 2],
            rejected: false,
        }
    }

    /// Forgets: behind a jump.
    pub fn restart(&mut self) {
        self.previous = [F::ONE; 2];
        self.rejected = false;
    }

    /// The factor after a step that is accepted.
    #[inline]
    pub fn accepted(&mut self, error: F) -> F {
        // An error of zero would ask for an infinite step.
        let error = error.max(F::from_f64(1e-10));
        let [b1, b2, b3] = self.beta;
        let mut factor = self.safety * power(error, -b1);
        if b2 != F::ZERO {
            factor *= power(self.previous[0], -b2);
        }
        if b3 != F::ZERO {
            factor *= power(self.previous[1], -b3);
        }
        self.previous = [error, self.previous[0]];
        let largest = if self.rejected { F::ONE } else { self.largest };
        self.rejected = false;
        factor.max(self.smallest).min(largest)
    }

    /// The factor after a step that is rejected.
    pub fn rejected(&mut self, error: F) -> F {
        self.rejected = true;
        let factor = if error.is_finite() {
            self.safety * power(error, -(self.beta[0] + self.beta[1] + self.beta[2]).max(self.beta[0]))
        } else {
            self.smallest
        };
        factor.max(self.smallest).min(self.safety)
    }
}

/// `x^y` for positive `x`.
#[inline]
fn power<F: Real>(x: F, y: F) -> F {
    if x == F::ONE { x } else { x.powf(y) }
}
