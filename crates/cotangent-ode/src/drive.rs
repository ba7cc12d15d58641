//! The loop over steps.

use cotangent::Real;

use crate::controllers::{Controller, Memory};
use crate::dynamics::Dynamics;
use crate::error::Reason;
use crate::events::{EventSet, crossed, root};
use crate::invariant::Project;
use crate::options::{Options, Step};
use crate::solution::{Ended, Happened, Solution, Stats};
use crate::stepper::{Method, Span, StepFailure, Stepper};
use crate::tolerance::Tolerance;
use crate::track::{Cause, Joint, Keep, Track};

/// The times of a problem.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Times<'a, F> {
    pub t0: F,
    pub t1: F,
    pub save_at: &'a [F],
    pub discontinuities: &'a [F],
    /// Whether states inside of steps are needed beside the save points.
    pub interpolates: bool,
}

/// One integration under way.
pub(crate) struct Drive<'a, F: Real, S, D> {
    pub stepper: S,
    pub dynamics: D,
    pub track: Track<F>,
    times: Times<'a, F>,
    options: &'a Options,
    tolerance: Tolerance<F>,
    adaptive: bool,
    halves: bool,
    memory: Memory<F>,
    sign: F,
    t: F,
    h: F,
    y: Vec<F>,
    y_new: Vec<F>,
    next_save: usize,
    next_stop: usize,
    /// Whether the record at hand is ready for dense output.
    dense_ready: bool,
    keep_dense: bool,
    error: F,
    events: Option<&'a dyn EventSet<F>>,
    projection: Option<&'a dyn Project<F>>,
    /// The signs of the conditions where they were seen last; zero is unknown.
    signs: Vec<F>,
    /// A state inside of a step.
    inside: Vec<F>,
    /// Times of discontinuities and of events at given times, in order, with the event.
    stops: Vec<(F, Option<usize>)>,
    pub solution: Solution<F>,
}

impl<'a, F: Real, S: Stepper<F>, D: Dynamics<F>> Drive<'a, F, S, D> {
    pub fn new<M: Method<F, Stepper = S>>(
        method: &M,
        dynamics: D,
        y0: Vec<F>,
        times: Times<'a, F>,
        options: &'a Options,
        keep: Keep,
    ) -> Self {
        let n = dynamics.dim();
        let interpolates = options.dense || times.interpolates || !times.save_at.is_empty();
        let stepper = method.stepper(n, dynamics.base(), interpolates);
        let controller = options.controller.unwrap_or(Controller::PI);
        let memory = Memory::new(&controller, stepper.error_exponent());
        let track = Track::new(&stepper, n, keep);
        Drive {
            track,
            dynamics,
            memory,
            tolerance: Tolerance::new(options.rtol, options.atol, &options.atol_each),
            halves: method.halves(),
            adaptive: method.adaptive() && !matches!(options.step, Step::Fixed(_)),
            sign: if times.t1 < times.t0 { -F::ONE } else { F::ONE },
            t: times.t0,
            h: F::ZERO,
            y_new: vec![F::ZERO; n],
            next_save: 0,
            next_stop: 0,
            dense_ready: false,
            keep_dense: options.dense,
            error: F::ZERO,
            events: None,
            projection: None,
            signs: Vec::new(),
            inside: Vec::new(),
            stops: times.discontinuities.iter().map(|&t| (t, None)).collect(),
            solution: Solution {
                t_end: times.t0,
                y_end: y0.clone(),
                times: Vec::with_capacity(times.save_at.len()),
                events: Vec::new(),
                ended: Ended::AtEnd,
                stats: Stats::default(),
                saved: Vec::with_capacity(times.save_at.len() * n),
                dense: None,
            },
            y: y0,
            stepper,
            times,
            options,
        }
    }

    /// With events, if there are any.
    #[must_use]
    pub fn with_events(mut self, events: &'a dyn EventSet<F>) -> Self {
        if events.len() == 0 {
            return self;
        }
        self.events = Some(events);
        self.signs = vec![F::ZERO; events.len()];
        let (low, high) = (self.times.t0.min(self.times.t1), self.times.t0.max(self.times.t1));
        for i in 0..events.len() {
            let inside = events.times(i).iter().filter(|&&t| t >= low && t <= high);
            self.stops.extend(inside.map(|&t| (t, Some(i))));
        }
        let sign = self.sign;
        // Stable: events at one time happen in the order of the list.
        self.stops.sort_by(|a, b| (a.0 * sign).total_cmp(&(b.0 * sign)));
        self
    }

    /// With a projection after each step, if there is one.
    #[must_use]
    pub fn with_projection(mut self, projection: Option<&'a dyn Project<F>>) -> Self {
        self.projection = projection;
        self
    }

    /// Integrates to the end.
    pub fn run(&mut self) -> Result<(), (Reason, F)> {
        let done = self.check().and_then(|()| self.steps()).map_err(|reason| (reason, self.t));
        self.solution.t_end = self.t;
        self.solution.y_end.clone_from(&self.y);
        self.solution.stats.steps = self.track.spans.len();
        self.solution.stats.rhs_calls = self.dynamics.calls();
        done
    }

    fn check(&self) -> Result<(), Reason> {
        let invalid = |what: String| Err(Reason::Invalid(what));
        if self.y.len() != self.dynamics.dim() || self.y.is_empty() {
            return invalid("the initial state is empty; pass at least one number".into());
        }
        if let Some(i) = self.y.iter().position(|y| !y.is_finite()) {
            return Err(Reason::NonFinite { component: i });
        }
        if !(self.options.rtol >= 0.0 && self.options.atol >= 0.0 && self.options.rtol + self.options.atol > 0.0) {
            return invalid("rtol and atol must not be negative, nor both 0".into());
        }
        if !self.adaptive && !matches!(self.options.step, Step::Fixed(h) if h > 0.0 && h.is_finite()) {
            return invalid("this method has no error estimate: pass `step: Step::Fixed(h)` with a positive h".into());
        }
        if self.halves && !self.dynamics.base().is_multiple_of(2) {
            return invalid("this method takes positions and momenta: pass a state with an even number of components".into());
        }
        match self.dynamics.mass() {
            Some(_) if !self.stepper.takes_mass() => {
                return invalid("this method takes no mass matrix; choose a Rosenbrock method such as Rodas5P".into());
            }
            Some(mass) if mass.len() != self.y.len() * self.y.len() => {
                return invalid(format!(
                    "the mass matrix has {} numbers; pass {} rows of as many",
                    mass.len(),
                    self.y.len()
                ));
            }
            _ => {}
        }
        let (low, high) = (self.times.t0.min(self.times.t1), self.times.t0.max(self.times.t1));
        for (what, list) in [("save_at", self.times.save_at), ("discontinuities", self.times.discontinuities)] {
            if let Some(t) = list.iter().find(|&&t| !(t >= low && t <= high)) {
                return invalid(format!("{what}: {t} lies outside of the interval from {low} to {high}"));
            }
            if list.windows(2).any(|pair| (pair[1] - pair[0]) * self.sign < F::ZERO) {
                return invalid(format!("{what}: the times must be in the direction of time"));
            }
        }
        Ok(())
    }

    fn steps(&mut self) -> Result<(), Reason> {
        self.restart(Cause::Start, Vec::new());
        self.h = self.first_step();
        self.happen_at_stop()?;
        loop {
            self.save_at_start();
            if self.t == self.times.t1 || matches!(self.solution.ended, Ended::Event(_)) {
                return self.all_required();
            }
            self.track.before(&self.stepper, &self.y);
            self.step()?;
            if !self.y.iter().all(|y| y.is_finite()) {
                return Err(self.non_finite());
            }
        }
    }

    /// What is given to happen now.
    fn happen_at_stop(&mut self) -> Result<(), Reason> {
        while let Some(&(t, event)) = self.stops.get(self.next_stop)
            && t == self.t
            && (t != self.times.t1 || t == self.times.t0)
        {
            self.next_stop += 1;
            match event {
                Some(event) => self.happen(event, F::ONE),
                None if !self.track.spans.is_empty() => self.restart(Cause::Discontinuity, Vec::new()),
                None => {}
            }
        }
        Ok(())
    }

    /// Event `i` happens now, at the state that the last step had at `theta`.
    fn happen(&mut self, event: usize, theta: F) {
        let Some(events) = self.events else { return };
        let before = self.y.clone();
        let dynamics = &mut self.dynamics;
        events.apply(event, self.t, &mut self.y, &mut |t, y, dy| dynamics.slope(t, y, dy));
        self.signs[event] = F::ZERO;
        self.solution.events.push(Happened { event, t: self.t });
        let cause = Cause::Event { event, theta };
        if events.ends(event) {
            self.solution.ended = Ended::Event(event);
        }
        self.restart(cause, before);
    }

    fn all_required(&self) -> Result<(), Reason> {
        let Some(events) = self.events else { return Ok(()) };
        let missing = |&i: &usize| events.required(i) && self.solution.events.iter().all(|e| e.event != i);
        (0..events.len())
            .find(missing)
            .map_or(Ok(()), |event| Err(Reason::EventNotReached { event }))
    }

    /// The first event inside of a step that was accepted, and its place in the step.
    fn search(&mut self, span: Span<F>) -> Option<(usize, F)> {
        let events = self.events?;
        let mut found: Option<(usize, F)> = None;
        let checks = events.checks();
        if checks > 0 {
            self.densify(span);
        }
        let base = self.dynamics.base();
        let mut y = core::mem::take(&mut self.inside);
        y.resize(self.y.len(), F::ZERO);
        for event in 0..events.len() {
            let (stepper, y_new) = (&self.stepper, &self.y_new);
            let record = &*self.track.slot(&self.y);
            let mut value = |theta: F| {
                if theta == F::ONE {
                    return events.value(event, span.t + span.h, &y_new[..base]);
                }
                stepper.interpolate(span.h, record, theta, &mut y);
                events.value(event, span.t + theta * span.h, &y[..base])
            };
            if self.signs[event] == F::ZERO {
                // Unknown: at the start, or just behind the event.
                let Some(at_start) = value(F::ZERO) else { continue };
                let happened_here = self.solution.events.last().is_some_and(|e| e.event == event && e.t == span.t);
                self.signs[event] = if happened_here { F::ZERO } else { at_start };
            }
            let (mut from, mut sign) = (F::ZERO, self.signs[event]);
            for check in 1..=checks + 1 {
                let theta = F::from_usize(check) / F::from_usize(checks + 1);
                let Some(here) = value(theta) else { break };
                if crossed(sign, here, events.crossing(event)) {
                    let theta = root(|theta| value(theta).unwrap_or(here), from, theta, sign, here);
                    if found.is_none_or(|(_, first)| theta < first) {
                        found = Some((event, theta));
                    }
                    break;
                }
                (from, sign) = (theta, here);
            }
        }
        self.inside = y;
        found
    }

    /// The signs of all conditions now.
    fn look(&mut self) {
        let Some(events) = self.events else { return };
        let base = self.dynamics.base();
        for event in 0..events.len() {
            if let Some(value) = events.value(event, self.t, &self.y[..base]) {
                self.signs[event] = value;
            }
        }
    }

    /// Save points at the very start.
    fn save_at_start(&mut self) {
        if !self.track.spans.is_empty() {
            return;
        }
        while (self.times.save_at.get(self.next_save)).is_some_and(|&t| t == self.t) {
            self.track.points.push((0, F::ZERO));
            self.solution.saved.extend_from_slice(&self.y);
            self.solution.times.push(self.t);
            self.next_save += 1;
        }
    }

    fn restart(&mut self, cause: Cause<F>, before: Vec<F>) {
        self.stepper.restart(&mut self.dynamics, self.t, &self.y);
        self.memory.restart();
        let joint = Joint {
            step: self.track.spans.len(),
            t: self.t,
            y: self.y.clone(),
            before,
            cause,
        };
        self.track.joints.push(joint);
    }

    /// The next time at which a step must end.
    fn stop(&self) -> F {
        self.stops.get(self.next_stop).map_or(self.times.t1, |&(t, _)| t)
    }

    /// Makes one step, with as many attempts as it takes.
    fn step(&mut self) -> Result<(), Reason> {
        let stop = self.stop();
        loop {
            self.solution.stats.rejected += 1;
            if self.track.spans.len() + self.solution.stats.rejected > self.options.max_steps {
                return Err(Reason::TooManySteps(self.options.max_steps));
            }
            let (span, t_new) = self.span(stop);
            let tolerance = self.adaptive.then_some(&self.tolerance);
            let record = self.track.slot(&self.y);
            let result = self.stepper.attempt(&mut self.dynamics, span, record, &mut self.y_new, tolerance);
            let failed = match result {
                Ok(error) if error <= F::ONE => {
                    self.solution.stats.rejected -= 1;
                    return self.accept(span, t_new, error);
                }
                Ok(error) => {
                    self.h = span.h * self.memory.rejected(error);
                    self.error = error;
                    None
                }
                Err(failure) => {
                    self.h = span.h * self.memory.rejected(F::NAN);
                    Some(failure)
                }
            };
            self.give_up(failed)?;
        }
    }

    /// The next step, and its end: not beyond `stop`, and leaving no sliver before it.
    fn span(&self, stop: F) -> (Span<F>, F) {
        let limit = F::from_f64(self.options.max_step);
        let h = self.h.abs().min(limit) * self.sign;
        // Just before a discontinuity, so that no stage sees what is behind it.
        let margin = if stop == self.times.t1 {
            F::ZERO
        } else {
            F::from_f64(4.0) * F::EPSILON * stop.abs() * self.sign
        };
        let left = stop - margin - self.t;
        let stretch = if self.adaptive {
            F::from_f64(1.01)
        } else {
            F::from_f64(1.0 + 1e-9)
        };
        let (h, t_new) = if (h * stretch - left) * self.sign >= F::ZERO {
            (left, stop)
        } else if self.adaptive && (h + h - left) * self.sign > F::ZERO {
            // Two equal steps rather than a long one and a short one.
            let t_new = self.t + left * F::from_f64(0.5);
            (t_new - self.t, t_new)
        } else {
            let t_new = self.t + h;
            (t_new - self.t, t_new)
        };
        (Span { t: self.t, h }, t_new)
    }

    /// An error where there is no smaller step, or none is allowed.
    fn give_up(&self, failed: Option<StepFailure>) -> Result<(), Reason> {
        let resolution = F::from_f64(4.0) * F::EPSILON * self.t.abs().max(F::MIN_POSITIVE);
        if self.adaptive && self.h.abs() > resolution {
            return Ok(());
        }
        Err(match failed {
            Some(StepFailure::NonFinite) => self.non_finite(),
            Some(StepFailure::Newton) => Reason::Newton,
            Some(StepFailure::Singular) => Reason::Singular,
            None => Reason::StepUnderflow {
                h: self.h.to_f64(),
                error: self.error.to_f64(),
            },
        })
    }

    fn non_finite(&self) -> Reason {
        let record = &self.track.records[..self.track.records.len().min(self.track.width)];
        let n = self.y.len();
        let of = |values: &[F]| values.iter().position(|v| !v.is_finite());
        let component = of(&self.y_new).or_else(|| of(&self.y)).or_else(|| of(record).map(|i| i % n));
        Reason::NonFinite {
            component: component.unwrap_or(0),
        }
    }

    fn accept(&mut self, span: Span<F>, t_new: F, error: F) -> Result<(), Reason> {
        let record = self.track.slot(&self.y);
        self.stepper.accept(&mut self.dynamics, span, record, &self.y_new);
        self.dense_ready = false;
        if self.keep_dense {
            self.densify(span);
        }
        if self.adaptive {
            let factor = self.memory.accepted(error);
            let same = self.stepper.steady() && factor >= F::ONE && factor <= F::from_f64(1.2);
            self.h = if same { span.h } else { span.h * factor };
        }
        if let Some((event, theta)) = self.search(span) {
            self.leave_at(span, event, theta);
            return Ok(());
        }
        if let Some(projection) = self.projection {
            if !projection.project(t_new, &mut self.y_new) {
                return Err(Reason::Projection);
            }
            self.stepper.restart(&mut self.dynamics, t_new, &self.y_new);
        }
        self.save(span, t_new);
        self.advance(span, t_new);
        self.look();
        self.happen_at_stop()
    }

    fn advance(&mut self, span: Span<F>, t_new: F) {
        self.track.spans.push((span.t, span.h));
        core::mem::swap(&mut self.y, &mut self.y_new);
        self.t = t_new;
    }

    /// Leaves a step at `theta`, where an event happens.
    fn leave_at(&mut self, span: Span<F>, event: usize, theta: F) {
        let t = if theta == F::ONE {
            span.t + span.h
        } else {
            span.t + theta * span.h
        };
        if theta != F::ONE {
            let record = self.track.slot(&self.y);
            self.stepper.interpolate(span.h, record, theta, &mut self.y_new);
        }
        self.save_before(span, t, theta);
        self.advance(span, t);
        self.look();
        self.happen(event, theta);
    }

    fn densify(&mut self, span: Span<F>) {
        if !self.dense_ready {
            let record = self.track.slot(&self.y);
            self.stepper.densify(&mut self.dynamics, span, record);
            self.dense_ready = true;
        }
    }

    /// Save points in a step that ends at `t_new`, which is not yet behind us.
    fn save(&mut self, span: Span<F>, t_new: F) {
        self.save_before(span, t_new, F::ONE);
    }

    /// Save points in a step up to `t_new`, where it is left with the state `y_new` at `end`.
    fn save_before(&mut self, span: Span<F>, t_new: F, end: F) {
        let step = self.track.spans.len();
        while let Some(&t) = self.times.save_at.get(self.next_save)
            && (t_new - t) * self.sign >= F::ZERO
        {
            let at = self.solution.saved.len();
            self.solution.saved.resize(at + self.y.len(), F::ZERO);
            let theta = if t == t_new { end } else { (t - span.t) / span.h };
            if t == t_new {
                self.solution.saved[at..].copy_from_slice(&self.y_new);
            } else {
                self.densify(span);
                let record = self.track.slot(&self.y);
                self.stepper.interpolate(span.h, record, theta, &mut self.solution.saved[at..]);
            }
            self.track.points.push((step, theta));
            self.solution.times.push(t);
            self.next_save += 1;
        }
    }

    /// Hairer, Nørsett, Wanner I, II.4, "Starting Step Size".
    fn first_step(&mut self) -> F {
        match self.options.step {
            Step::Fixed(h) | Step::AdaptiveFrom(h) => return F::from_f64(h) * self.sign,
            Step::Adaptive => {}
        }
        let base = self.dynamics.base();
        let mut slope = vec![F::ZERO; self.y.len()];
        self.dynamics.eval(self.t, &self.y, &mut slope);
        let (y, small) = (&self.y[..base], F::from_f64(1e-5));
        let d0 = self.tolerance.norm(y, y, y);
        let d1 = self.tolerance.norm(&slope[..base], y, y);
        let h0 = if d0 < small || d1 < small {
            F::from_f64(1e-6)
        } else {
            F::from_f64(0.01) * d0 / d1
        };
        let h0 = h0.min((self.times.t1 - self.times.t0).abs()) * self.sign;
        let ahead: Vec<F> = self.y.iter().zip(&slope).map(|(&y, &k)| y + h0 * k).collect();
        let mut there = vec![F::ZERO; self.y.len()];
        self.dynamics.eval(self.t + h0, &ahead, &mut there);
        for (there, &here) in there.iter_mut().zip(&slope) {
            *there -= here;
        }
        let d2 = self.tolerance.norm(&there[..base], y, y) / h0.abs();
        let steepest = d1.max(d2);
        let order = F::from_usize(self.stepper.error_exponent());
        let h1 = if steepest <= F::from_f64(1e-15) {
            (h0.abs() * F::from_f64(1e-3)).max(F::from_f64(1e-6))
        } else {
            (F::from_f64(0.01) / steepest).powf(F::ONE / order)
        };
        let h = (F::from_f64(100.0) * h0.abs()).min(h1);
        if h.is_finite() { h * self.sign } else { h0 }
    }
}
