//! Dense Jacobians and small systems of equations.
//!
//! The systems of stiff problems are mostly of a few unknowns, where a library's set-up costs more than the factorisation.

use cotangent::Real;

use crate::dynamics::Dynamics;
use crate::stepper::StepFailure;

/// A Jacobian of the state proper, and the factors of `alpha M + beta J`. Matrices are row-major.
#[derive(Clone, Debug)]
pub(crate) struct Linear<F> {
    n: usize,
    /// `∂f/∂y`, where it was computed last.
    pub jacobian: Vec<F>,
    lu: Vec<F>,
    pivots: Vec<usize>,
    unit: Vec<F>,
    dy: Vec<F>,
    column: Vec<F>,
}

impl<F: Real> Linear<F> {
    pub fn new(n: usize) -> Self {
        Linear {
            n,
            jacobian: vec![F::ZERO; n * n],
            lu: vec![F::ZERO; n * n],
            pivots: vec![0; n],
            unit: vec![F::ZERO; n],
            dy: vec![F::ZERO; n],
            column: vec![F::ZERO; n],
        }
    }

    /// Computes the Jacobian, a column each by forward mode.
    pub fn evaluate<D: Dynamics<F>>(&mut self, dynamics: &mut D, t: F, y: &[F]) {
        let n = self.n;
        for j in 0..n {
            self.unit[j] = F::ONE;
            dynamics.jvp(t, &y[..n], &self.unit, &mut self.dy, &mut self.column);
            self.unit[j] = F::ZERO;
            for i in 0..n {
                self.jacobian[i * n + j] = self.column[i];
            }
        }
    }

    /// Factors `alpha M + beta J`; without a mass matrix `M` is the identity.
    pub fn factor(&mut self, alpha: F, beta: F, mass: Option<&[F]>) -> Result<(), StepFailure> {
        let n = self.n;
        for (lu, &j) in self.lu.iter_mut().zip(&self.jacobian) {
            *lu = beta * j;
        }
        match mass {
            None => (0..n).for_each(|i| self.lu[i * n + i] += alpha),
            Some(mass) => {
                for (lu, &m) in self.lu.iter_mut().zip(mass) {
                    *lu += alpha * m;
                }
            }
        }
        lu_factor(&mut self.lu, &mut self.pivots)
    }

    /// Solves for each block of `b`.
    pub fn solve(&self, b: &mut [F]) {
        for block in b.chunks_exact_mut(self.n) {
            lu_solve(&self.lu, &self.pivots, block);
        }
    }

    /// Solves with the transposed matrix.
    pub fn solve_transposed(&self, b: &mut [F]) {
        lu_solve_transposed(&self.lu, &self.pivots, b);
    }
}

/// Factors in place with row exchanges, `P A = L U`.
fn lu_factor<F: Real>(a: &mut [F], pivots: &mut [usize]) -> Result<(), StepFailure> {
    let n = pivots.len();
    for k in 0..n {
        let mut p = k;
        for i in k + 1..n {
            if a[i * n + k].abs() > a[p * n + k].abs() {
                p = i;
            }
        }
        pivots[k] = p;
        let pivot = a[p * n + k];
        if pivot == F::ZERO {
            return Err(StepFailure::Singular);
        }
        if !pivot.is_finite() {
            return Err(StepFailure::NonFinite);
        }
        if p != k {
            for j in 0..n {
                a.swap(k * n + j, p * n + j);
            }
        }
        let inverse = F::ONE / pivot;
        let (above, below) = a.split_at_mut((k + 1) * n);
        let row = &above[k * n..];
        for other in below.chunks_exact_mut(n) {
            let factor = other[k] * inverse;
            other[k] = factor;
            if factor != F::ZERO {
                for j in k + 1..n {
                    other[j] -= factor * row[j];
                }
            }
        }
    }
    Ok(())
}

fn lu_solve<F: Real>(lu: &[F], pivots: &[usize], b: &mut [F]) {
    let n = b.len();
    for (k, &p) in pivots.iter().enumerate() {
        b.swap(k, p);
    }
    for i in 1..n {
        let row = &lu[i * n..i * n + i];
        let sum = row.iter().zip(&*b).fold(b[i], |sum, (&l, &x)| sum - l * x);
        b[i] = sum;
    }
    for i in (0..n).rev() {
        let row = &lu[i * n..(i + 1) * n];
        let sum = row[i + 1..].iter().zip(&b[i + 1..]).fold(b[i], |sum, (&u, &x)| sum - u * x);
        b[i] = sum / row[i];
    }
}

/// `Aᵀ x = b` by `Uᵀ z = b`, `Lᵀ (P x) = z`.
fn lu_solve_transposed<F: Real>(lu: &[F], pivots: &[usize], b: &mut [F]) {
    let n = b.len();
    for i in 0..n {
        let x = b[i] / lu[i * n + i];
        b[i] = x;
        for j in i + 1..n {
            b[j] -= lu[i * n + j] * x;
        }
    }
    for i in (0..n).rev() {
        let x = b[i];
        for j in 0..i {
            b[j] -= lu[i * n + j] * x;
        }
    }
    for (k, &p) in pivots.iter().enumerate().rev() {
        b.swap(k, p);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solves_and_solves_transposed() {
        let a = [0.0, 2.0, 1.0, 3.0, 1.0, -1.0, 1.0, 0.5, 4.0];
        let (mut lu, mut pivots) = (a, [0; 3]);
        lu_factor(&mut lu, &mut pivots).unwrap();
        let x = [1.0, -2.0, 3.0];
        let times = |get: &dyn Fn(usize, usize) -> f64| -> Vec<f64> { (0..3).map(|i| (0..3).map(|j| get(i, j) * x[j]).sum()).collect() };
        let mut b = times(&|i, j| a[i * 3 + j]);
        lu_solve(&lu, &pivots, &mut b);
        let mut c = times(&|i, j| a[j * 3 + i]);
        lu_solve_transposed(&lu, &pivots, &mut c);
        for i in 0..3 {
            assert!((b[i] - x[i]).abs() < 1e-14 && (c[i] - x[i]).abs() < 1e-14, "{b:?} {c:?}");
        }
    }

    #[test]
    fn a_singular_matrix_is_an_error() {
        let mut lu = [1.0, 2.0, 2.0, 4.0];
        assert_eq!(lu_factor(&mut lu, &mut [0; 2]), Err(StepFailure::Singular));
    }
}
