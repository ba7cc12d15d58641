//! `grad_into` allocates nothing from its second call on.
#![allow(clippy::needless_range_loop, clippy::ptr_arg)] // formulas with indices, and the forms of the language

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use cotangent::Leaves;
use cotangent::prelude::*;

struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: forwards to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise is passed on.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// How many allocations the third call of `f` makes on this thread.
fn allocations(mut f: impl FnMut()) -> usize {
    f();
    f();
    let before = ALLOCATIONS.get();
    f();
    ALLOCATIONS.get() - before
}

#[differentiable]
fn in_place(x: &[f64], out: &mut [f64], more: &mut Vec<f64>) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() {
        out[i] = out[i] * x[i] + x[i].sin();
        more[i] *= out[i];
        sum += out[i] * more[i];
    }
    sum
}

#[test]
fn outputs_in_slices_and_vectors() {
    let x: Vec<f64> = (0..40).map(|i| 0.1 * i as f64).collect();
    let start = (vec![0.5; 40], vec![1.5; 40]);
    let (mut out, mut more) = start.clone();
    let (y, expected) = in_place::value_and_grad(&x, &mut out, &mut more);
    let (mut plain_out, mut plain_more) = start.clone();
    assert_eq!(in_place(&x, &mut plain_out, &mut plain_more), y);
    assert_eq!((&plain_out, &plain_more), (&out, &more));

    let (mut tape, mut g) = (Tape::new(), expected.clone());
    let count = allocations(|| {
        out.copy_from_slice(&start.0);
        more.copy_from_slice(&start.1);
        assert_eq!(in_place::grad_into(&x, &mut out, &mut more, &mut tape, &mut g), y);
    });
    assert_eq!((&plain_out, &plain_more), (&out, &more));
    assert_eq!(g, expected);
    assert_eq!(count, 0);
}

/// The length at the end is not that at the start.
#[differentiable]
fn grows(x: f64, v: &mut Vec<f64>) -> f64 {
    v.push(x * v[0]);
    v.push(x * x);
    v[1] * v[2]
}

#[test]
fn a_vector_that_grows_is_put_back() {
    let mut v = vec![3.0];
    let (y, g) = grows::value_and_grad(2.0, &mut v);
    assert_eq!((y, v), (24.0, vec![3.0, 6.0, 4.0]));
    // y = 3 x · x²
    assert_eq!((g.x, g.v), (36.0, vec![8.0]));
}

#[differentiable]
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..a.len() {
        sum += a[i] * b[i];
    }
    sum
}

#[differentiable(wrt(x))]
fn against_data(x: &[f64], data: &[f64], rows: usize) -> f64 {
    let mut sum = 0.0;
    for r in 0..rows {
        sum += dot(x, &data[r * x.len()..(r + 1) * x.len()]).tanh();
    }
    sum
}

#[test]
fn constant_slices_lent_to_a_callee() {
    let (x, data) = (vec![0.1; 20], vec![0.2; 200]);
    let expected = against_data::grad(&x, &data, 10);
    let (mut tape, mut g) = (Tape::new(), expected.clone());
    let count = allocations(|| {
        against_data::grad_into(&x, &data, 10, &mut tape, &mut g);
    });
    assert_eq!(g, expected);
    assert_eq!(count, 0);
}

#[derive(Clone, Differentiable)]
struct State {
    position: Vec<f64>,
    speed: [f32; 2],
    #[constant]
    name: String,
}

#[test]
fn a_value_is_flattened_and_moved() {
    let mut state = State {
        position: vec![1.0; 30],
        speed: [2.0; 2],
        name: "s".to_string(),
    };
    let tangent = state.zero_tangent();
    let mut flat = [0.0; 32];
    let count = allocations(|| {
        state.flatten_into(&mut flat);
        state.unflatten_from(&flat);
        state.move_by(0.5, &tangent);
    });
    assert_eq!((count, state.name.as_str()), (0, "s"));
}
