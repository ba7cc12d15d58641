//! Rules against differences, forward against reverse mode, and of second order: each operation in `f64` and `f32`.
#![allow(clippy::all)] // the forms of the language are written out on purpose

mod common;

use common::{matrix, sample, weighted, weighted_vector};
use cotangent::prelude::*;
use cotangent_check::check_gradient;
use cotangent_linalg as linalg;
use cotangent_linalg::{Error, Triangle};

#[differentiable(order = 2)]
fn products<T: Real>(x: &[T], n: usize, m: usize) -> Result<T, Error> {
    let a = matrix(x, n, m);
    let b = matrix(&x[1..], m, n);
    let ab = linalg::matmul(&a, &b);
    let square = linalg::add(&linalg::matmul_nt(&a, &a), &linalg::subtract(&linalg::symmetric_part(&ab), &ab));
    let other = linalg::matmul_tn(&b, &linalg::transpose(&a));
    let y = linalg::matvec_t(&a, &linalg::matvec(&other, &x[..n]));
    let scaled = linalg::scale_columns(&a, &x[..m]);
    Ok(weighted(&square) + weighted_vector(&y) + linalg::trace(&ab) + weighted(&scaled) + weighted_vector(&linalg::diagonal(&ab)))
}

#[differentiable(order = 2)]
fn of_lu<T: Real>(x: &[T], n: usize, m: usize) -> Result<T, Error> {
    let a = matrix(x, n, n);
    let f = linalg::lu(&a)?;
    let b = matrix(&x[1..], n, m);
    let y = f.solve(&x[..n]);
    let z = f.solve_t(&y);
    let sum = weighted_vector(&z) + weighted(&f.solve_matrix(&b)) + weighted(&f.inverse());
    Ok(sum + f.det() + f.log_abs_det() + weighted(&f.lower()) + weighted(&f.upper()))
}

#[differentiable(order = 2)]
fn shorthands<T: Real>(x: &[T], n: usize, m: usize) -> Result<T, Error> {
    let a = matrix(x, n, n);
    let b = matrix(&x[1..], n, m);
    let y = linalg::solve(&a, &x[..n])?;
    let sum = weighted_vector(&y) + weighted(&linalg::solve_matrix(&a, &b)?) + weighted(&linalg::inverse(&a)?);
    Ok(sum + linalg::det(&a)? * linalg::log_det(&a)?)
}

#[differentiable(order = 2)]
fn of_cholesky<T: Real>(x: &[T], n: usize, m: usize) -> Result<T, Error> {
    let a = matrix(x, n, n);
    let c = linalg::cholesky(&a)?;
    let b = matrix(&x[1..], n, m);
    let y = c.solve(&x[..n]);
    Ok(weighted_vector(&y) + weighted(&c.solve_matrix(&b)) + weighted(&c.inverse()) + c.log_det() + weighted(&c.factors()))
}

#[differentiable(order = 2)]
fn triangular<T: Real>(x: &[T], n: usize, m: usize) -> Result<T, Error> {
    let t = matrix(x, n, n);
    let b = matrix(&x[1..], n, m);
    let lower = linalg::solve_triangular(&t, &b, Triangle::Lower)?;
    let upper = linalg::solve_triangular(&t, &lower, Triangle::Upper)?;
    let other = linalg::solve_triangular(&t, &b, Triangle::LowerTransposed)?;
    let last = linalg::solve_triangular(&t, &other, Triangle::UpperTransposed)?;
    Ok(weighted(&upper) + weighted(&last))
}

#[differentiable(order = 2)]
fn of_qr<T: Real>(x: &[T], n: usize, m: usize) -> Result<T, Error> {
    let (q, r) = linalg::qr(&matrix(x, n, m))?;
    Ok(weighted(&q) + weighted(&r))
}

#[differentiable(order = 2)]
fn least_squares<T: Real>(x: &[T], n: usize, m: usize) -> Result<T, Error> {
    let a = matrix(x, n, m);
    let y = linalg::least_squares(&a, &x[..n])?;
    Ok(weighted_vector(&y))
}

#[differentiable(order = 2)]
fn of_eigh<T: Real>(x: &[T], n: usize, m: usize) -> Result<T, Error> {
    let e = linalg::eigh(&matrix(x, n, n))?;
    let v = e.vectors()?;
    let w = e.values();
    Ok(weighted_vector(&w) + weighted(&v) * T::from_usize(m))
}

#[differentiable(order = 2)]
fn of_svd<T: Real>(x: &[T], n: usize, m: usize) -> Result<T, Error> {
    let f = linalg::svd(&matrix(x, n, m))?;
    let s = f.values();
    Ok(weighted_vector(&s) + weighted(&f.u()?) + weighted(&f.v()?))
}

#[differentiable(order = 2)]
fn expm<T: Real>(x: &[T], n: usize, m: usize) -> Result<T, Error> {
    let y = linalg::expm(&matrix(x, n, n))?;
    Ok(weighted(&y) * T::from_usize(m))
}

#[differentiable(order = 2)]
fn sylvester<T: Real>(x: &[T], n: usize, m: usize) -> Result<T, Error> {
    let a = matrix(x, n, n);
    let b = matrix(&x[1..], m, m);
    let c = matrix(&x[2..], n, m);
    let y = linalg::sylvester(&a, &b, &c)?;
    Ok(weighted(&y))
}

/// As it is used in a simulation: a solve in every step of a loop, `?` on each.
#[differentiable(order = 2)]
fn steps<T: Real>(x: &[T], n: usize, m: usize) -> Result<T, Error> {
    let mut y = x[..n].to_vec();
    for k in 0..m {
        let mut a = matrix(x, n, n);
        for i in 0..n {
            a[(i, i)] += y[i] * y[i] + T::from_usize(k);
        }
        y = linalg::solve(&a, &y)?;
    }
    Ok(weighted_vector(&y))
}

/// Each operation in both types: value, both modes, and second order against differences.
macro_rules! check {
    ($($name:ident $f:ident: $($n:literal x $m:literal),+;)*) => {$(
        #[test]
        fn $name() {
            #[differentiable(order = 2)]
            fn double(x: &[f64], n: usize, m: usize) -> f64 {
                $f(x, n, m).unwrap()
            }
            #[differentiable]
            fn single(x: &[f32], n: usize, m: usize) -> f32 {
                $f(x, n, m).unwrap()
            }
            for (n, m) in [$(($n, $m)),+] {
                let count = n.max(m);
                let mut x = sample(n, n);
                x.extend(sample(count, count + 1));
                check_gradient!(order = 2; double, &x[..], n, m);
                let x: Vec<f32> = x.iter().map(|x| *x as f32).collect();
                check_gradient!(single; single, &x[..], n, m);
            }
        }
    )*};
}

check! {
    product_rules products: 1 x 1, 3 x 2, 2 x 4;
    lu_rules of_lu: 1 x 1, 2 x 1, 3 x 2;
    shorthand_rules shorthands: 1 x 2, 3 x 2;
    cholesky_rules of_cholesky: 1 x 1, 3 x 2;
    triangular_rules triangular: 1 x 1, 3 x 2;
    qr_rules of_qr: 1 x 1, 3 x 3, 4 x 2, 2 x 4;
    least_squares_rules least_squares: 1 x 1, 3 x 3, 4 x 2, 2 x 4;
    eigh_rules of_eigh: 1 x 1, 3 x 1;
    svd_rules of_svd: 1 x 1, 3 x 3, 4 x 2, 2 x 3;
    expm_rules expm: 1 x 1, 2 x 1, 3 x 1;
    sylvester_rules sylvester: 1 x 1, 3 x 2, 2 x 3;
    rules_in_a_loop steps: 1 x 1, 3 x 3;
}
