//! Stacks of problems, `[batch, rows, cols]` in one slice.

use crate::decomposition::lu::lu_solve;
use crate::{Error, Lu, constant, lu};
use cotangent_core::{Matrix, Real};
use cotangent_macros::differentiable;

/// How many of that size the stack holds.
fn count(operation: &'static str, length: usize, each: usize) -> Result<usize, Error> {
    let count = length.checked_div(each).unwrap_or(0);
    Error::shape(
        operation,
        (length, 1),
        (count * each, 1),
        "a stack is a whole number of matrices, one after another",
    )?;
    Ok(count)
}

fn in_stack(index: usize, error: &Error) -> Error {
    Error::InStack {
        index,
        error: Box::new(error.clone()),
    }
}

/// What `f` makes of each matrix of a stack, as a stack.
///
/// Shapes: `stack` is `[batch, rows, cols]`; the results are one after another.
///
/// ```
/// use cotangent::prelude::*;
/// use cotangent_linalg::{Error, inverse, map_stack};
///
/// #[differentiable(order = 2)]
/// fn inverses(stack: &[f64]) -> Result<Vec<f64>, Error> {
///     map_stack(|a: &Matrix<f64>| inverse(a), stack, 1, 1)
/// }
///
/// assert_eq!(inverses(&[2.0, 4.0])?, [0.5, 0.25]);
/// let error = inverses(&[2.0, 0.0]).unwrap_err();
/// assert_eq!(error.to_string(), "problem 1 of the stack: singular matrix: pivot 0 (counted from 0) is zero to working precision");
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// [`Error::InStack`] with the number of the matrix and its error; [`Error::Shape`].
#[differentiable(order = 2, crate = cotangent_core)]
pub fn map_stack<T: Real, F: Fn(&Matrix<T>) -> Result<Matrix<T>, Error>>(
    f: F,
    stack: &[T],
    rows: usize,
    cols: usize,
) -> Result<Vec<T>, Error> {
    let size = rows * cols;
    let batch = constant(count("map_stack", stack.len(), size))?;
    let mut out = Vec::new();
    for k in 0..batch {
        let a = Matrix::from_vec(rows, cols, stack[k * size..(k + 1) * size].to_vec());
        match f(&a) {
            Ok(y) => {
                let values = y.into_vec();
                for value in values {
                    out.push(value);
                }
            }
            Err(error) => return Err(constant(in_stack(k, &error))),
        }
    }
    Ok(out)
}

/// The solutions of `A x = b` for a stack of matrices and one of right-hand sides, written to `x`.
///
/// Shapes: `a` is `[batch, n, n]`, `b` and `x` are `[batch, n]`.
///
/// Derivative: that of [`solve`](fn@crate::solve), in each.
///
/// # Errors
/// [`Error::InStack`] with the number of the problem and its error, those of [`lu`](fn@crate::lu); [`Error::Shape`].
///
/// ```
/// use cotangent_linalg::solve_stack_into;
/// let (a, b) = ([2.0, 0.0, 0.0, 4.0, 1.0, 1.0, 0.0, 1.0], [2.0, 4.0, 3.0, 1.0]);
/// let mut x = [0.0; 4];
/// solve_stack_into(&a, &b, 2, &mut x)?;
/// assert_eq!(x, [1.0, 1.0, 2.0, 1.0]);
/// # Ok::<(), cotangent_linalg::Error>(())
/// ```
#[differentiable(order = 2, crate = cotangent_core)]
pub fn solve_stack_into<T: Real>(a: &[T], b: &[T], n: usize, x: &mut [T]) -> Result<(), Error> {
    let batch = constant(count("solve_stack_into: the matrices", a.len(), n * n))?;
    constant(check_right_sides(batch, n, b.len(), x.len()))?;
    for k in 0..batch {
        let m = Matrix::from_vec(n, n, a[k * n * n..(k + 1) * n * n].to_vec());
        match lu(&m) {
            Ok(f) => {
                let y = lu_solve(&f, &b[k * n..(k + 1) * n]);
                for i in 0..n {
                    x[k * n + i] = y[i];
                }
            }
            Err(error) => return Err(constant(in_stack(k, &error))),
        }
    }
    Ok(())
}

fn check_right_sides(batch: usize, n: usize, b: usize, x: usize) -> Result<(), Error> {
    let help = "each matrix needs a right-hand side and a place for the solution, of n numbers";
    Error::shape("solve_stack_into: the right-hand sides", (b, 1), (batch * n, 1), help)?;
    Error::shape("solve_stack_into: the solutions", (x, 1), (batch * n, 1), help)
}

/// [`solve_stack_into`](fn@solve_stack_into) with the memory of `work`: plain code, which allocates nothing once `work` is large enough.
///
/// # Errors
/// As of [`solve_stack_into`](fn@solve_stack_into).
pub fn solve_stack_with<T: Real>(work: &mut StackWork<T>, a: &[T], b: &[T], n: usize, x: &mut [T]) -> Result<(), Error> {
    let batch = count("solve_stack_into: the matrices", a.len(), n * n)?;
    check_right_sides(batch, n, b.len(), x.len())?;
    if (work.matrix.rows(), work.matrix.cols()) != (n, n) {
        work.matrix = Matrix::zeros(n, n);
    }
    for k in 0..batch {
        work.matrix.as_mut_slice().copy_from_slice(&a[k * n * n..(k + 1) * n * n]);
        work.lu.factor(&work.matrix).map_err(|error| in_stack(k, &error))?;
        work.lu.solve_into(&b[k * n..(k + 1) * n], &mut x[k * n..(k + 1) * n]);
    }
    Ok(())
}

/// Memory for [`solve_stack_with`].
#[derive(Clone, Debug)]
pub struct StackWork<T> {
    matrix: Matrix<T>,
    lu: Lu<T>,
}

impl<T: Real> Default for StackWork<T> {
    fn default() -> Self {
        StackWork {
            matrix: Matrix::zeros(0, 0),
            lu: Lu::empty(),
        }
    }
}
