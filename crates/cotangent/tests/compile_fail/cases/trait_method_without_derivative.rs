use cotangent::prelude::*;

trait Curve {
    fn at(&self, x: f64) -> f64;
}

#[differentiable]
fn slope<C: Curve>(#[allow(unused)] curve: &C, x: f64) -> f64 {
    curve.at(x) * x
}

fn main() {}
