//! Triangular systems.

use crate::kernel::product::multiply_add;
use crate::kernel::substitution::Kind;
use crate::product::{operand, transposed};
use crate::{Error, constant, matmul, matmul_tn, subtract};
use cotangent_core::{Differentiable, Matrix, Real, Tangent};
use cotangent_macros::{derivative, differentiable};

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

/// Which triangle of a matrix holds the system, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Triangle {
    /// The lower one.
    Lower,
    /// The upper one.
    Upper,
    /// The transpose of the lower one.
    LowerTransposed,
    /// The transpose of the upper one.
    UpperTransposed,
}

/// A choice carries no derivative.
impl Differentiable for Triangle {
    type Tangent = ();

    fn zero_tangent(&self) {}

    fn visit_leaves<V: cotangent_core::Visitor>(&self, _: &mut V) {}

    fn visit_leaves_mut<V: cotangent_core::VisitorMut>(&mut self, _: &mut V) {}

    fn zip_tangent<Z: cotangent_core::Zip>(&mut self, (): &(), _: &mut Z) {}
}

impl Triangle {
    fn is_upper(self) -> bool {
        matches!(self, Triangle::Upper | Triangle::UpperTransposed)
    }

    fn is_transposed(self) -> bool {
        matches!(self, Triangle::LowerTransposed | Triangle::UpperTransposed)
    }
}

/// The solution `X` of `T X = B` or `Tᵀ X = B` for a triangular `T`; what stands in the other triangle is not read.
///
/// Shapes: `T` is n × n, `B` and the result are n × m.
///
/// Derivative: `X_dot = T⁻¹ (B_dot − T_dot X)`; with `G = T⁻ᵀ X_bar`, `B_bar += G` and `T_bar −= G Xᵀ` in the triangle (Giles 2008, 2.3.1).
///
/// # Errors
/// [`Error::Singular`] with the first number on the diagonal that is zero (or too small to divide by), [`Error::NotFinite`],
/// [`Error::Shape`].
///
/// ```
/// use cotangent_linalg::{Matrix, Triangle, solve_triangular};
/// let t = Matrix::from_vec(2, 2, vec![2.0, 7.0, 1.0, 4.0]);
/// let b = Matrix::from_vec(2, 1, vec![2.0, 9.0]);
/// assert_eq!(solve_triangular(&t, &b, Triangle::Lower)?.as_slice(), [1.0, 2.0]);
/// # Ok::<(), cotangent_linalg::Error>(())
/// ```
#[differentiable(order = 2, crate = cotangent_core)]
pub fn solve_triangular<T: Real>(t: &Matrix<T>, b: &Matrix<T>, which: Triangle) -> Result<Matrix<T>, Error> {
    constant(check(t, b, &which))?;
    let (upper, is_transposed) = constant((which.is_upper(), which.is_transposed()));
    Ok(solve_unchecked(t, b, upper, is_transposed, false))
}

fn check<T: Real>(t: &Matrix<T>, b: &Matrix<T>, which: &Triangle) -> Result<(), Error> {
    let n = t.rows();
    Error::shape("solve_triangular", (n, t.cols()), (n, n), "the matrix must be square")?;
    Error::shape(
        "solve_triangular",
        (b.rows(), b.cols()),
        (n, b.cols()),
        "the right-hand side needs a row for each row",
    )?;
    Error::finite("solve_triangular", triangle(t, which.is_upper(), false).as_slice())?;
    let small = |k: &usize| t[(*k, *k)].abs() < T::MIN_POSITIVE;
    match (0..n).find(small) {
        Some(pivot) => Err(Error::Singular { pivot }),
        None => Ok(()),
    }
}
