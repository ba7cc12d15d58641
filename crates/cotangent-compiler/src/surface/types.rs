//! Types of cotangents, and names of parameters.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::Ty;

/// `&T` → `T`
pub fn strip_reference(ty: &syn::Type) -> &syn::Type {
    match ty {
        syn::Type::Reference(r) => &r.elem,
        syn::Type::Paren(p) => strip_reference(&p.elem),
        syn::Type::Group(p) => strip_reference(&p.elem),
        other => other,
    }
}

/// The cotangent of what a reference points to: slices stay slices.
pub fn slot_type(ty: &syn::Type) -> TokenStream {
    match ty {
        syn::Type::Slice(s) => {
            let inner = tangent_type(&s.elem);
            quote!([#inner])
        }
        // The tangent of any value may stand here, also that of a value whose type is known to the caller.
        syn::Type::TraitObject(_) => quote!(dyn __p::AnyTangent),
        syn::Type::Paren(p) => slot_type(&p.elem),
        syn::Type::Group(g) => slot_type(&g.elem),
        other => tangent_type(other),
    }
}

/// The owned tangent type, spelled out where the type itself is.
pub fn tangent_type(ty: &syn::Type) -> TokenStream {
    match ty {
        syn::Type::Reference(r) => tangent_type(&r.elem),
        syn::Type::Paren(p) => tangent_type(&p.elem),
        syn::Type::Group(p) => tangent_type(&p.elem),
        syn::Type::Slice(s) => {
            let inner = tangent_type(&s.elem);
            quote!(__p::Vec<#inner>)
        }
        syn::Type::Array(a) => {
            let (inner, n) = (tangent_type(&a.elem), &a.len);
            quote!([#inner; #n])
        }
        syn::Type::Tuple(t) => {
            let parts = t.elems.iter().map(tangent_type);
            quote!((#(#parts,)*))
        }
        syn::Type::Path(p) if p.path.is_ident("f64") || p.path.is_ident("f32") => quote!(#ty),
        _ if Ty::of(ty, &[]) == Ty::Inert => quote!(()),
        syn::Type::TraitObject(_) | syn::Type::ImplTrait(_) | syn::Type::BareFn(_) => quote!(<(#ty) as __p::Differentiable>::Tangent),
        _ => quote!(<#ty as __p::Differentiable>::Tangent),
    }
}

/// `<T: Real, const N: usize>` without defaults.
pub fn generics_params(generics: &syn::Generics) -> TokenStream {
    if generics.params.is_empty() {
        return quote!();
    }
    let params = &generics.params;
    quote!(<#params>)
}

/// Names of type and const parameters, as `use<..>` lists them.
pub fn generic_names(generics: &syn::Generics) -> Vec<TokenStream> {
    generics
        .params
        .iter()
        .filter_map(|p| match p {
            syn::GenericParam::Type(t) => {
                let name = &t.ident;
                Some(quote!(#name))
            }
            syn::GenericParam::Const(c) => {
                let name = &c.ident;
                Some(quote!(#name))
            }
            syn::GenericParam::Lifetime(_) => None,
        })
        .collect()
}

pub(crate) fn mentions(tokens: &TokenStream, name: &str) -> bool {
    tokens.clone().into_iter().any(|t| match t {
        proc_macro2::TokenTree::Ident(i) => i == name,
        proc_macro2::TokenTree::Group(g) => mentions(&g.stream(), name),
        _ => false,
    })
}
