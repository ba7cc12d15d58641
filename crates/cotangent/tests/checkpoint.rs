//! `checkpoint`: recomputed instead of recorded.
#![allow(clippy::all)] // the forms of the language are written out on purpose

use cotangent::prelude::*;
use cotangent_check::check_gradient;
use std::cell::Cell;

thread_local! {
    static RUNS: Cell<usize> = const { Cell::new(0) };
}

fn runs_now() -> f64 {
    RUNS.with(|runs| runs.set(runs.get() + 1));
    1.0
}

macro_rules! stages {
    ($stage:ident, $march:ident, $flow:ident, ($($option:tt)*)) => {
        #[differentiable($($option)* order = 2)]
        fn $stage(v: &mut [f64], a: f64, steps: usize) -> f64 {
            let mut norm = 0.0;
            for k in 0..steps {
                let i = k % v.len();
                if v[i] > 0.2 {
                    v[i] = (v[i] * a).sin();
                } else {
                    v[i] += 0.1 * a;
                }
                norm += v[i] * v[i];
            }
            norm
        }

        #[differentiable(order = 2)]
        fn $march(x: &[f64], a: f64, steps: usize) -> f64 {
            let mut v = x.to_vec();
            let mut total = 0.0;
            for _ in 0..10 {
                total += $stage(&mut v, a, steps);
            }
            total + v[0]
        }

        #[differentiable($($option)* order = 2)]
        fn $flow(x: f64, v: Vec<f64>, n: usize) -> Option<f64> {
            let mut y = x;
            let mut k = 0;
            while y < 10.0 {
                if k == n {
                    return None;
                }
                y += v[k] * y + x;
                k += 1;
            }
            Some(y)
        }
    };
}

stages!(recorded, recorded_march, recorded_flow, ());
stages!(recomputed, recomputed_march, recomputed_flow, (checkpoint,));

#[differentiable(order = 2)]
fn flows(x: f64) -> f64 {
    let a = recomputed_flow(x, vec![x, 0.3, 0.5, 0.7, 0.9, 1.1, 1.3], 7).unwrap_or(x);
    let b = recomputed_flow(x, vec![0.0, x], 1).unwrap_or(x * x);
    a * b
}

#[derive(Differentiable, Clone, Debug, PartialEq)]
struct Well {
    level: f64,
    rates: Vec<f64>,
}

#[differentiable(checkpoint, order = 2)]
impl Well {
    fn supply(&mut self, dt: f64) -> f64 {
        for k in 0..self.rates.len() {
            self.level += self.rates[k] * dt * self.level;
            self.rates[k] *= 0.9;
        }
        self.level
    }

    fn pressure(&self, x: f64) -> f64 {
        self.level * x.exp() + self.rates[0]
    }
}

#[differentiable(order = 2)]
fn well(x: f64, y: f64) -> f64 {
    let mut well = Well {
        level: x,
        rates: vec![y, x * y],
    };
    let mut total = 0.0;
    for _ in 0..3 {
        total += well.supply(y) * well.pressure(x);
    }
    total
}

#[differentiable(checkpoint)]
fn descent(x: f64, n: usize) -> f64 {
    if n == 0 { x * x } else { descent(x.sin() * 1.2, n - 1) + x }
}

#[differentiable(checkpoint)]
fn counted(x: f64) -> f64 {
    let one = constant(runs_now());
    println!("once");
    (x * one).exp()
}

#[test]
fn derivatives_are_the_same() {
    let x = [0.3, 0.1, 0.5];
    assert_eq!(recomputed_march::grad(&x, 0.9, 20), recorded_to_recomputed(&x));
    check_gradient!(order = 2; recomputed_march, &x[..], 0.9, 5);
    check_gradient!(order = 2; flows, 0.4);
    check_gradient!(order = 2; well, 0.4, 0.3);
    check_gradient!(descent, 0.4, 4);
    let mut v = vec![0.3, 0.1];
    check_gradient!(recomputed, &mut v[..], 0.8, 5);
}

fn recorded_to_recomputed(x: &[f64]) -> recomputed_march__Gradient<Vec<f64>, f64, ()> {
    let g = recorded_march::grad(x, 0.9, 20);
    recomputed_march__Gradient {
        x: g.x,
        a: g.a,
        steps: g.steps,
    }
}

/// Ten calls of 2000 steps each: recorded, all of them; recomputed, one call's record at a time.
#[test]
fn the_tape_is_shorter() {
    let x = [0.3, 0.1, 0.5];
    let bytes = |recomputed: bool| {
        let mut tape = Tape::new();
        if recomputed {
            let mut g = recomputed_march::grad(&x, 0.9, 2000);
            recomputed_march::grad_into(&x, 0.9, 2000, &mut tape, &mut g);
        } else {
            let mut g = recorded_march::grad(&x, 0.9, 2000);
            recorded_march::grad_into(&x, 0.9, 2000, &mut tape, &mut g);
        }
        assert_eq!(tape.len(), 0);
        tape.bytes()
    };
    let (recorded, recomputed) = (bytes(false), bytes(true));
    // A tenth, and a block of 4 KiB for the ten entry states and the rounding to blocks.
    assert!(recomputed <= recorded / 10 + 4096, "{recomputed} of {recorded} bytes");
}

#[test]
fn the_function_runs_twice() {
    RUNS.with(|runs| runs.set(0));
    assert_eq!(counted::grad(0.0).x, 1.0);
    assert_eq!(RUNS.with(Cell::get), 2);
}
