use cotangent::prelude::*;

#[derive(Differentiable)]
struct Spring {
    stiffness: f64,
}

impl Spring {
    fn energy(&self, x: f64) -> f64 {
        0.5 * self.stiffness * x * x
    }
}

#[differentiable]
fn total(spring: &Spring, x: f64) -> f64 {
    2.0 * spring.energy(x)
}

fn main() {
    total::grad(&Spring { stiffness: 1.0 }, 2.0);
}
