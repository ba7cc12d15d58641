//! QR, symmetric eigenvalues and singular values by faer, with fixed signs; all matrices row-major.

use crate::Error;
use crate::native::{Native, by_float, rows};
use cotangent_core::{Matrix, Real};
use faer::{MatRef, Side};

fn owned<E: Native, T: Real>(a: MatRef<'_, E>) -> Matrix<T> {
    let mut y = Matrix::zeros(a.nrows(), a.ncols());
    for i in 0..a.nrows() {
        for (j, y) in E::of_mut(y.row_mut(i)).iter_mut().enumerate() {
            *y = a[(i, j)];
        }
    }
    y
}

/// Thin `Q` and `R` with no negative number on the diagonal of `R`, which makes them unique.
pub(crate) fn qr<T: Real>(a: &Matrix<T>) -> (Matrix<T>, Matrix<T>) {
    let (m, n) = (a.rows(), a.cols());
    if m == 0 || n == 0 {
        return (Matrix::zeros(m, 0), Matrix::zeros(0, n));
    }
    let (mut q, mut r) = by_float!(T as E => {
        let qr = rows(E::of(a.as_slice()), a.rows(), a.cols()).qr();
        (owned::<E, T>(qr.compute_thin_Q().as_ref()), owned::<E, T>(qr.thin_R()))
    });
    for k in 0..r.rows() {
        if r[(k, k)] < T::ZERO {
            r.row_mut(k).iter_mut().for_each(|x| *x = -*x);
            flip_column(&mut q, k);
        }
    }
    // Below the diagonal faer leaves what it pleases.
    for i in 1..r.rows() {
        r.row_mut(i)[..i].fill(T::ZERO);
    }
    (q, r)
}

/// Eigenvalues from the smallest, and in the columns of a matrix their vectors, of which the largest component is positive.
pub(crate) fn eigh<T: Real>(a: &Matrix<T>) -> Result<(Vec<T>, Matrix<T>), Error> {
    if a.rows() == 0 {
        return Ok((vec![], a.clone()));
    }
    let found = by_float!(T as E => {
        rows(E::of(a.as_slice()), a.rows(), a.cols()).self_adjoint_eigen(Side::Lower).ok().map(|eigen| {
            let values = eigen.S().column_vector();
            let values: Vec<T> = (0..a.rows()).map(|i| T::from_f64(Real::to_f64(values[i]))).collect();
            (values, owned::<E, T>(eigen.U()))
        })
    });
    let (values, mut vectors) = found.ok_or(no_convergence("eigh"))?;
    for j in 0..vectors.cols() {
        if vectors[(largest(&vectors, j), j)] < T::ZERO {
            flip_column(&mut vectors, j);
        }
    }
    Ok((values, vectors))
}

/// Thin `U`, singular values from the largest, and thin `V`; the largest component of each column of `U` is positive.
#[allow(clippy::type_complexity)]
pub(crate) fn svd<T: Real>(a: &Matrix<T>) -> Result<(Matrix<T>, Vec<T>, Matrix<T>), Error> {
    if a.rows() == 0 || a.cols() == 0 {
        return Ok((Matrix::zeros(a.rows(), 0), vec![], Matrix::zeros(a.cols(), 0)));
    }
    let found = by_float!(T as E => {
        rows(E::of(a.as_slice()), a.rows(), a.cols()).thin_svd().ok().map(|svd| {
            let values = svd.S().column_vector();
            let values: Vec<T> = (0..values.nrows()).map(|i| T::from_f64(Real::to_f64(values[i]))).collect();
            (owned::<E, T>(svd.U()), values, owned::<E, T>(svd.V()))
        })
    });
    let (mut u, values, mut v) = found.ok_or(no_convergence("svd"))?;
    for j in 0..u.cols() {
        if u[(largest(&u, j), j)] < T::ZERO {
            flip_column(&mut u, j);
            flip_column(&mut v, j);
        }
    }
    Ok((u, values, v))
}

fn no_convergence(operation: &'static str) -> Error {
    Error::NoConvergence {
        operation,
        steps: 0,
        residual: f64::NAN,
    }
}

fn flip_column<T: Real>(a: &mut Matrix<T>, j: usize) {
    for i in 0..a.rows() {
        a[(i, j)] = -a[(i, j)];
    }
}

/// The row of the component of the largest size in a column. Of several that are equal up to rounding the first, so that symmetry does
/// not leave the sign to chance.
fn largest<T: Real>(a: &Matrix<T>, j: usize) -> usize {
    let size = |i: usize| a[(i, j)].abs();
    let most = (0..a.rows()).map(size).fold(T::ZERO, T::max);
    let near = most * (T::ONE - T::from_f64(100.0) * T::EPSILON);
    (0..a.rows()).find(|&i| size(i) >= near).unwrap_or(0)
}
