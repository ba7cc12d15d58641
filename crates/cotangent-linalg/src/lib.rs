//! Differentiable linear algebra, root finding and minimisation.
//!
//! Everything here may be called inside `#[differentiable]` functions; each operation carries its rule for forward and reverse mode
//! and for second order. Matrices are dense and row-major ([`Matrix`]), of `f32` or `f64`; vectors are slices.
//!
//! ```
//! use cotangent::prelude::*;
//! use cotangent_linalg::{Error, cholesky};
//!
//! /// The log-density of a normal distribution with the covariance `s`.
//! #[differentiable(order = 2)]
//! fn log_density(x: &[f64], s: &Matrix<f64>) -> Result<f64, Error> {
//!     let s = cholesky(s)?;
//!     let y = s.solve(x);
//!     let mut squares = 0.0;
//!     for i in 0..x.len() {
//!         squares += x[i] * y[i];
//!     }
//!     Ok(-0.5 * (squares + s.log_det()))
//! }
//!
//! let s = Matrix::from_vec(2, 2, vec![4.0, 0.0, 0.0, 1.0]);
//! let (y, pullback) = log_density::vjp(&[2.0, 1.0], &s);
//! assert_eq!(y, Ok(-0.5 * (2.0 + 2.0 * 2.0f64.ln())));
//! assert_eq!(pullback(Some(1.0)).x, vec![-0.5, -1.0]);
//! ```
//!
//! # Decompositions are values
//!
//! [`lu`], [`cholesky`], [`qr`], [`eigh`] and [`svd`] return an object that is made once and used often. *Its tangent is the tangent of
//! the matrix that it decomposes.* So the rule of making it is the identity, the rules of what is asked of it need no second
//! decomposition, and an error is found in one place: where it is made.
//!
//! # Errors
//!
//! A singular or indefinite matrix is an [`Error`] with the pivot, never NaN. A pivot counts as zero if it is no larger than the
//! rounding error of its own computation, however rows and columns are scaled.

mod decomposition;
mod error;
mod kernel;
pub mod minimize;
mod native;
mod product;
mod triangular;

pub use cotangent_core::{Matrix, Real};
pub use decomposition::cholesky::{Cholesky, cholesky};
pub use decomposition::lu::{Lu, identity, lu, solve};
pub use error::Error;
pub use product::{add, matmul, matmul_nt, matmul_tn, matvec, matvec_t, subtract, symmetric_part, trace, transpose};

/// Tells the macros that no derivative flows through a value.
fn constant<T>(value: T) -> T {
    value
}
