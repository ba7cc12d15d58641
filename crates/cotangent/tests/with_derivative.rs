//! `with_derivative`: the identity, whose cotangent passes through a closure.
#![allow(clippy::all)] // the forms of the language are written out on purpose

use cotangent::prelude::*;
use std::cell::RefCell;

#[differentiable(order = 2)]
fn scaled(x: f64, y: f64) -> f64 {
    let factor = y * 2.0;
    let z = with_derivative(x * y, |z_bar| z_bar * factor);
    z * z
}

#[differentiable]
fn in_a_loop(v: &[f64], bound: f64) -> f64 {
    let mut total = 0.0;
    for x in v {
        total += cotangent::with_derivative(*x, |x_bar| x_bar.clamp(-bound, bound)).powi(2);
    }
    total
}

#[differentiable]
fn vectors(v: &[f64]) -> f64 {
    let w = with_derivative(v.to_vec(), |mut w_bar| {
        for b in w_bar.iter_mut() {
            *b *= 10.0;
        }
        w_bar
    });
    w[0] * w[1]
}

fn clip(x_bar: f64) -> f64 {
    x_bar.min(0.5)
}

#[differentiable]
fn by_name(x: f64) -> f64 {
    with_derivative(x, clip) * 3.0
}

thread_local! {
    static SEEN: RefCell<Vec<f64>> = const { RefCell::new(vec![]) };
}

#[differentiable]
fn watched(x: f64) -> f64 {
    let y = x * x;
    let y = with_derivative(y, |y_bar| {
        SEEN.with(|seen| seen.borrow_mut().push(y_bar));
        y_bar
    });
    3.0 * y
}

#[test]
fn reverse_mode() {
    // d(z^2)/dz = 2 x y, times the factor 2 y, times dz/dx = y and dz/dy = x.
    let g = scaled::grad(3.0, 0.5);
    assert_eq!((g.x, g.y), (3.0 * 0.5, 3.0 * 3.0));
    assert_eq!(in_a_loop::grad(&[1.0, 0.1, -4.0], 1.5).v, [1.5, 0.2, -1.5]);
    assert_eq!(vectors::grad(&[2.0, 3.0]).v, [30.0, 20.0]);
    assert_eq!(by_name::grad(1.0).x, 0.5);
}

#[test]
fn forward_mode_and_second_order_see_the_identity() {
    assert_eq!(scaled::jvp((3.0, 0.5), (1.0, 0.0)), (2.25, 2.0 * 3.0 * 0.25));
    assert_eq!(scaled::hvp(3.0, 0.5, 1.0, 0.0).x, 2.0 * 0.25);
    assert_eq!(
        with_derivative(2.0, |_| -> f64 { unreachable!("a plain call has no cotangent") }),
        2.0
    );
}

#[test]
fn the_closure_runs_once_in_the_reverse_sweep() {
    assert_eq!(watched::grad(2.0).x, 12.0);
    SEEN.with(|seen| assert_eq!(*seen.borrow(), [3.0]));
}
