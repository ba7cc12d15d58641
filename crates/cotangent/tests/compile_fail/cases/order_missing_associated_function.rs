use cotangent::prelude::*;

#[derive(Differentiable, Clone)]
struct Spring {
    k: f64,
}

#[differentiable(order = 2)]
impl Spring {
    fn new(k: f64) -> Spring {
        Spring { k: k * k }
    }
}

#[differentiable(order = 3)]
fn total(x: f64) -> f64 {
    let s: Spring = Spring::new(x);
    s.k
}

fn main() {
    total::hessian(1.0);
}
