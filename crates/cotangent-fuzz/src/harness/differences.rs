//! Central differences on a grid of steps, extrapolated, with an estimate of their own error.

/// A directional derivative by differences, and how far it can be trusted.
#[derive(Clone, Copy, Debug)]
pub struct Estimate {
    /// The derivative.
    pub value: f64,
    /// An estimate of its error; large near a jump or a kink.
    pub error: f64,
    /// The step that gave it.
    pub step: f64,
}

/// Each step is this fraction of the one before.
const SHRINK: f64 = 0.5;
const STEPS: usize = 9;
const FIRST_STEP: f64 = 0.015;

/// The derivative of `f` at 0 by Ridders' method (Ridders 1982, Advances in Engineering Software 4(2)).
///
/// At a kink nearer than the smallest step the differences of both sides disagree; their distance then enters the
/// error, so that the caller can tell a kink from a wrong derivative.
pub fn central(mut f: impl FnMut(f64) -> f64) -> Estimate {
    let middle = f(0.0);
    let mut best = Estimate {
        value: f64::NAN,
        error: f64::INFINITY,
        step: 0.0,
    };
    let mut row: Vec<f64> = Vec::new();
    let mut step = FIRST_STEP;
    let mut sides_differ = 0.0;
    for _ in 0..STEPS {
        let (right, left) = (f(step), f(-step));
        // Twice the second difference over the step: proportional to the step where f is smooth, constant at a kink.
        sides_differ = (right - 2.0 * middle + left).abs() / step;
        let mut next = vec![(right - left) / (2.0 * step)];
        let mut factor = 1.0 / (SHRINK * SHRINK);
        for (column, above) in row.iter().enumerate() {
            let here = next[column];
            let value = here + (here - above) / (factor - 1.0);
            factor /= SHRINK * SHRINK;
            let error = (value - here).abs().max((value - above).abs());
            if error <= best.error {
                best = Estimate { value, error, step };
            }
            next.push(value);
        }
        row = next;
        step *= SHRINK;
    }
    // Smooth functions of the generator have second derivatives well below 1e3: 1e3 · smallest step is about 0.06.
    let kink = 0.06 * (1.0 + best.value.abs());
    if sides_differ > kink {
        best.error = best.error.max(sides_differ);
    }
    best
}

#[cfg(test)]
mod tests {
    use super::central;

    #[test]
    fn a_smooth_function_has_a_small_error() {
        let estimate = central(|h| (0.7 + h).sin());
        // Ridders on doubles reaches about 1e-12 for a function of size 1.
        assert!(
            (estimate.value - 0.7f64.cos()).abs() < 1e-11,
            "{estimate:?}"
        );
        assert!(estimate.error < 1e-9, "{estimate:?}");
    }

    #[test]
    fn a_jump_or_kink_at_the_point_is_reported_as_an_error() {
        assert!(central(|h| if h > 1e-9 { 1.0 } else { 0.0 }).error > 1.0);
        assert!(central(|h: f64| (h - 1e-9).abs()).error > 0.5);
    }

    #[test]
    fn a_kink_at_some_distance_does_no_harm() {
        let estimate = central(|h: f64| (h - 1e-3).abs());
        assert!((estimate.value + 1.0).abs() < 1e-9, "{estimate:?}");
        assert!(estimate.error < 1e-6, "{estimate:?}");
    }
}
