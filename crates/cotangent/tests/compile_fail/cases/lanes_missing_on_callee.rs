use cotangent::prelude::*;

#[differentiable]
fn drag(v: f64) -> f64 {
    v * v.abs()
}

#[differentiable(lanes)]
fn power(v: f64) -> f64 {
    v * drag(v)
}

fn main() {
    power::jacobian(2.0);
}
