//! The struct with a field per parameter.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::Surface;

impl Surface<'_> {
    pub(super) fn gradient_type(&self) -> TokenStream {
        let name = &self.gradient;
        let args = self.func.params.iter().map(|p| self.owned_tangent(p));
        quote!(#name<#(#args),*>)
    }

    /// The struct with a field per parameter.
    pub fn gradient_struct(&self, vis: &syn::Visibility) -> TokenStream {
        let name = &self.gradient;
        let fields: Vec<&Ident> = self.func.params.iter().map(|p| &p.field).collect();
        let types: Vec<Ident> = (0..fields.len()).map(|k| format_ident!("T{k}")).collect();
        let doc = format!("Gradient of `{}`: a field per parameter.", self.input.sig.ident);
        quote! {
            #[doc = #doc]
            #[allow(non_camel_case_types, missing_docs)]
            #[derive(Clone, Debug, PartialEq)]
            #vis struct #name<#(#types),*> { #(#vis #fields: #types),* }
        }
    }

    /// The struct of gradients is a tangent.
    pub fn gradient_impls(&self) -> TokenStream {
        let name = &self.gradient;
        let fields: Vec<&Ident> = self.func.params.iter().map(|p| &p.field).collect();
        let texts: Vec<String> = fields.iter().map(|f| f.to_string()).collect();
        let types: Vec<Ident> = (0..fields.len()).map(|k| format_ident!("T{k}")).collect();
        quote! {
            #[allow(warnings, clippy::all)]
            impl<#(#types: __p::Tangent),*> __p::Differentiable for #name<#(#types),*> {
                type Tangent = Self;
                fn zero_tangent(&self) -> Self { #name { #(#fields: self.#fields.zero_tangent()),* } }
                fn visit_leaves<__V: __p::Visitor>(&self, __v: &mut __V) { #(__v.field(#texts, &self.#fields);)* }
                fn visit_leaves_mut<__V: __p::VisitorMut>(&mut self, __v: &mut __V) { #(__v.field(#texts, &mut self.#fields);)* }
                fn zip_tangent<__Z: __p::Zip>(&mut self, __o: &Self, __z: &mut __Z) { __p::Tangent::zip_leaves(self, __o, __z); }
            }
            #[allow(warnings, clippy::all)]
            impl<#(#types: __p::Tangent),*> __p::Tangent for #name<#(#types),*> {
                fn zip_leaves<__Z: __p::Zip>(&mut self, __o: &Self, __z: &mut __Z) { #(self.#fields.zip_leaves(&__o.#fields, __z);)* }
            }
        }
    }
}
