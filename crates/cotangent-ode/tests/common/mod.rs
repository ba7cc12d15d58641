//! Problems with right-hand sides written by hand, and central differences.
#![allow(dead_code)]

use cotangent::Tape;
use cotangent_ode::Rhs;

/// Predator and prey.
#[derive(Clone, Copy)]
pub struct LotkaVolterra;

impl Rhs<f64, [f64; 4]> for LotkaVolterra {
    fn eval(&self, _: f64, y: &[f64], p: &[f64; 4], dy: &mut [f64]) {
        dy[0] = p[0] * y[0] - p[1] * y[0] * y[1];
        dy[1] = p[3] * y[0] * y[1] - p[2] * y[1];
    }
    fn jvp(&self, t: f64, y: &[f64], v: &[f64], p: &[f64; 4], q: &[f64; 4], dy: &mut [f64], dv: &mut [f64]) {
        self.eval(t, y, p, dy);
        let (product, change) = (y[0] * y[1], y[0] * v[1] + v[0] * y[1]);
        dv[0] = p[0] * v[0] + q[0] * y[0] - p[1] * change - q[1] * product;
        dv[1] = p[3] * change + q[3] * product - p[2] * v[1] - q[2] * y[1];
    }
    fn vjp(&self, _: f64, y: &[f64], p: &[f64; 4], _: &mut [f64], w: &mut [f64], y_bar: &mut [f64], p_bar: &mut [f64; 4], _: &mut Tape) {
        y_bar[0] += w[0] * (p[0] - p[1] * y[1]) + w[1] * p[3] * y[1];
        y_bar[1] += -w[0] * p[1] * y[0] + w[1] * (p[3] * y[0] - p[2]);
        p_bar[0] += w[0] * y[0];
        p_bar[1] -= w[0] * y[0] * y[1];
        p_bar[2] -= w[1] * y[1];
        p_bar[3] += w[1] * y[0] * y[1];
    }
    fn time_derivative(&self, t: f64, y: &[f64], p: &[f64; 4], _: (&[f64], &[f64; 4]), dy: &mut [f64], _: &mut [f64]) {
        self.eval(t, y, p, dy);
    }
}

/// The central difference of `f` at `x` along component `i`.
pub fn difference(f: impl Fn(&[f64]) -> f64, x: &[f64], i: usize, step: f64) -> f64 {
    let at = |h: f64| {
        let mut x = x.to_vec();
        x[i] += h;
        f(&x)
    };
    (at(step) - at(-step)) / (2.0 * step)
}

/// `y₁' = p y₂`, `y₂' = -p y₁`
#[derive(Clone, Copy)]
pub struct Oscillator;

impl Rhs<f64, f64> for Oscillator {
    fn eval(&self, _: f64, y: &[f64], p: &f64, dy: &mut [f64]) {
        dy[0] = p * y[1];
        dy[1] = -p * y[0];
    }
    fn jvp(&self, t: f64, y: &[f64], v: &[f64], p: &f64, q: &f64, dy: &mut [f64], dv: &mut [f64]) {
        self.eval(t, y, p, dy);
        dv[0] = p * v[1] + q * y[1];
        dv[1] = -p * v[0] - q * y[0];
    }
    fn vjp(&self, _: f64, y: &[f64], p: &f64, _: &mut [f64], w: &mut [f64], y_bar: &mut [f64], p_bar: &mut f64, _: &mut Tape) {
        y_bar[1] += w[0] * p;
        y_bar[0] -= w[1] * p;
        *p_bar += w[0] * y[1] - w[1] * y[0];
    }
    fn time_derivative(&self, t: f64, y: &[f64], p: &f64, _: (&[f64], &f64), dy: &mut [f64], _: &mut [f64]) {
        self.eval(t, y, p, dy);
    }
}

/// The slope of `ln y` over `ln x`, by least squares.
pub fn slope(points: &[(f64, f64)]) -> f64 {
    let n = points.len() as f64;
    let logs: Vec<_> = points.iter().map(|(x, y)| (x.ln(), y.ln())).collect();
    let (x, y) = logs.iter().fold((0.0, 0.0), |s, p| (s.0 + p.0 / n, s.1 + p.1 / n));
    let (xx, xy) = logs
        .iter()
        .fold((0.0, 0.0), |s, p| (s.0 + (p.0 - x).powi(2), s.1 + (p.0 - x) * (p.1 - y)));
    xy / xx
}
