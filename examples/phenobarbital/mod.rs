//! A population model of phenobarbital in neonates: maximum likelihood by Laplace's approximation, with exact derivatives.
//!
//! One subject's density given its random effects is a plain Rust function with a loop over doses and samples
//! ([`model`]). Laplace's approximation integrates the random effects out ([`laplace`]): it needs the most likely
//! effects, the determinant of a Hessian, and then the derivative of all that. [`fit`] maximises the sum over the subjects;
//! [`quadrature`] says how good the approximation is; [`summary`] and [`plot`] show the result.

pub mod command;
pub mod data;
pub mod fit;
pub mod laplace;
pub mod model;
pub mod plot;
pub mod quadrature;
pub mod summary;
