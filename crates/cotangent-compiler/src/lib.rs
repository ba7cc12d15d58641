//! The AD compiler: Rust tokens in, Rust tokens with derivatives out.
