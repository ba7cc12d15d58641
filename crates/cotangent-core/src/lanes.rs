//! Several numbers side by side: the tangents of one number along several directions.

use crate::{Differentiable, Real, Tangent, Visitor, VisitorMut, Zip};
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::array::from_fn;
use core::ops::{Add, AddAssign, Div, Index, IndexMut, Mul, MulAssign, Neg, Sub, SubAssign};

/// `W` tangents of one number, along `W` directions: what forward mode carries under `#[differentiable(lanes)]`.
///
/// Lanes are added to one another, and multiplied and divided by plain numbers: a chain rule asks for nothing else. The
/// loops are short and of fixed length, so that they compile to vector instructions.
///
/// ```
/// use cotangent_core::Lanes;
/// let x_dot = Lanes([1.0, 0.0]);
/// let y_dot = Lanes([0.0, 1.0]);
/// let (x, y) = (2.0, 3.0);
/// assert_eq!(x_dot * y + y_dot * x, Lanes([3.0, 2.0])); // the tangents of x y
/// assert_eq!(Lanes::<f64, 3>::unit(1), Lanes([0.0, 1.0, 0.0]));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C)]
pub struct Lanes<T, const W: usize>(
    /// One tangent a direction.
    pub [T; W],
);

impl<T: Real, const W: usize> Lanes<T, W> {
    /// Zero in all directions.
    pub const ZERO: Self = Lanes([T::ZERO; W]);

    /// The same number in all directions.
    #[inline(always)]
    pub fn splat(value: T) -> Self {
        Lanes([value; W])
    }

    /// 1 in direction `k`, 0 in the others. Zero where there is no such direction.
    #[inline]
    pub fn unit(k: usize) -> Self {
        Lanes(from_fn(|i| if i == k { T::ONE } else { T::ZERO }))
    }

    /// Each lane through `f`.
    #[inline(always)]
    pub fn map<U>(self, mut f: impl FnMut(T) -> U) -> Lanes<U, W> {
        Lanes(from_fn(|i| f(self.0[i])))
    }
}

impl<T, const W: usize> Index<usize> for Lanes<T, W> {
    type Output = T;

    #[inline(always)]
    fn index(&self, k: usize) -> &T {
        &self.0[k]
    }
}

impl<T, const W: usize> IndexMut<usize> for Lanes<T, W> {
    #[inline(always)]
    fn index_mut(&mut self, k: usize) -> &mut T {
        &mut self.0[k]
    }
}

macro_rules! lanewise {
    ($($trait:ident $method:ident $assign:ident $assign_method:ident $op:tt;)*) => {$(
        impl<T: Real, const W: usize> $trait for Lanes<T, W> {
            type Output = Self;

            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                Lanes(from_fn(|i| self.0[i] $op other.0[i]))
            }
        }

        impl<T: Real, const W: usize> $assign for Lanes<T, W> {
            #[inline(always)]
            fn $assign_method(&mut self, other: Self) {
                *self = *self $op other;
            }
        }
    )*};
}

lanewise! {
    Add add AddAssign add_assign +;
    Sub sub SubAssign sub_assign -;
}

impl<T: Real, const W: usize> Neg for Lanes<T, W> {
    type Output = Self;

    #[inline(always)]
    fn neg(self) -> Self {
        Lanes(from_fn(|i| -self.0[i]))
    }
}

impl<T: Real, const W: usize> Mul<T> for Lanes<T, W> {
    type Output = Self;

    #[inline(always)]
    fn mul(self, factor: T) -> Self {
        Lanes(from_fn(|i| self.0[i] * factor))
    }
}

impl<T: Real, const W: usize> MulAssign<T> for Lanes<T, W> {
    #[inline(always)]
    fn mul_assign(&mut self, factor: T) {
        *self = *self * factor;
    }
}

impl<T: Real, const W: usize> Div<T> for Lanes<T, W> {
    type Output = Self;

    /// Multiplies by the reciprocal, which costs one division instead of `W` and an error of half a unit in the last place.
    #[inline(always)]
    fn div(self, divisor: T) -> Self {
        let reciprocal = T::ONE / divisor;
        // The choice is among numbers, not among lanes: a branch here would keep lanes out of vector registers.
        let (first, second) = if reciprocal.is_normal() {
            (reciprocal, T::ONE)
        } else {
            reciprocal_in_two(divisor)
        };
        self * first * second
    }
}

/// Factors that make a reciprocal which is no number, or has lost digits: of a divisor at either end of the range.
#[cold]
#[inline(never)]
fn reciprocal_in_two<T: Real>(divisor: T) -> (T, T) {
    let scale = if divisor.abs() > T::ONE { T::EPSILON } else { T::ONE / T::EPSILON };
    (T::ONE / (divisor * scale), scale)
}

/// Leaves are named by their direction.
impl<T: Real, const W: usize> Differentiable for Lanes<T, W> {
    type Tangent = Self;

    #[inline]
    fn zero_tangent(&self) -> Self {
        Self::ZERO
    }

    #[inline]
    fn visit_leaves<V: Visitor>(&self, visitor: &mut V) {
        self.0.visit_leaves(visitor);
    }

    #[inline]
    fn visit_leaves_mut<V: VisitorMut>(&mut self, visitor: &mut V) {
        self.0.visit_leaves_mut(visitor);
    }

    #[inline]
    fn zip_tangent<Z: Zip>(&mut self, tangent: &Self, zip: &mut Z) {
        self.zip_leaves(tangent, zip);
    }
}

impl<T: Real, const W: usize> Tangent for Lanes<T, W> {
    #[inline]
    fn zip_leaves<Z: Zip>(&mut self, other: &Self, zip: &mut Z) {
        self.0.zip_leaves(&other.0, zip);
    }

    #[inline]
    fn accumulate(&mut self, other: &Self) {
        *self += *other;
    }

    #[inline]
    fn set_zero(&mut self) {
        *self = Self::ZERO;
    }
}

/// A value whose tangents along `W` directions have a type: floats become [`Lanes`] wherever they stand.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no tangents along several directions at a time",
    label = "not made of floats",
    note = "`#[differentiable(lanes)]` takes floats, and slices, `Vec`s, arrays, tuples, `Option`s and `Box`es of them",
    note = "leave other parameters out of the derivative with `wrt(..)`, or leave out `lanes`"
)]
pub trait InLanes<const W: usize> {
    /// The type of the tangents.
    type Lanes: Tangent;

    /// Zero along all directions, of the shape of `self`.
    fn zero_lanes(&self) -> Self::Lanes;
}

macro_rules! float {
    ($($float:ty),*) => {$(
        impl<const W: usize> InLanes<W> for $float {
            type Lanes = Lanes<$float, W>;

            #[inline(always)]
            fn zero_lanes(&self) -> Self::Lanes {
                Lanes::ZERO
            }
        }
    )*};
}

float!(f32, f64);

macro_rules! constant {
    ($($type:ty),*) => {$(
        impl<const W: usize> InLanes<W> for $type {
            type Lanes = ();

            #[inline(always)]
            fn zero_lanes(&self) {}
        }
    )*};
}

constant!(
    (),
    bool,
    char,
    str,
    String,
    u8,
    u16,
    u32,
    u64,
    u128,
    usize,
    i8,
    i16,
    i32,
    i64,
    i128,
    isize
);

impl<T: InLanes<W>, const W: usize> InLanes<W> for [T] {
    type Lanes = Vec<T::Lanes>;

    #[inline]
    fn zero_lanes(&self) -> Self::Lanes {
        self.iter().map(T::zero_lanes).collect()
    }
}

impl<T: InLanes<W>, const W: usize> InLanes<W> for Vec<T> {
    type Lanes = Vec<T::Lanes>;

    #[inline]
    fn zero_lanes(&self) -> Self::Lanes {
        self.as_slice().zero_lanes()
    }
}

impl<T: InLanes<W>, const W: usize, const N: usize> InLanes<W> for [T; N] {
    type Lanes = [T::Lanes; N];

    #[inline(always)]
    fn zero_lanes(&self) -> Self::Lanes {
        from_fn(|i| self[i].zero_lanes())
    }
}

impl<T: InLanes<W>, const W: usize> InLanes<W> for Option<T> {
    type Lanes = Option<T::Lanes>;

    #[inline]
    fn zero_lanes(&self) -> Self::Lanes {
        self.as_ref().map(T::zero_lanes)
    }
}

impl<T: InLanes<W>, E, const W: usize> InLanes<W> for Result<T, E> {
    type Lanes = Option<T::Lanes>;

    #[inline]
    fn zero_lanes(&self) -> Self::Lanes {
        self.as_ref().ok().map(T::zero_lanes)
    }
}

impl<T: InLanes<W> + ?Sized, const W: usize> InLanes<W> for Box<T> {
    type Lanes = Box<T::Lanes>;

    #[inline]
    fn zero_lanes(&self) -> Self::Lanes {
        Box::new((**self).zero_lanes())
    }
}

impl<T: InLanes<W> + ?Sized, const W: usize> InLanes<W> for &T {
    type Lanes = T::Lanes;

    #[inline(always)]
    fn zero_lanes(&self) -> Self::Lanes {
        (**self).zero_lanes()
    }
}

impl<T: InLanes<W> + ?Sized, const W: usize> InLanes<W> for &mut T {
    type Lanes = T::Lanes;

    #[inline(always)]
    fn zero_lanes(&self) -> Self::Lanes {
        (**self).zero_lanes()
    }
}

macro_rules! tuple {
    ($($T:ident $index:tt),+) => {
        impl<$($T: InLanes<W>,)+ const W: usize> InLanes<W> for ($($T,)+) {
            type Lanes = ($($T::Lanes,)+);

            #[inline(always)]
            fn zero_lanes(&self) -> Self::Lanes {
                ($(self.$index.zero_lanes(),)+)
            }
        }
    };
}

tuple!(A 0);
tuple!(A 0, B 1);
tuple!(A 0, B 1, C 2);
tuple!(A 0, B 1, C 2, D 3);
tuple!(A 0, B 1, C 2, D 3, E 4);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn division_keeps_its_digits_at_the_ends_of_the_range() {
        let x: Lanes<f64, 3> = Lanes([1.0, -3.0, 0.0]);
        // The reciprocal of the first is infinite, that of the second subnormal.
        for divisor in [1e-309, 1e308, f64::INFINITY, 0.5] {
            let got = x / divisor;
            let want = x.map(|v| v / divisor);
            // Two roundings, and a third where the quotient is subnormal.
            let close = (0..3).all(|k| got[k] == want[k] || (got[k] - want[k]).abs() <= f64::EPSILON * want[k].abs());
            assert!(close, "divided by {divisor}: {got:?}, expected {want:?}");
        }
        // Once by the reciprocal: two roundings, each of half a unit in the last place.
        let got = x / 7.0;
        assert!((got[1] + 3.0 / 7.0).abs() <= f64::EPSILON * 3.0 / 7.0, "found {got:?}");
        assert!((x / 0.0)[2].is_nan() && (x / 0.0)[0] == f64::INFINITY);
    }

    #[test]
    fn lanes_are_tangents() {
        let zero: Vec<Lanes<f64, 2>> = InLanes::<2>::zero_lanes(&[1.0, 2.0][..]);
        let mut sum = zero.clone();
        sum.accumulate(&alloc::vec![Lanes([1.0, 2.0]), Lanes::unit(1)]);
        assert_eq!(crate::Leaves::flatten(&sum), [1.0, 2.0, 0.0, 1.0]);
        sum.set_zero();
        assert_eq!(sum, zero);
        let mixed = InLanes::<2>::zero_lanes(&(1.0f32, 3usize, Some([0.5])));
        assert_eq!(mixed, (Lanes([0.0f32; 2]), (), Some([Lanes([0.0; 2])])));
    }
}
