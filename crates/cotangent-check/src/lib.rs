//! Checks the derivatives of your own functions and rules.
//!
//! [`check_gradient!`] checks a function under `#[differentiable]`; [`check_scalar`] a gradient written by hand;
//! [`check`] anything that can be seen as a function of numbers. All of them compare with central differences for a
//! grid of steps, of which the best is taken per direction ([`central`]), forward with reverse mode, and second order
//! with differences of the gradient.

mod argument;
mod check;
mod differences;
mod macros;
mod point;
mod report;

pub use argument::{Argument, Held, Numbers};
#[doc(hidden)]
pub use argument::{Arguments, Callee, hold};
pub use check::{Mode, Modes, Options, Plain, Product, check, check_scalar};
#[doc(hidden)]
pub use cotangent_core as core;
pub use differences::{Estimate, central};
pub use point::Point;
pub use report::{Failure, Mismatch, Report};
