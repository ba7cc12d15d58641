//! The trait of values that have a derivative, and its implementations for std types.

/// The leaves of a value that has none.
macro_rules! without_leaves {
    () => {
        #[inline]
        fn visit_leaves<V: $crate::Visitor>(&self, _: &mut V) {}

        #[inline]
        fn visit_leaves_mut<V: $crate::VisitorMut>(&mut self, _: &mut V) {}

        #[inline]
        fn zip_tangent<Z: $crate::Zip>(&mut self, _: &Self::Tangent, _: &mut Z) {}
    };
}
pub(crate) use without_leaves;

/// The leaves of a value that are those of a part of it.
macro_rules! leaves_of {
    ($part:tt) => {
        #[inline]
        fn visit_leaves<V: $crate::Visitor>(&self, visitor: &mut V) {
            self.$part.visit_leaves(visitor);
        }

        #[inline]
        fn visit_leaves_mut<V: $crate::VisitorMut>(&mut self, visitor: &mut V) {
            self.$part.visit_leaves_mut(visitor);
        }

        #[inline]
        fn zip_tangent<Z: $crate::Zip>(&mut self, tangent: &Self::Tangent, zip: &mut Z) {
            self.$part.zip_tangent(tangent, zip);
        }
    };
}
pub(crate) use leaves_of;

mod constants;
mod scalars;
mod sequences;
mod tuples;
mod wrappers;

use crate::{Tangent, Visitor, VisitorMut, Zip};
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
/// The *leaves* of a value are the numbers that a derivative is taken with respect to. They come in the order and under
/// the names of the leaves of its tangent; [`Leaves`](crate::Leaves) makes a vector of them, and moves a value along a
/// tangent.
///
/// ```
/// use cotangent_core::{Differentiable, Leaves};
/// let mut value = vec![(1.0, true), (2.0, false)];
/// assert_eq!(value.zero_tangent(), vec![(0.0, ()), (0.0, ())]);
/// value.move_by(0.5, &vec![(2.0, ()), (4.0, ())]);
/// assert_eq!(value, [(2.0, true), (4.0, false)]);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no tangent, so no derivative can be taken with respect to it",
    label = "`{Self}` does not implement `Differentiable`",
    note = "if `{Self}` is your type, put `#[derive(Differentiable)]` on it",
    note = "for a trait behind `dyn`, write `#[differentiable(dyn)]` on the trait",
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

    /// Shows every leaf to `visitor`, in order, with its name.
    fn visit_leaves<V: Visitor>(&self, visitor: &mut V);

    /// Lends every leaf to `visitor`, in order, with its name.
    ///
    /// # Panics
    /// Where a leaf lies behind a shared reference.
    fn visit_leaves_mut<V: VisitorMut>(&mut self, visitor: &mut V);

    /// Lends every leaf of `self` to `zip` together with the leaf of `tangent` at the same place.
    ///
    /// # Panics
    /// Where the shapes differ, unless the part that has no counterpart in `self` is zero; and where a leaf lies behind
    /// a shared reference.
    fn zip_tangent<Z: Zip>(&mut self, tangent: &Self::Tangent, zip: &mut Z);

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
