//! The complex Schur form of a real matrix, `A = U T Uᴴ`, by Hessenberg reduction and shifted QR steps (Golub and Van Loan 2013, 7.4-7.5).

use super::noise;
use crate::Error;
use cotangent_core::{Matrix, Real};

/// A complex number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Complex<T> {
    pub(crate) re: T,
    pub(crate) im: T,
}

impl<T: Real> Complex<T> {
    pub(crate) const fn new(re: T, im: T) -> Self {
        Complex { re, im }
    }
    pub(crate) fn zero() -> Self {
        Complex::new(T::ZERO, T::ZERO)
    }
    pub(crate) fn conj(self) -> Self {
        Complex::new(self.re, -self.im)
    }
    pub(crate) fn abs(self) -> T {
        self.re.hypot(self.im)
    }
    pub(crate) fn plus(self, o: Self) -> Self {
        Complex::new(self.re + o.re, self.im + o.im)
    }
    pub(crate) fn minus(self, o: Self) -> Self {
        Complex::new(self.re - o.re, self.im - o.im)
    }
    pub(crate) fn times(self, o: Self) -> Self {
        Complex::new(self.re * o.re - self.im * o.im, self.re * o.im + self.im * o.re)
    }
    pub(crate) fn scaled(self, s: T) -> Self {
        Complex::new(self.re * s, self.im * s)
    }
    /// The quotient, scaled so that squares neither overflow nor vanish.
    pub(crate) fn over(self, o: Self) -> Self {
        let size = o.re.abs().max(o.im.abs());
        let (d, n) = (o.scaled(T::ONE / size), self.scaled(T::ONE / size));
        n.times(d.conj()).scaled(T::ONE / (d.re * d.re + d.im * d.im))
    }
    /// The square root in the right half plane.
    fn sqrt(self) -> Self {
        let r = self.abs();
        if r == T::ZERO {
            return self;
        }
        let half = T::from_f64(0.5);
        let re = ((r + self.re.abs()) * half).sqrt();
        let im = half * self.im.abs() / re;
        if self.re >= T::ZERO {
            Complex::new(re, im.copysign(self.im))
        } else {
            Complex::new(im, re.copysign(self.im))
        }
    }
}

/// A square complex matrix, row-major.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Square<T> {
    pub(crate) n: usize,
    pub(crate) values: Vec<Complex<T>>,
}

impl<T: Real> Square<T> {
    pub(crate) fn at(&self, i: usize, j: usize) -> Complex<T> {
        self.values[i * self.n + j]
    }
    fn set(&mut self, i: usize, j: usize, value: Complex<T>) {
        self.values[i * self.n + j] = value;
    }
    fn of_real(a: &Matrix<T>) -> Self {
        Square {
            n: a.rows(),
            values: a.iter().map(|x| Complex::new(*x, T::ZERO)).collect(),
        }
    }
    /// Rows `p` and `q` become `c p + s q` and `c q − s̄ p`.
    fn rotate_rows(&mut self, p: usize, q: usize, from: usize, c: T, s: Complex<T>) {
        for j in from..self.n {
            let (x, y) = (self.at(p, j), self.at(q, j));
            self.set(p, j, x.scaled(c).plus(s.times(y)));
            self.set(q, j, y.scaled(c).minus(s.conj().times(x)));
        }
    }
    /// The same from the right, with the conjugate transpose of the rotation.
    fn rotate_columns(&mut self, p: usize, q: usize, to: usize, c: T, s: Complex<T>) {
        for i in 0..to {
            let (x, y) = (self.at(i, p), self.at(i, q));
            self.set(i, p, x.scaled(c).plus(s.conj().times(y)));
            self.set(i, q, y.scaled(c).minus(s.times(x)));
        }
    }
}

/// `U` and the upper triangular `T`.
pub(crate) fn schur<T: Real>(a: &Matrix<T>, operation: &'static str) -> Result<(Square<T>, Square<T>), Error> {
    let (h, q) = hessenberg(a);
    let (mut t, mut u) = (Square::of_real(&h), Square::of_real(&q));
    let mut high = t.n;
    let (mut steps, mut since) = (0, 0);
    while high > 1 {
        let low = deflate(&mut t, high);
        if low + 1 == high {
            (high, since) = (high - 1, 0);
            continue;
        }
        (steps, since) = (steps + 1, since + 1);
        if since > 60 {
            let residual = t.at(high - 1, high - 2).abs().to_f64();
            return Err(Error::NoConvergence {
                operation,
                steps,
                residual,
            });
        }
        let shift = if since % 10 == 0 {
            // Now and then an odd shift, in case the regular ones go in circles.
            t.at(high - 1, high - 1).plus(Complex::new(t.at(high - 1, high - 2).abs(), T::ZERO))
        } else {
            wilkinson(&t, high)
        };
        qr_step(&mut t, &mut u, low, high, shift);
    }
    Ok((u, t))
}

/// Zeroes negligible subdiagonals; where the active block that ends at `high` begins.
fn deflate<T: Real>(t: &mut Square<T>, high: usize) -> usize {
    for k in (1..high).rev() {
        let scale = t.at(k, k).abs() + t.at(k - 1, k - 1).abs();
        let scale = if scale == T::ZERO { T::ONE } else { scale };
        if t.at(k, k - 1).abs() <= T::EPSILON * scale {
            t.set(k, k - 1, Complex::zero());
            return k;
        }
    }
    0
}

/// The eigenvalue of the last 2 × 2 block that is nearer to its last element.
fn wilkinson<T: Real>(t: &Square<T>, high: usize) -> Complex<T> {
    let (a, b) = (t.at(high - 2, high - 2), t.at(high - 2, high - 1));
    let (c, d) = (t.at(high - 1, high - 2), t.at(high - 1, high - 1));
    let half = a.minus(d).scaled(T::from_f64(0.5));
    let bc = b.times(c);
    let root = half.times(half).plus(bc).sqrt();
    let (plus, minus) = (half.plus(root), half.minus(root));
    let larger = if plus.abs() >= minus.abs() { plus } else { minus };
    if larger.abs() == T::ZERO { d } else { d.minus(bc.over(larger)) }
}

/// One step of QR with a shift on the rows and columns `low..high`, by Givens rotations.
fn qr_step<T: Real>(t: &mut Square<T>, u: &mut Square<T>, low: usize, high: usize, shift: Complex<T>) {
    let n = t.n;
    let mut x = t.at(low, low).minus(shift);
    let mut y = t.at(low + 1, low);
    for k in low..high - 1 {
        let (c, s) = givens(x, y);
        t.rotate_rows(k, k + 1, k.saturating_sub(1).max(low), c, s);
        t.rotate_columns(k, k + 1, high.min(k + 3), c, s);
        u.rotate_columns(k, k + 1, n, c, s);
        if k + 2 < high {
            (x, y) = (t.at(k + 1, k), t.at(k + 2, k));
        }
    }
}

/// `c`, `s` with `c y − s̄ x = 0`.
fn givens<T: Real>(x: Complex<T>, y: Complex<T>) -> (T, Complex<T>) {
    let length = x.abs().hypot(y.abs());
    if length == T::ZERO || y.abs() == T::ZERO {
        return (T::ONE, Complex::zero());
    }
    if x.abs() == T::ZERO {
        return (T::ZERO, y.conj().scaled(T::ONE / y.abs()));
    }
    let phase = x.scaled(T::ONE / x.abs());
    (x.abs() / length, phase.times(y.conj()).scaled(T::ONE / length))
}

/// `A = Q H Qᵀ` with `H` zero below the first subdiagonal, by Householder reflections.
fn hessenberg<T: Real>(a: &Matrix<T>) -> (Matrix<T>, Matrix<T>) {
    let n = a.rows();
    let (mut h, mut q) = (a.clone(), crate::identity(n));
    for k in 0..n.saturating_sub(2) {
        let mut v: Vec<T> = (k + 1..n).map(|i| h[(i, k)]).collect();
        let length = v.iter().map(|x| *x * *x).sum::<T>().sqrt();
        if length <= noise::<T>(1) * h[(k + 1, k)].abs() {
            continue;
        }
        let first = v[0];
        v[0] += length.copysign(first);
        let squared: T = v.iter().map(|x| *x * *x).sum();
        if squared == T::ZERO {
            continue;
        }
        let factor = T::from_f64(2.0) / squared;
        for j in 0..n {
            let sum: T = v.iter().enumerate().map(|(i, v)| *v * h[(k + 1 + i, j)]).sum();
            for (i, v) in v.iter().enumerate() {
                h[(k + 1 + i, j)] -= factor * sum * *v;
            }
        }
        for m in [&mut h, &mut q] {
            for i in 0..n {
                let row = &mut m.row_mut(i)[k + 1..];
                let sum = super::product::dot(row, &v);
                super::product::add_scaled(row, -factor * sum, &v);
            }
        }
        (k + 2..n).for_each(|i| h[(i, k)] = T::ZERO);
    }
    (h, q)
}
