//! Decompositions: values whose tangent is the tangent of the matrix that they decompose.

pub mod cholesky;
pub mod lu;
