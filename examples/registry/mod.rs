//! Survival models for a clinical registry: Cox and Weibull, with derivatives by cotangent.
//!
//! A log-likelihood is a plain Rust function ([`cox`], [`weibull`]); its gradient and exact Hessian come
//! from the compiler ([`derivatives`]); a trust-region Newton iteration ([`newton`](crate::common::newton)) maximises it.
//! Around them: reading and checking ([`table`](crate::common::table), [`formula`], [`design`]), and what a statistician reads ([`summary`],
//! [`concordance`], [`baseline`], [`plot`]).

pub mod baseline;
pub mod collinearity;
pub mod command;
pub mod concordance;
pub mod cox;
pub mod derivatives;
pub mod design;
pub mod fit;
pub mod formula;
pub mod plot;
pub mod separation;
pub mod summary;
pub mod weibull;
