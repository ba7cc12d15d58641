//! Generated code in a crate that forbids what many crates forbid: unsafe code, missing documentation, warnings.
#![forbid(unsafe_code)]
#![deny(
    missing_docs,
    warnings,
    clippy::all,
    clippy::pedantic,
    unused,
    nonstandard_style,
    rust_2018_idioms,
    unreachable_pub
)]

use cotangent::prelude::*;

/// A public function with an update in place, in a loop.
#[differentiable(order = 2)]
#[must_use]
pub fn weighted(x: &[f64], weight: f64) -> f64 {
    let mut sum = 0.0;
    for value in x {
        sum += weight * value * value;
    }
    sum
}

/// A public type.
#[derive(Differentiable, Clone, Debug)]
pub struct Spring {
    /// Force by length.
    pub stiffness: f64,
    /// Length at rest.
    pub rest: Vec<f64>,
    /// Its name.
    #[constant]
    pub name: String,
}

#[differentiable]
fn stretched(spring: &mut Spring, by: f64) -> f64 {
    spring.rest[0] += by;
    spring.stiffness * spring.rest[0]
}

#[test]
fn strict_crates_can_use_the_macros() {
    let g = weighted::grad(&[3.0, 4.0], 1.0);
    assert_eq!(g.x, vec![6.0, 8.0]);
    let h = weighted::hessian(&[3.0, 4.0], 1.0);
    assert_eq!(h.rows(), 3);
    let mut spring = Spring {
        stiffness: 2.0,
        rest: vec![1.0],
        name: "left".to_owned(),
    };
    let g = stretched::grad(&mut spring, 0.5);
    assert_eq!((g.by, g.spring.stiffness), (2.0, 1.5));
    assert_eq!(spring.rest, [1.5]);
}
