//! Functions that call themselves, and one another.
#![allow(clippy::all)] // the forms of the language are written out on purpose

use cotangent::prelude::*;
use cotangent_check::check_gradient;

#[differentiable(order = 2)]
fn chain(x: f64, n: usize) -> f64 {
    if n == 0 {
        return (x * x).sin();
    }
    let y = 0.6 * chain(x.exp() * 0.2, n - 1);
    y + x.sin()
}

#[differentiable(order = 2)]
fn fold(v: &mut [f64], n: usize) -> f64 {
    if n == 0 {
        return v[0];
    }
    v[n % 3] = (v[n % 3] * 0.7 + v[0]).sin();
    fold(v, n - 1) + 0.2 * v[1]
}

#[differentiable(order = 2)]
fn folded(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    fold(&mut v, 5) + v[2]
}

/// Calls itself twice, in a loop, on halves.
#[differentiable]
fn tree(v: &[f64]) -> f64 {
    if v.len() == 1 {
        return v[0];
    }
    let mut total = 0.0;
    for k in 0..2 {
        let half = v.len() / 2;
        total += tree(&v[k * half..(k + 1) * half]).sin() * (k + 1) as f64;
    }
    total * v[0]
}

#[differentiable(boxed, order = 2)]
fn even(x: f64, n: usize) -> f64 {
    if n == 0 { x } else { odd(x * 1.1, n - 1) * x }
}

#[differentiable(boxed, order = 2)]
fn odd(x: f64, n: usize) -> f64 {
    if n == 0 { x.cos() } else { even(x.sin(), n - 1) + x }
}

#[derive(Differentiable, Clone, Debug, PartialEq)]
struct Arm {
    angles: Vec<f64>,
}

#[differentiable(order = 2)]
impl Arm {
    fn reach(&self, k: usize, turn: f64) -> f64 {
        if k == self.angles.len() {
            return turn.cos();
        }
        turn.sin() + self.reach(k + 1, turn + self.angles[k])
    }

    fn relax(&mut self, k: usize) {
        if k > 0 {
            self.angles[k] *= self.angles[k - 1];
            self.relax(k - 1);
        }
    }

    fn walk(&self, n: usize) -> f64 {
        if n == 0 {
            return self.angles[0];
        }
        let next = Arm {
            angles: vec![self.angles[0].sin() * 1.3],
        };
        Self::walk(&next, n - 1) * self.angles[0]
    }
}

#[differentiable(order = 2)]
fn reached(x: &[f64]) -> f64 {
    let mut arm = Arm { angles: x.to_vec() };
    arm.relax(x.len() - 1);
    let far = arm.reach(0, 0.3);
    far * arm.walk(3)
}

#[differentiable]
fn power<T: Real>(x: T, n: usize) -> T {
    if n == 0 {
        return T::ONE;
    }
    let half = power(x, n / 2);
    if n % 2 == 0 { half * half } else { half * half * x }
}

#[test]
fn functions() {
    check_gradient!(order = 2; chain, 0.7, 3);
    check_gradient!(order = 2; folded, &[0.3, 0.4, 0.5][..]);
    check_gradient!(tree, &[0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0][..]);
}

#[test]
fn mutual() {
    check_gradient!(order = 2; even, 0.7, 4);
    check_gradient!(order = 2; odd, 0.7, 4);
}

#[test]
fn methods() {
    check_gradient!(order = 2; reached, &[0.3, 0.4, 0.5][..]);
}

#[test]
fn generic() {
    assert_eq!(power::value_and_grad(2.0, 5).0, power(2.0, 5));
    assert_eq!(power::grad(2.0, 5).x, 80.0);
    assert_eq!(power::grad(2.0f32, 3).x, 12.0);
}
