//! The trait of derivative values.

use crate::leaves::{Add, SetZero};
use crate::{AnyTangent, Differentiable, Zip};

/// A derivative: a vector space element that mirrors the shape of the value it belongs to.
///
/// `f64` is its own tangent, a `Vec<f64>` has a `Vec<f64>`, a struct `P` with `#[derive(Differentiable)]` has a
/// `PTangent` with the same field names, and what carries no derivative has `()`. The same type serves for tangents
/// (`x_dot`, forward mode) and cotangents (`x_bar`, reverse mode). A tangent is its own tangent, which is what higher
/// order needs.
///
/// `zip_leaves` and the visits of [`Differentiable`] walk the numbers ("leaves") of a tangent; everything else follows
/// from them, here and in [`Leaves`](crate::Leaves). `#[derive(Differentiable)]` writes them.
///
/// ```
/// use cotangent_core::{Differentiable, Tangent};
/// let x = (1.5, vec![2.0, 3.0], 7_usize);
/// let mut x_bar = x.zero_tangent();
/// x_bar.accumulate(&(1.0, vec![0.5, 0.0], ()));
/// x_bar.accumulate(&(1.0, vec![0.5, 4.0], ()));
/// assert_eq!(x_bar, (2.0, vec![1.0, 4.0], ()));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a tangent type",
    label = "not a tangent",
    note = "tangents are `f32`, `f64`, `()`, and `Vec`, arrays, tuples, `Option` and `Box` of tangents",
    note = "`#[derive(Differentiable)]` on a type `P` makes its tangent type `PTangent`"
)]
pub trait Tangent: Clone + Differentiable<Tangent = Self> {
    /// Lends every leaf of `self` to `zip` together with the leaf of `other` at the same place.
    ///
    /// # Panics
    /// Where the shapes differ, with both lengths or both variants. Exception: a part that is zero in one of the two,
    /// and there of another enum variant, counts as zero of the right variant (`None` is zero).
    fn zip_leaves<Z: Zip>(&mut self, other: &Self, zip: &mut Z);

    /// `self += other`. Panics where the shapes differ, as [`zip_leaves`](Self::zip_leaves) does.
    #[inline]
    fn accumulate(&mut self, other: &Self) {
        self.zip_leaves(other, &mut Add);
    }

    /// Sets every leaf to zero; lengths, variants and allocations stay.
    #[inline]
    fn set_zero(&mut self) {
        self.visit_leaves_mut(&mut SetZero);
    }

    /// The tangent that lies in this one, if this is a box.
    #[doc(hidden)]
    fn __behind(&self) -> Option<&dyn AnyTangent>
    where
        Self: 'static,
    {
        None
    }

    /// The same, to be changed.
    #[doc(hidden)]
    fn __behind_mut(&mut self) -> Option<&mut dyn AnyTangent>
    where
        Self: 'static,
    {
        None
    }
}
