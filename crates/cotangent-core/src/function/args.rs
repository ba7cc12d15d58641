//! The arguments that people pass, as those of the kinds.

use alloc::borrow::{BorrowMut, ToOwned};
use alloc::vec::Vec;

use super::kind::{FixedMut, FixedRef, FixedVal, Kind, Kinds, Mut, MutSlice, Ref, Slice, Val};
use crate::Differentiable;

type Tan<T> = <T as Differentiable>::Tangent;

/// How an argument that a person passes becomes that of a kind.
pub trait Arg<K: Kind> {
    /// The tangent that belongs to it, as it is passed.
    type Dot;
    /// The argument as a pullback keeps it: of `&mut T` a copy, so that the caller may read what the call left.
    type Held;
    /// The argument.
    fn of(&mut self) -> K::Of<'_>;
    /// Its tangent.
    fn dot(dot: &mut Self::Dot) -> K::Dot<'_>;
    /// See [`Held`](Self::Held).
    fn hold(self) -> Self::Held;
    /// The argument once more.
    fn of_held(held: &mut Self::Held) -> K::Of<'_>;
}

macro_rules! argument {
    ($([$($bounds:tt)*] $kind:ty, $arg:ty, $dot:ty, $held:ty: |$v:ident| $of:expr, $as_dot:expr, $hold:expr, $again:expr;)*) => {$(
        impl<$($bounds)*> Arg<$kind> for $arg {
            type Dot = $dot;
            type Held = $held;
            #[inline(always)]
            fn of(&mut self) -> <$kind as Kind>::Of<'_> {
                let $v = self;
                $of
            }
            #[inline(always)]
            #[allow(clippy::clone_on_copy, unused_variables)]
            fn dot($v: &mut Self::Dot) -> <$kind as Kind>::Dot<'_> {
                $as_dot
            }
            #[inline(always)]
            fn hold(self) -> Self::Held {
                let $v = self;
                $hold
            }
            #[inline(always)]
            fn of_held($v: &mut Self::Held) -> <$kind as Kind>::Of<'_> {
                $again
            }
        }
    )*};
}

argument! {
    [T: Differentiable + Clone + 'static] Val<T>, T, Tan<T>, T: |v| v.clone(), v.clone(), v, v.clone();
    ['a, T: Differentiable + 'static] Ref<T>, &'a T, &'a Tan<T>, &'a T: |v| v, v, v, v;
    ['a, T: Differentiable + 'static] Slice<T>, &'a [T], &'a [Tan<T>], &'a [T]: |v| v, v, v, v;
    ['a, T: Differentiable + Clone + 'static] Mut<T>, &'a mut T, &'a mut Tan<T>, T: |v| v, v, v.clone(), v;
    ['a, T: Differentiable + Clone + 'static] MutSlice<T>, &'a mut [T], &'a mut [Tan<T>], Vec<T>: |v| v, v, v.to_vec(), v;
    [T: Clone + 'static] FixedVal<T>, T, (), T: |v| v.clone(), (), v, v.clone();
    ['a, T: ?Sized + 'static] FixedRef<T>, &'a T, (), &'a T: |v| v, (), v, v;
    ['a, T: ?Sized + ToOwned<Owned: BorrowMut<T>> + 'static] FixedMut<T>, &'a mut T, (), T::Owned:
        |v| v, (), (*v).to_owned(), v.borrow_mut();
}

/// [`Arg`] for tuples.
pub trait Args<K: Kinds> {
    /// Their tangents as they are passed.
    type Dot;
    /// The arguments as a pullback keeps them.
    type Held;
    /// The arguments.
    fn of(&mut self) -> K::Of<'_>;
    /// Their tangents.
    fn dot(dot: &mut Self::Dot) -> K::Dot<'_>;
    /// See [`Arg::Held`].
    fn hold(self) -> Self::Held;
    /// The arguments once more.
    fn of_held(held: &mut Self::Held) -> K::Of<'_>;
}

macro_rules! tuple {
    ($($K:ident $A:ident $index:tt),*) => {
        #[allow(unused_variables, clippy::unused_unit)]
        impl<$($K: Kind, $A: Arg<$K>),*> Args<($($K,)*)> for ($($A,)*) {
            type Dot = ($($A::Dot,)*);
            type Held = ($($A::Held,)*);
            #[inline(always)]
            fn of(&mut self) -> <($($K,)*) as Kinds>::Of<'_> {
                ($(self.$index.of(),)*)
            }
            #[inline(always)]
            fn dot(dot: &mut Self::Dot) -> <($($K,)*) as Kinds>::Dot<'_> {
                ($($A::dot(&mut dot.$index),)*)
            }
            #[inline(always)]
            fn hold(self) -> Self::Held {
                ($(self.$index.hold(),)*)
            }
            #[inline(always)]
            fn of_held(held: &mut Self::Held) -> <($($K,)*) as Kinds>::Of<'_> {
                ($($A::of_held(&mut held.$index),)*)
            }
        }
    };
}

tuple!();
tuple!(K0 A0 0);
tuple!(K0 A0 0, K1 A1 1);
tuple!(K0 A0 0, K1 A1 1, K2 A2 2);
tuple!(K0 A0 0, K1 A1 1, K2 A2 2, K3 A3 3);
tuple!(K0 A0 0, K1 A1 1, K2 A2 2, K3 A3 3, K4 A4 4);
tuple!(K0 A0 0, K1 A1 1, K2 A2 2, K3 A3 3, K4 A4 4, K5 A5 5);
tuple!(K0 A0 0, K1 A1 1, K2 A2 2, K3 A3 3, K4 A4 4, K5 A5 5, K6 A6 6);
tuple!(K0 A0 0, K1 A1 1, K2 A2 2, K3 A3 3, K4 A4 4, K5 A5 5, K6 A6 6, K7 A7 7);
