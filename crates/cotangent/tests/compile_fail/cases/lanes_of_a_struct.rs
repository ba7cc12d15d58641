use cotangent::prelude::*;

#[derive(Clone, Differentiable)]
struct Spring {
    stiffness: f64,
}

#[differentiable(lanes)]
fn energy(spring: &Spring, x: f64) -> f64 {
    spring.stiffness * x * x
}

fn main() {
    energy::jacobian(&Spring { stiffness: 1.0 }, 2.0);
}
