//! Closures that change what they capture: the captured values are a state that all copies of the closure share.
//!
//! A caller passes such a closure on by value, and reads from its own copy what the callee's calls left.

use alloc::rc::Rc;
use core::cell::{Ref, RefCell, RefMut};
use core::fmt;
use core::marker::PhantomData;

use super::{Callable, Callable2, Kinds};
use crate::differentiable::without_leaves;
use crate::{Differentiable, Tangent, Tape, Visitor, VisitorMut, Zip};

type Tan<T> = <T as Differentiable>::Tangent;

/// Something that holds a state.
pub trait HasState {
    /// The state.
    type State;
    /// To read it.
    fn state(&self) -> Ref<'_, Self::State>;
    /// To change it.
    fn state_mut(&self) -> RefMut<'_, Self::State>;
}

/// A shared value: the state of a closure, or its tangent.
pub struct Shared<T>(Rc<RefCell<T>>);

impl<T> Shared<T> {
    /// Of its value.
    #[inline(always)]
    pub fn new(value: T) -> Self {
        Shared(Rc::new(RefCell::new(value)))
    }
}

/// The same value.
impl<T> Clone for Shared<T> {
    #[inline(always)]
    fn clone(&self) -> Self {
        Shared(self.0.clone())
    }
}

impl<T: fmt::Debug> fmt::Debug for Shared<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.borrow().fmt(f)
    }
}

impl<T> HasState for Shared<T> {
    type State = T;
    #[inline(always)]
    fn state(&self) -> Ref<'_, T> {
        self.0.borrow()
    }
    #[inline(always)]
    fn state_mut(&self) -> RefMut<'_, T> {
        self.0.borrow_mut()
    }
}

impl<T: Tangent> Differentiable for Shared<T> {
    type Tangent = Self;
    #[inline(always)]
    fn zero_tangent(&self) -> Self {
        Shared::new(self.state().zero_tangent())
    }
    fn visit_leaves<V: Visitor>(&self, visitor: &mut V) {
        self.state().visit_leaves(visitor);
    }
    fn visit_leaves_mut<V: VisitorMut>(&mut self, visitor: &mut V) {
        self.state_mut().visit_leaves_mut(visitor);
    }
    fn zip_tangent<Z: Zip>(&mut self, tangent: &Self, zip: &mut Z) {
        self.zip_leaves(tangent, zip);
    }
}

impl<T: Tangent> Tangent for Shared<T> {
    fn zip_leaves<Z: Zip>(&mut self, other: &Self, zip: &mut Z) {
        self.state_mut().zip_leaves(&other.state(), zip);
    }
}

/// A copy of a state.
#[inline(always)]
pub fn taken<S: HasState<State: Clone>>(shared: &S) -> S::State {
    shared.state().clone()
}

/// A closure with state `E`; the other parameters are those of [`Closure`](super::Closure).
pub struct StateClosure<K, E, O, W, P, J, W2 = (), P2 = ()> {
    state: Shared<E>,
    forward: W,
    tangent: J,
    tangent_forward: W2,
    #[allow(clippy::type_complexity)]
    kinds: PhantomData<fn() -> (K, O, P, P2)>,
}

impl<K, E, O, W: Clone, P, J: Clone, W2: Clone, P2> Clone for StateClosure<K, E, O, W, P, J, W2, P2> {
    fn clone(&self) -> Self {
        StateClosure {
            state: self.state.clone(),
            forward: self.forward.clone(),
            tangent: self.tangent.clone(),
            tangent_forward: self.tangent_forward.clone(),
            kinds: PhantomData,
        }
    }
}

impl<K, E, O, W, P, J, W2, P2> HasState for StateClosure<K, E, O, W, P, J, W2, P2> {
    type State = E;
    #[inline(always)]
    fn state(&self) -> Ref<'_, E> {
        self.state.state()
    }
    #[inline(always)]
    fn state_mut(&self) -> RefMut<'_, E> {
        self.state.state_mut()
    }
}

impl<K, E: Differentiable, O, W, P, J, W2, P2> Differentiable for StateClosure<K, E, O, W, P, J, W2, P2> {
    type Tangent = Shared<E::Tangent>;
    #[inline(always)]
    fn zero_tangent(&self) -> Self::Tangent {
        Shared::new(self.state().zero_tangent())
    }

    without_leaves!();
}

/// A closure with state, of order 1.
#[allow(clippy::type_complexity)]
#[inline(always)]
pub fn state_closure<K, E, O, W, P, J>(captured: E, forward: W, tangent: J) -> StateClosure<K, E, O, W, P, J>
where
    K: Kinds,
    E: Differentiable,
    O: Differentiable,
    W: Fn(&mut E, K::Of<'_>, &mut Tape) -> (O, P),
    P: FnOnce(&mut E, K::Again<'_>, &mut Tape, Tan<O>, &mut Tan<E>, K::Bar<'_>),
    J: Fn(&mut E, &mut Tan<E>, K::Of<'_>, K::Dot<'_>) -> (O, Tan<O>),
{
    StateClosure {
        state: Shared::new(captured),
        forward,
        tangent,
        tangent_forward: (),
        kinds: PhantomData,
    }
}

/// A closure with state, of order 2.
#[allow(clippy::type_complexity)]
#[inline(always)]
pub fn state_closure2<K, E, O, W, P, J, W2, P2>(
    captured: E,
    forward: W,
    tangent: J,
    tangent_forward: W2,
) -> StateClosure<K, E, O, W, P, J, W2, P2>
where
    K: Kinds,
    E: Differentiable,
    O: Differentiable,
    W: Fn(&mut E, K::Of<'_>, &mut Tape) -> (O, P),
    P: FnOnce(&mut E, K::Again<'_>, &mut Tape, Tan<O>, &mut Tan<E>, K::Bar<'_>),
    J: Fn(&mut E, &mut Tan<E>, K::Of<'_>, K::Dot<'_>) -> (O, Tan<O>),
    W2: Fn(&mut E, &mut Tan<E>, K::Of<'_>, K::Dot<'_>, &mut Tape) -> ((O, Tan<O>), P2),
    P2: FnOnce(
        &mut E,
        &mut Tan<E>,
        K::Again<'_>,
        K::DotAgain<'_>,
        &mut Tape,
        (Tan<O>, Tan<O>),
        &mut Tan<E>,
        &mut Tan<E>,
        K::Bar<'_>,
        K::Bar<'_>,
    ),
{
    StateClosure {
        state: Shared::new(captured),
        forward,
        tangent,
        tangent_forward,
        kinds: PhantomData,
    }
}

impl<K, E, O, W, P, J, W2, P2> Callable<K> for StateClosure<K, E, O, W, P, J, W2, P2>
where
    K: Kinds,
    E: Differentiable,
    O: Differentiable,
    W: Fn(&mut E, K::Of<'_>, &mut Tape) -> (O, P) + Clone,
    P: FnOnce(&mut E, K::Again<'_>, &mut Tape, Tan<O>, &mut Tan<E>, K::Bar<'_>),
    J: Fn(&mut E, &mut Tan<E>, K::Of<'_>, K::Dot<'_>) -> (O, Tan<O>) + Clone,
    W2: Clone,
{
    type Out = O;
    #[inline(always)]
    fn call(&self, args: K::Of<'_>) -> O {
        Tape::with(|tape| (self.forward)(&mut self.state_mut(), args, tape).0)
    }
    #[inline(always)]
    fn forward(
        &self,
        args: K::Of<'_>,
        tape: &mut Tape,
    ) -> (
        O,
        impl FnOnce(&Self, K::Again<'_>, &mut Tape, Tan<O>, &mut Self::Tangent, K::Bar<'_>) + use<K, E, O, W, P, J, W2, P2>,
    ) {
        let (y, pullback) = (self.forward)(&mut self.state_mut(), args, tape);
        (
            y,
            move |this: &Self, again: K::Again<'_>, tape: &mut Tape, seed: Tan<O>, bar: &mut Shared<Tan<E>>, bars: K::Bar<'_>| {
                pullback(&mut this.state_mut(), again, tape, seed, &mut bar.state_mut(), bars);
            },
        )
    }
    #[inline(always)]
    fn tangent(&self, dot: &Shared<Tan<E>>, args: K::Of<'_>, dots: K::Dot<'_>) -> (O, Tan<O>) {
        (self.tangent)(&mut self.state_mut(), &mut dot.state_mut(), args, dots)
    }
}

impl<K, E, O, W, P, J, W2, P2> Callable2<K> for StateClosure<K, E, O, W, P, J, W2, P2>
where
    Self: Callable<K, Out = O> + Differentiable<Tangent = Shared<Tan<E>>>,
    K: Kinds,
    E: Differentiable,
    O: Differentiable,
    W2: Fn(&mut E, &mut Tan<E>, K::Of<'_>, K::Dot<'_>, &mut Tape) -> ((O, Tan<O>), P2),
    P2: FnOnce(
        &mut E,
        &mut Tan<E>,
        K::Again<'_>,
        K::DotAgain<'_>,
        &mut Tape,
        (Tan<O>, Tan<O>),
        &mut Tan<E>,
        &mut Tan<E>,
        K::Bar<'_>,
        K::Bar<'_>,
    ),
{
    #[inline(always)]
    fn tangent_forward(
        &self,
        dot: &Shared<Tan<E>>,
        args: K::Of<'_>,
        dots: K::Dot<'_>,
        tape: &mut Tape,
    ) -> (
        (O, Tan<O>),
        impl FnOnce(
            &Self,
            &Shared<Tan<E>>,
            K::Again<'_>,
            K::DotAgain<'_>,
            &mut Tape,
            (Tan<O>, Tan<O>),
            &mut Shared<Tan<E>>,
            &mut Shared<Tan<E>>,
            K::Bar<'_>,
            K::Bar<'_>,
        ) + use<K, E, O, W, P, J, W2, P2>,
    ) {
        let (y, pullback) = (self.tangent_forward)(&mut self.state_mut(), &mut dot.state_mut(), args, dots, tape);
        (
            y,
            move |this: &Self,
                  dot: &Shared<Tan<E>>,
                  again: K::Again<'_>,
                  dots: K::DotAgain<'_>,
                  tape: &mut Tape,
                  seed: (Tan<O>, Tan<O>),
                  bar: &mut Shared<Tan<E>>,
                  dot_bar: &mut Shared<Tan<E>>,
                  bars: K::Bar<'_>,
                  dot_bars: K::Bar<'_>| {
                let (mut state, mut state_dot) = (this.state_mut(), dot.state_mut());
                let (mut bar, mut dot_bar) = (bar.state_mut(), dot_bar.state_mut());
                pullback(
                    &mut state,
                    &mut state_dot,
                    again,
                    dots,
                    tape,
                    seed,
                    &mut bar,
                    &mut dot_bar,
                    bars,
                    dot_bars,
                );
            },
        )
    }
}
