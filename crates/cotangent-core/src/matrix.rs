//! A small dense matrix, the type of Hessians and Jacobians.

use crate::{Differentiable, Tangent, Visitor, VisitorMut, Zip};
use alloc::vec;
use alloc::vec::Vec;
use core::fmt;
use core::ops::{Index, IndexMut};

/// A dense row-major matrix, indexed by `m[(row, column)]`.
///
/// It holds results; it is no linear algebra library. [`as_slice`](Self::as_slice) hands its numbers to one.
///
/// ```
/// use cotangent_core::Matrix;
/// let m = Matrix::from_fn(2, 3, |i, j| (10 * i + j) as f64);
/// assert_eq!(m[(1, 2)], 12.0);
/// assert_eq!(m.row(1), [10.0, 11.0, 12.0]);
/// assert_eq!(m.transpose()[(2, 1)], 12.0);
/// assert_eq!(m.to_string(), "[ 0  1  2]\n[10 11 12]");
/// ```
#[derive(Clone, PartialEq)]
pub struct Matrix<T> {
    rows: usize,
    cols: usize,
    values: Vec<T>,
}

impl<T> Matrix<T> {
    /// The matrix of `rows` × `cols` with `value(i, j)` at `(i, j)`, called row by row.
    pub fn from_fn(rows: usize, cols: usize, mut value: impl FnMut(usize, usize) -> T) -> Self {
        let mut values = Vec::with_capacity(rows * cols);
        for i in 0..rows {
            values.extend((0..cols).map(|j| value(i, j)));
        }
        Self { rows, cols, values }
    }

    /// The matrix that holds `values` row by row.
    ///
    /// # Panics
    /// If there are not `rows * cols` values.
    pub fn from_vec(rows: usize, cols: usize, values: Vec<T>) -> Self {
        assert!(
            values.len() == rows * cols,
            "Matrix::from_vec: {rows} × {cols} needs {} values, found {}; pass all rows one after another",
            rows * cols,
            values.len()
        );
        Self { rows, cols, values }
    }

    /// The number of rows.
    #[inline]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The number of columns.
    #[inline]
    pub fn cols(&self) -> usize {
        self.cols
    }

    /// Row `i`. Panics if there is none.
    #[inline]
    pub fn row(&self, i: usize) -> &[T] {
        self.check(i, 0, "row");
        &self.values[i * self.cols..(i + 1) * self.cols]
    }

    /// Row `i`, to be changed. Panics if there is none.
    #[inline]
    pub fn row_mut(&mut self, i: usize) -> &mut [T] {
        self.check(i, 0, "row");
        &mut self.values[i * self.cols..(i + 1) * self.cols]
    }

    /// All values, row by row.
    #[inline]
    pub fn as_slice(&self) -> &[T] {
        &self.values
    }

    /// All values, row by row, to be changed.
    #[inline]
    pub fn as_mut_slice(&mut self) -> &mut [T] {
        &mut self.values
    }

    /// All values, row by row, without a copy.
    #[inline]
    pub fn into_vec(self) -> Vec<T> {
        self.values
    }

    /// The value at `(i, j)`, if there is one.
    #[inline]
    pub fn get(&self, i: usize, j: usize) -> Option<&T> {
        if i < self.rows && j < self.cols {
            self.values.get(i * self.cols + j)
        } else {
            None
        }
    }

    /// All values, row by row.
    #[inline]
    pub fn iter(&self) -> core::slice::Iter<'_, T> {
        self.values.iter()
    }

    /// Makes this a matrix of `rows` × `cols` of unspecified values; keeps the allocation where it is large enough.
    pub(crate) fn reshape(&mut self, rows: usize, cols: usize)
    where
        T: Clone + Default,
    {
        (self.rows, self.cols) = (rows, cols);
        self.values.resize(rows * cols, T::default());
    }

    /// The matrix with rows and columns swapped.
    #[must_use]
    pub fn transpose(&self) -> Self
    where
        T: Clone,
    {
        Self::from_fn(self.cols, self.rows, |i, j| self[(j, i)].clone())
    }

    #[inline]
    #[track_caller]
    fn check(&self, i: usize, j: usize, operation: &str) {
        // A row of a matrix without columns exists, but none of its elements does.
        if i >= self.rows || (j >= self.cols && operation == "index") {
            self.out_of_bounds(i, j, operation);
        }
    }

    #[cold]
    #[inline(never)]
    #[track_caller]
    fn out_of_bounds(&self, i: usize, j: usize, operation: &str) -> ! {
        let (rows, cols) = (self.rows, self.cols);
        match operation {
            "row" => panic!("Matrix: row {i} is out of bounds; the matrix has {rows} rows, counted from 0"),
            _ => panic!("Matrix: index ({i}, {j}) is out of bounds; the matrix is {rows} × {cols}, counted from 0"),
        }
    }
}

impl<T: Clone + Default> Matrix<T> {
    /// The matrix of `rows` × `cols` zeros (`T::default()`).
    pub fn zeros(rows: usize, cols: usize) -> Self {
        Self {
            rows,
            cols,
            values: vec![T::default(); rows * cols],
        }
    }
}

impl<T> Index<(usize, usize)> for Matrix<T> {
    type Output = T;

    #[inline]
    #[track_caller]
    fn index(&self, (i, j): (usize, usize)) -> &T {
        self.check(i, j, "index");
        &self.values[i * self.cols + j]
    }
}

impl<T> IndexMut<(usize, usize)> for Matrix<T> {
    #[inline]
    #[track_caller]
    fn index_mut(&mut self, (i, j): (usize, usize)) -> &mut T {
        self.check(i, j, "index");
        &mut self.values[i * self.cols + j]
    }
}

impl<'a, T> IntoIterator for &'a Matrix<T> {
    type Item = &'a T;
    type IntoIter = core::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T: fmt::Debug> fmt::Debug for Matrix<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Matrix {}x{} ", self.rows, self.cols)?;
        f.debug_list().entries((0..self.rows).map(|i| self.row(i))).finish()
    }
}

/// One row a line, columns aligned; precision as in `{:.3}`.
impl<T: fmt::Display> fmt::Display for Matrix<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |value: &T| match f.precision() {
            Some(precision) => alloc::format!("{value:.precision$}"),
            None => alloc::format!("{value}"),
        };
        let cells: Vec<_> = self.values.iter().map(text).collect();
        let width = cells.iter().map(|cell| cell.chars().count()).max().unwrap_or(0);
        for i in 0..self.rows {
            f.write_str(if i == 0 { "[" } else { "\n[" })?;
            for (j, cell) in cells[i * self.cols..(i + 1) * self.cols].iter().enumerate() {
                write!(f, "{}{cell:>width$}", if j == 0 { "" } else { " " })?;
            }
            f.write_str("]")?;
        }
        Ok(())
    }
}

/// Leaves are named by their position in [`as_slice`](Matrix::as_slice).
impl<T: Differentiable> Differentiable for Matrix<T> {
    type Tangent = Matrix<T::Tangent>;

    fn zero_tangent(&self) -> Self::Tangent {
        Matrix {
            rows: self.rows,
            cols: self.cols,
            values: self.values.zero_tangent(),
        }
    }

    fn zero_tangent_into(&self, tangent: &mut Self::Tangent) {
        (tangent.rows, tangent.cols) = (self.rows, self.cols);
        self.values.zero_tangent_into(&mut tangent.values);
    }

    fn visit_leaves<V: Visitor>(&self, visitor: &mut V) {
        self.values.visit_leaves(visitor);
    }

    fn visit_leaves_mut<V: VisitorMut>(&mut self, visitor: &mut V) {
        self.values.visit_leaves_mut(visitor);
    }

    fn zip_tangent<Z: Zip>(&mut self, tangent: &Self::Tangent, zip: &mut Z) {
        same_shape([(self.rows, self.cols), (tangent.rows, tangent.cols)]);
        self.values.zip_tangent(&tangent.values, zip);
    }
}

impl<T: Tangent> Tangent for Matrix<T> {
    fn zip_leaves<Z: Zip>(&mut self, other: &Self, zip: &mut Z) {
        same_shape([(self.rows, self.cols), (other.rows, other.cols)]);
        self.values.zip_leaves(&other.values, zip);
    }
}

#[track_caller]
fn same_shape(shapes: [(usize, usize); 2]) {
    assert!(
        shapes[0] == shapes[1],
        "cannot combine tangents of different matrix shapes: {shapes:?}"
    );
}
