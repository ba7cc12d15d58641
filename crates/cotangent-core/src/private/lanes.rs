//! Forward mode along several directions: operators, casts, and zeros, as generated code names them.
//!
//! The tangents of an operand are [`Lanes`], or `()` where none flow: a constant operand costs no arithmetic.

use crate::{InLanes, Lanes, Real};
use core::ops::{Add, Div, Mul, Neg, Rem, Sub};

use super::scalars::CastTo;

/// The zero tangents of a value.
#[inline(always)]
pub fn lane_zero<T: InLanes<W> + ?Sized, const W: usize>(value: &T) -> T::Lanes {
    value.zero_lanes()
}

/// The zero tangents of a float.
#[inline(always)]
pub fn lane_zero_of<T: Real, const W: usize>(_: T) -> Lanes<T, W> {
    Lanes::ZERO
}

/// Implemented by the markers of functions that have forward mode in lanes.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no forward mode along several directions at a time",
    label = "called from a function with the option `lanes`",
    note = "write `#[differentiable(lanes)]` on `{Self}` too"
)]
pub trait HasLanes {}

/// Checks that a callee has forward mode in lanes.
#[inline(always)]
pub fn in_lanes<F: HasLanes>() {}

/// The tangents of an operand of type `T`.
pub trait Dot<T>: Copy {
    /// Times a partial derivative.
    fn scaled(self, factor: T) -> Self;
    /// Over a divisor.
    fn over(self, divisor: T) -> Self;
    /// With the other sign.
    fn negated(self) -> Self;
}

impl<T: Real, const W: usize> Dot<T> for Lanes<T, W> {
    #[inline(always)]
    fn scaled(self, factor: T) -> Self {
        self * factor
    }
    #[inline(always)]
    fn over(self, divisor: T) -> Self {
        self / divisor
    }
    #[inline(always)]
    fn negated(self) -> Self {
        -self
    }
}

impl<T> Dot<T> for () {
    #[inline(always)]
    fn scaled(self, _: T) {}
    #[inline(always)]
    fn over(self, _: T) {}
    #[inline(always)]
    fn negated(self) {}
}

/// Sums of tangents, of which any may be absent.
pub trait Plus<D> {
    /// The sum.
    type Sum;
    /// `self + other`
    fn plus(self, other: D) -> Self::Sum;
}

impl<T: Real, const W: usize> Plus<Self> for Lanes<T, W> {
    type Sum = Self;
    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        self + other
    }
}

impl<T: Real, const W: usize> Plus<()> for Lanes<T, W> {
    type Sum = Self;
    #[inline(always)]
    fn plus(self, (): ()) -> Self {
        self
    }
}

impl<D> Plus<D> for () {
    type Sum = D;
    #[inline(always)]
    fn plus(self, other: D) -> D {
        other
    }
}

macro_rules! operator {
    ($($name:ident $assign:ident $trait:ident $op:tt |$a:ident, $da:ident, $b:ident, $db:ident| $dot:expr; [$($bound:tt)*];)*) => {$(
        #[doc = concat!("`a ", stringify!($op), " b` with its tangents.")]
        #[inline(always)]
        pub fn $name<T, A, B>($a: T, $da: A, $b: T, $db: B) -> (T, A::Sum)
        where
            T: Copy + $trait<Output = T> $($bound)*,
            A: Dot<T> + Plus<B>,
            A::Sum: Dot<T>,
            B: Dot<T>,
        {
            ($a $op $b, $dot)
        }

        #[doc = concat!("`a ", stringify!($op), "= b` with its tangents.")]
        #[inline(always)]
        pub fn $assign<T, A, B>(place: &mut T, dot: &mut A, b: T, db: B)
        where
            T: Copy + $trait<Output = T> $($bound)*,
            A: Dot<T> + Plus<B, Sum = A>,
            B: Dot<T>,
        {
            (*place, *dot) = $name(*place, *dot, b, db);
        }
    )*};
}

operator! {
    add_jvp_lanes add_assign_jvp_lanes Add + |a, da, b, db| da.plus(db); [];
    sub_jvp_lanes sub_assign_jvp_lanes Sub - |a, da, b, db| da.plus(db.negated()); [];
    mul_jvp_lanes mul_assign_jvp_lanes Mul * |a, da, b, db| da.scaled(b).plus(db.scaled(a)); [];
    div_jvp_lanes div_assign_jvp_lanes Div / |a, da, b, db| da.plus(db.scaled(a / b).negated()).over(b); [];
    rem_jvp_lanes rem_assign_jvp_lanes Rem % |a, da, b, db| da.plus(db.scaled(whole(a, b)).negated()); [+ Div<Output = T> + Whole];
}

/// The whole part of a quotient.
pub trait Whole {
    /// Rounded toward zero.
    fn whole(self) -> Self;
}

macro_rules! whole {
    ($($float:ty),*; $($integer:ty),*) => {
        $(impl Whole for $float {
            #[inline(always)]
            fn whole(self) -> Self {
                Real::trunc(self)
            }
        })*
        $(impl Whole for $integer {
            #[inline(always)]
            fn whole(self) -> Self {
                self
            }
        })*
    };
}

whole!(f32, f64; u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize);

#[inline(always)]
fn whole<T: Copy + Div<Output = T> + Whole>(a: T, b: T) -> T {
    (a / b).whole()
}

/// `-a` with its tangents.
#[inline(always)]
pub fn neg_jvp_lanes<T: Neg<Output = T>, A: Dot<T>>(a: T, da: A) -> (T, A) {
    (-a, da.negated())
}

macro_rules! cast {
    ($($from:ty => $to:ty),*) => {$(
        impl<const W: usize> CastTo<Lanes<$to, W>> for Lanes<$from, W> {
            #[inline(always)]
            fn cast_to(self) -> Lanes<$to, W> {
                self.map(|x| x as $to)
            }
            #[inline(always)]
            fn uncast(&self, bar: Lanes<$to, W>) -> Self {
                bar.map(|x| x as $from)
            }
            #[inline(always)]
            fn cast_dot(dot: Self) -> Lanes<$to, W> {
                dot.cast_to()
            }
        }
    )*};
}

cast!(f64 => f64, f64 => f32, f32 => f64, f32 => f32);

impl<T: Real, const W: usize> CastTo<Lanes<T, W>> for () {
    #[inline(always)]
    fn cast_to(self) -> Lanes<T, W> {
        Lanes::ZERO
    }
    #[inline(always)]
    fn uncast(&self, _: Lanes<T, W>) {}
    #[inline(always)]
    fn cast_dot((): ()) -> Lanes<T, W> {
        Lanes::ZERO
    }
}
