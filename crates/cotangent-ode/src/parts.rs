//! A solve and its pullback, as two parts.

use cotangent::{Differentiable, Real, Tape};

use crate::adjoints::{Pulled, Sweep};
use crate::drive::{Drive, Times};
use crate::dynamics::Plain;
use crate::error::{Failure, Reason};
use crate::events::{Event, Events, Slope};
use crate::gradient::Cotangents;
use crate::invariant::{Invariant, Project, Projection, PullProjection};
use crate::options::Options;
use crate::problem::Problem;
use crate::rhs::Rhs;
use crate::solution::Solution;
use crate::stepper::{Method, ReverseStepper};
use crate::track::{Keep, Track};

/// A problem by reference.
pub(crate) struct Parts<'a, R, P: Differentiable, F: Real> {
    pub rhs: &'a R,
    pub p: &'a P,
    pub y0: &'a [F],
    pub times: Times<'a, F>,
    pub mass: Option<&'a [F]>,
    pub events: &'a [Event<P, F>],
    pub invariant: Option<&'a Invariant<P, F>>,
}

impl<R, P: Differentiable, F: Real> Problem<R, P, F> {
    pub(crate) fn parts(&self) -> Parts<'_, R, P, F> {
        Parts {
            rhs: &self.rhs,
            p: &self.p,
            y0: &self.y0,
            times: self.times(),
            mass: self.mass_matrix(),
            events: &self.events,
            invariant: self.invariant.as_ref(),
        }
    }
}

/// A solve whose steps were kept.
pub(crate) struct Kept<'a, R, P: Differentiable, F: Real, S> {
    parts: &'a Parts<'a, R, P, F>,
    track: Track<F>,
    stepper: S,
    pub dynamics: Plain<'a, F, R, P>,
}

impl<R, P, F> Parts<'_, R, P, F>
where
    F: Real,
    P: Differentiable,
    R: Rhs<F, P>,
{
    #[allow(clippy::type_complexity)]
    /// Integrates, and keeps the steps as `keep` says.
    pub fn run<'a, M: Method<F>>(
        &'a self,
        method: &M,
        options: &Options,
        keep: Keep,
    ) -> Result<(Solution<F>, Kept<'a, R, P, F, M::Stepper>), Failure<F>> {
        let dynamics = Plain::new(self.rhs, self.p, self.y0.len()).with_mass(self.mass);
        let events = Events::new(self.events, self.p, &[]);
        let projection = self.projection();
        let mut drive = Drive::new(method, dynamics, self.y0.to_vec(), self.times, options, keep)
            .with_events(&events)
            .with_projection(projection.as_ref().map(|p| p as &dyn Project<F>));
        match drive.run() {
            Ok(()) => {
                let kept = Kept {
                    parts: self,
                    track: drive.track,
                    stepper: drive.stepper,
                    dynamics: drive.dynamics,
                };
                Ok((drive.solution, kept))
            }
            Err((reason, t)) => Err(failure(reason, t, drive.solution)),
        }
    }
}

impl<R, P: Differentiable, F: Real> Parts<'_, R, P, F> {
    fn projection(&self) -> Option<Projection<'_, P, F>> {
        self.invariant
            .map(|invariant| Projection::new(invariant, self.p, self.times.t0, self.y0))
    }
}

pub(crate) fn failure<F>(reason: Reason, t: F, partial: Solution<F>) -> Failure<F> {
    Failure {
        reason,
        t,
        partial: Box::new(partial),
    }
}

impl<R, P, F, S> Kept<'_, R, P, F, S>
where
    F: Real,
    P: Differentiable,
    R: Rhs<F, P>,
{
    /// The pullback: the cotangent of the initial state; that of the parameters is added to `p_bar`.
    pub fn pull(mut self, bars: &Cotangents<F>, p_bar: &mut P::Tangent) -> (Vec<F>, Self)
    where
        S: for<'b> ReverseStepper<F, Plain<'b, F, R, P>>,
    {
        let events = Events::new(self.parts.events, self.parts.p, &[]);
        let pull = |joint: Pulled<'_, F>, bar: &mut [F], p_bar: &mut P::Tangent, slope: Slope<'_, F>| {
            Tape::with(|tape| {
                let time = (bars.t_end, joint.last);
                events.pull(joint.event, joint.t, joint.before, joint.behind, time, bar, p_bar, tape, slope);
            });
        };
        let mut bar = bars.end.clone();
        let projection = self.parts.projection();
        let project = projection.as_ref().map(|p| p as &dyn PullProjection<F, P::Tangent>);
        Sweep::new(
            &mut self.track,
            &mut self.stepper,
            &mut self.dynamics,
            &bars.saved,
            &mut bar,
            p_bar,
            &pull,
        )
        .with_projection(project)
        .run();
        (bar, self)
    }
}
