//! Methods: siblings in the same impl or trait, so that rustc resolves the receiver as for the method itself.

use std::collections::HashMap;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::{bounds, check_signature, derived, missing, order_of};
use crate::diagnose::Diagnostics;
use crate::emit::vjp::method_name;
use crate::ir::Function;
use crate::lower::lower;
use crate::parse::{FnInput, Options};
use crate::surface::{Home, Surface};

/// What an impl or a trait tells its methods.
pub struct Context<'a> {
    /// Its options.
    pub options: &'a Options,
    /// Its generics.
    pub generics: &'a syn::Generics,
    /// Its methods, and whether they take `&mut self`.
    pub siblings: HashMap<String, bool>,
    /// A trait, or an impl of one.
    pub in_trait: bool,
    /// A trait itself.
    pub captures_self: bool,
    /// What its methods are values of; the impl of a trait leaves that to the trait.
    pub home: Option<Home<'a>>,
}

/// Which methods take `&mut self`.
pub fn siblings<'a>(sigs: impl Iterator<Item = &'a syn::Signature>) -> HashMap<String, bool> {
    sigs.filter_map(|sig| {
        let receiver = sig.receiver()?;
        Some((sig.ident.to_string(), receiver.reference.is_some() && receiver.mutability.is_some()))
    })
    .collect()
}

/// A method and its derived functions, lowered.
pub struct Method {
    /// As the derived functions see it.
    pub input: FnInput,
    func: Function,
    gradient: Ident,
}

/// One derived function of a method.
pub struct Derived<'a> {
    /// Its outer forms.
    pub surface: Surface<'a>,
    /// Of its name.
    pub suffix: String,
    /// It returns a pullback.
    pub sweeps: bool,
}

impl Method {
    /// The derived functions of a lowered method, to be looked at one by one.
    pub fn each(&self, mut look: impl FnMut(Derived)) {
        for (func, suffix, sweeps) in derived(&self.func, self.input.options.order) {
            let input = bounds::of_order(&self.input, order_of(&suffix));
            let surface = self.surface(&input, &func);
            look(Derived { surface, suffix, sweeps });
        }
    }

    /// The method itself.
    pub fn whole(&self) -> Surface<'_> {
        self.surface(&self.input, &self.func)
    }

    fn surface<'a>(&self, input: &'a FnInput, func: &'a Function) -> Surface<'a> {
        Surface {
            input,
            func,
            gradient: self.gradient.clone(),
            generic: self.input.reals().into_iter().next(),
        }
    }
}

/// Lowers a method; `body` is `None` for one that a trait only declares.
pub fn lowered(context: &Context, sig: &syn::Signature, body: Option<&syn::Block>, diags: &Diagnostics) -> Option<Method> {
    check_signature(sig, diags);
    let mut sig = sig.clone();
    bounds::callables(&mut sig, context.options, diags);
    let gradient = match &context.home {
        Some(Home::Trait(name)) => format_ident!("{name}__{}__Gradient", sig.ident),
        _ => format_ident!("{}__Gradient", sig.ident),
    };
    let input = FnInput {
        sig,
        body: body.cloned().unwrap_or_else(|| syn::parse_quote!({ ::core::unreachable!() })),
        options: context.options.clone(),
        in_impl: true,
        in_trait: context.in_trait,
        captures_self: context.captures_self,
        impl_generics: context.generics.clone(),
        siblings: context.siblings.clone(),
    };
    let func = lower(&input, diags);
    diags.is_empty().then(|| Method { input, func, gradient })
}

/// The derived siblings of a method of an impl, and what stands outside the impl.
pub fn method(
    context: &Context,
    sig: &syn::Signature,
    body: &syn::Block,
    vis: &TokenStream,
    diags: &Diagnostics,
) -> (TokenStream, TokenStream) {
    let Some(method) = lowered(context, sig, Some(body), diags) else {
        return Default::default();
    };
    let mut out = TokenStream::new();
    method.each(|d| {
        // A trait's own derived methods call these, see `traits.rs`.
        let name = if context.in_trait { own_name } else { method_name };
        let name = name(&sig.ident, &d.suffix);
        if !d.sweeps {
            out.extend(d.surface.method_plain(&name, vis, false));
            return;
        }
        out.extend(d.surface.method_forward(&name, vis, false));
        if sig.receiver().is_some() && !context.in_trait {
            out.extend(d.surface.method_pull(&pull_name(&sig.ident, &d.suffix), vis));
        }
    });
    let surface = method.whole();
    if !context.in_trait {
        // The impl of a trait adds nothing to it.
        out.extend(missing::method_orders(&surface, context.options.order, vis));
    }
    let outside = context.home.as_ref().and_then(|home| value(&surface, home, vis, &mut out));
    (out, outside.unwrap_or_default())
}

/// The name of what runs the pullback of a method.
pub fn pull_name(method: &Ident, suffix: &str) -> Ident {
    method_name(method, &format!("{}pull", suffix.trim_end_matches("fwd")))
}

/// The name under which an impl of a trait gives a derived function: `__differentiable_impl_energy`.
pub fn own_name(method: &Ident, suffix: &str) -> Ident {
    let name = method_name(method, suffix).to_string();
    let rest = name.trim_start_matches("__differentiable_");
    format_ident!("__differentiable_impl_{}", rest, span = method.span())
}

/// The method as a value, `differentiable!(P::energy)`.
pub fn value(surface: &Surface, home: &Home, vis: &TokenStream, inside: &mut TokenStream) -> Option<TokenStream> {
    let (constructor, function) = surface.as_value(home, vis)?;
    inside.extend(constructor);
    let (structure, impls) = (surface.gradient_struct(&syn::parse_quote!(pub)), surface.gradient_impls());
    Some(quote! {
        #structure
        #impls
        #function
    })
}
