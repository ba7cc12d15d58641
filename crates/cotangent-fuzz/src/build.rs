//! Compiles programs in batches with rustc and runs them.
//!
//! cargo builds the libraries once; after that every batch is one rustc process, without debug information and
//! unoptimised, so that two thousand programs take minutes.

mod batch;
mod toolchain;

pub use batch::{Found, run_programs};
pub use toolchain::{Build, Toolchain};

/// A module to compile and run.
#[derive(Clone, Debug)]
pub struct Unit {
    /// The name of the module.
    pub name: String,
    /// Its text.
    pub text: String,
    /// Whether `f32` takes part, so that tolerances are those of `f32`.
    pub single: bool,
}
