//! Newton's method in a trust region.

use super::bounds::Bounds;
use super::problem::{Minimum, Objective2, Options, Point, Problem, Reason, along, difference, dot, norm, stop};
use crate::Error;

/// Minimises by Newton's method: conjugate gradients on the quadratic model in a trust region (Steihaug 1983; Nocedal and Wright
/// 2006, algorithms 4.1 and 7.2), by exact products with the Hessian, which is never formed.
///
/// With bounds, variables that the gradient pushes against theirs are held, and steps are projected.
///
/// # Errors
/// As of [`bfgs`](fn@super::bfgs).
///
/// # Cost
/// At most n products with the Hessian a step, each about four evaluations of the function; far fewer where the curvature has few
/// different values.
pub fn newton<F: Objective2>(f: &F, x0: &[f64], mut options: Options<'_>) -> Result<Minimum, Error> {
    let (mut problem, bounds, mut point) = Problem::start(f, x0, &options)?;
    if let Some(reason) = stop(&mut options, bounds, 0, &point, None) {
        return Ok(problem.finish(point, 0, bounds, reason));
    }
    let (mut radius, mut step) = (1f64.max(norm(&point.x)), 0);
    loop {
        let trial = model_step(&mut problem, bounds, &point, radius);
        let length = norm(&trial.s);
        // What is promised is no more than the rounding error of the value: nothing is left to gain.
        let rounding = 4.0 * f64::EPSILON * point.value.abs();
        let next = problem.at(along(&point.x, 1.0, &trial.s));
        let gained = point.value - next.value;
        let ratio = match (next.is_finite(), trial.promised > rounding) {
            (false, _) => f64::NEG_INFINITY,
            (true, true) => gained / trial.promised, // finite: the value is, and the promise is not small
            // Values tell nothing any more; a smaller gradient does.
            (true, false) if bounds.optimality(&next.x, &next.gradient) < bounds.optimality(&point.x, &point.gradient) => 1.0,
            (true, false) => return Ok(problem.finish(point, step, bounds, Reason::Precision)),
        };
        if ratio > 0.75 && trial.at_edge {
            radius *= 2.0;
        } else if ratio < 0.25 {
            radius = 0.25 * length.min(radius);
        }
        if ratio > 1e-4 {
            step += 1;
            if let Some(reason) = stop(&mut options, bounds, step, &next, Some(&point)) {
                return Ok(problem.finish(next, step, bounds, reason));
            }
            point = next;
        } else if radius <= f64::EPSILON * norm(&point.x).max(f64::MIN_POSITIVE) {
            return Ok(problem.finish(point, step, bounds, Reason::Precision));
        }
    }
}

/// A step in the trust region.
struct ModelStep {
    s: Vec<f64>,
    /// By how much the quadratic model falls.
    promised: f64,
    at_edge: bool,
}

/// Approximately the minimum of the quadratic model over the free variables, projected on the bounds.
fn model_step<F: Objective2>(problem: &mut Problem<'_, F>, bounds: Bounds<'_>, point: &Point, radius: f64) -> ModelStep {
    let free: Vec<bool> = (0..point.x.len())
        .map(|i| bounds.is_free(i, point.x[i], point.gradient[i]))
        .collect();
    let mut hessian = |v: &[f64]| -> Vec<f64> {
        problem.products += 1;
        let (_, _, (product,)) = problem.f.grad_and_hvp((&point.x,), (v,));
        product
    };
    let (p, at_edge) = conjugate_gradients(&mut hessian, &point.gradient, &free, radius);
    let mut promise = |s: &[f64]| -dot(&point.gradient, s) - 0.5 * dot(s, &hessian(s));
    let project = |d: &[f64]| {
        let mut x = along(&point.x, 1.0, d);
        bounds.project(&mut x);
        difference(&x, &point.x)
    };
    let s = if bounds.any() { project(&p) } else { p };
    let promised = promise(&s);
    if promised > 0.0 || !bounds.any() {
        return ModelStep { s, promised, at_edge };
    }
    // Projection spoiled the step: back along the projected gradient, until the model falls.
    let mut length = radius / norm(&point.gradient);
    for _ in 0..60 {
        let down: Vec<f64> = point.gradient.iter().map(|g| -length * g).collect();
        let s = project(&down);
        let promised = promise(&s);
        if promised >= -0.1 * dot(&point.gradient, &s) {
            return ModelStep {
                s,
                promised,
                at_edge: false,
            };
        }
        length *= 0.25;
    }
    ModelStep {
        s: vec![0.0; point.x.len()],
        promised: 0.0,
        at_edge: false,
    }
}

/// The minimum of `g·p + ½ p·H p` with `|p| ≤ radius` over the free variables, as far as conjugate gradients take it, and whether it
/// lies at the edge. Near a minimum the tolerance falls with the gradient, which makes convergence quadratic.
fn conjugate_gradients(hessian: &mut impl FnMut(&[f64]) -> Vec<f64>, gradient: &[f64], free: &[bool], radius: f64) -> (Vec<f64>, bool) {
    let masked = |v: &[f64], sign: f64| -> Vec<f64> { v.iter().zip(free).map(|(v, free)| if *free { sign * v } else { 0.0 }).collect() };
    let mut p = vec![0.0; gradient.len()];
    let mut residual = masked(gradient, -1.0);
    let mut d = residual.clone();
    let size = norm(&residual);
    let tolerance = size * 0.5f64.min(size.sqrt());
    let mut squared = size * size;
    for _ in 0..2 * gradient.len() + 10 {
        if squared.sqrt() <= tolerance {
            break;
        }
        let hd = masked(&hessian(&d), 1.0);
        let curvature = dot(&d, &hd);
        let alpha = squared / curvature;
        let next = along(&p, alpha, &d);
        if curvature <= 0.0 || curvature.is_nan() || norm(&next) >= radius {
            return (along(&p, to_edge(&p, &d, radius), &d), true);
        }
        p = next;
        residual = along(&residual, -alpha, &hd);
        let now = dot(&residual, &residual);
        d = along(&residual, now / squared, &d);
        squared = now;
    }
    (p, false)
}

/// The positive `t` with `|p + t d| = radius`.
fn to_edge(p: &[f64], d: &[f64], radius: f64) -> f64 {
    let (dd, pd, gap) = (dot(d, d), dot(p, d), radius * radius - dot(p, p));
    let root = (pd * pd + dd * gap.max(0.0)).sqrt();
    // Of the two forms the one without cancellation.
    if pd > 0.0 { gap / (pd + root) } else { (root - pd) / dd }
}
