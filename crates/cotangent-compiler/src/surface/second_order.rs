//! `hvp` and `hessian`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};

use super::{Surface, generic_names, generics_params};
use crate::ir::{Param, Passing};

impl Surface<'_> {
    /// `hvp` and `hessian`, from the reverse sweep of forward mode.
    pub fn second_order(&self) -> TokenStream {
        if !self.is_scalar() || !self.mut_params().is_empty() {
            return quote!();
        }
        let (params, where_) = (generics_params(&self.input.sig.generics), self.where_clause());
        let (declared, names, dots, gradient) = (self.declared(), self.names(), self.dots(), self.gradient_type());
        let (dot_types, passed): (Vec<_>, Vec<_>) = self.func.params.iter().zip(&dots).map(|(p, d)| self.tangent_argument(p, d)).unzip();
        let (args, again) = self.passed();
        let (bars, lent, parts) = self.fresh_bars();
        let fields: Vec<&Ident> = self.func.params.iter().map(|p| &p.field).collect();
        let (g, result) = (&self.gradient, self.result());
        let (mut dot_bars, mut dot_lent, mut dot_again) = (TokenStream::new(), vec![], vec![]);
        let mut from_gradient = vec![];
        for (k, (p, pass)) in self.func.params.iter().zip(&passed).enumerate() {
            let (b, field) = (format_ident!("__c{k}"), &p.field);
            let by_value = self.passing(p) == Passing::Value || p.owned || self.slot(p).to_string() == quote!(()).to_string();
            dot_again.push(if by_value { quote!(&#pass) } else { quote!(#pass) });
            if p.active {
                let name = &self.func.vars[p.var].name;
                let r = if self.passing(p) == Passing::Value || p.owned {
                    quote!(&#name)
                } else {
                    quote!(&*#name)
                };
                dot_bars.extend(quote!(let mut #b = __p::zero(#r);));
                dot_lent.push(quote!(&mut #b));
                from_gradient.push(if by_value {
                    quote!(__p::dup(&__d.#field))
                } else {
                    quote!(&__d.#field)
                });
            } else {
                dot_lent.push(self.unused_slot(p));
                from_gradient.push(quote!(()));
            }
        }
        // An owned tangent is passed again to the pullback.
        let kept = |p: &Param, d: &TokenStream| if p.owned && p.active { quote!(__p::dup(&#d)) } else { d.clone() };
        let call_args: Vec<TokenStream> = self
            .func
            .params
            .iter()
            .zip(args.iter().zip(&passed))
            .map(|(p, (a, d))| (a, kept(p, d)))
            .map(|(a, d)| quote!(#a, #d))
            .collect();
        let call_again: Vec<TokenStream> = again.iter().zip(&dot_again).map(|(a, d)| quote!(#a, #d)).collect();
        let call_bars: Vec<TokenStream> = lent.iter().zip(&dot_lent).map(|(a, d)| quote!(#a, #d)).collect();
        let dup_args: Vec<TokenStream> = self
            .func
            .params
            .iter()
            .map(|p| {
                let name = &self.func.vars[p.var].name;
                if p.owned { quote!(__p::dup(&#name)) } else { quote!(#name) }
            })
            .collect();
        let zero_fields: Vec<TokenStream> = self
            .func
            .params
            .iter()
            .map(|p| {
                let name = &self.func.vars[p.var].name;
                match (p.active, self.passing(p)) {
                    (false, _) => quote!(()),
                    (_, Passing::Value) => quote!(__p::zero(&#name)),
                    _ if p.owned => quote!(__p::zero(&#name)),
                    _ => quote!(__p::zero(&*#name)),
                }
            })
            .collect();
        let _ = names;
        let d1 = format!(
            "Hessian of `{}` times a direction: arguments, then a tangent for each parameter (`()` for constants).",
            self.input.sig.ident
        );
        let d1 = d1.as_str();
        let d2 = format!(
            "Hessian of `{}`: rows and columns run over the numbers of the parameters, in order.",
            self.input.sig.ident
        );
        // Inert parameters have no direction to give, so they take none.
        let (mut hvp_dots, mut hvp_names) = (vec![], vec![]);
        for ((p, d), t) in self.func.params.iter().zip(&dots).zip(&dot_types) {
            let _ = p;
            hvp_dots.push(quote!(#d: #t));
            hvp_names.push(quote!(#d));
        }
        quote! {
            #[doc = #d1]
            #[allow(warnings, clippy::all)]
            pub fn hvp #params (#(#declared,)* #(#hvp_dots),*) -> #gradient #where_ {
                __p::Tape::with(|__tape| {
                    #bars
                    #dot_bars
                    let (_, __pullback) = Self::__jvp_fwd(#(#call_args,)* __tape);
                    __pullback(#(#call_again,)* __tape, (<#result as __p::Real>::ZERO, <#result as __p::Real>::ONE), #(#call_bars),*);
                    #g { #(#fields: #parts),* }
                })
            }
            #[doc = #d2]
            #[allow(warnings, clippy::all)]
            pub fn hessian #params (#(#declared),*) -> __p::Matrix<f64> #where_ {
                let mut __d = #g { #(#fields: #zero_fields),* };
                __p::hessian(&mut __d, |__d| Self::hvp(#(#dup_args,)* #(#from_gradient),*))
            }
        }
    }

    /// `hvp` and `hessian` with the number of their arguments and their results, for a function that has none.
    pub fn second_order_names(&self, n: usize) -> Vec<(Ident, usize, TokenStream)> {
        if !self.is_scalar() || !self.mut_params().is_empty() || !generic_names(&self.input.sig.generics).is_empty() {
            return vec![];
        }
        let entry = |name| Ident::new(name, Span::call_site());
        vec![
            (entry("hvp"), 2 * n, self.gradient_type()),
            (entry("hessian"), n, quote!(__p::Matrix<f64>)),
        ]
    }
}
