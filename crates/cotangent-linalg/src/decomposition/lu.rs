//! LU decomposition, and what follows from it: solutions, determinants, inverses.

use crate::kernel::lu::factor;
use crate::kernel::product::{add_scaled, multiply_add};
use crate::kernel::substitution::{Kind, solve_matrix as substitute_matrix, solve_vector};
use crate::product::subtract_vectors;
use crate::product::{add_outer, operand, transposed};
use crate::triangular::{solve_unchecked, triangle};
use crate::{Error, constant, matmul, matmul_nt, matmul_tn, matvec, matvec_t, subtract, trace, transpose};
use cotangent_core::{Matrix, Real, Tangent};
use cotangent_macros::{derivative, differentiable};

const LOWER: Kind = Kind {
    upper: false,
    transposed: false,
    unit: true,
};
const UPPER: Kind = Kind {
    upper: true,
    transposed: false,
    unit: false,
};

fn transpose_of(kind: Kind) -> Kind {
    Kind {
        transposed: !kind.transposed,
        ..kind
    }
}

/// A square matrix `A` as `P A = L U`; [`lu`](fn@lu) makes it. Its tangent is that of `A`.
#[derive(Clone, Debug, PartialEq)]
pub struct Lu<T> {
    /// `L` below the diagonal and `U`, column-major.
    factors: Vec<T>,
    /// Row `i` of `L U` is row `order[i]` of `A`.
    order: Vec<usize>,
    inverse: Vec<usize>,
    odd: bool,
}

tangent_of_matrix!(Lu, |this| (this.size(), this.size()));

impl<T: Real> Default for Lu<T> {
    fn default() -> Self {
        Self::empty()
    }
}

impl<T: Real> Lu<T> {
    /// The decomposition of the 0 × 0 matrix, to be overwritten by [`factor`](Self::factor).
    pub fn empty() -> Self {
        Lu {
            factors: vec![],
            order: vec![],
            inverse: vec![],
            odd: false,
        }
    }

    /// The permutation: row `i` of `L U` is row `order()[i]` of `A`.
    pub fn order(&self) -> &[usize] {
        &self.order
    }

    /// The number of rows and columns.
    pub fn size(&self) -> usize {
        self.order.len()
    }

    /// Decomposes `a` in place of what this held; allocates nothing if that was as large.
    ///
    /// # Errors
    /// Those of [`lu`](fn@lu). After one, the decomposition must not be used.
    pub fn factor(&mut self, a: &Matrix<T>) -> Result<(), Error> {
        let n = a.rows();
        Error::shape("lu", (n, a.cols()), (n, n), "the matrix must be square")?;
        Error::finite("lu", a.as_slice())?;
        self.factors.resize(n * n, T::ZERO);
        self.order.resize(n, 0);
        self.inverse.resize(n, 0);
        crate::kernel::transpose(a.as_slice(), n, n, &mut self.factors);
        self.odd = factor(&mut self.factors, n, &mut self.order, &mut self.inverse)?;
        Ok(())
    }

    /// Writes the solution of `A x = b` to `x`. Allocates nothing.
    ///
    /// # Panics
    /// If `b` or `x` have not as many numbers as the matrix has rows.
    pub fn solve_into(&self, b: &[T], x: &mut [T]) {
        self.fits("Lu::solve", b.len());
        self.fits("Lu::solve", x.len());
        for (x, row) in x.iter_mut().zip(&self.order) {
            *x = b[*row];
        }
        solve_vector(&self.factors, self.size(), LOWER, x);
        solve_vector(&self.factors, self.size(), UPPER, x);
    }

    /// Replaces `x` by the solution of `Aᵀ y = x`.
    fn solve_t_in_place(&self, x: &mut [T], out: &mut [T]) {
        solve_vector(&self.factors, self.size(), transpose_of(UPPER), x);
        solve_vector(&self.factors, self.size(), transpose_of(LOWER), x);
        for (x, row) in x.iter().zip(&self.order) {
            out[*row] = *x;
        }
    }

    #[track_caller]
    fn fits(&self, operation: &'static str, found: usize) {
        if found != self.size() {
            let n = self.size();
            panic!("{operation}: found {found} rows, expected {n}; the matrix is {n} × {n}");
        }
    }

    fn abs_log_and_sign(&self) -> (T, T) {
        let n = self.size();
        let (mut log, mut sign) = (T::ZERO, if self.odd { -T::ONE } else { T::ONE });
        for k in 0..n {
            let pivot = self.factors[k * n + k];
            log += pivot.abs().ln();
            sign *= pivot.signum();
        }
        (log, sign)
    }
}

fn lu_value<T: Real>(a: &Matrix<T>) -> Result<Lu<T>, Error> {
    let mut lu = Lu::empty();
    lu.factor(a)?;
    Ok(lu)
}

/// The LU decomposition with partial pivoting of a square matrix.
///
/// Derivative: the tangent of the decomposition is that of the matrix, so this is the identity.
///
/// # Errors
/// [`Error::Singular`] with the first pivot that is zero to working precision, [`Error::NotFinite`], [`Error::Shape`].
///
/// # Cost
/// 2/3 n³ operations.
///
/// ```
/// use cotangent_linalg::{Matrix, lu};
/// let a = Matrix::from_vec(2, 2, vec![0.0, 2.0, 1.0, 1.0]);
/// let lu = lu(&a)?;
/// assert_eq!(lu.solve(&[2.0, 3.0]), [2.0, 1.0]);
/// assert_eq!(lu.det(), -2.0);
/// # Ok::<(), cotangent_linalg::Error>(())
/// ```
#[derivative(of = lu_value, order = 2, crate = cotangent_core)]
impl lu {
    fn jvp<T: Real>(a: &Matrix<T>, a_dot: &Matrix<T>) -> (Result<Lu<T>, Error>, Option<Matrix<T>>) {
        (lu(a), Some(a_dot.clone()))
    }

    fn vjp<T: Real>(a: &Matrix<T>, y_bar: &Option<Matrix<T>>, a_bar: &mut Matrix<T>) {
        let _ = a;
        if let Some(y_bar) = y_bar {
            a_bar.accumulate(y_bar);
        }
    }
}

// A x = b: x_dot = A⁻¹ (b_dot − A_dot x); b_bar += A⁻ᵀ x_bar, A_bar −= (A⁻ᵀ x_bar) xᵀ. Giles (2008), 2.3.1.
#[derivative(order = 2, crate = cotangent_core)]
impl lu_solve {
    pub(crate) fn value<T: Real>(lu: &Lu<T>, b: &[T]) -> Vec<T> {
        let mut x = vec![T::ZERO; b.len()];
        lu.solve_into(b, &mut x);
        x
    }

    fn jvp<T: Real>(lu: &Lu<T>, lu_dot: &Matrix<T>, b: &[T], b_dot: &[T]) -> (Vec<T>, Vec<T>) {
        let x = lu_solve(lu, b);
        let rest = subtract_vectors(b_dot, &matvec(lu_dot, &x));
        let x_dot = lu_solve(lu, &rest);
        (x, x_dot)
    }

    fn vjp<T: Real>(lu: &Lu<T>, b: &[T], x_bar: &[T], lu_bar: &mut Matrix<T>, b_bar: &mut [T]) {
        let (x, g) = (lu_solve(lu, b), lu_solve_t(lu, x_bar));
        add_scaled(b_bar, T::ONE, &g);
        add_outer(lu_bar, -T::ONE, &g, &x);
    }
}

// Aᵀ x = b.
#[derivative(order = 2, crate = cotangent_core)]
impl lu_solve_t {
    pub(crate) fn value<T: Real>(lu: &Lu<T>, b: &[T]) -> Vec<T> {
        lu.fits("Lu::solve_t", b.len());
        let mut x = vec![T::ZERO; b.len()];
        lu.solve_t_in_place(&mut b.to_vec(), &mut x);
        x
    }

    fn jvp<T: Real>(lu: &Lu<T>, lu_dot: &Matrix<T>, b: &[T], b_dot: &[T]) -> (Vec<T>, Vec<T>) {
        let x = lu_solve_t(lu, b);
        let rest = subtract_vectors(b_dot, &matvec_t(lu_dot, &x));
        let x_dot = lu_solve_t(lu, &rest);
        (x, x_dot)
    }

    fn vjp<T: Real>(lu: &Lu<T>, b: &[T], x_bar: &[T], lu_bar: &mut Matrix<T>, b_bar: &mut [T]) {
        let (x, g) = (lu_solve_t(lu, b), lu_solve(lu, x_bar));
        add_scaled(b_bar, T::ONE, &g);
        add_outer(lu_bar, -T::ONE, &x, &g);
    }
}

fn solve_columns<T: Real>(lu: &Lu<T>, b: &Matrix<T>) -> Matrix<T> {
    lu.fits("Lu::solve_matrix", b.rows());
    let (n, m) = (lu.size(), b.cols());
    let mut x = Matrix::from_fn(n, m, |i, j| b[(lu.order[i], j)]);
    substitute_matrix(&lu.factors, n, LOWER, x.as_mut_slice(), m);
    substitute_matrix(&lu.factors, n, UPPER, x.as_mut_slice(), m);
    x
}

/// `A⁻ᵀ b`.
fn solve_columns_t<T: Real>(lu: &Lu<T>, b: &Matrix<T>) -> Matrix<T> {
    let (n, m) = (lu.size(), b.cols());
    let mut x = b.clone();
    substitute_matrix(&lu.factors, n, transpose_of(UPPER), x.as_mut_slice(), m);
    substitute_matrix(&lu.factors, n, transpose_of(LOWER), x.as_mut_slice(), m);
    Matrix::from_fn(n, m, |i, j| x[(lu.inverse[i], j)])
}

// A X = B, as for vectors.
#[derivative(order = 2, crate = cotangent_core)]
impl lu_solve_matrix {
    pub(crate) fn value<T: Real>(lu: &Lu<T>, b: &Matrix<T>) -> Matrix<T> {
        solve_columns(lu, b)
    }

    fn jvp<T: Real>(lu: &Lu<T>, lu_dot: &Matrix<T>, b: &Matrix<T>, b_dot: &Matrix<T>) -> (Matrix<T>, Matrix<T>) {
        let x = lu_solve_matrix(lu, b);
        let rest = subtract(b_dot, &matmul(lu_dot, &x));
        let x_dot = lu_solve_matrix(lu, &rest);
        (x, x_dot)
    }

    fn vjp<T: Real>(lu: &Lu<T>, b: &Matrix<T>, x_bar: &Matrix<T>, lu_bar: &mut Matrix<T>, b_bar: &mut Matrix<T>) {
        let (x, g) = (solve_columns(lu, b), solve_columns_t(lu, x_bar));
        b_bar.accumulate(&g);
        multiply_add(lu_bar.as_mut_slice(), -T::ONE, operand(&g), transposed(&x));
    }
}

/// The identity matrix.
///
/// ```
/// assert_eq!(cotangent_linalg::identity::<f64>(2).as_slice(), [1.0, 0.0, 0.0, 1.0]);
/// ```
pub fn identity<T: Real>(n: usize) -> Matrix<T> {
    Matrix::from_fn(n, n, |i, j| if i == j { T::ONE } else { T::ZERO })
}

// X = A⁻¹: X_dot = −X A_dot X; A_bar −= Xᵀ X_bar Xᵀ. Giles (2008), 2.2.3.
#[derivative(order = 2, crate = cotangent_core)]
impl lu_inverse {
    pub(crate) fn value<T: Real>(lu: &Lu<T>) -> Matrix<T> {
        solve_columns(lu, &identity(lu.size()))
    }

    fn jvp<T: Real>(lu: &Lu<T>, lu_dot: &Matrix<T>) -> (Matrix<T>, Matrix<T>) {
        let x = lu_inverse(lu);
        let x_dot = subtract(&Matrix::zeros(x.rows(), x.rows()), &matmul(&x, &matmul(lu_dot, &x)));
        (x, x_dot)
    }

    fn vjp<T: Real>(lu: &Lu<T>, x_bar: &Matrix<T>, lu_bar: &mut Matrix<T>) {
        let x = lu_inverse(lu);
        let product = crate::matmul_tn(&x, x_bar);
        multiply_add(lu_bar.as_mut_slice(), -T::ONE, operand(&product), transposed(&x));
    }
}

// y = ln |det A|: y_dot = tr(A⁻¹ A_dot); A_bar += y_bar A⁻ᵀ. Giles (2008), 2.2.4.
#[derivative(order = 2, crate = cotangent_core)]
impl lu_log_abs_det {
    pub(crate) fn value<T: Real>(lu: &Lu<T>) -> T {
        lu.abs_log_and_sign().0
    }

    fn jvp<T: Real>(lu: &Lu<T>, lu_dot: &Matrix<T>) -> (T, T) {
        (lu_log_abs_det(lu), trace(&lu_solve_matrix(lu, lu_dot)))
    }

    fn vjp<T: Real>(lu: &Lu<T>, y_bar: T, lu_bar: &mut Matrix<T>) {
        let inverse = solve_columns_t(lu, &identity(lu.size()));
        add_scaled(lu_bar.as_mut_slice(), y_bar, inverse.as_slice());
    }
}

// y = det A: y_dot = y tr(A⁻¹ A_dot); A_bar += y_bar y A⁻ᵀ. Giles (2008), 2.2.4.
#[derivative(order = 2, crate = cotangent_core)]
impl lu_det {
    pub(crate) fn value<T: Real>(lu: &Lu<T>) -> T {
        let n = lu.size();
        let sign = if lu.odd { -T::ONE } else { T::ONE };
        sign * (0..n).map(|k| lu.factors[k * n + k]).product::<T>()
    }

    fn jvp<T: Real>(lu: &Lu<T>, lu_dot: &Matrix<T>) -> (T, T) {
        let y = lu_det(lu);
        (y, y * trace(&lu_solve_matrix(lu, lu_dot)))
    }

    fn vjp<T: Real>(lu: &Lu<T>, y_bar: T, lu_bar: &mut Matrix<T>) {
        let inverse = solve_columns_t(lu, &identity(lu.size()));
        add_scaled(lu_bar.as_mut_slice(), y_bar * lu_det(lu), inverse.as_slice());
    }
}

/// `P A`.
#[derivative(order = 2, crate = cotangent_core)]
impl lu_rows {
    pub(crate) fn value<T: Real>(lu: &Lu<T>, a: &Matrix<T>) -> Matrix<T> {
        Matrix::from_fn(a.rows(), a.cols(), |i, j| a[(lu.order[i], j)])
    }

    // The permutation does not change with the matrix.
    #[allow(unused_variables)]
    fn jvp<T: Real>(lu: &Lu<T>, lu_dot: &Matrix<T>, a: &Matrix<T>, a_dot: &Matrix<T>) -> (Matrix<T>, Matrix<T>) {
        (lu_rows(lu, a), lu_rows(lu, a_dot))
    }

    fn vjp<T: Real>(lu: &Lu<T>, a: &Matrix<T>, y_bar: &Matrix<T>, lu_bar: &mut Matrix<T>, a_bar: &mut Matrix<T>) {
        let _ = (a, lu_bar);
        for (i, row) in lu.order.iter().enumerate() {
            add_scaled(a_bar.row_mut(*row), T::ONE, y_bar.row(i));
        }
    }
}

/// `M = L⁻¹ P A_dot U⁻¹`.
#[differentiable(order = 2, crate = cotangent_core)]
fn between<T: Real>(l: &Matrix<T>, u: &Matrix<T>, moved: &Matrix<T>) -> Matrix<T> {
    let left = solve_unchecked(l, moved, false, false, true);
    transpose(&solve_unchecked(u, &transpose(&left), true, true, false))
}

/// `Pᵀ L⁻ᵀ M_bar U⁻ᵀ`.
fn outside<T: Real>(lu: &Lu<T>, m_bar: &Matrix<T>) -> Matrix<T> {
    let (l, u) = (lu_lower(lu), lu_upper(lu));
    let left = solve_unchecked(&l, m_bar, false, true, true);
    let both = transpose(&solve_unchecked(&u, &transpose(&left), true, false, false));
    Matrix::from_fn(both.rows(), both.cols(), |i, j| both[(lu.inverse[i], j)])
}

// With M = L⁻¹ P A_dot U⁻¹: L_dot = L tril(M), strictly, U_dot = triu(M) U. Reverse: M_bar is the strictly lower part of Lᵀ L_bar and the
// upper part of U_bar Uᵀ; A_bar = Pᵀ L⁻ᵀ M_bar U⁻ᵀ. de Hoog, Anderssen and Lukas (2011).
#[derivative(order = 2, crate = cotangent_core)]
impl lu_lower {
    pub(crate) fn value<T: Real>(lu: &Lu<T>) -> Matrix<T> {
        let n = lu.size();
        Matrix::from_fn(n, n, |i, j| match i.cmp(&j) {
            std::cmp::Ordering::Greater => lu.factors[j * n + i],
            std::cmp::Ordering::Equal => T::ONE,
            std::cmp::Ordering::Less => T::ZERO,
        })
    }

    fn jvp<T: Real>(lu: &Lu<T>, lu_dot: &Matrix<T>) -> (Matrix<T>, Matrix<T>) {
        let l = lu_lower(lu);
        let m = between(&l, &lu_upper(lu), &lu_rows(lu, lu_dot));
        let l_dot = matmul(&l, &triangle(&m, false, true));
        (l, l_dot)
    }

    fn vjp<T: Real>(lu: &Lu<T>, l_bar: &Matrix<T>, lu_bar: &mut Matrix<T>) {
        let m_bar = triangle(&matmul_tn(&lu_lower(lu), &triangle(l_bar, false, true)), false, true);
        lu_bar.accumulate(&outside(lu, &m_bar));
    }
}

#[derivative(order = 2, crate = cotangent_core)]
impl lu_upper {
    pub(crate) fn value<T: Real>(lu: &Lu<T>) -> Matrix<T> {
        let n = lu.size();
        Matrix::from_fn(n, n, |i, j| if i <= j { lu.factors[j * n + i] } else { T::ZERO })
    }

    fn jvp<T: Real>(lu: &Lu<T>, lu_dot: &Matrix<T>) -> (Matrix<T>, Matrix<T>) {
        let u = lu_upper(lu);
        let m = between(&lu_lower(lu), &u, &lu_rows(lu, lu_dot));
        let u_dot = matmul(&triangle(&m, true, false), &u);
        (u, u_dot)
    }

    fn vjp<T: Real>(lu: &Lu<T>, u_bar: &Matrix<T>, lu_bar: &mut Matrix<T>) {
        let m_bar = triangle(&matmul_nt(&triangle(u_bar, true, false), &lu_upper(lu)), true, false);
        lu_bar.accumulate(&outside(lu, &m_bar));
    }
}

#[differentiable(order = 2, crate = cotangent_core)]
impl<T: Real> Lu<T> {
    /// The unit lower triangular `L` of `P A = L U`.
    ///
    /// Derivative: de Hoog, Anderssen and Lukas (2011).
    pub fn lower(&self) -> Matrix<T> {
        lu_lower(self)
    }

    /// The upper triangular `U` of `P A = L U`.
    pub fn upper(&self) -> Matrix<T> {
        lu_upper(self)
    }

    /// The solution of `A x = b`.
    ///
    /// # Panics
    /// If `b` has not as many numbers as the matrix has rows.
    pub fn solve(&self, b: &[T]) -> Vec<T> {
        lu_solve(self, b)
    }

    /// The solution of `Aᵀ x = b`.
    ///
    /// # Panics
    /// If `b` has not as many numbers as the matrix has rows.
    pub fn solve_t(&self, b: &[T]) -> Vec<T> {
        lu_solve_t(self, b)
    }

    /// The solution of `A X = B`.
    ///
    /// # Panics
    /// If `B` has not as many rows as the matrix.
    pub fn solve_matrix(&self, b: &Matrix<T>) -> Matrix<T> {
        lu_solve_matrix(self, b)
    }

    /// The inverse. To solve a system, [`solve`](Self::solve) is faster and more accurate.
    pub fn inverse(&self) -> Matrix<T> {
        lu_inverse(self)
    }

    /// The determinant. It may overflow; [`log_abs_det`](Self::log_abs_det) does not.
    pub fn det(&self) -> T {
        lu_det(self)
    }

    /// The logarithm of the absolute value of the determinant.
    pub fn log_abs_det(&self) -> T {
        lu_log_abs_det(self)
    }
}

/// The solution of `A x = b`.
///
/// Shapes: `A` is n × n, `b` and the result have n numbers.
///
/// Derivative: `x_dot = A⁻¹ (b_dot − A_dot x)`; `b_bar += A⁻ᵀ x_bar`, `A_bar −= (A⁻ᵀ x_bar) xᵀ` (Giles 2008, 2.3.1). One
/// decomposition serves both sweeps.
///
/// # Errors
/// Those of [`lu`](fn@lu), and [`Error::Shape`] if `b` has another length.
///
/// ```
/// use cotangent_linalg::{Matrix, solve};
/// let a = Matrix::from_vec(2, 2, vec![2.0, 1.0, 0.0, 4.0]);
/// assert_eq!(solve(&a, &[4.0, 8.0])?, [1.0, 2.0]);
/// # Ok::<(), cotangent_linalg::Error>(())
/// ```
#[differentiable(order = 2, crate = cotangent_core)]
pub fn solve<T: Real>(a: &Matrix<T>, b: &[T]) -> Result<Vec<T>, Error> {
    let f = lu(a)?;
    constant(Error::shape(
        "solve",
        (b.len(), 1),
        (a.rows(), 1),
        "the right-hand side needs a number for each row",
    ))?;
    Ok(lu_solve(&f, b))
}

/// The solution of `A X = B`, a column for each column of `B`.
///
/// # Errors
/// Those of [`lu`](fn@lu), and [`Error::Shape`] if `B` has another number of rows.
#[differentiable(order = 2, crate = cotangent_core)]
pub fn solve_matrix<T: Real>(a: &Matrix<T>, b: &Matrix<T>) -> Result<Matrix<T>, Error> {
    let f = lu(a)?;
    constant(Error::shape(
        "solve_matrix",
        (b.rows(), b.cols()),
        (a.rows(), b.cols()),
        "the right-hand side needs a row for each row",
    ))?;
    Ok(lu_solve_matrix(&f, b))
}

/// The inverse. To solve a system, [`solve`](fn@solve) is faster and more accurate.
///
/// Derivative: `X_dot = −X A_dot X` (Giles 2008, 2.2.3).
///
/// # Errors
/// Those of [`lu`](fn@lu).
#[differentiable(order = 2, crate = cotangent_core)]
pub fn inverse<T: Real>(a: &Matrix<T>) -> Result<Matrix<T>, Error> {
    let f = lu(a)?;
    Ok(lu_inverse(&f))
}

/// The determinant. It may overflow; [`log_det`](fn@log_det) does not.
///
/// Derivative: `y_dot = y tr(A⁻¹ A_dot)` (Giles 2008, 2.2.4).
///
/// # Errors
/// Those of [`lu`](fn@lu): where the determinant is zero to working precision, the pivot says which column depends on others.
#[differentiable(order = 2, crate = cotangent_core)]
pub fn det<T: Real>(a: &Matrix<T>) -> Result<T, Error> {
    let f = lu(a)?;
    Ok(lu_det(&f))
}

/// The logarithm of the absolute value of the determinant.
///
/// Derivative: `y_dot = tr(A⁻¹ A_dot)` (Giles 2008, 2.2.4).
///
/// # Errors
/// Those of [`lu`](fn@lu).
///
/// ```
/// use cotangent_linalg::{Matrix, log_det};
/// let a = Matrix::from_vec(2, 2, vec![0.0, 2.0, 1.0, 1.0]);
/// assert_eq!(log_det(&a)?, 2f64.ln());
/// # Ok::<(), cotangent_linalg::Error>(())
/// ```
#[differentiable(order = 2, crate = cotangent_core)]
pub fn log_det<T: Real>(a: &Matrix<T>) -> Result<T, Error> {
    let f = lu(a)?;
    Ok(lu_log_abs_det(&f))
}
