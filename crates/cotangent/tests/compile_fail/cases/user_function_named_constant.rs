//! A function of the user's with the name of one of cotangent's is not taken for it.
use cotangent::prelude::*;

#[differentiable]
fn constant(x: f64) -> f64 {
    x * x
}

#[differentiable]
fn f(x: f64) -> f64 {
    constant(x) + x
}

fn main() {
    f::grad(1.0);
}
