//! `F: Fn(f64) -> f64` in the source is `F: Callable<(Val<f64>,), Out = f64>` in derivative versions.

use std::collections::{HashMap, HashSet};

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Token, TypeParamBound};

use crate::diagnose::Diagnostics;
use crate::ir::Ty;
use crate::parse::{FnInput, Options};
use crate::surface::strip_reference;

/// Type parameters that can be called, with the type of the result; `None`: it has none.
pub type Callables = HashMap<String, Option<syn::Type>>;

/// Rewrites the signature of a function for its derivative versions.
pub fn callables(sig: &mut syn::Signature, options: &Options, diags: &Diagnostics) -> Callables {
    name_impl_traits(sig);
    let mut rewriter = Rewriter {
        checkpoint: options.checkpoint,
        found: Callables::new(),
        mentioned: HashSet::new(),
        diags,
    };
    for param in sig.generics.type_params_mut() {
        let name = param.ident.to_string();
        rewriter.bounds(&name, &mut param.bounds);
    }
    for predicate in sig.generics.where_clause.iter_mut().flat_map(|w| &mut w.predicates) {
        if let syn::WherePredicate::Type(t) = predicate {
            let bounded = &t.bounded_ty;
            let name = quote!(#bounded).to_string();
            rewriter.bounds(&name, &mut t.bounds);
        }
    }
    let Rewriter { found, mentioned, .. } = rewriter;
    if !found.is_empty() {
        lasting(sig, &found, &mentioned);
        shared(sig, &found);
    }
    found
}

/// Records of calls name the types of the parameters, so these hold no borrows.
fn lasting(sig: &mut syn::Signature, found: &Callables, mentioned: &HashSet<String>) {
    let names: Vec<Ident> = sig.generics.type_params().map(|p| p.ident.clone()).collect();
    for name in names
        .iter()
        .filter(|n| mentioned.contains(&n.to_string()) && !found.contains_key(&n.to_string()))
    {
        let bound: syn::WherePredicate = syn::parse_quote!(#name: __p::Differentiable + 'static);
        sig.generics.make_where_clause().predicates.push(bound);
    }
}

/// `f: &mut F` → `f: F`: what a closure changes is shared by its copies.
fn shared(sig: &mut syn::Signature, found: &Callables) {
    for arg in &mut sig.inputs {
        let syn::FnArg::Typed(arg) = arg else { continue };
        if let syn::Type::Reference(r) = &*arg.ty
            && r.mutability.is_some()
            && let syn::Type::Path(p) = &*r.elem
            && p.path.get_ident().is_some_and(|name| found.contains_key(&name.to_string()))
        {
            arg.ty = r.elem.clone();
        }
    }
}

/// `f: impl Fn(f64) -> f64` → `f: F`
fn name_impl_traits(sig: &mut syn::Signature) {
    let mut added = vec![];
    for (k, arg) in sig.inputs.iter_mut().enumerate() {
        let syn::FnArg::Typed(arg) = arg else { continue };
        let ty = match &mut *arg.ty {
            syn::Type::Reference(r) => &mut *r.elem,
            other => other,
        };
        if let syn::Type::ImplTrait(i) = ty
            && is_callable(i)
        {
            let (name, bounds) = (format_ident!("__F{k}"), &i.bounds);
            added.push(syn::parse_quote!(#name: #bounds));
            *ty = syn::parse_quote!(#name);
        }
    }
    sig.generics.params.extend::<Vec<syn::GenericParam>>(added);
}

/// Whether the type is `impl Fn(..)`.
pub fn is_callable(ty: &syn::TypeImplTrait) -> bool {
    ty.bounds
        .iter()
        .any(|b| matches!(b, TypeParamBound::Trait(t) if is_fn_trait(t).is_some()))
}

fn is_fn_trait(bound: &syn::TraitBound) -> Option<&syn::ParenthesizedGenericArguments> {
    let last = bound.path.segments.last()?;
    match &last.arguments {
        syn::PathArguments::Parenthesized(args) if matches!(last.ident.to_string().as_str(), "Fn" | "FnMut" | "FnOnce") => Some(args),
        _ => None,
    }
}

struct Rewriter<'a> {
    checkpoint: bool,
    found: Callables,
    /// Names that stand in the parameters of functions.
    mentioned: HashSet<String>,
    diags: &'a Diagnostics,
}

impl Rewriter<'_> {
    fn bounds(&mut self, name: &str, bounds: &mut Punctuated<TypeParamBound, Token![+]>) {
        let mut callable = false;
        for bound in bounds.iter_mut() {
            let TypeParamBound::Trait(t) = bound else { continue };
            let Some(args) = is_fn_trait(t) else { continue };
            if self.checkpoint && t.path.segments.last().is_some_and(|s| s.ident != "Fn") {
                self.diags.error(
                    t.span(),
                    "`checkpoint` runs the function again, which a closure that changes what it captures does not allow: bound it by `Fn`",
                );
            }
            let out = match &args.output {
                syn::ReturnType::Default => None,
                syn::ReturnType::Type(_, ty) if matches!(&**ty, syn::Type::Tuple(t) if t.elems.is_empty()) => None,
                syn::ReturnType::Type(_, ty) => Some((**ty).clone()),
            };
            let kinds: Vec<TokenStream> = args.inputs.iter().map(|ty| self.kind(ty)).collect();
            let result = out.as_ref().map_or(quote!(()), |t| quote!(#t));
            self.found.insert(name.to_string(), out);
            *bound = syn::parse_quote!(__p::Callable<(#(#kinds,)*), Out = #result>);
            callable = true;
        }
        // `Copy` is more than derivative versions promise of a closure with its captured values.
        if callable {
            let kept = bounds
                .iter()
                .filter(|b| !quote!(#b).to_string().ends_with("Copy"))
                .cloned()
                .collect();
            *bounds = kept;
        }
    }

    fn kind(&mut self, ty: &syn::Type) -> TokenStream {
        idents(quote!(#ty), &mut self.mentioned);
        kind(ty, true).unwrap_or_else(|| {
            self.diags.error(
                ty.span(),
                "a function that is passed on takes values and references without borrows in them: pass this in another form",
            );
            quote!(__p::Val<()>)
        })
    }
}

/// How a parameter of the type is passed; `None` where functions as values cannot take it.
pub fn kind(ty: &syn::Type, active: bool) -> Option<TokenStream> {
    let inner = strip_reference(ty);
    let text = quote!(#inner).to_string();
    if text.contains('&') || text.contains('\'') || text.contains("dyn ") || text.contains("impl ") {
        return None;
    }
    let inert = Ty::of(ty, &[]) == Ty::Inert;
    let Some(mutable) = reference(ty) else {
        let name = if active || inert { quote!(Val) } else { quote!(FixedVal) };
        return Some(quote!(__p::#name<#inner>));
    };
    Some(match (inner, mutable) {
        (_, false) if !active || inert => quote!(__p::FixedRef<#inner>),
        (_, true) if !active || inert => quote!(__p::FixedMut<#inner>),
        (syn::Type::Slice(syn::TypeSlice { elem, .. }), false) => quote!(__p::Slice<#elem>),
        (syn::Type::Slice(syn::TypeSlice { elem, .. }), true) => quote!(__p::MutSlice<#elem>),
        (_, false) => quote!(__p::Ref<#inner>),
        (_, true) => quote!(__p::Mut<#inner>),
    })
}

/// Whether the type is a reference, and a mutable one.
fn reference(ty: &syn::Type) -> Option<bool> {
    match ty {
        syn::Type::Reference(r) => Some(r.mutability.is_some()),
        syn::Type::Paren(p) => reference(&p.elem),
        syn::Type::Group(p) => reference(&p.elem),
        _ => None,
    }
}

/// Every name in the tokens.
pub fn idents(tokens: TokenStream, names: &mut HashSet<String>) {
    for token in tokens {
        match token {
            proc_macro2::TokenTree::Ident(i) => {
                names.insert(i.to_string());
            }
            proc_macro2::TokenTree::Group(g) => idents(g.stream(), names),
            _ => {}
        }
    }
}

/// The result of a type parameter that can be called, in a rewritten signature; `Some(None)`: it returns nothing.
pub fn result(sig: &syn::Signature, ty: &syn::Type) -> Option<Option<syn::Type>> {
    let syn::Type::Path(path) = ty else { return None };
    let name = path.path.get_ident()?;
    let own = sig.generics.type_params().filter(|p| p.ident == *name).flat_map(|p| &p.bounds);
    let further = sig
        .generics
        .where_clause
        .iter()
        .flat_map(|w| &w.predicates)
        .filter_map(|p| match p {
            syn::WherePredicate::Type(t) if t.bounded_ty == *ty => Some(&t.bounds),
            _ => None,
        });
    own.chain(further.flatten()).find_map(result_of_bound)
}

fn result_of_bound(bound: &TypeParamBound) -> Option<Option<syn::Type>> {
    let TypeParamBound::Trait(t) = bound else { return None };
    let last = t.path.segments.last()?;
    if !matches!(last.ident.to_string().as_str(), "Callable" | "Callable2" | "Callable3") || t.path.segments[0].ident != "__p" {
        return None;
    }
    let syn::PathArguments::AngleBracketed(args) = &last.arguments else {
        return None;
    };
    args.args.iter().find_map(|a| match a {
        syn::GenericArgument::AssocType(a) if matches!(&a.ty, syn::Type::Tuple(t) if t.elems.is_empty()) => Some(None),
        syn::GenericArgument::AssocType(a) => Some(Some(a.ty.clone())),
        _ => None,
    })
}

/// The signature for derived functions of an order, which want derivatives of that order of the functions they are given.
pub fn of_order(input: &FnInput, order: usize) -> FnInput {
    let mut input = input.clone();
    let name = match order {
        0 | 1 => return input,
        2 => format_ident!("Callable2"),
        _ => format_ident!("Callable3"),
    };
    let generics = &mut input.sig.generics;
    let own = generics.params.iter_mut().filter_map(|p| match p {
        syn::GenericParam::Type(t) => Some(&mut t.bounds),
        _ => None,
    });
    let further = generics
        .where_clause
        .iter_mut()
        .flat_map(|w| &mut w.predicates)
        .filter_map(|p| match p {
            syn::WherePredicate::Type(t) => Some(&mut t.bounds),
            _ => None,
        });
    for bound in own.chain(further).flatten() {
        if result_of_bound(bound).is_some()
            && let TypeParamBound::Trait(t) = bound
            && let Some(last) = t.path.segments.last_mut()
        {
            last.ident = name.clone();
        }
    }
    input
}
