//! A trait under `#[differentiable(dyn)]`: what its trait objects are.

use crate::{AnyTangent, DynTangent, Tangent};

/// The impls of `dyn Trait`, by its generics, the type, and its where clause.
#[doc(hidden)]
#[macro_export]
macro_rules! __object {
    ([$($generics:tt)*] $object:ty, [$($clause:tt)*], $clone:ident) => {
        impl<$($generics)*> $crate::Differentiable for $object $($clause)* {
            type Tangent = $crate::DynTangent;
            fn zero_tangent(&self) -> $crate::DynTangent {
                $crate::private::Object::__zero_tangent(self)
            }
            fn zero_tangent_into(&self, tangent: &mut $crate::DynTangent) {
                $crate::private::Object::__zero_tangent_into(self, tangent);
            }
            fn visit_leaves<__V: $crate::Visitor>(&self, visitor: &mut __V) {
                $crate::private::Object::__visit_leaves(self, visitor);
            }
            fn visit_leaves_mut<__V: $crate::VisitorMut>(&mut self, visitor: &mut __V) {
                $crate::private::Object::__visit_leaves_mut(self, visitor);
            }
            fn zip_tangent<__Z: $crate::Zip>(&mut self, tangent: &$crate::DynTangent, zip: &mut __Z) {
                $crate::private::Object::__zip_tangent(self, tangent, zip);
            }
        }

        impl<$($generics)*> $crate::private::Clone for $crate::private::Box<$object> $($clause)* {
            fn clone(&self) -> Self {
                (**self).$clone()
            }
        }

        impl<$($generics)*> $crate::private::ToOwned for $object $($clause)* {
            type Owned = $crate::private::Box<$object>;
            fn to_owned(&self) -> Self::Owned {
                self.$clone()
            }
        }
    };
}
pub use crate::__object as object;

impl super::Slot<dyn AnyTangent> for DynTangent {
    fn add_from(&mut self, value: &dyn AnyTangent) {
        self.accumulate(&DynTangent::of(value));
    }
}

impl super::Slot<DynTangent> for dyn AnyTangent {
    fn add_from(&mut self, value: &DynTangent) {
        value.add_to(self);
    }
}
