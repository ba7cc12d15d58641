//! What can be called inside differentiated code: functions by name, and closures with what they capture.

use core::marker::PhantomData;

use super::Kinds;
use crate::{Differentiable, Tape};

type Tan<T> = <T as Differentiable>::Tangent;

/// A value that can be called and differentiated: what `F: Fn(f64) -> f64` becomes in the derivative version.
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
    /// The value, and the pullback: the function and its arguments again, tape, cotangent, where cotangents are added.
    #[allow(clippy::type_complexity)]
    fn forward(
        &self,
        args: K::Of<'_>,
        tape: &mut Tape,
    ) -> (
        Self::Out,
        impl FnOnce(&Self, K::Again<'_>, &mut Tape, Tan<Self::Out>, &mut Tan<Self>, K::Bar<'_>) + use<Self, K>,
    );
    /// The value and its tangent.
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
pub trait Function<K: Kinds> {
    /// The result.
    type Out: Differentiable;
    /// The plain call.
    fn call(args: K::Of<'_>) -> Self::Out;
    /// The value and the pullback.
    #[allow(clippy::type_complexity)]
    fn forward(
        args: K::Of<'_>,
        tape: &mut Tape,
    ) -> (
        Self::Out,
        impl FnOnce(K::Again<'_>, &mut Tape, Tan<Self::Out>, K::Bar<'_>) + use<Self, K>,
    );
    /// The value and its tangent.
    fn tangent(args: K::Of<'_>, dots: K::Dot<'_>) -> (Self::Out, Tan<Self::Out>);
}

/// What a `#[differentiable(order = 2)]` function says of itself besides.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no derivative of order 2",
    note = "put `#[differentiable(order = 2)]` on it"
)]
pub trait Function2<K: Kinds>: Function<K> {
    /// The tangent, with its pullback.
    #[allow(clippy::type_complexity)]
    fn tangent_forward(
        args: K::Of<'_>,
        dots: K::Dot<'_>,
        tape: &mut Tape,
    ) -> (
        (Self::Out, Tan<Self::Out>),
        impl FnOnce(K::Again<'_>, K::DotAgain<'_>, &mut Tape, (Tan<Self::Out>, Tan<Self::Out>), K::Bar<'_>, K::Bar<'_>) + use<Self, K>,
    );
}

/// A function by its name.
pub struct Item<M>(PhantomData<fn() -> M>);

impl<M> Item<M> {
    /// The function that `M` marks.
    pub const fn new() -> Self {
        Item(PhantomData)
    }
}

impl<M> Default for Item<M> {
    fn default() -> Self {
        Self::new()
    }
}

impl<M> Clone for Item<M> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M> Copy for Item<M> {}

impl<M> Differentiable for Item<M> {
    type Tangent = ();
    #[inline(always)]
    fn zero_tangent(&self) {}
}

impl<K: Kinds, M: Function<K>> Callable<K> for Item<M> {
    type Out = M::Out;
    #[inline(always)]
    fn call(&self, args: K::Of<'_>) -> M::Out {
        M::call(args)
    }
    #[inline(always)]
    fn forward(
        &self,
        args: K::Of<'_>,
        tape: &mut Tape,
    ) -> (
        M::Out,
        impl FnOnce(&Self, K::Again<'_>, &mut Tape, Tan<M::Out>, &mut (), K::Bar<'_>) + use<M, K>,
    ) {
        let (y, pullback) = M::forward(args, tape);
        (
            y,
            move |_: &Self, again: K::Again<'_>, tape: &mut Tape, seed: Tan<M::Out>, _: &mut (), bars: K::Bar<'_>| {
                pullback(again, tape, seed, bars);
            },
        )
    }
    #[inline(always)]
    fn tangent(&self, _: &(), args: K::Of<'_>, dots: K::Dot<'_>) -> (M::Out, Tan<M::Out>) {
        M::tangent(args, dots)
    }
}

impl<K: Kinds, M: Function2<K>> Callable2<K> for Item<M> {
    #[inline(always)]
    fn tangent_forward(
        &self,
        _: &(),
        args: K::Of<'_>,
        dots: K::Dot<'_>,
        tape: &mut Tape,
    ) -> (
        (M::Out, Tan<M::Out>),
        impl FnOnce(&Self, &(), K::Again<'_>, K::DotAgain<'_>, &mut Tape, (Tan<M::Out>, Tan<M::Out>), &mut (), &mut (), K::Bar<'_>, K::Bar<'_>)
        + use<M, K>,
    ) {
        let (y, pullback) = M::tangent_forward(args, dots, tape);
        (
            y,
            move |_: &Self,
                  _: &(),
                  again: K::Again<'_>,
                  dots: K::DotAgain<'_>,
                  tape: &mut Tape,
                  seed: (Tan<M::Out>, Tan<M::Out>),
                  _: &mut (),
                  _: &mut (),
                  bars: K::Bar<'_>,
                  dot_bars: K::Bar<'_>| {
                pullback(again, dots, tape, seed, bars, dot_bars);
            },
        )
    }
}
