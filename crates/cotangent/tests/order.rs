//! Derivatives inside differentiable functions, and orders two and three.
#![allow(clippy::all)] // the forms of the language are written out on purpose

use cotangent::prelude::*;
use cotangent_check::check_gradient;

/// A pendulum on a spring: not quadratic, and coupled.
#[differentiable(order = 3)]
fn hamiltonian(q: &[f64], p: &[f64], k: f64) -> f64 {
    let mut h = 0.0;
    for i in 0..q.len() {
        h += 0.5 * p[i] * p[i] + k * (1.0 - q[i].cos());
    }
    h + 0.3 * q[0] * q[1] * q[1] * p[0]
}

/// One symplectic Euler step: `p' = -dH/dq`, `q' = dH/dp`.
#[differentiable(order = 2)]
fn step(q: &mut [f64], p: &mut [f64], k: f64, dt: f64) {
    let g = hamiltonian::grad(q, p, k);
    for i in 0..p.len() {
        p[i] -= dt * g.q[i];
    }
    let g = hamiltonian::grad(q, p, k);
    for i in 0..q.len() {
        q[i] += dt * g.p[i];
    }
}

#[differentiable(order = 2)]
fn trajectory(x: &[f64], k: f64, steps: usize) -> f64 {
    let mut q = x[0..2].to_vec();
    let mut p = x[2..4].to_vec();
    for _ in 0..steps {
        step(&mut q, &mut p, k, 0.1);
    }
    q[0] * p[1] + q[1].sin()
}

#[test]
fn hamiltonian_step() {
    check_gradient!(order = 2; trajectory, &[0.3, 0.4, -0.5, 0.6][..], 1.3, 3);
}

#[differentiable(order = 3)]
fn bowl(x: &[f64], s: f64) -> f64 {
    let mut total = 0.0;
    for i in 0..x.len() {
        total += (x[i] * s).exp() + x[i] * x[i];
    }
    total + x[0] * x[1] * x[1] * s
}

/// The logarithm of a determinant, by elimination without exchange of rows: the matrix is positive definite.
#[differentiable]
fn log_det(x: &[f64], s: f64) -> f64 {
    let n = x.len();
    let h = bowl::hessian(x, s);
    let mut a = vec![0.0; n * n];
    for i in 0..n {
        for j in 0..n {
            a[i * n + j] = h[(i, j)];
        }
    }
    let mut total = 0.0;
    for k in 0..n {
        for i in k + 1..n {
            let f = a[i * n + k] / a[k * n + k];
            for j in k..n {
                a[i * n + j] -= f * a[k * n + j];
            }
        }
        total += a[k * n + k].ln();
    }
    total
}

#[differentiable(order = 3, wrt(x))]
fn bowl_of_x(x: &[f64], s: f64) -> f64 {
    bowl(x, s)
}

#[differentiable]
fn log_det_2(x: &[f64]) -> f64 {
    let h = bowl_of_x::hessian(x, 0.7);
    (h[(0, 0)] * h[(1, 1)] - h[(0, 1)] * h[(1, 0)]).ln()
}

#[test]
fn log_determinant_of_a_hessian() {
    check_gradient!(log_det_2, &[0.3, 0.4][..]);
    check_gradient!(log_det, &[0.3, 0.4, 0.2][..], 0.7);
}

#[differentiable]
fn product(x: &[f64], s: f64) -> f64 {
    let v = vec![1.0, x[0], s];
    let hv = bowl::hvp(x, s, &v, x[1]);
    hv.x[0] * hv.x[1] + hv.s
}

#[differentiable(order = 2)]
fn value_too(x: &[f64], s: f64) -> f64 {
    let (y, g) = bowl::value_and_grad(x, s * s);
    y * g.x[0] + g.s
}

#[differentiable(order = 2)]
fn along(x: &[f64], s: f64) -> f64 {
    let (y, y_dot) = bowl::jvp((x, s), (&x[0..3], s * s));
    y * y_dot
}

#[differentiable(order = 3)]
fn cube(x: f64) -> f64 {
    x.powi(3) * x.sin()
}

#[differentiable]
fn third_derivative(x: f64) -> f64 {
    cube::hvp(x, 1.0).x
}

#[differentiable(order = 2)]
fn newton_decrement(x: f64) -> f64 {
    let g = cube::grad(x);
    g.x * g.x
}

#[test]
fn entry_points_inside() {
    check_gradient!(product, &[0.3, 0.4, 0.5][..], 0.7);
    check_gradient!(order = 2; value_too, &[0.3, 0.4, 0.5][..], 0.7);
    check_gradient!(order = 2; along, &[0.3, 0.4, 0.5][..], 0.7);
    check_gradient!(third_derivative, 0.6);
    check_gradient!(order = 2; newton_decrement, 0.6);
}

#[test]
fn third_derivative_by_hand() {
    // (x^3 sin x)''' = 6 sin x + 18 x cos x - 9 x^2 sin x - x^3 cos x
    let x = 0.6f64;
    let expected = 6.0 * x.sin() + 18.0 * x * x.cos() - 9.0 * x * x * x.sin() - x.powi(3) * x.cos();
    let found = third_derivative::grad(x).x;
    assert!((found - expected).abs() < 1e-13, "{found} {expected}: a dozen roundings");
}

/// A type with operators, and numbers whose types only rustc knows: order 3 goes through the traits of operators.
#[derive(Clone, Copy, Differentiable)]
struct Pair {
    x: f64,
    y: f64,
    #[constant]
    n: u8,
}

#[differentiable(order = 3)]
impl core::ops::Add for Pair {
    type Output = Pair;
    fn add(self, other: Pair) -> Pair {
        Pair {
            x: self.x + other.x,
            y: self.y * other.y,
            n: self.n,
        }
    }
}

#[differentiable(order = 3)]
impl core::ops::Mul<f64> for &Pair {
    type Output = Pair;
    fn mul(self, s: f64) -> Pair {
        Pair {
            x: self.x * s * s,
            y: self.y / s,
            n: self.n,
        }
    }
}

#[differentiable(order = 3)]
impl core::ops::Neg for Pair {
    type Output = Pair;
    fn neg(self) -> Pair {
        Pair {
            x: -self.x,
            y: self.y.sin(),
            n: self.n,
        }
    }
}

#[differentiable(order = 3)]
impl core::ops::MulAssign<&Pair> for Pair {
    fn mul_assign(&mut self, other: &Pair) {
        self.x = self.x * other.y + self.y;
        self.y *= other.x;
    }
}

#[differentiable(order = 3)]
fn of_pair(p: Pair, s: f64) -> f64 {
    let mut q = p + &p * s;
    q *= &p;
    let r = -q;
    let mut z = r.x / p.y - r.y % p.x;
    z += p.x * r.y;
    z -= r.y / p.x;
    z *= p.y;
    z /= p.x;
    z %= 50.0 * p.x;
    -(z * f64::from(p.n))
}

/// Order 2 of a derivative, which takes order 3 of the function.
#[differentiable(order = 2)]
fn slope_of_pair(x: f64, y: f64, s: f64) -> f64 {
    let g = of_pair::grad(Pair { x, y, n: 2 }, s);
    g.p.x * g.p.y + g.s
}

#[test]
fn operators_at_order_three() {
    check_gradient!(order = 2; slope_of_pair, 1.3, 0.7, 1.1);
}
