//! A chain of pendulums: simulated, differentiated, and fitted to a noisy recording of its angles.
//!
//! Hamilton's equations are plain Rust ([`physics`]), integrated by `cotangent-ode` ([`simulate`]); their derivatives come
//! from the compiler. [`fit`] recovers lengths, mass ratios, damping and the start from a recording ([`recording`]) by
//! Levenberg and Marquardt's method; [`cost`] measures what a gradient costs as the chain grows; [`plot`] and [`page`] show it all.

pub mod command;
pub mod cost;
pub mod drift;
pub mod fit;
pub mod least_squares;
pub mod page;
pub mod physics;
pub mod plot;
pub mod recording;
pub mod simulate;
