//! Minimisers of differentiable functions, with bounds.
//!
//! They take what `differentiable!(f)` makes, or anything else that is a [`DiffFn`](cotangent_core::DiffFn):
//!
//! ```
//! use cotangent::prelude::*;
//! use cotangent_linalg::minimize::{self, Options, Reason};
//!
//! #[differentiable]
//! fn rosenbrock(x: &[f64]) -> f64 {
//!     (1.0 - x[0]).powi(2) + 100.0 * (x[1] - x[0] * x[0]).powi(2)
//! }
//!
//! let f = cotangent::differentiable!(rosenbrock);
//! let minimum = minimize::bfgs(&f, &[-1.2, 1.0], Options::default())?;
//! assert!((minimum.x[0] - 1.0).abs() < 1e-6 && (minimum.x[1] - 1.0).abs() < 1e-6);
//! assert_eq!(minimum.reason, Reason::Gradient);
//!
//! // With bounds the minimum lies where x is at most 0.5.
//! let minimum = minimize::bfgs(&f, &[-1.2, 1.0], Options { upper: &[0.5, 2.0], ..Options::default() })?;
//! assert_eq!(minimum.x[0], 0.5);
//! # Ok::<(), cotangent_linalg::Error>(())
//! ```
//!
//! | | needs | for |
//! |---|---|---|
//! | [`bfgs`](fn@bfgs) | gradients | up to some hundred variables |
//! | [`lbfgs`](fn@lbfgs) | gradients | many variables |
//! | [`levenberg_marquardt`](fn@levenberg_marquardt) | a function that returns residuals | sums of squares |
//! | [`newton`](fn@newton) | `#[differentiable(order = 2)]` | few steps; any number of variables, since products with the Hessian suffice |

mod bounds;
mod least_squares;
mod line_search;
mod problem;
mod quasi_newton;
mod trust_region;

pub use least_squares::{Fit, Residuals, levenberg_marquardt};
pub use problem::{Minimum, Objective, Objective2, Options, Progress, Reason};
pub use quasi_newton::{bfgs, lbfgs};
pub use trust_region::newton;
