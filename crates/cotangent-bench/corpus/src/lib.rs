//! 300 ordinary functions of about 12 lines, on which the cost of compiling derivatives is measured.
//!
//! With the feature `annotated`, each has its derivatives; without, they are plain Rust.

#![allow(clippy::all)]

pub mod part0;
pub mod part1;
pub mod part2;
pub mod part3;
pub mod part4;
pub mod part5;
pub mod part6;
pub mod part7;
pub mod part8;
pub mod part9;
