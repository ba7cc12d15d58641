use cotangent::prelude::*;

#[differentiable(dyn)]
trait Layer {
    fn apply(&self, x: f64) -> f64;
}

#[derive(Differentiable)]
struct Scale {
    factor: f64,
}

#[differentiable]
impl Layer for Scale {
    fn apply(&self, x: f64) -> f64 {
        self.factor * x
    }
}

fn main() {}
