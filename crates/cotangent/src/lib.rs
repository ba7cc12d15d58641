//! Differentiable programming for stable Rust: exact derivatives of ordinary functions.

#![cfg_attr(not(feature = "std"), no_std)]

pub use cotangent_core::{Differentiable, InLanes, Lanes, LeafPath, Leaves, Matrix, Real, Tangent, Tape, special};
pub use cotangent_macros::{Differentiable, derivative, differentiable};

#[doc(hidden)]
pub use cotangent_core::private as __private;

pub mod math;

/// What most programs need.
pub mod prelude {
    pub use crate::{Differentiable, Matrix, Real, Tangent, Tape, constant, derivative, differentiable, with_derivative};
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

/// The value, whose cotangent passes through `f` in reverse mode: to look at it, to scale or to bound it.
///
/// ```
/// use cotangent::prelude::*;
///
/// #[differentiable]
/// fn bounded(x: f64) -> f64 {
///     let x = with_derivative(x, |x_bar| x_bar.clamp(-1.0, 1.0));
///     100.0 * x
/// }
///
/// assert_eq!(bounded(2.0), 200.0);
/// assert_eq!(bounded::grad(2.0).x, 1.0);
/// ```
///
/// The value itself is unchanged. Forward mode has no cotangents, so `jvp` sees the identity; so does all that is built
/// on forward mode, which is every derivative of second or higher order (`hvp`, `hessian`). The closure runs in the
/// reverse sweep, once each time control came past; it may read variables, which it sees as they were, but must not
/// change them.
#[inline(always)]
pub fn with_derivative<T: Differentiable>(value: T, f: impl FnOnce(T::Tangent) -> T::Tangent) -> T {
    let _ = f;
    value
}
