//! The Cholesky factorisation, of a column-major symmetric matrix in place.

use super::product::add_scaled;
use super::{SMALL, noise};
use crate::Error;
use crate::native::{Native, by_float, columns_mut, with_scratch};
use cotangent_core::Real;
use faer::Par;
use faer::linalg::cholesky::llt::factor::{cholesky_in_place, cholesky_in_place_scratch};

/// Replaces the lower triangle of `a` by `L`, `a = L Lᵀ`; `diagonal` is the diagonal of `a`.
///
/// A pivot `a_kk − Σ l_ki²` that is not above `n ε a_kk` is rounding error (Higham 2002, theorem 10.3), and an error.
pub(crate) fn factor<T: Real>(a: &mut [T], n: usize, diagonal: &[T]) -> Result<(), Error> {
    let failed = if n <= SMALL {
        small(a, n, diagonal)
    } else {
        by_float!(T as E => large::<E, T>(a, n)).or_else(|| {
            let square = |k: usize| a[k * n + k] * a[k * n + k];
            (0..n).find(|&k| !is_positive(square(k), diagonal[k], n))
        })
    };
    match failed {
        Some(pivot) => Err(Error::NotPositiveDefinite { pivot }),
        None => Ok(()),
    }
}

fn is_positive<T: Real>(pivot: T, diagonal: T, n: usize) -> bool {
    pivot > noise::<T>(n) * diagonal && pivot >= T::MIN_POSITIVE && pivot.is_finite()
}

fn large<E: Native, T: Real>(a: &mut [T], n: usize) -> Option<usize> {
    let a = columns_mut(E::of_mut(a), n, n);
    let required = cholesky_in_place_scratch::<E>(n, Par::Seq, faer::prelude::default());
    let done = with_scratch(required, |stack| {
        cholesky_in_place(a, faer::prelude::default(), Par::Seq, stack, faer::prelude::default())
    });
    match done {
        Ok(_) => None,
        Err(faer::linalg::cholesky::llt::factor::LltError::NonPositivePivot { index }) => Some(index),
    }
}

fn small<T: Real>(a: &mut [T], n: usize, diagonal: &[T]) -> Option<usize> {
    for k in 0..n {
        let (left, right) = a.split_at_mut((k + 1) * n);
        let column = &mut left[k * n + k..];
        let pivot = column[0];
        if !is_positive(pivot, diagonal[k], n) {
            return Some(k);
        }
        let root = pivot.sqrt();
        column[0] = root;
        column[1..].iter_mut().for_each(|l| *l /= root);
        for (j, target) in right.chunks_exact_mut(n).enumerate() {
            let j = j + 1;
            add_scaled(&mut target[k + j..], -column[j], &column[j..]);
        }
    }
    None
}
