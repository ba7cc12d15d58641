//! From the IR to Rust: the forward code of statements, and the reverse sweep.

mod lanes;
pub mod activity;
pub mod function;
pub mod layout;
pub mod plain;
pub mod print;
pub mod vjp;
mod adjoint;
mod loops;
mod needs;
