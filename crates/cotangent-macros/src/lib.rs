//! The attribute and derive macros of cotangent; they only forward to cotangent-compiler.

use proc_macro::TokenStream;

/// Differentiates a function: see the `cotangent` crate.
#[proc_macro_attribute]
pub fn differentiable(attr: TokenStream, item: TokenStream) -> TokenStream {
    cotangent_compiler::differentiable(attr.into(), item.into()).into()
}

/// Gives a function a rule: see the `cotangent` crate.
#[proc_macro_attribute]
pub fn derivative(attr: TokenStream, item: TokenStream) -> TokenStream {
    cotangent_compiler::derivative(attr.into(), item.into()).into()
}

/// Gives a type a tangent: see the `cotangent` crate.
#[proc_macro_derive(Differentiable, attributes(constant, cotangent))]
pub fn derive_differentiable(item: TokenStream) -> TokenStream {
    cotangent_compiler::derive::derive_differentiable(item.into()).into()
}
