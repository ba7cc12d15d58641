use cotangent::prelude::*;

#[differentiable]
fn drag(x: f64) -> f64 {
    x * x
}

#[differentiable(order = 2)]
fn apply<F: Fn(f64) -> f64>(f: F, x: f64) -> f64 {
    f(x)
}

#[differentiable(order = 2)]
fn total(x: f64) -> f64 {
    apply(drag, x)
}

fn main() {
    total::hessian(1.0);
}
