//! `#[differentiable]` on a trait: each method gets derived siblings, those with a body default derivatives.
//!
//! Callers name `__differentiable_m`, which the trait gives; impls give `__differentiable_impl_m`. In between, under
//! `#[differentiable(dyn)]`, stands the trait of `objects.rs`.

use proc_macro2::TokenStream;
use quote::quote;

use super::impls::{is_constant, qualify};
use super::methods::{Context, Method, lowered, own_name, pull_name, siblings, value};
use super::missing;
use super::objects::Objects;
use crate::diagnose::Diagnostics;
use crate::emit::vjp::method_name;
use crate::parse::Options;
use crate::surface::Home;

/// The trait with its derived methods, or with every error found.
pub fn item_trait(t: &syn::ItemTrait, options: Options) -> TokenStream {
    let diags = Diagnostics::default();
    crate::lanes::functions_only(&options, t.trait_token.span, &diags);
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
    let mut objects = options.objects.map(|_| Objects::new(t, &diags));
    let (mut added, mut values) = (TokenStream::new(), TokenStream::new());
    for m in methods.iter().filter(|m| !is_constant(&m.attrs)) {
        // One method's errors do not hide another's.
        let own = Diagnostics::default();
        if let Some(lowered) = lowered(&context, &m.sig, m.default.as_ref(), &own) {
            added.extend(siblings_of(&lowered, m, objects.as_mut(), &own));
            values.extend(value(&lowered.whole(), &Home::Trait(&t.ident), &quote!(), &mut added));
        }
        diags.take_from(own);
    }
    let plain = without_marks(t);
    if !diags.is_empty() {
        let errors = diags.into_tokens();
        return quote!(#plain #errors);
    }
    let (private, alias) = (options.private(), crate::release::alias(&t.ident));
    let (supertrait, beside) = objects.map(Objects::finish).unwrap_or_default();
    let (added, beside) = (qualify(added, &alias), qualify(quote!(#beside #values), &alias));
    let with = with_items(&plain, supertrait, added);
    quote! {
        #[doc(hidden)]
        #[allow(non_snake_case, unused_imports)]
        use #private as #alias;
        #with
        #beside
    }
}

/// What impls give, and what callers name.
fn siblings_of(lowered: &Method, m: &syn::TraitItemFn, mut objects: Option<&mut Objects>, diags: &Diagnostics) -> TokenStream {
    let mut out = TokenStream::new();
    let declared_only = m.default.is_none();
    let in_objects = objects.as_ref().is_some_and(|o| o.takes(&m.sig, diags));
    lowered.each(|d| {
        let (own, call) = (own_name(&m.sig.ident, &d.suffix), method_name(&m.sig.ident, &d.suffix));
        out.extend(if d.sweeps {
            d.surface.method_forward(&own, &quote!(), declared_only)
        } else {
            d.surface.method_plain(&own, &quote!(), declared_only)
        });
        if let Some(objects) = objects.as_mut().filter(|_| in_objects) {
            out.extend(objects.add(&m.sig.ident, &d));
            return;
        }
        out.extend(d.surface.method_by(&call, &own, d.sweeps));
        if d.sweeps && m.sig.receiver().is_some() {
            out.extend(d.surface.method_pull(&pull_name(&m.sig.ident, &d.suffix), &quote!()));
        }
    });
    out.extend(missing::method_orders(&lowered.whole(), lowered.input.options.order, &quote!()));
    out
}

/// Without `#[constant]` on methods, which rustc does not know.
fn without_marks(t: &syn::ItemTrait) -> syn::ItemTrait {
    let mut plain = t.clone();
    for item in &mut plain.items {
        if let syn::TraitItem::Fn(f) = item {
            f.attrs.retain(|a| !a.path().is_ident("constant"));
        }
    }
    plain
}

fn with_items(t: &syn::ItemTrait, supertrait: TokenStream, added: TokenStream) -> TokenStream {
    let syn::ItemTrait {
        attrs,
        vis,
        unsafety,
        ident,
        generics,
        supertraits,
        items,
        ..
    } = t;
    let own = (!supertraits.is_empty()).then(|| quote!(#supertraits));
    let all: Vec<TokenStream> = own.into_iter().chain((!supertrait.is_empty()).then_some(supertrait)).collect();
    let colon = (!all.is_empty()).then(|| quote!(:));
    let where_ = &generics.where_clause;
    quote! {
        #(#attrs)*
        #vis #unsafety trait #ident #generics #colon #(#all)+* #where_ {
            #(#items)*
            #added
        }
    }
}
