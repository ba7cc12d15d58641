//! Closures that are passed on: what they capture, and their derivatives as closures over it.

use core::marker::PhantomData;

use super::{Callable, Callable2, Callable3, Dual2, DualTan2, Kinds};
use crate::differentiable::{leaves_of, without_leaves};
use crate::{Differentiable, Tape};

type Tan<T> = <T as Differentiable>::Tangent;

/// A closure with captured values `E`: forward sweep `W` with pullback `P`, forward mode `J`, of order 2 the
/// forward sweep of forward mode `W2` with pullback `P2`, and of order 3 `J3`, `W3` and `P3` likewise. `C` is the closure
/// itself, if it is given.
pub struct Closure<K, E, C, O, W, P, J, W2 = (), P2 = (), J3 = (), W3 = (), P3 = ()> {
    captured: E,
    plain: Option<C>,
    forward: W,
    tangent: J,
    tangent_forward: W2,
    tangent_tangent: J3,
    tangent_tangent_forward: W3,
    #[allow(clippy::type_complexity)]
    kinds: PhantomData<fn() -> (K, O, P, P2, P3)>,
}

impl<K, E, C, O, W, P, J, W2, P2, J3, W3, P3> Clone for Closure<K, E, C, O, W, P, J, W2, P2, J3, W3, P3>
where
    E: Clone,
    C: Clone,
    W: Clone,
    J: Clone,
    W2: Clone,
    J3: Clone,
    W3: Clone,
{
    fn clone(&self) -> Self {
        Closure {
            captured: self.captured.clone(),
            plain: self.plain.clone(),
            forward: self.forward.clone(),
            tangent: self.tangent.clone(),
            tangent_forward: self.tangent_forward.clone(),
            tangent_tangent: self.tangent_tangent.clone(),
            tangent_tangent_forward: self.tangent_tangent_forward.clone(),
            kinds: PhantomData,
        }
    }
}

impl<K, E: Differentiable, C, O, W, P, J, W2, P2, J3, W3, P3> Differentiable for Closure<K, E, C, O, W, P, J, W2, P2, J3, W3, P3> {
    type Tangent = E::Tangent;
    #[inline(always)]
    fn zero_tangent(&self) -> E::Tangent {
        self.captured.zero_tangent()
    }

    leaves_of!(captured);
}

/// The plain call, where there is no closure for it.
type Plain<K, E, O> = fn(&E, <K as Kinds>::Of<'_>) -> O;

/// A closure of order 1.
#[allow(clippy::type_complexity)]
#[inline(always)]
pub fn closure<K, E, O, W, P, J>(captured: E, forward: W, tangent: J) -> Closure<K, E, Plain<K, E, O>, O, W, P, J>
where
    K: Kinds,
    E: Differentiable,
    O: Differentiable,
    W: Fn(&E, K::Of<'_>, &mut Tape) -> (O, P),
    P: FnOnce(&E, K::Again<'_>, &mut Tape, Tan<O>, &mut Tan<E>, K::Bar<'_>),
    J: Fn(&E, &Tan<E>, K::Of<'_>, K::Dot<'_>) -> (O, Tan<O>),
{
    Closure {
        captured,
        plain: None,
        forward,
        tangent,
        tangent_forward: (),
        tangent_tangent: (),
        tangent_tangent_forward: (),
        kinds: PhantomData,
    }
}

/// A closure of order 2.
#[allow(clippy::type_complexity)]
#[inline(always)]
pub fn closure2<K, E, O, W, P, J, W2, P2>(
    captured: E,
    forward: W,
    tangent: J,
    tangent_forward: W2,
) -> Closure<K, E, Plain<K, E, O>, O, W, P, J, W2, P2>
where
    K: Kinds,
    E: Differentiable,
    O: Differentiable,
    W: Fn(&E, K::Of<'_>, &mut Tape) -> (O, P),
    P: FnOnce(&E, K::Again<'_>, &mut Tape, Tan<O>, &mut Tan<E>, K::Bar<'_>),
    J: Fn(&E, &Tan<E>, K::Of<'_>, K::Dot<'_>) -> (O, Tan<O>),
    W2: Fn(&E, &Tan<E>, K::Of<'_>, K::Dot<'_>, &mut Tape) -> ((O, Tan<O>), P2),
    P2: FnOnce(&E, &Tan<E>, K::Again<'_>, K::DotAgain<'_>, &mut Tape, (Tan<O>, Tan<O>), &mut Tan<E>, &mut Tan<E>, K::Bar<'_>, K::Bar<'_>),
{
    Closure {
        captured,
        plain: None,
        forward,
        tangent,
        tangent_forward,
        tangent_tangent: (),
        tangent_tangent_forward: (),
        kinds: PhantomData,
    }
}

/// A closure of order 3.
#[allow(clippy::type_complexity)]
#[inline(always)]
pub fn closure3<K, E, O, W, P, J, W2, P2, J3, W3, P3>(
    captured: E,
    forward: W,
    tangent: J,
    tangent_forward: W2,
    tangent_tangent: J3,
    tangent_tangent_forward: W3,
) -> Closure<K, E, Plain<K, E, O>, O, W, P, J, W2, P2, J3, W3, P3>
where
    K: Kinds,
    E: Differentiable,
    O: Differentiable,
    W: Fn(&E, K::Of<'_>, &mut Tape) -> (O, P),
    P: FnOnce(&E, K::Again<'_>, &mut Tape, Tan<O>, &mut Tan<E>, K::Bar<'_>),
    J: Fn(&E, &Tan<E>, K::Of<'_>, K::Dot<'_>) -> (O, Tan<O>),
    W2: Fn(&E, &Tan<E>, K::Of<'_>, K::Dot<'_>, &mut Tape) -> ((O, Tan<O>), P2),
    P2: FnOnce(&E, &Tan<E>, K::Again<'_>, K::DotAgain<'_>, &mut Tape, (Tan<O>, Tan<O>), &mut Tan<E>, &mut Tan<E>, K::Bar<'_>, K::Bar<'_>),
    J3: Fn(&E, [&Tan<E>; 3], K::Of<'_>, [K::Dot<'_>; 3]) -> Dual2<O>,
    W3: Fn(&E, [&Tan<E>; 3], K::Of<'_>, [K::Dot<'_>; 3], &mut Tape) -> (Dual2<O>, P3),
    P3: FnOnce(&E, [&Tan<E>; 3], K::Again<'_>, [K::DotAgain<'_>; 3], &mut Tape, DualTan2<O>, [&mut Tan<E>; 4], [K::Bar<'_>; 4]),
{
    Closure {
        captured,
        plain: None,
        forward,
        tangent,
        tangent_forward,
        tangent_tangent,
        tangent_tangent_forward,
        kinds: PhantomData,
    }
}

impl<K: Kinds, E, C0, O, W, P, J, W2, P2, J3, W3, P3> Closure<K, E, C0, O, W, P, J, W2, P2, J3, W3, P3> {
    /// With a closure for the plain call.
    #[inline(always)]
    #[allow(clippy::type_complexity)]
    pub fn with_plain<C: Fn(&E, K::Of<'_>) -> O>(self, plain: C) -> Closure<K, E, C, O, W, P, J, W2, P2, J3, W3, P3> {
        let Closure {
            captured,
            forward,
            tangent,
            tangent_forward,
            tangent_tangent,
            tangent_tangent_forward,
            ..
        } = self;
        Closure {
            captured,
            plain: Some(plain),
            forward,
            tangent,
            tangent_forward,
            tangent_tangent,
            tangent_tangent_forward,
            kinds: PhantomData,
        }
    }
}

impl<K, E, C, O, W, P, J, W2, P2, J3, W3, P3> Callable<K> for Closure<K, E, C, O, W, P, J, W2, P2, J3, W3, P3>
where
    K: Kinds,
    E: Differentiable + Clone,
    O: Differentiable,
    C: Fn(&E, K::Of<'_>) -> O + Clone,
    W: Fn(&E, K::Of<'_>, &mut Tape) -> (O, P) + Clone,
    P: FnOnce(&E, K::Again<'_>, &mut Tape, Tan<O>, &mut Tan<E>, K::Bar<'_>),
    J: Fn(&E, &Tan<E>, K::Of<'_>, K::Dot<'_>) -> (O, Tan<O>) + Clone,
    W2: Clone,
    J3: Clone,
    W3: Clone,
{
    type Out = O;
    #[inline(always)]
    fn call(&self, args: K::Of<'_>) -> O {
        match &self.plain {
            Some(plain) => plain(&self.captured, args),
            None => Tape::with(|tape| (self.forward)(&self.captured, args, tape).0),
        }
    }
    #[inline(always)]
    fn forward(
        &self,
        args: K::Of<'_>,
        tape: &mut Tape,
    ) -> (
        O,
        impl FnOnce(&Self, K::Again<'_>, &mut Tape, Tan<O>, &mut Tan<E>, K::Bar<'_>) + use<K, E, C, O, W, P, J, W2, P2, J3, W3, P3>,
    ) {
        let (y, pullback) = (self.forward)(&self.captured, args, tape);
        (
            y,
            move |this: &Self, again: K::Again<'_>, tape: &mut Tape, seed: Tan<O>, bar: &mut Tan<E>, bars: K::Bar<'_>| {
                pullback(&this.captured, again, tape, seed, bar, bars);
            },
        )
    }
    #[inline(always)]
    fn tangent(&self, dot: &Tan<E>, args: K::Of<'_>, dots: K::Dot<'_>) -> (O, Tan<O>) {
        (self.tangent)(&self.captured, dot, args, dots)
    }
}

impl<K, E, C, O, W, P, J, W2, P2, J3, W3, P3> Callable2<K> for Closure<K, E, C, O, W, P, J, W2, P2, J3, W3, P3>
where
    Self: Callable<K, Out = O> + Differentiable<Tangent = Tan<E>>,
    K: Kinds,
    E: Differentiable,
    O: Differentiable,
    W2: Fn(&E, &Tan<E>, K::Of<'_>, K::Dot<'_>, &mut Tape) -> ((O, Tan<O>), P2),
    P2: FnOnce(&E, &Tan<E>, K::Again<'_>, K::DotAgain<'_>, &mut Tape, (Tan<O>, Tan<O>), &mut Tan<E>, &mut Tan<E>, K::Bar<'_>, K::Bar<'_>),
{
    #[inline(always)]
    fn tangent_forward(
        &self,
        dot: &Tan<E>,
        args: K::Of<'_>,
        dots: K::Dot<'_>,
        tape: &mut Tape,
    ) -> (
        (O, Tan<O>),
        impl FnOnce(
            &Self,
            &Tan<E>,
            K::Again<'_>,
            K::DotAgain<'_>,
            &mut Tape,
            (Tan<O>, Tan<O>),
            &mut Tan<E>,
            &mut Tan<E>,
            K::Bar<'_>,
            K::Bar<'_>,
        ) + use<K, E, C, O, W, P, J, W2, P2, J3, W3, P3>,
    ) {
        let (y, pullback) = (self.tangent_forward)(&self.captured, dot, args, dots, tape);
        (
            y,
            move |this: &Self,
                  dot: &Tan<E>,
                  again: K::Again<'_>,
                  dots: K::DotAgain<'_>,
                  tape: &mut Tape,
                  seed: (Tan<O>, Tan<O>),
                  bar: &mut Tan<E>,
                  dot_bar: &mut Tan<E>,
                  bars: K::Bar<'_>,
                  dot_bars: K::Bar<'_>| {
                pullback(&this.captured, dot, again, dots, tape, seed, bar, dot_bar, bars, dot_bars);
            },
        )
    }
}

impl<K, E, C, O, W, P, J, W2, P2, J3, W3, P3> Callable3<K> for Closure<K, E, C, O, W, P, J, W2, P2, J3, W3, P3>
where
    Self: Callable2<K, Out = O> + Differentiable<Tangent = Tan<E>>,
    K: Kinds,
    E: Differentiable,
    O: Differentiable,
    J3: Fn(&E, [&Tan<E>; 3], K::Of<'_>, [K::Dot<'_>; 3]) -> Dual2<O>,
    W3: Fn(&E, [&Tan<E>; 3], K::Of<'_>, [K::Dot<'_>; 3], &mut Tape) -> (Dual2<O>, P3),
    P3: FnOnce(&E, [&Tan<E>; 3], K::Again<'_>, [K::DotAgain<'_>; 3], &mut Tape, DualTan2<O>, [&mut Tan<E>; 4], [K::Bar<'_>; 4]),
{
    #[inline(always)]
    fn tangent_tangent(&self, dot: [&Tan<E>; 3], args: K::Of<'_>, dots: [K::Dot<'_>; 3]) -> Dual2<O> {
        (self.tangent_tangent)(&self.captured, dot, args, dots)
    }
    #[inline(always)]
    fn tangent_tangent_forward(
        &self,
        dot: [&Tan<E>; 3],
        args: K::Of<'_>,
        dots: [K::Dot<'_>; 3],
        tape: &mut Tape,
    ) -> (
        Dual2<O>,
        impl FnOnce(&Self, [&Tan<E>; 3], K::Again<'_>, [K::DotAgain<'_>; 3], &mut Tape, DualTan2<O>, [&mut Tan<E>; 4], [K::Bar<'_>; 4])
        + use<K, E, C, O, W, P, J, W2, P2, J3, W3, P3>,
    ) {
        let (y, pullback) = (self.tangent_tangent_forward)(&self.captured, dot, args, dots, tape);
        (
            y,
            move |this: &Self,
                  dot: [&Tan<E>; 3],
                  again: K::Again<'_>,
                  dots: [K::DotAgain<'_>; 3],
                  tape: &mut Tape,
                  seed: DualTan2<O>,
                  bar: [&mut Tan<E>; 4],
                  bars: [K::Bar<'_>; 4]| {
                pullback(&this.captured, dot, again, dots, tape, seed, bar, bars);
            },
        )
    }
}

/// A captured value that is constant.
#[derive(Clone, Copy, Debug)]
pub struct Fixed<T>(pub T);

impl<T> Differentiable for Fixed<T> {
    type Tangent = ();
    #[inline(always)]
    fn zero_tangent(&self) {}

    without_leaves!();
}
