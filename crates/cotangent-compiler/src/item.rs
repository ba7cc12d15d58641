//! `#[differentiable]` on functions, impls and traits.

pub(crate) mod bounds;
mod derivative;
mod function;
mod impls;
mod methods;
mod missing;
mod objects;
mod operators;
mod traits;
mod value;

pub use derivative::derivative;
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
pub use value::differentiable_value;

use crate::diagnose::Diagnostics;
use crate::ir::Function;
use crate::jvp::jvp;
use crate::parse::{FnInput, Options};
use crate::surface::Surface;

/// Dispatches on the kind of item; the item itself is always kept.
pub fn differentiable(attr: TokenStream, item: TokenStream) -> TokenStream {
    let options = match syn::parse2::<Options>(attr) {
        Ok(options) => options,
        Err(e) => {
            let error = e.to_compile_error();
            return quote!(#item #error);
        }
    };
    match syn::parse2::<syn::Item>(item.clone()) {
        Ok(syn::Item::Fn(f)) => function::function(&f, options),
        Ok(syn::Item::Impl(i)) => impls::item_impl(&i, options),
        Ok(syn::Item::Trait(t)) => traits::item_trait(&t, options),
        Ok(other) => {
            let message = "`#[differentiable]` goes on functions, impls and traits; for a type use `#[derive(Differentiable)]`";
            let span = syn::spanned::Spanned::span(&other);
            let error = syn::Error::new(span, message).to_compile_error();
            quote!(#item #error)
        }
        Err(e) => {
            let error = e.to_compile_error();
            quote!(#item #error)
        }
    }
}

/// Each derived function of a lowered function, with the suffix of its name: `fwd` and `jvp`, and of higher order
/// `jvp_fwd`, `jvp_jvp`, `jvp_jvp_fwd`.
pub(crate) fn derived(func: &Function, order: usize) -> Vec<(Function, String, bool)> {
    let mut out = vec![];
    let mut current = func.clone();
    let mut prefix = String::new();
    for k in 1..=order {
        out.push((current.clone(), format!("{prefix}fwd"), true));
        let next = jvp(&current);
        prefix.push_str("jvp_");
        if k < order || k == 1 {
            out.push((next.clone(), prefix.trim_end_matches('_').to_string(), false));
        }
        current = next;
    }
    out
}

/// The order of derivatives that a derived function wants of the functions it is given.
pub(crate) fn order_of(suffix: &str) -> usize {
    match suffix {
        "fwd" | "jvp" => 1,
        "jvp_fwd" => 2,
        _ => 3,
    }
}

/// The functions that generated code calls.
pub(crate) fn protocol(input: &FnInput, func: &Function, gradient: &Ident, name: impl Fn(&str) -> Ident) -> TokenStream {
    let generic = input.reals().into_iter().next();
    let mut out = TokenStream::new();
    for (func, suffix, sweeps) in derived(func, input.options.order) {
        let surface = Surface {
            input: &bounds::of_order(input, order_of(&suffix)),
            func: &func,
            gradient: gradient.clone(),
            generic: generic.clone(),
        };
        out.extend(if sweeps {
            surface.forward(&name(&suffix))
        } else {
            surface.plain(&name(&suffix))
        });
    }
    out
}

/// What no function may be.
pub(crate) fn check_signature(sig: &syn::Signature, diags: &Diagnostics) {
    if let Some(token) = &sig.asyncness {
        diags.error(token.span, "an `async` function cannot be differentiated");
    }
    if let Some(token) = &sig.unsafety {
        diags.error(
            token.span,
            "an `unsafe` function cannot be differentiated: give it a rule, `#[derivative(of = ..)]`",
        );
    }
    if let Some(variadic) = &sig.variadic {
        diags.error(variadic.dots.spans[0], "a variadic function cannot be differentiated");
    }
    for arg in &sig.inputs {
        if let syn::FnArg::Typed(t) = arg
            && let syn::Type::ImplTrait(i) = &*t.ty
            && !bounds::is_callable(i)
        {
            diags.error(
                i.impl_token.span,
                "give this type a name: write a type parameter, `fn f<F: Fn(f64) -> f64>(f: F)`",
            );
        }
    }
}

/// A private name at the macro's own hygiene.
pub(crate) fn hidden(name: &str) -> Ident {
    Ident::new(name, Span::mixed_site())
}
