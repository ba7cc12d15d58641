//! The adjoint of the Gaussian mixture, a point at a time: the point's centred and transformed rows stay in cache until
//! the weights of the components are known, so nothing is recorded.

use std::f64::consts::PI;

use crate::input::Gmm;
use crate::special::wishart_constant;

/// The objective, its gradient and every buffer that the adjoint needs.
pub struct GmmAdjoint {
    /// The log-likelihood.
    pub objective: f64,
    /// Its gradient in the log-weights.
    pub d_alphas: Vec<f64>,
    /// Its gradient in the means.
    pub d_means: Vec<f64>,
    /// Its gradient in the inverse covariance factors.
    pub d_icf: Vec<f64>,
    q_diagonals: Vec<f64>,
    q_sums: Vec<f64>,
    centered: Vec<f64>,
    y: Vec<f64>,
    terms: Vec<f64>,
}

impl GmmAdjoint {
    /// Buffers for inputs of the size of this one.
    pub fn new(input: &Gmm) -> Self {
        let (d, k) = (input.d, input.k);
        GmmAdjoint {
            objective: 0.0,
            d_alphas: vec![0.0; k],
            d_means: vec![0.0; k * d],
            d_icf: vec![0.0; input.icf.len()],
            q_diagonals: vec![0.0; k * d],
            q_sums: vec![0.0; k],
            centered: vec![0.0; k * d],
            y: vec![0.0; k * d],
            terms: vec![0.0; k],
        }
    }

    /// Computes the objective and the gradient.
    pub fn run(&mut self, input: &Gmm) {
        self.d_alphas.fill(0.0);
        self.d_means.fill(0.0);
        self.d_icf.fill(0.0);
        self.exponentiate(input);
        let mut total = 0.0;
        for x in input.x.chunks_exact(input.d) {
            total += self.point(input, x);
        }
        let (n, d) = (input.n as f64, input.d as f64);
        let log_sum = soften(&input.alphas, &mut self.terms);
        for (bar, weight) in self.d_alphas.iter_mut().zip(&self.terms) {
            *bar -= n * weight;
        }
        self.objective = -n * d * 0.5 * (2.0 * PI).ln() + total - n * log_sum + self.prior(input);
    }

    fn exponentiate(&mut self, input: &Gmm) {
        let rows = input.icf.chunks_exact(input.d * (input.d + 1) / 2);
        for (c, row) in rows.enumerate() {
            let q = &row[..input.d];
            self.q_sums[c] = q.iter().sum();
            for (e, q) in self.q_diagonals[c * input.d..].iter_mut().zip(q) {
                *e = q.exp();
            }
        }
    }

    /// One point: its log-likelihood, and its part of the gradient.
    fn point(&mut self, input: &Gmm, x: &[f64]) -> f64 {
        let (d, size) = (input.d, input.d * (input.d + 1) / 2);
        for c in 0..input.k {
            let row = c * d..(c + 1) * d;
            let (centered, y) = (&mut self.centered[row.clone()], &mut self.y[row.clone()]);
            for (j, out) in centered.iter_mut().enumerate() {
                *out = x[j] - input.means[c * d + j];
            }
            transform(&self.q_diagonals[row], &input.icf[c * size + d..(c + 1) * size], centered, y);
            let square: f64 = y.iter().map(|y| y * y).sum();
            self.terms[c] = input.alphas[c] + self.q_sums[c] - 0.5 * square;
        }
        let log_sum = soften_in_place(&mut self.terms);
        for c in 0..input.k {
            self.component(input, c, size);
        }
        log_sum
    }

    /// The part of one component, whose weight is `terms[c]`: the adjoint of alpha + sum q - |Q (x - mean)|^2 / 2.
    fn component(&mut self, input: &Gmm, c: usize, size: usize) {
        let (d, weight) = (input.d, self.terms[c]);
        let row = c * d..(c + 1) * d;
        let (centered, y) = (&self.centered[row.clone()], &mut self.y[row.clone()]);
        let (q_bar, l_bar) = self.d_icf[c * size..(c + 1) * size].split_at_mut(d);
        let l = &input.icf[c * size + d..(c + 1) * size];
        let mean_bar = &mut self.d_means[row.clone()];
        let e = &self.q_diagonals[row];

        self.d_alphas[c] += weight;
        for y in y.iter_mut() {
            *y *= -weight;
        }
        let mut start = 0;
        for j in 0..d {
            let len = d - j - 1;
            q_bar[j] += weight + y[j] * centered[j] * e[j];
            let mut centered_bar = y[j] * e[j];
            let (column, column_bar) = (&l[start..start + len], &mut l_bar[start..start + len]);
            for ((bar, l), y) in column_bar.iter_mut().zip(column).zip(&y[j + 1..]) {
                *bar += y * centered[j];
                centered_bar += y * l;
            }
            mean_bar[j] -= centered_bar;
            start += len;
        }
    }

    /// The Wishart prior and its gradient.
    fn prior(&mut self, input: &Gmm) -> f64 {
        let (d, size, square) = (input.d, input.d * (input.d + 1) / 2, input.gamma * input.gamma);
        let mut total = 0.0;
        for c in 0..input.k {
            let row_bar = &mut self.d_icf[c * size..(c + 1) * size];
            let e = &self.q_diagonals[c * d..(c + 1) * d];
            for (bar, e) in row_bar.iter_mut().zip(e) {
                total += 0.5 * square * e * e;
                *bar += square * e * e - input.m;
            }
            for (bar, l) in row_bar[d..].iter_mut().zip(&input.icf[c * size + d..(c + 1) * size]) {
                total += 0.5 * square * l * l;
                *bar += square * l;
            }
            total -= input.m * self.q_sums[c];
        }
        total - input.k as f64 * wishart_constant(d, input.gamma, input.m)
    }
}

/// `out = (diag(q) + L) v`, the strictly lower `L` by columns.
fn transform(q: &[f64], l: &[f64], v: &[f64], out: &mut [f64]) {
    for ((out, q), v) in out.iter_mut().zip(q).zip(v) {
        *out = q * v;
    }
    let mut start = 0;
    for j in 0..v.len() {
        let len = v.len() - j - 1;
        for (out, l) in out[j + 1..].iter_mut().zip(&l[start..start + len]) {
            *out += l * v[j];
        }
        start += len;
    }
}

/// The softmax of `v` into `out`; returns `ln sum exp v`.
fn soften(v: &[f64], out: &mut [f64]) -> f64 {
    out.copy_from_slice(v);
    soften_in_place(out)
}

fn soften_in_place(v: &mut [f64]) -> f64 {
    let top = v.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut sum = 0.0;
    for v in v.iter_mut() {
        *v = (*v - top).exp();
        sum += *v;
    }
    for v in v.iter_mut() {
        *v /= sum;
    }
    top + sum.ln()
}
