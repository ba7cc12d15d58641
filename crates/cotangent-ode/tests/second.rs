//! Second order against differences of gradients.
#![allow(clippy::needless_range_loop)] // formulas over components

use cotangent::prelude::*;
use cotangent_ode::*;

#[differentiable(order = 2)]
fn lotka_volterra(_t: f64, y: &[f64], p: &[f64; 4], dy: &mut [f64]) {
    let meets = y[0] * y[1];
    dy[0] = p[0] * y[0] - p[1] * meets;
    dy[1] = p[3] * meets - p[2] * y[1];
}

fn options() -> Options {
    Options {
        rtol: 1e-11,
        atol: 1e-11,
        ..Options::default()
    }
}

macro_rules! problem {
    ($x:expr) => {{
        let x: &[f64] = $x;
        Problem::new(differentiable!(lotka_volterra), [x[0], x[1]], (0.0, 5.0), [x[2], x[3], x[4], x[5]]).save_at([2.0])
    }};
}

/// Cubes at the end, squares at the save point.
fn loss(solution: &Solution, tangents: &Solution, bars: &mut Cotangents, dots: &mut Cotangents) -> f64 {
    let mut value = 0.0;
    for d in 0..2 {
        let (y, v) = (solution.y_end[d], tangents.y_end[d]);
        let (s, w) = (solution.saved(0)[d], tangents.saved(0)[d]);
        value += y * y * y + s * s;
        (bars.end[d], dots.end[d]) = (3.0 * y * y, 6.0 * y * v);
        (bars.saved(0)[d], dots.saved(0)[d]) = (2.0 * s, 2.0 * w);
    }
    value
}

#[test]
fn products_with_the_hessian() {
    let x = [1.0, 1.2, 1.5, 1.0, 3.0, 1.0];
    let v = [0.3, -0.2, 0.5, 0.1, -0.4, 0.2];
    let second = hvp(&problem!(&x), Vern7, &options(), (&v[..2], &[v[2], v[3], v[4], v[5]]), loss).unwrap();
    let gradient_at = |h: f64| -> Vec<f64> {
        let x: Vec<f64> = x.iter().zip(&v).map(|(x, v)| x + h * v).collect();
        let g = gradient(&problem!(&x), Vern7, &options(), Gradient::Reverse, |s, bars| {
            let mut unused = bars.clone();
            loss(s, s, bars, &mut unused)
        });
        let g = g.unwrap();
        g.y0.iter().chain(&g.p).copied().collect()
    };
    let (plus, minus, here) = (gradient_at(1e-4), gradient_at(-1e-4), gradient_at(0.0));
    let first: Vec<f64> = second.y0.iter().chain(&second.p).copied().collect();
    let product: Vec<f64> = second.y0_dot.iter().chain(&second.p_dot).copied().collect();
    for i in 0..6 {
        assert!(
            (first[i] - here[i]).abs() < 1e-9 * (1.0 + here[i].abs()),
            "gradient {i}: {} {}",
            first[i],
            here[i]
        );
        let difference = (plus[i] - minus[i]) / 2e-4;
        // Truncation 1e-8, times third derivatives of about 1e2.
        assert!(
            (product[i] - difference).abs() < 1e-5 * (1.0 + difference.abs()),
            "{i}: {} {difference}",
            product[i]
        );
    }
}

#[test]
fn implicit_methods_are_refused() {
    let x = [1.0, 1.2, 1.5, 1.0, 3.0, 1.0];
    let failure = hvp(&problem!(&x), Kvaerno5, &options(), (&[1.0, 0.0], &[0.0; 4]), loss).unwrap_err();
    assert!(matches!(failure.reason, Reason::Invalid(_)));
}
