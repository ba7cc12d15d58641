//! A dense linear solve by elimination with partial pivoting, in place: the loss is the squared norm of the solution.

use cotangent::prelude::*;

/// The loss, on copies made here, as people write it.
#[differentiable]
pub fn natural(n: usize, a: &[f64], b: &[f64]) -> f64 {
    let mut lu = a.to_vec();
    let mut x = b.to_vec();
    solve(n, &mut lu, &mut x);
    squared_norm(&x)
}

/// The same on copies whose storage is passed in.
#[differentiable]
pub fn workspace(n: usize, a: &[f64], b: &[f64], lu: &mut [f64], x: &mut [f64]) -> f64 {
    lu.copy_from_slice(a);
    x.copy_from_slice(b);
    solve(n, lu, x);
    squared_norm(x)
}

/// Overwrites `a` with its factors and `b` with the solution of `a x = b`.
#[differentiable]
fn solve(n: usize, a: &mut [f64], b: &mut [f64]) {
    for k in 0..n {
        let mut p = k;
        for i in k + 1..n {
            if a[i * n + k].abs() > a[p * n + k].abs() {
                p = i;
            }
        }
        if p != k {
            for j in 0..n {
                a.swap(k * n + j, p * n + j);
            }
            b.swap(k, p);
        }
        for i in k + 1..n {
            let l = a[i * n + k] / a[k * n + k];
            a[i * n + k] = l;
            for j in k + 1..n {
                a[i * n + j] -= l * a[k * n + j];
            }
            b[i] -= l * b[k];
        }
    }
    for i in (0..n).rev() {
        for j in i + 1..n {
            b[i] -= a[i * n + j] * b[j];
        }
        b[i] /= a[i * n + i];
    }
}

/// The sum of squares.
#[differentiable]
fn squared_norm(v: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..v.len() {
        sum += v[i] * v[i];
    }
    sum
}
