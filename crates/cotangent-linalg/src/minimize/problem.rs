//! What all minimisers share: options, what they report, and counting.

use super::bounds::Bounds;
use crate::Error;
use cotangent_core::{DiffFn, DiffFn2};
use std::fmt;
use std::ops::ControlFlow;

/// A function of a slice with a gradient: `differentiable!(f)` of `fn f(x: &[f64]) -> f64`.
pub trait Objective: for<'a> DiffFn<(&'a [f64],), Output = f64, Cotangents = (Vec<f64>,)> {}
impl<F: for<'a> DiffFn<(&'a [f64],), Output = f64, Cotangents = (Vec<f64>,)>> Objective for F {}

/// An [`Objective`] of which products with the Hessian can be taken: `f` has `#[differentiable(order = 2)]`.
pub trait Objective2: Objective + for<'a> DiffFn2<(&'a [f64],), Output = f64, Cotangents = (Vec<f64>,), Direction = (&'a [f64],)> {}
impl<F> Objective2 for F where F: Objective + for<'a> DiffFn2<(&'a [f64],), Output = f64, Cotangents = (Vec<f64>,), Direction = (&'a [f64],)>
{}

/// When to stop, where to look, and whom to tell.
#[allow(missing_debug_implementations)] // the callback has none
pub struct Options<'a> {
    /// Stop when no component of the projected gradient is larger. 1e-8 by default.
    pub gradient_tolerance: f64,
    /// Stop when a step lowers the value by no more than this times its absolute value. 0 by default: never.
    pub value_tolerance: f64,
    /// Stop when a step is no longer than this times the length of `x`. 0 by default: never.
    pub step_tolerance: f64,
    /// Stop after this number of steps. 1000 by default.
    pub max_steps: usize,
    /// How many steps L-BFGS remembers. 10 by default.
    pub memory: usize,
    /// Lower bounds, one for each variable, or empty for none.
    pub lower: &'a [f64],
    /// Upper bounds, one for each variable, or empty for none.
    pub upper: &'a [f64],
    /// Called after each step; `ControlFlow::Break(())` stops.
    #[allow(clippy::type_complexity)]
    pub callback: Option<&'a mut dyn FnMut(&Progress<'_>) -> ControlFlow<()>>,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Options {
            gradient_tolerance: 1e-8,
            value_tolerance: 0.0,
            step_tolerance: 0.0,
            max_steps: 1000,
            memory: 10,
            lower: &[],
            upper: &[],
            callback: None,
        }
    }
}

/// Where a minimiser is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress<'p> {
    /// Steps taken.
    pub step: usize,
    /// The point.
    pub x: &'p [f64],
    /// The value there.
    pub value: f64,
    /// The gradient there.
    pub gradient: &'p [f64],
    /// The largest component of the projected gradient.
    pub optimality: f64,
}

/// Why a minimiser stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// The projected gradient is small enough.
    Gradient,
    /// The last step lowered the value by little enough.
    Value,
    /// The last step was short enough.
    Step,
    /// No step lowers the value any more: it is known no better in this arithmetic.
    Precision,
    /// The number of steps is reached.
    StepLimit,
    /// The callback said so.
    Callback,
}

impl Reason {
    /// Whether a minimum was found, as far as the tolerances tell.
    ///
    /// [`Precision`](Reason::Precision) counts: the value cannot be lowered, though a gradient that is wrong ends there too.
    pub fn is_converged(self) -> bool {
        !matches!(self, Reason::StepLimit | Reason::Callback)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Reason::Gradient => "the projected gradient is within its tolerance",
            Reason::Value => "the value changed by less than its tolerance",
            Reason::Step => "the step was shorter than its tolerance",
            Reason::Precision => "no step lowers the value any more",
            Reason::StepLimit => "the limit of steps was reached",
            Reason::Callback => "the callback stopped it",
        })
    }
}

/// What a minimiser found.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Minimum {
    /// The point.
    pub x: Vec<f64>,
    /// The value there.
    pub value: f64,
    /// The gradient there.
    pub gradient: Vec<f64>,
    /// The largest component of the projected gradient.
    pub optimality: f64,
    /// Steps taken.
    pub steps: usize,
    /// Evaluations of the function with its gradient.
    pub calls: usize,
    /// Products with the Hessian.
    pub products: usize,
    /// Why it stopped.
    pub reason: Reason,
}

/// A point with what is known there.
#[derive(Clone, Debug)]
pub(crate) struct Point {
    pub x: Vec<f64>,
    pub value: f64,
    pub gradient: Vec<f64>,
}

impl Point {
    /// Whether value and gradient are numbers.
    pub(crate) fn is_finite(&self) -> bool {
        self.value.is_finite() && self.gradient.iter().all(|g| g.is_finite())
    }
}

/// The function, counted.
pub(crate) struct Problem<'f, F> {
    pub f: &'f F,
    pub calls: usize,
    pub products: usize,
}

impl<'f, F: Objective> Problem<'f, F> {
    /// The problem with its bounds and the first point, moved into them.
    pub(crate) fn start<'o>(f: &'f F, x0: &[f64], options: &Options<'o>) -> Result<(Self, Bounds<'o>, Point), Error> {
        let bounds = Bounds::new(options.lower, options.upper, x0.len())?;
        Error::finite("minimize: the starting point", x0)?;
        let mut x = x0.to_vec();
        bounds.project(&mut x);
        let mut problem = Problem { f, calls: 0, products: 0 };
        let start = problem.at(x);
        Error::finite("minimize: the value at the starting point", &[start.value])?;
        Error::finite("minimize: the gradient at the starting point", &start.gradient)?;
        Ok((problem, bounds, start))
    }

    /// The value and the gradient at a point.
    pub(crate) fn at(&mut self, x: Vec<f64>) -> Point {
        self.calls += 1;
        let (value, (gradient,)) = self.f.value_and_cotangents((&x,));
        Point { x, value, gradient }
    }

    /// What is handed to the caller.
    pub(crate) fn finish(&self, point: Point, steps: usize, bounds: Bounds<'_>, reason: Reason) -> Minimum {
        Minimum {
            optimality: bounds.optimality(&point.x, &point.gradient),
            x: point.x,
            value: point.value,
            gradient: point.gradient,
            steps,
            calls: self.calls,
            products: self.products,
            reason,
        }
    }
}

/// Whether to stop at a point, after a step from `before` if there was one.
pub(crate) fn stop(options: &mut Options<'_>, bounds: Bounds<'_>, step: usize, point: &Point, before: Option<&Point>) -> Option<Reason> {
    let optimality = bounds.optimality(&point.x, &point.gradient);
    let progress = Progress {
        step,
        x: &point.x,
        value: point.value,
        gradient: &point.gradient,
        optimality,
    };
    if before.is_some()
        && let Some(callback) = &mut options.callback
        && callback(&progress).is_break()
    {
        return Some(Reason::Callback);
    }
    if optimality <= options.gradient_tolerance {
        return Some(Reason::Gradient);
    }
    if let Some(before) = before {
        if before.value - point.value <= options.value_tolerance * point.value.abs() && options.value_tolerance > 0.0 {
            return Some(Reason::Value);
        }
        let moved = norm(&difference(&point.x, &before.x));
        if options.step_tolerance > 0.0 && moved <= options.step_tolerance * norm(&point.x) {
            return Some(Reason::Step);
        }
    }
    (step >= options.max_steps).then_some(Reason::StepLimit)
}

pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    crate::kernel::product::dot(a, b)
}

pub(crate) fn norm(a: &[f64]) -> f64 {
    dot(a, a).sqrt()
}

pub(crate) fn difference(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a - b).collect()
}

/// `x + alpha d`.
pub(crate) fn along(x: &[f64], alpha: f64, d: &[f64]) -> Vec<f64> {
    x.iter().zip(d).map(|(x, d)| x + alpha * d).collect()
}
