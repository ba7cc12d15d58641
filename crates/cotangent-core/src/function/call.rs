//! What can be called inside differentiated code.

use super::Kinds;
use crate::{Differentiable, Tape};

type Tan<T> = <T as Differentiable>::Tangent;
/// A value with its tangent, and both with theirs.
pub type Dual2<T> = ((T, Tan<T>), (Tan<T>, Tan<T>));
/// The cotangent of the same.
pub type DualTan2<T> = ((Tan<T>, Tan<T>), (Tan<T>, Tan<T>));

/// A value that can be called and differentiated: what `F: Fn(f64) -> f64` becomes in the derivative version.
///
/// `K` says how each parameter is passed. For authors of libraries; how to use it is shown in `cotangent::callable`. It
/// is implemented by functions under `#[differentiable]` and by closures, not by hand.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a differentiable function of these parameters",
    label = "has no derivative as a function",
    note = "inside `#[differentiable]` code pass the name of a `#[differentiable]` function or a closure literal with \
            the types of its parameters, elsewhere pass `differentiable!(f)`"
)]
pub trait Callable<K: Kinds>: Differentiable + Clone {
    /// The result.
    type Out: Differentiable;
    /// The plain call.
    fn call(&self, args: K::Of<'_>) -> Self::Out;
    /// The value, and the pullback: the function and its arguments again, tape, cotangent, the function's cotangent, and
    /// where cotangents are added.
    #[allow(clippy::type_complexity)]
    fn forward(
        &self,
        args: K::Of<'_>,
        tape: &mut Tape,
    ) -> (
        Self::Out,
        impl FnOnce(&Self, K::Again<'_>, &mut Tape, Tan<Self::Out>, &mut Tan<Self>, K::Bar<'_>) + use<Self, K>,
    );
    /// The value and its tangent; `dot` is the function's own tangent.
    fn tangent(&self, dot: &Tan<Self>, args: K::Of<'_>, dots: K::Dot<'_>) -> (Self::Out, Tan<Self::Out>);
}

/// A function whose second derivative can be taken.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a function with derivatives of order 2",
    label = "no derivative of order 2",
    note = "put `#[differentiable(order = 2)]` on it"
)]
pub trait Callable2<K: Kinds>: Callable<K> {
    /// The tangent of the call, with its pullback.
    #[allow(clippy::type_complexity)]
    fn tangent_forward(
        &self,
        dot: &Tan<Self>,
        args: K::Of<'_>,
        dots: K::Dot<'_>,
        tape: &mut Tape,
    ) -> (
        (Self::Out, Tan<Self::Out>),
        impl FnOnce(
            &Self,
            &Tan<Self>,
            K::Again<'_>,
            K::DotAgain<'_>,
            &mut Tape,
            (Tan<Self::Out>, Tan<Self::Out>),
            &mut Tan<Self>,
            &mut Tan<Self>,
            K::Bar<'_>,
            K::Bar<'_>,
        ) + use<Self, K>,
    );
}

/// A function whose third derivative can be taken.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a function with derivatives of order 3",
    label = "no derivative of order 3",
    note = "put `#[differentiable(order = 3)]` on it"
)]
pub trait Callable3<K: Kinds>: Callable2<K> {
    /// The tangent of [`Callable::tangent`]: `dots` holds each tangent `e`, `d` and `de`, first those of the function.
    fn tangent_tangent(&self, dot: [&Tan<Self>; 3], args: K::Of<'_>, dots: [K::Dot<'_>; 3]) -> Dual2<Self::Out>;
    /// The same, with its pullback.
    #[allow(clippy::type_complexity)]
    fn tangent_tangent_forward(
        &self,
        dot: [&Tan<Self>; 3],
        args: K::Of<'_>,
        dots: [K::Dot<'_>; 3],
        tape: &mut Tape,
    ) -> (
        Dual2<Self::Out>,
        impl FnOnce(
            &Self,
            [&Tan<Self>; 3],
            K::Again<'_>,
            [K::DotAgain<'_>; 3],
            &mut Tape,
            DualTan2<Self::Out>,
            [&mut Tan<Self>; 4],
            [K::Bar<'_>; 4],
        ) + use<Self, K>,
    );
}
