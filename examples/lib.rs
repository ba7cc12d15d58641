//! Programs that show cotangent on real work; each folder is one example.

pub mod common;
pub mod multipendulum;
pub mod phenobarbital;
pub mod registry;
