//! Conversions between float types, of values whose type only rustc knows.
#![allow(clippy::all)] // the forms of the language are written out on purpose

use cotangent::prelude::*;
use std::cell::Cell;

thread_local! {
    static CALLS: Cell<u32> = const { Cell::new(0) };
}

fn counted() {
    CALLS.with(|calls| calls.set(calls.get() + 1));
}

#[differentiable]
fn narrow(x: f32, y: f32) -> f32 {
    constant(counted());
    x * y + x.sin()
}

#[differentiable]
fn widened(x: f64, y: f64) -> f64 {
    f64::from(narrow(x as f32, 0.5f32)) * y
}

#[differentiable]
fn cast(x: f64, y: f64) -> f64 {
    narrow(x as f32, 0.5f32) as f64 * y
}

#[differentiable]
fn of_integers(x: f64, n: u32, v: &[f64]) -> f64 {
    f64::from(n) * x + f64::from(v.len() as u32 + 1) * x * x + f64::from(3u8)
}

#[test]
fn from_of_a_call_carries_the_derivative_and_calls_once() {
    let before = CALLS.get();
    let (value, gradient) = widened::value_and_grad(0.25, 2.0);
    assert_eq!(CALLS.get() - before, 1);
    let (same, cast) = cast::value_and_grad(0.25, 2.0);
    assert_eq!((value, gradient.x, gradient.y), (same, cast.x, cast.y));
    // (0.5 + cos 0.25) 2 in f32, whose eps is 1.2e-7.
    assert!((gradient.x - 2.0 * (0.5 + 0.25f64.cos())).abs() < 1e-6, "{gradient:?}");
    assert_eq!(widened::jvp((0.25, 2.0), (1.0, 0.0)).1, gradient.x);
    assert_eq!(widened::jvp((0.25, 2.0), (0.0, 1.0)).1, gradient.y);
}

#[test]
fn from_of_an_integer_is_constant() {
    let g = of_integers::grad(0.5, 4, &[1.0, 2.0]);
    assert_eq!((g.x, g.v), (4.0 + 3.0, vec![0.0, 0.0]));
}
