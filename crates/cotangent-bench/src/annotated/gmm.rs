//! ADBench's Gaussian mixture: the log-likelihood of `n` points under `k` components in `d` dimensions.
//!
//! Row `c` of `icf` is the log-diagonal `q` of component `c`, then the strictly lower triangle of `L` by columns; the
//! factor of its precision is `Q = diag(exp q) + L`.

use cotangent::prelude::*;

use crate::special::wishart_constant;

/// The log-likelihood, with its buffers allocated here, as people write it.
#[differentiable(wrt(alphas, means, icf))]
pub fn natural(d: usize, k: usize, alphas: &[f64], means: &[f64], icf: &[f64], x: &[f64], gamma: f64, m: f64) -> f64 {
    let n = x.len() / d;
    let size = d * (d + 1) / 2;
    let mut q_diagonals = vec![0.0; d * k];
    let mut q_sums = vec![0.0; k];
    exponentiate(d, k, icf, &mut q_diagonals, &mut q_sums);

    let mut total = 0.0;
    for i in 0..n {
        let mut centered = vec![0.0; d];
        let mut y = vec![0.0; d];
        let mut terms = vec![0.0; k];
        for c in 0..k {
            subtract(&x[i * d..(i + 1) * d], &means[c * d..(c + 1) * d], &mut centered);
            multiply(
                &q_diagonals[c * d..(c + 1) * d],
                &icf[c * size + d..(c + 1) * size],
                &centered,
                &mut y,
            );
            terms[c] = alphas[c] + q_sums[c] - 0.5 * squared_norm(&y);
        }
        total += log_sum_exp(&terms);
    }
    let constant_part = ((n * d) as f64) * 0.5 * (2.0 * std::f64::consts::PI).ln();
    total - constant_part - (n as f64) * log_sum_exp(alphas) + prior(d, k, gamma, m, icf, &q_diagonals, &q_sums)
}

/// The same with every buffer passed in.
#[differentiable(wrt(alphas, means, icf, q_diagonals, q_sums, centered, y, terms))]
pub fn workspace(
    d: usize,
    k: usize,
    alphas: &[f64],
    means: &[f64],
    icf: &[f64],
    x: &[f64],
    gamma: f64,
    m: f64,
    q_diagonals: &mut [f64],
    q_sums: &mut [f64],
    centered: &mut [f64],
    y: &mut [f64],
    terms: &mut [f64],
) -> f64 {
    let n = x.len() / d;
    let size = d * (d + 1) / 2;
    exponentiate(d, k, icf, q_diagonals, q_sums);

    let mut total = 0.0;
    for i in 0..n {
        for c in 0..k {
            subtract(&x[i * d..(i + 1) * d], &means[c * d..(c + 1) * d], centered);
            multiply(&q_diagonals[c * d..(c + 1) * d], &icf[c * size + d..(c + 1) * size], centered, y);
            terms[c] = alphas[c] + q_sums[c] - 0.5 * squared_norm(y);
        }
        total += log_sum_exp(terms);
    }
    let constant_part = ((n * d) as f64) * 0.5 * (2.0 * std::f64::consts::PI).ln();
    total - constant_part - (n as f64) * log_sum_exp(alphas) + prior(d, k, gamma, m, icf, q_diagonals, q_sums)
}

/// `exp q` and `sum q` of every component.
#[differentiable]
fn exponentiate(d: usize, k: usize, icf: &[f64], q_diagonals: &mut [f64], q_sums: &mut [f64]) {
    let size = d * (d + 1) / 2;
    for c in 0..k {
        q_sums[c] = 0.0;
        for j in 0..d {
            let q = icf[c * size + j];
            q_sums[c] += q;
            q_diagonals[c * d + j] = q.exp();
        }
    }
}

/// `out = x - mean`.
#[differentiable]
fn subtract(x: &[f64], mean: &[f64], out: &mut [f64]) {
    for j in 0..out.len() {
        out[j] = x[j] - mean[j];
    }
}

/// `out = (diag(q) + L) v`, the strictly lower `L` by columns.
#[differentiable]
fn multiply(q: &[f64], l: &[f64], v: &[f64], out: &mut [f64]) {
    let d = out.len();
    for j in 0..d {
        out[j] = q[j] * v[j];
    }
    let mut start = 0;
    for j in 0..d {
        let column = &l[start..start + d - j - 1];
        for i in 0..column.len() {
            out[j + 1 + i] += column[i] * v[j];
        }
        start += d - j - 1;
    }
}

/// The sum of squares.
#[differentiable]
fn squared_norm(v: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..v.len() {
        sum += v[i] * v[i];
    }
    sum
}

/// `ln sum exp v`, shifted by the largest entry so that nothing overflows.
#[differentiable]
fn log_sum_exp(v: &[f64]) -> f64 {
    let mut top = v[0];
    for i in 1..v.len() {
        if v[i] > top {
            top = v[i];
        }
    }
    let mut sum = 0.0;
    for i in 0..v.len() {
        sum += (v[i] - top).exp();
    }
    top + sum.ln()
}

/// The Wishart prior on the factors, with the signs of ADBench's code.
#[differentiable(wrt(icf, q_diagonals, q_sums))]
fn prior(d: usize, k: usize, gamma: f64, m: f64, icf: &[f64], q_diagonals: &[f64], q_sums: &[f64]) -> f64 {
    let size = d * (d + 1) / 2;
    let mut total = 0.0;
    for c in 0..k {
        let squares = squared_norm(&q_diagonals[c * d..(c + 1) * d]) + squared_norm(&icf[c * size + d..(c + 1) * size]);
        total += 0.5 * gamma * gamma * squares - m * q_sums[c];
    }
    total - (k as f64) * wishart_constant(d, gamma, m)
}
