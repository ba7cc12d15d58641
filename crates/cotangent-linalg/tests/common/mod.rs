//! Matrices to try things on, and numbers made of results in which every entry has its own weight.
#![allow(dead_code)] // each test file uses some of it

use cotangent::prelude::*;

/// Numbers of both signs without pattern, with a diagonal that makes square matrices well conditioned.
pub fn sample(n: usize, m: usize) -> Vec<f64> {
    let value = |k: usize| ((k as f64 + 1.0) * 0.754_877_666).fract() - 0.5;
    (0..n * m)
        .map(|k| {
            value(k)
                + if n == m && k / m == k % m {
                    1.5 + 0.4 * (k % m) as f64
                } else {
                    0.0
                }
        })
        .collect()
}

#[differentiable(order = 2)]
pub fn matrix<T: Real>(x: &[T], n: usize, m: usize) -> Matrix<T> {
    Matrix::from_vec(n, m, x[..n * m].to_vec())
}

#[differentiable(order = 2)]
pub fn weighted<T: Real>(a: &Matrix<T>) -> T {
    let mut sum = T::ZERO;
    for i in 0..a.rows() {
        for j in 0..a.cols() {
            let weight = T::ONE + T::from_f64(0.3) * T::from_usize(i) - T::from_f64(0.7) * T::from_usize(j);
            sum += a[(i, j)] * (weight + a[(i, j)] * T::from_f64(0.1));
        }
    }
    sum
}

#[differentiable(order = 2)]
pub fn weighted_vector<T: Real>(v: &[T]) -> T {
    let mut sum = T::ZERO;
    for i in 0..v.len() {
        let weight = T::ONE - T::from_f64(0.4) * T::from_usize(i);
        sum += v[i] * (weight + v[i]);
    }
    sum
}
