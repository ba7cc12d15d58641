use cotangent::prelude::*;

#[differentiable]
trait Layer {
    fn apply(&self, x: f64) -> f64;
}

#[differentiable]
fn output(layer: &dyn Layer, x: f64) -> f64 {
    layer.apply(x)
}

fn main() {}
