//! Laplace's approximation of a subject's likelihood, differentiated through the inner maximisation.
//!
//! With `h(b)` the negative log joint density, `-log ∫ exp(-h(b)) db ≈ h(b̂) + ½ log det h''(b̂) - q/2 log 2π`, where b̂
//! minimises `h` and q counts the effects (Tierney and Kadane 1986). The determinant of a Hessian is differentiated, which
//! takes third derivatives of the model; b̂ depends on the parameters through `h'(b̂) = 0`, which gives [`fn@mode`] its rule.

use super::data::Subject;
use super::model::{EFFECTS, PARAMETERS, joint};
use cotangent::prelude::*;

const LOG_2PI: f64 = 1.837_877_066_409_345_3;

/// Newton steps before the most likely effects are given up; ten are plenty for a density that is nearly normal.
const MAX_STEPS: usize = 100;

/// Minus the log of Laplace's approximation of a subject's likelihood.
#[differentiable(wrt(theta))]
pub fn laplace(theta: &[f64], subject: &Subject) -> f64 {
    let b = mode(theta, subject);
    let [xx, xy, yy] = curvature(&b, theta, subject);
    joint(&b, theta, subject) + 0.5 * (xx * yy - xy * xy).ln() - LOG_2PI
}

/// The sum of [`fn@laplace`] over the subjects.
#[differentiable(wrt(theta))]
pub fn population(theta: &[f64], subjects: &[Subject]) -> f64 {
    let mut total = 0.0;
    for subject in subjects {
        total += laplace(theta, subject);
    }
    total
}

/// Second derivatives of [`fn@joint`] in the effects: by both, row by row, without the one below the diagonal.
#[differentiable(wrt(b, theta))]
fn curvature(b: &[f64], theta: &[f64], subject: &Subject) -> [f64; 3] {
    let still = [0.0; PARAMETERS];
    let (first, second) = ([1.0, 0.0], [0.0, 1.0]);
    let x = joint::hvp(b, theta, subject, &first, &still, ());
    let y = joint::hvp(b, theta, subject, &second, &still, ());
    [x.b[0], x.b[1], y.b[1]]
}

/// The most likely random effects of a subject; `h'(b̂) = 0` gives `db̂ = -h''⁻¹ (∂h'/∂theta) dtheta`.
#[derivative(wrt(theta))]
impl mode {
    fn value(theta: &[f64], subject: &Subject) -> Vec<f64> {
        most_likely(theta, subject)
    }

    fn vjp(theta: &[f64], subject: &Subject, b_bar: &[f64], theta_bar: &mut [f64]) {
        let b = most_likely(theta, subject);
        let w = solve(curvature(&b, theta, subject), [b_bar[0], b_bar[1]]);
        let crossed = joint::hvp(&b, theta, subject, &w, &[0.0; PARAMETERS], ());
        for (bar, crossed) in theta_bar.iter_mut().zip(&crossed.theta) {
            *bar -= crossed;
        }
    }
}

/// Minimises [`fn@joint`] in the effects by Newton's method with halved steps; NaN where that does not end.
pub fn most_likely(theta: &[f64], subject: &Subject) -> Vec<f64> {
    let mut b = vec![0.0; EFFECTS];
    for _ in 0..MAX_STEPS {
        let (value, gradient) = joint::value_and_grad(&b, theta, subject);
        let [xx, xy, yy] = curvature(&b, theta, subject);
        // The larger of the eigenvalues' bounds lifts a Hessian that is not positive definite.
        let lift = (xy.abs() - xx.min(yy)).max(0.0);
        let shift = if xx * yy > xy * xy && xx > 0.0 { 0.0 } else { 1.1 * lift + 1e-8 };
        let step = solve([xx + shift, xy, yy + shift], [gradient.b[0], gradient.b[1]]);
        let mut length = 1.0;
        let mut next = moved(&b, &step, length);
        // A step below rounding neither gains nor loses.
        while joint(&next, theta, subject) > value + 1e-12 * value.abs() && length > 1e-10 {
            length *= 0.5;
            next = moved(&b, &step, length);
        }
        b = next;
        // Newton's error is the square of its last step.
        if step[0].abs().max(step[1].abs()) < 1e-9 {
            return b;
        }
    }
    vec![f64::NAN; EFFECTS]
}

fn moved(b: &[f64], step: &[f64; EFFECTS], length: f64) -> Vec<f64> {
    b.iter().zip(step).map(|(b, step)| b - length * step).collect()
}

/// Solves the symmetric system.
fn solve([xx, xy, yy]: [f64; 3], [x, y]: [f64; 2]) -> [f64; 2] {
    let determinant = xx * yy - xy * xy;
    [(yy * x - xy * y) / determinant, (xx * y - xy * x) / determinant]
}
