//! Functions by name.

use core::marker::PhantomData;

use super::{Callable, Callable2, Callable3, Dual2, DualTan2, Kinds};
use crate::{Differentiable, Tape};

type Tan<T> = <T as Differentiable>::Tangent;

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
    message = "the function that `{Self}` stands for has derivatives of order 1 only, and order 2 is needed here",
    label = "no derivative of order 2",
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

/// What a `#[differentiable(order = 3)]` function says of itself besides.
#[diagnostic::on_unimplemented(
    message = "the function that `{Self}` stands for has no derivatives of order 3, and they are needed here",
    label = "no derivative of order 3",
    note = "put `#[differentiable(order = 3)]` on it"
)]
pub trait Function3<K: Kinds, O: Differentiable>: Function2<K, O> {
    /// The tangent of the tangent.
    fn tangent_tangent(args: K::Of<'_>, dots: [K::Dot<'_>; 3]) -> Dual2<O>;
    /// The same, with its pullback.
    #[allow(clippy::type_complexity)]
    fn tangent_tangent_forward(
        args: K::Of<'_>,
        dots: [K::Dot<'_>; 3],
        tape: &mut Tape,
    ) -> (
        Dual2<O>,
        impl FnOnce(K::Again<'_>, [K::DotAgain<'_>; 3], &mut Tape, DualTan2<O>, [K::Bar<'_>; 4]) + use<Self, K, O>,
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

impl<K: Kinds, O: Differentiable, M: Function3<K, O>> Callable3<K> for Item<M, O> {
    #[inline(always)]
    fn tangent_tangent(&self, _: [&(); 3], args: K::Of<'_>, dots: [K::Dot<'_>; 3]) -> Dual2<O> {
        M::tangent_tangent(args, dots)
    }
    #[inline(always)]
    fn tangent_tangent_forward(
        &self,
        _: [&(); 3],
        args: K::Of<'_>,
        dots: [K::Dot<'_>; 3],
        tape: &mut Tape,
    ) -> (
        Dual2<O>,
        impl FnOnce(&Self, [&(); 3], K::Again<'_>, [K::DotAgain<'_>; 3], &mut Tape, DualTan2<O>, [&mut (); 4], [K::Bar<'_>; 4]) + use<M, K, O>,
    ) {
        let (y, pullback) = M::tangent_tangent_forward(args, dots, tape);
        (
            y,
            move |_: &Self,
                  _: [&(); 3],
                  again: K::Again<'_>,
                  dots: [K::DotAgain<'_>; 3],
                  tape: &mut Tape,
                  seed: DualTan2<O>,
                  _: [&mut (); 4],
                  bars: [K::Bar<'_>; 4]| {
                pullback(again, dots, tape, seed, bars);
            },
        )
    }
}
