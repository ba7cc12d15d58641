//! Rules of products, LU and Cholesky against differences, forward against reverse mode, and of second order.
#![allow(clippy::all)] // the forms of the language are written out on purpose

use cotangent::prelude::*;
use cotangent_check::check_gradient;
use cotangent_linalg as linalg;
use cotangent_linalg::{Error, cholesky, lu, solve};

/// Numbers of both signs without pattern, with a diagonal that makes the matrix well conditioned.
fn sample(n: usize, m: usize) -> Vec<f64> {
    let value = |k: usize| ((k as f64 + 1.0) * 0.754_877_666).fract() - 0.5;
    (0..n * m)
        .map(|k| value(k) + if n == m && k / m == k % m { 1.5 } else { 0.0 })
        .collect()
}

#[differentiable(order = 2)]
fn matrix(x: &[f64], n: usize, m: usize) -> Matrix<f64> {
    Matrix::from_vec(n, m, x[..n * m].to_vec())
}

/// A number in which every entry has its own weight.
#[differentiable(order = 2)]
fn weighted(a: &Matrix<f64>) -> f64 {
    let mut sum = 0.0;
    for i in 0..a.rows() {
        for j in 0..a.cols() {
            sum += a[(i, j)] * (1.0 + 0.3 * i as f64 - 0.7 * j as f64 + a[(i, j)] * 0.1);
        }
    }
    sum
}

#[differentiable(order = 2)]
fn weighted_vector(v: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..v.len() {
        sum += v[i] * (1.0 - 0.4 * i as f64) + v[i] * v[i];
    }
    sum
}

#[differentiable(order = 2)]
fn of_products(x: &[f64], n: usize, m: usize) -> f64 {
    let a = matrix(x, n, m);
    let b = matrix(&x[1..], m, n);
    let ab = linalg::matmul(&a, &b);
    let square = linalg::add(&linalg::matmul_tn(&b, &b), &linalg::subtract(&linalg::symmetric_part(&ab), &ab));
    let other = linalg::matmul_nt(&a, &linalg::transpose(&b));
    let y = linalg::matvec_t(&a, &linalg::matvec(&other, &x[..n]));
    weighted(&square) + weighted_vector(&y) + linalg::trace(&ab)
}

#[differentiable(order = 2)]
fn of_lu(x: &[f64], n: usize) -> Result<f64, Error> {
    let a = matrix(x, n, n);
    let f = lu(&a)?;
    let b = matrix(&x[1..], n, 2);
    let y = f.solve(&x[..n]);
    let z = f.solve_t(&y);
    Ok(weighted_vector(&z) + weighted(&f.solve_matrix(&b)) + weighted(&f.inverse()) + f.det() + f.log_abs_det())
}

#[differentiable(order = 2)]
fn lu_of(x: &[f64], n: usize) -> f64 {
    of_lu(x, n).unwrap()
}

#[differentiable(order = 2)]
fn of_cholesky(x: &[f64], n: usize) -> Result<f64, Error> {
    let a = matrix(x, n, n);
    let c = cholesky(&a)?;
    let b = matrix(&x[1..], n, 2);
    let y = c.solve(&x[..n]);
    Ok(weighted_vector(&y) + weighted(&c.solve_matrix(&b)) + weighted(&c.inverse()) + c.log_det() + weighted(&c.factors()))
}

#[differentiable(order = 2)]
fn cholesky_of(x: &[f64], n: usize) -> f64 {
    of_cholesky(x, n).unwrap()
}

/// As it is used in a simulation: a solve in every step of a loop, `?` on each.
#[differentiable(order = 2)]
fn steps(x: &[f64], n: usize) -> Result<f64, Error> {
    let mut y = x[..n].to_vec();
    for k in 0..3 {
        let mut a = matrix(x, n, n);
        for i in 0..n {
            a[(i, i)] += y[i] * y[i] + k as f64;
        }
        y = solve(&a, &y)?;
    }
    Ok(weighted_vector(&y))
}

#[differentiable(order = 2)]
fn steps_of(x: &[f64], n: usize) -> f64 {
    match steps(x, n) {
        Ok(y) => y,
        Err(_) => 0.0,
    }
}

#[test]
fn products() {
    check_gradient!(order = 2; of_products, &sample(3, 3)[..], 3, 2);
    check_gradient!(of_products, &sample(5, 14)[..], 14, 4);
}

#[test]
fn decompositions() {
    for n in [1, 2, 3] {
        let x = sample(n, n).into_iter().chain(sample(n, 3)).collect::<Vec<_>>();
        check_gradient!(order = 2; lu_of, &x[..], n);
        check_gradient!(order = 2; cholesky_of, &x[..], n);
        check_gradient!(order = 2; steps_of, &x[..], n);
    }
}
