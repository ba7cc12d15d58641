//! A chain of N massless rods with point masses: Hamilton's equations as plain Rust, with the mass matrix built and solved in place.
//!
//! Angles θ are measured from the vertical, momenta are `p = M ω`, and with `μ_k = Σ_{j≥k} m_j`
//! `M_ij = μ_max(i,j) l_i l_j cos(θ_i - θ_j)`, `H = ½ pᵀ M⁻¹ p - g Σ μ_i l_i cos θ_i`.

use cotangent::prelude::*;

/// The constants of the pendulum. SI units.
#[derive(Clone, Debug, PartialEq, Differentiable)]
pub struct Pendulum {
    /// Masses, from the pivot outwards, kg.
    pub m: Vec<f64>,
    /// Lengths of the rods, m.
    pub l: Vec<f64>,
    /// Gravity, m/s².
    pub g: f64,
    /// Damping of every momentum, kg m²/s: `p_i' = .. - c ω_i`.
    pub c: f64,
}

/// Earth's gravity, m/s².
pub const G: f64 = 9.81;

/// The mass that hangs at or below each joint, `μ`.
#[differentiable(order = 2)]
fn hanging(m: &[f64]) -> Vec<f64> {
    let mut mu = m.to_vec();
    for k in (0..m.len() - 1).rev() {
        mu[k] += mu[k + 1];
    }
    mu
}

/// The lower triangle of the mass matrix, row-major.
#[differentiable(order = 2)]
fn mass_matrix(theta: &[f64], m: &[f64], l: &[f64]) -> Vec<f64> {
    let n = theta.len();
    let mu = hanging(m);
    let mut a = vec![0.0; n * n];
    for i in 0..n {
        for j in 0..=i {
            a[i * n + j] = mu[i] * l[i] * l[j] * (theta[i] - theta[j]).cos();
        }
    }
    a
}

/// `M⁻¹ b` by Cholesky's decomposition `M = L Lᵀ`, in place of the lower triangle `a`, and of `b`.
#[differentiable(order = 2)]
fn solve_in_place(a: &mut [f64], b: &mut [f64]) {
    let n = b.len();
    for i in 0..n {
        for j in 0..i {
            let mut sum = a[i * n + j];
            for k in 0..j {
                sum -= a[i * n + k] * a[j * n + k];
            }
            a[i * n + j] = sum / a[j * n + j];
        }
        let mut sum = a[i * n + i];
        for k in 0..i {
            sum -= a[i * n + k] * a[i * n + k];
        }
        a[i * n + i] = sum.sqrt();
    }
    for i in 0..n {
        let mut sum = b[i];
        for k in 0..i {
            sum -= a[i * n + k] * b[k];
        }
        b[i] = sum / a[i * n + i];
    }
    for i in (0..n).rev() {
        b[i] /= a[i * n + i];
        let x = b[i];
        for k in 0..i {
            b[k] -= a[i * n + k] * x;
        }
    }
}

/// Angular velocities `ω = M⁻¹ p`, rad/s.
#[differentiable(order = 2)]
pub fn velocities(theta: &[f64], p: &[f64], m: &[f64], l: &[f64]) -> Vec<f64> {
    let mut a = mass_matrix(theta, m, l);
    let mut omega = p.to_vec();
    solve_in_place(&mut a, &mut omega);
    omega
}

/// Momenta `p = M ω`, kg m²/s.
#[differentiable(order = 2)]
pub fn momenta(theta: &[f64], omega: &[f64], m: &[f64], l: &[f64]) -> Vec<f64> {
    let n = theta.len();
    let a = mass_matrix(theta, m, l);
    let mut p = vec![0.0; n];
    for i in 0..n {
        for j in 0..i {
            p[i] += a[i * n + j] * omega[j];
            p[j] += a[i * n + j] * omega[i];
        }
        p[i] += a[i * n + i] * omega[i];
    }
    p
}

/// Hamilton's function: the energy, J.
#[differentiable(order = 2)]
pub fn energy(theta: &[f64], p: &[f64], m: &[f64], l: &[f64], g: f64) -> f64 {
    let mu = hanging(m);
    let omega = velocities(theta, p, m, l);
    let mut h = 0.0;
    for i in 0..theta.len() {
        h += 0.5 * p[i] * omega[i] - g * mu[i] * l[i] * theta[i].cos();
    }
    h
}

/// Hamilton's equations as derived by hand; the state is the angles, then the momenta.
#[differentiable]
pub fn equations(_t: f64, y: &[f64], pendulum: &Pendulum, dy: &mut [f64]) {
    let n = pendulum.l.len();
    let (theta, p) = y.split_at(n);
    let omega = velocities(theta, p, &pendulum.m, &pendulum.l);
    let mu = hanging(&pendulum.m);
    for i in 0..n {
        let mut pull = pendulum.g * mu[i] * theta[i].sin();
        for j in 0..n {
            let mass = mu[i.max(j)];
            pull += mass * pendulum.l[j] * (theta[i] - theta[j]).sin() * omega[i] * omega[j];
        }
        dy[i] = omega[i];
        dy[n + i] = -pendulum.l[i] * pull - pendulum.c * omega[i];
    }
}

/// The same equations taken from [`fn@energy`] by differentiation: `θ' = ∂H/∂p`, `p' = -∂H/∂θ - c ω`.
#[differentiable]
pub fn equations_of_energy(_t: f64, y: &[f64], pendulum: &Pendulum, dy: &mut [f64]) {
    let n = pendulum.l.len();
    let (theta, p) = y.split_at(n);
    let h = energy::grad(theta, p, &pendulum.m, &pendulum.l, pendulum.g);
    for i in 0..n {
        dy[i] = h.p[i];
        dy[n + i] = -h.theta[i] - pendulum.c * h.p[i];
    }
}
