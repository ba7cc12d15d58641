use cotangent::prelude::*;

#[differentiable]
fn potential(q: &[f64]) -> f64 {
    q[0] * q[0]
}

#[differentiable]
fn step(q: &[f64], dt: f64) -> f64 {
    let force = potential::grad(q);
    q[0] - dt * force.q[0]
}

fn main() {
    step::grad(&[1.0], 0.1);
}
