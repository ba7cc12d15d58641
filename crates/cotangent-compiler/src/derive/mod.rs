//! `#[derive(Differentiable)]`: the tangent type of a struct or enum, and the impls that go with it.
//!
//! Stages: `model` reads the item and its attributes and collects all errors; `generics` decides which parameters
//! and bounds the tangent type has; `item` writes the tangent type; `impls` writes the impls of `Differentiable`
//! and `Tangent`; `std_impls` writes Clone, Debug and PartialEq where std's derives would ask too much.

mod generics;
mod impls;
mod item;
mod model;
mod std_impls;
#[cfg(test)]
mod tests;

use generics::TangentGenerics;
use model::Model;
use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;

/// Expands `#[derive(Differentiable)]` on `input`; what is wrong with it becomes `compile_error!` at its place.
pub fn derive_differentiable(input: TokenStream) -> TokenStream {
    syn::parse2::<DeriveInput>(input)
        .and_then(|input| expand(&input))
        .unwrap_or_else(|error| error.to_compile_error())
}

fn expand(input: &DeriveInput) -> syn::Result<TokenStream> {
    let model = Model::read(input)?;
    let (private, alias) = (&model.private, &model.run_time);
    let mut tokens = quote!(#[doc(hidden)] #[allow(non_snake_case)] use #private as #alias;);
    if model.constant {
        tokens.extend(impls::constant(&model));
        return Ok(tokens);
    }
    let generics = TangentGenerics::new(&model);
    tokens.extend(item::tangent_type(&model, &generics));
    if generics.has_types {
        tokens.extend(std_impls::all(&model, &generics));
    }
    tokens.extend(impls::all(&model, &generics));
    Ok(tokens)
}
