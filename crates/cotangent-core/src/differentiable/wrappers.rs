//! `Option`, `Result`, `Box` and references.

use crate::private::is_zero;
use crate::{AnyTangent, Differentiable, Tangent, Visitor, VisitorMut, Zip};
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

    #[inline]
    fn visit_leaves<V: Visitor>(&self, visitor: &mut V) {
        if let Some(value) = self {
            value.visit_leaves(visitor);
        }
    }

    #[inline]
    fn visit_leaves_mut<V: VisitorMut>(&mut self, visitor: &mut V) {
        if let Some(value) = self {
            value.visit_leaves_mut(visitor);
        }
    }

    #[inline]
    fn zip_tangent<Z: Zip>(&mut self, tangent: &Self::Tangent, zip: &mut Z) {
        zip_payload(self.as_mut(), tangent.as_ref(), zip);
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

    #[inline]
    fn visit_leaves<V: Visitor>(&self, visitor: &mut V) {
        if let Ok(value) = self {
            value.visit_leaves(visitor);
        }
    }

    #[inline]
    fn visit_leaves_mut<V: VisitorMut>(&mut self, visitor: &mut V) {
        if let Ok(value) = self {
            value.visit_leaves_mut(visitor);
        }
    }

    #[inline]
    fn zip_tangent<Z: Zip>(&mut self, tangent: &Self::Tangent, zip: &mut Z) {
        zip_payload(self.as_mut().ok(), tangent.as_ref(), zip);
    }
}

#[inline]
fn zero_option_into<T: Differentiable>(value: Option<&T>, tangent: &mut Option<T::Tangent>) {
    match (value, tangent) {
        (Some(value), Some(tangent)) => value.zero_tangent_into(tangent),
        (value, tangent) => *tangent = value.map(T::zero_tangent),
    }
}

fn zip_payload<T: Differentiable, Z: Zip>(value: Option<&mut T>, tangent: Option<&T::Tangent>, zip: &mut Z) {
    match (value, tangent) {
        (Some(value), Some(tangent)) => value.zip_tangent(tangent, zip),
        (None, Some(tangent)) => assert!(
            is_zero(tangent),
            "a value that is `None` cannot be combined with a tangent that is not zero; both must come from one value"
        ),
        (_, None) => {}
    }
}

/// `None` is the zero: adding it changes nothing, and adding to it gives the other.
impl<T: Tangent> Tangent for Option<T> {
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

    #[inline]
    fn visit_leaves<V: Visitor>(&self, visitor: &mut V) {
        (**self).visit_leaves(visitor);
    }

    #[inline]
    fn visit_leaves_mut<V: VisitorMut>(&mut self, visitor: &mut V) {
        (**self).visit_leaves_mut(visitor);
    }

    #[inline]
    fn zip_tangent<Z: Zip>(&mut self, tangent: &Self::Tangent, zip: &mut Z) {
        (**self).zip_tangent(tangent, zip);
    }
}

impl<T: Tangent> Tangent for Box<T> {
    #[inline]
    fn zip_leaves<Z: Zip>(&mut self, other: &Self, zip: &mut Z) {
        (**self).zip_leaves(other, zip);
    }

    #[inline]
    fn accumulate(&mut self, other: &Self) {
        (**self).accumulate(other);
    }

    fn __behind(&self) -> Option<&dyn AnyTangent>
    where
        Self: 'static,
    {
        Some(&**self)
    }

    fn __behind_mut(&mut self) -> Option<&mut dyn AnyTangent>
    where
        Self: 'static,
    {
        Some(&mut **self)
    }
}

/// What a reference has of the value that it points to.
macro_rules! pointed_to {
    () => {
        type Tangent = T::Tangent;

        #[inline]
        fn zero_tangent(&self) -> Self::Tangent {
            (**self).zero_tangent()
        }

        #[inline]
        fn zero_tangent_into(&self, tangent: &mut Self::Tangent) {
            (**self).zero_tangent_into(tangent);
        }

        #[inline]
        fn visit_leaves<V: Visitor>(&self, visitor: &mut V) {
            (**self).visit_leaves(visitor);
        }
    };
}

impl<T: Differentiable + ?Sized> Differentiable for &T {
    pointed_to!();

    fn visit_leaves_mut<V: VisitorMut>(&mut self, _: &mut V) {
        shared(*self);
    }

    fn zip_tangent<Z: Zip>(&mut self, _: &Self::Tangent, _: &mut Z) {
        shared(*self);
    }
}

/// Panics if there is a leaf that would have to change.
fn shared<T: Differentiable + ?Sized>(value: &T) {
    assert!(
        crate::Leaves::leaf_count(value) == 0,
        "a number behind a shared reference cannot be changed: let the value own what it is moved in"
    );
}

impl<T: Differentiable + ?Sized> Differentiable for &mut T {
    pointed_to!();

    #[inline]
    fn visit_leaves_mut<V: VisitorMut>(&mut self, visitor: &mut V) {
        (**self).visit_leaves_mut(visitor);
    }

    #[inline]
    fn zip_tangent<Z: Zip>(&mut self, tangent: &Self::Tangent, zip: &mut Z) {
        (**self).zip_tangent(tangent, zip);
    }
}
