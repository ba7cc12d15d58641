//! What can go wrong, with the place.

use std::fmt;

/// Why a result does not exist or was not found.
///
/// ```
/// use cotangent_linalg::{Error, Matrix, solve};
/// let a = Matrix::from_vec(2, 2, vec![1.0, 2.0, 2.0, 4.0]);
/// let error = solve(&a, &[1.0, 1.0]).unwrap_err();
/// assert_eq!(error, Error::Singular { pivot: 1 });
/// assert_eq!(error.to_string(), "singular matrix: pivot 1 (counted from 0) is zero to working precision");
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// The matrix has no inverse: this pivot is nothing but rounding error.
    Singular {
        /// The column of the pivot, counted from 0.
        pivot: usize,
    },
    /// The symmetric matrix is not positive definite: this pivot is not positive to working precision.
    NotPositiveDefinite {
        /// The row and column of the pivot, counted from 0.
        pivot: usize,
    },
    /// Eigenvalues or singular values coincide, so the vectors that belong to them have no derivative.
    Degenerate {
        /// The first of the two values.
        first: usize,
        /// The second; equal to the first where a singular value is zero.
        second: usize,
    },
    /// A number in the input, or in the result if that overflowed, is infinite or NaN.
    NotFinite {
        /// The function.
        operation: &'static str,
        /// Which number, counted from 0 and row by row.
        index: usize,
    },
    /// The sizes do not fit.
    Shape {
        /// The function.
        operation: &'static str,
        /// What was passed.
        found: (usize, usize),
        /// What fits.
        expected: (usize, usize),
        /// What to do about it.
        help: &'static str,
    },
    /// A lower bound lies above the upper one, or one of them is NaN.
    Bounds {
        /// Of which variable, counted from 0.
        index: usize,
        /// The lower bound.
        lower: f64,
        /// The upper bound.
        upper: f64,
    },
    /// An iteration ended without a result.
    NoConvergence {
        /// The function.
        operation: &'static str,
        /// The number of steps taken.
        steps: usize,
        /// How far from a result it ended, in the measure of the function.
        residual: f64,
    },
    /// A problem of a stack failed.
    InStack {
        /// Which, counted from 0.
        index: usize,
        /// How.
        error: Box<Error>,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Singular { pivot } => {
                write!(f, "singular matrix: pivot {pivot} (counted from 0) is zero to working precision")
            }
            Error::NotPositiveDefinite { pivot } => {
                write!(
                    f,
                    "matrix not positive definite: pivot {pivot} (counted from 0) is not positive to working precision"
                )
            }
            Error::Degenerate { first, second } if first == second => {
                write!(
                    f,
                    "singular value {first} (counted from 0) is zero, so its vectors have no derivative"
                )
            }
            Error::Degenerate { first, second } => write!(
                f,
                "values {first} and {second} (counted from 0) coincide, so their vectors have no derivative; symmetric functions of the values alone have one"
            ),
            Error::NotFinite { operation, index } => {
                write!(f, "{operation}: number {index} (counted from 0, row by row) is infinite or NaN")
            }
            Error::Shape {
                operation,
                found,
                expected,
                help,
            } => write!(
                f,
                "{operation}: found {} × {}, expected {} × {}; {help}",
                found.0, found.1, expected.0, expected.1
            ),
            Error::Bounds { index, lower, upper } => {
                write!(f, "bounds of variable {index} (counted from 0): {lower} is not below {upper}")
            }
            Error::NoConvergence {
                operation,
                steps,
                residual,
            } => {
                write!(f, "{operation}: no convergence after {steps} steps, residual {residual:.3e}")
            }
            Error::InStack { index, error } => write!(f, "problem {index} of the stack: {error}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::InStack { error, .. } => Some(error),
            _ => None,
        }
    }
}

impl Error {
    /// `Err` unless the shape is the expected one.
    pub(crate) fn shape(operation: &'static str, found: (usize, usize), expected: (usize, usize), help: &'static str) -> Result<(), Error> {
        if found == expected {
            return Ok(());
        }
        Err(Error::Shape {
            operation,
            found,
            expected,
            help,
        })
    }

    /// `Err` with the first number that is not finite.
    pub(crate) fn finite<T: cotangent_core::Real>(operation: &'static str, values: &[T]) -> Result<(), Error> {
        // 0 · x is 0 for finite numbers and NaN for others; one sum over all has no branches.
        let sum = values.iter().fold(T::ZERO, |sum, x| sum + T::ZERO * x);
        if sum == T::ZERO {
            return Ok(());
        }
        let index = values.iter().position(|x| !x.is_finite()).unwrap_or(0);
        Err(Error::NotFinite { operation, index })
    }
}
