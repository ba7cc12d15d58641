//! Derivatives written by hand: the yardstick, and the reference where an input has no expected values.

pub mod ba;
pub mod building;
pub mod gmm;
pub mod lstm;
pub mod lu;
pub mod tracking;
