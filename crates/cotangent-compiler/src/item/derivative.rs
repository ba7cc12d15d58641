//! `#[derivative(of = path)] impl name { fn jvp(..) fn vjp(..) }`: a function that carries a rule.
//!
//! The rule's methods stay ordinary functions. Around them stands the protocol of any differentiable function: forward
//! mode calls `jvp`, the forward sweep calls the function itself, its pullback `vjp` or `transpose`; orders above the first
//! come from lowering the body of `jvp` like any other.

mod higher;
mod modes;
mod rule;

use std::collections::HashMap;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::{hidden, missing};
use crate::diagnose::Diagnostics;
use crate::ir::Function;
use crate::lower::lower;
use crate::parse::{FnInput, Options};
use crate::surface::{Surface, generics_params};
use rule::{Arguments, Rule};

/// The function, its marker, and what stands beside it.
pub fn derivative(attr: TokenStream, item: TokenStream) -> TokenStream {
    let parsed = syn::parse2::<Arguments>(attr).and_then(|a| Ok((a, syn::parse2::<syn::ItemImpl>(item)?)));
    let (arguments, block) = match parsed {
        Ok(parsed) => parsed,
        Err(e) => return e.to_compile_error(),
    };
    let diags = Diagnostics::default();
    let code = Rule::read(arguments, &block, &diags).map(|rule| expand(&rule, &diags));
    match code {
        Some(code) if diags.is_empty() => code,
        _ => diags.into_tokens(),
    }
}

/// The rule with the signature of its function, lowered.
struct Rules<'a> {
    rule: &'a Rule,
    input: FnInput,
    func: Function,
    gradient: Ident,
}

impl Rules<'_> {
    fn surface<'s>(&'s self, func: &'s Function) -> Surface<'s> {
        let generic = self.input.reals().into_iter().next();
        Surface {
            input: &self.input,
            func,
            gradient: self.gradient.clone(),
            generic,
        }
    }

    /// The variables of the parameters, by name.
    fn names(&self) -> HashMap<String, Ident> {
        self.rule
            .params
            .iter()
            .zip(&self.func.params)
            .map(|(r, p)| (r.name.to_string(), self.func.vars[p.var].name.clone()))
            .collect()
    }
}

fn signature(rule: &Rule) -> syn::Signature {
    let (name, generics, ret) = (&rule.name, &rule.generics, &rule.ret);
    let params = rule.params.iter().map(|p| {
        let (name, ty) = (&p.name, &p.ty);
        quote!(#name: #ty)
    });
    let (head, where_) = (generics_params(generics), &generics.where_clause);
    syn::parse_quote!(fn #name #head (#(#params),*) -> #ret #where_)
}

fn expand(rule: &Rule, diags: &Diagnostics) -> TokenStream {
    let sig = signature(rule);
    let active = rule.params.iter().filter(|p| p.active).map(|p| p.name.clone()).collect();
    let input = FnInput {
        sig: sig.clone(),
        body: syn::parse_quote!({ ::core::unreachable!() }),
        options: Options {
            wrt: Some(active),
            ..rule.options.clone()
        },
        in_impl: false,
        in_trait: false,
        captures_self: false,
        impl_generics: syn::Generics::default(),
        siblings: HashMap::new(),
    };
    let func = lower(&input, diags);
    let rules = Rules {
        rule,
        input,
        func,
        gradient: format_ident!("{}__Gradient", rule.name),
    };
    let protocol = protocol(&rules, diags);
    let surface = rules.surface(&rules.func);
    let (name, vis, docs, private) = (&rule.name, &rule.vis, &rule.docs, rule.options.private());
    let (structure, impls) = (surface.gradient_struct(vis), surface.gradient_impls());
    let methods = rule.methods();
    let function = rule.function(&sig);
    let doc = format!("Derivatives of [`fn@{name}`], by its rule.");
    let described = docs.iter().any(|a| a.path().is_ident("doc"));
    let described = (!described).then(|| {
        let text = rule
            .of
            .as_ref()
            .map_or(format!("`{name}`"), |of| format!("`{}`", quote!(#of).to_string().replace(' ', "")));
        let text = format!("{text}, with a rule for its derivatives.");
        quote!(#[doc = #text])
    });
    quote! {
        #(#docs)*
        #described
        #[allow(dead_code, clippy::too_many_arguments)]
        #[inline]
        #vis #function
        #[doc = #doc]
        #[allow(non_camel_case_types)]
        #vis struct #name {}
        #structure
        #[allow(non_local_definitions)]
        const _: () = {
            use #private as __p;
            #[allow(dead_code, clippy::too_many_arguments)]
            impl #name { #methods }
            impl #name { #protocol }
            #impls
        };
    }
}

fn protocol(rules: &Rules, diags: &Diagnostics) -> TokenStream {
    let surface = rules.surface(&rules.func);
    let mut out = TokenStream::new();
    out.extend(surface.forward_with(&hidden("__fwd"), &rules.reverse()));
    let dual = crate::jvp::jvp(&rules.func);
    out.extend(rules.surface(&dual).plain_with(&hidden("__jvp"), &rules.forward(&dual)));
    out.extend(surface.entry_points());
    out.extend(surface.jvp_entry());
    out.extend(surface.jacobian_entries());
    if rules.rule.options.order >= 2 {
        out.extend(rules.higher(&dual, diags));
        out.extend(surface.second_order());
    }
    out.extend(missing::orders(&surface, rules.rule.options.order));
    out
}
