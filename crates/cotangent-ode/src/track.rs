//! What is kept of the steps that were made, for the reverse sweep and for dense output.

use cotangent::Real;

use crate::dynamics::Dynamics;
use crate::invariant::Project;
use crate::pool;
use crate::stepper::{Span, Stepper};

/// How much to keep.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Keep {
    /// Only the step at hand.
    Nothing,
    /// All records.
    All,
    /// Some states, in so many bytes; records are made again, a stretch at a time.
    Bytes(usize),
}

/// A place where the method began anew: the start, a discontinuity, behind an event.
#[derive(Clone, Debug)]
pub(crate) struct Joint<F> {
    /// The step that begins here.
    pub step: usize,
    /// When.
    pub t: F,
    /// The state behind it.
    pub y: Vec<F>,
    /// The state before it, where that is another one.
    pub before: Vec<F>,
    /// Why.
    pub cause: Cause<F>,
}

/// Why the method began anew.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Cause<F> {
    Start,
    Discontinuity,
    /// An event of the step before, at this place in it.
    Event {
        event: usize,
        theta: F,
    },
}

/// The steps of one integration.
#[derive(Debug)]
pub(crate) struct Track<F: Real> {
    pub keep: Keep,
    pub width: usize,
    pub spans: Vec<(F, F)>,
    pub joints: Vec<Joint<F>>,
    /// The step of each save point and of the end, and the place in it.
    pub points: Vec<(usize, F)>,
    /// Records: of all steps, of the step at hand, or of a stretch.
    pub records: Vec<F>,
    /// The first step in `records`.
    pub from: usize,
    /// States with what passes beside them, at every `every`-th step.
    states: Vec<F>,
    state_len: usize,
    every: usize,
    n: usize,
}

impl<F: Real> Track<F> {
    pub fn new<S: Stepper<F>>(stepper: &S, n: usize, keep: Keep) -> Self {
        let (width, state_len) = (stepper.width(), n + stepper.carry_len());
        Track {
            keep,
            width,
            spans: Vec::new(),
            joints: Vec::new(),
            points: Vec::new(),
            records: pool::take(),
            from: 0,
            states: Vec::new(),
            state_len,
            every: 1,
            n,
        }
    }

    /// The record of the step at hand, beginning with `y`.
    #[inline]
    pub fn slot(&mut self, y: &[F]) -> &mut [F] {
        let at = if self.keep == Keep::All { self.spans.len() * self.width } else { 0 };
        if self.records.len() < at + self.width {
            // Twice as much each time, and never again in a second run.
            self.records.resize((2 * at).max(at + self.width), F::ZERO);
        }
        let record = &mut self.records[at..at + self.width];
        record[..self.n].copy_from_slice(y);
        record
    }

    /// Before a step from `y`: keeps the state, if it is this step's turn.
    pub fn before<S: Stepper<F>>(&mut self, stepper: &S, y: &[F]) {
        let Keep::Bytes(limit) = self.keep else { return };
        if !self.spans.len().is_multiple_of(self.every) {
            return;
        }
        if (self.states.len() + self.state_len) * size_of::<F>() > limit / 2 && self.states.len() > self.state_len {
            self.thin();
            if !self.spans.len().is_multiple_of(self.every) {
                return;
            }
        }
        let at = self.states.len();
        self.states.resize(at + self.state_len, F::ZERO);
        let (state, carry) = self.states[at..].split_at_mut(self.n);
        state.copy_from_slice(y);
        stepper.save_carry(carry);
    }

    /// Keeps every other of the states.
    fn thin(&mut self) {
        let (len, count) = (self.state_len, self.states.len() / self.state_len);
        for i in 1..count.div_ceil(2) {
            self.states.copy_within(2 * i * len..(2 * i + 1) * len, i * len);
        }
        self.states.truncate(count.div_ceil(2) * len);
        self.every *= 2;
    }

    /// The record of step `i`, which must be among those at hand.
    pub fn record(&self, i: usize) -> &[F] {
        &self.records[(i - self.from) * self.width..][..self.width]
    }

    /// The state at the start of a step, and what passes beside it.
    fn state(&self, step: usize) -> &[F] {
        &self.states[step / self.every * self.state_len..][..self.state_len]
    }

    /// The step of the last kept state at or before `step`.
    pub fn kept_before(&self, step: usize) -> usize {
        step / self.every * self.every
    }

    /// The last of the joints just before step `step`.
    fn joint_before(&self, step: usize) -> Option<&Joint<F>> {
        let behind = self.joints.partition_point(|joint| joint.step <= step);
        self.joints[..behind].last().filter(|joint| joint.step == step)
    }

    /// How many records may be at hand at once.
    pub fn stretch(&self) -> usize {
        match self.keep {
            Keep::Bytes(limit) => (limit / 2 / (self.width * size_of::<F>())).max(1),
            _ => usize::MAX,
        }
    }
}

impl<F: Real> Drop for Track<F> {
    fn drop(&mut self) {
        pool::give(core::mem::take(&mut self.records));
    }
}

/// Makes steps again that were made before.
pub(crate) struct Replay<F> {
    /// The state and what passes beside it, before step `at`.
    state: Vec<F>,
    at: usize,
    y_new: Vec<F>,
}

impl<F: Real> Replay<F> {
    /// From the last state that was kept at or before `step`.
    pub fn from_kept(track: &Track<F>, step: usize) -> Self {
        let at = track.kept_before(step);
        Replay {
            state: track.state(at).to_vec(),
            at,
            y_new: vec![F::ZERO; track.n],
        }
    }

    /// The step that is made next.
    pub fn start(&self) -> usize {
        self.at
    }

    /// A copy to come back to.
    pub fn fork(&self) -> Self {
        Replay {
            state: self.state.clone(),
            at: self.at,
            y_new: self.y_new.clone(),
        }
    }

    /// Makes the steps up to `end`; with `keep`, their records are at hand afterwards.
    pub fn run<S: Stepper<F>, D: Dynamics<F>>(
        &mut self,
        track: &mut Track<F>,
        stepper: &mut S,
        dynamics: &mut D,
        end: usize,
        keep: bool,
        project: Option<&dyn Project<F>>,
    ) {
        let (n, width) = (track.n, track.width);
        let rows = if keep { end - self.at } else { 1 };
        if track.records.len() < rows * width {
            track.records.resize(rows * width, F::ZERO);
        }
        track.from = self.at;
        stepper.load_carry(&self.state[n..]);
        for step in self.at..end {
            let joint = track.joint_before(step);
            if let Some(joint) = joint.filter(|_| step > 0) {
                stepper.restart(dynamics, joint.t, &joint.y);
                self.state[..n].copy_from_slice(&joint.y);
            }
            let row = if keep { step - track.from } else { 0 };
            let mut records = core::mem::take(&mut track.records);
            let record = &mut records[row * width..(row + 1) * width];
            record[..n].copy_from_slice(&self.state[..n]);
            let (t, h) = track.spans[step];
            let span = Span { t, h };
            // The step was made before, from the same state.
            let _ = stepper.attempt(dynamics, span, record, &mut self.y_new, None);
            stepper.accept(dynamics, span, record, &self.y_new);
            let left = track
                .joint_before(step + 1)
                .is_some_and(|joint| matches!(joint.cause, Cause::Event { .. }));
            let inside = left || track.points.binary_search_by_key(&step, |&(s, _)| s).is_ok();
            if keep && inside {
                stepper.densify(dynamics, span, record);
            }
            track.records = records;
            if let Some(project) = project.filter(|_| !left) {
                // As in the first run, where it converged.
                project.project(t + h, &mut self.y_new);
                stepper.restart(dynamics, t + h, &self.y_new);
            }
            self.state[..n].copy_from_slice(&self.y_new);
        }
        self.at = end;
        stepper.save_carry(&mut self.state[n..]);
    }
}
