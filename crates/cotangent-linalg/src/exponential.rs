//! The matrix exponential.

use crate::kernel::product::add_scaled;
use crate::{Error, constant};
use cotangent_core::{Matrix, Real, Tangent};
use cotangent_macros::{derivative, differentiable};

/// `[[A, E], [0, A]]`.
#[derivative(order = 2, crate = cotangent_core)]
impl upper_blocks {
    pub(crate) fn value<T: Real>(a: &Matrix<T>, e: &Matrix<T>) -> Matrix<T> {
        let n = a.rows();
        Matrix::from_fn(2 * n, 2 * n, |i, j| match (i < n, j < n) {
            (true, true) => a[(i, j)],
            (false, false) => a[(i - n, j - n)],
            (true, false) => e[(i, j - n)],
            (false, true) => T::ZERO,
        })
    }

    fn transpose<T: Real>(y_bar: &Matrix<T>, a_bar: &mut Matrix<T>, e_bar: &mut Matrix<T>) {
        let n = a_bar.rows();
        for i in 0..n {
            for j in 0..n {
                a_bar[(i, j)] += y_bar[(i, j)] + y_bar[(n + i, n + j)];
                e_bar[(i, j)] += y_bar[(i, n + j)];
            }
        }
    }
}

/// The upper half of a matrix of blocks: the left one, or the right one.
#[derivative(order = 2, crate = cotangent_core)]
impl upper_block {
    pub(crate) fn value<T: Real>(y: &Matrix<T>, right: bool) -> Matrix<T> {
        let n = y.rows() / 2;
        let shift = if right { n } else { 0 };
        Matrix::from_fn(n, n, |i, j| y[(i, shift + j)])
    }

    fn transpose<T: Real>(b_bar: &Matrix<T>, right: bool, y_bar: &mut Matrix<T>) {
        let n = b_bar.rows();
        let shift = if right { n } else { 0 };
        for i in 0..n {
            add_scaled(&mut y_bar.row_mut(i)[shift..shift + n], T::ONE, b_bar.row(i));
        }
    }
}

/// A matrix times a number that is constant.
#[derivative(order = 2, crate = cotangent_core)]
impl times_constant {
    pub(crate) fn value<T: Real>(a: &Matrix<T>, factor: T) -> Matrix<T> {
        Matrix::from_fn(a.rows(), a.cols(), |i, j| factor * a[(i, j)])
    }

    fn transpose<T: Real>(y_bar: &Matrix<T>, factor: T, a_bar: &mut Matrix<T>) {
        add_scaled(a_bar.as_mut_slice(), factor, y_bar.as_slice());
    }
}

/// A power of two that brings `e` to the size of `a`: a large direction must not add halvings to the exponential.
fn common_size<T: Real>(a: &Matrix<T>, e: &Matrix<T>) -> T {
    let largest = |m: &Matrix<T>| m.iter().fold(0.0, |size: f64, x| size.max(x.abs().to_f64()));
    let ratio = largest(e) / largest(a).max(1.0);
    if ratio > 0.0 && ratio.is_finite() {
        T::from_f64(2f64.powf(-ratio.log2().ceil()))
    } else {
        T::ONE
    }
}

// L(A, E), the derivative of e^A along E, is the upper right block of e^[[A, E], [0, A]] (Najfeld and Havel 1995; Higham 2008, 3.6);
// its adjoint is L(Aᵀ, ·).
#[derivative(order = 2, crate = cotangent_core)]
impl expm_unchecked {
    pub(crate) fn value<T: Real>(a: &Matrix<T>) -> Matrix<T> {
        crate::kernel::expm::expm(a)
    }

    fn jvp<T: Real>(a: &Matrix<T>, a_dot: &Matrix<T>) -> (Matrix<T>, Matrix<T>) {
        let size = constant(common_size(a, a_dot));
        let y = expm_unchecked(&upper_blocks(a, &times_constant(a_dot, size)));
        (upper_block(&y, false), times_constant(&upper_block(&y, true), T::ONE / size))
    }

    fn vjp<T: Real>(a: &Matrix<T>, y_bar: &Matrix<T>, a_bar: &mut Matrix<T>) {
        let size = common_size(a, y_bar);
        let blocks = upper_blocks(&crate::transpose(a), &times_constant(y_bar, size));
        let y = crate::kernel::expm::expm(&blocks);
        a_bar.accumulate(&times_constant(&upper_block(&y, true), T::ONE / size));
    }
}

/// The matrix exponential, `e^A = I + A + A²/2 + …`.
///
/// Method: scaling and squaring with Padé approximants of degree up to 13 (Higham 2005).
///
/// Derivative: the upper right block of the exponential of `[[A, A_dot], [0, A]]` (Higham 2008, 3.6).
///
/// # Errors
/// [`Error::Shape`]; [`Error::NotFinite`], also where the result overflows.
///
/// ```
/// use cotangent_linalg::{Matrix, expm};
/// // A rotation by one radian.
/// let a = Matrix::from_vec(2, 2, vec![0.0, -1.0, 1.0, 0.0]);
/// assert!((expm(&a)?[(1, 0)] - 1f64.sin()).abs() < 1e-15);
/// # Ok::<(), cotangent_linalg::Error>(())
/// ```
#[differentiable(order = 2, crate = cotangent_core)]
pub fn expm<T: Real>(a: &Matrix<T>) -> Result<Matrix<T>, Error> {
    constant(Error::shape(
        "expm",
        (a.rows(), a.cols()),
        (a.rows(), a.rows()),
        "the matrix must be square",
    ))?;
    constant(Error::finite("expm", a.as_slice()))?;
    let y = expm_unchecked(a);
    constant(Error::finite("expm", y.as_slice()))?;
    Ok(y)
}
