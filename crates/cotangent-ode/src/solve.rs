//! The entry points without gradients.

use cotangent::{Differentiable, Real};

use crate::drive::{Drive, Times};
use crate::dynamics::{Dynamics, Plain};
use crate::error::{Failure, Reason};
use crate::events::Events;
use crate::invariant::{Project, Projection};
use crate::options::Options;
use crate::problem::Problem;
use crate::rhs::Rhs;
use crate::solution::{Dense, Solution};
use crate::stepper::{Method, Stepper};
use crate::track::Keep;
use std::sync::Arc;

impl<R, P: Differentiable, F: Real> Problem<R, P, F> {
    pub(crate) fn mass_matrix(&self) -> Option<&[F]> {
        (!self.mass.is_empty()).then_some(&self.mass)
    }

    pub(crate) fn times(&self) -> Times<'_, F> {
        Times {
            t0: self.t0,
            t1: self.t1,
            save_at: &self.save_at,
            discontinuities: &self.discontinuities,
            interpolates: !self.events.is_empty(),
        }
    }
}

/// Integrates `problem` by `method`.
///
/// # Errors
/// A [`Failure`] says why and where the integration ended early, and holds the solution until there.
pub fn solve<R, P, F, M>(problem: &Problem<R, P, F>, method: M, options: &Options) -> Result<Solution<F>, Failure<F>>
where
    F: Real,
    P: Differentiable,
    R: Rhs<F, P>,
    M: Method<F>,
{
    let dynamics = Plain::new(&problem.rhs, &problem.p, problem.y0.len()).with_mass(problem.mass_matrix());
    let keep = if options.dense { Keep::All } else { Keep::Nothing };
    let events = Events::new(&problem.events, &problem.p, &[]);
    let projection = (problem.invariant.as_ref()).map(|invariant| Projection::new(invariant, &problem.p, problem.t0, &problem.y0));
    let mut drive = Drive::new(&method, dynamics, problem.y0.clone(), problem.times(), options, keep)
        .with_events(&events)
        .with_projection(projection.as_ref().map(|p| p as &dyn Project<F>));
    let end = drive.run();
    finish(drive, &method, options, end)
}

pub(crate) fn finish<F, S, D, M>(
    mut drive: Drive<'_, F, S, D>,
    method: &M,
    options: &Options,
    end: Result<(), (Reason, F)>,
) -> Result<Solution<F>, Failure<F>>
where
    F: Real,
    D: Dynamics<F>,
    S: Stepper<F> + Send + Sync + 'static,
    M: Method<F, Stepper = S>,
{
    if options.dense {
        let n = drive.dynamics.dim();
        let stepper = method.stepper(n, n, true);
        drive.solution.dense = Some(Dense {
            steps: core::mem::take(&mut drive.track.spans),
            records: core::mem::take(&mut drive.track.records),
            width: drive.track.width,
            interpolant: Arc::new(move |record, h, theta, y| stepper.interpolate(h, record, theta, y)),
        });
    }
    match end {
        Ok(()) => Ok(drive.solution),
        Err((reason, t)) => Err(Failure {
            reason,
            t,
            partial: Box::new(drive.solution),
        }),
    }
}
