//! Times of a decomposition with one solution, here and by faer alone: `cargo run --release -p cotangent-linalg --example against_faer`.

use cotangent_linalg::{Lu, Matrix};
use faer::linalg::solvers::Solve;
use std::hint::black_box;
use std::time::Instant;

/// The least time of several runs, in microseconds.
fn least(runs: usize, mut run: impl FnMut()) -> f64 {
    let once = |run: &mut dyn FnMut()| {
        let start = Instant::now();
        run();
        start.elapsed().as_secs_f64() * 1e6
    };
    (0..runs).map(|_| once(&mut run)).fold(f64::INFINITY, f64::min)
}

fn main() {
    println!("{:>5} {:>12} {:>12} {:>12} {:>7}", "n", "here µs", "faer µs", "copy µs", "ratio");
    for n in [3, 5, 10, 20, 24, 30, 50, 100, 200] {
        let value = |i: usize, j: usize| (((i * n + j + 1).pow(2)) as f64 * 0.754877666).fract() - 0.5;
        let a = Matrix::from_fn(n, n, |i, j| value(i, j) + if i == j { 2.0 } else { 0.0 });
        let (b, mut x, mut lu) = (vec![1.0; n], vec![0.0; n], Lu::empty());
        let there = faer::Mat::from_fn(n, n, |i, j| a[(i, j)]);
        let right = faer::Col::from_fn(n, |_| 1.0);
        let runs = 40_000 / n;
        let here = least(runs, || {
            lu.factor(black_box(&a)).expect("regular");
            lu.solve_into(&b, &mut x);
            black_box(&x);
        });
        let faer = least(runs, || {
            black_box(black_box(&there).partial_piv_lu().solve(&right));
        });
        let copy = least(runs, || {
            black_box(black_box(&a).clone());
        });
        println!("{n:>5} {here:>12.2} {faer:>12.2} {copy:>12.2} {:>7.2}", here / (faer + copy));
    }
}
