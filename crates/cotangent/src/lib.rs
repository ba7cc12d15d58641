//! Differentiable programming for stable Rust: exact derivatives of ordinary functions.

#![cfg_attr(not(feature = "std"), no_std)]

pub use cotangent_core::{Differentiable, LeafPath, Leaves, Matrix, Real, Tangent, Tape, special};
pub use cotangent_macros::{Differentiable, differentiable};

#[doc(hidden)]
pub use cotangent_core::private as __private;

/// What most programs need.
pub mod prelude {
    pub use crate::{Differentiable, Matrix, Real, Tangent, Tape, constant, differentiable};
}

/// Marks a value as constant: inside `#[differentiable]` code no derivative flows through it.
///
/// ```
/// assert_eq!(cotangent::constant(2.0), 2.0);
/// ```
#[inline(always)]
pub fn constant<T>(value: T) -> T {
    value
}
