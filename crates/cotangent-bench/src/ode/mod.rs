//! Differential equations: every problem of `data/ode/problems.json`, by every method.

mod detest;
mod problems;
mod table;

pub mod run;

pub use table::{Definition, definitions, find};
