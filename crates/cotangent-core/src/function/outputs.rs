//! What the pullback of a function is called with: the result's cotangent, and one of each `&mut` parameter.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::marker::PhantomData;

use super::kind::{FixedMut, Kind, Mut, MutSlice};
use crate::{Differentiable, Tangent};

type Tan<T> = <T as Differentiable>::Tangent;

/// A parameter that the function changes.
pub trait Output: Kind {
    /// Its cotangent after the call, as the pullback takes it.
    type Seen<'b>;
    /// The same from an owned one.
    fn see(tangent: &Self::Tangent) -> Self::Seen<'_>;
    /// Where the pullback starts: zero and what it was given.
    fn seed(tangent: &mut Self::Tangent, seen: Self::Seen<'_>);
}

impl<T: Differentiable + 'static> Output for Mut<T> {
    type Seen<'b> = &'b Tan<T>;
    fn see(tangent: &Tan<T>) -> &Tan<T> {
        tangent
    }
    fn seed(tangent: &mut Tan<T>, seen: &Tan<T>) {
        tangent.accumulate(seen);
    }
}

impl<T: Differentiable + 'static> Output for MutSlice<T> {
    type Seen<'b> = &'b [Tan<T>];
    fn see(tangent: &Vec<Tan<T>>) -> &[Tan<T>] {
        tangent
    }
    fn seed(tangent: &mut Vec<Tan<T>>, seen: &[Tan<T>]) {
        assert_eq!(
            tangent.len(),
            seen.len(),
            "the cotangent of a `&mut` slice has another length than the slice"
        );
        tangent.iter_mut().zip(seen).for_each(|(t, s)| t.accumulate(s));
    }
}

impl<T: ?Sized + 'static> Output for FixedMut<T> {
    type Seen<'b> = &'b ();
    fn see((): &()) -> &() {
        &()
    }
    fn seed((): &mut (), (): &()) {}
}

/// A function with a result, and the parameters `M` that it changes.
pub struct Returns<M = ()>(PhantomData<fn() -> M>);

/// A function without result, which changes the parameters `M`.
pub struct InPlace<M>(PhantomData<fn() -> M>);

/// The cotangents of the parameters that a function changes.
pub trait Outputs {
    /// How many there are.
    const COUNT: usize;
    /// As a pullback takes them.
    type Seen<'b>;
    /// Owned, for generic code.
    type Owned: Tangent;
    /// The same from owned ones.
    fn see(owned: &Self::Owned) -> Self::Seen<'_>;
}

/// The pullback of a function with the result `O` and the gradient `G`.
pub trait Pull<O: Differentiable, G>: Outputs {
    /// The public pullback.
    type Pullback<'s>
    where
        O: 's,
        G: 's;
    /// It, from one that takes a tuple.
    fn pullback<'s>(pull: impl Fn(Tan<O>, Self::Seen<'_>) -> G + 's) -> Self::Pullback<'s>
    where
        O: 's,
        G: 's;
}

macro_rules! outputs {
    ($count:literal $($M:ident $m:ident),*) => {
        outputs!(@ $count Returns [y] $($M $m),*);
        outputs!(@ $count InPlace [] $($M $m),*);
    };
    (@ $count:literal $how:ident [$($y:ident)?] $($M:ident $m:ident),*) => {
        #[allow(clippy::unused_unit)]
        impl<$($M: Output),*> Outputs for $how<($($M,)*)> {
            const COUNT: usize = $count;
            type Seen<'b> = ($($M::Seen<'b>,)*);
            type Owned = ($($M::Tangent,)*);
            fn see(($($m,)*): &Self::Owned) -> Self::Seen<'_> {
                ($($M::see($m),)*)
            }
        }
        outputs!(@@ $how [$($y)?] $($M $m),*);
    };
    (@@ Returns [y] $($M:ident $m:ident),*) => {
        impl<O: Differentiable, G, $($M: Output),*> Pull<O, G> for Returns<($($M,)*)> {
            type Pullback<'s> = Box<dyn for<'b> Fn(Tan<O>, $($M::Seen<'b>),*) -> G + 's> where O: 's, G: 's;
            fn pullback<'s>(pull: impl Fn(Tan<O>, Self::Seen<'_>) -> G + 's) -> Self::Pullback<'s>
            where
                O: 's,
                G: 's,
            {
                Box::new(move |y, $($m),*| pull(y, ($($m,)*)))
            }
        }
    };
    (@@ InPlace [] $($M:ident $m:ident),*) => {
        impl<G, $($M: Output),*> Pull<(), G> for InPlace<($($M,)*)> {
            type Pullback<'s> = Box<dyn for<'b> Fn($($M::Seen<'b>),*) -> G + 's> where G: 's;
            fn pullback<'s>(pull: impl Fn((), Self::Seen<'_>) -> G + 's) -> Self::Pullback<'s>
            where
                G: 's,
            {
                Box::new(move |$($m),*| pull((), ($($m,)*)))
            }
        }
    };
}

outputs!(0);
outputs!(1 M0 m0);
outputs!(2 M0 m0, M1 m1);
outputs!(3 M0 m0, M1 m1, M2 m2);
outputs!(4 M0 m0, M1 m1, M2 m2, M3 m3);
outputs!(5 M0 m0, M1 m1, M2 m2, M3 m3, M4 m4);
outputs!(6 M0 m0, M1 m1, M2 m2, M3 m3, M4 m4, M5 m5);
outputs!(7 M0 m0, M1 m1, M2 m2, M3 m3, M4 m4, M5 m5, M6 m6);
outputs!(8 M0 m0, M1 m1, M2 m2, M3 m3, M4 m4, M5 m5, M6 m6, M7 m7);
