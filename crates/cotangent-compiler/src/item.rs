//! `#[differentiable]` on functions, impls and traits.

use std::collections::HashMap;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};

use crate::diagnose::Diagnostics;
use crate::ir::Function;
use crate::jvp::jvp;
use crate::lower::lower;
use crate::parse::{FnInput, Options};
use crate::surface::Surface;

pub fn differentiable(attr: TokenStream, item: TokenStream) -> TokenStream {
    let options = match syn::parse2::<Options>(attr) {
        Ok(options) => options,
        Err(e) => {
            let error = e.to_compile_error();
            return quote!(#item #error);
        }
    };
    match syn::parse2::<syn::Item>(item.clone()) {
        Ok(syn::Item::Fn(f)) => function(&f, options),
        Ok(_) => {
            let message = "`#[differentiable]` goes on functions, impls and traits";
            let error = syn::Error::new(Span::call_site(), message).to_compile_error();
            quote!(#item #error)
        }
        Err(e) => {
            let error = e.to_compile_error();
            quote!(#item #error)
        }
    }
}

fn function(f: &syn::ItemFn, options: Options) -> TokenStream {
    let diags = Diagnostics::default();
    check_signature(&f.sig, &diags);
    let input = FnInput {
        sig: f.sig.clone(),
        body: (*f.block).clone(),
        options: options.clone(),
        in_impl: false,
        impl_generics: syn::Generics::default(),
        siblings: HashMap::new(),
    };
    let func = lower(&input, &diags);
    if !diags.is_empty() {
        let errors = diags.into_tokens();
        return quote!(#f #errors);
    }
    let marker = options.marker.clone().unwrap_or_else(|| f.sig.ident.clone());
    let gradient = format_ident!("{}__Gradient", marker);
    let generic = input.reals().into_iter().next();
    let surface = Surface { input: &input, func: &func, gradient: gradient.clone(), generic: generic.clone() };
    let mut entries = surface.entry_points();
    entries.extend(surface.jvp_entry());
    if options.order >= 2 {
        entries.extend(surface.second_order());
    }
    let forward = protocol(&input, &func, &gradient, generic, |suffix| format_ident!("__{}", suffix, span = Span::mixed_site()));
    let impls = surface.gradient_impls();
    let (vis, private) = (&f.vis, options.private());
    let structure = surface.gradient_struct(vis);
    let doc = format!("Derivatives of [`fn@{}`].", f.sig.ident);
    let primal = f.to_token_stream();
    quote! {
        #primal
        #[doc = #doc]
        #[allow(non_camel_case_types)]
        #vis struct #marker {}
        #structure
        #[allow(non_local_definitions)]
        const _: () = {
            use #private as __p;
            impl #marker { #forward #entries }
            #impls
        };
    }
}

/// The functions that generated code calls: `fwd` and `jvp`, and of higher order `jvp_fwd`, `jvp_jvp`, `jvp_jvp_fwd`.
fn protocol(input: &FnInput, func: &Function, gradient: &Ident, generic: Option<Ident>, name: impl Fn(&str) -> Ident) -> TokenStream {
    let mut out = TokenStream::new();
    let mut current = func.clone();
    let mut prefix = String::new();
    for order in 1..=input.options.order {
        let surface = Surface { input, func: &current, gradient: gradient.clone(), generic: generic.clone() };
        out.extend(surface.forward(&name(&format!("{prefix}fwd"))));
        let next = jvp(&current);
        prefix.push_str("jvp_");
        let surface = Surface { input, func: &next, gradient: gradient.clone(), generic: generic.clone() };
        if order < input.options.order || order == 1 {
            out.extend(surface.plain(&name(prefix.trim_end_matches('_'))));
        }
        current = next;
    }
    out
}

fn check_signature(sig: &syn::Signature, diags: &Diagnostics) {
    if let Some(token) = &sig.asyncness {
        diags.error(token.span, "an `async` function cannot be differentiated");
    }
    if let Some(token) = &sig.unsafety {
        diags.error(token.span, "an `unsafe` function cannot be differentiated: give it a rule, `#[derivative(of = ..)]`");
    }
    if let Some(variadic) = &sig.variadic {
        diags.error(variadic.dots.spans[0], "a variadic function cannot be differentiated");
    }
}
