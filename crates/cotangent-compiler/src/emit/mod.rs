//! From the IR to Rust: the forward code of statements, and the reverse sweep.

pub mod activity;
mod apart;
pub mod function;
mod lanes;
pub mod layout;
mod needs;
pub mod plain;
pub mod print;
pub mod vjp;
