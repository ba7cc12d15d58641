use cotangent::prelude::*;

#[differentiable]
fn bowl(x: &[f64]) -> f64 {
    x[0] * x[0]
}

fn main() {
    bowl::hessian(&[1.0]);
}
