//! The attribute and derive macros of cotangent; they only forward to cotangent-compiler.

mod textual;

use proc_macro::TokenStream;

/// Differentiates a function: see the `cotangent` crate.
#[proc_macro_attribute]
pub fn differentiable(attr: TokenStream, item: TokenStream) -> TokenStream {
    let runtime = cotangent_compiler::runtime(attr.clone().into());
    let mut out: TokenStream = textual::definition(proc_macro::Span::call_site(), &runtime).into();
    out.extend(TokenStream::from(cotangent_compiler::differentiable(attr.into(), item.into())));
    out
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

/// The value of a function: see `differentiable!` of the `cotangent` crate, which passes its own path first.
#[proc_macro]
pub fn function_value(tokens: TokenStream) -> TokenStream {
    cotangent_compiler::differentiable_value(tokens.into()).into()
}
