//! Results against those of NumPy and SciPy (`fixtures/make.py` makes `fixtures/values.txt`), in both types, small and large.
#![allow(clippy::all)] // the forms of the language are written out on purpose

use cotangent::prelude::*;
use cotangent_linalg::minimize::{Options, bfgs, lbfgs, newton};
use cotangent_linalg::{
    cholesky, det, eigh, expm, identity, inverse, least_squares, log_det, lu, matmul_nt, qr, solve, svd, sylvester, symmetric_part,
};

fn expected(name: &str) -> Vec<f64> {
    let lines = include_str!("fixtures/values.txt").lines();
    let line = lines.map(|line| line.split_once(' ').unwrap()).find(|(found, _)| *found == name);
    line.unwrap().1.split(' ').map(|x| x.parse().unwrap()).collect()
}

fn sample<T: Real>(n: usize, m: usize, shift: usize) -> Matrix<T> {
    let number = |k: usize| (k + shift) as f64 + 1.0;
    let value = |k: usize| (number(k) * number(k) * 0.754877666).fract() - 0.5;
    Matrix::from_fn(n, m, |i, j| T::from_f64(value(i * m + j)))
}

/// Errors grow with the condition of the problem, which is below 1e3 for all of these; so three digits are left to it.
fn assert_near<T: Real>(name: &str, found: &[T]) {
    let expected = expected(name);
    assert_eq!(found.len(), expected.len(), "{name}");
    let size = expected.iter().fold(1.0, |size: f64, x| size.max(x.abs()));
    let tolerance = 1e3 * T::EPSILON.to_f64() * size;
    for (k, (found, expected)) in found.iter().zip(&expected).enumerate() {
        let error = (found.to_f64() - expected).abs();
        assert!(
            error <= tolerance,
            "{name}[{k}]: found {found}, expected {expected}, off by {error:e}"
        );
    }
}

fn square<T: Real>(n: usize) {
    let mut a: Matrix<T> = sample(n, n, 0);
    (0..n).for_each(|i| a[(i, i)] += T::ONE);
    let b = sample::<T>(n, 1, 7).into_vec();
    let s = symmetric_part(&a);
    let mut p = matmul_nt(&s, &s);
    (0..n).for_each(|i| p[(i, i)] += T::ONE);
    assert_near(&format!("solve{n}"), &solve(&a, &b).unwrap());
    assert_near(&format!("det{n}"), &[det(&a).unwrap(), log_det(&a).unwrap()]);
    assert_near(&format!("inverse{n}"), inverse(&a).unwrap().as_slice());
    assert_near(&format!("cholesky{n}"), cholesky(&p).unwrap().factors().as_slice());
    let e = eigh(&a).unwrap();
    assert_near(&format!("eigenvalues{n}"), &e.values());
    assert_near(&format!("eigenvectors{n}"), e.vectors().unwrap().as_slice());
    assert_near(&format!("expm{n}"), expm(&a).unwrap().as_slice());
    let mut right = s.clone();
    (0..n).for_each(|i| right[(i, i)] += T::from_f64(3.0));
    assert_near(
        &format!("sylvester{n}"),
        sylvester(&a, &right, &sample(n, n, 3)).unwrap().as_slice(),
    );
    let f = lu(&a).unwrap();
    assert_near(&format!("lower{n}"), f.lower().as_slice());
    assert_near(&format!("upper{n}"), f.upper().as_slice());
    assert_eq!(inverse(&identity::<T>(n)).unwrap(), identity(n));
}

fn rectangular<T: Real>(n: usize, m: usize) {
    let a: Matrix<T> = sample(n, m, 0);
    let b = sample::<T>(n, 1, 7).into_vec();
    let (q, r) = qr(&a).unwrap();
    assert_near(&format!("q{n}x{m}"), q.as_slice());
    assert_near(&format!("r{n}x{m}"), r.as_slice());
    let f = svd(&a).unwrap();
    assert_near(&format!("singular{n}x{m}"), &f.values());
    assert_near(&format!("u{n}x{m}"), f.u().unwrap().as_slice());
    assert_near(&format!("v{n}x{m}"), f.v().unwrap().as_slice());
    assert_near(&format!("lstsq{n}x{m}"), &least_squares(&a, &b).unwrap());
}

#[test]
fn square_matrices() {
    for n in [1, 4, 30] {
        square::<f64>(n);
        square::<f32>(n);
    }
}

#[test]
fn rectangular_matrices() {
    for (n, m) in [(5, 3), (3, 5), (40, 28)] {
        rectangular::<f64>(n, m);
        rectangular::<f32>(n, m);
    }
}

#[differentiable(order = 2)]
fn rosenbrock(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() - 1 {
        sum += (1.0 - x[i]).powi(2) + 100.0 * (x[i + 1] - x[i] * x[i]).powi(2);
    }
    sum
}

#[test]
fn bounded_minimum_of_scipy() {
    let expected = expected("bounded");
    let f = differentiable!(rosenbrock);
    let options = || Options {
        lower: &[-2.0, -2.0, 0.1, -2.0],
        upper: &[0.8, 2.0, 0.3, 2.0],
        ..Options::default()
    };
    let x0 = [0.5, 0.3, 0.2, 0.1];
    for found in [bfgs(&f, &x0, options()), lbfgs(&f, &x0, options()), newton(&f, &x0, options())] {
        let found = found.unwrap();
        assert!(found.reason.is_converged(), "{found:?}");
        for (x, expected) in found.x.iter().chain([&found.value]).zip(&expected) {
            assert!((x - expected).abs() < 1e-7, "{found:?}\n{expected:?}");
        }
    }
}
