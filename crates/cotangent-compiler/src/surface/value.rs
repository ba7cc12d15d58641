//! The function as a value: what `differentiable!(f)` and passing `f` on stand on.

use std::collections::HashSet;

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};

use super::function::Names;
use super::{Surface, strip_reference};
use crate::emit::vjp::method_name;
use crate::item::bounds::{idents, kind};

/// Where the function stands.
pub enum Home<'a> {
    /// A free function with this marker.
    Free(&'a Ident),
    /// A method of this type.
    Method(&'a syn::Type),
    /// A method that this trait declares; the value is that of any type with it.
    Trait(&'a Ident),
}

/// The type that stands for the function.
pub(super) struct Marker {
    pub declared: TokenStream,
    pub ty: TokenStream,
}

impl Surface<'_> {
    /// The constructor of the value, and what the function says of itself; `None` where it cannot be a value: it takes a
    /// function, or its parameters do not tell all of its type parameters.
    pub fn as_value(&self, home: &Home, vis: &TokenStream) -> Option<(TokenStream, TokenStream)> {
        let kinds = self.kinds()?;
        let generics = match home {
            Home::Trait(name) => self.trait_generics(name, &kinds)?,
            _ => self.value_generics(&quote!((#(#kinds,)*)))?,
        };
        let function = self.function(&self.value_names(home), &self.value_marker(home), &kinds, &generics);
        let constructor = self.constructor(home, vis, &kinds, &generics);
        Some(match home {
            Home::Method(ty) => (without_self(constructor, ty), without_self(function, ty)),
            Home::Trait(_) => (constructor, without_self(function, &syn::parse_quote!(__S))),
            Home::Free(_) => (constructor, function),
        })
    }

    fn constructor(&self, home: &Home, vis: &TokenStream, kinds: &[TokenStream], generics: &Generics) -> TokenStream {
        let (marker, gradient, result) = (self.value_marker(home).ty, &self.gradient, self.result());
        let (primal, parts) = (self.value_names(home).primal, quote!(<(#(#kinds,)*) as __p::Kinds>::Tangent));
        let owned: Vec<TokenStream> = self.func.params.iter().map(|p| self.owned_tangent(p)).collect();
        let fields: Vec<&Ident> = self.func.params.iter().map(|p| &p.field).collect();
        let values = (0..fields.len()).map(|k| at("__parts", k));
        let types: Vec<TokenStream> = self.func.params.iter().map(|p| without_lifetime(&p.ty)).collect();
        let name = match home {
            Home::Method(_) | Home::Trait(_) => method_name(&self.input.sig.ident, "value"),
            Home::Free(_) => format_ident!("__as_value"),
        };
        // Those of the impl around a method are in scope.
        let (params, where_) = match home {
            Home::Method(_) => {
                let own: Vec<TokenStream> = generic_params(&self.input.sig.generics, true);
                (own, &quote!())
            }
            Home::Trait(_) => (vec![], &quote!(where Self: Sized + __p::Differentiable + __p::Clone + 'static)),
            Home::Free(_) => (generics.0.clone(), &generics.1),
        };
        let (outputs, seed) = self.outputs(kinds);
        let name_of_type = quote! {
            __p::FnValue<__p::Item<#marker, #result>, (#(#kinds,)*), #gradient<#(#owned),*>, fn(#(#types),*) -> #result, #outputs>
        };
        quote! {
            #[allow(warnings, clippy::all)]
            #[doc(hidden)]
            #[inline(always)]
            #vis fn #name<#(#params),*>() -> #name_of_type #where_ {
                __p::FnValue::new(__p::Item::new(), |__parts: #parts| #gradient { #(#fields: #values),* }, #seed, #primal)
            }
        }
    }

    /// What the public pullback is called with, as a type, and the closure that puts it among the cotangents.
    pub fn outputs(&self, kinds: &[TokenStream]) -> (TokenStream, TokenStream) {
        let at_mut: Vec<usize> = self.mut_params().iter().map(|(k, _)| *k).collect();
        let changed: Vec<&TokenStream> = at_mut.iter().map(|k| &kinds[*k]).collect();
        let how = if self.func.ret.is_some() {
            quote!(Returns)
        } else {
            quote!(InPlace)
        };
        let outputs = quote!(__p::#how<(#(#changed,)*)>);
        let (parts, seen) = (at_mut.iter().map(|k| at("__parts", *k)), (0..at_mut.len()).map(|k| at("__seen", k)));
        let seed = quote! {
            |__parts: &mut <(#(#kinds,)*) as __p::Kinds>::Tangent, __seen: <#outputs as __p::Outputs>::Seen<'_>| {
                #(<#changed as __p::Output>::seed(&mut #parts, #seen);)*
            }
        };
        (outputs, seed)
    }

    fn value_marker(&self, home: &Home) -> Marker {
        let ident = &self.input.sig.ident;
        if let Home::Trait(name) = home {
            let marker = format_ident!("{name}__{ident}__Function");
            return Marker {
                declared: quote!(#marker<__S>(::core::marker::PhantomData<fn() -> __S>);),
                ty: quote!(#marker<Self>),
            };
        }
        let marker = format_ident!("{ident}__Function");
        Marker {
            declared: quote!(#marker {}),
            ty: quote!(#marker),
        }
    }

    /// The generated code that refers to the function.
    fn value_names(&self, home: &Home) -> Names {
        let ident = self.input.sig.ident.clone();
        let of = |ty: TokenStream| Names {
            primal: quote!(<#ty>::#ident),
            derived: Box::new(move |suffix| {
                let name = method_name(&ident, suffix);
                quote!(<#ty>::#name)
            }),
        };
        match home {
            Home::Method(ty) => of(quote!(#ty)),
            Home::Trait(name) => of(quote!(Self as #name)),
            Home::Free(marker) => Names {
                primal: self.input.sig.ident.to_token_stream(),
                derived: Box::new({
                    let marker = (*marker).clone();
                    move |suffix| {
                        let name = crate::item::hidden(&format!("__{suffix}"));
                        quote!(#marker::#name)
                    }
                }),
            },
        }
    }

    fn kinds(&self) -> Option<Vec<TokenStream>> {
        if !self.func.callables.is_empty() || self.func.params.len() > 8 {
            return None;
        }
        if self.func.ret_ty.as_ref().is_some_and(|t| quote!(#t).to_string().contains('\'')) {
            return None;
        }
        self.func.params.iter().map(|p| kind(&p.ty, p.active)).collect()
    }

    /// Of the traits' methods those whose types are told by `Self` alone.
    fn trait_generics(&self, name: &Ident, kinds: &[TokenStream]) -> Option<Generics> {
        let (sig, result) = (&self.input.sig.generics, self.result());
        let own = sig.type_params().count() + sig.const_params().count() + self.input.impl_generics.params.len();
        let associated = quote!(#(#kinds)* #result).to_string().contains("Self ::");
        if own > 0 || associated {
            return None;
        }
        let params = vec![quote!(__S: #name + __p::Differentiable + __p::Clone + 'static)];
        Some((params, quote!(), vec![quote!(__S)]))
    }

    /// Parameters, predicates and captured names of the impl; `None` if some are not told by the kinds.
    fn value_generics(&self, kinds: &TokenStream) -> Option<Generics> {
        let mut told = HashSet::new();
        idents(kinds.clone(), &mut told);
        let all = [&self.input.impl_generics, &self.input.sig.generics];
        let own_ty = told.contains("Self");
        let (mut params, mut predicates, mut captured) = (vec![], vec![], vec![]);
        for (k, generics) in all.into_iter().enumerate() {
            for param in &generics.params {
                let name = match param {
                    syn::GenericParam::Type(t) => &t.ident,
                    syn::GenericParam::Const(c) => &c.ident,
                    syn::GenericParam::Lifetime(_) if k == 0 => return None,
                    syn::GenericParam::Lifetime(_) => continue,
                };
                let known = told.contains(&name.to_string()) || (k == 0 && own_ty);
                if !known {
                    return None;
                }
                captured.push(quote!(#name));
                if matches!(param, syn::GenericParam::Type(_)) {
                    predicates.push(quote!(#name: 'static + __p::Differentiable + __p::Clone));
                }
            }
            params.extend(generic_params(generics, false));
            let written = generics.where_clause.iter().flat_map(|w| &w.predicates);
            predicates.extend(written.map(|p| quote!(#p)));
        }
        if predicates.iter().any(|p| p.to_string().replace("'static", "").contains('\'')) {
            return None;
        }
        let where_ = if predicates.is_empty() {
            quote!()
        } else {
            quote!(where #(#predicates),*)
        };
        Some((params, where_, captured))
    }
}

/// Parameters, predicates and captured names.
pub(super) type Generics = (Vec<TokenStream>, TokenStream, Vec<TokenStream>);

/// Parameters as an impl declares them: no defaults, no lifetimes.
fn generic_params(generics: &syn::Generics, lasting: bool) -> Vec<TokenStream> {
    let print = |p: &syn::GenericParam| match p {
        syn::GenericParam::Type(t) => {
            let (name, bounds) = (&t.ident, &t.bounds);
            let lasting = lasting.then(|| quote!(+ 'static));
            Some(if bounds.is_empty() {
                quote!(#name: Sized #lasting)
            } else {
                quote!(#name: #bounds #lasting)
            })
        }
        syn::GenericParam::Const(c) => {
            let (name, ty) = (&c.ident, &c.ty);
            Some(quote!(const #name: #ty))
        }
        syn::GenericParam::Lifetime(_) => None,
    };
    generics.params.iter().filter_map(print).collect()
}

pub(super) fn at(tuple: &str, k: usize) -> TokenStream {
    let (tuple, k) = (format_ident!("{tuple}"), syn::Index::from(k));
    quote!(#tuple.#k)
}

/// `&'a T` → `&T`
fn without_lifetime(ty: &syn::Type) -> TokenStream {
    match ty {
        syn::Type::Reference(r) => {
            let (mutable, inner) = (&r.mutability, strip_reference(ty));
            quote!(&#mutable #inner)
        }
        other => other.to_token_stream(),
    }
}

/// `Self` → the type, for code that stands outside the impl.
fn without_self(tokens: TokenStream, ty: &syn::Type) -> TokenStream {
    tokens
        .into_iter()
        .flat_map(|token| match token {
            TokenTree::Ident(i) if i == "Self" => quote!(#ty),
            TokenTree::Group(g) => {
                let mut new = proc_macro2::Group::new(g.delimiter(), without_self(g.stream(), ty));
                new.set_span(g.span());
                TokenTree::Group(new).into()
            }
            other => other.into(),
        })
        .collect()
}
