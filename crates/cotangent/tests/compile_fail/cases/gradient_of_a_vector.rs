use cotangent::prelude::*;

#[differentiable]
fn scaled(v: &[f64], s: f64) -> Vec<f64> {
    v.iter().map(|x| x * s).collect()
}

fn main() {
    scaled::grad(&[1.0], 2.0);
}
