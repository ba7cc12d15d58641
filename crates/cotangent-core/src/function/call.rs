//! What can be called inside differentiated code: functions by name, and closures with what they capture.

use core::marker::PhantomData;

use super::Kinds;
use crate::{Differentiable, Tape};

type Tan<T> = <T as Differentiable>::Tangent;

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

/// What a `#[differentiable]` function says of itself.
/// `O` is the result: as a parameter it may be a private type, as an associated type it could not.
pub trait Function<K: Kinds, O: Differentiable> {
    /// The plain call.
    fn call(args: K::Of<'_>) -> O;
    /// The value and the pullback.
    #[allow(clippy::type_complexity)]
    fn forward(args: K::Of<'_>, tape: &mut Tape) -> (O, impl FnOnce(K::Again<'_>, &mut Tape, Tan<O>, K::Bar<'_>) + use<Self, K, O>);
    /// The value and its tangent.
    fn tangent(args: K::Of<'_>, dots: K::Dot<'_>) -> (O, Tan<O>);
}

/// What a `#[differentiable(order = 2)]` function says of itself besides.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no derivative of order 2",
    note = "put `#[differentiable(order = 2)]` on it"
)]
pub trait Function2<K: Kinds, O: Differentiable>: Function<K, O> {
    /// The tangent, with its pullback.
    #[allow(clippy::type_complexity)]
    fn tangent_forward(
        args: K::Of<'_>,
        dots: K::Dot<'_>,
        tape: &mut Tape,
    ) -> (
        (O, Tan<O>),
        impl FnOnce(K::Again<'_>, K::DotAgain<'_>, &mut Tape, (Tan<O>, Tan<O>), K::Bar<'_>, K::Bar<'_>) + use<Self, K, O>,
    );
}

/// A function by its name, with its result.
pub struct Item<M, O>(PhantomData<fn() -> (M, O)>);

impl<M, O> Item<M, O> {
    /// The function that `M` marks.
    pub const fn new() -> Self {
        Item(PhantomData)
    }
}

impl<M, O> Default for Item<M, O> {
    fn default() -> Self {
        Self::new()
    }
}

impl<M, O> Clone for Item<M, O> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M, O> Copy for Item<M, O> {}

impl<M, O> Differentiable for Item<M, O> {
    type Tangent = ();
    #[inline(always)]
    fn zero_tangent(&self) {}

    crate::differentiable::without_leaves!();
}

impl<K: Kinds, O: Differentiable, M: Function<K, O>> Callable<K> for Item<M, O> {
    type Out = O;
    #[inline(always)]
    fn call(&self, args: K::Of<'_>) -> O {
        M::call(args)
    }
    #[inline(always)]
    fn forward(
        &self,
        args: K::Of<'_>,
        tape: &mut Tape,
    ) -> (
        O,
        impl FnOnce(&Self, K::Again<'_>, &mut Tape, Tan<O>, &mut (), K::Bar<'_>) + use<M, K, O>,
    ) {
        let (y, pullback) = M::forward(args, tape);
        (
            y,
            move |_: &Self, again: K::Again<'_>, tape: &mut Tape, seed: Tan<O>, _: &mut (), bars: K::Bar<'_>| {
                pullback(again, tape, seed, bars);
            },
        )
    }
    #[inline(always)]
    fn tangent(&self, _: &(), args: K::Of<'_>, dots: K::Dot<'_>) -> (O, Tan<O>) {
        M::tangent(args, dots)
    }
}

impl<K: Kinds, O: Differentiable, M: Function2<K, O>> Callable2<K> for Item<M, O> {
    #[inline(always)]
    fn tangent_forward(
        &self,
        _: &(),
        args: K::Of<'_>,
        dots: K::Dot<'_>,
        tape: &mut Tape,
    ) -> (
        (O, Tan<O>),
        impl FnOnce(&Self, &(), K::Again<'_>, K::DotAgain<'_>, &mut Tape, (Tan<O>, Tan<O>), &mut (), &mut (), K::Bar<'_>, K::Bar<'_>)
        + use<M, K, O>,
    ) {
        let (y, pullback) = M::tangent_forward(args, dots, tape);
        (
            y,
            move |_: &Self,
                  _: &(),
                  again: K::Again<'_>,
                  dots: K::DotAgain<'_>,
                  tape: &mut Tape,
                  seed: (Tan<O>, Tan<O>),
                  _: &mut (),
                  _: &mut (),
                  bars: K::Bar<'_>,
                  dot_bars: K::Bar<'_>| {
                pullback(again, dots, tape, seed, bars, dot_bars);
            },
        )
    }
}
