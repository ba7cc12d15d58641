//! The discrete adjoint: the pullback of each accepted step, from the last to the first.
//!
//! The steps' sizes are constants of differentiation. So the result is the exact derivative, to rounding, of the numbers
//! that were computed; it is not an approximation of the adjoint differential equation.

use cotangent::Real;

use crate::dynamics::Reversible;
use crate::events::Slope;
use crate::invariant::{Project, PullProjection};
use crate::stepper::{Points, ReverseStepper, Span};
use crate::track::{Cause, Keep, Replay, Track};

/// An event to be pulled back.
pub(crate) struct Pulled<'a, F> {
    pub event: usize,
    pub t: F,
    pub before: &'a [F],
    pub behind: &'a [F],
    /// Whether it ended the integration.
    pub last: bool,
}

/// The pullback of events: cotangent of the state, of the parameters, and the slope.
pub(crate) type PullEvent<'a, F, B> = &'a dyn Fn(Pulled<'_, F>, &mut [F], &mut B, Slope<'_, F>);

/// One sweep.
pub(crate) struct Sweep<'a, F, S, D: Reversible<F>>
where
    F: Real,
{
    pub track: &'a mut Track<F>,
    pub stepper: &'a mut S,
    pub dynamics: &'a mut D,
    /// Cotangents of the saved states, a row each.
    pub saved: &'a [F],
    /// The cotangent of the state, moving from the end to the start.
    pub bar: &'a mut [F],
    pub p_bar: &'a mut D::Bar,
    pull: PullEvent<'a, F, D::Bar>,
    project: Option<&'a dyn PullProjection<F, D::Bar>>,
    level_bar: F,
    end: Vec<F>,
    /// The place in the step before from which an event took its state.
    left_at: Option<F>,
    thetas: Vec<F>,
    inside: Vec<F>,
    /// Save points that are still to come.
    points: usize,
    /// Joints that are still to come.
    joints: usize,
}

impl<'a, F: Real, S: ReverseStepper<F, D>, D: Reversible<F>> Sweep<'a, F, S, D> {
    pub fn new(
        track: &'a mut Track<F>,
        stepper: &'a mut S,
        dynamics: &'a mut D,
        saved: &'a [F],
        bar: &'a mut [F],
        p_bar: &'a mut D::Bar,
        pull: PullEvent<'a, F, D::Bar>,
    ) -> Self {
        let (points, joints) = (track.points.len(), track.joints.len());
        Sweep {
            track,
            stepper,
            dynamics,
            saved,
            bar,
            p_bar,
            pull,
            project: None,
            level_bar: F::ZERO,
            end: Vec::new(),
            left_at: None,
            thetas: Vec::new(),
            inside: Vec::new(),
            points,
            joints,
        }
    }

    /// With the projection that followed each step, if one did.
    #[must_use]
    pub fn with_projection(mut self, project: Option<&'a dyn PullProjection<F, D::Bar>>) -> Self {
        self.end = vec![F::ZERO; self.bar.len()];
        self.project = project;
        self
    }

    /// Sweeps over all steps.
    pub fn run(&mut self) {
        self.sweep();
        if let Some(project) = self.project {
            project.pull_level(self.level_bar, self.bar, self.p_bar);
        }
    }

    fn sweep(&mut self) {
        self.stepper.reverse_begin();
        let steps = self.track.spans.len();
        self.joint(steps);
        if !matches!(self.track.keep, Keep::Bytes(_)) {
            return self.stretch(0, steps);
        }
        let mut end = steps;
        while end > 0 {
            let replay = Replay::from_kept(self.track, self.track.kept_before(end - 1));
            let start = replay.start();
            self.piece(replay, end);
            end = start;
        }
    }

    /// The steps from the replay's state to `end`, as many at a time as there is memory for.
    fn piece(&mut self, mut replay: Replay<F>, end: usize) {
        let start = replay.start();
        if end - start <= self.track.stretch() {
            let project = self.project.map(|p| p as &dyn Project<F>);
            replay.run(self.track, self.stepper, self.dynamics, end, true, project);
            return self.stretch(start, end);
        }
        let middle = usize::midpoint(start, end);
        let mut later = replay.fork();
        let project = self.project.map(|p| p as &dyn Project<F>);
        later.run(self.track, self.stepper, self.dynamics, middle, false, project);
        self.piece(later, end);
        self.piece(replay, middle);
    }

    /// Steps whose records are at hand.
    fn stretch(&mut self, start: usize, end: usize) {
        for step in (start..end).rev() {
            self.step(step);
            self.joint(step);
        }
    }

    fn step(&mut self, step: usize) {
        let n = self.bar.len();
        self.thetas.clear();
        self.inside.clear();
        let left_at = self.left_at.take();
        match left_at {
            Some(theta) if theta != F::ONE => {
                self.thetas.push(theta);
                self.inside.extend_from_slice(self.bar);
                self.bar.fill(F::ZERO);
            }
            _ => {}
        }
        while self.points > 0 && self.track.points[self.points - 1].0 == step {
            self.points -= 1;
            let theta = self.track.points[self.points].1;
            let row = &self.saved[self.points * n..][..n];
            if theta == F::ONE {
                // The state at the end of the step itself.
                for (bar, &row) in self.bar.iter_mut().zip(row) {
                    *bar += row;
                }
            } else {
                self.thetas.push(theta);
                self.inside.extend_from_slice(row);
            }
        }
        let (t, h) = self.track.spans[step];
        if left_at.is_none() {
            self.unproject(step);
        }
        let points = Points {
            thetas: &self.thetas,
            bars: &self.inside,
        };
        self.stepper
            .reverse_step(self.dynamics, Span { t, h }, self.track.record(step), points, self.bar, self.p_bar);
    }

    /// The pullback of the projection behind `step`, and of the new start behind that.
    fn unproject(&mut self, step: usize) {
        let Some(project) = self.project else { return };
        let (t, h) = self.track.spans[step];
        self.stepper.interpolate(h, self.track.record(step), F::ONE, &mut self.end);
        let mut behind = self.end.clone();
        project.project(t + h, &mut behind);
        self.stepper.reverse_restart(self.dynamics, t + h, &behind, self.bar, self.p_bar);
        project.pull(t + h, &self.end, self.bar, self.p_bar, &mut self.level_bar);
    }

    /// What stands before step `step`, if anything does: of several at one place the last first.
    fn joint(&mut self, step: usize) {
        let last = step == self.track.spans.len();
        while let Some(joint) = self
            .track
            .joints
            .get(self.joints.wrapping_sub(1))
            .filter(|joint| joint.step == step)
        {
            self.joints -= 1;
            if !last {
                self.stepper.reverse_restart(self.dynamics, joint.t, &joint.y, self.bar, self.p_bar);
            }
            let Cause::Event { event, theta } = joint.cause else { continue };
            let pulled = Pulled {
                event,
                t: joint.t,
                before: &joint.before,
                behind: &joint.y,
                last,
            };
            let dynamics = &mut *self.dynamics;
            (self.pull)(pulled, self.bar, self.p_bar, &mut |t, y, dy| dynamics.slope(t, y, dy));
            self.left_at = Some(theta);
        }
    }
}
