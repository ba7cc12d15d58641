//! What `differentiable!` makes.

use core::cell::RefCell;
use core::fmt;
use core::ops::Deref;

use super::{Args, Callable, Callable2, DiffFn, Kinds};
use crate::{Differentiable, Real, Tangent, Tape};

type Tan<T> = <T as Differentiable>::Tangent;

/// A function as a value, with its derivatives; `differentiable!(f)` makes it.
///
/// It can be called as the function it was made of, and implements [`DiffFn`]; its methods of the same names need no
/// import. `C` is what is differentiated, `K` how parameters are passed, `G` the struct of gradients, and `T` what is
/// called.
pub struct FnValue<C, K: Kinds, G, T> {
    callable: C,
    gradient: fn(K::Tangent) -> G,
    plain: T,
}

impl<C, K: Kinds, G, T> FnValue<C, K, G, T> {
    /// Of what is differentiated, the function that names the cotangents, and what is called.
    #[doc(hidden)]
    #[inline(always)]
    pub const fn new(callable: C, gradient: fn(K::Tangent) -> G, plain: T) -> Self {
        FnValue { callable, gradient, plain }
    }

    /// The value; `args` is one tuple.
    pub fn call<A>(&self, args: A) -> <Self as DiffFn<A>>::Output
    where
        Self: DiffFn<A>,
    {
        DiffFn::call(self, args)
    }

    /// The gradient: a struct with a field per parameter; `args` is one tuple.
    pub fn grad<A>(&self, args: A) -> <Self as DiffFn<A>>::Gradient
    where
        Self: DiffFn<A>,
        <Self as DiffFn<A>>::Output: Real,
    {
        DiffFn::grad(self, args)
    }

    /// The value and the gradient.
    pub fn value_and_grad<A>(&self, args: A) -> (<Self as DiffFn<A>>::Output, <Self as DiffFn<A>>::Gradient)
    where
        Self: DiffFn<A>,
        <Self as DiffFn<A>>::Output: Real,
    {
        DiffFn::value_and_grad(self, args)
    }

    /// The value and its derivative along a direction, in forward mode; both arguments are tuples.
    #[allow(clippy::type_complexity)]
    pub fn jvp<A>(
        &self,
        args: A,
        direction: <Self as DiffFn<A>>::Direction,
    ) -> (<Self as DiffFn<A>>::Output, Tan<<Self as DiffFn<A>>::Output>)
    where
        Self: DiffFn<A>,
    {
        DiffFn::jvp(self, args, direction)
    }

    /// The value and its pullback.
    #[allow(clippy::type_complexity)]
    pub fn vjp<A>(
        &self,
        args: A,
    ) -> (
        <Self as DiffFn<A>>::Output,
        impl Fn(Tan<<Self as DiffFn<A>>::Output>) -> <Self as DiffFn<A>>::Gradient,
    )
    where
        Self: DiffFn<A>,
    {
        DiffFn::vjp(self, args)
    }
}

impl<C: Clone, K: Kinds, G, T: Clone> Clone for FnValue<C, K, G, T> {
    fn clone(&self) -> Self {
        FnValue {
            callable: self.callable.clone(),
            gradient: self.gradient,
            plain: self.plain.clone(),
        }
    }
}

impl<C: Copy, K: Kinds, G, T: Copy> Copy for FnValue<C, K, G, T> {}

impl<C, K: Kinds, G, T> fmt::Debug for FnValue<C, K, G, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FnValue").finish_non_exhaustive()
    }
}

/// So that it is called as what it was made of: `d(2.0, &v, 3)`.
impl<C, K: Kinds, G, T> Deref for FnValue<C, K, G, T> {
    type Target = T;
    #[inline(always)]
    fn deref(&self) -> &T {
        &self.plain
    }
}

impl<C: Differentiable, K: Kinds, G, T> Differentiable for FnValue<C, K, G, T> {
    type Tangent = C::Tangent;
    fn zero_tangent(&self) -> C::Tangent {
        self.callable.zero_tangent()
    }
}

impl<C: Callable<K>, K: Kinds, G, T: Clone> Callable<K> for FnValue<C, K, G, T> {
    type Out = C::Out;
    #[inline(always)]
    fn call(&self, args: K::Of<'_>) -> C::Out {
        self.callable.call(args)
    }
    #[inline(always)]
    fn forward(
        &self,
        args: K::Of<'_>,
        tape: &mut Tape,
    ) -> (
        C::Out,
        impl FnOnce(&Self, K::Again<'_>, &mut Tape, Tan<C::Out>, &mut Tan<C>, K::Bar<'_>) + use<C, K, G, T>,
    ) {
        let (y, pullback) = self.callable.forward(args, tape);
        (
            y,
            move |this: &Self, again: K::Again<'_>, tape: &mut Tape, seed: Tan<C::Out>, bar: &mut Tan<C>, bars: K::Bar<'_>| {
                pullback(&this.callable, again, tape, seed, bar, bars);
            },
        )
    }
    #[inline(always)]
    fn tangent(&self, dot: &Tan<C>, args: K::Of<'_>, dots: K::Dot<'_>) -> (C::Out, Tan<C::Out>) {
        self.callable.tangent(dot, args, dots)
    }
}

impl<C: Callable2<K>, K: Kinds, G, T: Clone> Callable2<K> for FnValue<C, K, G, T> {
    #[inline(always)]
    fn tangent_forward(
        &self,
        dot: &Tan<C>,
        args: K::Of<'_>,
        dots: K::Dot<'_>,
        tape: &mut Tape,
    ) -> (
        (C::Out, Tan<C::Out>),
        impl FnOnce(
            &Self,
            &Tan<C>,
            K::Again<'_>,
            K::DotAgain<'_>,
            &mut Tape,
            (Tan<C::Out>, Tan<C::Out>),
            &mut Tan<C>,
            &mut Tan<C>,
            K::Bar<'_>,
            K::Bar<'_>,
        ) + use<C, K, G, T>,
    ) {
        let (y, pullback) = self.callable.tangent_forward(dot, args, dots, tape);
        (
            y,
            move |this: &Self,
                  dot: &Tan<C>,
                  again: K::Again<'_>,
                  dots: K::DotAgain<'_>,
                  tape: &mut Tape,
                  seed: (Tan<C::Out>, Tan<C::Out>),
                  bar: &mut Tan<C>,
                  dot_bar: &mut Tan<C>,
                  bars: K::Bar<'_>,
                  dot_bars: K::Bar<'_>| {
                pullback(&this.callable, dot, again, dots, tape, seed, bar, dot_bar, bars, dot_bars);
            },
        )
    }
}

impl<C, K: Kinds, G, T> FnValue<C, K, G, T>
where
    C: Callable<K>,
{
    /// One run forward and back; `first` is a pullback that was not used yet.
    fn pull<P>(&self, args: &K::Of<'_>, tape: &mut Tape, pullback: P, seed: Tan<C::Out>) -> K::Tangent
    where
        P: FnOnce(&C, K::Again<'_>, &mut Tape, Tan<C::Out>, &mut Tan<C>, K::Bar<'_>),
    {
        let (mut bar, mut parts) = (self.callable.zero_tangent(), K::zero(args));
        pullback(&self.callable, K::again(args), tape, seed, &mut bar, K::lend(&mut parts));
        parts
    }
}

impl<A, C, K, G, T> DiffFn<A> for FnValue<C, K, G, T>
where
    C: Callable<K>,
    K: Kinds,
    G: Tangent,
    A: Args<K>,
{
    type Output = C::Out;
    type Gradient = G;
    type Cotangents = K::Tangent;
    type Direction = A::Dot;

    fn call(&self, args: A) -> C::Out {
        self.callable.call(args.of())
    }

    fn jvp(&self, args: A, direction: Self::Direction) -> (C::Out, Tan<C::Out>) {
        self.callable.tangent(&self.callable.zero_tangent(), args.of(), A::dot(&direction))
    }

    fn vjp(&self, args: A) -> (C::Out, impl Fn(Tan<C::Out>) -> G) {
        let mut tape = Tape::new();
        let (y, pullback) = self.callable.forward(args.of(), &mut tape);
        let state = RefCell::new((Some(pullback), tape));
        (y, move |seed| {
            let mut state = state.borrow_mut();
            let (first, tape) = &mut *state;
            let pullback = match first.take() {
                Some(pullback) => pullback,
                None => self.callable.forward(args.of(), tape).1,
            };
            (self.gradient)(self.pull(&args.of(), tape, pullback, seed))
        })
    }

    fn value_and_cotangents(&self, args: A) -> (C::Out, K::Tangent)
    where
        C::Out: Real,
    {
        Tape::with(|tape| {
            let (y, pullback) = self.callable.forward(args.of(), tape);
            (y, self.pull(&args.of(), tape, pullback, C::Out::ONE))
        })
    }

    fn value_and_grad(&self, args: A) -> (C::Out, G)
    where
        C::Out: Real,
    {
        let (y, parts) = self.value_and_cotangents(args);
        (y, (self.gradient)(parts))
    }
}
