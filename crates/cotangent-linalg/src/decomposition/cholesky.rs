//! The Cholesky decomposition of a symmetric positive definite matrix, and what follows from it.

use crate::kernel::cholesky::factor;
use crate::kernel::product::{add_scaled, multiply_add};
use crate::kernel::substitution::{Kind, solve_matrix as substitute_matrix, solve_vector};
use crate::product::{add_outer, operand, subtract_vectors, transposed};
use crate::{Error, identity, matmul, matvec, subtract, symmetric_part, trace};
use cotangent_core::{Matrix, Real, Tangent};
use cotangent_macros::{derivative, differentiable};

const LOWER: Kind = Kind {
    upper: false,
    transposed: false,
    unit: false,
};
const LOWER_T: Kind = Kind {
    upper: false,
    transposed: true,
    unit: false,
};

/// A symmetric positive definite matrix `A` as `A = L Lᵀ`; [`cholesky`](fn@cholesky) makes it. Its tangent is that of `A`.
#[derive(Clone, Debug, PartialEq)]
pub struct Cholesky<T> {
    /// `L`, column-major; what is above the diagonal means nothing.
    factors: Vec<T>,
    /// The diagonal of `A`.
    diagonal: Vec<T>,
}

tangent_of_matrix!(Cholesky, |this| (this.size(), this.size()));

impl<T: Real> Default for Cholesky<T> {
    fn default() -> Self {
        Self::empty()
    }
}

impl<T: Real> Cholesky<T> {
    /// The decomposition of the 0 × 0 matrix, to be overwritten by [`factor`](Self::factor).
    pub fn empty() -> Self {
        Cholesky {
            factors: vec![],
            diagonal: vec![],
        }
    }

    /// The number of rows and columns.
    pub fn size(&self) -> usize {
        self.diagonal.len()
    }

    /// Decomposes the symmetric part of `a` in place of what this held; allocates nothing if that was as large.
    ///
    /// # Errors
    /// Those of [`cholesky`](fn@cholesky). After one, the decomposition must not be used.
    pub fn factor(&mut self, a: &Matrix<T>) -> Result<(), Error> {
        let n = a.rows();
        Error::shape("cholesky", (n, a.cols()), (n, n), "the matrix must be square")?;
        Error::finite("cholesky", a.as_slice())?;
        self.factors.resize(n * n, T::ZERO);
        self.diagonal.resize(n, T::ZERO);
        let half = T::from_f64(0.5);
        for j in 0..n {
            self.diagonal[j] = a[(j, j)];
            for (i, l) in self.factors[j * n..(j + 1) * n].iter_mut().enumerate().skip(j) {
                *l = half * (a[(i, j)] + a[(j, i)]);
            }
        }
        factor(&mut self.factors, n, &self.diagonal)
    }

    /// Writes the solution of `A x = b` to `x`. Allocates nothing.
    ///
    /// # Panics
    /// If `b` or `x` have not as many numbers as the matrix has rows.
    pub fn solve_into(&self, b: &[T], x: &mut [T]) {
        self.fits("Cholesky::solve", b.len());
        self.fits("Cholesky::solve", x.len());
        x.copy_from_slice(b);
        solve_vector(&self.factors, self.size(), LOWER, x);
        solve_vector(&self.factors, self.size(), LOWER_T, x);
    }

    #[track_caller]
    fn fits(&self, operation: &'static str, found: usize) {
        if found != self.size() {
            let n = self.size();
            panic!("{operation}: found {found} rows, expected {n}; the matrix is {n} × {n}");
        }
    }
}

fn cholesky_value<T: Real>(a: &Matrix<T>) -> Result<Cholesky<T>, Error> {
    let mut cholesky = Cholesky::empty();
    cholesky.factor(a)?;
    Ok(cholesky)
}

/// The Cholesky decomposition of a symmetric positive definite matrix.
///
/// It is that of the symmetric part `(A + Aᵀ) / 2`: rounding errors in one triangle do no harm, and gradients are symmetric.
///
/// Derivative: the tangent of the decomposition is that of the symmetric part.
///
/// # Errors
/// [`Error::NotPositiveDefinite`] with the first pivot that is not positive to working precision, [`Error::NotFinite`],
/// [`Error::Shape`].
///
/// # Cost
/// 1/3 n³ operations.
///
/// ```
/// use cotangent_linalg::{Error, Matrix, cholesky};
/// let a = Matrix::from_vec(2, 2, vec![4.0, 2.0, 2.0, 5.0]);
/// assert_eq!(cholesky(&a)?.factors().as_slice(), [2.0, 0.0, 1.0, 2.0]);
/// let a = Matrix::from_vec(2, 2, vec![1.0, 2.0, 2.0, 1.0]);
/// assert_eq!(cholesky(&a).unwrap_err(), Error::NotPositiveDefinite { pivot: 1 });
/// # Ok::<(), Error>(())
/// ```
#[derivative(of = cholesky_value, order = 2, crate = cotangent_core)]
impl cholesky {
    fn jvp<T: Real>(a: &Matrix<T>, a_dot: &Matrix<T>) -> (Result<Cholesky<T>, Error>, Option<Matrix<T>>) {
        (cholesky(a), Some(symmetric_part(a_dot)))
    }

    fn vjp<T: Real>(a: &Matrix<T>, y_bar: &Option<Matrix<T>>, a_bar: &mut Matrix<T>) {
        let _ = a;
        if let Some(y_bar) = y_bar {
            a_bar.accumulate(&symmetric_part(y_bar));
        }
    }
}

// A x = b, A symmetric: x_dot = A⁻¹ (b_dot − A_dot x); b_bar += A⁻¹ x_bar, A_bar −= (A⁻¹ x_bar) xᵀ. Giles (2008), 2.3.1.
#[derivative(order = 2, crate = cotangent_core)]
impl cholesky_solve {
    pub(crate) fn value<T: Real>(c: &Cholesky<T>, b: &[T]) -> Vec<T> {
        let mut x = vec![T::ZERO; b.len()];
        c.solve_into(b, &mut x);
        x
    }

    fn jvp<T: Real>(c: &Cholesky<T>, c_dot: &Matrix<T>, b: &[T], b_dot: &[T]) -> (Vec<T>, Vec<T>) {
        let x = cholesky_solve(c, b);
        let rest = subtract_vectors(b_dot, &matvec(c_dot, &x));
        let x_dot = cholesky_solve(c, &rest);
        (x, x_dot)
    }

    fn vjp<T: Real>(c: &Cholesky<T>, b: &[T], x_bar: &[T], c_bar: &mut Matrix<T>, b_bar: &mut [T]) {
        let (x, g) = (cholesky_solve(c, b), cholesky_solve(c, x_bar));
        add_scaled(b_bar, T::ONE, &g);
        add_outer(c_bar, -T::ONE, &g, &x);
    }
}

// A X = B, as for vectors.
#[derivative(order = 2, crate = cotangent_core)]
impl cholesky_solve_matrix {
    pub(crate) fn value<T: Real>(c: &Cholesky<T>, b: &Matrix<T>) -> Matrix<T> {
        c.fits("Cholesky::solve_matrix", b.rows());
        let mut x = b.clone();
        substitute_matrix(&c.factors, c.size(), LOWER, x.as_mut_slice(), b.cols());
        substitute_matrix(&c.factors, c.size(), LOWER_T, x.as_mut_slice(), b.cols());
        x
    }

    fn jvp<T: Real>(c: &Cholesky<T>, c_dot: &Matrix<T>, b: &Matrix<T>, b_dot: &Matrix<T>) -> (Matrix<T>, Matrix<T>) {
        let x = cholesky_solve_matrix(c, b);
        let rest = subtract(b_dot, &matmul(c_dot, &x));
        let x_dot = cholesky_solve_matrix(c, &rest);
        (x, x_dot)
    }

    fn vjp<T: Real>(c: &Cholesky<T>, b: &Matrix<T>, x_bar: &Matrix<T>, c_bar: &mut Matrix<T>, b_bar: &mut Matrix<T>) {
        let (x, g) = (cholesky_solve_matrix(c, b), cholesky_solve_matrix(c, x_bar));
        b_bar.accumulate(&g);
        multiply_add(c_bar.as_mut_slice(), -T::ONE, operand(&g), transposed(&x));
    }
}

// y = ln det A: y_dot = tr(A⁻¹ A_dot); A_bar += y_bar A⁻¹. Giles (2008), 2.2.4.
#[derivative(order = 2, crate = cotangent_core)]
impl cholesky_log_det {
    pub(crate) fn value<T: Real>(c: &Cholesky<T>) -> T {
        let n = c.size();
        (0..n).map(|k| T::from_f64(2.0) * c.factors[k * n + k].ln()).sum()
    }

    fn jvp<T: Real>(c: &Cholesky<T>, c_dot: &Matrix<T>) -> (T, T) {
        (cholesky_log_det(c), trace(&cholesky_solve_matrix(c, c_dot)))
    }

    fn vjp<T: Real>(c: &Cholesky<T>, y_bar: T, c_bar: &mut Matrix<T>) {
        let inverse = cholesky_solve_matrix(c, &identity(c.size()));
        add_scaled(c_bar.as_mut_slice(), y_bar, inverse.as_slice());
    }
}

// X = A⁻¹: X_dot = −X A_dot X; A_bar −= X X_bar X. Giles (2008), 2.2.3.
#[derivative(order = 2, crate = cotangent_core)]
impl cholesky_inverse {
    pub(crate) fn value<T: Real>(c: &Cholesky<T>) -> Matrix<T> {
        symmetric_part(&cholesky_solve_matrix(c, &identity(c.size())))
    }

    fn jvp<T: Real>(c: &Cholesky<T>, c_dot: &Matrix<T>) -> (Matrix<T>, Matrix<T>) {
        let x = cholesky_inverse(c);
        let x_dot = subtract(&Matrix::zeros(x.rows(), x.rows()), &matmul(&x, &matmul(c_dot, &x)));
        (x, x_dot)
    }

    fn vjp<T: Real>(c: &Cholesky<T>, x_bar: &Matrix<T>, c_bar: &mut Matrix<T>) {
        let x = cholesky_inverse(c);
        let product = matmul(&x, x_bar);
        multiply_add(c_bar.as_mut_slice(), -T::ONE, operand(&product), operand(&x));
    }
}

/// `L⁻¹ b`, or `L⁻ᵀ b`.
fn half_solve<T: Real>(c: &Cholesky<T>, kind: Kind, b: &Matrix<T>) -> Matrix<T> {
    let mut x = b.clone();
    substitute_matrix(&c.factors, c.size(), kind, x.as_mut_slice(), b.cols());
    x
}

/// The lower triangle with half of the diagonal; the derivative keeps the same half.
#[derivative(order = 2, crate = cotangent_core)]
impl lower_half {
    pub(crate) fn value<T: Real>(a: &Matrix<T>) -> Matrix<T> {
        let half = T::from_f64(0.5);
        Matrix::from_fn(a.rows(), a.cols(), |i, j| match i.cmp(&j) {
            std::cmp::Ordering::Less => T::ZERO,
            std::cmp::Ordering::Equal => half * a[(i, i)],
            std::cmp::Ordering::Greater => a[(i, j)],
        })
    }

    fn transpose<T: Real>(y_bar: &Matrix<T>, a_bar: &mut Matrix<T>) {
        a_bar.accumulate(&lower_half(y_bar));
    }
}

// L: L_dot = L Φ(L⁻¹ A_dot L⁻ᵀ), Φ the lower triangle with half of the diagonal; A_bar = L⁻ᵀ Φ(Lᵀ L_bar) L⁻¹, of which the
// symmetric part is taken where the decomposition is made. Murray (2016), equations 8 and 10.
#[derivative(order = 2, crate = cotangent_core)]
impl cholesky_factor {
    pub(crate) fn value<T: Real>(c: &Cholesky<T>) -> Matrix<T> {
        let n = c.size();
        Matrix::from_fn(n, n, |i, j| if i >= j { c.factors[j * n + i] } else { T::ZERO })
    }

    fn jvp<T: Real>(c: &Cholesky<T>, c_dot: &Matrix<T>) -> (Matrix<T>, Matrix<T>) {
        let l = cholesky_factor(c);
        let left = crate::triangular::solve_unchecked(&l, c_dot, false, false, false);
        let both = crate::triangular::solve_unchecked(&l, &crate::transpose(&left), false, false, false);
        let l_dot = matmul(&l, &lower_half(&both));
        (l, l_dot)
    }

    fn vjp<T: Real>(c: &Cholesky<T>, l_bar: &Matrix<T>, c_bar: &mut Matrix<T>) {
        let l = cholesky_factor(c);
        let inner = lower_half(&crate::matmul_tn(&l, l_bar));
        let left = half_solve(c, LOWER_T, &inner);
        let both = half_solve(c, LOWER_T, &crate::transpose(&left));
        c_bar.accumulate(&crate::transpose(&both));
    }
}

#[differentiable(order = 2, crate = cotangent_core)]
impl<T: Real> Cholesky<T> {
    /// The solution of `A x = b`.
    ///
    /// # Panics
    /// If `b` has not as many numbers as the matrix has rows.
    pub fn solve(&self, b: &[T]) -> Vec<T> {
        cholesky_solve(self, b)
    }

    /// The solution of `A X = B`.
    ///
    /// # Panics
    /// If `B` has not as many rows as the matrix.
    pub fn solve_matrix(&self, b: &Matrix<T>) -> Matrix<T> {
        cholesky_solve_matrix(self, b)
    }

    /// The logarithm of the determinant.
    pub fn log_det(&self) -> T {
        cholesky_log_det(self)
    }

    /// The inverse. To solve a system, [`solve`](Self::solve) is faster and more accurate.
    pub fn inverse(&self) -> Matrix<T> {
        cholesky_inverse(self)
    }

    /// The lower triangular `L` of `A = L Lᵀ`, with a positive diagonal.
    ///
    /// Derivative: Murray (2016), equations 8 and 10.
    pub fn factors(&self) -> Matrix<T> {
        cholesky_factor(self)
    }
}
