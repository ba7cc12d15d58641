//! When Newton's iteration has converged. Hairer, Wanner: Solving Ordinary Differential Equations II, IV.8.

use cotangent::Real;

use crate::tolerance::Tolerance;

/// What the last correction says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Converged,
    Again,
    Diverged,
    NonFinite,
}

/// One iteration at a time; remembers how fast it converges.
#[derive(Clone, Debug)]
pub(crate) struct Newton<F> {
    count: usize,
    norm: F,
    /// The last estimate of `θ / (1 - θ)`, kept from solve to solve.
    eta: F,
    /// The slowest rate since it was last asked for.
    worst: F,
}

impl<F: Real> Default for Newton<F> {
    fn default() -> Self {
        Newton {
            count: 0,
            norm: F::ZERO,
            eta: F::ONE,
            worst: F::ZERO,
        }
    }
}

impl<F: Real> Newton<F> {
    pub fn begin(&mut self) {
        self.count = 0;
        self.eta = self.eta.max(F::EPSILON).powf(F::from_f64(0.8));
    }

    /// Judges a correction at the state `y`. Without a tolerance the iteration goes on until rounding stops it.
    pub fn judge(&mut self, correction: &[F], y: &[F], tolerance: Option<&Tolerance<F>>) -> Verdict {
        let (norm, enough) = match tolerance {
            Some(tolerance) => (tolerance.norm(correction, y, y), F::from_f64(0.01)),
            None => {
                let tight = Tolerance::new(F::EPSILON.to_f64(), F::EPSILON.to_f64(), &[]);
                (tight.norm(correction, y, y), F::ONE)
            }
        };
        if !norm.is_finite() {
            return Verdict::NonFinite;
        }
        self.count += 1;
        if norm == F::ZERO {
            return Verdict::Converged;
        }
        if self.count > 1 {
            let theta = norm / self.norm;
            if tolerance.is_none() && self.count > 3 && theta > F::from_f64(0.5) && norm < F::from_f64(1e4) {
                return Verdict::Converged;
            }
            if theta >= F::ONE {
                return Verdict::Diverged;
            }
            self.worst = self.worst.max(theta);
            self.eta = theta / (F::ONE - theta);
        }
        self.norm = norm;
        if self.eta * norm <= enough {
            return Verdict::Converged;
        }
        let most = if tolerance.is_some() { 10 } else { 50 };
        if self.count >= most { Verdict::Diverged } else { Verdict::Again }
    }

    /// Whether it converged so slowly that a new Jacobian would pay.
    pub fn slow(&mut self) -> bool {
        let worst = core::mem::replace(&mut self.worst, F::ZERO);
        worst > F::from_f64(0.02)
    }
}
