//! The functions of `Real` against 25-digit values, and their special values.
//!
//! `tests/reference/values.py` made the values.

use cotangent_core::Real;
use std::collections::BTreeMap;

const VALUES: &str = include_str!("reference/values.csv");

fn evaluate<R: Real>(function: &str, x: R, y: R) -> R {
    match function {
        "sqrt" => x.sqrt(),
        "cbrt" => x.cbrt(),
        "exp" => x.exp(),
        "exp2" => x.exp2(),
        "exp_m1" => x.exp_m1(),
        "ln" => x.ln(),
        "log2" => x.log2(),
        "log10" => x.log10(),
        "ln_1p" => x.ln_1p(),
        "sin" => x.sin(),
        "cos" => x.cos(),
        "tan" => x.tan(),
        "asin" => x.asin(),
        "acos" => x.acos(),
        "atan" => x.atan(),
        "sinh" => x.sinh(),
        "cosh" => x.cosh(),
        "tanh" => x.tanh(),
        "asinh" => x.asinh(),
        "acosh" => x.acosh(),
        "atanh" => x.atanh(),
        "recip" => x.recip(),
        "to_degrees" => x.to_degrees(),
        "to_radians" => x.to_radians(),
        "erf" => x.erf(),
        "erfc" => x.erfc(),
        "lgamma" => x.lgamma(),
        "digamma" => x.digamma(),
        "trigamma" => x.trigamma(),
        "polygamma2" => x.polygamma(2),
        "polygamma3" => x.polygamma(3),
        "polygamma10" => x.polygamma(10),
        "powf" => x.powf(y),
        "powi" => x.powi(y.to_f64() as i32),
        "atan2" => x.atan2(y),
        "hypot" => x.hypot(y),
        "log" => x.log(y),
        _ => match function.strip_suffix("_negative") {
            Some(function) => evaluate(function, x, y),
            None => panic!("the values name an unknown function `{function}`"),
        },
    }
}

/// The largest error allowed, in ULP of the result.
///
/// sqrt and 1/x are rounded correctly; for std's functions this is the worst that the C libraries in use document
/// (glibc: 2 ULP; the hyperbolic inverses are std's own, and so are powi and log, which round several times); for the
/// functions of this crate it is what their documentation promises. On the negative axis the error is measured beside
/// the size of the two terms that cancel.
fn allowed(function: &str) -> f64 {
    match function {
        "sqrt" | "recip" => 0.5,
        "asinh" | "acosh" => 4.0,
        // std computes ln_1p(2 x / (1 - x)) / 2, which loses digits near -1: 21 ULP at -0.994.
        "atanh" => 32.0,
        "powi" => 8.0,
        "to_degrees" | "to_radians" | "erf" => 1.0,
        "log" => 3.0,
        "digamma" | "trigamma" | "trigamma_negative" | "digamma_negative" | "lgamma_negative" => 4.0,
        _ if function.starts_with("polygamma") => 8.0,
        _ => 2.0,
    }
}

/// The distance of the two numbers whose size the error is measured with.
fn unit(function: &str, x: f64, value: f64, epsilon: f64) -> f64 {
    let scale = match function {
        "lgamma_negative" | "digamma_negative" => value.abs().max((1.0 - x).ln() + 1.0 / (x - x.round()).abs()),
        "polygamma2_negative" => value.abs().max(2.0 / (x - x.round()).abs().powi(3)),
        _ => value.abs(),
    };
    // The distance between floats at `scale`: a power of two.
    scale.log2().floor().exp2() * epsilon
}

struct Row {
    function: &'static str,
    x: f64,
    y: f64,
    value: f64,
}

fn rows() -> impl Iterator<Item = Row> {
    VALUES.lines().skip(1).map(|line| {
        let mut cells = line.split(',');
        let function = cells.next().expect("a function");
        let mut number = || {
            cells
                .next()
                .map_or(0.0, |cell| if cell.is_empty() { 0.0 } else { cell.parse().expect("a number") })
        };
        let (x, y, value) = (number(), number(), number());
        Row { function, x, y, value }
    })
}

/// Asserts the largest error of every function and returns how many rows there were.
fn check<R: Real>() -> usize {
    let mut worst: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
    let mut count = 0;
    for Row { function, x, y, value } in rows() {
        let (narrow_x, narrow_y) = (R::from_f64(x), R::from_f64(y));
        let is_exact = narrow_x.to_f64() == x && narrow_y.to_f64() == y;
        let is_normal = R::from_f64(value).is_finite() && value.abs() >= R::MIN_POSITIVE.to_f64();
        if !(is_exact && is_normal) {
            continue;
        }
        count += 1;
        let error = (evaluate(function, narrow_x, narrow_y).to_f64() - value).abs();
        let ulps = error / unit(function, x, value, R::EPSILON.to_f64());
        let entry = worst.entry(function).or_insert((0.0, x));
        if ulps.is_nan() || ulps > entry.0 {
            *entry = (ulps, x);
        }
    }
    let wrong: Vec<_> = worst
        .iter()
        .filter(|(function, (ulps, _))| ulps.is_nan() || *ulps > allowed(function))
        .collect();
    assert!(wrong.is_empty(), "function, (error in ULP, x): {wrong:?}");
    count
}

#[test]
fn f64_is_accurate() {
    // All but the heading, and lgamma(1) and lgamma(2), which are 0.
    assert_eq!(check::<f64>(), VALUES.lines().count() - 3);
}

#[test]
fn f32_is_accurate() {
    // Half of the rows are made for f32; a few of their results are beyond its range.
    assert!(check::<f32>() > 550);
}

/// Methods that std has as well, or that follow from it: equal to std bit for bit.
#[test]
fn rounding_and_selection_are_those_of_std() {
    let values = [
        0.0,
        -0.0,
        0.3,
        -0.5,
        0.5,
        1.5,
        -2.5,
        7.25,
        -7.25,
        1e300,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::NAN,
    ];
    let same = |a: f64, b: f64| assert!(a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan()), "{a} {b}");
    for x in values {
        same(Real::abs(x), x.abs());
        same(Real::signum(x), x.signum());
        same(Real::floor(x), x.floor());
        same(Real::ceil(x), x.ceil());
        same(Real::round(x), x.round());
        same(Real::round_ties_even(x), x.round_ties_even());
        same(Real::trunc(x), x.trunc());
        same(Real::fract(x), x.fract());
        same(Real::clamp(x, -1.0, 1.0), x.clamp(-1.0, 1.0));
        same(Real::mul_add(x, 3.0, 0.1), x.mul_add(3.0, 0.1));
        assert_eq!((Real::is_nan(x), Real::is_finite(x)), (x.is_nan(), x.is_finite()));
        assert_eq!(
            (Real::is_infinite(x), Real::is_sign_negative(x)),
            (x.is_infinite(), x.is_sign_negative())
        );
        for y in values {
            same(Real::copysign(x, y), x.copysign(y));
            same(Real::div_euclid(x, y), x.div_euclid(y));
            same(Real::rem_euclid(x, y), x.rem_euclid(y));
            assert_eq!(Real::total_cmp(&x, &y), x.total_cmp(&y));
            if x != y {
                // Which of 0.0 and -0.0 is the smaller one, std leaves open.
                same(Real::min(x, y), x.min(y));
                same(Real::max(x, y), x.max(y));
            }
        }
    }
    assert_eq!(Real::sin_cos(0.5_f64).0, Real::sin(0.5_f64));
    assert_eq!((f32::from_f64(0.1), f32::from_usize(3), 0.5_f32.to_f64()), (0.1, 3.0, 0.5));
}

#[test]
fn special_functions_at_their_poles_and_limits() {
    let (inf, nan) = (f64::INFINITY, f64::NAN);
    for (name, x, expected) in [
        ("erf", inf, 1.0),
        ("erf", -inf, -1.0),
        ("erf", -0.0, -0.0),
        ("erf", nan, nan),
        ("erfc", inf, 0.0),
        ("erfc", -inf, 2.0),
        ("lgamma", 1.0, 0.0),
        ("lgamma", 0.0, inf),
        ("lgamma", -3.0, inf),
        ("lgamma", inf, inf),
        ("digamma", 0.0, -inf),
        ("digamma", -0.0, inf),
        ("digamma", -2.0, nan),
        ("digamma", inf, inf),
        ("digamma", -inf, nan),
        ("digamma", nan, nan),
        ("trigamma", 0.0, inf),
        ("trigamma", -0.0, inf),
        ("trigamma", -2.0, inf),
        ("trigamma", inf, 0.0),
        ("trigamma", -inf, nan),
        ("trigamma", nan, nan),
        ("polygamma2", 0.0, -inf),
        ("polygamma2", -0.0, inf),
        ("polygamma2", -1.0, nan),
        ("polygamma2", inf, -0.0),
        ("polygamma3", 0.0, inf),
        ("polygamma3", -4.0, inf),
    ] {
        let found = evaluate(name, x, 0.0);
        assert!(
            found.to_bits() == expected.to_bits() || (found.is_nan() && expected.is_nan()),
            "{name}({x}) = {found}"
        );
    }
    assert_eq!(2.5_f64.polygamma(0), 2.5_f64.digamma());
}

/// Every bound of `Real`, so that none is lost unnoticed.
#[test]
fn generic_code_can_do_arithmetic() {
    fn mean<R: Real>(values: &[R]) -> R {
        let mut total = R::default();
        for value in values {
            total += value;
        }
        let sums: [R; 2] = [values.iter().sum(), values.iter().copied().sum()];
        assert!(sums[0] == total && sums[1] == total);
        total / R::from_usize(values.len()) % R::MAX
    }
    assert_eq!((mean(&[1.0, 2.0, 6.0]), mean(&[1.0_f32, 2.0])), (3.0, 1.5));
    assert_eq!((<f64 as Real>::EPSILON, <f32 as Real>::PI), (f64::EPSILON, std::f32::consts::PI));
}
