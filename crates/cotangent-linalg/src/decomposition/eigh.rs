//! Eigenvalues and eigenvectors of symmetric matrices.

use crate::kernel::noise;
use crate::kernel::spectral;
use crate::product::hadamard;
use crate::{Error, constant, diagonal, matmul, matmul_nt, matmul_tn, scale_columns, symmetric_part};
use cotangent_core::{Matrix, Real, Tangent};
use cotangent_macros::{derivative, differentiable};

/// A symmetric matrix `A` as `A = V diag(w) Vᵀ`; [`eigh`](fn@eigh) makes it. Its tangent is that of `A`.
#[derive(Clone, Debug, PartialEq)]
pub struct Eigh<T> {
    values: Vec<T>,
    vectors: Matrix<T>,
}

tangent_of_matrix!(Eigh, |this| (this.values.len(), this.values.len()));

impl<T: Real> Eigh<T> {
    /// The number of rows and columns.
    pub fn size(&self) -> usize {
        self.values.len()
    }

    /// The first two eigenvalues that are equal to working precision, as an error.
    fn distinct(&self) -> Result<(), Error> {
        let largest = self.values.iter().fold(T::ZERO, |m, w| m.max(w.abs()));
        let equal = |k: &usize| self.values[k + 1] - self.values[*k] <= noise::<T>(self.size()) * largest;
        match (0..self.size().saturating_sub(1)).find(equal) {
            Some(first) => Err(Error::Degenerate { first, second: first + 1 }),
            None => Ok(()),
        }
    }
}

impl<T: Real> Eigh<T> {
    /// Only second derivatives of the values come here with values that coincide.
    fn must_be_distinct(&self) -> bool {
        if let Err(error) = self.distinct() {
            panic!("second derivatives of eigenvalues: {error}");
        }
        true
    }
}

fn eigh_value<T: Real>(a: &Matrix<T>) -> Result<Eigh<T>, Error> {
    let n = a.rows();
    Error::shape("eigh", (n, a.cols()), (n, n), "the matrix must be square")?;
    Error::finite("eigh", a.as_slice())?;
    let (values, vectors) = spectral::eigh(&symmetric_part(a))?;
    Ok(Eigh { values, vectors })
}

/// The eigenvalues and eigenvectors of a symmetric matrix, that is of the symmetric part `(A + Aᵀ) / 2`.
///
/// Derivative: the tangent of the decomposition is that of the symmetric part.
///
/// # Errors
/// [`Error::NotFinite`], [`Error::Shape`].
///
/// ```
/// use cotangent_linalg::{Matrix, eigh};
/// let a = Matrix::from_vec(2, 2, vec![2.0, 1.0, 1.0, 2.0]);
/// let e = eigh(&a)?;
/// assert!((e.values()[0] - 1.0f64).abs() < 1e-15 && (e.values()[1] - 3.0f64).abs() < 1e-15);
/// let v = e.vectors()?;
/// assert!((v[(0, 1)] - v[(1, 1)]).abs() < 1e-15);
/// # Ok::<(), cotangent_linalg::Error>(())
/// ```
#[derivative(of = eigh_value, order = 2, crate = cotangent_core)]
impl eigh {
    fn jvp<T: Real>(a: &Matrix<T>, a_dot: &Matrix<T>) -> (Result<Eigh<T>, Error>, Option<Matrix<T>>) {
        (eigh(a), Some(symmetric_part(a_dot)))
    }

    fn vjp<T: Real>(a: &Matrix<T>, y_bar: &Option<Matrix<T>>, a_bar: &mut Matrix<T>) {
        let _ = a;
        if let Some(y_bar) = y_bar {
            a_bar.accumulate(&symmetric_part(y_bar));
        }
    }
}

// w_dot = diag(Vᵀ A_dot V); A_bar += V diag(w_bar) Vᵀ. Giles (2008), 3.1. The tangent sees all of Vᵀ A_dot V, so that its own
// derivative, which needs distinct eigenvalues, is right.
#[derivative(order = 2, crate = cotangent_core)]
impl eigh_values {
    pub(crate) fn value<T: Real>(e: &Eigh<T>) -> Vec<T> {
        e.values.clone()
    }

    fn jvp<T: Real>(e: &Eigh<T>, e_dot: &Matrix<T>) -> (Vec<T>, Vec<T>) {
        let v = eigh_vectors(e);
        (eigh_values(e), diagonal(&matmul_tn(&v, &matmul(e_dot, &v))))
    }

    fn vjp<T: Real>(e: &Eigh<T>, w_bar: &[T], e_bar: &mut Matrix<T>) {
        e_bar.accumulate(&matmul_nt(&scale_columns(&e.vectors, w_bar), &e.vectors));
    }
}

/// `1 / (w_j − w_i)` at `(i, j)`, zero where they are equal.
fn inverse_gaps_value<T: Real>(w: &[T]) -> Matrix<T> {
    Matrix::from_fn(w.len(), w.len(), |i, j| if w[i] == w[j] { T::ZERO } else { T::ONE / (w[j] - w[i]) })
}

#[derivative(of = inverse_gaps_value, order = 2, crate = cotangent_core)]
impl inverse_gaps {
    pub(crate) fn jvp<T: Real>(w: &[T], w_dot: &[T]) -> (Matrix<T>, Matrix<T>) {
        let f = inverse_gaps(w);
        let n = w.len();
        let mut gaps = Matrix::zeros(n, n);
        for i in 0..n {
            for j in 0..n {
                gaps[(i, j)] = w_dot[i] - w_dot[j];
            }
        }
        let f_dot = hadamard(&hadamard(&f, &f), &gaps);
        (f, f_dot)
    }

    fn vjp<T: Real>(w: &[T], f_bar: &Matrix<T>, w_bar: &mut [T]) {
        let f = inverse_gaps(w);
        for i in 0..w.len() {
            for j in 0..w.len() {
                let part = f_bar[(i, j)] * f[(i, j)] * f[(i, j)];
                w_bar[i] += part;
                w_bar[j] -= part;
            }
        }
    }
}

// V_dot = V (F ∘ Vᵀ A_dot V), F_ij = 1 / (w_j − w_i); A_bar += V (F ∘ Vᵀ V_bar) Vᵀ. Giles (2008), 3.1.
#[derivative(order = 2, crate = cotangent_core)]
impl eigh_vectors {
    pub(crate) fn value<T: Real>(e: &Eigh<T>) -> Matrix<T> {
        e.vectors.clone()
    }

    fn jvp<T: Real>(e: &Eigh<T>, e_dot: &Matrix<T>) -> (Matrix<T>, Matrix<T>) {
        let _ = constant(e.must_be_distinct());
        let v = eigh_vectors(e);
        let inner = hadamard(&inverse_gaps(&eigh_values(e)), &matmul_tn(&v, &matmul(e_dot, &v)));
        let v_dot = matmul(&v, &inner);
        (v, v_dot)
    }

    fn vjp<T: Real>(e: &Eigh<T>, v_bar: &Matrix<T>, e_bar: &mut Matrix<T>) {
        e.must_be_distinct();
        let inner = hadamard(&inverse_gaps(&e.values), &matmul_tn(&e.vectors, v_bar));
        e_bar.accumulate(&matmul_nt(&matmul(&e.vectors, &inner), &e.vectors));
    }
}

#[differentiable(order = 2, crate = cotangent_core)]
impl<T: Real> Eigh<T> {
    /// The eigenvalues, from the smallest.
    ///
    /// Derivative: `w_dot = diag(Vᵀ A_dot V)` (Giles 2008, 3.1). Where eigenvalues coincide, only functions that do not depend on the
    /// order of those have a derivative, a sum for instance; they get the right one. There is no second
    /// derivative there.
    ///
    /// # Panics
    /// Second derivatives do, where eigenvalues coincide.
    pub fn values(&self) -> Vec<T> {
        eigh_values(self)
    }

    /// The eigenvectors, in the columns of a matrix, in the order of [`values`](Self::values). The component of the largest size is
    /// positive in each.
    ///
    /// Derivative: `V_dot = V (F ∘ Vᵀ A_dot V)`, `F_ij = 1 / (w_j − w_i)` (Giles 2008, 3.1).
    ///
    /// # Errors
    /// [`Error::Degenerate`] if two eigenvalues are equal to working precision: their vectors are arbitrary and have no derivative.
    /// [`basis`](Self::basis) gives some nevertheless.
    pub fn vectors(&self) -> Result<Matrix<T>, Error> {
        constant(self.distinct())?;
        Ok(eigh_vectors(self))
    }

    /// Eigenvectors as they were found, as constants: for equal eigenvalues any orthonormal ones.
    #[constant]
    pub fn basis(&self) -> Matrix<T> {
        self.vectors.clone()
    }
}
