//! `Option`, `Result`, `Box` and references.

use crate::{Differentiable, Tangent, Visitor, VisitorMut, Zip};
use alloc::boxed::Box;

impl<T: Differentiable> Differentiable for Option<T> {
    type Tangent = Option<T::Tangent>;

    #[inline]
    fn zero_tangent(&self) -> Self::Tangent {
        self.as_ref().map(T::zero_tangent)
    }

    #[inline]
    fn zero_tangent_into(&self, tangent: &mut Self::Tangent) {
        zero_option_into(self.as_ref(), tangent);
    }
}

/// An error has no derivative, so the tangent of a result is that of its `Ok` value, or `None`.
impl<T: Differentiable, E> Differentiable for Result<T, E> {
    type Tangent = Option<T::Tangent>;

    #[inline]
    fn zero_tangent(&self) -> Self::Tangent {
        self.as_ref().ok().map(T::zero_tangent)
    }

    #[inline]
    fn zero_tangent_into(&self, tangent: &mut Self::Tangent) {
        zero_option_into(self.as_ref().ok(), tangent);
    }
}

#[inline]
fn zero_option_into<T: Differentiable>(value: Option<&T>, tangent: &mut Option<T::Tangent>) {
    match (value, tangent) {
        (Some(value), Some(tangent)) => value.zero_tangent_into(tangent),
        (value, tangent) => *tangent = value.map(T::zero_tangent),
    }
}

/// `None` is the zero: adding it changes nothing, and adding to it gives the other.
impl<T: Tangent> Tangent for Option<T> {
    #[inline]
    fn visit_leaves<V: Visitor>(&self, visitor: &mut V) {
        if let Some(tangent) = self {
            tangent.visit_leaves(visitor);
        }
    }

    #[inline]
    fn visit_leaves_mut<V: VisitorMut>(&mut self, visitor: &mut V) {
        if let Some(tangent) = self {
            tangent.visit_leaves_mut(visitor);
        }
    }

    #[inline]
    fn zip_leaves<Z: Zip>(&mut self, other: &Self, zip: &mut Z) {
        if let Some(other) = other {
            self.get_or_insert_with(|| other.zero_tangent()).zip_leaves(other, zip);
        }
    }
}

impl<T: Differentiable + ?Sized> Differentiable for Box<T> {
    type Tangent = Box<T::Tangent>;

    #[inline]
    fn zero_tangent(&self) -> Self::Tangent {
        Box::new((**self).zero_tangent())
    }

    #[inline]
    fn zero_tangent_into(&self, tangent: &mut Self::Tangent) {
        (**self).zero_tangent_into(tangent);
    }
}

impl<T: Tangent> Tangent for Box<T> {
    #[inline]
    fn visit_leaves<V: Visitor>(&self, visitor: &mut V) {
        (**self).visit_leaves(visitor);
    }

    #[inline]
    fn visit_leaves_mut<V: VisitorMut>(&mut self, visitor: &mut V) {
        (**self).visit_leaves_mut(visitor);
    }

    #[inline]
    fn zip_leaves<Z: Zip>(&mut self, other: &Self, zip: &mut Z) {
        (**self).zip_leaves(other, zip);
    }

    #[inline]
    fn accumulate(&mut self, other: &Self) {
        (**self).accumulate(other);
    }
}

macro_rules! reference {
    ($($reference:ty),*) => {$(
        impl<T: Differentiable + ?Sized> Differentiable for $reference {
            type Tangent = T::Tangent;

            #[inline]
            fn zero_tangent(&self) -> Self::Tangent {
                (**self).zero_tangent()
            }

            #[inline]
            fn zero_tangent_into(&self, tangent: &mut Self::Tangent) {
                (**self).zero_tangent_into(tangent);
            }
        }
    )*};
}

reference!(&T, &mut T);
