//! The problems, generic over the number.

use std::f64::consts::PI;

use super::number::Number;
use crate::cases::building::DT;
use crate::hand::building::TARGET;
use crate::input::{Gmm, Lstm};
use crate::special::wishart_constant;

/// The Gaussian mixture; its parameters are alphas, means and icf, one after the other.
pub fn gmm<S: Number>(g: &Gmm, parameters: &[S]) -> S {
    let (d, k, size) = (g.d, g.k, g.d * (g.d + 1) / 2);
    let (alphas, rest) = parameters.split_at(k);
    let (means, icf) = rest.split_at(k * d);
    let rows: Vec<&[S]> = icf.chunks(size).collect();
    let e: Vec<S> = rows.iter().flat_map(|row| row[..d].iter().map(|q| q.exp())).collect();
    let q_sums: Vec<S> = rows.iter().map(|row| sum(row[..d].iter().copied())).collect();

    let mut total = S::constant(0.0);
    for x in g.x.chunks(d) {
        let terms: Vec<S> = (0..k)
            .map(|c| {
                let centered: Vec<S> = (0..d).map(|j| -(means[c * d + j] - x[j])).collect();
                let mut y: Vec<S> = (0..d).map(|j| e[c * d + j] * centered[j]).collect();
                let mut l = rows[c][d..].iter();
                for j in 0..d {
                    for (y, &l) in y[j + 1..].iter_mut().zip(&mut l) {
                        *y = *y + l * centered[j];
                    }
                }
                alphas[c] + q_sums[c] - sum(y.iter().map(|&y| y * y)) * 0.5
            })
            .collect();
        total = total + log_sum_exp(&terms);
    }
    let squares = sum(e
        .iter()
        .copied()
        .chain(rows.iter().flat_map(|r| r[d..].iter().copied()))
        .map(|v| v * v));
    let prior = squares * (0.5 * g.gamma * g.gamma) - sum(q_sums.into_iter()) * g.m;
    let constant = (g.n * d) as f64 * 0.5 * (2.0 * PI).ln() + k as f64 * wishart_constant(d, g.gamma, g.m);
    total - log_sum_exp(alphas) * g.n as f64 + prior - constant
}

fn log_sum_exp<S: Number>(v: &[S]) -> S {
    let top = v.iter().copied().reduce(|a, b| if b.value() > a.value() { b } else { a });
    let top = top.unwrap_or(S::constant(f64::NEG_INFINITY));
    top + sum(v.iter().map(|&v| (v - top).exp())).ln()
}

fn sum<S: Number>(values: impl Iterator<Item = S>) -> S {
    values.fold(S::constant(0.0), |sum, x| sum + x)
}

/// The reprojection error; its parameters are camera, point and weight, one after the other.
pub fn residual<S: Number>(p: &[S; 15], feature: &[f64; 2]) -> [S; 2] {
    let x = [p[11] - p[3], p[12] - p[4], p[13] - p[5]];
    let seen = rotate(&[p[0], p[1], p[2]], &x);
    let (u, v) = (seen[0] / seen[2], seen[1] / seen[2]);
    let square = u * u + v * v;
    let distortion = p[9] * square + p[10] * square * square + 1.0;
    [
        p[14] * (p[6] * (u * distortion) + p[7] - feature[0]),
        p[14] * (p[6] * (v * distortion) + p[8] - feature[1]),
    ]
}

fn rotate<S: Number>(r: &[S; 3], x: &[S; 3]) -> [S; 3] {
    let square = r[0] * r[0] + r[1] * r[1] + r[2] * r[2];
    if square.value() == 0.0 {
        let across = cross(r, x);
        return std::array::from_fn(|i| x[i] + across[i]);
    }
    let angle = square.sqrt();
    let (s, c) = (angle.sin(), angle.cos());
    let w = r.map(|r| r / angle);
    let across = cross(&w, x);
    let along = (w[0] * x[0] + w[1] * x[1] + w[2] * x[2]) * (-c + 1.0);
    std::array::from_fn(|i| x[i] * c + across[i] * s + w[i] * along)
}

fn cross<S: Number>(a: &[S; 3], b: &[S; 3]) -> [S; 3] {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

/// The long short-term memory; its parameters are those of the layers, then the extra ones.
pub fn lstm<S: Number>(m: &Lstm, parameters: &[S]) -> S {
    let b = m.b;
    let (main, extra) = parameters.split_at(8 * m.layers * b);
    let mut state: Vec<S> = m.state.iter().map(|&x| S::constant(x)).collect();
    let mut total = S::constant(0.0);
    for t in 0..m.steps - 1 {
        let mut input: Vec<S> = (0..b).map(|i| extra[i] * m.sequence[t * b + i]).collect();
        for (main, state) in main.chunks(8 * b).zip(state.chunks_mut(2 * b)) {
            let (hidden, cell) = state.split_at_mut(b);
            for i in 0..b {
                let gate = |g: usize, x: S| x * main[g * b + i] + main[(4 + g) * b + i];
                let change = gate(3, hidden[i]).tanh();
                let fresh = sigmoid(gate(1, hidden[i])) * change;
                cell[i] = cell[i] * sigmoid(gate(0, input[i])) + fresh;
                hidden[i] = sigmoid(gate(2, input[i])) * cell[i].tanh();
                input[i] = hidden[i];
            }
        }
        let y: Vec<S> = (0..b).map(|i| input[i] * extra[b + i] + extra[2 * b + i]).collect();
        let log = (sum(y.iter().map(|y| y.exp())) + 2.0).ln();
        let next = &m.sequence[(t + 1) * b..];
        total = total + sum(y.iter().zip(next).map(|(&y, &next)| (y - log) * next));
    }
    total * (-1.0 / ((m.steps - 1) * b) as f64)
}

fn sigmoid<S: Number>(x: S) -> S {
    S::constant(1.0) / ((-x).exp() + 1.0)
}

/// The building: the prediction and the loss after so many steps.
pub fn building<S: Number>(p: &[S], steps: usize) -> (S, S) {
    let (mut tank, mut water, mut slab) = (p[14], p[10], p[19]);
    for _ in 0..steps {
        let power = (tank - water) * (p[11] * p[12]) * p[13];
        tank = tank + power * DT / p[16] / (p[15] * p[17]);
        water = water + power * DT / p[13] / (p[11] * DT * p[12]);
        let length = p[5] / p[0];
        let resistance = p[3] * p[2] * 10.0 / (length * PI * p[1]);
        let load = (slab - water) / resistance;
        water = water + load * DT / p[13] / (p[11] * DT * p[12]);
        slab = slab - load * DT / p[6] / (p[5] * p[8] * p[7]);
    }
    let off = slab - TARGET;
    (slab, if off.value() < 0.0 { -off } else { off })
}

/// The squared norm of the solution; the parameters are the matrix, row-major, then the right-hand side.
pub fn lu<S: Number>(n: usize, parameters: &[S]) -> S {
    let mut rows: Vec<Vec<S>> = parameters[..n * n].chunks(n).map(<[S]>::to_vec).collect();
    let mut x = parameters[n * n..].to_vec();
    for k in 0..n {
        let size = |row: &Vec<S>| row[k].value().abs();
        let p = (k..n).max_by(|&i, &j| size(&rows[i]).total_cmp(&size(&rows[j]))).unwrap_or(k);
        rows.swap(k, p);
        x.swap(k, p);
        for i in k + 1..n {
            let l = rows[i][k] / rows[k][k];
            for j in k + 1..n {
                rows[i][j] = rows[i][j] - l * rows[k][j];
            }
            x[i] = x[i] - l * x[k];
        }
    }
    for i in (0..n).rev() {
        let known = sum((i + 1..n).map(|j| rows[i][j] * x[j]));
        x[i] = (x[i] - known) / rows[i][i];
    }
    sum(x.into_iter().map(|x| x * x))
}
