//! Orders above the first: the body of `jvp` is differentiated like any other.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::super::{derived, hidden};
use super::Rules;
use super::rule::Rule;
use crate::diagnose::Diagnostics;
use crate::ir::Function;
use crate::lower::lower;
use crate::parse::{FnInput, Options};
use crate::surface::Surface;

impl Rules<'_> {
    /// The derived functions `__jvp_fwd`, and of order 3 `__jvp_jvp` and `__jvp_jvp_fwd`.
    pub fn higher(&self, dual: &Function, diags: &Diagnostics) -> TokenStream {
        let Some((sig, body)) = self.rule.dual_source(dual) else {
            return quote!();
        };
        let order = self.rule.options.order - 1;
        let active = self.rule.params.iter().filter(|p| p.active);
        let wrt = active.flat_map(|p| [p.name.clone(), format_ident!("{}_dot", p.name)]).collect();
        let mut using = self.rule.options.using.clone();
        let name = &self.rule.name;
        using.extend(self.rule.of.clone().map(|of| (of, syn::parse_quote!(#name))));
        let options = Options {
            order,
            wrt: Some(wrt),
            using,
            ..self.rule.options.clone()
        };
        let input = FnInput {
            sig,
            body,
            options,
            ..self.input.clone()
        };
        let func = lower(&input, diags);
        if !diags.is_empty() {
            return quote!();
        }
        let generic = input.reals().into_iter().next();
        let mut out = TokenStream::new();
        for (func, suffix, sweeps) in derived(&func, order) {
            let surface = Surface {
                input: &input,
                func: &func,
                gradient: self.gradient.clone(),
                generic: generic.clone(),
            };
            let name = hidden(&format!("__jvp_{suffix}"));
            if sweeps {
                out.extend(surface.forward(&name));
            } else if order >= 2 {
                out.extend(surface.plain(&name));
            }
        }
        out
    }
}

impl Rule {
    /// `jvp` as source, its parameters in the order of the protocol: each followed by its tangent.
    fn dual_source(&self, dual: &Function) -> Option<(syn::Signature, syn::Block)> {
        let mut inputs = vec![];
        for (k, p) in self.params.iter().enumerate() {
            let (name, ty, dot, dot_ty) = (&p.name, &p.ty, format_ident!("{}_dot", p.name), &dual.params[2 * k + 1].ty);
            let (written, written_dot) = (self.written(&name.to_string()), self.written(&dot.to_string()));
            inputs.push(written.unwrap_or_else(|| syn::parse_quote!(#name: #ty)));
            inputs.push(written_dot.unwrap_or_else(|| syn::parse_quote!(#dot: #dot_ty)));
        }
        if let Some(jvp) = &self.jvp {
            let mut sig = jvp.sig.clone();
            sig.inputs = inputs.into_iter().collect();
            return Some((sig, jvp.block.clone()));
        }
        self.transpose.as_ref()?;
        let (name, ret_ty) = (&self.name, dual.ret_ty.as_ref()?);
        let values = self.params.iter().map(|p| p.name.clone());
        let dots = self.params.iter().map(|p| {
            if p.active {
                format_ident!("{}_dot", p.name)
            } else {
                p.name.clone()
            }
        });
        let (params, where_) = (crate::surface::generics_params(&self.generics), &self.generics.where_clause);
        let sig = syn::parse_quote!(fn jvp #params (#(#inputs),*) -> #ret_ty #where_);
        Some((sig, syn::parse_quote!({ (#name(#(#values),*), #name(#(#dots),*)) })))
    }

    fn written(&self, name: &str) -> Option<syn::FnArg> {
        let inputs = &self.jvp.as_ref()?.sig.inputs;
        inputs
            .iter()
            .find(|a| matches!(a, syn::FnArg::Typed(t) if matches!(&*t.pat, syn::Pat::Ident(p) if p.ident == name)))
            .cloned()
    }
}
