//! How an argument is kept, moved and passed again: by value, by reference or by mutable reference.

use crate::Point;
use cotangent_core::{Differentiable, Leaves, Tangent};
use std::marker::PhantomData;

/// An argument of a checked function.
///
/// Implemented for the types of [`Point`] by value and for references and slices of them.
pub trait Argument {
    /// Whether the function leaves a result in it: true for `&mut`.
    const OUTPUT: bool = false;
    /// An owned copy.
    type Owned: Point<Tangent = Self::Bar>;
    /// The tangent of the argument.
    type Bar: Tangent;
    /// The argument made of an owned copy.
    type Lent<'a>;
    /// The tangent as `jvp` takes it.
    type LentTangent<'a>;

    /// Copies the argument.
    fn own(&self) -> Self::Owned;
    /// Passes an owned copy as the function takes it.
    fn lend(owned: &mut Self::Owned) -> Self::Lent<'_>;
    /// Passes a tangent as `jvp` takes it.
    fn lend_tangent(tangent: &mut Self::Bar) -> Self::LentTangent<'_>;
}

/// The items of [`Argument`] for a type that is passed by value.
#[doc(hidden)]
#[macro_export]
macro_rules! __by_value {
    () => {
        type Owned = Self;
        type Bar = <Self as $crate::core::Differentiable>::Tangent;
        type Lent<'a> = Self;
        type LentTangent<'a> = Self::Bar;

        fn own(&self) -> Self {
            self.clone()
        }

        fn lend(owned: &mut Self) -> Self {
            owned.clone()
        }

        fn lend_tangent(tangent: &mut Self::Bar) -> Self::Bar {
            tangent.clone()
        }
    };
}

macro_rules! by_value {
    ($([$($generics:tt)*] $type:ty;)*) => {$(
        impl<$($generics)*> Argument for $type where Self: Point {
            __by_value!();
        }
    )*};
}
by_value! {
    [] f64; [] f32; [] (); [] bool; [] char; [] u8; [] u16; [] u32; [] u64; [] u128; [] usize;
    [] i8; [] i16; [] i32; [] i64; [] i128; [] isize; [] String;
    [T: Point] Vec<T>; [T: Point, const N: usize] [T; N]; [T: Point] Option<T>; [T: ?Sized] Box<T>;
    [A: Point] (A,); [A: Point, B: Point] (A, B); [A: Point, B: Point, C: Point] (A, B, C);
    [A: Point, B: Point, C: Point, D: Point] (A, B, C, D);
}

macro_rules! by_reference {
    ($([$($mutable:ident)?] $lent:ty, $tangent:ty, $owned:ty, $bar:ty, $output:literal;)*) => {$(
        impl<T: Point<Tangent: 'static> + 'static> Argument for & $($mutable)? $lent {
            const OUTPUT: bool = $output;
            type Owned = $owned;
            type Bar = $bar;
            type Lent<'a> = &'a $($mutable)? $lent;
            type LentTangent<'a> = &'a $($mutable)? $tangent;

            fn own(&self) -> $owned {
                (**self).to_owned()
            }

            fn lend(owned: &mut $owned) -> & $($mutable)? $lent {
                owned
            }

            fn lend_tangent(tangent: &mut $bar) -> & $($mutable)? $tangent {
                tangent
            }
        }
    )*};
}
by_reference! {
    [] T, T::Tangent, T, T::Tangent, false;
    [mut] T, T::Tangent, T, T::Tangent, true;
    [] [T], [T::Tangent], Vec<T>, Vec<T::Tangent>, false;
    [mut] [T], [T::Tangent], Vec<T>, Vec<T::Tangent>, true;
}

/// An argument at a moved point, or a tangent of it: what [`check_gradient!`](crate::check_gradient) passes around.
#[derive(Debug)]
pub struct Held<A: Argument> {
    /// The value.
    pub owned: A::Owned,
    /// A tangent of the same shape.
    pub tangent: A::Bar,
    kind: PhantomData<fn() -> A>,
}

impl<A: Argument> Held<A> {
    fn of(owned: A::Owned) -> Self {
        let tangent = owned.zero_tangent();
        Self {
            owned,
            tangent,
            kind: PhantomData,
        }
    }

    /// A copy that has its numbers from `numbers`.
    pub fn at(&self, numbers: &mut Numbers<'_>) -> Self {
        let mut owned = self.owned.clone();
        owned.for_each_leaf_mut(|_, number| *number = numbers.take());
        Self::of(owned)
    }

    /// A copy whose tangent has its leaves from `numbers`.
    pub fn tangent(&self, numbers: &mut Numbers<'_>) -> Self {
        let mut held = Self::of(self.owned.clone());
        held.tangent = numbers.tangent(&held.tangent);
        held
    }

    /// A copy with a zero tangent.
    pub fn copy(&self) -> Self {
        Self::of(self.owned.clone())
    }

    /// Takes the tangent from `numbers` where the argument is an output.
    pub fn fill_output_tangent(&mut self, numbers: &mut Numbers<'_>) {
        if A::OUTPUT {
            self.tangent = numbers.tangent(&self.tangent);
        }
    }

    /// The argument as the function takes it.
    pub fn lend(&mut self) -> A::Lent<'_> {
        A::lend(&mut self.owned)
    }

    /// The tangent as `jvp` takes it.
    pub fn lend_tangent(&mut self) -> A::LentTangent<'_> {
        A::lend_tangent(&mut self.tangent)
    }

    /// Appends the numbers of the value where the argument is an output.
    pub fn append_output(&self, out: &mut Vec<f64>) {
        if A::OUTPUT {
            out.extend(self.owned.flatten());
        }
    }

    /// Appends the leaves of the tangent where the argument is an output.
    pub fn append_output_tangent(&self, out: &mut Vec<f64>) {
        if A::OUTPUT {
            out.extend(self.tangent.flatten());
        }
    }
}

/// Flat numbers, taken one after another.
#[derive(Debug)]
pub struct Numbers<'a>(
    /// What is left.
    pub &'a [f64],
);

impl Numbers<'_> {
    /// The next number.
    ///
    /// # Panics
    ///
    /// Where none is left: the value has more leaves than its tangent.
    pub fn take(&mut self) -> f64 {
        let (first, rest) = self
            .0
            .split_first()
            .expect("check: a value has more leaves than its tangent; compare its impl of `Differentiable` with the derive");
        self.0 = rest;
        *first
    }

    /// A tangent of the shape of `zero` made of the next numbers.
    pub fn tangent<T: Tangent>(&mut self, zero: &T) -> T {
        let leaves: Vec<f64> = (0..zero.leaf_count()).map(|_| self.take()).collect();
        zero.unflatten(&leaves)
    }
}

/// Keeps copies of the arguments of `callee`, whose parameter types tell what a literal among them is.
#[doc(hidden)]
pub fn hold<A: Arguments, F: Callee<A>>(_: &F, arguments: A) -> A::Held {
    arguments.hold()
}

/// A tuple of arguments.
#[doc(hidden)]
pub trait Arguments {
    /// The tuple of copies.
    type Held;
    /// Copies them.
    fn hold(self) -> Self::Held;
}

/// A function that takes these arguments.
#[doc(hidden)]
pub trait Callee<A> {}

macro_rules! arguments {
    ($(($($name:ident $position:tt)+))*) => {$(
        impl<$($name: Argument),+> Arguments for ($($name,)+) {
            type Held = ($(Held<$name>,)+);

            fn hold(self) -> Self::Held {
                ($(Held::of(self.$position.own()),)+)
            }
        }
        impl<Callable: Fn($($name),+) -> Y, Y, $($name),+> Callee<($($name,)+)> for Callable {}
    )*};
}
arguments! {
    (A 0) (A 0 B 1) (A 0 B 1 C 2) (A 0 B 1 C 2 D 3) (A 0 B 1 C 2 D 3 E 4) (A 0 B 1 C 2 D 3 E 4 F 5)
    (A 0 B 1 C 2 D 3 E 4 F 5 G 6) (A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7)
}
