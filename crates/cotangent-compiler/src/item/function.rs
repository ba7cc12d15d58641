//! Free functions: the marker struct of the same name, its protocol and its entry points.

use std::collections::HashMap;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote};

use super::{bounds, check_signature, missing, protocol};
use crate::diagnose::Diagnostics;
use crate::lower::lower;
use crate::parse::{FnInput, Options};
use crate::surface::{Home, Surface};

/// The function as written, and what stands beside it.
pub fn function(f: &syn::ItemFn, options: Options) -> TokenStream {
    let diags = Diagnostics::default();
    check_signature(&f.sig, &diags);
    super::objects::traits_only(&options, &diags);
    let mut sig = f.sig.clone();
    bounds::callables(&mut sig, &options, &diags);
    let input = FnInput {
        sig,
        body: (*f.block).clone(),
        options: options.clone(),
        in_impl: false,
        in_trait: false,
        captures_self: false,
        impl_generics: syn::Generics::default(),
        siblings: HashMap::new(),
    };
    let func = lower(&input, &diags);
    if options.lanes && diags.is_empty() {
        crate::lanes::check(&func, &diags);
    }
    let marker = options.marker.clone().unwrap_or_else(|| f.sig.ident.clone());
    let (vis, private) = (&f.vis, options.private());
    let primal = f.to_token_stream();
    if !diags.is_empty() {
        let errors = diags.into_tokens();
        return quote!(#primal #errors);
    }
    let gradient = format_ident!("{}__Gradient", marker);
    let generic = input.reals().into_iter().next();
    let surface = Surface {
        input: &input,
        func: &func,
        gradient: gradient.clone(),
        generic,
    };
    let mut entries = surface.entry_points();
    entries.extend(surface.jvp_entry());
    entries.extend(surface.jacobian_entries());
    let in_lanes = options.lanes.then(|| {
        entries.extend(surface.lane_entries());
        quote!(impl __p::HasLanes for #marker {})
    });
    if options.order >= 2 {
        entries.extend(surface.with_input(&bounds::of_order(&input, 2)).second_order());
    }
    entries.extend(missing::orders(&surface, options.order));
    let name = |suffix: &str| format_ident!("__{}", suffix, span = Span::mixed_site());
    let forward = protocol(&input, &func, &gradient, name);
    let mut impls = surface.gradient_impls();
    if let Some((constructor, function)) = surface.as_value(&Home::Free(&marker), &quote!(pub)) {
        entries.extend(constructor);
        impls.extend(function);
    }
    let structure = surface.gradient_struct(vis);
    let doc = format!("Derivatives of [`fn@{}`].", f.sig.ident);
    // A function of which only derivatives are used is in use.
    quote! {
        #[allow(dead_code)]
        #primal
        #[doc = #doc]
        #[allow(non_camel_case_types)]
        #vis struct #marker {}
        #structure
        #[allow(non_local_definitions)]
        const _: () = {
            use #private as __p;
            impl #marker { #forward #entries }
            #in_lanes
            #impls
        };
    }
}
