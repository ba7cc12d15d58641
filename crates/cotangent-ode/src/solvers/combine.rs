//! Sums of a few vectors, in one pass.

use cotangent::Real;

/// `out = base + h Σ weights[i] rows[columns[i]]`; the rows are `n` long and lie one after the other.
///
/// The number of terms is a constant of each instance: the inner sum is unrolled, and the loop over components vectorises.
#[inline]
pub fn combine<F: Real>(out: &mut [F], base: &[F], h: F, weights: &[F], columns: &[u8], rows: &[F]) {
    macro_rules! dispatch {
        ($($terms:literal)*) => {
            match weights.len() {
                0 => out.copy_from_slice(base),
                $($terms => terms::<F, $terms>(out, base, h, weights, columns, rows),)*
                // Longer sums in two parts.
                _ => {
                    let (first, second) = weights.split_at(8);
                    let (left, right) = columns.split_at(8);
                    terms::<F, 8>(out, base, h, first, left, rows);
                    for (&w, &c) in second.iter().zip(right) {
                        let row = &rows[c as usize * out.len()..][..out.len()];
                        for (o, &x) in out.iter_mut().zip(row) {
                            *o += h * w * x;
                        }
                    }
                }
            }
        };
    }
    dispatch!(1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18);
}

#[inline(always)]
fn terms<F: Real, const K: usize>(out: &mut [F], base: &[F], h: F, weights: &[F], columns: &[u8], rows: &[F]) {
    let n = out.len();
    let base = &base[..n];
    let weights: &[F; K] = weights.first_chunk().expect("K weights");
    let columns: &[u8; K] = columns.first_chunk().expect("K columns");
    let rows: [&[F]; K] = core::array::from_fn(|i| &rows[columns[i] as usize * n..][..n]);
    for d in 0..n {
        let mut sum = weights[0] * rows[0][d];
        for i in 1..K {
            sum += weights[i] * rows[i][d];
        }
        out[d] = base[d] + h * sum;
    }
}

/// Weights that are not zero, with their places.
#[derive(Clone, Debug)]
pub struct Sparse<F, const S: usize> {
    weights: [F; S],
    columns: [u8; S],
    len: usize,
}

impl<F: Real, const S: usize> Sparse<F, S> {
    /// Without zeros.
    pub fn new(weights: impl IntoIterator<Item = f64>) -> Self {
        let mut row = Sparse {
            weights: [F::ZERO; S],
            columns: [0; S],
            len: 0,
        };
        for (i, w) in weights.into_iter().enumerate() {
            if w != 0.0 {
                row.weights[row.len] = F::from_f64(w);
                row.columns[row.len] = i as u8;
                row.len += 1;
            }
        }
        row
    }

    /// `out = base + h Σ weights · rows`
    #[inline]
    pub fn apply(&self, out: &mut [F], base: &[F], h: F, rows: &[F]) {
        combine(out, base, h, &self.weights[..self.len], &self.columns[..self.len], rows);
    }
}
