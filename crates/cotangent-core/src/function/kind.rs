//! How a parameter is passed, as a type without lifetimes: records of calls mention it, and so borrow nothing.

use core::marker::PhantomData;

use crate::{Differentiable, Tangent};
use alloc::vec::Vec;

type Tan<T> = <T as Differentiable>::Tangent;

/// One parameter.
pub trait Kind: 'static {
    /// The argument as it is passed.
    type Of<'a>;
    /// The argument as pullbacks take it again.
    type Again<'a>;
    /// Its tangent as it is passed.
    type Dot<'a>;
    /// Its tangent as pullbacks take it again.
    type DotAgain<'a>;
    /// Where its cotangent is added.
    type Bar<'a>;
    /// The owned cotangent.
    type Tangent: Tangent;
    /// The argument for a pullback.
    fn again<'b>(value: &'b Self::Of<'_>) -> Self::Again<'b>;
    /// A cotangent at zero.
    fn zero(value: &Self::Of<'_>) -> Self::Tangent;
    /// Lends a cotangent to a pullback.
    fn lend(tangent: &mut Self::Tangent) -> Self::Bar<'_>;
}

macro_rules! marker {
    ($(#[doc = $doc:literal] $name:ident [$($bound:tt)*];)*) => {$(
        #[doc = $doc]
        pub struct $name<T: $($bound)*>(PhantomData<fn() -> PhantomData<T>>);
    )*};
}

marker! {
    /// `T`
    Val [];
    /// `&T`
    Ref [];
    /// `&[T]`
    Slice [];
    /// `T`, constant: its tangent is `()`.
    FixedVal [];
    /// `&T`, constant.
    FixedRef [?Sized];
}

impl<T: Differentiable + Clone + 'static> Kind for Val<T> {
    type Of<'a> = T;
    type Again<'a> = &'a T;
    type Dot<'a> = Tan<T>;
    type DotAgain<'a> = &'a Tan<T>;
    type Bar<'a> = &'a mut Tan<T>;
    type Tangent = Tan<T>;
    #[inline(always)]
    fn again(value: &T) -> &T {
        value
    }
    #[inline(always)]
    fn zero(value: &T) -> Tan<T> {
        value.zero_tangent()
    }
    #[inline(always)]
    fn lend(tangent: &mut Tan<T>) -> &mut Tan<T> {
        tangent
    }
}

impl<T: Differentiable + 'static> Kind for Ref<T> {
    type Of<'a> = &'a T;
    type Again<'a> = &'a T;
    type Dot<'a> = &'a Tan<T>;
    type DotAgain<'a> = &'a Tan<T>;
    type Bar<'a> = &'a mut Tan<T>;
    type Tangent = Tan<T>;
    #[inline(always)]
    fn again<'b>(value: &'b &T) -> &'b T {
        value
    }
    #[inline(always)]
    fn zero(value: &&T) -> Tan<T> {
        value.zero_tangent()
    }
    #[inline(always)]
    fn lend(tangent: &mut Tan<T>) -> &mut Tan<T> {
        tangent
    }
}

impl<T: Differentiable + 'static> Kind for Slice<T> {
    type Of<'a> = &'a [T];
    type Again<'a> = &'a [T];
    type Dot<'a> = &'a [Tan<T>];
    type DotAgain<'a> = &'a [Tan<T>];
    type Bar<'a> = &'a mut [Tan<T>];
    type Tangent = Vec<Tan<T>>;
    #[inline(always)]
    fn again<'b>(value: &'b &[T]) -> &'b [T] {
        value
    }
    #[inline(always)]
    fn zero(value: &&[T]) -> Vec<Tan<T>> {
        value.zero_tangent()
    }
    #[inline(always)]
    fn lend(tangent: &mut Vec<Tan<T>>) -> &mut [Tan<T>] {
        tangent
    }
}

impl<T: Clone + 'static> Kind for FixedVal<T> {
    type Of<'a> = T;
    type Again<'a> = &'a T;
    type Dot<'a> = ();
    type DotAgain<'a> = &'a ();
    type Bar<'a> = &'a mut ();
    type Tangent = ();
    #[inline(always)]
    fn again(value: &T) -> &T {
        value
    }
    #[inline(always)]
    fn zero(_: &T) {}
    #[inline(always)]
    fn lend(tangent: &mut ()) -> &mut () {
        tangent
    }
}

impl<T: ?Sized + 'static> Kind for FixedRef<T> {
    type Of<'a> = &'a T;
    type Again<'a> = &'a T;
    type Dot<'a> = ();
    type DotAgain<'a> = &'a ();
    type Bar<'a> = &'a mut ();
    type Tangent = ();
    #[inline(always)]
    fn again<'b>(value: &'b &T) -> &'b T {
        value
    }
    #[inline(always)]
    fn zero(_: &&T) {}
    #[inline(always)]
    fn lend(tangent: &mut ()) -> &mut () {
        tangent
    }
}

/// A tuple of parameters.
pub trait Kinds: 'static {
    /// The arguments as they are passed.
    type Of<'a>;
    /// The arguments as pullbacks take them again.
    type Again<'a>;
    /// Their tangents as they are passed.
    type Dot<'a>;
    /// Their tangents as pullbacks take them again.
    type DotAgain<'a>;
    /// Where their cotangents are added.
    type Bar<'a>;
    /// The owned cotangents.
    type Tangent: Tangent;
    /// The arguments for a pullback.
    fn again<'b>(values: &'b Self::Of<'_>) -> Self::Again<'b>;
    /// Cotangents at zero.
    fn zero(values: &Self::Of<'_>) -> Self::Tangent;
    /// Lends cotangents to a pullback.
    fn lend(tangents: &mut Self::Tangent) -> Self::Bar<'_>;
}

/// How an argument that a person passes becomes that of a kind.
pub trait Arg<K: Kind> {
    /// The tangent that belongs to it, as it is passed.
    type Dot;
    /// The argument.
    fn of(&self) -> K::Of<'_>;
    /// Its tangent.
    fn dot(dot: &Self::Dot) -> K::Dot<'_>;
}

macro_rules! argument {
    ($([$($bounds:tt)*] $kind:ty, $arg:ty, $dot:ty, $how:ident;)*) => {$(
        impl<$($bounds)*> Arg<$kind> for $arg {
            type Dot = $dot;
            #[inline(always)]
            fn of(&self) -> <$kind as Kind>::Of<'_> {
                argument!(@$how self)
            }
            #[inline(always)]
            #[allow(clippy::clone_on_copy)]
            fn dot(dot: &Self::Dot) -> <$kind as Kind>::Dot<'_> {
                argument!(@$how dot)
            }
        }
    )*};
    (@cloned $value:ident) => { $value.clone() };
    (@borrowed $value:ident) => { $value };
}

argument! {
    [T: Differentiable + Clone + 'static] Val<T>, T, Tan<T>, cloned;
    ['a, T: Differentiable + 'static] Ref<T>, &'a T, &'a Tan<T>, borrowed;
    ['a, T: Differentiable + 'static] Slice<T>, &'a [T], &'a [Tan<T>], borrowed;
    [T: Clone + 'static] FixedVal<T>, T, (), cloned;
}

impl<T: ?Sized + 'static> Arg<FixedRef<T>> for &T {
    type Dot = ();
    #[inline(always)]
    fn of(&self) -> &T {
        self
    }
    #[inline(always)]
    fn dot((): &()) {}
}

/// [`Arg`] for tuples.
pub trait Args<K: Kinds> {
    /// Their tangents as they are passed.
    type Dot;
    /// The arguments.
    fn of(&self) -> K::Of<'_>;
    /// Their tangents.
    fn dot(dot: &Self::Dot) -> K::Dot<'_>;
}

macro_rules! tuple {
    ($($K:ident $A:ident $index:tt),*) => {
        #[allow(unused_variables, clippy::unused_unit)]
        impl<$($K: Kind),*> Kinds for ($($K,)*) {
            type Of<'a> = ($($K::Of<'a>,)*);
            type Again<'a> = ($($K::Again<'a>,)*);
            type Dot<'a> = ($($K::Dot<'a>,)*);
            type DotAgain<'a> = ($($K::DotAgain<'a>,)*);
            type Bar<'a> = ($($K::Bar<'a>,)*);
            type Tangent = ($($K::Tangent,)*);
            #[inline(always)]
            fn again<'b>(values: &'b Self::Of<'_>) -> Self::Again<'b> {
                ($($K::again(&values.$index),)*)
            }
            #[inline(always)]
            fn zero(values: &Self::Of<'_>) -> Self::Tangent {
                ($($K::zero(&values.$index),)*)
            }
            #[inline(always)]
            fn lend(tangents: &mut Self::Tangent) -> Self::Bar<'_> {
                ($($K::lend(&mut tangents.$index),)*)
            }
        }
        #[allow(unused_variables, clippy::unused_unit)]
        impl<$($K: Kind, $A: Arg<$K>),*> Args<($($K,)*)> for ($($A,)*) {
            type Dot = ($($A::Dot,)*);
            #[inline(always)]
            fn of(&self) -> <($($K,)*) as Kinds>::Of<'_> {
                ($(self.$index.of(),)*)
            }
            #[inline(always)]
            fn dot(dot: &Self::Dot) -> <($($K,)*) as Kinds>::Dot<'_> {
                ($($A::dot(&dot.$index),)*)
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
