//! Products and other simple operations on matrices, with their rules.

use crate::kernel::product::{Operand, add_scaled, multiply_add};
use cotangent_core::{Matrix, Real};
use cotangent_macros::derivative;

/// The matrix as an operand of the kernel.
pub(crate) fn operand<T>(a: &Matrix<T>) -> Operand<'_, T> {
    Operand {
        values: a.as_slice(),
        rows: a.rows(),
        cols: a.cols(),
        transposed: false,
    }
}

/// Its transpose.
pub(crate) fn transposed<T>(a: &Matrix<T>) -> Operand<'_, T> {
    Operand {
        transposed: true,
        ..operand(a)
    }
}

/// A vector as a column.
pub(crate) fn column<T>(x: &[T]) -> Operand<'_, T> {
    Operand {
        values: x,
        rows: x.len(),
        cols: 1,
        transposed: false,
    }
}

#[cold]
#[track_caller]
fn mismatch(operation: &str, a: (usize, usize), b: (usize, usize), help: &str) -> ! {
    panic!("{operation}: sizes do not fit: {} × {} and {} × {}; {help}", a.0, a.1, b.0, b.1)
}

#[track_caller]
fn inner(operation: &str, a: (usize, usize), b: (usize, usize), fits: bool) {
    if !fits {
        mismatch(operation, a, b, "the inner sizes must be equal");
    }
}

fn shape<T>(a: &Matrix<T>) -> (usize, usize) {
    (a.rows(), a.cols())
}

/// A new matrix that is the product of two operands.
pub(crate) fn product<T: Real>(rows: usize, cols: usize, a: Operand<'_, T>, b: Operand<'_, T>) -> Matrix<T> {
    let mut c = Matrix::zeros(rows, cols);
    multiply_add(c.as_mut_slice(), T::ONE, a, b);
    c
}

fn matmul_value<T: Real>(a: &Matrix<T>, b: &Matrix<T>) -> Matrix<T> {
    inner("matmul", shape(a), shape(b), a.cols() == b.rows());
    product(a.rows(), b.cols(), operand(a), operand(b))
}

fn matmul_tn_value<T: Real>(a: &Matrix<T>, b: &Matrix<T>) -> Matrix<T> {
    inner("matmul_tn", (a.cols(), a.rows()), shape(b), a.rows() == b.rows());
    product(a.cols(), b.cols(), transposed(a), operand(b))
}

fn matmul_nt_value<T: Real>(a: &Matrix<T>, b: &Matrix<T>) -> Matrix<T> {
    inner("matmul_nt", shape(a), (b.cols(), b.rows()), a.cols() == b.cols());
    product(a.rows(), b.rows(), operand(a), transposed(b))
}

fn matvec_value<T: Real>(a: &Matrix<T>, x: &[T]) -> Vec<T> {
    inner("matvec", shape(a), (x.len(), 1), a.cols() == x.len());
    (0..a.rows()).map(|i| crate::kernel::product::dot(a.row(i), x)).collect()
}

fn matvec_t_value<T: Real>(a: &Matrix<T>, x: &[T]) -> Vec<T> {
    inner("matvec_t", (a.cols(), a.rows()), (x.len(), 1), a.rows() == x.len());
    let mut y = vec![T::ZERO; a.cols()];
    for (i, x) in x.iter().enumerate() {
        add_scaled(&mut y, *x, a.row(i));
    }
    y
}

/// `a += alpha x yᵀ`.
pub(crate) fn add_outer<T: Real>(a: &mut Matrix<T>, alpha: T, x: &[T], y: &[T]) {
    for (i, x) in x.iter().enumerate() {
        add_scaled(a.row_mut(i), alpha * *x, y);
    }
}

/// The product `A B`.
///
/// Derivative: `Y_dot = A_dot B + A B_dot`; `A_bar += Y_bar Bᵀ`, `B_bar += Aᵀ Y_bar` (Giles 2008, 2.2.2).
///
/// # Panics
/// If the inner sizes differ.
///
/// ```
/// use cotangent_linalg::{Matrix, matmul};
/// let a = Matrix::from_vec(1, 2, vec![1.0, 2.0]);
/// let b = Matrix::from_vec(2, 1, vec![3.0, 4.0]);
/// assert_eq!(matmul(&a, &b)[(0, 0)], 11.0);
/// ```
#[derivative(of = matmul_value, order = 2, crate = cotangent_core)]
impl matmul {
    fn jvp<T: Real>(a: &Matrix<T>, a_dot: &Matrix<T>, b: &Matrix<T>, b_dot: &Matrix<T>) -> (Matrix<T>, Matrix<T>) {
        (matmul(a, b), add(&matmul(a_dot, b), &matmul(a, b_dot)))
    }

    fn vjp<T: Real>(a: &Matrix<T>, b: &Matrix<T>, y_bar: &Matrix<T>, a_bar: &mut Matrix<T>, b_bar: &mut Matrix<T>) {
        multiply_add(a_bar.as_mut_slice(), T::ONE, operand(y_bar), transposed(b));
        multiply_add(b_bar.as_mut_slice(), T::ONE, transposed(a), operand(y_bar));
    }
}

/// The product `Aᵀ B`.
///
/// Derivative: `A_bar += B Y_barᵀ`, `B_bar += A Y_bar`.
///
/// # Panics
/// If the numbers of rows differ.
#[derivative(of = matmul_tn_value, order = 2, crate = cotangent_core)]
impl matmul_tn {
    fn jvp<T: Real>(a: &Matrix<T>, a_dot: &Matrix<T>, b: &Matrix<T>, b_dot: &Matrix<T>) -> (Matrix<T>, Matrix<T>) {
        (matmul_tn(a, b), add(&matmul_tn(a_dot, b), &matmul_tn(a, b_dot)))
    }

    fn vjp<T: Real>(a: &Matrix<T>, b: &Matrix<T>, y_bar: &Matrix<T>, a_bar: &mut Matrix<T>, b_bar: &mut Matrix<T>) {
        multiply_add(a_bar.as_mut_slice(), T::ONE, operand(b), transposed(y_bar));
        multiply_add(b_bar.as_mut_slice(), T::ONE, operand(a), operand(y_bar));
    }
}

/// The product `A Bᵀ`.
///
/// Derivative: `A_bar += Y_bar B`, `B_bar += Y_barᵀ A`.
///
/// # Panics
/// If the numbers of columns differ.
#[derivative(of = matmul_nt_value, order = 2, crate = cotangent_core)]
impl matmul_nt {
    fn jvp<T: Real>(a: &Matrix<T>, a_dot: &Matrix<T>, b: &Matrix<T>, b_dot: &Matrix<T>) -> (Matrix<T>, Matrix<T>) {
        (matmul_nt(a, b), add(&matmul_nt(a_dot, b), &matmul_nt(a, b_dot)))
    }

    fn vjp<T: Real>(a: &Matrix<T>, b: &Matrix<T>, y_bar: &Matrix<T>, a_bar: &mut Matrix<T>, b_bar: &mut Matrix<T>) {
        multiply_add(a_bar.as_mut_slice(), T::ONE, operand(y_bar), operand(b));
        multiply_add(b_bar.as_mut_slice(), T::ONE, transposed(y_bar), operand(a));
    }
}

/// The product `A x`.
///
/// Derivative: `A_bar += y_bar xᵀ`, `x_bar += Aᵀ y_bar`.
///
/// # Panics
/// If `x` has not one number for each column.
///
/// ```
/// use cotangent_linalg::{Matrix, matvec};
/// let a = Matrix::from_vec(2, 2, vec![1.0, 2.0, 3.0, 4.0]);
/// assert_eq!(matvec(&a, &[1.0, 1.0]), [3.0, 7.0]);
/// ```
#[derivative(of = matvec_value, order = 2, crate = cotangent_core)]
impl matvec {
    fn jvp<T: Real>(a: &Matrix<T>, a_dot: &Matrix<T>, x: &[T], x_dot: &[T]) -> (Vec<T>, Vec<T>) {
        (matvec(a, x), add_vectors(&matvec(a_dot, x), &matvec(a, x_dot)))
    }

    fn vjp<T: Real>(a: &Matrix<T>, x: &[T], y_bar: &[T], a_bar: &mut Matrix<T>, x_bar: &mut [T]) {
        add_outer(a_bar, T::ONE, y_bar, x);
        multiply_add(x_bar, T::ONE, transposed(a), column(y_bar));
    }
}

/// The product `Aᵀ x`.
///
/// Derivative: `A_bar += x y_barᵀ`, `x_bar += A y_bar`.
///
/// # Panics
/// If `x` has not one number for each row.
#[derivative(of = matvec_t_value, order = 2, crate = cotangent_core)]
impl matvec_t {
    fn jvp<T: Real>(a: &Matrix<T>, a_dot: &Matrix<T>, x: &[T], x_dot: &[T]) -> (Vec<T>, Vec<T>) {
        (matvec_t(a, x), add_vectors(&matvec_t(a_dot, x), &matvec_t(a, x_dot)))
    }

    fn vjp<T: Real>(a: &Matrix<T>, x: &[T], y_bar: &[T], a_bar: &mut Matrix<T>, x_bar: &mut [T]) {
        add_outer(a_bar, T::ONE, x, y_bar);
        multiply_add(x_bar, T::ONE, operand(a), column(y_bar));
    }
}

/// The sum `A + B`.
///
/// # Panics
/// If the shapes differ.
#[derivative(order = 2, crate = cotangent_core)]
impl add {
    fn value<T: Real>(a: &Matrix<T>, b: &Matrix<T>) -> Matrix<T> {
        if shape(a) != shape(b) {
            mismatch("add", shape(a), shape(b), "both must have the same shape");
        }
        let mut y = a.clone();
        add_scaled(y.as_mut_slice(), T::ONE, b.as_slice());
        y
    }

    fn transpose<T: Real>(y_bar: &Matrix<T>, a_bar: &mut Matrix<T>, b_bar: &mut Matrix<T>) {
        add_scaled(a_bar.as_mut_slice(), T::ONE, y_bar.as_slice());
        add_scaled(b_bar.as_mut_slice(), T::ONE, y_bar.as_slice());
    }
}

/// The difference `A − B`.
///
/// # Panics
/// If the shapes differ.
#[derivative(order = 2, crate = cotangent_core)]
impl subtract {
    fn value<T: Real>(a: &Matrix<T>, b: &Matrix<T>) -> Matrix<T> {
        if shape(a) != shape(b) {
            mismatch("subtract", shape(a), shape(b), "both must have the same shape");
        }
        let mut y = a.clone();
        add_scaled(y.as_mut_slice(), -T::ONE, b.as_slice());
        y
    }

    fn transpose<T: Real>(y_bar: &Matrix<T>, a_bar: &mut Matrix<T>, b_bar: &mut Matrix<T>) {
        add_scaled(a_bar.as_mut_slice(), T::ONE, y_bar.as_slice());
        add_scaled(b_bar.as_mut_slice(), -T::ONE, y_bar.as_slice());
    }
}

#[derivative(order = 2, crate = cotangent_core)]
impl add_vectors {
    pub(crate) fn value<T: Real>(a: &[T], b: &[T]) -> Vec<T> {
        a.iter().zip(b).map(|(a, b)| *a + *b).collect()
    }

    fn transpose<T: Real>(y_bar: &[T], a_bar: &mut [T], b_bar: &mut [T]) {
        add_scaled(a_bar, T::ONE, y_bar);
        add_scaled(b_bar, T::ONE, y_bar);
    }
}

#[derivative(order = 2, crate = cotangent_core)]
impl subtract_vectors {
    pub(crate) fn value<T: Real>(a: &[T], b: &[T]) -> Vec<T> {
        a.iter().zip(b).map(|(a, b)| *a - *b).collect()
    }

    fn transpose<T: Real>(y_bar: &[T], a_bar: &mut [T], b_bar: &mut [T]) {
        add_scaled(a_bar, T::ONE, y_bar);
        add_scaled(b_bar, -T::ONE, y_bar);
    }
}

/// The transpose.
#[derivative(order = 2, crate = cotangent_core)]
impl transpose {
    fn value<T: Real>(a: &Matrix<T>) -> Matrix<T> {
        let mut y = Matrix::zeros(a.cols(), a.rows());
        crate::kernel::transpose(a.as_slice(), a.rows(), a.cols(), y.as_mut_slice());
        y
    }

    fn transpose<T: Real>(y_bar: &Matrix<T>, a_bar: &mut Matrix<T>) {
        add_scaled(a_bar.as_mut_slice(), T::ONE, transpose(y_bar).as_slice());
    }
}

/// The symmetric part, `(A + Aᵀ) / 2`.
///
/// # Panics
/// If the matrix is not square.
#[derivative(order = 2, crate = cotangent_core)]
impl symmetric_part {
    fn value<T: Real>(a: &Matrix<T>) -> Matrix<T> {
        if a.rows() != a.cols() {
            mismatch("symmetric_part", shape(a), shape(a), "the matrix must be square");
        }
        let half = T::from_f64(0.5);
        Matrix::from_fn(a.rows(), a.cols(), |i, j| half * (a[(i, j)] + a[(j, i)]))
    }

    fn transpose<T: Real>(y_bar: &Matrix<T>, a_bar: &mut Matrix<T>) {
        add_scaled(a_bar.as_mut_slice(), T::ONE, symmetric_part(y_bar).as_slice());
    }
}

/// The sum of the diagonal.
#[derivative(order = 2, crate = cotangent_core)]
impl trace {
    fn value<T: Real>(a: &Matrix<T>) -> T {
        (0..a.rows().min(a.cols())).map(|i| a[(i, i)]).sum()
    }

    fn transpose<T: Real>(y_bar: T, a_bar: &mut Matrix<T>) {
        for i in 0..a_bar.rows().min(a_bar.cols()) {
            a_bar[(i, i)] += y_bar;
        }
    }
}

/// Columns `from..to`.
#[derivative(order = 2, crate = cotangent_core)]
impl columns {
    pub(crate) fn value<T: Real>(a: &Matrix<T>, from: usize, to: usize) -> Matrix<T> {
        Matrix::from_fn(a.rows(), to - from, |i, j| a[(i, from + j)])
    }

    fn transpose<T: Real>(y_bar: &Matrix<T>, from: usize, to: usize, a_bar: &mut Matrix<T>) {
        for i in 0..y_bar.rows() {
            add_scaled(&mut a_bar.row_mut(i)[from..to], T::ONE, y_bar.row(i));
        }
    }
}

/// The columns of `A`, then those of `B`.
#[derivative(order = 2, crate = cotangent_core)]
impl join_columns {
    pub(crate) fn value<T: Real>(a: &Matrix<T>, b: &Matrix<T>) -> Matrix<T> {
        let n = a.cols();
        Matrix::from_fn(a.rows(), n + b.cols(), |i, j| if j < n { a[(i, j)] } else { b[(i, j - n)] })
    }

    fn transpose<T: Real>(y_bar: &Matrix<T>, a_bar: &mut Matrix<T>, b_bar: &mut Matrix<T>) {
        let n = a_bar.cols();
        for i in 0..y_bar.rows() {
            add_scaled(a_bar.row_mut(i), T::ONE, &y_bar.row(i)[..n]);
            add_scaled(b_bar.row_mut(i), T::ONE, &y_bar.row(i)[n..]);
        }
    }
}

/// Each column times the number that belongs to it, `A diag(d)`.
///
/// # Panics
/// If there is not one number for each column.
#[derivative(order = 2, crate = cotangent_core)]
impl scale_columns {
    fn value<T: Real>(a: &Matrix<T>, d: &[T]) -> Matrix<T> {
        inner("scale_columns", shape(a), (d.len(), 1), a.cols() == d.len());
        Matrix::from_fn(a.rows(), a.cols(), |i, j| a[(i, j)] * d[j])
    }

    fn jvp<T: Real>(a: &Matrix<T>, a_dot: &Matrix<T>, d: &[T], d_dot: &[T]) -> (Matrix<T>, Matrix<T>) {
        (scale_columns(a, d), add(&scale_columns(a_dot, d), &scale_columns(a, d_dot)))
    }

    fn vjp<T: Real>(a: &Matrix<T>, d: &[T], y_bar: &Matrix<T>, a_bar: &mut Matrix<T>, d_bar: &mut [T]) {
        for i in 0..a.rows() {
            for j in 0..a.cols() {
                a_bar[(i, j)] += y_bar[(i, j)] * d[j];
                d_bar[j] += y_bar[(i, j)] * a[(i, j)];
            }
        }
    }
}

/// The diagonal.
#[derivative(order = 2, crate = cotangent_core)]
impl diagonal {
    fn value<T: Real>(a: &Matrix<T>) -> Vec<T> {
        (0..a.rows().min(a.cols())).map(|i| a[(i, i)]).collect()
    }

    fn transpose<T: Real>(y_bar: &[T], a_bar: &mut Matrix<T>) {
        for (i, y) in y_bar.iter().enumerate() {
            a_bar[(i, i)] += *y;
        }
    }
}

/// The products of corresponding entries.
#[derivative(order = 2, crate = cotangent_core)]
impl hadamard {
    pub(crate) fn value<T: Real>(a: &Matrix<T>, b: &Matrix<T>) -> Matrix<T> {
        Matrix::from_fn(a.rows(), a.cols(), |i, j| a[(i, j)] * b[(i, j)])
    }

    fn jvp<T: Real>(a: &Matrix<T>, a_dot: &Matrix<T>, b: &Matrix<T>, b_dot: &Matrix<T>) -> (Matrix<T>, Matrix<T>) {
        (hadamard(a, b), add(&hadamard(a_dot, b), &hadamard(a, b_dot)))
    }

    fn vjp<T: Real>(a: &Matrix<T>, b: &Matrix<T>, y_bar: &Matrix<T>, a_bar: &mut Matrix<T>, b_bar: &mut Matrix<T>) {
        add_scaled(a_bar.as_mut_slice(), T::ONE, hadamard(y_bar, b).as_slice());
        add_scaled(b_bar.as_mut_slice(), T::ONE, hadamard(y_bar, a).as_slice());
    }
}
