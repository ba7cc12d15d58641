//! The problems of DETEST: Hull, Enright, Fellen, Sedgwick, *Comparing numerical methods for ordinary differential equations*,
//! SIAM Journal on Numerical Analysis 9 (1972). They have no parameters.
#![allow(clippy::ptr_arg)] // as in `problems.rs`
#![allow(clippy::needless_range_loop)] // formulas with indices

use cotangent::prelude::*;

/// Decay.
#[differentiable(order = 2)]
pub fn a1(_t: f64, y: &[f64], _p: &Vec<f64>, dy: &mut [f64]) {
    dy[0] = -y[0];
}

/// Decay of order three.
#[differentiable(order = 2)]
pub fn a2(_t: f64, y: &[f64], _p: &Vec<f64>, dy: &mut [f64]) {
    dy[0] = -y[0] * y[0] * y[0] / 2.0;
}

/// An oscillating rate.
#[differentiable(order = 2)]
pub fn a3(t: f64, y: &[f64], _p: &Vec<f64>, dy: &mut [f64]) {
    dy[0] = y[0] * t.cos();
}

/// A logistic curve.
#[differentiable(order = 2)]
pub fn a4(_t: f64, y: &[f64], _p: &Vec<f64>, dy: &mut [f64]) {
    dy[0] = y[0] / 4.0 * (1.0 - y[0] / 20.0);
}

/// A spiral.
#[differentiable(order = 2)]
pub fn a5(t: f64, y: &[f64], _p: &Vec<f64>, dy: &mut [f64]) {
    dy[0] = (y[0] - t) / (y[0] + t);
}

/// Two populations in conflict.
#[differentiable(order = 2)]
pub fn b1(_t: f64, y: &[f64], _p: &Vec<f64>, dy: &mut [f64]) {
    dy[0] = 2.0 * (y[0] - y[0] * y[1]);
    dy[1] = -(y[1] - y[0] * y[1]);
}

/// A linear reaction.
#[differentiable(order = 2)]
pub fn b2(_t: f64, y: &[f64], _p: &Vec<f64>, dy: &mut [f64]) {
    dy[0] = -y[0] + y[1];
    dy[1] = y[0] - 2.0 * y[1] + y[2];
    dy[2] = y[1] - y[2];
}

/// A nonlinear reaction.
#[differentiable(order = 2)]
pub fn b3(_t: f64, y: &[f64], _p: &Vec<f64>, dy: &mut [f64]) {
    dy[0] = -y[0];
    dy[1] = y[0] - y[1] * y[1];
    dy[2] = y[1] * y[1];
}

/// A torus.
#[differentiable(order = 2)]
pub fn b4(_t: f64, y: &[f64], _p: &Vec<f64>, dy: &mut [f64]) {
    let r = (y[0] * y[0] + y[1] * y[1]).sqrt();
    dy[0] = -y[1] - y[0] * y[2] / r;
    dy[1] = y[0] - y[1] * y[2] / r;
    dy[2] = y[0] / r;
}

/// A rigid body without forces.
#[differentiable(order = 2)]
pub fn b5(_t: f64, y: &[f64], _p: &Vec<f64>, dy: &mut [f64]) {
    dy[0] = y[1] * y[2];
    dy[1] = -y[0] * y[2];
    dy[2] = -0.51 * y[0] * y[1];
}

/// A radioactive chain.
#[differentiable(order = 2)]
pub fn c1(_t: f64, y: &[f64], _p: &Vec<f64>, dy: &mut [f64]) {
    dy[0] = -y[0];
    for i in 1..9 {
        dy[i] = y[i - 1] - y[i];
    }
    dy[9] = y[8];
}

/// A radioactive chain with growing rates.
#[differentiable(order = 2)]
pub fn c2(_t: f64, y: &[f64], _p: &Vec<f64>, dy: &mut [f64]) {
    dy[0] = -y[0];
    for i in 1..9 {
        dy[i] = i as f64 * y[i - 1] - (i + 1) as f64 * y[i];
    }
    dy[9] = 9.0 * y[8];
}

/// Diffusion on a line.
#[differentiable(order = 2)]
pub fn c3(_t: f64, y: &[f64], _p: &Vec<f64>, dy: &mut [f64]) {
    for i in 0..10 {
        dy[i] = -2.0 * y[i];
        if i > 0 {
            dy[i] += y[i - 1];
        }
        if i < 9 {
            dy[i] += y[i + 1];
        }
    }
}

/// Two bodies; the eccentricity is in the initial state.
#[differentiable(order = 2)]
pub fn d(_t: f64, y: &[f64], _p: &Vec<f64>, dy: &mut [f64]) {
    let r2 = y[0] * y[0] + y[1] * y[1];
    let r3 = r2 * r2.sqrt();
    dy[0] = y[2];
    dy[1] = y[3];
    dy[2] = -y[0] / r3;
    dy[3] = -y[1] / r3;
}

/// Bessel's equation of order 1/2.
#[differentiable(order = 2)]
pub fn e1(t: f64, y: &[f64], _p: &Vec<f64>, dy: &mut [f64]) {
    let s = t + 1.0;
    dy[0] = y[1];
    dy[1] = -(y[1] / s + (1.0 - 0.25 / (s * s)) * y[0]);
}

/// Van der Pol's equation.
#[differentiable(order = 2)]
pub fn e2(_t: f64, y: &[f64], _p: &Vec<f64>, dy: &mut [f64]) {
    dy[0] = y[1];
    dy[1] = (1.0 - y[0] * y[0]) * y[1] - y[0];
}

/// Duffing's equation.
#[differentiable(order = 2)]
pub fn e3(t: f64, y: &[f64], _p: &Vec<f64>, dy: &mut [f64]) {
    dy[0] = y[1];
    dy[1] = y[0] * y[0] * y[0] / 6.0 - y[0] + 2.0 * (2.78535 * t).sin();
}

/// A falling body.
#[differentiable(order = 2)]
pub fn e4(_t: f64, y: &[f64], _p: &Vec<f64>, dy: &mut [f64]) {
    dy[0] = y[1];
    dy[1] = 0.032 - 0.4 * y[1] * y[1];
}

/// A pursuit.
#[differentiable(order = 2)]
pub fn e5(t: f64, y: &[f64], _p: &Vec<f64>, dy: &mut [f64]) {
    dy[0] = y[1];
    dy[1] = (1.0 + y[1] * y[1]).sqrt() / (25.0 - t);
}
