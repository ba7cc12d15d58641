//! Boxes: projection on them, and which variables are held by them.

use crate::Error;

/// The box `lower ≤ x ≤ upper`; an empty slice is no bound.
#[derive(Clone, Copy)]
pub(crate) struct Bounds<'a> {
    lower: &'a [f64],
    upper: &'a [f64],
}

impl<'a> Bounds<'a> {
    /// Checks that there is a bound for each of `n` variables or none, and a point between them.
    pub(crate) fn new(lower: &'a [f64], upper: &'a [f64], n: usize) -> Result<Self, Error> {
        for (side, operation) in [(lower, "minimize: lower bounds"), (upper, "minimize: upper bounds")] {
            if !side.is_empty() {
                Error::shape(
                    operation,
                    (side.len(), 1),
                    (n, 1),
                    "give one for each variable; infinities are no bounds",
                )?;
            }
        }
        let bounds = Bounds { lower, upper };
        // False with NaN, too.
        let has_room = |i: usize| bounds.low(i) <= bounds.high(i);
        match (0..n).find(|&i| !has_room(i)) {
            Some(index) => Err(Error::Bounds {
                index,
                lower: bounds.low(index),
                upper: bounds.high(index),
            }),
            None => Ok(bounds),
        }
    }

    fn low(&self, i: usize) -> f64 {
        self.lower.get(i).copied().unwrap_or(f64::NEG_INFINITY)
    }

    fn high(&self, i: usize) -> f64 {
        self.upper.get(i).copied().unwrap_or(f64::INFINITY)
    }

    /// Whether there are any.
    pub(crate) fn any(&self) -> bool {
        !self.lower.is_empty() || !self.upper.is_empty()
    }

    /// Moves `x` to the nearest point of the box.
    pub(crate) fn project(&self, x: &mut [f64]) {
        if self.any() {
            for (i, x) in x.iter_mut().enumerate() {
                *x = x.max(self.low(i)).min(self.high(i));
            }
        }
    }

    /// Whether the variable may move downhill: it does not stand at a bound that the gradient pushes it against.
    pub(crate) fn is_free(&self, i: usize, x: f64, gradient: f64) -> bool {
        !(x <= self.low(i) && gradient > 0.0 || x >= self.high(i) && gradient < 0.0)
    }

    /// The largest component of `x − P(x − gradient)`, which is zero at a minimum in the box.
    pub(crate) fn optimality(&self, x: &[f64], gradient: &[f64]) -> f64 {
        let component = |(i, (x, g)): (usize, (&f64, &f64))| {
            let moved = (x - g).max(self.low(i)).min(self.high(i));
            // Without bounds exactly the gradient, free of the rounding of x − (x − g).
            if moved == x - g { g.abs() } else { (x - moved).abs() }
        };
        x.iter().zip(gradient).enumerate().map(component).fold(0.0, f64::max)
    }
}
