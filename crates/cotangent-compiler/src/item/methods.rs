//! Methods: siblings in the same impl or trait, so that rustc resolves the receiver as for the method itself.

use std::collections::HashMap;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{bounds, check_signature, derived, missing, order_of};
use crate::diagnose::Diagnostics;
use crate::emit::vjp::method_name;
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

/// The derived siblings of a method, and what stands outside the impl; `body` is `None` for a method that a trait only declares.
pub fn method(
    context: &Context,
    sig: &syn::Signature,
    body: Option<&syn::Block>,
    vis: &TokenStream,
    diags: &Diagnostics,
) -> (TokenStream, TokenStream) {
    check_signature(sig, diags);
    let mut sig = sig.clone();
    bounds::callables(&mut sig, diags);
    let input = FnInput {
        sig: sig.clone(),
        body: body.cloned().unwrap_or_else(|| syn::parse_quote!({ ::core::unreachable!() })),
        options: context.options.clone(),
        in_impl: true,
        in_trait: context.in_trait,
        captures_self: context.captures_self,
        impl_generics: context.generics.clone(),
        siblings: context.siblings.clone(),
    };
    let func = lower(&input, diags);
    if !diags.is_empty() {
        return Default::default();
    }
    let generic = input.reals().into_iter().next();
    let gradient = match &context.home {
        Some(Home::Trait(name)) => format_ident!("{name}__{}__Gradient", sig.ident),
        _ => format_ident!("{}__Gradient", sig.ident),
    };
    let mut out = TokenStream::new();
    for (func, suffix, sweeps) in derived(&func, context.options.order) {
        let surface = Surface {
            input: &bounds::of_order(&input, order_of(&suffix)),
            func: &func,
            gradient: gradient.clone(),
            generic: generic.clone(),
        };
        let name = method_name(&sig.ident, &suffix);
        let declared_only = body.is_none();
        if sweeps {
            out.extend(surface.method_forward(&name, vis, declared_only));
            if sig.receiver().is_some() {
                let pull = method_name(&sig.ident, &format!("{}pull", suffix.trim_end_matches("fwd")));
                out.extend(surface.method_pull(&pull, vis));
            }
        } else {
            out.extend(surface.method_plain(&name, vis, declared_only));
        }
    }
    let surface = Surface {
        input: &input,
        func: &func,
        gradient,
        generic,
    };
    // The impl of a trait adds nothing to it.
    if !context.in_trait || context.captures_self {
        out.extend(missing::method_orders(&surface, context.options.order, vis));
    }
    let outside = context.home.as_ref().and_then(|home| value(&surface, home, vis, &mut out));
    (out, outside.unwrap_or_default())
}

/// The method as a value, `differentiable!(P::energy)`.
fn value(surface: &Surface, home: &Home, vis: &TokenStream, inside: &mut TokenStream) -> Option<TokenStream> {
    let (constructor, function) = surface.as_value(home, vis)?;
    inside.extend(constructor);
    let (structure, impls) = (surface.gradient_struct(&syn::parse_quote!(pub)), surface.gradient_impls());
    Some(quote! {
        #structure
        #impls
        #function
    })
}

/// `#[differentiable] trait`: each method gets derived siblings; those with a body get default derivatives.
pub fn item_trait(t: &syn::ItemTrait, options: Options) -> TokenStream {
    let diags = Diagnostics::default();
    crate::lanes::functions_only(&options, t.trait_token.span, &diags);
    let mut extended = t.clone();
    let methods: Vec<&syn::TraitItemFn> = t
        .items
        .iter()
        .filter_map(|i| match i {
            syn::TraitItem::Fn(f) => Some(f),
            _ => None,
        })
        .collect();
    let context = Context {
        options: &options,
        generics: &t.generics,
        siblings: siblings(methods.iter().map(|m| &m.sig)),
        in_trait: true,
        captures_self: true,
        home: Some(Home::Trait(&t.ident)),
    };
    let (private, alias) = (options.private(), crate::release::alias(&t.ident));
    let (mut added, mut beside) = (TokenStream::new(), TokenStream::new());
    for m in &methods {
        if super::impls::is_constant(&m.attrs) {
            continue;
        }
        let (inside, outside) = method(&context, &m.sig, m.default.as_ref(), &quote!(), &diags);
        added.extend(inside);
        beside.extend(outside);
    }
    for item in &mut extended.items {
        if let syn::TraitItem::Fn(f) = item {
            f.attrs.retain(|a| !a.path().is_ident("constant"));
        }
    }
    if !diags.is_empty() {
        let errors = diags.into_tokens();
        return quote!(#extended #errors);
    }
    let (added, beside) = (super::impls::qualify(added, &alias), super::impls::qualify(beside, &alias));
    let syn::ItemTrait {
        attrs,
        vis,
        unsafety,
        ident,
        generics,
        supertraits,
        items,
        ..
    } = &extended;
    let colon = (!supertraits.is_empty()).then(|| quote!(:));
    let where_ = &generics.where_clause;
    quote! {
        #[doc(hidden)]
        #[allow(non_snake_case, unused_imports)]
        use #private as #alias;
        #(#attrs)*
        #vis #unsafety trait #ident #generics #colon #supertraits #where_ {
            #(#items)*
            #added
        }
        #beside
    }
}
