//! Differentiable programming for stable Rust: exact derivatives of ordinary functions.
