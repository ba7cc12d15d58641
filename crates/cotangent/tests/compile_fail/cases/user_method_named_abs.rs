//! A method with a float's name, on a value that is not known to be the user's.
use cotangent::prelude::*;

#[derive(Differentiable, Clone, Copy)]
struct V {
    a: f64,
}

#[differentiable]
impl V {
    fn abs(self) -> f64 {
        self.a.abs()
    }
}

#[differentiable]
fn f(v: &[V]) -> f64 {
    v[0].abs()
}

fn main() {
    f::grad(&[V { a: 1.0 }]);
}
