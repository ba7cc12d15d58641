use cotangent::prelude::*;

#[differentiable]
trait Shape {
    fn area(&self, scale: f64) -> f64;
}

#[differentiable(order = 2)]
fn total<S: Shape>(s: &S, x: f64) -> f64 {
    s.area(x)
}

fn main() {}
