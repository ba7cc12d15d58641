use cotangent::prelude::*;

#[derive(Differentiable, Clone)]
struct Spring {
    k: f64,
}

#[differentiable]
impl Spring {
    fn energy(&self, x: f64) -> f64 {
        self.k * x * x
    }
}

#[differentiable(order = 2)]
fn total(s: &Spring, x: f64) -> f64 {
    s.energy(x)
}

fn main() {
    total::hessian(&Spring { k: 1.0 }, 1.0);
}
