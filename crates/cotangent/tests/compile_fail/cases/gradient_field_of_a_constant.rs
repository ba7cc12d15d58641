use cotangent::prelude::*;

#[differentiable(wrt(x))]
fn f(x: f64, n: f64) -> f64 {
    x * n
}

fn main() {
    let _half: f64 = 0.5 * f::grad(1.0, 2.0).n;
}
