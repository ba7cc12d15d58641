//! Forward mode along several directions: the protocol and the entry point.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Surface, strip_reference};
use crate::emit::plain::plain;
use crate::ir::{Param, Passing, Ty};
use crate::jvp::jvp_lanes;
use crate::lanes::lane_type;

impl Surface<'_> {
    /// The generics of the function and the number of directions.
    pub(super) fn lane_generics(&self) -> TokenStream {
        let params = &self.input.sig.generics.params;
        let comma = (!params.is_empty() && !params.trailing_punct()).then(|| quote!(,));
        quote!(<#params #comma const __W: usize>)
    }

    /// Parameters bounded by `Real` have lanes of themselves, `widths` wide.
    pub(super) fn lane_where(&self, widths: &[TokenStream]) -> TokenStream {
        let (reals, where_) = (self.input.reals(), self.where_clause());
        if reals.is_empty() {
            return where_;
        }
        let bounds = reals
            .iter()
            .flat_map(|t| widths.iter().map(move |w| quote!(#t: __p::InLanes<#w, Lanes = __p::Lanes<#t, #w>>)));
        if where_.is_empty() {
            quote!(where #(#bounds),*)
        } else {
            quote!(#where_, #(#bounds),*)
        }
    }

    /// `__jvp_lanes` and the public `jvp_lanes`.
    pub fn lane_entries(&self) -> TokenStream {
        let f = jvp_lanes(self.func);
        let lanes = Surface {
            input: self.input,
            func: &f,
            gradient: self.gradient.clone(),
            generic: self.generic.clone(),
        };
        let (declared, result, items) = (lanes.declared(), lanes.result(), &f.items);
        let (params, where_) = (self.lane_generics(), self.lane_where(&[quote!(__W)]));
        let (owned, body) = (lanes.borrow_owned(false), plain(&f, self.generic.clone()));
        let value = f.ret.map(|r| &f.vars[r].name);
        let entry = self.jvp_lanes_entry();
        quote! {
            #[allow(warnings, clippy::all, clippy::pedantic)]
            #[doc(hidden)]
            #[inline]
            pub fn __jvp_lanes #params (#(#declared),*) -> #result #where_ {
                #(#items)*
                #owned
                #body
                #value
            }
            #entry
        }
    }

    fn jvp_lanes_entry(&self) -> TokenStream {
        let (params, where_) = (self.lane_generics(), self.lane_where(&[quote!(__W)]));
        let (result, names, dots) = (self.result(), self.names(), self.dots());
        let result_dot = self.func.ret_ty.as_ref().map_or(quote!(()), lane_type);
        let types: Vec<&syn::Type> = self.func.params.iter().map(|p| &p.ty).collect();
        let (dot_types, passed): (Vec<_>, Vec<_>) = self
            .func
            .params
            .iter()
            .zip(&dots)
            .map(|(p, d)| (self.lane_argument(p), self.lane_passed(p, quote!(#d))))
            .unzip();
        let doc = format!(
            "Value of `{}` and its derivatives along several directions, in forward mode.",
            self.input.sig.ident
        );
        let unused = self.unused_zeros(false, &quote!(__p::lane_zero::<_, __W>));
        let (arguments, tangents) = match names.len() {
            1 => (quote!(#(#names: #types)*), quote!(#(#dots: #dot_types)*)),
            _ => (quote!((#(#names,)*): (#(#types,)*)), quote!((#(#dots,)*): (#(#dot_types,)*))),
        };
        quote! {
            #[doc = #doc]
            #[allow(warnings, clippy::all)]
            #[inline]
            pub fn jvp_lanes #params (#arguments, #tangents) -> (#result, #result_dot) #where_ {
                #unused
                Self::__jvp_lanes(#(#names, #passed),*)
            }
        }
    }

    /// The type of a parameter's tangents.
    fn lane_argument(&self, p: &Param) -> TokenStream {
        if !p.active {
            return quote!(());
        }
        let slot = match strip_reference(&p.ty) {
            syn::Type::Slice(s) => {
                let inner = lane_type(&s.elem);
                quote!([#inner])
            }
            other => lane_type(other),
        };
        match self.passing(p) {
            _ if self.is_inert(p) => quote!(()),
            Passing::RefMut => quote!(&mut #slot),
            Passing::Ref if !p.owned => quote!(&#slot),
            _ => slot,
        }
    }

    fn is_inert(&self, p: &Param) -> bool {
        self.slot(p).to_string() == "()"
    }

    /// What the protocol gets for it: `dot`, or a filler for a parameter that is constant.
    pub(super) fn lane_passed(&self, p: &Param, dot: TokenStream) -> TokenStream {
        let name = &self.func.vars[p.var].name;
        match (&self.func.vars[p.var].ty, self.passing(p)) {
            _ if self.is_inert(p) => quote!(()),
            _ if p.active => dot,
            (Ty::Slice(_), Passing::RefMut) => quote!(&mut []),
            (Ty::Slice(_), _) => quote!(&[]),
            (_, Passing::RefMut) => {
                let zero = self.unused_zero(p);
                quote!(&mut #zero)
            }
            (_, Passing::Ref) if !p.owned => quote!(&__p::lane_zero::<_, __W>(&*#name)),
            _ => quote!(__p::lane_zero::<_, __W>(&#name)),
        }
    }
}
