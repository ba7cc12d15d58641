//! `f32` and `f64`: a float is its own tangent.

use crate::{Differentiable, Tangent, Visitor, VisitorMut, Zip};
use alloc::vec;
use alloc::vec::Vec;

macro_rules! scalar {
    ($($float:ty),*) => {$(
        impl Differentiable for $float {
            type Tangent = Self;

            #[inline]
            fn zero_tangent(&self) -> Self {
                0.0
            }

            #[inline]
            fn zero_tangent_into(&self, tangent: &mut Self) {
                *tangent = 0.0;
            }

            #[inline]
            fn zero_tangents(values: &[Self]) -> Vec<Self> {
                vec![0.0; values.len()]
            }

            #[inline]
            fn visit_leaves<V: Visitor>(&self, visitor: &mut V) {
                visitor.leaf(*self);
            }

            #[inline]
            fn visit_leaves_mut<V: VisitorMut>(&mut self, visitor: &mut V) {
                visitor.leaf(self);
            }

            #[inline]
            fn zip_tangent<Z: Zip>(&mut self, tangent: &Self, zip: &mut Z) {
                zip.leaf(self, *tangent);
            }
        }

        impl Tangent for $float {
            #[inline]
            fn zip_leaves<Z: Zip>(&mut self, other: &Self, zip: &mut Z) {
                zip.leaf(self, *other);
            }

            #[inline]
            fn accumulate(&mut self, other: &Self) {
                *self += *other;
            }

            #[inline]
            fn set_zero(&mut self) {
                *self = 0.0;
            }
        }
    )*};
}

scalar!(f32, f64);
