//! How a parameter is passed, as a type without lifetimes: records of calls mention it, and so borrow nothing.

use core::marker::PhantomData;

use crate::{Differentiable, Tangent};
use alloc::vec::Vec;

type Tan<T> = <T as Differentiable>::Tangent;

/// How one parameter is passed: [`Val`], [`Ref`], [`Slice`], [`Mut`] or [`MutSlice`].
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
    fn again<'b>(value: &'b mut Self::Of<'_>) -> Self::Again<'b>;
    /// The tangent for a pullback.
    fn dot_again<'b>(dot: &'b mut Self::Dot<'_>) -> Self::DotAgain<'b>;
    /// A cotangent at zero.
    fn zero(value: &Self::Of<'_>) -> Self::Tangent;
    /// Lends a cotangent to a pullback.
    fn lend(tangent: &mut Self::Tangent) -> Self::Bar<'_>;
}

/// A marker and its [`Kind`]: the types in the order of the trait, and what is done with an argument `v` or its zero.
macro_rules! kind {
    (
        $(#[$doc:meta])*
        $name:ident [$($declared:tt)*] [$($bound:tt)*]
        $a:lifetime: $of:ty, $again:ty, $dot:ty, $dot_again:ty, $bar:ty, $tangent:ty;
        |$v:ident| $as_again:expr, $zero:expr
    ) => {
        $(#[$doc])*
        pub struct $name<T $($declared)*>(PhantomData<fn() -> PhantomData<T>>);

        impl<T: $($bound)* + 'static> Kind for $name<T> {
            type Of<$a> = $of;
            type Again<$a> = $again;
            type Dot<$a> = $dot;
            type DotAgain<$a> = $dot_again;
            type Bar<$a> = $bar;
            type Tangent = $tangent;
            #[inline(always)]
            fn again<'b>($v: &'b mut Self::Of<'_>) -> Self::Again<'b> {
                $as_again
            }
            #[inline(always)]
            fn dot_again<'b>(dot: &'b mut Self::Dot<'_>) -> Self::DotAgain<'b> {
                dot
            }
            #[inline(always)]
            #[allow(unused_variables)]
            fn zero($v: &Self::Of<'_>) -> Self::Tangent {
                $zero
            }
            #[inline(always)]
            fn lend(tangent: &mut Self::Tangent) -> Self::Bar<'_> {
                tangent
            }
        }
    };
}

kind! {
    /// A parameter `T`.
    Val [] [Differentiable + Clone]
    'a: T, &'a T, Tan<T>, &'a Tan<T>, &'a mut Tan<T>, Tan<T>;
    |v| v, v.zero_tangent()
}
kind! {
    /// A parameter `&T`.
    Ref [] [Differentiable]
    'a: &'a T, &'a T, &'a Tan<T>, &'a Tan<T>, &'a mut Tan<T>, Tan<T>;
    |v| v, (**v).zero_tangent()
}
kind! {
    /// A parameter `&[T]`.
    Slice [] [Differentiable]
    'a: &'a [T], &'a [T], &'a [Tan<T>], &'a [Tan<T>], &'a mut [Tan<T>], Vec<Tan<T>>;
    |v| v, (**v).zero_tangent()
}
kind! {
    /// A parameter `&mut T`.
    Mut [] [Differentiable]
    'a: &'a mut T, &'a mut T, &'a mut Tan<T>, &'a mut Tan<T>, &'a mut Tan<T>, Tan<T>;
    |v| v, (**v).zero_tangent()
}
kind! {
    /// A parameter `&mut [T]`.
    MutSlice [] [Differentiable]
    'a: &'a mut [T], &'a mut [T], &'a mut [Tan<T>], &'a mut [Tan<T>], &'a mut [Tan<T>], Vec<Tan<T>>;
    |v| v, (**v).zero_tangent()
}
kind! {
    /// A parameter `T` that is constant: its tangent is `()`.
    FixedVal [] [Clone]
    'a: T, &'a T, (), &'a (), &'a mut (), ();
    |v| v, ()
}
kind! {
    /// A parameter `&T` that is constant.
    FixedRef [: ?Sized] [?Sized]
    'a: &'a T, &'a T, (), &'a (), &'a mut (), ();
    |v| v, ()
}
kind! {
    /// A parameter `&mut T` that is constant: an integer that counts, say.
    FixedMut [: ?Sized] [?Sized]
    'a: &'a mut T, &'a mut T, (), &'a (), &'a mut (), ();
    |v| v, ()
}

/// How the parameters of a function are passed: a tuple such as `(Val<f64>, Slice<f64>, MutSlice<f64>)`.
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
    fn again<'b>(values: &'b mut Self::Of<'_>) -> Self::Again<'b>;
    /// Their tangents for a pullback.
    fn dot_again<'b>(dots: &'b mut Self::Dot<'_>) -> Self::DotAgain<'b>;
    /// Cotangents at zero.
    fn zero(values: &Self::Of<'_>) -> Self::Tangent;
    /// Lends cotangents to a pullback.
    fn lend(tangents: &mut Self::Tangent) -> Self::Bar<'_>;
}

macro_rules! tuple {
    ($($K:ident $index:tt),*) => {
        #[allow(unused_variables, clippy::unused_unit)]
        impl<$($K: Kind),*> Kinds for ($($K,)*) {
            type Of<'a> = ($($K::Of<'a>,)*);
            type Again<'a> = ($($K::Again<'a>,)*);
            type Dot<'a> = ($($K::Dot<'a>,)*);
            type DotAgain<'a> = ($($K::DotAgain<'a>,)*);
            type Bar<'a> = ($($K::Bar<'a>,)*);
            type Tangent = ($($K::Tangent,)*);
            #[inline(always)]
            fn again<'b>(values: &'b mut Self::Of<'_>) -> Self::Again<'b> {
                ($($K::again(&mut values.$index),)*)
            }
            #[inline(always)]
            fn dot_again<'b>(dots: &'b mut Self::Dot<'_>) -> Self::DotAgain<'b> {
                ($($K::dot_again(&mut dots.$index),)*)
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
    };
}

tuple!();
tuple!(K0 0);
tuple!(K0 0, K1 1);
tuple!(K0 0, K1 1, K2 2);
tuple!(K0 0, K1 1, K2 2, K3 3);
tuple!(K0 0, K1 1, K2 2, K3 3, K4 4);
tuple!(K0 0, K1 1, K2 2, K3 3, K4 4, K5 5);
tuple!(K0 0, K1 1, K2 2, K3 3, K4 4, K5 5, K6 6);
tuple!(K0 0, K1 1, K2 2, K3 3, K4 4, K5 5, K6 6, K7 7);
