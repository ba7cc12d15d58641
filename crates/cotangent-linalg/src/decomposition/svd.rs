//! Singular values and vectors.

use super::eigh::inverse_gaps;
use crate::kernel::noise;
use crate::kernel::spectral;
use crate::product::hadamard;
use crate::{Error, add, constant, diagonal, matmul, matmul_nt, matmul_tn, scale_columns, subtract, transpose};
use cotangent_core::{Matrix, Real, Tangent};
use cotangent_macros::{derivative, differentiable};

/// A matrix `A` as `A = U diag(s) Vᵀ`; [`svd`](fn@svd) makes it. Its tangent is that of `A`.
///
/// Shapes: with `A` m × n and k the smaller of both, `U` is m × k, `V` is n × k.
#[derive(Clone, Debug, PartialEq)]
pub struct Svd<T> {
    u: Matrix<T>,
    values: Vec<T>,
    v: Matrix<T>,
}

tangent_of_matrix!(Svd, |this| (this.u.rows(), this.v.rows()));

impl<T: Real> Svd<T> {
    /// Singular values that coincide or, in a matrix that is not square, vanish, as an error.
    fn distinct(&self) -> Result<(), Error> {
        let (s, k) = (&self.values, self.values.len());
        let size = self.u.rows().max(self.v.rows());
        let small = noise::<T>(size) * s.first().copied().unwrap_or(T::ZERO);
        let equal = |i: &usize| s[*i] - s[i + 1] <= small;
        if let Some(first) = (0..k.saturating_sub(1)).find(equal) {
            return Err(Error::Degenerate { first, second: first + 1 });
        }
        // The part of U_dot outside the span of U is divided by the singular values.
        let zero = self.u.rows() != self.v.rows() && k > 0 && s[k - 1] <= small;
        if zero {
            return Err(Error::Degenerate {
                first: k - 1,
                second: k - 1,
            });
        }
        Ok(())
    }
}

impl<T: Real> Svd<T> {
    /// Only second derivatives of the values come here with values that coincide.
    fn must_be_distinct(&self) -> bool {
        if let Err(error) = self.distinct() {
            panic!("second derivatives of singular values: {error}");
        }
        true
    }
}

fn svd_value<T: Real>(a: &Matrix<T>) -> Result<Svd<T>, Error> {
    Error::finite("svd", a.as_slice())?;
    let (u, values, v) = spectral::svd(a)?;
    Ok(Svd { u, values, v })
}

/// The thin singular value decomposition.
///
/// Derivative: the tangent of the decomposition is that of the matrix.
///
/// # Errors
/// [`Error::NotFinite`].
///
/// ```
/// use cotangent_linalg::{Matrix, svd};
/// let a = Matrix::from_vec(2, 3, vec![0.0, 2.0, 0.0, 1.0, 0.0, 0.0]);
/// assert_eq!(svd(&a)?.values(), [2.0, 1.0]);
/// # Ok::<(), cotangent_linalg::Error>(())
/// ```
#[derivative(of = svd_value, order = 2, crate = cotangent_core)]
impl svd {
    fn jvp<T: Real>(a: &Matrix<T>, a_dot: &Matrix<T>) -> (Result<Svd<T>, Error>, Option<Matrix<T>>) {
        (svd(a), Some(a_dot.clone()))
    }

    fn vjp<T: Real>(a: &Matrix<T>, y_bar: &Option<Matrix<T>>, a_bar: &mut Matrix<T>) {
        let _ = a;
        if let Some(y_bar) = y_bar {
            a_bar.accumulate(y_bar);
        }
    }
}

// s_dot = diag(Uᵀ A_dot V); A_bar += U diag(s_bar) Vᵀ. Giles (2008), 3.2.
#[derivative(order = 2, crate = cotangent_core)]
impl svd_values {
    pub(crate) fn value<T: Real>(f: &Svd<T>) -> Vec<T> {
        f.values.clone()
    }

    fn jvp<T: Real>(f: &Svd<T>, f_dot: &Matrix<T>) -> (Vec<T>, Vec<T>) {
        let inner = matmul_tn(&svd_u(f), &matmul(f_dot, &svd_v(f)));
        (svd_values(f), diagonal(&inner))
    }

    fn vjp<T: Real>(f: &Svd<T>, s_bar: &[T], f_bar: &mut Matrix<T>) {
        f_bar.accumulate(&matmul_nt(&scale_columns(&f.u, s_bar), &f.v));
    }
}

/// `1 / (s_j² − s_i²)` at `(i, j)`.
#[differentiable(order = 2, crate = cotangent_core)]
fn inverse_square_gaps<T: Real>(s: &[T]) -> Matrix<T> {
    let mut squares = s.to_vec();
    for i in 0..s.len() {
        squares[i] = s[i] * s[i];
    }
    inverse_gaps(&squares)
}

#[differentiable(order = 2, crate = cotangent_core)]
fn reciprocals<T: Real>(s: &[T]) -> Vec<T> {
    let mut r = s.to_vec();
    for i in 0..s.len() {
        r[i] = T::ONE / s[i];
    }
    r
}

/// The tangent of the left vectors of `A`, from those, the right ones and the singular values. With `P = Uᵀ A_dot V` and
/// `F_ij = 1 / (s_j² − s_i²)`: `U_dot = U (F ∘ (P S + S Pᵀ)) + (I − U Uᵀ) A_dot V S⁻¹`. Townsend (2016), equations 6 and 7.
#[differentiable(order = 2, crate = cotangent_core)]
fn left_dot<T: Real>(u: &Matrix<T>, s: &[T], v: &Matrix<T>, a_dot: &Matrix<T>) -> Matrix<T> {
    let moved = matmul(a_dot, v);
    let p = matmul_tn(u, &moved);
    let ps = scale_columns(&p, s);
    let inside = matmul(u, &hadamard(&inverse_square_gaps(s), &add(&ps, &transpose(&ps))));
    if u.rows() > u.cols() {
        let outside = subtract(&moved, &matmul(u, &p));
        add(&inside, &scale_columns(&outside, &reciprocals(s)))
    } else {
        inside
    }
}

/// What the cotangent of the left vectors adds to that of `A`: with `N = F ∘ Uᵀ U_bar`,
/// `U (N + Nᵀ) S Vᵀ + (I − U Uᵀ) U_bar S⁻¹ Vᵀ`. Townsend (2016), equation 21.
fn left_bar<T: Real>(u: &Matrix<T>, s: &[T], v: &Matrix<T>, u_bar: &Matrix<T>) -> Matrix<T> {
    let m = matmul_tn(u, u_bar);
    let n = hadamard(&inverse_square_gaps(s), &m);
    let mut inside = matmul(u, &scale_columns(&add(&n, &transpose(&n)), s));
    if u.rows() > u.cols() {
        let outside = subtract(u_bar, &matmul(u, &m));
        inside = add(&inside, &scale_columns(&outside, &reciprocals(s)));
    }
    matmul_nt(&inside, v)
}

#[derivative(order = 2, crate = cotangent_core)]
impl svd_u {
    pub(crate) fn value<T: Real>(f: &Svd<T>) -> Matrix<T> {
        f.u.clone()
    }

    fn jvp<T: Real>(f: &Svd<T>, f_dot: &Matrix<T>) -> (Matrix<T>, Matrix<T>) {
        let _ = constant(f.must_be_distinct());
        let u = svd_u(f);
        let u_dot = left_dot(&u, &svd_values(f), &svd_v(f), f_dot);
        (u, u_dot)
    }

    fn vjp<T: Real>(f: &Svd<T>, u_bar: &Matrix<T>, f_bar: &mut Matrix<T>) {
        f.must_be_distinct();
        f_bar.accumulate(&left_bar(&f.u, &f.values, &f.v, u_bar));
    }
}

// Right vectors are the left ones of Aᵀ.
#[derivative(order = 2, crate = cotangent_core)]
impl svd_v {
    pub(crate) fn value<T: Real>(f: &Svd<T>) -> Matrix<T> {
        f.v.clone()
    }

    fn jvp<T: Real>(f: &Svd<T>, f_dot: &Matrix<T>) -> (Matrix<T>, Matrix<T>) {
        let _ = constant(f.must_be_distinct());
        let v = svd_v(f);
        let v_dot = left_dot(&v, &svd_values(f), &svd_u(f), &transpose(f_dot));
        (v, v_dot)
    }

    fn vjp<T: Real>(f: &Svd<T>, v_bar: &Matrix<T>, f_bar: &mut Matrix<T>) {
        f.must_be_distinct();
        let bar = left_bar(&f.v, &f.values, &f.u, v_bar);
        f_bar.accumulate(&transpose(&bar));
    }
}

#[differentiable(order = 2, crate = cotangent_core)]
impl<T: Real> Svd<T> {
    /// The singular values, from the largest.
    ///
    /// Derivative: `s_dot = diag(Uᵀ A_dot V)` (Giles 2008, 3.2). Where they coincide, only functions that do not depend on their order
    /// have a derivative, and there is no second one. At zero a singular value has a kink; the derivative is that of the signed one.
    ///
    /// # Panics
    /// Second derivatives do, where values coincide or, in a matrix that is not square, vanish.
    pub fn values(&self) -> Vec<T> {
        svd_values(self)
    }

    /// The left singular vectors, in the columns of a matrix. The component of the largest size is positive in each.
    ///
    /// Derivative: Townsend (2016), equations 6 and 21.
    ///
    /// # Errors
    /// [`Error::Degenerate`] if two singular values are equal to working precision or, in a matrix that is not square, one is zero:
    /// the vectors are arbitrary then and have no derivative.
    pub fn u(&self) -> Result<Matrix<T>, Error> {
        constant(self.distinct())?;
        Ok(svd_u(self))
    }

    /// The right singular vectors, in the columns of a matrix; their signs follow from the left ones.
    ///
    /// # Errors
    /// As of [`u`](Self::u).
    pub fn v(&self) -> Result<Matrix<T>, Error> {
        constant(self.distinct())?;
        Ok(svd_v(self))
    }
}
