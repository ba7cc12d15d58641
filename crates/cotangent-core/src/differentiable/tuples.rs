//! Tuples of up to twelve elements.

use crate::{Differentiable, Tangent, Visitor, VisitorMut, Zip};

macro_rules! tuple {
    ($($T:ident $index:tt),+) => {
        impl<$($T: Differentiable),+> Differentiable for ($($T,)+) {
            type Tangent = ($($T::Tangent,)+);

            #[inline]
            fn zero_tangent(&self) -> Self::Tangent {
                ($(self.$index.zero_tangent(),)+)
            }

            #[inline]
            fn zero_tangent_into(&self, tangent: &mut Self::Tangent) {
                $(self.$index.zero_tangent_into(&mut tangent.$index);)+
            }

            #[inline]
            fn visit_leaves<V: Visitor>(&self, visitor: &mut V) {
                $(visitor.field(stringify!($index), &self.$index);)+
            }

            #[inline]
            fn visit_leaves_mut<V: VisitorMut>(&mut self, visitor: &mut V) {
                $(visitor.field(stringify!($index), &mut self.$index);)+
            }

            #[inline]
            fn zip_tangent<Z: Zip>(&mut self, tangent: &Self::Tangent, zip: &mut Z) {
                $(self.$index.zip_tangent(&tangent.$index, zip);)+
            }
        }

        impl<$($T: Tangent),+> Tangent for ($($T,)+) {
            #[inline]
            fn zip_leaves<Z: Zip>(&mut self, other: &Self, zip: &mut Z) {
                $(self.$index.zip_leaves(&other.$index, zip);)+
            }

            #[inline]
            fn accumulate(&mut self, other: &Self) {
                $(self.$index.accumulate(&other.$index);)+
            }
        }
    };
}

tuple!(A 0);
tuple!(A 0, B 1);
tuple!(A 0, B 1, C 2);
tuple!(A 0, B 1, C 2, D 3);
tuple!(A 0, B 1, C 2, D 3, E 4);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11);
