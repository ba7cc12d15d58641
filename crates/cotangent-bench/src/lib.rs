//! Benchmarks of cotangent beside hand-written adjoints and its peers.
//!
//! The program measures; see `benches/README.md` for its commands and for the figures. The problems stand in
//! [`annotated`], as a user would write them; [`plain`] is the same text without the attributes, made by `build.rs`.

// ADBench's functions have many parameters, and plain index loops are what the benchmark is about.
#![allow(clippy::too_many_arguments, clippy::needless_range_loop)]

pub mod annotated;
pub mod case;
pub mod cases;
pub mod derived;
pub mod generate;
pub mod hand;
pub mod input;
pub mod measure;
pub mod ode;
pub mod output;
#[cfg(feature = "peers")]
pub mod peers;
pub mod pendulum;
pub mod special;
pub mod suite;
pub mod targets;

/// The un-annotated twins of [`annotated`]: the same text, less the attributes.
pub mod plain {
    include!(concat!(env!("OUT_DIR"), "/plain.rs"));
}
