//! The problems, as a user of cotangent writes them: plain Rust under `#[differentiable]`.

pub mod ba;
pub mod building;
pub mod gmm;
pub mod hand;
pub mod lstm;
pub mod lu;
