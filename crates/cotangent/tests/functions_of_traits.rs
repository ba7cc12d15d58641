//! Methods as values: of traits, through generics, and with `&mut self`.
#![allow(clippy::all)] // the forms of the language are written out on purpose

use cotangent::prelude::*;
use cotangent_check::check_gradient;

#[derive(Differentiable, Clone, Debug, PartialEq)]
struct Disc {
    r: f64,
}

#[derive(Differentiable, Clone, Debug, PartialEq)]
struct Rod {
    length: f64,
    weights: Vec<f64>,
}

#[differentiable(order = 2)]
trait Shape {
    fn area(&self, scale: f64) -> f64;

    fn twice(&self, scale: f64) -> f64 {
        2.0 * self.area(scale * scale)
    }

    fn grow(&mut self, by: f64);

    fn scaled(&self, by: f64) -> Self;
}

#[differentiable(order = 2)]
impl Shape for Disc {
    fn area(&self, scale: f64) -> f64 {
        3.0 * self.r * self.r * scale
    }

    fn grow(&mut self, by: f64) {
        self.r *= by;
    }

    fn scaled(&self, by: f64) -> Self {
        Disc { r: self.r * by }
    }
}

#[differentiable(order = 2)]
impl Shape for Rod {
    fn area(&self, scale: f64) -> f64 {
        self.length * self.weights[0] * scale.sin()
    }

    fn twice(&self, scale: f64) -> f64 {
        self.length * scale
    }

    fn grow(&mut self, by: f64) {
        self.length += by;
        self.weights[0] *= self.length;
    }

    fn scaled(&self, by: f64) -> Self {
        Rod {
            length: self.length * by,
            weights: self.weights.clone(),
        }
    }
}

#[differentiable(order = 2)]
impl Disc {
    fn advance(&mut self, dt: f64) {
        self.r += self.r * self.r * dt;
    }
}

#[test]
fn of_a_type() {
    let disc = Disc { r: 2.0 };
    let d = differentiable!(<Disc as Shape>::area);
    assert_eq!(d(&disc, 0.5), 6.0);
    let g = d.grad((&disc, 0.5));
    assert_eq!((g.this.r, g.scale), (6.0, 12.0));
    let g = differentiable!(Disc::twice).grad((&disc, 0.5));
    assert_eq!((g.this.r, g.scale), (6.0, 24.0));
    let rod = Rod {
        length: 3.0,
        weights: vec![2.0],
    };
    let g = differentiable!(<Rod as Shape>::twice).grad((&rod, 0.5));
    assert_eq!((g.this.length, g.this.weights, g.scale), (0.5, vec![0.0], 3.0));
    let (made, dot) = differentiable!(Disc::scaled).jvp((&disc, 2.0), (&DiscTangent { r: 1.0 }, 3.0));
    assert_eq!((made.r, dot.r), (4.0, 8.0));
}

/// Code over any shape.
fn slope<S: Shape + Differentiable + Clone + 'static>(s: &S, scale: f64) -> f64 {
    differentiable!(S::area).grad((s, scale)).scale
}

#[test]
fn in_generic_code() {
    assert_eq!(slope(&Disc { r: 2.0 }, 1.0), 12.0);
    assert_eq!(
        slope(
            &Rod {
                length: 3.0,
                weights: vec![2.0]
            },
            0.0
        ),
        6.0
    );
}

#[test]
fn that_change_their_receiver() {
    let d = differentiable!(Disc::advance);
    let mut disc = Disc { r: 2.0 };
    let ((), pullback) = d.vjp((&mut disc, 0.25));
    assert_eq!(disc.r, 3.0);
    let g = pullback(&DiscTangent { r: 1.0 });
    assert_eq!((g.this.r, g.dt), (2.0, 4.0));
    let mut dot = DiscTangent { r: 1.0 };
    let mut disc = Disc { r: 2.0 };
    d.jvp((&mut disc, 0.25), (&mut dot, 0.0));
    assert_eq!(dot.r, 2.0);
    d(&mut disc, 0.0);
    let mut rod = Rod {
        length: 3.0,
        weights: vec![2.0],
    };
    let d = differentiable!(Rod::grow);
    let ((), pullback) = d.vjp((&mut rod, 1.0));
    assert_eq!(
        rod,
        Rod {
            length: 4.0,
            weights: vec![8.0]
        }
    );
    let g = pullback(&RodTangent {
        length: 0.0,
        weights: vec![1.0],
    });
    assert_eq!((g.this.length, g.this.weights, g.by), (2.0, vec![4.0], 2.0));
}

#[differentiable(order = 2)]
fn apply<F: Fn(&Disc, f64) -> f64>(f: F, disc: &Disc, x: f64) -> f64 {
    let y = f(disc, x);
    y * x
}

#[differentiable(order = 2)]
fn steps<F: Fn(&mut Disc, f64)>(f: F, disc: &mut Disc, dt: f64) {
    for _ in 0..3 {
        f(disc, dt);
    }
}

#[differentiable(order = 2)]
fn passed_on(r: f64, x: f64) -> f64 {
    let mut disc = Disc { r };
    let a: f64 = apply(<Disc as Shape>::area, &disc, x);
    let b: f64 = apply(Disc::twice, &disc, x);
    steps(Disc::advance, &mut disc, 0.1);
    steps(<Disc as Shape>::grow, &mut disc, x);
    a * b + disc.r
}

#[test]
fn inside_differentiable_code() {
    check_gradient!(order = 2; passed_on, 0.7, 0.9);
}
