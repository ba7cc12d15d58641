//! LU with partial pivoting, of a column-major matrix in place.

use super::SMALL;
use super::product::add_scaled;
use crate::Error;
use crate::native::{Native, by_float, columns_mut, with_scratch};
use cotangent_core::Real;
use faer::Par;
use faer::linalg::lu::partial_pivoting::factor::{lu_in_place, lu_in_place_scratch};

/// Replaces `a` by `L` (below the diagonal, which is 1) and `U`; row `i` of `L U` is row `order[i]` of `a`.
/// `inverse` is the inverse permutation. Returns whether the number of exchanges is odd.
pub(crate) fn factor<T: Real>(a: &mut [T], n: usize, order: &mut [usize], inverse: &mut [usize]) -> Result<bool, Error> {
    let odd = if n <= SMALL {
        small(a, n, order)
    } else {
        by_float!(T as E => large::<E, T>(a, n, order, inverse))
    };
    for (i, row) in order.iter().enumerate() {
        inverse[*row] = i;
    }
    match rounded_away(a, n) {
        Some(pivot) => Err(Error::Singular { pivot }),
        None => Ok(odd),
    }
}

fn large<E: Native, T: Real>(a: &mut [T], n: usize, order: &mut [usize], inverse: &mut [usize]) -> bool {
    let a = columns_mut(E::of_mut(a), n, n);
    with_scratch(lu_in_place_scratch::<usize, E>(n, n, Par::Seq, faer::prelude::default()), |stack| {
        let (info, _) = lu_in_place(a, order, inverse, Par::Seq, stack, faer::prelude::default());
        info.transposition_count % 2 == 1
    })
}

fn small<T: Real>(a: &mut [T], n: usize, order: &mut [usize]) -> bool {
    let mut odd = false;
    for (i, row) in order.iter_mut().enumerate() {
        *row = i;
    }
    for k in 0..n {
        let (left, right) = a.split_at_mut((k + 1) * n);
        let column = &mut left[k * n..];
        let pivot = largest(column, k);
        if pivot != k {
            odd = !odd;
            order.swap(k, pivot);
            column.swap(k, pivot);
            left[..k * n].chunks_exact_mut(n).for_each(|c| c.swap(k, pivot));
            right.chunks_exact_mut(n).for_each(|c| c.swap(k, pivot));
        }
        let column = &mut left[k * n..];
        let scale = column[k];
        // A zero pivot is found when all is done; until then the column stays as it is.
        if scale != T::ZERO {
            column[k + 1..].iter_mut().for_each(|l| *l /= scale);
        }
        for target in right.chunks_exact_mut(n) {
            let factor = -target[k];
            add_scaled(&mut target[k + 1..], factor, &column[k + 1..]);
        }
    }
    odd
}

fn largest<T: Real>(column: &[T], from: usize) -> usize {
    let mut best = from;
    for i in from + 1..column.len() {
        if column[i].abs() > column[best].abs() {
            best = i;
        }
    }
    best
}

/// The first pivot that is nothing but rounding error. The test does not depend on how rows and columns are scaled.
fn rounded_away<T: Real>(lu: &[T], n: usize) -> Option<usize> {
    (0..n).find(|&k| {
        let column = &lu[k * n..=k * n + k];
        let pivot = column[k].abs();
        // Where at least half of the digits are left, nothing was lost: |l| ≤ 1, so this bounds the products that were subtracted.
        let products: T = column.iter().map(|u| u.abs()).sum();
        let suspect = pivot <= T::EPSILON.sqrt() * products;
        let usable = pivot >= T::MIN_POSITIVE && pivot.is_finite();
        !usable || suspect && pivot <= rounding(lu, n, k)
    })
}

/// The rounding error of pivot `k` to first order. The computed factors are those of a matrix that differs by `ε |L| |U|` (Higham,
/// Accuracy and Stability of Numerical Algorithms, 2002, theorem 9.3, without the factor n that is hardly ever attained); that moves the
/// pivot by `p δA q`, with `p` row `k` of `L⁻¹` and `q` the solution of `U q = 0` over the leading columns with `q_k = 1`.
fn rounding<T: Real>(lu: &[T], n: usize, k: usize) -> T {
    let at = |i: usize, j: usize| lu[j * n + i];
    let (mut p, mut q) = (vec![T::ZERO; k + 1], vec![T::ZERO; k + 1]);
    (p[k], q[k]) = (T::ONE, T::ONE);
    for j in (0..k).rev() {
        p[j] = -(j + 1..=k).map(|i| p[i] * at(i, j)).sum::<T>();
        q[j] = -(j + 1..=k).map(|i| at(j, i) * q[i]).sum::<T>() / at(j, j);
    }
    let through_u: Vec<T> = (0..=k).map(|i| (i..=k).map(|j| (at(i, j) * q[j]).abs()).sum()).collect();
    let row = |i: usize| through_u[i] + (0..i).map(|j| at(i, j).abs() * through_u[j]).sum::<T>();
    T::EPSILON * (0..=k).map(|i| p[i].abs() * row(i)).sum::<T>()
}
