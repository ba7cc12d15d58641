//! What has no result is an error that says where; empty, tiny, large and badly scaled matrices work.
#![allow(clippy::all)] // the forms of the language are written out on purpose

mod common;

use common::{matrix, sample, weighted, weighted_vector};
use cotangent::prelude::*;
use cotangent_check::check_gradient;
use cotangent_linalg as linalg;
use cotangent_linalg::{Error, Triangle, cholesky, eigh, expm, least_squares, lu, map_stack, qr, solve, solve_stack_into, svd, sylvester};

fn square(values: &[f64]) -> Matrix<f64> {
    let n = (values.len() as f64).sqrt() as usize;
    Matrix::from_vec(n, n, values.to_vec())
}

#[test]
fn singular_matrices_name_the_pivot() {
    assert_eq!(lu(&square(&[1.0, 2.0, 2.0, 4.0])).unwrap_err(), Error::Singular { pivot: 1 });
    assert_eq!(lu(&square(&[0.0])).unwrap_err(), Error::Singular { pivot: 0 });
    // Rounding leaves a pivot of 1e-16, which an exact test takes for a number.
    let rounded = square(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0]);
    assert_eq!(lu(&rounded).unwrap_err(), Error::Singular { pivot: 2 });
    assert_eq!(linalg::det(&rounded).unwrap_err(), Error::Singular { pivot: 2 });
    // Above the size from which faer factors: rank one less than full.
    let n = 40;
    let mut a = Matrix::from_vec(n, n, sample(n, n));
    for j in 0..n {
        a[(7, j)] = a[(3, j)] + 2.0 * a[(5, j)];
    }
    assert!(matches!(lu(&a), Err(Error::Singular { .. })));
    assert_eq!(qr(&square(&[1.0, 2.0, 2.0, 4.0])).unwrap_err(), Error::Singular { pivot: 1 });
    let flat = Matrix::from_vec(3, 2, vec![1.0, 1.0, 1.0, 1.0, 1.0, 1.0]);
    assert_eq!(least_squares(&flat, &[1.0, 2.0, 3.0]).unwrap_err(), Error::Singular { pivot: 1 });
    let zero = square(&[1.0, 0.0, 5.0, 0.0]);
    let error = linalg::solve_triangular(&zero, &zero, Triangle::Lower).unwrap_err();
    assert_eq!(error, Error::Singular { pivot: 1 });
    // Eigenvalues 1 and −1.
    let error = sylvester(&square(&[1.0]), &square(&[-1.0]), &square(&[1.0])).unwrap_err();
    assert_eq!(error, Error::Singular { pivot: 0 });
}

#[test]
fn indefinite_matrices_name_the_pivot() {
    assert_eq!(
        cholesky(&square(&[1.0, 2.0, 2.0, 1.0])).unwrap_err(),
        Error::NotPositiveDefinite { pivot: 1 }
    );
    assert_eq!(cholesky(&square(&[-1.0])).unwrap_err(), Error::NotPositiveDefinite { pivot: 0 });
    assert_eq!(
        cholesky(&square(&[1.0, 1.0, 1.0, 1.0])).unwrap_err(),
        Error::NotPositiveDefinite { pivot: 1 }
    );
    let n = 40;
    let mut a = linalg::identity::<f64>(n);
    a[(33, 33)] = -1e-3;
    assert_eq!(cholesky(&a).unwrap_err(), Error::NotPositiveDefinite { pivot: 33 });
}

#[test]
fn scale_is_not_singularity() {
    for scaled in [[1.0, 0.0, 0.0, 1e-200], [1.0, 1.0, 1e-150, 2e-150]] {
        let a = square(&scaled);
        let b = linalg::matvec(&a, &[3.0, 4.0]);
        let x = solve(&a, &b).unwrap();
        assert!((x[0] - 3.0).abs() < 1e-14 && (x[1] - 4.0).abs() < 1e-14, "{a} {x:?}");
    }
    // A condition of 1e10: six digits are left, and the derivative is still consistent in both modes.
    let hilbert = Matrix::from_fn(8, 8, |i, j| 1.0 / (i + j + 1) as f64);
    let b = linalg::matvec(&hilbert, &[1.0; 8]);
    let x = solve(&hilbert, &b).unwrap();
    assert!(x.iter().all(|x| (x - 1.0).abs() < 1e-5), "{x:?}");
}

#[test]
fn numbers_that_are_none() {
    let bad = square(&[1.0, 2.0, f64::NAN, 4.0]);
    let index = |error: Error| match error {
        Error::NotFinite { index, .. } => index,
        other => panic!("{other}"),
    };
    assert_eq!(index(lu(&bad).unwrap_err()), 2);
    assert_eq!(index(cholesky(&bad).unwrap_err()), 2);
    assert_eq!(index(qr(&bad).unwrap_err()), 2);
    assert_eq!(index(eigh(&bad).unwrap_err()), 2);
    assert_eq!(index(svd(&bad).unwrap_err()), 2);
    assert_eq!(index(expm(&bad).unwrap_err()), 2);
    assert_eq!(index(sylvester(&bad, &bad, &bad).unwrap_err()), 2);
    assert_eq!(index(least_squares(&bad, &[1.0, 1.0]).unwrap_err()), 2);
    assert_eq!(index(expm(&square(&[1e5])).unwrap_err()), 0, "overflow");
}

#[test]
fn shapes() {
    let wide = Matrix::<f64>::zeros(2, 3);
    let message = lu(&wide).unwrap_err().to_string();
    assert_eq!(message, "lu: found 2 × 3, expected 2 × 2; the matrix must be square");
    assert!(matches!(cholesky(&wide), Err(Error::Shape { .. })));
    assert!(matches!(eigh(&wide), Err(Error::Shape { .. })));
    assert!(matches!(expm(&wide), Err(Error::Shape { .. })));
    assert!(matches!(sylvester(&wide, &wide, &wide), Err(Error::Shape { .. })));
    let one = linalg::identity::<f64>(1);
    assert!(matches!(
        solve(&one, &[1.0, 2.0]),
        Err(Error::Shape {
            found: (2, 1),
            expected: (1, 1),
            ..
        })
    ));
    assert!(matches!(least_squares(&one, &[]), Err(Error::Shape { .. })));
    assert!(matches!(
        solve_stack_into(&[1.0; 5], &[1.0], 2, &mut [0.0]),
        Err(Error::Shape { .. })
    ));
}

#[test]
#[should_panic(expected = "matmul: sizes do not fit: 1 × 1 and 2 × 2; the inner sizes must be equal")]
fn products_of_wrong_sizes_panic() {
    linalg::matmul(&linalg::identity::<f64>(1), &linalg::identity(2));
}

#[test]
fn empty_matrices() {
    let none = Matrix::<f64>::zeros(0, 0);
    assert_eq!(solve(&none, &[]).unwrap(), Vec::<f64>::new());
    assert_eq!(linalg::det(&none).unwrap(), 1.0);
    assert_eq!(cholesky(&none).unwrap().log_det(), 0.0);
    assert_eq!(eigh(&none).unwrap().values(), Vec::<f64>::new());
    assert_eq!(svd(&none).unwrap().values(), Vec::<f64>::new());
    assert_eq!(expm(&none).unwrap(), none);
    assert_eq!(qr(&none).unwrap(), (none.clone(), none.clone()));
}

#[test]
fn coinciding_values_have_no_vectors_with_derivatives() {
    let e = eigh(&linalg::identity::<f64>(3)).unwrap();
    assert_eq!(e.values(), [1.0; 3]);
    assert_eq!(e.vectors().unwrap_err(), Error::Degenerate { first: 0, second: 1 });
    assert_eq!(e.basis().rows(), 3);
    let f = svd(&linalg::identity::<f64>(2)).unwrap();
    assert_eq!(f.u().unwrap_err(), Error::Degenerate { first: 0, second: 1 });
    let f = svd(&Matrix::from_vec(2, 1, vec![0.0, 0.0])).unwrap();
    assert_eq!(f.u().unwrap_err(), Error::Degenerate { first: 0, second: 0 });
}

#[differentiable]
fn sum_of_squared_eigenvalues(x: &[f64]) -> f64 {
    let w = eigh(&matrix(x, 3, 3)).unwrap().values();
    w[0] * w[0] + w[1] * w[1] + w[2] * w[2]
}

#[test]
fn symmetric_functions_of_coinciding_eigenvalues_have_a_gradient() {
    // The sum of squares is tr A², with the gradient 2 A.
    let identity = linalg::identity::<f64>(3);
    let g = sum_of_squared_eigenvalues::grad(identity.as_slice()).x;
    for (g, expected) in g.iter().zip(identity.as_slice()) {
        assert!((g - 2.0 * expected).abs() < 1e-14, "{g} {expected}");
    }
}

/// Above the sizes at which faer takes over, so that its kernels are under the rules too.
#[differentiable]
fn large(x: &[f64], n: usize) -> Result<f64, Error> {
    let a = matrix(x, n, n);
    let f = lu(&a)?;
    let y = f.solve(&x[..n]);
    let mut positive = linalg::matmul_nt(&a, &a);
    for i in 0..n {
        positive[(i, i)] += 1.0;
    }
    let c = cholesky(&positive)?;
    let (q, r) = qr(&a)?;
    let e = eigh(&a)?;
    let s = svd(&a)?;
    let first = weighted_vector(&y) + weighted(&f.inverse()) / 100.0 + c.log_det() + weighted(&c.factors()) / 100.0;
    let second = weighted(&q) / 100.0 + weighted(&r) / 100.0 + weighted_vector(&e.values()) + weighted(&e.vectors()?) / 100.0;
    let third = weighted_vector(&s.values()) + weighted(&s.u()?) / 100.0 + weighted(&s.v()?) / 100.0;
    let fourth = weighted(&expm(&a)?) / 1e4 + weighted(&sylvester(&a, &linalg::matmul_nt(&a, &a), &a)?) / 100.0;
    Ok(first + second + third + fourth)
}

#[test]
fn large_matrices_forward_against_reverse() {
    let n = 30;
    let x: Vec<f64> = (0..n * n)
        .map(|k| ((k as f64 + 1.0).powi(2) * 0.754_877_666).fract() - 0.5 + if k % (n + 1) == 0 { 2.0 + (k / n) as f64 * 0.1 } else { 0.0 })
        .collect();
    let x_dot: Vec<f64> = (0..n * n).map(|k| ((k as f64 + 3.0).powi(2) * 0.381_966).fract() - 0.5).collect();
    let (y, y_dot) = large::jvp((&x, n), (&x_dot, ()));
    y.unwrap();
    let (_, pullback) = large::vjp(&x, n);
    let x_bar = pullback(Some(1.0)).x;
    let (forward, reverse) = (y_dot.unwrap(), x_bar.iter().zip(&x_dot).map(|(a, b)| a * b).sum::<f64>());
    // Two orders of summing 900 products, with vectors whose gaps are as small as 1e-2.
    let size: f64 = x_bar.iter().zip(&x_dot).map(|(a, b)| (a * b).abs()).sum();
    assert!((forward - reverse).abs() < 1e-10 * size, "{forward} {reverse} {size}");
    let at = |h: f64| {
        let moved: Vec<f64> = x.iter().zip(&x_dot).map(|(x, d)| x + h * d).collect();
        large(&moved, n).unwrap()
    };
    let difference = (at(1e-5) - at(-1e-5)) / 2e-5;
    assert!((forward - difference).abs() < 1e-5 * size, "{forward} {difference}");
}

#[differentiable(order = 2)]
fn stacks(x: &[f64]) -> f64 {
    let inverses = map_stack(|a: &Matrix<f64>| linalg::inverse(a), &x[..8], 2, 2).unwrap();
    let mut y = vec![0.0; 4];
    solve_stack_into(&x[..8], &x[2..6], 2, &mut y).unwrap();
    weighted_vector(&inverses) + weighted_vector(&y)
}

#[test]
fn stacks_have_derivatives_and_name_the_problem() {
    check_gradient!(order = 2; stacks, &[1.5, 0.2, -0.3, 1.1, 0.9, 0.4, 0.1, -1.3][..]);
    let singular = [1.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0];
    let error = solve_stack_into(&singular, &[1.0; 4], 2, &mut [0.0; 4]).unwrap_err();
    assert_eq!(
        error,
        Error::InStack {
            index: 1,
            error: Box::new(Error::Singular { pivot: 1 })
        }
    );
    let mut work = linalg::StackWork::default();
    let mut x = [0.0; 2];
    linalg::solve_stack_with(&mut work, &singular[..4], &[1.0, 2.0], 2, &mut x).unwrap();
    assert_eq!(x, [1.0, 2.0]);
}
