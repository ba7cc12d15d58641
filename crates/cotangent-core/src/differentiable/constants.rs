//! Types that carry no derivative: their tangent is `()`.

use crate::{Differentiable, Tangent, Zip};
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

impl Tangent for () {
    #[inline]
    fn zip_leaves<Z: Zip>(&mut self, (): &Self, _: &mut Z) {}
}

/// Gives `()` as tangent to types, generic over the parameters in the bracket before them.
macro_rules! constant {
    (@impl [$($parameter:ident)?] $type:ty) => {
        impl<$($parameter)?> Differentiable for $type {
            type Tangent = ();

            #[inline]
            fn zero_tangent(&self) {}

            #[inline]
            fn zero_tangent_into(&self, (): &mut ()) {}

            #[inline]
            fn zero_tangents(values: &[Self]) -> Vec<()> {
                vec![(); values.len()]
            }

            crate::differentiable::without_leaves!();
        }
    };
    ($parameters:tt $($type:ty),* $(,)?) => {$(constant! { @impl $parameters $type })*};
}

constant! {
    []
    (), bool, char, String,
    u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize,
    core::num::NonZeroU32, core::num::NonZeroU64, core::num::NonZeroUsize,
    core::cmp::Ordering, core::time::Duration, core::ops::RangeFull,
}

constant! {
    [T]
    core::ops::Range<T>, core::ops::RangeInclusive<T>, core::ops::RangeFrom<T>,
    core::ops::RangeTo<T>, core::ops::RangeToInclusive<T>,
    core::marker::PhantomData<T>,
}

impl Differentiable for str {
    type Tangent = ();

    #[inline]
    fn zero_tangent(&self) {}

    crate::differentiable::without_leaves!();
}
