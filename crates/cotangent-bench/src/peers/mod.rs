//! Other differentiation crates on the same problems.
