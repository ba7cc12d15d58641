use cotangent::prelude::*;

#[differentiable(wrt(x))]
fn f(x: f64, n: f64) -> f64 {
    x * n
}

fn main() {
    let (_, _y_dot) = f::jvp((1.0, 2.0), (1.0, 0.0));
}
