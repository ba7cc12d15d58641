//! The adjoint of the squared norm of a solution, by the formula a human would use: one factorisation, two solves.
//!
//! With `a x = b` and `x_bar = 2 x`: `aᵀ z = x_bar`, `b_bar = z`, `a_bar = -z xᵀ` (Giles, 2008, section 2.3.1). It
//! skips the adjoint of the elimination, which automatic differentiation without a rule for the solve goes through.

/// The loss, its gradient and every buffer that the adjoint needs.
pub struct LuAdjoint {
    /// The squared norm of the solution.
    pub objective: f64,
    /// Its gradient in the matrix, row-major.
    pub d_a: Vec<f64>,
    /// Its gradient in the right-hand side.
    pub d_b: Vec<f64>,
    lu: Vec<f64>,
    x: Vec<f64>,
    z: Vec<f64>,
    pivots: Vec<usize>,
}

impl LuAdjoint {
    /// Buffers for systems of `n` equations.
    pub fn new(n: usize) -> Self {
        LuAdjoint {
            objective: 0.0,
            d_a: vec![0.0; n * n],
            d_b: vec![0.0; n],
            lu: vec![0.0; n * n],
            x: vec![0.0; n],
            z: vec![0.0; n],
            pivots: vec![0; n],
        }
    }

    /// Computes the loss and the gradient.
    pub fn run(&mut self, n: usize, a: &[f64], b: &[f64]) {
        self.lu.copy_from_slice(a);
        self.x.copy_from_slice(b);
        self.factor(n);
        self.solve(n);
        self.objective = self.x.iter().map(|x| x * x).sum();
        self.solve_transposed(n);
        self.d_b.copy_from_slice(&self.z);
        for (row, z) in self.d_a.chunks_exact_mut(n).zip(&self.z) {
            for (bar, x) in row.iter_mut().zip(&self.x) {
                *bar = -z * x;
            }
        }
    }

    /// Eliminates with partial pivoting; whole rows are swapped, multipliers too.
    fn factor(&mut self, n: usize) {
        for k in 0..n {
            let column = |i: &usize| self.lu[i * n + k].abs();
            let p = (k..n).max_by(|i, j| column(i).total_cmp(&column(j))).unwrap_or(k);
            self.pivots[k] = p;
            if p != k {
                let (above, below) = self.lu.split_at_mut(p * n);
                above[k * n..(k + 1) * n].swap_with_slice(&mut below[..n]);
            }
            let (top, rest) = self.lu.split_at_mut((k + 1) * n);
            let pivot_row = &top[k * n..];
            for row in rest.chunks_exact_mut(n) {
                let l = row[k] / pivot_row[k];
                row[k] = l;
                for (r, p) in row[k + 1..].iter_mut().zip(&pivot_row[k + 1..]) {
                    *r -= l * p;
                }
            }
        }
    }

    /// `x = a⁻¹ x`.
    fn solve(&mut self, n: usize) {
        for k in 0..n {
            self.x.swap(k, self.pivots[k]);
        }
        for i in 0..n {
            let sum: f64 = (0..i).map(|j| self.lu[i * n + j] * self.x[j]).sum();
            self.x[i] -= sum;
        }
        for i in (0..n).rev() {
            let sum: f64 = (i + 1..n).map(|j| self.lu[i * n + j] * self.x[j]).sum();
            self.x[i] = (self.x[i] - sum) / self.lu[i * n + i];
        }
    }

    /// `z = a⁻ᵀ (2 x)`: first `uᵀ`, then `lᵀ`, each by rows of the factors.
    fn solve_transposed(&mut self, n: usize) {
        for (z, x) in self.z.iter_mut().zip(&self.x) {
            *z = 2.0 * x;
        }
        for i in 0..n {
            self.z[i] /= self.lu[i * n + i];
            let z = self.z[i];
            for (out, u) in self.z[i + 1..].iter_mut().zip(&self.lu[i * n + i + 1..]) {
                *out -= u * z;
            }
        }
        for i in (0..n).rev() {
            let z = self.z[i];
            for (out, l) in self.z[..i].iter_mut().zip(&self.lu[i * n..]) {
                *out -= l * z;
            }
        }
        for k in (0..n).rev() {
            self.z.swap(k, self.pivots[k]);
        }
    }
}
