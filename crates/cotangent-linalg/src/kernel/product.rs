//! Products of row-major matrices.

use crate::native::{Native, by_float, rows, rows_mut};
use cotangent_core::Real;
use faer::{Accum, MatRef, Par};

/// Below this number of multiplications the simple loop is faster than faer's kernels.
const SMALL: usize = 12 * 12 * 12;

/// A row-major matrix, or its transpose.
#[derive(Clone, Copy)]
pub(crate) struct Operand<'a, T> {
    /// The numbers, row by row, before transposing.
    pub values: &'a [T],
    /// Rows before transposing.
    pub rows: usize,
    /// Columns before transposing.
    pub cols: usize,
    /// Whether the transpose is meant.
    pub transposed: bool,
}

impl<'a, T> Operand<'a, T> {
    fn shape(&self) -> (usize, usize) {
        if self.transposed {
            (self.cols, self.rows)
        } else {
            (self.rows, self.cols)
        }
    }

    fn view<E: Native>(self) -> MatRef<'a, E>
    where
        T: Real,
    {
        let stored = rows(E::of(self.values), self.rows, self.cols);
        if self.transposed { stored.transpose() } else { stored }
    }

    /// Steps from row to row and from column to column.
    fn strides(&self) -> (usize, usize) {
        if self.transposed { (1, self.cols) } else { (self.cols, 1) }
    }
}

/// `c += alpha a b`, all of them row-major. The shapes have to fit.
pub(crate) fn multiply_add<T: Real>(c: &mut [T], alpha: T, a: Operand<'_, T>, b: Operand<'_, T>) {
    let ((m, k), (_, n)) = (a.shape(), b.shape());
    debug_assert_eq!((b.shape().0, c.len()), (k, m * n));
    if m * n * k > SMALL {
        return by_float!(T as E => large::<E, T>(c, alpha, a, b));
    }
    let ((row, col), (b_row, b_col)) = (a.strides(), b.strides());
    for i in 0..m {
        let c = &mut c[i * n..(i + 1) * n];
        for l in 0..k {
            let factor = alpha * a.values[i * row + l * col];
            if b_col == 1 {
                for (c, b) in c.iter_mut().zip(&b.values[l * b_row..l * b_row + n]) {
                    *c += factor * b;
                }
            } else {
                for (j, c) in c.iter_mut().enumerate() {
                    *c += factor * b.values[l * b_row + j * b_col];
                }
            }
        }
    }
}

fn large<E: Native, T: Real>(c: &mut [T], alpha: T, a: Operand<'_, T>, b: Operand<'_, T>) {
    let (m, n) = (a.shape().0, b.shape().1);
    let (a, b) = (a.view::<E>(), b.view::<E>());
    let c = rows_mut(E::of_mut(c), m, n);
    faer::linalg::matmul::matmul(c, Accum::Add, a, b, E::of(&[alpha])[0], Par::Seq);
}

/// The sum of products, in four chains so that it runs in parallel on one core.
pub(crate) fn dot<T: Real>(a: &[T], b: &[T]) -> T {
    let (mut sums, (a4, b4)) = ([T::ZERO; 4], (a.chunks_exact(4), b.chunks_exact(4)));
    let rest: T = a4.remainder().iter().zip(b4.remainder()).map(|(x, y)| *x * y).sum();
    for (x, y) in a4.zip(b4) {
        for lane in 0..4 {
            sums[lane] += x[lane] * y[lane];
        }
    }
    (sums[0] + sums[1]) + (sums[2] + sums[3]) + rest
}

/// `y += alpha x`.
pub(crate) fn add_scaled<T: Real>(y: &mut [T], alpha: T, x: &[T]) {
    for (y, x) in y.iter_mut().zip(x) {
        *y += alpha * x;
    }
}
