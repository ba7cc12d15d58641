//! Forward sensitivities: tangents integrated beside the state, by the same steps.

use cotangent::{Differentiable, Leaves, Matrix, Real, Tangent};

use crate::drive::Drive;
use crate::dynamics::Directions;
use crate::error::{Failure, Reason};
use crate::events::Events;
use crate::options::Options;
use crate::problem::Problem;
use crate::rhs::Rhs;
use crate::solution::Solution;
use crate::stepper::Method;
use crate::track::Keep;

/// A solution with its derivatives by every component of the initial state and every parameter.
#[derive(Clone, Debug)]
pub struct Sensitivities<F = f64> {
    /// The solution.
    pub solution: Solution<F>,
    /// The derivatives of the state at the end: a row for each component, a column for each component of the initial
    /// state, then one for each leaf of the parameters.
    pub end: Matrix<F>,
    /// The same at each save point that was reached.
    pub saved: Vec<Matrix<F>>,
}

/// Integrates `problem` together with its derivatives by initial state and parameters.
///
/// The steps are those of [`solve`](crate::solve), and the derivatives are exact for them: they agree with
/// [`Gradient::Reverse`](crate::Gradient) to rounding.
///
/// # Errors
/// As [`solve`](crate::solve).
pub fn sensitivities<R, P, F, M>(problem: &Problem<R, P, F>, method: M, options: &Options) -> Result<Sensitivities<F>, Failure<F>>
where
    F: Real,
    P: Differentiable,
    R: Rhs<F, P>,
    M: Method<F>,
{
    let n = problem.y0.len();
    let p_dots = directions(n, &problem.p.zero_tangent());
    let dynamics = Directions::new(&problem.rhs, &problem.p, n, &p_dots);
    let mut start = vec![F::ZERO; n * (1 + p_dots.len())];
    start[..n].copy_from_slice(&problem.y0);
    for i in 0..n {
        // The direction of component i of the initial state.
        start[n * (1 + i) + i] = F::ONE;
    }
    let options = Options {
        dense: false,
        ..options.clone()
    };
    let refused = if !method.has_tangents() {
        Some("forward sensitivities by this method would need the derivative of the Jacobian; use `Gradient::Reverse`")
    } else if !problem.mass.is_empty() {
        Some("forward sensitivities take no mass matrix; use `Gradient::Reverse`")
    } else if problem.invariant.is_some() {
        Some("forward sensitivities are not projected on an invariant; use `Gradient::Reverse`")
    } else {
        None
    };
    let events = Events::new(&problem.events, &problem.p, &p_dots);
    let mut drive = Drive::new(&method, dynamics, start, problem.times(), &options, Keep::Nothing).with_events(&events);
    let end = refused.map_or_else(|| drive.run(), |why| Err((Reason::Invalid(why.into()), problem.t0)));
    let mut whole = drive.solution;
    let rows = whole.saved.chunks_exact(whole.y_end.len());
    let saved = rows.clone().map(|row| tangents(row, n)).collect();
    let states = rows.flat_map(|row| &row[..n]).copied().collect();
    let jacobian = tangents(&whole.y_end, n);
    whole.saved = states;
    whole.y_end.truncate(n);
    match end {
        Ok(()) => Ok(Sensitivities {
            solution: whole,
            end: jacobian,
            saved,
        }),
        Err((reason, t)) => Err(Failure {
            reason: match reason {
                // A tangent, not the state.
                Reason::NonFinite { component } if component >= n => Reason::GradientNonFinite {
                    component: component / n - 1,
                },
                reason => reason,
            },
            t,
            partial: Box::new(whole),
        }),
    }
}

/// The parameters' part of each direction: none for the initial state, then one leaf each.
fn directions<T: Tangent>(n: usize, zero: &T) -> Vec<T> {
    let count = zero.leaf_count();
    let mut all = vec![zero.clone(); n];
    let mut unit = vec![0.0_f64; count];
    for i in 0..count {
        unit[i] = 1.0;
        all.push(zero.unflatten(&unit));
        unit[i] = 0.0;
    }
    all
}

/// The blocks of tangents as columns.
fn tangents<F: Real>(z: &[F], n: usize) -> Matrix<F> {
    Matrix::from_fn(n, z.len() / n - 1, |i, j| z[n * (1 + j) + i])
}
