//! What the examples share: reading tables, errors with a place, writing whole files, Newton's method.

pub mod newton;
pub mod output;
pub mod problem;
pub mod table;
