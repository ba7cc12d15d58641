//! Triangular systems whose matrix is column-major.

use super::product::{add_scaled, dot};
use crate::native::{Native, by_float, columns, rows_mut};
use cotangent_core::Real;
use faer::Par;

/// Which triangle of a column-major matrix is meant, and how.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Kind {
    /// The upper triangle rather than the lower.
    pub upper: bool,
    /// Its transpose rather than itself.
    pub transposed: bool,
    /// With ones on the diagonal, whatever is stored there.
    pub unit: bool,
}

/// `x ← op(t)⁻¹ x` for a vector.
pub(crate) fn solve_vector<T: Real>(t: &[T], n: usize, kind: Kind, x: &mut [T]) {
    let column = |j: usize| &t[j * n..(j + 1) * n];
    let finish = |j: usize, value: T| if kind.unit { value } else { value / t[j * n + j] };
    // Untransposed columns are subtracted from what is left; transposed ones are rows, which are multiplied out.
    match (kind.upper, kind.transposed) {
        (false, false) => {
            for j in 0..n {
                let (done, rest) = x.split_at_mut(j + 1);
                done[j] = finish(j, done[j]);
                add_scaled(rest, -done[j], &column(j)[j + 1..]);
            }
        }
        (true, false) => {
            for j in (0..n).rev() {
                let (rest, done) = x.split_at_mut(j);
                done[0] = finish(j, done[0]);
                add_scaled(rest, -done[0], &column(j)[..j]);
            }
        }
        (true, true) => {
            for j in 0..n {
                let (done, rest) = x.split_at_mut(j);
                rest[0] = finish(j, rest[0] - dot(done, &column(j)[..j]));
            }
        }
        (false, true) => {
            for j in (0..n).rev() {
                let (rest, done) = x.split_at_mut(j + 1);
                rest[j] = finish(j, rest[j] - dot(done, &column(j)[j + 1..]));
            }
        }
    }
}

/// `x ← op(t)⁻¹ x` for a row-major matrix of `m` columns.
pub(crate) fn solve_matrix<T: Real>(t: &[T], n: usize, kind: Kind, x: &mut [T], m: usize) {
    if n * n * m > 20 * 20 * 20 {
        return by_float!(T as E => large::<E, T>(t, n, kind, x, m));
    }
    let lower = kind.upper == kind.transposed;
    let at = |i: usize, j: usize| if kind.transposed { t[i * n + j] } else { t[j * n + i] };
    for step in 0..n {
        let i = if lower { step } else { n - 1 - step };
        let solved = if lower { 0..i } else { i + 1..n };
        for j in solved {
            let factor = -at(i, j);
            let (low, high) = x.split_at_mut(i.max(j) * m);
            let (target, source) = if i > j {
                (&mut high[..m], &low[j * m..(j + 1) * m])
            } else {
                (&mut low[i * m..(i + 1) * m], &high[..m])
            };
            add_scaled(target, factor, source);
        }
        if !kind.unit {
            x[i * m..(i + 1) * m].iter_mut().for_each(|x| *x /= at(i, i));
        }
    }
}

fn large<E: Native, T: Real>(t: &[T], n: usize, kind: Kind, x: &mut [T], m: usize) {
    use faer::linalg::triangular_solve::{
        solve_lower_triangular_in_place as lower, solve_unit_lower_triangular_in_place as unit_lower,
        solve_unit_upper_triangular_in_place as unit_upper, solve_upper_triangular_in_place as upper,
    };
    let (t, x) = (columns(E::of(t), n, n), rows_mut(E::of_mut(x), n, m));
    let t = if kind.transposed { t.transpose() } else { t };
    match (kind.upper != kind.transposed, kind.unit) {
        (false, false) => lower(t, x, Par::Seq),
        (false, true) => unit_lower(t, x, Par::Seq),
        (true, false) => upper(t, x, Par::Seq),
        (true, true) => unit_upper(t, x, Par::Seq),
    }
}
