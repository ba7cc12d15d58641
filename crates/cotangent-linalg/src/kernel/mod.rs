//! Plain numerics on slices, without derivatives. Small problems run code of this crate, whose loops have no set-up; large ones
//! run faer's.

pub(crate) mod cholesky;
pub(crate) mod expm;
pub(crate) mod lu;
pub(crate) mod product;
pub(crate) mod schur;
pub(crate) mod spectral;
pub(crate) mod substitution;

/// Up to this size a factorisation by the simple loops is faster than faer's blocked one (measured on x86-64).
pub(crate) const SMALL: usize = 24;

/// A stack of no dimension: the sums of absolute products that bound rounding errors grow by this factor of epsilon.
pub(crate) fn noise<T: cotangent_core::Real>(n: usize) -> T {
    T::from_usize(n) * T::EPSILON
}

/// Copies a row-major matrix to a column-major one, or the other way round, in blocks that stay in cache.
pub(crate) fn transpose<T: Copy>(from: &[T], rows: usize, cols: usize, to: &mut [T]) {
    const BLOCK: usize = 16;
    for i0 in (0..rows).step_by(BLOCK) {
        let i1 = rows.min(i0 + BLOCK);
        for j0 in (0..cols).step_by(BLOCK) {
            let j1 = cols.min(j0 + BLOCK);
            for i in i0..i1 {
                let row = &from[i * cols + j0..i * cols + j1];
                for (j, value) in (j0..j1).zip(row) {
                    to[j * rows + i] = *value;
                }
            }
        }
    }
}
