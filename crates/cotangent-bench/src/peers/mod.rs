//! Other differentiation crates on the same problems: they overload a number type, so the problems stand here once
//! more, generic over it, written as such a crate's user would.

pub mod dual;
pub mod number;
pub mod problems;
pub mod tape;
