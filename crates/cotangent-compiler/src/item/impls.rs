//! Impl blocks: inherent, of differentiable traits, and of operators.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::quote;

use super::methods::{Context, method, siblings};
use super::operators;
use crate::diagnose::Diagnostics;
use crate::parse::Options;
use crate::surface::Home;

/// `#[differentiable] impl`
pub fn item_impl(i: &syn::ItemImpl, options: Options) -> TokenStream {
    let mut primal = i.clone();
    for item in &mut primal.items {
        if let syn::ImplItem::Fn(f) = item {
            f.attrs.retain(|a| !a.path().is_ident("constant"));
        }
    }
    let diags = Diagnostics::default();
    crate::lanes::functions_only(&options, i.impl_token.span, &diags);
    super::objects::traits_only(&options, &diags);
    let operator = i.trait_.as_ref().and_then(|(_, path, _)| operators::find(path));
    let code = match (&i.trait_, operator) {
        (Some(_), Some(operator)) => operators::operator(i, operator, &options, &diags),
        (Some(_), None) => return trait_impl(i, primal, &options, diags),
        (None, _) => inherent(i, &options, &diags),
    };
    if !diags.is_empty() {
        let errors = diags.into_tokens();
        return quote!(#primal #errors);
    }
    quote!(#primal #code)
}

/// `#[constant]` on a method: it has no derivative and is not looked at.
pub fn is_constant(attrs: &[syn::Attribute]) -> bool {
    attrs.iter().any(|a| a.path().is_ident("constant"))
}

fn methods(i: &syn::ItemImpl) -> Vec<&syn::ImplItemFn> {
    i.items
        .iter()
        .filter_map(|item| match item {
            syn::ImplItem::Fn(f) if !is_constant(&f.attrs) => Some(f),
            _ => None,
        })
        .collect()
}

fn added(i: &syn::ItemImpl, options: &Options, in_trait: bool, diags: &Diagnostics) -> (TokenStream, TokenStream) {
    let methods = methods(i);
    let context = Context {
        options,
        generics: &i.generics,
        siblings: siblings(methods.iter().map(|m| &m.sig)),
        in_trait,
        captures_self: false,
        home: (!in_trait).then_some(Home::Method(&i.self_ty)),
    };
    let (mut out, mut outside) = (TokenStream::new(), TokenStream::new());
    for m in methods {
        let vis = &m.vis;
        let vis = if in_trait { quote!() } else { quote!(#vis) };
        // One method's errors do not hide another's.
        let own = Diagnostics::default();
        let (inside, beside) = method(&context, &m.sig, &m.block, &vis, &own);
        out.extend(inside);
        outside.extend(beside);
        diags.take_from(own);
    }
    (out, outside)
}

fn inherent(i: &syn::ItemImpl, options: &Options, diags: &Diagnostics) -> TokenStream {
    let (code, outside) = added(i, options, false, diags);
    let (private, self_ty, generics) = (options.private(), &i.self_ty, &i.generics);
    let (impl_generics, _, where_) = generics.split_for_impl();
    let alias = self_alias(&code, self_ty);
    quote! {
        #[allow(non_local_definitions)]
        const _: () = {
            use #private as __p;
            #alias
            impl #impl_generics #self_ty #where_ { #code }
            #outside
        };
    }
}

/// Patterns on `Self::Variant` need a name for the tangent type.
fn self_alias(code: &TokenStream, self_ty: &syn::Type) -> TokenStream {
    if code.to_string().contains("__SelfTangent") {
        quote!(type __SelfTangent = <#self_ty as __p::Differentiable>::Tangent;)
    } else {
        quote!()
    }
}

/// The derived methods belong to the trait, so they stand inside the impl.
fn trait_impl(i: &syn::ItemImpl, mut primal: syn::ItemImpl, options: &Options, diags: Diagnostics) -> TokenStream {
    let (code, _) = added(i, options, true, &diags);
    if !diags.is_empty() {
        let errors = diags.into_tokens();
        return quote!(#primal #errors);
    }
    primal.items.push(syn::ImplItem::Verbatim(code));
    let private = options.private();
    quote! {
        #[allow(non_local_definitions)]
        const _: () = {
            use #private as __p;
            #primal
        };
    }
}

/// `__p` → another name, where several imports stand beside one another.
pub fn qualify(tokens: TokenStream, alias: &Ident) -> TokenStream {
    let mut out = TokenStream::new();
    for token in tokens {
        match token {
            TokenTree::Ident(i) if i == "__p" => out.extend([TokenTree::Ident(alias.clone())]),
            TokenTree::Group(g) => {
                let mut new = proc_macro2::Group::new(g.delimiter(), qualify(g.stream(), alias));
                new.set_span(g.span());
                out.extend([TokenTree::Group(new)]);
            }
            other => out.extend([other]),
        }
    }
    out
}
