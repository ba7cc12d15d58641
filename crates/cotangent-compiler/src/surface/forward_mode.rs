//! `jvp`, and how tangents are passed to it.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::{Surface, generics_params};
use crate::emit::print::static_zero;
use crate::ir::{Param, Passing, Ty};

impl Surface<'_> {
    /// The public type of a parameter's tangent, and the expression that passes it on.
    pub(super) fn tangent_argument(&self, p: &Param, dot: &Ident) -> (TokenStream, TokenStream) {
        if !p.active {
            let inert = self.slot(p).to_string() == quote!(()).to_string();
            let filler = match (&self.func.vars[p.var].ty, self.passing(p)) {
                _ if inert => quote!(()),
                (Ty::Slice(_), Passing::RefMut) => quote!(&mut []),
                (Ty::Slice(_), _) => quote!(&[]),
                (ty, passing) => {
                    let name = &self.func.vars[p.var].name;
                    let zero = static_zero(ty).unwrap_or(quote!(__p::zero(&#name)));
                    match passing {
                        Passing::RefMut => {
                            let zero = self.unused_zero(p);
                            quote!(&mut #zero)
                        }
                        Passing::Ref if !p.owned => quote!(&#zero),
                        _ => zero,
                    }
                }
            };
            return (quote!(()), filler);
        }
        let slot = self.slot(p);
        match self.passing(p) {
            Passing::RefMut => (quote!(&mut #slot), quote!(#dot)),
            Passing::Ref if !p.owned => (quote!(&#slot), quote!(#dot)),
            _ => (quote!(#slot), quote!(#dot)),
        }
    }

    /// The tangent of a constant parameter.
    pub fn constant_dot(&self, p: &Param) -> TokenStream {
        self.tangent_argument(p, &p.field).1
    }

    pub(super) fn dots(&self) -> Vec<Ident> {
        (0..self.func.params.len()).map(|k| format_ident!("__dot{k}")).collect()
    }

    /// `f::jvp(arguments, tangents)`: tuples, bare for one parameter.
    pub fn jvp_entry(&self) -> TokenStream {
        let (params, where_) = (generics_params(&self.input.sig.generics), self.where_clause());
        let (result, result_dot, names, dots) = (self.result(), self.result_tangent(), self.names(), self.dots());
        let types: Vec<&syn::Type> = self.func.params.iter().map(|p| &p.ty).collect();
        let (dot_types, passed): (Vec<_>, Vec<_>) = self.func.params.iter().zip(&dots).map(|(p, d)| self.tangent_argument(p, d)).unzip();
        let doc = format!(
            "Value of `{}` and its derivative along a direction, in forward mode.",
            self.input.sig.ident
        );
        let unused = self.unused_zeros(false, &quote!(__p::zero));
        let (arguments, tangents) = match names.len() {
            1 => (quote!(#(#names: #types)*), quote!(#(#dots: #dot_types)*)),
            _ => (quote!((#(#names,)*): (#(#types,)*)), quote!((#(#dots,)*): (#(#dot_types,)*))),
        };
        quote! {
            #[doc = #doc]
            #[allow(warnings, clippy::all)]
            pub fn jvp #params (#arguments, #tangents) -> (#result, #result_dot) #where_ {
                #unused
                Self::__jvp(#(#names, #passed),*)
            }
        }
    }
}
