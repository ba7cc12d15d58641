//! The AD compiler: Rust tokens in, Rust tokens with derivatives out.
//!
//! Stages: [`parse`] → [`lower`] to the [`ir`] → [`emit`] (activity, needs, reverse sweep, forward mode) → [`surface`].

pub mod derive;
mod diagnose;
pub mod emit;
pub mod ir;
pub mod lanes;
pub mod lower;
pub mod mutant;
pub mod parse;
mod record;
pub mod rules;
pub mod surface;
mod item;
pub mod jvp;

use proc_macro2::TokenStream;

/// `#[differentiable(..)]`: the item as written, followed by its derivatives, or by every error found.
pub fn differentiable(attr: TokenStream, item: TokenStream) -> TokenStream {
    item::differentiable(attr, item)
}

/// `#[derivative(of = path)]` on `impl name`: a function that carries a rule, or every error found.
pub fn derivative(attr: TokenStream, item: TokenStream) -> TokenStream {
    item::derivative(attr, item)
}
