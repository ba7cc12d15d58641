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
//! [`lu`](fn@lu), [`cholesky`](fn@cholesky), [`qr`](fn@qr), [`eigh`](fn@eigh) and [`svd`](fn@svd) return an object that is made once and used often. *Its tangent is the tangent of
//! the matrix that it decomposes.* So the rule of making it is the identity, the rules of what is asked of it need no second
//! decomposition, and an error is found in one place: where it is made.
//!
//! # Errors
//!
//! A singular or indefinite matrix is an [`Error`] with the pivot, never NaN. A pivot counts as zero if it is no larger than its own
//! rounding error, however rows and columns are scaled.

mod decomposition;
mod error;
mod exponential;
mod implicit;
mod kernel;
pub mod minimize;
mod native;
mod product;
mod stack;
mod sylvester_equation;
mod triangular;

use cotangent_core::constant;

pub use cotangent_core::{Matrix, Real};
pub use decomposition::cholesky::{Cholesky, cholesky};
pub use decomposition::eigh::{Eigh, eigh};
pub use decomposition::lu::{Lu, det, identity, inverse, log_det, lu, solve, solve_matrix};
pub use decomposition::qr::{least_squares, qr};
pub use decomposition::svd::{Svd, svd};
pub use error::Error;
pub use exponential::expm;
pub use implicit::{System, fixed_point, newton_root, root};
pub use product::{
    add, diagonal, matmul, matmul_nt, matmul_tn, matvec, matvec_t, scale_columns, subtract, symmetric_part, trace, transpose,
};
pub use stack::{StackWork, map_stack, solve_stack_into, solve_stack_with};
pub use sylvester_equation::sylvester;
pub use triangular::{Triangle, solve_triangular};
