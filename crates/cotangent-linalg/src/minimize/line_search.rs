//! Line searches: how far to go along a direction.

use super::bounds::Bounds;
use super::problem::{Objective, Point, Problem, along, difference, dot};

/// Sufficient decrease: this part of what the slope promises.
const DECREASE: f64 = 1e-4;
/// Curvature: the slope has fallen to this part.
const CURVATURE: f64 = 0.9;
/// Values that differ by less, relative to themselves, tell nothing; the slopes decide then (Hager and Zhang 2005).
const RESOLUTION: f64 = 1e-14;
const TRIALS: usize = 60;

/// A point of the line, with how far along it lies.
struct Trial {
    alpha: f64,
    point: Point,
    slope: f64,
}

/// A point that satisfies the strong Wolfe conditions (Nocedal and Wright 2006, algorithms 3.5 and 3.6), or `None` if rounding
/// leaves none. Points where the function is not finite count as too far.
pub(crate) fn wolfe<F: Objective>(problem: &mut Problem<'_, F>, start: &Point, d: &[f64], first: f64) -> Option<Point> {
    let slope = dot(&start.gradient, d);
    let mut search = Search { problem, start, d, slope };
    let mut low = Trial {
        alpha: 0.0,
        point: start.clone(),
        slope,
    };
    let mut alpha = first;
    for k in 0..TRIALS {
        let trial = search.at(alpha);
        if search.too_high(&trial) || (k > 0 && trial.point.value >= low.point.value && !search.flat(&trial)) {
            return search.zoom(low, trial);
        }
        if search.curved(&trial) {
            return Some(trial.point);
        }
        if trial.slope >= 0.0 {
            return search.zoom(trial, low);
        }
        low = trial;
        alpha *= 2.0;
    }
    // The function falls without end along the line; the furthest point is a good one.
    (low.alpha > 0.0).then_some(low.point)
}

struct Search<'p, 'f, F> {
    problem: &'p mut Problem<'f, F>,
    start: &'p Point,
    d: &'p [f64],
    slope: f64,
}

impl<F: Objective> Search<'_, '_, F> {
    fn at(&mut self, alpha: f64) -> Trial {
        let point = self.problem.at(along(&self.start.x, alpha, self.d));
        let slope = dot(&point.gradient, self.d);
        Trial { alpha, point, slope }
    }

    /// Whether the value cannot be told from that at the start.
    fn flat(&self, trial: &Trial) -> bool {
        trial.point.value <= self.start.value + RESOLUTION * self.start.value.abs() && trial.slope <= (2.0 * DECREASE - 1.0) * self.slope
    }

    fn too_high(&self, trial: &Trial) -> bool {
        let bound = self.start.value + DECREASE * trial.alpha * self.slope;
        !trial.point.is_finite() || trial.point.value > bound && !self.flat(trial)
    }

    fn curved(&self, trial: &Trial) -> bool {
        trial.slope.abs() <= -CURVATURE * self.slope
    }

    /// Narrows an interval between the best point that falls enough, `low`, and one beyond the minimum, `high`.
    fn zoom(&mut self, mut low: Trial, mut high: Trial) -> Option<Point> {
        for _ in 0..TRIALS {
            let alpha = between(&low, &high);
            if alpha == low.alpha || alpha == high.alpha {
                break;
            }
            let trial = self.at(alpha);
            if self.too_high(&trial) || trial.point.value >= low.point.value && !self.flat(&trial) {
                high = trial;
                continue;
            }
            if self.curved(&trial) {
                return Some(trial.point);
            }
            if trial.slope * (high.alpha - low.alpha) >= 0.0 {
                high = std::mem::replace(&mut low, trial);
            } else {
                low = trial;
            }
        }
        (low.alpha > 0.0 && low.point.value < self.start.value).then_some(low.point)
    }
}

/// The minimum of the cubic through both ends (Nocedal and Wright 2006, equation 3.59), kept away from them.
fn between(a: &Trial, b: &Trial) -> f64 {
    let width = b.alpha - a.alpha;
    let middle = a.alpha + 0.5 * width;
    if !b.point.is_finite() {
        return a.alpha + 0.1 * width;
    }
    let d1 = a.slope + b.slope - 3.0 * (a.point.value - b.point.value) / (a.alpha - b.alpha);
    let d2 = (d1 * d1 - a.slope * b.slope).sqrt().copysign(width);
    let alpha = b.alpha - width * (b.slope + d2 - d1) / (b.slope - a.slope + 2.0 * d2);
    let inside = (alpha - a.alpha) / width;
    if inside.is_finite() && (0.1..=0.9).contains(&inside) {
        alpha
    } else {
        middle
    }
}

/// A point on the projected path `P(x + alpha d)` that falls enough (Bertsekas 1982), or `None` if rounding leaves none.
pub(crate) fn projected<F: Objective>(
    problem: &mut Problem<'_, F>,
    bounds: Bounds<'_>,
    start: &Point,
    d: &[f64],
    first: f64,
) -> Option<Point> {
    let mut alpha = first;
    for _ in 0..TRIALS {
        let mut x = along(&start.x, alpha, d);
        bounds.project(&mut x);
        let promised = dot(&start.gradient, &difference(&x, &start.x));
        // Negative unless the whole direction is projected away.
        if promised >= 0.0 {
            return None;
        }
        let point = problem.at(x);
        // Where values are flat a smaller gradient is the better one.
        let flat = || {
            (point.value - start.value).abs() <= RESOLUTION * start.value.abs()
                && bounds.optimality(&point.x, &point.gradient) < bounds.optimality(&start.x, &start.gradient)
        };
        if point.is_finite() && (point.value <= start.value + DECREASE * promised || flat()) {
            return Some(point);
        }
        alpha *= if point.is_finite() { 0.5 } else { 0.1 };
    }
    None
}
