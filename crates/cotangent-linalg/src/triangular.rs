//! Triangular systems.

use crate::kernel::product::multiply_add;
use crate::kernel::substitution::Kind;
use crate::product::{operand, transposed};
use crate::{matmul, matmul_tn, subtract};
use cotangent_core::{Matrix, Real, Tangent};
use cotangent_macros::derivative;

/// `op(T)⁻¹ B`, where the diagonal is known to have no zeros. `T` is row-major: to the kernel, its transpose.
fn substitute<T: Real>(t: &Matrix<T>, b: &Matrix<T>, upper: bool, is_transposed: bool, unit: bool) -> Matrix<T> {
    let mut x = b.clone();
    let seen = Kind {
        upper: !upper,
        transposed: !is_transposed,
        unit,
    };
    crate::kernel::substitution::solve_matrix(t.as_slice(), t.rows(), seen, x.as_mut_slice(), b.cols());
    x
}

/// What of a matrix takes part.
#[derivative(order = 2, crate = cotangent_core)]
impl triangle {
    pub(crate) fn value<T: Real>(a: &Matrix<T>, upper: bool, unit: bool) -> Matrix<T> {
        let counts = |i: usize, j: usize| if i == j { !unit } else { (j > i) == upper };
        Matrix::from_fn(a.rows(), a.cols(), |i, j| if counts(i, j) { a[(i, j)] } else { T::ZERO })
    }

    fn transpose<T: Real>(y_bar: &Matrix<T>, upper: bool, unit: bool, a_bar: &mut Matrix<T>) {
        a_bar.accumulate(&triangle(y_bar, upper, unit));
    }
}

// X = op(T)⁻¹ B: X_dot = op(T)⁻¹ (B_dot − op(T_dot) X); with G = op(T)⁻ᵀ X_bar, B_bar += G and T_bar −= G Xᵀ, or X Gᵀ for the
// transpose, in the triangle. Giles (2008), 2.3.1.
#[derivative(of = substitute, order = 2, crate = cotangent_core)]
impl solve_unchecked {
    fn jvp<T: Real>(
        t: &Matrix<T>,
        t_dot: &Matrix<T>,
        b: &Matrix<T>,
        b_dot: &Matrix<T>,
        upper: bool,
        is_transposed: bool,
        unit: bool,
    ) -> (Matrix<T>, Matrix<T>) {
        let x = solve_unchecked(t, b, upper, is_transposed, unit);
        let part = triangle(t_dot, upper, unit);
        let moved = if is_transposed { matmul_tn(&part, &x) } else { matmul(&part, &x) };
        let x_dot = solve_unchecked(t, &subtract(b_dot, &moved), upper, is_transposed, unit);
        (x, x_dot)
    }

    fn vjp<T: Real>(
        t: &Matrix<T>,
        b: &Matrix<T>,
        upper: bool,
        is_transposed: bool,
        unit: bool,
        x_bar: &Matrix<T>,
        t_bar: &mut Matrix<T>,
        b_bar: &mut Matrix<T>,
    ) {
        let x = substitute(t, b, upper, is_transposed, unit);
        let g = substitute(t, x_bar, upper, !is_transposed, unit);
        b_bar.accumulate(&g);
        let (left, right) = if is_transposed { (&x, &g) } else { (&g, &x) };
        let mut outer = Matrix::zeros(t.rows(), t.cols());
        multiply_add(outer.as_mut_slice(), -T::ONE, operand(left), transposed(right));
        t_bar.accumulate(&triangle(&outer, upper, unit));
    }
}
