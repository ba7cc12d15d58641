use cotangent::prelude::*;

#[differentiable]
fn f(x: f64, v: &[f64]) -> f64 {
    let a = polynomial!(x);
    let b = unsafe { *v.get_unchecked(0) };
    let c = x.ln_gamma();
    a + b + c
}

macro_rules! polynomial {
    ($x:expr) => {
        1.0 + $x * $x
    };
}
use polynomial;

fn main() {
    f(1.0, &[2.0]);
}
