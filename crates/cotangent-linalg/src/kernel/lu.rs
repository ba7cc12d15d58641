//! LU with partial pivoting, of a column-major matrix in place.

use super::product::add_scaled;
use super::{SMALL, noise};
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

/// The first pivot that is nothing but the rounding error of its own computation: `u_kk = a_kk − Σ l_ki u_ik` is known to
/// `n ε (|u_kk| + Σ |l_ki u_ik|)` (Higham, Accuracy and Stability of Numerical Algorithms, 2002, theorem 9.3). The test does not
/// depend on how rows and columns are scaled.
fn rounded_away<T: Real>(lu: &[T], n: usize) -> Option<usize> {
    (0..n).find(|&k| {
        let column = &lu[k * n..=k * n + k];
        let pivot = column[k].abs();
        // |l| ≤ 1, so the sum of the column bounds that of the products; it is exact enough for all but suspects.
        let bound: T = column.iter().map(|u| u.abs()).sum();
        let suspect = |sum: T| !(pivot > noise::<T>(n) * sum && pivot >= T::MIN_POSITIVE && pivot.is_finite());
        suspect(bound) && suspect(pivot + (0..k).map(|i| (lu[i * n + k] * column[i]).abs()).sum::<T>())
    })
}
