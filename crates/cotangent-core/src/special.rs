//! Functions that std lacks: erf, erfc, the logarithm of gamma, and the derivatives of the latter.
//!
//! They work on `f64`; [`Real`] offers them for both float types. `tests/reference` holds
//! the scripts that made the coefficients here and the values that the tests compare with.

use crate::Real;
use alloc::vec;
use core::f64::consts::PI;

/// The error function, `2/√π ∫₀ˣ exp(-t²) dt`.
///
/// Accuracy: within 1 ULP. Derivative: `2/√π exp(-x²)`.
///
/// ```
/// use cotangent_core::special::erf;
/// assert_eq!(erf(0.5), 0.5204998778130465);
/// ```
#[inline]
pub fn erf(x: f64) -> f64 {
    libm::erf(x)
}

/// The complementary error function, `1 - erf(x)`, accurate where `erf(x)` is near 1.
///
/// Accuracy: within 2 ULP. Derivative: `-2/√π exp(-x²)`.
///
/// ```
/// use cotangent_core::special::erfc;
/// assert!(erfc(10.0) > 2.0e-45);
/// ```
#[inline]
pub fn erfc(x: f64) -> f64 {
    libm::erfc(x)
}

/// The natural logarithm of the absolute value of the gamma function.
///
/// Infinite at 0 and at negative integers. Accuracy: within 2 ULP for `x > 0`; for `x < 0`, where it has zeros, the
/// absolute error is that small. Derivative: [`digamma`].
///
/// ```
/// use cotangent_core::special::lgamma;
/// assert_eq!(lgamma(5.0), 24.0_f64.ln());
/// ```
#[inline]
pub fn lgamma(x: f64) -> f64 {
    libm::lgamma(x)
}

/// The zero of digamma on the positive axis, in two parts.
const ROOT: (f64, f64) = (1.4616321449683622, 9.549995429965697e-17);

/// `digamma(x) / (x - root)` on `1..=2` as a polynomial in `2 x - 3`, constant term first.
#[rustfmt::skip]
const DIGAMMA_QUOTIENT: [f64; 23] = [
    0.9510558760318328, -0.2118137106407303, 0.060135621060196744, -0.018550615381735115, 0.005936795278305649,
    -0.0019350666648590097, 0.0006368880303257201, -0.00021074841140458636, 6.995018873950506e-05,
    -2.325824239445257e-05, 7.741232223504057e-06, -2.57809436305308e-06, 8.589127353033379e-07, -2.86315275846934e-07,
    9.542050972688906e-08, -3.163020268955334e-08, 1.0542687624027994e-08, -3.7075072647122386e-09,
    1.2358072433984831e-09, -2.7619635330317715e-10, 9.206434499177992e-11, -8.498137230186096e-11,
    2.832706668021759e-11,
];

/// `B_2k / 2k` for `k = 1, 2, …`, with the Bernoulli numbers `B`.
#[rustfmt::skip]
const DIGAMMA_SERIES: [f64; 8] = [
    0.08333333333333333, -0.008333333333333333, 0.003968253968253968, -0.004166666666666667, 0.007575757575757576,
    -0.021092796092796094, 0.08333333333333333, -0.4432598039215686,
];

/// `B_2k / (2k)!` for `k = 1, 2, …`.
#[rustfmt::skip]
const ZETA_SERIES: [f64; 12] = [
    0.08333333333333333, -0.001388888888888889, 3.306878306878307e-05, -8.267195767195768e-07, 2.08767569878681e-08,
    -5.284190138687493e-10, 1.3382536530684679e-11, -3.3896802963225827e-13, 8.586062056277845e-15,
    -2.174868698558062e-16, 5.5090028283602295e-18, -1.3954464685812522e-19,
];

/// `coefficients[0] + coefficients[1] x + …`
#[inline]
fn polynomial(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c)
}

/// `cot(π x)`, exact in the reduction to one period.
fn cot_pi(x: f64) -> f64 {
    let r = x - Real::round(x);
    // cot(π r) = tan(π (1/2 - r)): near the zeros at ±1/2 this form is the accurate one.
    if Real::abs(r) <= 0.25 {
        1.0 / Real::tan(PI * r)
    } else {
        Real::tan(PI * (Real::copysign(0.5, r) - r))
    }
}

/// Whether `x` is one of 0, -1, -2, …, where gamma has its poles.
fn is_pole(x: f64) -> bool {
    x <= 0.0 && Real::trunc(x) == x
}

/// The derivative of [`lgamma`].
///
/// Infinite at 0, with the sign of `-1/x`; NaN at negative integers. Accuracy: within 4 ULP for `x > 0`, also around its zero
/// at 1.46; for `x < 0`, where it has more zeros, the absolute error is that small. Derivative: [`trigamma`].
///
/// ```
/// use cotangent_core::special::digamma;
/// assert_eq!(digamma(1.0), -0.5772156649015329); // minus Euler's constant
/// ```
pub fn digamma(x: f64) -> f64 {
    if x.is_nan() || x == f64::NEG_INFINITY || (is_pole(x) && x != 0.0) {
        return f64::NAN;
    }
    if x < 0.0 {
        // DLMF 5.5.4
        return digamma(1.0 - x) - PI * cot_pi(x);
    }
    if x < 1.0 {
        return digamma_one_to_two(1.0 + x) - 1.0 / x;
    }
    if x <= 10.0 {
        // DLMF 5.5.2: all terms but the last are positive.
        let (mut x, mut sum) = (x, 0.0);
        while x > 2.0 {
            x -= 1.0;
            sum += 1.0 / x;
        }
        return sum + digamma_one_to_two(x);
    }
    // DLMF 5.11.2: the first term left out is below 1e-17.
    let inverse = 1.0 / x;
    let square = inverse * inverse;
    Real::ln(x) - (0.5 * inverse + square * polynomial(&DIGAMMA_SERIES, square))
}

fn digamma_one_to_two(x: f64) -> f64 {
    ((x - ROOT.0) - ROOT.1) * polynomial(&DIGAMMA_QUOTIENT, 2.0 * x - 3.0)
}

/// The derivative of [`digamma`].
///
/// `+∞` at 0 and at negative integers. Accuracy: within 4 ULP. Derivative: [`polygamma`]`(2, x)`.
///
/// ```
/// use cotangent_core::special::trigamma;
/// assert!((trigamma(1.0) - std::f64::consts::PI.powi(2) / 6.0).abs() < 1e-15);
/// ```
#[inline]
pub fn trigamma(x: f64) -> f64 {
    polygamma(1, x)
}

/// The derivative of order `n` of [`digamma`]; `polygamma(0, x)` is `digamma(x)`.
///
/// At 0 and at negative integers: `+∞` for odd `n`; for even `n`, `-∞` with the sign of `x` at 0 and NaN below.
/// Infinite for `n > 170`, where `n!` is. Accuracy: within 8 ULP for `x > 0` and `n <= 10`; for `x < 0` and even `n`,
/// where it has zeros, the error is that small beside `n! / |x - k|^(n + 1)` of the nearest pole `k`. Derivative:
/// `polygamma(n + 1, x)`.
///
/// ```
/// use cotangent_core::special::polygamma;
/// assert!((polygamma(2, 1.0) + 2.0 * 1.2020569031595942).abs() < 1e-14); // -2 ζ(3)
/// ```
pub fn polygamma(n: u32, x: f64) -> f64 {
    if n == 0 {
        return digamma(x);
    }
    let sign = if n % 2 == 1 { 1.0 } else { -1.0 };
    if x.is_nan() || x == f64::NEG_INFINITY {
        return f64::NAN;
    }
    if is_pole(x) {
        return match sign > 0.0 {
            true => f64::INFINITY,
            false if x == 0.0 => -1.0 / x,
            false => f64::NAN,
        };
    }
    if x < 0.0 {
        // DLMF 5.15.6
        return -sign * polygamma(n, 1.0 - x) - PI * cot_pi_derivative(n, x);
    }
    let factorial = (2..=n).fold(1.0, |product, k| product * f64::from(k));
    // DLMF 5.15.1 with 25.11.1
    sign * factorial * hurwitz_zeta(n + 1, x)
}

/// `Σ (x + k)^-s` over `k >= 0`, for `x > 0` and integer `s >= 2`: Euler-Maclaurin summation, DLMF 25.11.5.
fn hurwitz_zeta(s: u32, x: f64) -> f64 {
    let exponent = -(s as i32);
    // From here on the series converges: its terms shrink by ((s + 2j) / 2π y)².
    let start = 10.0 + f64::from(s);
    let (mut sum, mut y) = (0.0, x);
    while y < start {
        sum += Real::powi(y, exponent);
        y += 1.0;
    }
    let order = f64::from(s);
    let mut tail = 0.5;
    let mut factor = order / y;
    for (j, coefficient) in ZETA_SERIES.iter().enumerate() {
        tail += coefficient * factor;
        let k = order + 2.0 * j as f64;
        factor *= (k + 1.0) * (k + 2.0) / (y * y);
    }
    // In this form nothing overflows or underflows before the result does.
    sum + Real::powi(y, exponent + 1) * (1.0 / (order - 1.0) + tail / y)
}

/// The derivative of order `n` of `cot(π x)`.
///
/// With `c = cot(π x)`, `c' = -π (1 + c²)`, so that every derivative is a polynomial in `c`.
fn cot_pi_derivative(n: u32, x: f64) -> f64 {
    let mut p = vec![0.0, 1.0];
    for _ in 0..n {
        let mut next = vec![0.0; p.len() + 1];
        for (k, coefficient) in p.iter().enumerate().skip(1) {
            let slope = -PI * k as f64 * coefficient;
            next[k - 1] += slope;
            next[k + 1] += slope;
        }
        p = next;
    }
    polynomial(&p, cot_pi(x))
}
