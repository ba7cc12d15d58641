//! Slices, vectors and arrays.

use crate::{Differentiable, Tangent, Visitor, VisitorMut, Zip};
use alloc::vec::Vec;

impl<T: Differentiable> Differentiable for [T] {
    type Tangent = Vec<T::Tangent>;

    #[inline]
    fn zero_tangent(&self) -> Self::Tangent {
        T::zero_tangents(self)
    }

    #[inline]
    fn zero_tangent_into(&self, tangent: &mut Self::Tangent) {
        tangent.truncate(self.len());
        let (kept, new) = self.split_at(tangent.len());
        for (value, part) in kept.iter().zip(tangent.iter_mut()) {
            value.zero_tangent_into(part);
        }
        tangent.extend(new.iter().map(T::zero_tangent));
    }

    #[inline]
    fn visit_leaves<V: Visitor>(&self, visitor: &mut V) {
        visitor.elements(self);
    }

    #[inline]
    fn visit_leaves_mut<V: VisitorMut>(&mut self, visitor: &mut V) {
        visitor.elements(self);
    }

    #[inline]
    fn zip_tangent<Z: Zip>(&mut self, tangent: &Self::Tangent, zip: &mut Z) {
        same_length(self.len(), tangent.len());
        for (a, b) in self.iter_mut().zip(tangent) {
            a.zip_tangent(b, zip);
        }
    }
}

impl<T: Differentiable> Differentiable for Vec<T> {
    type Tangent = Vec<T::Tangent>;

    #[inline]
    fn zero_tangent(&self) -> Self::Tangent {
        T::zero_tangents(self)
    }

    #[inline]
    fn zero_tangent_into(&self, tangent: &mut Self::Tangent) {
        self.as_slice().zero_tangent_into(tangent);
    }

    #[inline]
    fn visit_leaves<V: Visitor>(&self, visitor: &mut V) {
        visitor.elements(self);
    }

    #[inline]
    fn visit_leaves_mut<V: VisitorMut>(&mut self, visitor: &mut V) {
        visitor.elements(self);
    }

    #[inline]
    fn zip_tangent<Z: Zip>(&mut self, tangent: &Self::Tangent, zip: &mut Z) {
        self.as_mut_slice().zip_tangent(tangent, zip);
    }
}

impl<T: Tangent> Tangent for Vec<T> {
    #[inline]
    fn zip_leaves<Z: Zip>(&mut self, other: &Self, zip: &mut Z) {
        same_length(self.len(), other.len());
        for (a, b) in self.iter_mut().zip(other) {
            a.zip_leaves(b, zip);
        }
    }

    #[inline]
    fn accumulate(&mut self, other: &Self) {
        same_length(self.len(), other.len());
        for (a, b) in self.iter_mut().zip(other) {
            a.accumulate(b);
        }
    }

    #[inline]
    fn set_zero(&mut self) {
        self.iter_mut().for_each(T::set_zero);
    }
}

#[inline]
#[track_caller]
fn same_length(left: usize, right: usize) {
    if left != right {
        length_mismatch(left, right);
    }
}

#[cold]
#[inline(never)]
#[track_caller]
fn length_mismatch(left: usize, right: usize) -> ! {
    panic!(
        "cannot combine tangents of different lengths: {left} and {right}; \
         a tangent must have the length of its value (see `zero_tangent`)"
    )
}

impl<T: Differentiable, const N: usize> Differentiable for [T; N] {
    type Tangent = [T::Tangent; N];

    #[inline]
    fn zero_tangent(&self) -> Self::Tangent {
        core::array::from_fn(|i| self[i].zero_tangent())
    }

    #[inline]
    fn zero_tangent_into(&self, tangent: &mut Self::Tangent) {
        for (value, part) in self.iter().zip(tangent) {
            value.zero_tangent_into(part);
        }
    }

    #[inline]
    fn visit_leaves<V: Visitor>(&self, visitor: &mut V) {
        visitor.elements(self);
    }

    #[inline]
    fn visit_leaves_mut<V: VisitorMut>(&mut self, visitor: &mut V) {
        visitor.elements(self);
    }

    #[inline]
    fn zip_tangent<Z: Zip>(&mut self, tangent: &Self::Tangent, zip: &mut Z) {
        for (a, b) in self.iter_mut().zip(tangent) {
            a.zip_tangent(b, zip);
        }
    }
}

impl<T: Tangent, const N: usize> Tangent for [T; N] {
    #[inline]
    fn zip_leaves<Z: Zip>(&mut self, other: &Self, zip: &mut Z) {
        for (a, b) in self.iter_mut().zip(other) {
            a.zip_leaves(b, zip);
        }
    }

    #[inline]
    fn accumulate(&mut self, other: &Self) {
        for (a, b) in self.iter_mut().zip(other) {
            a.accumulate(b);
        }
    }

    #[inline]
    fn set_zero(&mut self) {
        self.iter_mut().for_each(T::set_zero);
    }
}
