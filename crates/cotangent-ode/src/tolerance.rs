//! Errors in units of what is tolerated.

use cotangent::Real;

/// Relative and absolute tolerance, the latter for all components or for each.
#[derive(Clone, Debug)]
pub struct Tolerance<F> {
    rtol: F,
    atol: F,
    each: Vec<F>,
}

impl<F: Real> Tolerance<F> {
    /// From `f64`; `each` replaces `atol` where it is not empty.
    pub fn new(rtol: f64, atol: f64, each: &[f64]) -> Self {
        Tolerance {
            rtol: F::from_f64(rtol),
            atol: F::from_f64(atol),
            each: each.iter().map(|&a| F::from_f64(a)).collect(),
        }
    }

    /// What is tolerated in component `i` at the size `magnitude`.
    #[inline(always)]
    pub fn scale(&self, i: usize, magnitude: F) -> F {
        self.each.get(i).copied().unwrap_or(self.atol) + self.rtol * magnitude
    }

    /// The relative tolerance.
    pub fn rtol(&self) -> F {
        self.rtol
    }

    /// The root mean square of `error` in units of the tolerance, at the larger of two states.
    /// Hairer, Nørsett, Wanner: Solving Ordinary Differential Equations I, eq. (II.4.11).
    #[inline]
    pub fn norm(&self, error: &[F], y: &[F], y_new: &[F]) -> F {
        let (n, y, y_new) = (error.len(), &y[..error.len()], &y_new[..error.len()]);
        let mut sum = F::ZERO;
        for i in 0..n {
            // A comparison, not `max`, which would hide a NaN in either.
            let (a, b) = (y[i].abs(), y_new[i].abs());
            let ratio = error[i] / self.scale(i, if a > b { a } else { b });
            sum += ratio * ratio;
        }
        (sum / F::from_usize(n.max(1))).sqrt()
    }
}
