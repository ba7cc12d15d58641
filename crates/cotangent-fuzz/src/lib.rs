//! Random programs over the language of `#[differentiable]`: reverse mode, forward mode and central differences must
//! agree on every one of them.
//!
//! A [`Program`](generate::Program) is a function of its seed. It is assembled from the snippets of the
//! [`catalogue`], one or more for every row of the language; [`build`] compiles programs in batches and runs them on the
//! [`harness`]; [`shrink`] makes a failing one small; what fails is kept in the folder `kept` as a test for ever.

pub mod build;
pub mod campaign;
pub mod catalogue;
pub mod coverage;
pub mod expression;
pub mod generate;
pub mod glue;
pub mod harness;
pub mod plain;
pub mod rng;
pub mod scope;
pub mod shape;
pub mod shrink;
pub mod signature;
pub mod template;
