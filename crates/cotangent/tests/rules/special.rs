//! Kinks, ties, bounds, steps and zeros: every number exactly, in both modes.

use cotangent::prelude::*;
use std::f64::consts::FRAC_1_SQRT_2;

/// Asserts that each slope at the point is exactly the number behind the arrow, in reverse and in forward mode.
macro_rules! slopes {
    ($f:ident { $($x:ident: $at:expr => $slope:expr),+ }) => {{
        let g = $f::grad($($at),+);
        $( assert_eq!(g.$x, $slope, "reverse mode, {} by {}", stringify!($f), stringify!($x)); )+
        slopes!(@forward $f ($($at),+) [] $($x $slope),+);
    }};
    // One axis after the other: zeros before, one, zeros after.
    (@forward $f:ident $at:tt [$($before:tt)*] $x:ident $slope:expr $(, $y:ident $rest:expr)*) => {
        let (_, y_dot) = $f::jvp($at, ($($before)* 1.0 $(, slopes!(@zero $y))*));
        assert_eq!(y_dot, $slope, "forward mode, {} by {}", stringify!($f), stringify!($x));
        slopes!(@next $f $at [$($before)*] $(, $y $rest)*);
    };
    (@next $f:ident $at:tt [$($before:tt)*]) => {};
    (@next $f:ident $at:tt [$($before:tt)*] $(, $y:ident $rest:expr)+) => { slopes!(@forward $f $at [$($before)* 0.0,] $($y $rest),+); };
    (@zero $y:ident) => { 0.0 };
}

#[differentiable]
fn abs(x: f64) -> f64 {
    x.abs()
}

#[differentiable]
fn copysign(x: f64, s: f64) -> f64 {
    x.copysign(s)
}

#[test]
fn abs_has_slope_zero_at_zero() {
    slopes!(abs { x: 0.0 => 0.0 });
    slopes!(abs { x: -0.0 => 0.0 });
    slopes!(abs { x: 5e-324 => 1.0 });
    slopes!(abs { x: -2.0 => -1.0 });
}

#[test]
fn copysign_turns_the_slope_with_the_sign() {
    slopes!(copysign { x: 2.0 => -1.0, s: -1.0 => 0.0 });
    slopes!(copysign { x: -2.0 => 1.0, s: -1.0 => 0.0 });
    slopes!(copysign { x: -2.0 => -1.0, s: 3.0 => 0.0 });
}

#[differentiable]
fn min(a: f64, b: f64) -> f64 {
    a.min(b)
}

#[differentiable]
fn max(a: f64, b: f64) -> f64 {
    a.max(b)
}

#[test]
fn min_and_max_take_the_first_at_a_tie() {
    slopes!(min { a: 1.0 => 1.0, b: 1.0 => 0.0 });
    slopes!(max { a: 1.0 => 1.0, b: 1.0 => 0.0 });
    slopes!(min { a: 2.0 => 0.0, b: 1.0 => 1.0 });
    slopes!(max { a: 2.0 => 1.0, b: 1.0 => 0.0 });
    // std passes over a NaN.
    slopes!(min { a: f64::NAN => 0.0, b: 1.0 => 1.0 });
    slopes!(max { a: 1.0 => 1.0, b: f64::NAN => 0.0 });
}

#[differentiable]
fn clamp(x: f64, lo: f64, hi: f64) -> f64 {
    x.clamp(lo, hi)
}

#[test]
fn clamp_takes_its_first_argument_at_the_bounds() {
    slopes!(clamp { x: 0.5 => 1.0, lo: 0.0 => 0.0, hi: 1.0 => 0.0 });
    slopes!(clamp { x: 0.0 => 1.0, lo: 0.0 => 0.0, hi: 1.0 => 0.0 });
    slopes!(clamp { x: 1.0 => 1.0, lo: 0.0 => 0.0, hi: 1.0 => 0.0 });
    slopes!(clamp { x: -0.5 => 0.0, lo: 0.0 => 1.0, hi: 1.0 => 0.0 });
    slopes!(clamp { x: 1.5 => 0.0, lo: 0.0 => 0.0, hi: 1.0 => 1.0 });
}

#[differentiable]
fn steps(x: f64) -> f64 {
    x.floor() + x.ceil() + x.round() + x.round_ties_even() + x.trunc() + x.signum() + x as i64 as f64
}

#[differentiable]
fn fract(x: f64) -> f64 {
    x.fract()
}

#[test]
fn steps_have_slope_zero_also_where_they_jump() {
    for x in [-1.5, -1.0, -0.0, 0.0, 0.5, 1.0, 2.5] {
        slopes!(steps { x: x => 0.0 });
        slopes!(fract { x: x => 1.0 });
    }
}

#[differentiable]
fn remainder(x: f64, m: f64) -> f64 {
    x % m
}

#[differentiable]
fn rem_euclid(x: f64, m: f64) -> f64 {
    x.rem_euclid(m)
}

#[test]
fn remainders_count_how_often_the_divisor_is_taken() {
    slopes!(remainder { x: 7.5 => 1.0, m: 2.0 => -3.0 });
    slopes!(remainder { x: -7.5 => 1.0, m: 2.0 => 3.0 });
    slopes!(remainder { x: 6.0 => 1.0, m: 2.0 => -3.0 });
    slopes!(rem_euclid { x: -7.5 => 1.0, m: 2.0 => 4.0 });
    slopes!(rem_euclid { x: -7.5 => 1.0, m: -2.0 => -4.0 });
}

#[differentiable(order = 2)]
fn powf(x: f64, p: f64) -> f64 {
    x.powf(p)
}

#[differentiable(order = 2)]
fn square(x: f64) -> f64 {
    x.powi(2)
}

#[differentiable(order = 2)]
fn one(x: f64) -> f64 {
    x.powi(0)
}

#[test]
fn powers_of_zero() {
    slopes!(powf { x: 0.0 => 0.0, p: 2.0 => 0.0 });
    slopes!(powf { x: 0.0 => 1.0, p: 1.0 => 0.0 });
    slopes!(powf { x: 0.0 => 0.0, p: 0.0 => 0.0 });
    slopes!(square { x: 0.0 => 0.0 });
    slopes!(one { x: 0.0 => 0.0 });
    assert_eq!(square::hvp(0.0, 1.0).x, 2.0);
    assert_eq!(one::hvp(0.0, 1.0).x, 0.0);
    assert_eq!(powf::hvp(0.0, 2.0, 1.0, 0.0).x, 2.0);
}

#[differentiable(order = 2, wrt(x))]
fn power(x: f64, p: f64) -> f64 {
    x.powf(p)
}

#[test]
fn second_order_of_powers_of_zero() {
    for (p, expected) in [(0.0, 0.0), (1.0, 0.0), (2.0, 2.0), (3.0, 0.0)] {
        assert_eq!(power::hvp(0.0, p, 1.0, ()).x, expected, "x^{p}");
    }
    // ln 0 counts as 0, so what is finite stays finite: d/dp of p x^(p-1) at p = 1 is 1.
    assert_eq!(powf::hvp(0.0, 1.0, 0.0, 1.0).x, 1.0);
    assert_eq!(powf::hvp(0.0, 2.0, 0.0, 1.0).p, 0.0);
}

#[test]
fn powers_of_negative_numbers() {
    assert_eq!(powf::grad(-2.0, 3.0).x, 12.0);
    assert_eq!(power::hvp(-2.0, 3.0, 1.0, ()).x, -12.0);
    assert_eq!(power::hvp(-2.0, 0.0, 1.0, ()).x, 0.0);
    assert_eq!(powf::grad(-2.0, 0.0).x, 0.0);
    // The logarithm of a negative number is none.
    assert!(powf::grad(-2.0, 3.0).p.is_nan());
    assert!(powf::grad(-2.0, 0.5).x.is_nan());
}

/// The power, its slope, and the slope's slope, to be differentiated once more.
macro_rules! orders {
    ($($name:ident $n:literal)+) => { $( mod $name {
        use cotangent::prelude::*;
        #[differentiable(order = 3)]
        pub fn integer(x: f64) -> f64 { x.powi($n) }
        #[differentiable(order = 3)]
        pub fn float(x: f64) -> f64 { x.powf(f64::from($n)) }
        #[differentiable(order = 2)]
        pub fn integer_slope(x: f64) -> f64 { integer::grad(x).x }
        #[differentiable(order = 2)]
        pub fn float_slope(x: f64) -> f64 { float::grad(x).x }
    } )+ };
}
orders! { zeroth 0 first 1 second 2 third 3 fourth 4 }

#[test]
fn three_orders_of_powers() {
    macro_rules! check {
        ($name:ident $n:literal) => {
            for x in [0.0, -2.0, 1.5] {
                let mut factor = 1.0;
                let mut expected = [0.0; 4];
                for (k, slope) in expected.iter_mut().enumerate() {
                    *slope = if factor == 0.0 {
                        0.0
                    } else {
                        factor * f64::powi(x, $n - k as i32)
                    };
                    factor *= f64::from($n - k as i32);
                }
                assert_eq!($name::integer(x), expected[0]);
                assert_eq!($name::integer::grad(x).x, expected[1], "first of x^{} at {x}", $n);
                assert_eq!($name::integer_slope::grad(x).x, expected[2], "second of x^{} at {x}", $n);
                assert_eq!($name::integer_slope::hvp(x, 1.0).x, expected[3], "third of x^{} at {x}", $n);
                assert_eq!($name::float::grad(x).x, expected[1], "first of x^{}.0 at {x}", $n);
                assert_eq!($name::float_slope::grad(x).x, expected[2], "second of x^{}.0 at {x}", $n);
                assert_eq!($name::float_slope::hvp(x, 1.0).x, expected[3], "third of x^{}.0 at {x}", $n);
            }
        };
    }
    check!(zeroth 0);
    check!(first 1);
    check!(second 2);
    check!(third 3);
    check!(fourth 4);
}

#[differentiable(order = 2)]
fn root(x: f64) -> f64 {
    x.sqrt()
}

#[differentiable(order = 2)]
fn length(a: f64, b: f64) -> f64 {
    a.hypot(b)
}

/// The square root has an infinite slope, a length the slope 0, as `abs` has, and an angle has none.
#[test]
fn at_the_origin() {
    slopes!(root { x: 0.0 => f64::INFINITY });
    slopes!(length { a: 0.0 => 0.0, b: 0.0 => 0.0 });
    slopes!(length { a: 0.0 => 0.0, b: -2.0 => -1.0 });
    let h = length::hvp(0.0, 0.0, 1.0, 1.0);
    assert_eq!((h.a, h.b), (0.0, 0.0));
    assert!(atan2::grad(0.0, 0.0).y.is_nan());
}

#[differentiable]
fn atan2(y: f64, x: f64) -> f64 {
    y.atan2(x)
}

#[differentiable]
fn hypot(a: f64, b: f64) -> f64 {
    a.hypot(b)
}

#[test]
fn angles_in_all_quadrants_and_on_the_axes() {
    for (y, x) in [(1.0, 1.0), (1.0, -1.0), (-1.0, -1.0), (-1.0, 1.0)] {
        slopes!(atan2 { y: y => x / 2.0, x: x => -y / 2.0 });
        let g = hypot::grad(y, x);
        // One rounding of the square root and one of the division.
        assert!((g.a - y * FRAC_1_SQRT_2).abs() < 4e-16 && (g.b - x * FRAC_1_SQRT_2).abs() < 4e-16);
    }
    slopes!(atan2 { y: 2.0 => 0.0, x: 0.0 => -0.5 });
    slopes!(atan2 { y: 0.0 => -0.5, x: -2.0 => 0.0 });
    slopes!(hypot { a: 3.0 => 0.6, b: -4.0 => -0.8 });
}
