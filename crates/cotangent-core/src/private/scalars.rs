//! Parts of the derivative rules of scalars, and casts.

use crate::{Differentiable, Real};

/// `x % m`
#[inline(always)]
pub fn modulo<T: Real>(x: T, m: T) -> T {
    x % m
}

/// The sign, 0 at 0.
#[inline(always)]
pub fn sign_or_zero<T: Real>(x: T) -> T {
    if x > T::ZERO {
        T::ONE
    } else if x < T::ZERO {
        -T::ONE
    } else {
        x * T::ZERO
    }
}

#[inline(always)]
fn one_if<T: Real>(condition: bool) -> T {
    if condition { T::ONE } else { T::ZERO }
}

/// 1 where `a.min(b)` is `a`; the first argument at a tie. A NaN is passed over, as `min` does.
#[inline(always)]
pub fn takes_min<T: Real>(a: T, b: T) -> T {
    one_if(a <= b || b.is_nan())
}

/// 1 where `a.max(b)` is `a`; the first argument at a tie. A NaN is passed over, as `max` does.
#[inline(always)]
pub fn takes_max<T: Real>(a: T, b: T) -> T {
    one_if(a >= b || b.is_nan())
}

/// 1 where `x.clamp(lo, hi)` is `x`, bounds included.
#[inline(always)]
pub fn inside<T: Real>(x: T, lo: T, hi: T) -> T {
    one_if(x >= lo && x <= hi)
}

/// 1 where `x` is below `lo`.
#[inline(always)]
pub fn below<T: Real>(x: T, lo: T, _: T) -> T {
    one_if(x < lo)
}

/// 1 where `x` is above `hi`.
#[inline(always)]
pub fn above<T: Real>(x: T, _: T, hi: T) -> T {
    one_if(x > hi)
}

/// Derivative number `n` of x^p by x: 0, also at x = 0, where a factor of p (p-1) .. is.
#[inline(always)]
pub fn pow_slope<T: Real>(x: T, p: T, n: i32) -> T {
    let mut factor = T::ONE;
    for k in 0..n {
        factor *= p - T::from_f64(f64::from(k));
    }
    if factor == T::ZERO {
        T::ZERO
    } else {
        factor * x.powf(p - T::from_f64(f64::from(n)))
    }
}

/// d/dp x^p = x^p ln x, 0 at x = 0.
#[inline(always)]
pub fn pow_log<T: Real>(x: T, p: T) -> T {
    if x == T::ZERO { T::ZERO } else { x.powf(p) * x.ln() }
}

/// Derivative number `n` by x and `n_log` by p of x^p: x^(p-n) times a polynomial in ln x, which counts as 0 at x = 0.
pub fn pow_mixed<T: Real>(x: T, p: T, n: i32, n_log: i32) -> T {
    let mut factors = [T::ZERO; 8];
    factors[n_log as usize] = T::ONE;
    for k in 0..n {
        for j in 0..7 {
            let inner = T::from_f64((j + 1) as f64) * factors[j + 1];
            factors[j] = (p - T::from_f64(f64::from(k))) * factors[j] + inner;
        }
    }
    let log = if x == T::ZERO { T::ZERO } else { x.ln() };
    let factor = if n_log == 0 {
        factors[0]
    } else {
        factors.iter().rev().fold(T::ZERO, |sum, c| sum * log + *c)
    };
    if factor == T::ZERO {
        T::ZERO
    } else {
        factor * x.powf(p - T::from_f64(f64::from(n)))
    }
}

/// Derivative number `n_more` of x^n: 0, also at x = 0, where a factor of n (n-1) .. is.
#[inline(always)]
pub fn powi_slope<T: Real>(x: T, n: i32, n_more: i32) -> T {
    let mut factor = 1.0;
    for k in 0..n_more {
        factor *= f64::from(n - k);
    }
    if factor == 0.0 {
        T::ZERO
    } else {
        T::from_f64(factor) * x.powi(n - n_more)
    }
}

/// `a / y`, 0 where `y` is 0: the slopes of a length at the origin.
#[inline(always)]
pub fn over_or_zero<T: Real>(a: T, y: T) -> T {
    if y == T::ZERO { T::ZERO } else { a / y }
}

/// The derivatives of digamma: `n` = 1 is trigamma.
pub fn polygamma_at<T: Real>(x: T, n: i32) -> T {
    T::from_f64(crate::special::polygamma(n.unsigned_abs(), x.to_f64()))
}

/// `value as B`, where the source is known to rustc only.
pub trait CastTo<B>: Differentiable {
    /// `self as B`
    fn cast_to(self) -> B;
    /// The cotangent of the source from that of the result.
    fn uncast(&self, bar: B) -> Self::Tangent;
    /// The tangent of the result.
    fn cast_dot(dot: Self::Tangent) -> B;
}

macro_rules! cast {
    (float $($a:ty => $b:ty),*) => {$(
        impl CastTo<$b> for $a {
            #[inline(always)]
            fn cast_to(self) -> $b {
                self as $b
            }
            #[inline(always)]
            fn uncast(&self, bar: $b) -> $a {
                bar as $a
            }
            #[inline(always)]
            fn cast_dot(dot: $a) -> $b {
                dot as $b
            }
        }
    )*};
    (integer $($a:ty),*) => {$(
        cast!(one $a, f64);
        cast!(one $a, f32);
    )*};
    (one $a:ty, $b:ty) => {
        impl CastTo<$b> for $a {
            #[inline(always)]
            fn cast_to(self) -> $b {
                self as $b
            }
            #[inline(always)]
            fn uncast(&self, _: $b) {}
            #[inline(always)]
            fn cast_dot((): ()) -> $b {
                0.0
            }
        }
    };
}

cast!(float f64 => f64, f64 => f32, f32 => f64, f32 => f32);
cast!(integer u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize);

impl<B: Real> CastTo<B> for () {
    #[inline(always)]
    fn cast_to(self) -> B {
        B::ZERO
    }
    #[inline(always)]
    fn uncast(&self, _: B) {}
    #[inline(always)]
    fn cast_dot((): ()) -> B {
        B::ZERO
    }
}

/// `value as B`
#[inline(always)]
pub fn cast<A: CastTo<B>, B>(value: A) -> B {
    value.cast_to()
}

/// The cotangent of `value` from that of `value as B`.
#[inline(always)]
pub fn uncast<A: CastTo<B>, B>(value: &A, bar: B) -> A::Tangent {
    value.uncast(bar)
}

/// The tangent of `value as B`.
#[inline(always)]
pub fn cast_dot<A: CastTo<B>, B>(_: &A, dot: A::Tangent) -> B {
    A::cast_dot(dot)
}
