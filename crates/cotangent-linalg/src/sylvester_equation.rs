//! The Sylvester equation.

use crate::kernel::noise;
use crate::kernel::product::multiply_add;
use crate::kernel::schur::{Complex, Square, schur};
use crate::product::{operand, transposed};
use crate::{Error, constant, matmul, subtract};
use cotangent_core::{Differentiable, Matrix, Real, Tangent};
use cotangent_macros::{derivative, differentiable};

/// The map `X ↦ A X + X B`, ready to be inverted. Its tangent is that of `A` and `B`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Operator<T> {
    /// `A = U T Uᴴ`.
    u: Square<T>,
    t: Square<T>,
    /// `B = V S Vᴴ`.
    v: Square<T>,
    s: Square<T>,
}

impl<T: Real> Differentiable for Operator<T> {
    type Tangent = (Matrix<T>, Matrix<T>);

    fn zero_tangent(&self) -> Self::Tangent {
        (Matrix::zeros(self.t.n, self.t.n), Matrix::zeros(self.s.n, self.s.n))
    }

    fn visit_leaves<V: cotangent_core::Visitor>(&self, _: &mut V) {
        crate::decomposition::no_leaves("sylvester")
    }

    fn visit_leaves_mut<V: cotangent_core::VisitorMut>(&mut self, _: &mut V) {
        crate::decomposition::no_leaves("sylvester")
    }

    fn zip_tangent<Z: cotangent_core::Zip>(&mut self, _: &Self::Tangent, _: &mut Z) {
        crate::decomposition::no_leaves("sylvester")
    }
}

/// A row-major complex matrix of `m` columns.
type Rows<T> = Vec<Complex<T>>;

/// `op(L) X op(R)`, where `op` is the conjugate transpose for the left, or for the right.
fn sandwich<T: Real>(left: &Square<T>, left_adjoint: bool, x: &Rows<T>, right: &Square<T>, right_adjoint: bool) -> Rows<T> {
    let (n, m) = (left.n, right.n);
    let get = |a: &Square<T>, adjoint: bool, i: usize, j: usize| if adjoint { a.at(j, i).conj() } else { a.at(i, j) };
    let mut half = vec![Complex::zero(); n * m];
    for i in 0..n {
        for k in 0..n {
            let factor = get(left, left_adjoint, i, k);
            for j in 0..m {
                half[i * m + j] = half[i * m + j].plus(factor.times(x[k * m + j]));
            }
        }
    }
    let mut out = vec![Complex::zero(); n * m];
    for i in 0..n {
        for k in 0..m {
            let factor = half[i * m + k];
            for j in 0..m {
                out[i * m + j] = out[i * m + j].plus(factor.times(get(right, right_adjoint, k, j)));
            }
        }
    }
    out
}

impl<T: Real> Operator<T> {
    fn new(a: &Matrix<T>, b: &Matrix<T>) -> Result<Self, Error> {
        let ((u, t), (v, s)) = (schur(a, "sylvester")?, schur(b, "sylvester")?);
        let largest = |m: &Square<T>| m.values.iter().fold(T::ZERO, |size, x| size.max(x.abs()));
        let scale = largest(&t) + largest(&s);
        for i in 0..t.n {
            for j in 0..s.n {
                let regular = t.at(i, i).plus(s.at(j, j)).abs() > noise::<T>(t.n + s.n) * scale;
                if !regular {
                    return Err(Error::Singular { pivot: i * s.n + j });
                }
            }
        }
        Ok(Operator { u, t, v, s })
    }

    /// `A X + X B = C`, or `Aᵀ X + X Bᵀ = C`. Bartels and Stewart (1972), in complex arithmetic.
    fn solve(&self, c: &Matrix<T>, adjoint: bool) -> Matrix<T> {
        let (n, m) = (self.t.n, self.s.n);
        let c: Rows<T> = c.iter().map(|x| Complex::new(*x, T::ZERO)).collect();
        let mut y = sandwich(&self.u, true, &c, &self.v, false);
        // T Y + Y S, or Tᴴ Y + Y Sᴴ: of two triangular matrices, so one number after another.
        let t = |i: usize, k: usize| if adjoint { self.t.at(k, i).conj() } else { self.t.at(i, k) };
        let s = |k: usize, j: usize| if adjoint { self.s.at(j, k).conj() } else { self.s.at(k, j) };
        for step in 0..m {
            let j = if adjoint { m - 1 - step } else { step };
            let solved = if adjoint { j + 1..m } else { 0..j };
            for row in 0..n {
                let i = if adjoint { row } else { n - 1 - row };
                let below = if adjoint { 0..i } else { i + 1..n };
                let mut rest = y[i * m + j];
                for k in solved.clone() {
                    rest = rest.minus(y[i * m + k].times(s(k, j)));
                }
                for k in below {
                    rest = rest.minus(t(i, k).times(y[k * m + j]));
                }
                y[i * m + j] = rest.over(t(i, i).plus(s(j, j)));
            }
        }
        let x = sandwich(&self.u, false, &y, &self.v, true);
        Matrix::from_vec(n, m, x.into_iter().map(|x| x.re).collect())
    }
}

#[derivative(order = 2, crate = cotangent_core)]
impl operator {
    pub(crate) fn value<T: Real>(a: &Matrix<T>, b: &Matrix<T>) -> Result<Operator<T>, Error> {
        Operator::new(a, b)
    }

    #[allow(clippy::type_complexity)]
    fn jvp<T: Real>(
        a: &Matrix<T>,
        a_dot: &Matrix<T>,
        b: &Matrix<T>,
        b_dot: &Matrix<T>,
    ) -> (Result<Operator<T>, Error>, Option<(Matrix<T>, Matrix<T>)>) {
        (operator(a, b), Some((a_dot.clone(), b_dot.clone())))
    }

    fn vjp<T: Real>(a: &Matrix<T>, b: &Matrix<T>, y_bar: &Option<(Matrix<T>, Matrix<T>)>, a_bar: &mut Matrix<T>, b_bar: &mut Matrix<T>) {
        let _ = (a, b);
        if let Some(y_bar) = y_bar {
            a_bar.accumulate(&y_bar.0);
            b_bar.accumulate(&y_bar.1);
        }
    }
}

// A X + X B = C: X_dot solves it for C_dot − A_dot X − X B_dot. With Aᵀ G + G Bᵀ = X_bar: C_bar += G, A_bar −= G Xᵀ, B_bar −= Xᵀ G.
// Kao and Hennequin (2020).
#[derivative(order = 2, crate = cotangent_core)]
impl operator_solve {
    pub(crate) fn value<T: Real>(f: &Operator<T>, c: &Matrix<T>) -> Matrix<T> {
        f.solve(c, false)
    }

    fn jvp<T: Real>(f: &Operator<T>, f_dot: &(Matrix<T>, Matrix<T>), c: &Matrix<T>, c_dot: &Matrix<T>) -> (Matrix<T>, Matrix<T>) {
        let x = operator_solve(f, c);
        let rest = subtract(c_dot, &matmul(&f_dot.0, &x));
        let x_dot = operator_solve(f, &subtract(&rest, &matmul(&x, &f_dot.1)));
        (x, x_dot)
    }

    fn vjp<T: Real>(f: &Operator<T>, c: &Matrix<T>, x_bar: &Matrix<T>, f_bar: &mut (Matrix<T>, Matrix<T>), c_bar: &mut Matrix<T>) {
        let (x, g) = (f.solve(c, false), f.solve(x_bar, true));
        c_bar.accumulate(&g);
        multiply_add(f_bar.0.as_mut_slice(), -T::ONE, operand(&g), transposed(&x));
        multiply_add(f_bar.1.as_mut_slice(), -T::ONE, transposed(&x), operand(&g));
    }
}

/// The solution `X` of `A X + X B = C`.
///
/// Shapes: `A` is n × n, `B` is m × m, `C` and the result are n × m.
///
/// Method: Bartels and Stewart (1972), on complex Schur forms. Cost: about 25 (n³ + m³) operations.
///
/// Derivative: `X_dot` solves the equation for `C_dot − A_dot X − X B_dot`; with `Aᵀ G + G Bᵀ = X_bar` it is `C_bar += G`,
/// `A_bar −= G Xᵀ`, `B_bar −= Xᵀ G` (Kao and Hennequin 2020).
///
/// # Errors
/// [`Error::Singular`] if an eigenvalue of `A` is minus one of `B`, to working precision: `pivot` is `i m + j` for the i-th of the one
/// and the j-th of the other. [`Error::NotFinite`], [`Error::Shape`].
///
/// ```
/// use cotangent_linalg::{Matrix, sylvester};
/// let a = Matrix::from_vec(1, 1, vec![2.0]);
/// let b = Matrix::from_vec(2, 2, vec![1.0, 0.0, 0.0, 3.0]);
/// let c = Matrix::from_vec(1, 2, vec![6.0, 10.0]);
/// assert_eq!(sylvester(&a, &b, &c)?.as_slice(), [2.0, 2.0]);
/// # Ok::<(), cotangent_linalg::Error>(())
/// ```
#[differentiable(order = 2, crate = cotangent_core)]
pub fn sylvester<T: Real>(a: &Matrix<T>, b: &Matrix<T>, c: &Matrix<T>) -> Result<Matrix<T>, Error> {
    constant(check(a, b, c))?;
    let f = operator(a, b)?;
    Ok(operator_solve(&f, c))
}

fn check<T: Real>(a: &Matrix<T>, b: &Matrix<T>, c: &Matrix<T>) -> Result<(), Error> {
    let (n, m) = (a.rows(), b.rows());
    Error::shape("sylvester", (n, a.cols()), (n, n), "the left matrix must be square")?;
    Error::shape("sylvester", (m, b.cols()), (m, m), "the right matrix must be square")?;
    Error::shape(
        "sylvester",
        (c.rows(), c.cols()),
        (n, m),
        "the right-hand side has the rows of A and the columns of B",
    )?;
    [a, b, c].into_iter().try_for_each(|x| Error::finite("sylvester", x.as_slice()))
}
