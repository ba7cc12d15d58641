//! What `differentiable!` makes.

use core::cell::RefCell;
use core::fmt;
use core::ops::Deref;

use super::{Args, Callable, Callable2, Callable3, DiffFn, DiffFn2, Dual2, DualTan2, Kinds, Outputs, Pull, Returns};
use crate::{Differentiable, Real, Tangent, Tape};

type Tan<T> = <T as Differentiable>::Tangent;

/// A function as a value, with its derivatives; `differentiable!(f)` makes it.
///
/// It can be called as the function it was made of, and implements [`DiffFn`]; its methods of the same names need no
/// import. `C` is what is differentiated, `K` how parameters are passed, `G` the struct of gradients, `T` what is
/// called, and `S` what a pullback is called with.
pub struct FnValue<C, K: Kinds, G, T, S: Outputs = Returns> {
    callable: C,
    gradient: fn(K::Tangent) -> G,
    seed: fn(&mut K::Tangent, S::Seen<'_>),
    plain: T,
}

impl<C, K: Kinds, G, T, S: Outputs> FnValue<C, K, G, T, S> {
    /// Of what is differentiated, the function that names the cotangents, the one that puts those of `&mut` parameters
    /// in their places, and what is called.
    #[doc(hidden)]
    #[inline(always)]
    pub const fn new(callable: C, gradient: fn(K::Tangent) -> G, seed: fn(&mut K::Tangent, S::Seen<'_>), plain: T) -> Self {
        FnValue {
            callable,
            gradient,
            seed,
            plain,
        }
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

    /// The value and its derivative along a direction, in forward mode; both arguments are tuples. Tangents of `&mut`
    /// arguments are `&mut` too, and left with the tangents of what the arguments hold after the call.
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

    /// The value and its pullback, `pullback(y_bar, &out_bar)`: it takes the cotangent of the result, left out where there
    /// is none, and one for each `&mut` parameter, of what that holds after the call. The struct that it gives holds the
    /// cotangent of what the parameter held before.
    ///
    /// It can be called more than once; from the second call on it runs the forward sweep again. A `&mut` argument holds
    /// what the plain call leaves there, and is not borrowed by the pullback.
    #[allow(clippy::type_complexity)]
    pub fn vjp<'s, A>(
        &'s self,
        mut args: A,
    ) -> (
        <Self as DiffFn<A>>::Output,
        <S as Pull<<Self as DiffFn<A>>::Output, G>>::Pullback<'s>,
    )
    where
        Self: DiffFn<A, Output = C::Out>,
        C: Callable<K>,
        A: Args<K>,
        A::Held: 's,
        S: Pull<<Self as DiffFn<A>>::Output, G>,
    {
        let mut tape = Tape::new();
        let (y, first) = self.callable.forward(args.of(), &mut tape);
        let pull = self.pullback((first, tape, args.hold()), A::of_held, |c, args, tape| c.forward(args, tape).1);
        (y, S::pullback(move |seed, seen| pull(seed, Some(seen))))
    }
}

impl<C: Clone, K: Kinds, G, T: Clone, S: Outputs> Clone for FnValue<C, K, G, T, S> {
    fn clone(&self) -> Self {
        FnValue {
            callable: self.callable.clone(),
            gradient: self.gradient,
            seed: self.seed,
            plain: self.plain.clone(),
        }
    }
}

impl<C: Copy, K: Kinds, G, T: Copy, S: Outputs> Copy for FnValue<C, K, G, T, S> {}

impl<C, K: Kinds, G, T, S: Outputs> fmt::Debug for FnValue<C, K, G, T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FnValue").finish_non_exhaustive()
    }
}

/// So that it is called as what it was made of: `d(2.0, &v, 3)`.
impl<C, K: Kinds, G, T, S: Outputs> Deref for FnValue<C, K, G, T, S> {
    type Target = T;
    #[inline(always)]
    fn deref(&self) -> &T {
        &self.plain
    }
}

impl<C: Differentiable, K: Kinds, G, T, S: Outputs> Differentiable for FnValue<C, K, G, T, S> {
    type Tangent = C::Tangent;
    fn zero_tangent(&self) -> C::Tangent {
        self.callable.zero_tangent()
    }

    crate::differentiable::leaves_of!(callable);
}

impl<C: Callable<K>, K: Kinds, G, T: Clone, S: Outputs> Callable<K> for FnValue<C, K, G, T, S> {
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
        impl FnOnce(&Self, K::Again<'_>, &mut Tape, Tan<C::Out>, &mut Tan<C>, K::Bar<'_>) + use<C, K, G, T, S>,
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

impl<C: Callable2<K>, K: Kinds, G, T: Clone, S: Outputs> Callable2<K> for FnValue<C, K, G, T, S> {
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
        ) + use<C, K, G, T, S>,
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

impl<C: Callable3<K>, K: Kinds, G, T: Clone, S: Outputs> Callable3<K> for FnValue<C, K, G, T, S> {
    #[inline(always)]
    fn tangent_tangent(&self, dot: [&Tan<C>; 3], args: K::Of<'_>, dots: [K::Dot<'_>; 3]) -> Dual2<C::Out> {
        self.callable.tangent_tangent(dot, args, dots)
    }
    #[inline(always)]
    fn tangent_tangent_forward(
        &self,
        dot: [&Tan<C>; 3],
        args: K::Of<'_>,
        dots: [K::Dot<'_>; 3],
        tape: &mut Tape,
    ) -> (
        Dual2<C::Out>,
        impl FnOnce(&Self, [&Tan<C>; 3], K::Again<'_>, [K::DotAgain<'_>; 3], &mut Tape, DualTan2<C::Out>, [&mut Tan<C>; 4], [K::Bar<'_>; 4])
        + use<C, K, G, T, S>,
    ) {
        let (y, pullback) = self.callable.tangent_tangent_forward(dot, args, dots, tape);
        (
            y,
            move |this: &Self,
                  dot: [&Tan<C>; 3],
                  again: K::Again<'_>,
                  dots: [K::DotAgain<'_>; 3],
                  tape: &mut Tape,
                  seed: DualTan2<C::Out>,
                  bar: [&mut Tan<C>; 4],
                  bars: [K::Bar<'_>; 4]| {
                pullback(&this.callable, dot, again, dots, tape, seed, bar, bars);
            },
        )
    }
}

impl<C, K, G, T, S> FnValue<C, K, G, T, S>
where
    C: Callable<K>,
    K: Kinds,
    S: Outputs,
{
    /// One run back, over arguments as the forward sweep left them.
    fn pull<P>(&self, mut args: K::Of<'_>, tape: &mut Tape, pullback: P, seed: Tan<C::Out>, seen: Option<S::Seen<'_>>) -> K::Tangent
    where
        P: FnOnce(&C, K::Again<'_>, &mut Tape, Tan<C::Out>, &mut Tan<C>, K::Bar<'_>),
    {
        let (mut bar, mut parts) = (self.callable.zero_tangent(), K::zero(&args));
        if let Some(seen) = seen {
            (self.seed)(&mut parts, seen);
        }
        pullback(&self.callable, K::again(&mut args), tape, seed, &mut bar, K::lend(&mut parts));
        parts
    }

    /// The public pullback, with the cotangents of `&mut` parameters, if there are any: `first` is the one of the forward
    /// sweep that was run, `again` makes another.
    fn pullback<'s, H, P>(
        &'s self,
        (first, tape, held): (P, Tape, H),
        of_held: fn(&mut H) -> K::Of<'_>,
        again: fn(&C, K::Of<'_>, &mut Tape) -> P,
    ) -> impl Fn(Tan<C::Out>, Option<S::Seen<'_>>) -> G + use<'s, C, K, G, T, S, H, P>
    where
        P: FnOnce(&C, K::Again<'_>, &mut Tape, Tan<C::Out>, &mut Tan<C>, K::Bar<'_>),
    {
        let state = RefCell::new((Some(first), tape, held));
        move |seed: Tan<C::Out>, seen: Option<S::Seen<'_>>| {
            let mut state = state.borrow_mut();
            let (first, tape, held) = &mut *state;
            let pullback = first.take().unwrap_or_else(|| again(&self.callable, of_held(held), tape));
            (self.gradient)(self.pull(of_held(held), tape, pullback, seed, seen))
        }
    }
}

impl<A, C, K, G, T, S> DiffFn<A> for FnValue<C, K, G, T, S>
where
    C: Callable<K>,
    K: Kinds,
    G: Tangent,
    A: Args<K>,
    S: Pull<C::Out, G>,
{
    type Output = C::Out;
    type Gradient = G;
    type Cotangents = K::Tangent;
    type Direction = A::Dot;
    type Outputs = S::Owned;

    fn call(&self, mut args: A) -> C::Out {
        self.callable.call(args.of())
    }

    fn jvp(&self, mut args: A, mut direction: Self::Direction) -> (C::Out, Tan<C::Out>) {
        self.callable
            .tangent(&self.callable.zero_tangent(), args.of(), A::dot(&mut direction))
    }

    fn vjp(&self, mut args: A) -> (C::Out, impl Fn(Tan<C::Out>) -> G) {
        const {
            assert!(
                S::COUNT == 0,
                "the pullback of a function with `&mut` parameters takes their cotangents: call `vjp_mut`"
            )
        };
        let mut tape = Tape::new();
        let (y, first) = self.callable.forward(args.of(), &mut tape);
        let pull = self.pullback((first, tape, args.hold()), A::of_held, |c, args, tape| c.forward(args, tape).1);
        (y, move |seed| pull(seed, None))
    }

    fn vjp_mut(&self, mut args: A) -> (C::Out, impl Fn(Tan<C::Out>, &S::Owned) -> G) {
        let mut tape = Tape::new();
        let (y, first) = self.callable.forward(args.of(), &mut tape);
        let pull = self.pullback((first, tape, args.hold()), A::of_held, |c, args, tape| c.forward(args, tape).1);
        (y, move |seed: Tan<C::Out>, outputs: &S::Owned| pull(seed, Some(S::see(outputs))))
    }

    fn value_and_cotangents(&self, mut args: A) -> (C::Out, K::Tangent)
    where
        C::Out: Real,
    {
        Tape::with(|tape| {
            let (y, pullback) = self.callable.forward(args.of(), tape);
            (y, self.pull(A::of_held(&mut args.hold()), tape, pullback, C::Out::ONE, None))
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

impl<A, C, K, G, T, S> DiffFn2<A> for FnValue<C, K, G, T, S>
where
    C: Callable2<K>,
    K: Kinds,
    G: Tangent,
    A: Args<K>,
    S: Pull<C::Out, G>,
{
    fn grad_and_hvp(&self, mut args: A, mut direction: A::Dot) -> (C::Out, K::Tangent, K::Tangent)
    where
        C::Out: Real,
    {
        const {
            assert!(
                S::COUNT == 0,
                "a function with `&mut` parameters has more than one result, and no one Hessian"
            )
        };
        // The tangent y_dot = g·v has the gradient H v by x and g by v.
        Tape::with(|tape| {
            let own = self.callable.zero_tangent();
            let ((_, y_dot), pullback) = self.callable.tangent_forward(&own, args.of(), A::dot(&mut direction), tape);
            let (mut bar, mut dot_bar) = (self.callable.zero_tangent(), self.callable.zero_tangent());
            let (mut again, mut dots) = (args.of(), A::dot(&mut direction));
            let (mut product, mut gradient) = (K::zero(&again), K::zero(&again));
            pullback(
                &self.callable,
                &own,
                K::again(&mut again),
                K::dot_again(&mut dots),
                tape,
                (C::Out::ZERO, C::Out::ONE),
                &mut bar,
                &mut dot_bar,
                K::lend(&mut product),
                K::lend(&mut gradient),
            );
            (y_dot, gradient, product)
        })
    }
}
