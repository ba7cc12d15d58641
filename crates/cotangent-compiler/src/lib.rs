//! The AD compiler: Rust tokens in, Rust tokens with derivatives out.
//!
//! Stages: [`parse`] → [`lower`] to the [`ir`] → [`emit`] (activity, needs, reverse sweep, forward mode) → [`surface`].

#![allow(clippy::large_enum_variant)] // IR nodes are few and short-lived: boxes would cost more than they save

pub mod derive;
mod diagnose;
pub mod emit;
pub mod ir;
mod item;
pub mod jvp;
pub mod lanes;
pub mod lower;
pub mod mutant;
pub mod parse;
mod record;
mod release;
pub mod rules;
pub mod surface;

use proc_macro2::TokenStream;

/// `#[differentiable(..)]`: the item as written, followed by its derivatives, or by every error found.
pub fn differentiable(attr: TokenStream, item: TokenStream) -> TokenStream {
    guarded(item.clone(), || item::differentiable(attr, item))
}

/// A panic of ours becomes an error that says so, beside the item as written.
fn guarded(item: TokenStream, work: impl FnOnce() -> TokenStream) -> TokenStream {
    match std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)) {
        Ok(tokens) => tokens,
        Err(_) => {
            let message = "cotangent could not make sense of this item: this is a bug of cotangent, please report it with the item";
            let error = syn::Error::new(proc_macro2::Span::call_site(), message).to_compile_error();
            quote::quote!(#item #error)
        }
    }
}

/// `#[derivative(of = path)]` on `impl name`: a function that carries a rule, or every error found.
pub fn derivative(attr: TokenStream, item: TokenStream) -> TokenStream {
    guarded(item.clone(), || item::derivative(attr, item))
}

/// `differentiable!(f)`: a function, method or closure as a value. The tokens are the path of the run-time crate, `;`
/// and the value.
pub fn differentiable_value(tokens: TokenStream) -> TokenStream {
    item::differentiable_value(tokens)
}

/// The path of the run-time crate by the options of the attribute.
pub fn runtime(attr: TokenStream) -> TokenStream {
    match syn::parse2::<parse::Options>(attr).ok().and_then(|o| o.krate) {
        Some(path) => quote::quote!(#path),
        None => quote::quote!(::cotangent),
    }
}
