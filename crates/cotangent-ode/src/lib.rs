//! Ordinary differential equations, differentiated end to end.
//!
//! The right-hand side is an ordinary `#[differentiable]` function; Jacobians and gradients follow from it.

#![forbid(unsafe_code)]
// Formulas over components, and the pullbacks' many slices.
#![allow(clippy::needless_range_loop, clippy::too_many_arguments)]

mod adjoints;
pub mod controllers;
mod drive;
mod dynamics;
mod ensemble;
mod error;
mod events;
mod gradient;
mod inside;
mod invariant;
mod linear;
mod newton;
mod options;
mod parts;
mod pool;
mod problem;
mod rhs;
mod second;
mod solution;
mod solve;

pub mod solvers;
mod stepper;
mod tolerance;
mod track;

pub use adjoints::{Sensitivities, sensitivities};
pub use controllers::Controller;
pub use ensemble::ensemble;
pub use error::{Failure, Reason};
pub use events::{Crossing, Event};
pub use gradient::{Cotangents, Gradient, Gradients, gradient};
pub use inside::{Solver, SolverTangent, solve_at};
pub use invariant::Invariant;
pub use options::{Options, Step};
pub use problem::Problem;
pub use rhs::{Rhs, Rhs2};
pub use second::{SecondOrder, hvp};
pub use solution::{Ended, Happened, Solution, Stats};
pub use solve::solve;
pub use solvers::*;
pub use stepper::{Method, ReverseMethod};
