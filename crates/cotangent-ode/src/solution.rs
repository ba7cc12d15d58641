//! What an integration gives.

use std::sync::Arc;

use cotangent::Real;

/// What an integration cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Steps that were accepted.
    pub steps: usize,
    /// Steps that were tried and rejected.
    pub rejected: usize,
    /// Calls of the right-hand side, forward mode included.
    pub rhs_calls: usize,
}

/// Why an integration ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It reached the end of the interval.
    AtEnd,
    /// A terminating event happened; its place in the problem's list.
    Event(usize),
}

/// An event that happened.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Happened<F> {
    /// Its place in the problem's list.
    pub event: usize,
    /// When.
    pub t: F,
}

/// The solution of an initial value problem.
#[derive(Clone, Debug)]
pub struct Solution<F = f64> {
    /// The end of the interval, or the time of the event that ended it.
    pub t_end: F,
    /// The state there.
    pub y_end: Vec<F>,
    /// The save points that were reached.
    pub times: Vec<F>,
    /// The events that happened, in order.
    pub events: Vec<Happened<F>>,
    /// Why it ended.
    pub ended: Ended,
    /// What it cost.
    pub stats: Stats,
    pub(crate) saved: Vec<F>,
    pub(crate) dense: Option<Dense<F>>,
}

impl<F: Real> Solution<F> {
    /// The state at save point `i`.
    ///
    /// # Panics
    /// If the solution ended before it.
    pub fn saved(&self, i: usize) -> &[F] {
        assert!(
            i < self.times.len(),
            "save point {i} was not reached: there are {}",
            self.times.len()
        );
        let n = self.y_end.len();
        &self.saved[i * n..(i + 1) * n]
    }

    /// The states at all save points that were reached, a row each.
    pub fn saved_rows(&self) -> &[F] {
        &self.saved
    }

    /// The state at `t`, by the dense output of the method; `None` outside of the interval, or if `Options::dense` was off.
    pub fn at(&self, t: F) -> Option<Vec<F>> {
        let dense = self.dense.as_ref()?;
        let mut y = vec![F::ZERO; self.y_end.len()];
        dense.at(t, &mut y).then_some(y)
    }
}

/// Evaluates a record: record, step size, place in the step, state.
pub(crate) type Interpolant<F> = Arc<dyn Fn(&[F], F, F, &mut [F]) + Send + Sync>;

/// All records, for evaluation anywhere.
#[derive(Clone)]
pub(crate) struct Dense<F> {
    pub steps: Vec<(F, F)>,
    pub records: Vec<F>,
    pub width: usize,
    pub interpolant: Interpolant<F>,
}

impl<F> core::fmt::Debug for Dense<F> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Dense({} steps)", self.steps.len())
    }
}

impl<F: Real> Dense<F> {
    fn at(&self, t: F, y: &mut [F]) -> bool {
        let Some(&(first, h)) = self.steps.first() else { return false };
        let sign = h.signum();
        // The last step that begins at or before `t`: behind a jump at `t` itself.
        let i = self.steps.partition_point(|&(start, _)| (start - t) * sign <= F::ZERO);
        if (first - t) * sign > F::ZERO {
            return false;
        }
        let (start, h) = self.steps[i - 1];
        let theta = (t - start) / h;
        if i == self.steps.len() && theta > F::ONE + F::EPSILON {
            return false;
        }
        let record = &self.records[(i - 1) * self.width..i * self.width];
        (self.interpolant)(record, h, theta.min(F::ONE), y);
        true
    }
}
