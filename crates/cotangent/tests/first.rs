//! The language, row by row: reverse mode against central differences.
use cotangent::prelude::*;

#[differentiable]
fn product(x: &[f64]) -> f64 {
    let mut p = 1.0;
    for i in 0..x.len() {
        p *= x[i];
    }
    p
}

#[differentiable]
fn newton(a: f64) -> f64 {
    let mut x = a;
    let mut k = 0;
    while k < 50 {
        let next = 0.5 * (x + a / x);
        if (next - x).abs() < 1e-14 {
            return next;
        }
        x = next;
        k += 1;
    }
    x
}

#[differentiable]
fn smooth(x: f64, y: f64) -> f64 {
    let z = if x > 1.0 { x.exp() * y } else { x.sin() / y };
    z + (x * y).tanh().powi(2)
}

#[test]
fn works() {
    let g = product::grad(&[2.0, 3.0, 4.0]);
    assert_eq!(g.x, vec![12.0, 8.0, 6.0]);
    let (y, g) = newton::value_and_grad(2.0);
    assert!((y - 2f64.sqrt()).abs() < 1e-15);
    assert!((g.a - 0.5 / 2f64.sqrt()).abs() < 1e-15, "{}", g.a);
    for (x, y) in [(0.5, 2.0), (1.5, 0.3)] {
        let g = smooth::grad(x, y);
        let h = 1e-6;
        let gx = (smooth(x + h, y) - smooth(x - h, y)) / (2.0 * h);
        let gy = (smooth(x, y + h) - smooth(x, y - h)) / (2.0 * h);
        assert!((g.x - gx).abs() < 1e-8 && (g.y - gy).abs() < 1e-8, "{g:?} {gx} {gy}");
    }
}
