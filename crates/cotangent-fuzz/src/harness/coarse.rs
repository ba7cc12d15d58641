//! Central differences of a function that passes through `f32`.
//!
//! Such a function is a staircase: its steps are 1e-7 wide and high, so over short distances it is flat, and differences
//! that all lie on one tread agree with each other on a wrong derivative. These stay longer than that.

use super::Estimate;

/// The first distance; each is half of the one before. Rounding adds 1e-7 / 0.002 to the last difference.
const FIRST_STEP: f64 = 0.016;
/// The number of distances: the last is 0.002.
const STEPS: usize = 4;
/// Both sides disagree by rounding alone up to this, relative.
const KINK: f64 = 2e-3;

/// The derivative of `f` at 0, its error estimated from two extrapolations that share one difference, and from the
/// disagreement of both sides, which does not vanish with the distance where a kink is near.
pub fn coarse(mut f: impl FnMut(f64) -> f64) -> Estimate {
    let middle = f(0.0);
    let steps: [f64; STEPS] = std::array::from_fn(|k| FIRST_STEP / f64::from(1 << k));
    let sides = steps.map(|h| (f(h), f(-h), h));
    let slopes = sides.map(|(right, left, h)| (right - left) / (2.0 * h));
    let bends = sides.map(|(right, left, h)| (right - 2.0 * middle + left).abs() / h);
    // The error of a central difference is a multiple of the square of its step.
    let better = |k: usize| slopes[k] + (slopes[k] - slopes[k - 1]) / 3.0;
    let value = better(STEPS - 1);
    let mut error = (value - better(STEPS - 2)).abs();
    let (before, last) = (bends[STEPS - 2], bends[STEPS - 1]);
    if last > 0.8 * before && last > KINK * (1.0 + value.abs()) {
        error = error.max(last);
    }
    Estimate {
        value,
        error,
        step: steps[STEPS - 1],
    }
}

#[cfg(test)]
mod tests {
    use super::coarse;

    #[test]
    fn a_staircase_of_f32_has_the_slope_of_the_smooth_function() {
        for k in 0..200 {
            let x = 0.5 + 0.007 * f64::from(k);
            let estimate = coarse(|h| f64::from(((x + h) as f32).sin() * 3.0) * x);
            let sure = 3.0 * x * x.cos();
            // Rounding of numbers up to 6 is 5e-7, twice that over two steps of 0.002 is 2.5e-4, and 4/3 of it is extrapolated.
            assert!((estimate.value - sure).abs() < 5e-4, "{estimate:?} {sure}");
            assert!(estimate.error < 1e-3, "{estimate:?}");
        }
    }

    #[test]
    fn a_jump_or_kink_near_the_point_is_an_error() {
        for distance in [1e-9, 1e-4, 1.9e-3, 3e-3] {
            let jump = coarse(|h| if h > distance { 1.0 } else { 0.0 });
            let kink = coarse(|h| (h - distance).abs());
            assert!(jump.error > 0.5 && kink.error > 0.02, "{jump:?} {kink:?}");
        }
    }
}
