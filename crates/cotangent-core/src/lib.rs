//! Tangents, tape, and derivative rules for scalars, arrays and std types.
//!
//! This crate is what generated derivative code stands on. Users name the `cotangent` crate, which re-exports what
//! they need from here.
//!
//! - [`Differentiable`] says which type holds the derivative of a value, and makes its zero;
//! - [`Tangent`] is what such a type can do; [`Leaves`] looks at it as a list of named numbers;
//! - [`DynTangent`] is the tangent of what stands behind a `dyn`;
//! - [`Real`] is `f32` or `f64`, with every maths method of std, also under `no_std`;
//! - [`Lanes`] holds tangents along several directions at a time;
//! - [`callable`] is how libraries take functions whose derivatives they run themselves;
//! - [`Tape`] is the stack that the forward sweep records on and the reverse sweep pops from;
//! - [`Matrix`] holds Hessians and Jacobians; [`special`] holds the functions that std lacks.
//!
//! Features: `std` (default) uses std's float functions and keeps a pool of tapes for each thread; without it the crate
//! is `no_std` + `alloc`, with float functions from `libm`.

#![no_std]
#![deny(unsafe_code)]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

pub mod callable;
mod constant;
mod differentiable;
mod dynamic;
mod function;
mod lanes;
mod leaves;
mod matrix;
mod pool;
#[doc(hidden)]
pub mod private;
#[doc(hidden)]
pub use private as __private;
mod real;
pub mod special;
mod tangent;
#[allow(unsafe_code)] // the one module with unsafe code: a stack of values of many types
mod tape;

pub use constant::constant;
pub use differentiable::Differentiable;
pub use dynamic::{AnyTangent, DynTangent};
pub use function::{DiffFn, DiffFn2, FnValue};
pub use lanes::{InLanes, Lanes};
pub use leaves::{LeafPath, Leaves, Step, Visitor, VisitorMut, Zip};
pub use matrix::Matrix;
pub use real::Real;
pub use tangent::Tangent;
pub use tape::{Tape, Witness};
