//! The discrete adjoint: the pullback of each accepted step, from the last to the first.
//!
//! The steps' sizes are constants of differentiation. So the result is the exact derivative, to rounding, of the numbers
//! that were computed; it is not an approximation of the adjoint differential equation.

use cotangent::Real;

use crate::dynamics::Reversible;
use crate::stepper::{Points, ReverseStepper, Span};
use crate::track::{Keep, Replay, Track};

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
    thetas: Vec<F>,
    inside: Vec<F>,
    /// Save points that are still to come.
    points: usize,
}

impl<'a, F: Real, S: ReverseStepper<F, D>, D: Reversible<F>> Sweep<'a, F, S, D> {
    pub fn new(
        track: &'a mut Track<F>,
        stepper: &'a mut S,
        dynamics: &'a mut D,
        saved: &'a [F],
        bar: &'a mut [F],
        p_bar: &'a mut D::Bar,
    ) -> Self {
        let points = track.points.len();
        Sweep {
            track,
            stepper,
            dynamics,
            saved,
            bar,
            p_bar,
            thetas: Vec::new(),
            inside: Vec::new(),
            points,
        }
    }

    /// Sweeps over all steps.
    pub fn run(&mut self) {
        self.stepper.reverse_begin();
        let steps = self.track.spans.len();
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
        if steps == 0 {
            self.stretch(0, 0);
        }
    }

    /// The steps from the replay's state to `end`, as many at a time as there is memory for.
    fn piece(&mut self, mut replay: Replay<F>, end: usize) {
        let start = replay.start();
        if end - start <= self.track.stretch() {
            replay.run(self.track, self.stepper, self.dynamics, end, true);
            return self.stretch(start, end);
        }
        let middle = usize::midpoint(start, end);
        let mut later = replay.fork();
        later.run(self.track, self.stepper, self.dynamics, middle, false);
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
        let points = Points {
            thetas: &self.thetas,
            bars: &self.inside,
        };
        self.stepper
            .reverse_step(self.dynamics, Span { t, h }, self.track.record(step), points, self.bar, self.p_bar);
    }

    /// What stands before step `step`, if anything does.
    fn joint(&mut self, step: usize) {
        let Ok(j) = self.track.joints.binary_search_by_key(&step, |joint| joint.step) else {
            return;
        };
        let joint = &self.track.joints[j];
        self.stepper.reverse_restart(self.dynamics, joint.t, &joint.y, self.bar, self.p_bar);
    }
}
