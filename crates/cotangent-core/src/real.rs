//! `f32` and `f64` behind one trait, with every maths method of std under its std name.

use crate::{Tangent, special};
use core::fmt::{Debug, Display, LowerExp};
use core::iter::{Product, Sum};
use core::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Rem, RemAssign, Sub, SubAssign};

/// A real number that derivatives can be taken of: `f32` or `f64`.
///
/// Generic differentiable code is bounded by it. Methods have the names and the meaning that they have in std; without
/// the feature `std` they come from `libm`. erf, lgamma and their like are computed in `f64` for both types.
///
/// ```
/// use cotangent_core::Real;
/// fn softplus<T: Real>(x: T) -> T {
///     x.max(T::ZERO) + (-x.abs()).exp().ln_1p()
/// }
/// assert_eq!(softplus(0.0_f64), std::f64::consts::LN_2);
/// assert_eq!(softplus(-200.0_f32), 0.0);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a real number type",
    label = "expected `f32` or `f64`",
    note = "in generic code, bound the parameter: `T: Real`",
    note = "a method of yours with the name of a float's is called by its path here: `Type::abs(&value)`"
)]
pub trait Real:
    crate::private::Arithmetic
    + Tangent
    + Copy
    + Default
    + Debug
    + Display
    + LowerExp
    + PartialEq
    + PartialOrd
    + Neg<Output = Self>
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Rem<Output = Self>
    + AddAssign
    + SubAssign
    + MulAssign
    + DivAssign
    + RemAssign
    + for<'a> Add<&'a Self, Output = Self>
    + for<'a> Sub<&'a Self, Output = Self>
    + for<'a> Mul<&'a Self, Output = Self>
    + for<'a> Div<&'a Self, Output = Self>
    + for<'a> AddAssign<&'a Self>
    + for<'a> SubAssign<&'a Self>
    + for<'a> MulAssign<&'a Self>
    + for<'a> DivAssign<&'a Self>
    + Sum
    + Product
    + for<'a> Sum<&'a Self>
    + for<'a> Product<&'a Self>
    + Send
    + Sync
    + 'static
{
    /// 0.
    const ZERO: Self;
    /// 1.
    const ONE: Self;
    /// The distance from 1 to the next larger number.
    const EPSILON: Self;
    /// The smallest finite number.
    const MIN: Self;
    /// The largest finite number.
    const MAX: Self;
    /// The smallest positive normal number.
    const MIN_POSITIVE: Self;
    /// Infinity.
    const INFINITY: Self;
    /// Minus infinity.
    const NEG_INFINITY: Self;
    /// Not a number.
    const NAN: Self;
    /// π.
    const PI: Self;
    /// Euler's number.
    const E: Self;
    /// ln 2.
    const LN_2: Self;
    /// ln 10.
    const LN_10: Self;
    /// 2 / sqrt(π), the slope of erf at 0.
    const FRAC_2_SQRT_PI: Self;

    /// The nearest `Self` to `value`.
    fn from_f64(value: f64) -> Self;
    /// `self` as `f64`, exactly.
    fn to_f64(self) -> f64;
    /// The nearest `Self` to `count`.
    fn from_usize(count: usize) -> Self;

    /// The absolute value.
    fn abs(self) -> Self;
    /// 1 for positive numbers and `+0.0`, -1 for negative ones and `-0.0`, NaN for NaN.
    fn signum(self) -> Self;
    /// `1 / self`.
    fn recip(self) -> Self;
    /// Radians to degrees.
    fn to_degrees(self) -> Self;
    /// Degrees to radians.
    fn to_radians(self) -> Self;
    /// The square root.
    fn sqrt(self) -> Self;
    /// The cube root.
    fn cbrt(self) -> Self;
    /// `e^self`.
    fn exp(self) -> Self;
    /// `2^self`.
    fn exp2(self) -> Self;
    /// `e^self - 1`, accurate near 0.
    fn exp_m1(self) -> Self;
    /// The natural logarithm.
    fn ln(self) -> Self;
    /// The logarithm to base 2.
    fn log2(self) -> Self;
    /// The logarithm to base 10.
    fn log10(self) -> Self;
    /// `ln(1 + self)`, accurate near 0.
    fn ln_1p(self) -> Self;
    /// The sine, in radians.
    fn sin(self) -> Self;
    /// The cosine, in radians.
    fn cos(self) -> Self;
    /// The tangent, in radians.
    fn tan(self) -> Self;
    /// The arcsine; NaN outside -1..=1.
    fn asin(self) -> Self;
    /// The arccosine; NaN outside -1..=1.
    fn acos(self) -> Self;
    /// The arctangent.
    fn atan(self) -> Self;
    /// The hyperbolic sine.
    fn sinh(self) -> Self;
    /// The hyperbolic cosine.
    fn cosh(self) -> Self;
    /// The hyperbolic tangent.
    fn tanh(self) -> Self;
    /// The inverse hyperbolic sine.
    fn asinh(self) -> Self;
    /// The inverse hyperbolic cosine; NaN below 1.
    fn acosh(self) -> Self;
    /// The inverse hyperbolic tangent; NaN outside -1..=1.
    fn atanh(self) -> Self;
    /// The largest integer not above `self`.
    fn floor(self) -> Self;
    /// The smallest integer not below `self`.
    fn ceil(self) -> Self;
    /// The nearest integer; halves go away from 0.
    fn round(self) -> Self;
    /// The nearest integer; halves go to the even one.
    fn round_ties_even(self) -> Self;
    /// The integer part.
    fn trunc(self) -> Self;
    /// The part behind the point, with the sign of `self`.
    fn fract(self) -> Self;
    /// Sine and cosine.
    fn sin_cos(self) -> (Self, Self);
    /// The magnitude of `self` with the sign of `sign`.
    fn copysign(self, sign: Self) -> Self;
    /// The smaller number; the other one if one is NaN.
    fn min(self, other: Self) -> Self;
    /// The larger number; the other one if one is NaN.
    fn max(self, other: Self) -> Self;
    /// `self^exponent`.
    fn powf(self, exponent: Self) -> Self;
    /// The angle of the point `(x, self)`, in -π..=π.
    fn atan2(self, x: Self) -> Self;
    /// `sqrt(self^2 + other^2)`, without overflow on the way.
    fn hypot(self, other: Self) -> Self;
    /// The logarithm to `base`.
    fn log(self, base: Self) -> Self;
    /// `self^exponent` for an integer exponent.
    fn powi(self, exponent: i32) -> Self;
    /// `self * factor + summand`, rounded once.
    fn mul_add(self, factor: Self, summand: Self) -> Self;
    /// `self` brought into `min..=max`. Panics if `min > max` or one of them is NaN.
    fn clamp(self, min: Self, max: Self) -> Self;
    /// The quotient that goes with [`rem_euclid`](Self::rem_euclid).
    fn div_euclid(self, divisor: Self) -> Self;
    /// The least non-negative remainder.
    fn rem_euclid(self, divisor: Self) -> Self;

    /// The error function. See [`special::erf`].
    fn erf(self) -> Self;
    /// The complementary error function, `1 - erf(self)`, accurate for large `self`. See [`special::erfc`].
    fn erfc(self) -> Self;
    /// The logarithm of the absolute value of the gamma function. See [`special::lgamma`].
    fn lgamma(self) -> Self;
    /// The derivative of [`lgamma`](Self::lgamma). See [`special::digamma`].
    fn digamma(self) -> Self;
    /// The derivative of [`digamma`](Self::digamma). See [`special::trigamma`].
    fn trigamma(self) -> Self;
    /// The derivative of order `n` of [`digamma`](Self::digamma). See [`special::polygamma`].
    fn polygamma(self, n: u32) -> Self;

    /// Whether `self` is NaN.
    fn is_nan(self) -> bool;
    /// Whether `self` is neither infinite nor NaN.
    fn is_finite(self) -> bool;
    /// Whether `self` is neither zero, subnormal, infinite nor NaN.
    fn is_normal(self) -> bool;
    /// Whether `self` is an infinity.
    fn is_infinite(self) -> bool;
    /// Whether the sign bit is set.
    fn is_sign_negative(self) -> bool;
    /// Whether the sign bit is clear.
    fn is_sign_positive(self) -> bool;
    /// A total order of all bit patterns.
    fn total_cmp(&self, other: &Self) -> core::cmp::Ordering;

    /// The slice as what it is, for code that is written for both types one by one.
    #[doc(hidden)]
    fn floats(values: &[Self]) -> crate::private::Floats<'_>;
    /// The slice as what it is, to be changed.
    #[doc(hidden)]
    fn floats_mut(values: &mut [Self]) -> crate::private::FloatsMut<'_>;
}

/// The methods that core has on its own.
macro_rules! from_core {
    ($float:ident: $($name:ident($($argument:ident),*) -> $result:ty),* $(,)?) => {$(
        #[inline]
        fn $name(self $(, $argument: Self)*) -> $result {
            <$float>::$name(self $(, $argument)*)
        }
    )*};
}

/// The methods that need std or `libm`, with the name that each has there.
macro_rules! from_std_or_libm {
    ($float:ident: $($name:ident = $libm:ident($($argument:ident),*)),* $(,)?) => {$(
        #[inline]
        fn $name(self $(, $argument: Self)*) -> Self {
            #[cfg(feature = "std")]
            return <$float>::$name(self $(, $argument)*);
            #[cfg(not(feature = "std"))]
            return libm::$libm(self $(, $argument)*);
        }
    )*};
}

/// The functions that std lacks, computed in `f64`.
macro_rules! from_special {
    ($($name:ident),*) => {$(
        #[inline]
        fn $name(self) -> Self {
            special::$name(f64::from(self)) as Self
        }
    )*};
}

macro_rules! real {
    ($float:ident as $variant:ident, sincos = $sincos:ident, libm = { $($libm:tt)* }) => {
        impl Real for $float {
            const ZERO: Self = 0.0;
            const ONE: Self = 1.0;
            const EPSILON: Self = $float::EPSILON;
            const MIN: Self = $float::MIN;
            const MAX: Self = $float::MAX;
            const MIN_POSITIVE: Self = $float::MIN_POSITIVE;
            const INFINITY: Self = $float::INFINITY;
            const NEG_INFINITY: Self = $float::NEG_INFINITY;
            const NAN: Self = $float::NAN;
            const PI: Self = core::$float::consts::PI;
            const E: Self = core::$float::consts::E;
            const LN_2: Self = core::$float::consts::LN_2;
            const LN_10: Self = core::$float::consts::LN_10;
            const FRAC_2_SQRT_PI: Self = core::$float::consts::FRAC_2_SQRT_PI;

            #[inline]
            fn from_f64(value: f64) -> Self {
                value as Self
            }

            #[inline]
            fn to_f64(self) -> f64 {
                f64::from(self)
            }

            #[inline]
            fn from_usize(count: usize) -> Self {
                count as Self
            }

            from_core! {
                $float: abs() -> Self, signum() -> Self, recip() -> Self, to_degrees() -> Self, to_radians() -> Self,
                copysign(sign) -> Self, min(other) -> Self, max(other) -> Self, clamp(min, max) -> Self,
                is_nan() -> bool, is_finite() -> bool, is_normal() -> bool, is_infinite() -> bool,
                is_sign_negative() -> bool, is_sign_positive() -> bool,
            }

            from_std_or_libm! { $float: $($libm)* }

            from_special!(erf, erfc, lgamma, digamma, trigamma);

            #[inline]
            fn polygamma(self, n: u32) -> Self {
                special::polygamma(n, f64::from(self)) as Self
            }

            #[inline]
            fn fract(self) -> Self {
                self - Real::trunc(self)
            }

            #[inline]
            fn sin_cos(self) -> (Self, Self) {
                #[cfg(feature = "std")]
                return <$float>::sin_cos(self);
                #[cfg(not(feature = "std"))]
                return libm::$sincos(self);
            }

            #[inline]
            fn log(self, base: Self) -> Self {
                Real::ln(self) / Real::ln(base)
            }

            #[inline]
            fn powi(self, exponent: i32) -> Self {
                #[cfg(feature = "std")]
                return <$float>::powi(self, exponent);
                // In f64 the exponent is exact; in f32 it would be rounded from 2^24 on.
                #[cfg(not(feature = "std"))]
                return libm::pow(f64::from(self), f64::from(exponent)) as Self;
            }

            #[inline]
            fn div_euclid(self, divisor: Self) -> Self {
                let quotient = Real::trunc(self / divisor);
                match self % divisor < 0.0 {
                    true if divisor > 0.0 => quotient - 1.0,
                    true => quotient + 1.0,
                    false => quotient,
                }
            }

            #[inline]
            fn rem_euclid(self, divisor: Self) -> Self {
                let remainder = self % divisor;
                if remainder < 0.0 { remainder + Real::abs(divisor) } else { remainder }
            }

            #[inline]
            fn total_cmp(&self, other: &Self) -> core::cmp::Ordering {
                <$float>::total_cmp(self, other)
            }

            #[inline]
            fn floats(values: &[Self]) -> crate::private::Floats<'_> {
                crate::private::Floats::$variant(values)
            }

            #[inline]
            fn floats_mut(values: &mut [Self]) -> crate::private::FloatsMut<'_> {
                crate::private::FloatsMut::$variant(values)
            }
        }
    };
}

real! {
    f64 as F64, sincos = sincos, libm = {
        sqrt = sqrt(), cbrt = cbrt(), exp = exp(), exp2 = exp2(), exp_m1 = expm1(), ln = log(), log2 = log2(),
        log10 = log10(), ln_1p = log1p(), sin = sin(), cos = cos(), tan = tan(), asin = asin(), acos = acos(),
        atan = atan(), sinh = sinh(), cosh = cosh(), tanh = tanh(), asinh = asinh(), acosh = acosh(),
        atanh = atanh(), floor = floor(), ceil = ceil(), round = round(), round_ties_even = rint(),
        trunc = trunc(), powf = pow(exponent), atan2 = atan2(x), hypot = hypot(other),
        mul_add = fma(factor, summand),
    }
}
real! {
    f32 as F32, sincos = sincosf, libm = {
        sqrt = sqrtf(), cbrt = cbrtf(), exp = expf(), exp2 = exp2f(), exp_m1 = expm1f(), ln = logf(),
        log2 = log2f(), log10 = log10f(), ln_1p = log1pf(), sin = sinf(), cos = cosf(), tan = tanf(),
        asin = asinf(), acos = acosf(), atan = atanf(), sinh = sinhf(), cosh = coshf(), tanh = tanhf(),
        asinh = asinhf(), acosh = acoshf(), atanh = atanhf(), floor = floorf(), ceil = ceilf(), round = roundf(),
        round_ties_even = rintf(), trunc = truncf(), powf = powf(exponent), atan2 = atan2f(x),
        hypot = hypotf(other), mul_add = fmaf(factor, summand),
    }
}
