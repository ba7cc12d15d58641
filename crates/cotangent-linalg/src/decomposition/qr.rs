//! QR decomposition and least squares.

use crate::kernel::noise;
use crate::kernel::product::{add_scaled, multiply_add};
use crate::kernel::spectral;
use crate::product::{add_outer, add_vectors, columns, join_columns, operand, subtract_vectors, transposed};
use crate::triangular::{solve_unchecked, triangle};
use crate::{Error, add, constant, matmul, matmul_nt, matmul_tn, matvec, matvec_t, subtract, transpose};
use cotangent_core::{Matrix, Real, Tangent};
use cotangent_macros::{derivative, differentiable};

/// A matrix `A` of m rows and n ≤ m columns as `A = Q R`, `Q` m × n with orthonormal columns, `R` n × n upper triangular with a positive
/// diagonal. Its tangent is that of `A`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tall<T> {
    q: Matrix<T>,
    r: Matrix<T>,
}

tangent_of_matrix!(Tall, |this| (this.q.rows(), this.q.cols()));

fn tall_value<T: Real>(a: &Matrix<T>) -> Result<Tall<T>, Error> {
    let (q, r) = spectral::qr(a);
    // The diagonal of R is what is left of a column without its part in the span of those before it.
    for k in 0..r.rows() {
        let length = (0..=k).map(|i| r[(i, k)] * r[(i, k)]).sum::<T>().sqrt();
        let present = r[(k, k)] > noise::<T>(a.rows()) * length && r[(k, k)] >= T::MIN_POSITIVE;
        if !present {
            return Err(Error::Singular { pivot: k });
        }
    }
    Ok(Tall { q, r })
}

#[derivative(of = tall_value, order = 2, crate = cotangent_core)]
impl tall {
    pub(crate) fn jvp<T: Real>(a: &Matrix<T>, a_dot: &Matrix<T>) -> (Result<Tall<T>, Error>, Option<Matrix<T>>) {
        (tall(a), Some(a_dot.clone()))
    }

    fn vjp<T: Real>(a: &Matrix<T>, y_bar: &Option<Matrix<T>>, a_bar: &mut Matrix<T>) {
        let _ = a;
        if let Some(y_bar) = y_bar {
            a_bar.accumulate(y_bar);
        }
    }
}

/// `copyltu(M)`: the lower triangle, mirrored.
fn mirrored_lower<T: Real>(m: &Matrix<T>) -> Matrix<T> {
    Matrix::from_fn(m.rows(), m.cols(), |i, j| match i.cmp(&j) {
        std::cmp::Ordering::Greater => m[(i, j)],
        std::cmp::Ordering::Equal => m[(i, i)],
        std::cmp::Ordering::Less => m[(j, i)],
    })
}

// With C = Qᵀ A_dot R⁻¹ and Ω its strictly lower triangle minus the transpose of that:
// Q_dot = A_dot R⁻¹ − Q (C − Ω), R_dot = (C − Ω) R. Walter and Lehmann (2018).
// Reverse: M = −Q_barᵀ Q, A_bar = (Q_bar + Q copyltu(M)) R⁻ᵀ, copyltu the lower triangle mirrored. Seeger et al. (2017).
#[derivative(order = 2, crate = cotangent_core)]
impl tall_q {
    pub(crate) fn value<T: Real>(f: &Tall<T>) -> Matrix<T> {
        f.q.clone()
    }

    fn jvp<T: Real>(f: &Tall<T>, f_dot: &Matrix<T>) -> (Matrix<T>, Matrix<T>) {
        let q = tall_q(f);
        let moved = right_divide(f_dot, &tall_r(f));
        let c = matmul_tn(&q, &moved);
        let q_dot = subtract(&moved, &matmul(&q, &upper_part(&c)));
        (q, q_dot)
    }

    fn vjp<T: Real>(f: &Tall<T>, q_bar: &Matrix<T>, f_bar: &mut Matrix<T>) {
        let mut m = Matrix::zeros(f.r.rows(), f.r.rows());
        multiply_add(m.as_mut_slice(), -T::ONE, transposed(q_bar), operand(&f.q));
        let mut inner = q_bar.clone();
        multiply_add(inner.as_mut_slice(), T::ONE, operand(&f.q), operand(&mirrored_lower(&m)));
        f_bar.accumulate(&over_r_transposed(&inner, &f.r));
    }
}

/// `B R⁻ᵀ`.
fn over_r_transposed<T: Real>(b: &Matrix<T>, r: &Matrix<T>) -> Matrix<T> {
    transpose(&solve_unchecked(r, &transpose(b), true, false, false))
}

/// `B R⁻¹` with derivatives.
#[differentiable(order = 2, crate = cotangent_core)]
fn right_divide<T: Real>(b: &Matrix<T>, r: &Matrix<T>) -> Matrix<T> {
    transpose(&solve_unchecked(r, &transpose(b), true, true, false))
}

/// `C − Ω`: the upper triangle, plus the mirrored strictly lower one.
#[differentiable(order = 2, crate = cotangent_core)]
fn upper_part<T: Real>(c: &Matrix<T>) -> Matrix<T> {
    let lower = triangle(c, false, true);
    add(&triangle(c, true, false), &transpose(&lower))
}

// Reverse: M = R R_barᵀ, A_bar = Q copyltu(M) R⁻ᵀ. Seeger et al. (2017).
#[derivative(order = 2, crate = cotangent_core)]
impl tall_r {
    pub(crate) fn value<T: Real>(f: &Tall<T>) -> Matrix<T> {
        f.r.clone()
    }

    fn jvp<T: Real>(f: &Tall<T>, f_dot: &Matrix<T>) -> (Matrix<T>, Matrix<T>) {
        let r = tall_r(f);
        let c = matmul_tn(&tall_q(f), &right_divide(f_dot, &r));
        let r_dot = matmul(&upper_part(&c), &r);
        (r, r_dot)
    }

    fn vjp<T: Real>(f: &Tall<T>, r_bar: &Matrix<T>, f_bar: &mut Matrix<T>) {
        let m = matmul_nt(&f.r, &triangle(r_bar, true, false));
        let inner = matmul(&f.q, &mirrored_lower(&m));
        f_bar.accumulate(&over_r_transposed(&inner, &f.r));
    }
}

/// The thin QR decomposition `A = Q R`.
///
/// Shapes: with `A` m × n and k the smaller of both, `Q` is m × k with orthonormal columns and `R` is k × n upper triangular with a
/// positive diagonal, which makes both unique.
///
/// Derivative: Walter and Lehmann (2018), Seeger et al. (2017); for m < n Roberts and Roberts (2020).
///
/// # Errors
/// [`Error::Singular`] with the first column that depends on those before it: the decomposition is then not unique and has no
/// derivative. [`Error::NotFinite`].
///
/// ```
/// use cotangent_linalg::{Matrix, qr};
/// let a = Matrix::from_vec(2, 2, vec![0.0, 2.0, 3.0, 1.0]);
/// let (q, r) = qr(&a)?;
/// assert!((r[(0, 0)] - 3.0f64).abs() < 1e-15 && (r[(0, 1)] - 1.0).abs() < 1e-15 && (r[(1, 1)] - 2.0).abs() < 1e-15);
/// assert!((q[(1, 0)] - 1.0f64).abs() < 1e-15 && (q[(0, 1)] - 1.0).abs() < 1e-15);
/// # Ok::<(), cotangent_linalg::Error>(())
/// ```
#[differentiable(order = 2, crate = cotangent_core)]
pub fn qr<T: Real>(a: &Matrix<T>) -> Result<(Matrix<T>, Matrix<T>), Error> {
    constant(Error::finite("qr", a.as_slice()))?;
    let m = a.rows();
    if m < a.cols() {
        // A = [X Y], X = Q U, R = [U QᵀY].
        let f = tall(&columns(a, 0, m))?;
        let q = tall_q(&f);
        let right = matmul_tn(&q, &columns(a, m, a.cols()));
        let r = join_columns(&tall_r(&f), &right);
        Ok((q, r))
    } else {
        let f = tall(a)?;
        Ok((tall_q(&f), tall_r(&f)))
    }
}

fn least_squares_value<T: Real>(f: &Tall<T>, b: &[T]) -> Vec<T> {
    back(&f.r, &matvec_t(&f.q, b), false)
}

/// `R⁻¹ b`, or `R⁻ᵀ b`.
fn back<T: Real>(r: &Matrix<T>, b: &[T], is_transposed: bool) -> Vec<T> {
    solve_unchecked(r, &Matrix::from_vec(b.len(), 1, b.to_vec()), true, is_transposed, false).into_vec()
}

/// `R⁻ᵀ b` with derivatives.
#[differentiable(order = 2, crate = cotangent_core)]
fn forward_divide<T: Real>(r: &Matrix<T>, b: &[T]) -> Vec<T> {
    let n = b.len();
    let b = Matrix::from_vec(n, 1, b.to_vec());
    let x = solve_unchecked(r, &b, true, true, false);
    x.into_vec()
}

/// `R⁻¹ b` with derivatives.
#[differentiable(order = 2, crate = cotangent_core)]
fn back_divide<T: Real>(r: &Matrix<T>, b: &[T]) -> Vec<T> {
    let n = b.len();
    let b = Matrix::from_vec(n, 1, b.to_vec());
    let x = solve_unchecked(r, &b, true, false, false);
    x.into_vec()
}

// x = R⁻¹ Qᵀ b, r = b − Q Qᵀ b: x_dot = R⁻¹ Qᵀ (b_dot − A_dot x) + R⁻¹ R⁻ᵀ A_dotᵀ r (Golub and Pereyra 1973).
// Reverse: z = R⁻¹ R⁻ᵀ x_bar, y = Q R⁻ᵀ x_bar: b_bar += y, A_bar += r zᵀ − y xᵀ.
#[derivative(of = least_squares_value, order = 2, crate = cotangent_core)]
impl tall_least_squares {
    pub(crate) fn jvp<T: Real>(f: &Tall<T>, f_dot: &Matrix<T>, b: &[T], b_dot: &[T]) -> (Vec<T>, Vec<T>) {
        let (q, r) = (tall_q(f), tall_r(f));
        let x = tall_least_squares(f, b);
        let rest = subtract_vectors(b, &matvec(&q, &matvec_t(&q, b)));
        let moved = subtract_vectors(b_dot, &matvec(f_dot, &x));
        let through_a = forward_divide(&r, &matvec_t(f_dot, &rest));
        let x_dot = back_divide(&r, &add_vectors(&matvec_t(&q, &moved), &through_a));
        (x, x_dot)
    }

    fn vjp<T: Real>(f: &Tall<T>, b: &[T], x_bar: &[T], f_bar: &mut Matrix<T>, b_bar: &mut [T]) {
        let along = matvec_t(&f.q, b);
        let x = back(&f.r, &along, false);
        let rest = subtract_vectors(b, &matvec(&f.q, &along));
        let half = back(&f.r, x_bar, true);
        let (z, y) = (back(&f.r, &half, false), matvec(&f.q, &half));
        add_scaled(b_bar, T::ONE, &y);
        add_outer(f_bar, T::ONE, &rest, &z);
        add_outer(f_bar, -T::ONE, &y, &x);
    }
}

/// The `x` that makes `A x − b` shortest; for fewer rows than columns, of all that solve `A x = b` the shortest.
///
/// Shapes: `A` is m × n, `b` has m numbers, the result n.
///
/// Derivative: Golub and Pereyra (1973).
///
/// # Errors
/// [`Error::Singular`] with the first column (for m < n, row) that depends on those before it, [`Error::NotFinite`],
/// [`Error::Shape`].
///
/// ```
/// use cotangent_linalg::{Matrix, least_squares};
/// // A line through (0, 1), (1, 3), (2, 5).
/// let a = Matrix::from_vec(3, 2, vec![1.0, 0.0, 1.0, 1.0, 1.0, 2.0]);
/// let x: Vec<f64> = least_squares(&a, &[1.0, 3.0, 5.0])?;
/// assert!((x[0] - 1.0).abs() < 1e-14 && (x[1] - 2.0).abs() < 1e-14);
/// # Ok::<(), cotangent_linalg::Error>(())
/// ```
#[differentiable(order = 2, crate = cotangent_core)]
pub fn least_squares<T: Real>(a: &Matrix<T>, b: &[T]) -> Result<Vec<T>, Error> {
    constant(Error::finite("least_squares", a.as_slice()))?;
    constant(Error::shape(
        "least_squares",
        (b.len(), 1),
        (a.rows(), 1),
        "the right-hand side needs a number for each row",
    ))?;
    if a.rows() < a.cols() {
        // Aᵀ = Q R: the shortest solution lies in the span of Q.
        let f = tall(&transpose(a))?;
        let y = forward_divide(&tall_r(&f), b);
        Ok(matvec(&tall_q(&f), &y))
    } else {
        let f = tall(a)?;
        Ok(tall_least_squares(&f, b))
    }
}
