//! How to integrate.

use crate::controllers::Controller;

/// How steps are chosen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    /// By the error estimate; the first by the problem (Hairer, Nørsett, Wanner I, II.4).
    Adaptive,
    /// By the error estimate, with this first step.
    AdaptiveFrom(f64),
    /// All of this size, but those that end at a given time.
    Fixed(f64),
}

/// How to integrate.
///
/// ```
/// use cotangent_ode::Options;
/// let options = Options { rtol: 1e-8, atol: 1e-10, ..Options::default() };
/// assert_eq!(options.max_steps, 1_000_000);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// The tolerated relative error of a step. 1e-6.
    pub rtol: f64,
    /// The tolerated absolute error of a step, in units of the state. 1e-8.
    pub atol: f64,
    /// Absolute tolerances for each component, in place of `atol`. Empty.
    pub atol_each: Vec<f64>,
    /// How steps are chosen. Adaptively.
    pub step: Step,
    /// The largest step. No limit.
    pub max_step: f64,
    /// The most steps that are tried. 1,000,000.
    pub max_steps: usize,
    /// The controller of the step size; `None` chooses by method.
    pub controller: Option<Controller>,
    /// Keep what [`Solution::at`](crate::Solution::at) needs. Off.
    pub dense: bool,
    /// The most bytes that a gradient may keep of the steps, beside one number a step; `None` is no limit.
    ///
    /// Where the limit is reached, only some states are kept and the steps between are made again in the reverse sweep:
    /// the gradient costs one more solve, and its numbers are the same.
    pub memory: Option<usize>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            rtol: 1e-6,
            atol: 1e-8,
            atol_each: Vec::new(),
            step: Step::Adaptive,
            max_step: f64::INFINITY,
            max_steps: 1_000_000,
            controller: None,
            dense: false,
            memory: None,
        }
    }
}
