//! Special functions, differentiable to any order that the attribute knows.
//!
//! They are functions rather than methods, since a method `x.erf()` on `f64` may collide with a later std.

use cotangent_core::Real;
use cotangent_macros::differentiable;

/// The error function, 2/√π ∫₀ˣ exp(−t²) dt.
///
/// Derivative: 2/√π exp(−x²) (DLMF 7.2.1).
///
/// ```
/// assert_eq!(cotangent::math::erf(0.0), 0.0);
/// let slope: f64 = cotangent::math::erf::grad(0.0).x;
/// assert!((slope - 2.0 / std::f64::consts::PI.sqrt()).abs() < 1e-15);
/// ```
#[differentiable(order = 3, crate = crate)]
pub fn erf<T: Real>(x: T) -> T {
    Real::erf(x)
}

/// The complementary error function, 1 − erf(x), accurate in the upper tail.
///
/// Derivative: −2/√π exp(−x²) (DLMF 7.2.2).
///
/// ```
/// assert_eq!(cotangent::math::erfc(0.0), 1.0);
/// ```
#[differentiable(order = 3, crate = crate)]
pub fn erfc<T: Real>(x: T) -> T {
    Real::erfc(x)
}

/// The logarithm of the absolute value of the gamma function.
///
/// Domain: all reals but 0, −1, −2, … Derivative: [`fn@digamma`] (DLMF 5.2.2).
///
/// ```
/// assert_eq!(cotangent::math::lgamma(1.0), 0.0);
/// ```
#[differentiable(order = 3, crate = crate)]
pub fn lgamma<T: Real>(x: T) -> T {
    Real::lgamma(x)
}

/// The logarithmic derivative of the gamma function.
///
/// Domain: all reals but 0, −1, −2, … Derivative: the trigamma function (DLMF 5.15.1).
///
/// ```
/// let euler = -cotangent::math::digamma(1.0);
/// assert!((euler - 0.577_215_664_901_532_9_f64).abs() < 1e-15);
/// ```
#[differentiable(order = 3, crate = crate)]
pub fn digamma<T: Real>(x: T) -> T {
    Real::digamma(x)
}
