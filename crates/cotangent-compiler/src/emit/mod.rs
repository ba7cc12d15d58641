//! From the IR to Rust: the forward code of statements, and the reverse sweep.

pub mod activity;
mod adjoint;
mod frames;
pub mod function;
mod lanes;
pub mod layout;
mod loops;
mod needs;
pub mod plain;
pub mod print;
mod sums;
pub mod vjp;
