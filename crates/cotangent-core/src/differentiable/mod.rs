//! The trait of values that have a derivative, and its implementations for std types.

mod constants;
mod scalars;
mod sequences;
mod tuples;
mod wrappers;

use crate::Tangent;
use alloc::vec::Vec;

/// A value that a derivative can be taken with respect to.
///
/// | type | `Tangent` |
/// |---|---|
/// | `f32`, `f64` | itself |
/// | integers, `bool`, `char`, `()`, `String`, `str`, ranges, `Duration`, … | `()` |
/// | `Vec<T>`, `[T]` | `Vec<T::Tangent>` |
/// | `[T; N]` | `[T::Tangent; N]` |
/// | tuples of up to twelve | the tuple of tangents |
/// | `Option<T>`, `Result<T, E>` | `Option<T::Tangent>`; an error has no derivative |
/// | `Box<T>` | `Box<T::Tangent>` |
/// | `&T`, `&mut T` | `T::Tangent` |
/// | [`Matrix<T>`](crate::Matrix) | `Matrix<T::Tangent>` |
///
/// For your own types, use `#[derive(Differentiable)]`.
///
/// ```
/// use cotangent_core::Differentiable;
/// assert_eq!(vec![(1.0, true), (2.0, false)].zero_tangent(), vec![(0.0, ()), (0.0, ())]);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no tangent, so no derivative can be taken with respect to it",
    label = "`{Self}` does not implement `Differentiable`",
    note = "if `{Self}` is your type, put `#[derive(Differentiable)]` on it",
    note = "if it carries no derivative, mark the field `#[constant]`, pass it through `constant(..)`, or leave it out \
            with `#[differentiable(wrt(..))]`"
)]
pub trait Differentiable {
    /// The type of derivatives with respect to `Self`.
    type Tangent: Tangent;

    /// The zero derivative, of the same shape (lengths, variants) as `self`.
    fn zero_tangent(&self) -> Self::Tangent;

    /// Overwrites `tangent` with [`zero_tangent`](Self::zero_tangent), whatever it holds, and keeps its allocations
    /// where they are large enough.
    #[inline]
    fn zero_tangent_into(&self, tangent: &mut Self::Tangent) {
        *tangent = self.zero_tangent();
    }

    /// The zero tangents of a slice. Exists so that floats can ask the allocator for zeroed memory.
    #[doc(hidden)]
    #[inline]
    fn zero_tangents(values: &[Self]) -> Vec<Self::Tangent>
    where
        Self: Sized,
    {
        values.iter().map(Self::zero_tangent).collect()
    }
}
