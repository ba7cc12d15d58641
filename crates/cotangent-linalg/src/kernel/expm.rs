//! The matrix exponential by scaling and squaring (Higham 2005).

use super::product::add_scaled;
use crate::{Error, identity, matmul};
use cotangent_core::{Matrix, Real};

/// Coefficients of the diagonal Padé approximants, with the largest 1-norm for which each is accurate to double precision. Higham (2005),
/// tables 2.3 and equation 2.2.
const PADE: [(f64, &[f64]); 4] = [
    (1.495585217958292e-2, &[120.0, 60.0, 12.0, 1.0]),
    (2.53939833006323e-1, &[30240.0, 15120.0, 3360.0, 420.0, 30.0, 1.0]),
    (
        9.504178996162932e-1,
        &[17297280.0, 8648640.0, 1995840.0, 277200.0, 25200.0, 1512.0, 56.0, 1.0],
    ),
    (
        2.097847961257068,
        &[
            17643225600.0,
            8821612800.0,
            2075673600.0,
            302702400.0,
            30270240.0,
            2162160.0,
            110880.0,
            3960.0,
            90.0,
            1.0,
        ],
    ),
];
const PADE_13: [f64; 14] = [
    64764752532480000.0,
    32382376266240000.0,
    7771770303897600.0,
    1187353796428800.0,
    129060195264000.0,
    10559470521600.0,
    670442572800.0,
    33522128640.0,
    1323241920.0,
    40840800.0,
    960960.0,
    16380.0,
    182.0,
    1.0,
];
const THETA_13: f64 = 5.371920351148152;

/// `e^A`. The result may overflow.
pub(crate) fn expm<T: Real>(a: &Matrix<T>) -> Matrix<T> {
    let norm = (0..a.cols())
        .map(|j| (0..a.rows()).map(|i| a[(i, j)].abs().to_f64()).sum::<f64>())
        .fold(0.0, f64::max);
    if let Some((_, coefficients)) = PADE.iter().find(|(limit, _)| norm <= *limit) {
        return pade(a, coefficients);
    }
    // So many halvings that the norm is within what degree 13 can do.
    let halvings = (norm / THETA_13).log2().ceil().max(0.0);
    let mut scaled = a.clone();
    let factor = T::from_f64(0.5f64.powf(halvings));
    scaled.as_mut_slice().iter_mut().for_each(|x| *x *= factor);
    let mut y = pade(&scaled, &PADE_13);
    for _ in 0..halvings as usize {
        y = matmul(&y, &y);
    }
    y
}

/// `(V − U)⁻¹ (V + U)`, `U` of the odd and `V` of the even powers.
fn pade<T: Real>(a: &Matrix<T>, coefficients: &[f64]) -> Matrix<T> {
    let n = a.rows();
    let square = matmul(a, a);
    let (mut odd, mut even) = (Matrix::zeros(n, n), Matrix::zeros(n, n));
    let mut power = identity(n);
    for (k, pair) in coefficients.chunks(2).enumerate() {
        if k > 0 {
            power = matmul(&power, &square);
        }
        add_scaled(even.as_mut_slice(), T::from_f64(pair[0]), power.as_slice());
        add_scaled(odd.as_mut_slice(), T::from_f64(pair[1]), power.as_slice());
    }
    let u = matmul(a, &odd);
    let (mut left, mut right) = (even.clone(), even);
    add_scaled(left.as_mut_slice(), -T::ONE, u.as_slice());
    add_scaled(right.as_mut_slice(), T::ONE, u.as_slice());
    let mut lu = crate::Lu::empty();
    match lu.factor(&left) {
        Ok(()) => lu.solve_matrix(&right),
        // Only where numbers overflowed: the denominator is well conditioned within the limits.
        Err(Error::NotFinite { .. } | Error::Singular { .. }) => Matrix::from_fn(n, n, |_, _| T::INFINITY),
        Err(error) => unreachable!("the matrix is square: {error}"),
    }
}
