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
/// The number of steps: the last is the first over 256.
const STEPS: usize = 9;
/// The first step for a point of size 1.
const FIRST_STEP: f64 = 0.015;
/// Differences of both sides that disagree by less than this, relative, are rounding and no kink.
const KINK: f64 = 1e-6;

/// The derivative of `f` at 0 by Ridders' method (Ridders 1982, Advances in Engineering Software 4(2), 75-76):
/// central differences for nine steps, Richardson-extrapolated, of which the one with the least error is taken.
///
/// `size` is the size of the point that `f` moves away from; the steps grow with it above 1.
///
/// At a kink nearer than the smallest step the central differences look smooth, but the differences of the two sides
/// disagree by the same amount for every step. That amount then enters the error, so that a kink is never mistaken
/// for a wrong derivative.
///
/// ```
/// let estimate = cotangent_check::central(1.0, |h| (0.7 + h).sin());
/// assert!((estimate.value - 0.7f64.cos()).abs() < 1e-11);
/// ```
pub fn central(size: f64, mut f: impl FnMut(f64) -> f64) -> Estimate {
    let middle = f(0.0);
    let mut best = Estimate {
        value: f64::NAN,
        error: f64::INFINITY,
        step: 0.0,
    };
    let mut row: Vec<f64> = Vec::new();
    let mut step = FIRST_STEP * size.abs().max(1.0);
    let mut disagreement = [f64::INFINITY; 2];
    for _ in 0..STEPS {
        let (right, left) = (f(step), f(-step));
        disagreement = [disagreement[1], (right - 2.0 * middle + left).abs() / step];
        row = extrapolated(&row, (right - left) / (2.0 * step), step, &mut best);
        step *= SHRINK;
    }
    let [before, last] = disagreement;
    // Where f is smooth the disagreement halves with the step.
    if last > 0.8 * before && last > KINK * (1.0 + best.value.abs()) {
        best.error = best.error.max(last);
    }
    best
}

/// The next row of Neville's table below `above`; keeps the entry of least error in `best`.
fn extrapolated(above: &[f64], first: f64, step: f64, best: &mut Estimate) -> Vec<f64> {
    let ratio = 1.0 / (SHRINK * SHRINK);
    let mut factor = ratio;
    let mut row = vec![first];
    for (column, old) in above.iter().enumerate() {
        let here = row[column];
        let value = here + (here - old) / (factor - 1.0);
        let error = (value - here).abs().max((value - old).abs());
        if error <= best.error {
            *best = Estimate { value, error, step };
        }
        row.push(value);
        factor *= ratio;
    }
    row
}

#[cfg(test)]
mod tests {
    use super::central;

    #[test]
    fn a_smooth_function_has_a_small_error() {
        let estimate = central(0.7, |h| (0.7 + h).sin());
        // Ridders on doubles reaches about 1e-12 for a function of size 1.
        assert!((estimate.value - 0.7f64.cos()).abs() < 1e-11, "{estimate:?}");
        assert!(estimate.error < 1e-9, "{estimate:?}");
    }

    #[test]
    fn steps_grow_with_the_point() {
        let estimate = central(1e6, |h| (1e6 + h).ln());
        assert!((estimate.value - 1e-6).abs() < 1e-14, "{estimate:?}");
    }

    #[test]
    fn a_jump_or_kink_at_the_point_is_reported_as_an_error() {
        assert!(central(1.0, |h| if h > 1e-9 { 1.0 } else { 0.0 }).error > 1.0);
        assert!(central(1.0, |h: f64| (h - 1e-9).abs()).error > 0.5);
    }

    #[test]
    fn a_kink_at_some_distance_does_no_harm() {
        let estimate = central(1.0, |h: f64| (h - 1e-3).abs());
        assert!((estimate.value + 1.0).abs() < 1e-9, "{estimate:?}");
        assert!(estimate.error < 1e-6, "{estimate:?}");
    }

    #[test]
    fn a_constant_and_a_steep_function_are_exact() {
        assert_eq!(central(1.0, |_| 3.0).value, 0.0);
        let steep = central(1.0, |h: f64| (30.0 * h).exp());
        // The tenth derivative is 30^10; with step 1.2e-4 and extrapolation 1e-8 of the value 30 is left.
        assert!((steep.value - 30.0).abs() < 1e-6, "{steep:?}");
    }
}
