use cotangent::prelude::*;

fn drag(v: f64) -> f64 {
    0.5 * v * v
}

#[differentiable]
fn force(v: f64) -> f64 {
    1.0 - drag(v)
}

fn main() {
    force::grad(2.0);
}
