use cotangent::prelude::*;

#[differentiable(order = 2)]
fn potential(q: &[f64]) -> f64 {
    q[0] * q[0]
}

#[differentiable(order = 2)]
fn step(q: &[f64], dt: f64) -> f64 {
    let force = potential::grad(q);
    q[0] - dt * force.q[0]
}

fn main() {
    step::hessian(&[1.0], 0.1);
}
