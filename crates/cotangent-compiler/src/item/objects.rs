//! `#[differentiable(dyn)]` on a trait: what makes `dyn Trait` a value with a tangent.
//!
//! Every implementor gets a hidden trait with methods that know its type and name none: tangents are `dyn AnyTangent`,
//! records are boxed. The hidden trait is a supertrait, so its methods are in the table of `dyn Trait`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};

use super::methods::{Derived, own_name, pull_name};
use crate::diagnose::Diagnostics;
use crate::emit::vjp::method_name;
use crate::parse::Options;
use crate::surface::Names;

/// Functions and impls have no trait objects.
pub fn traits_only(options: &Options, diags: &Diagnostics) {
    if let Some(token) = &options.objects {
        diags.error(
            token.span,
            "`dyn` goes on the trait: `#[differentiable(dyn)] trait ..`; its impls need no option",
        );
    }
}

/// The hidden trait of a trait.
pub struct Objects<'a> {
    of: &'a syn::ItemTrait,
    name: Ident,
    clone: Ident,
    declared: TokenStream,
    given: TokenStream,
}

impl<'a> Objects<'a> {
    /// Of a trait that has objects.
    pub fn new(of: &'a syn::ItemTrait, diags: &Diagnostics) -> Self {
        for item in &of.items {
            if let syn::TraitItem::Type(t) = item {
                diags.error(
                    t.ident.span(),
                    "a `dyn` trait has no associated types here: make it a type parameter of the trait",
                );
            }
        }
        Objects {
            of,
            name: format_ident!("__{}Object", of.ident, span = Span::call_site()),
            clone: format_ident!("__clone_{}", of.ident, span = Span::call_site()),
            declared: TokenStream::new(),
            given: TokenStream::new(),
        }
    }

    /// Whether the method can be called on an object.
    pub fn takes(&self, sig: &syn::Signature, diags: &Diagnostics) -> bool {
        if needs_sized(sig) {
            return false;
        }
        let generic = sig.generics.params.iter().any(|p| !matches!(p, syn::GenericParam::Lifetime(_)));
        let functions = sig
            .inputs
            .iter()
            .any(|a| matches!(a, syn::FnArg::Typed(t) if quote!(#t).to_string().contains("impl ")));
        if sig.receiver().is_none_or(|r| r.reference.is_none()) || generic || functions {
            diags.error(
                sig.ident.span(),
                "not for `dyn`: write `where Self: Sized` on methods with type parameters, and on those without `&self` or `&mut self`",
            );
            return false;
        }
        true
    }

    /// A derived function; what stands in the trait itself.
    pub fn add(&mut self, method: &Ident, d: &Derived) -> TokenStream {
        let (_, arguments, _) = self.of.generics.split_for_impl();
        let (of, name) = (&self.of.ident, &self.name);
        let call = method_name(method, &d.suffix);
        let object = format_ident!(
            "__object_{}",
            call.to_string().trim_start_matches("__differentiable_"),
            span = method.span()
        );
        let object = d.surface.object(
            &Names {
                call: &call,
                pull: &pull_name(method, &d.suffix),
                own: &own_name(method, &d.suffix),
                object: &object,
                object_trait: &quote!(<Self as #name #arguments>),
                implementor: &quote!(<__T as #of #arguments>),
            },
            d.sweeps,
        );
        self.declared.extend(object.declared);
        self.given.extend(object.given);
        object.inside
    }

    /// The supertrait, and what stands beside the trait.
    pub fn finish(self) -> (TokenStream, TokenStream) {
        let Objects {
            of,
            name,
            clone,
            declared,
            given,
        } = self;
        let (ident, vis) = (&of.ident, &of.vis);
        let mut generics = of.generics.clone();
        let lasting: Vec<Ident> = generics.type_params().map(|p| p.ident.clone()).collect();
        for name in lasting {
            generics.make_where_clause().predicates.push(syn::parse_quote!(#name: 'static));
        }
        let (params, where_) = (&generics.params, &generics.where_clause);
        let (own_params, own_where) = (&of.generics, &of.generics.where_clause);
        let (_, arguments, _) = of.generics.split_for_impl();
        let comma = (!params.is_empty() && !params.trailing_punct()).then(|| quote!(,));
        let lacking = format!("`{{Self}}` cannot stand behind `dyn {ident}`");
        let beside = quote! {
            #[doc(hidden)]
            #[allow(warnings, clippy::all, clippy::pedantic)]
            #[diagnostic::on_unimplemented(
                message = #lacking,
                note = "it must own what it holds, and have `#[derive(Clone, Differentiable)]`"
            )]
            #vis trait #name #own_params: __p::Object #own_where {
                fn #clone(&self) -> __p::Box<dyn #ident #arguments> #where_;
                #declared
            }
            #[allow(warnings, clippy::all, clippy::pedantic)]
            const _: () = {
                impl<#params #comma __T: #ident #arguments + __p::Differentiable + __p::Clone + 'static> #name #arguments for __T #where_ {
                    fn #clone(&self) -> __p::Box<dyn #ident #arguments> { __p::Box::new(__p::Clone::clone(self)) }
                    #given
                }
                __p::object! { [#params] dyn #ident #arguments, [#where_], #clone }
            };
        };
        (quote!(#name #arguments), beside)
    }
}

fn needs_sized(sig: &syn::Signature) -> bool {
    let predicates = sig.generics.where_clause.iter().flat_map(|w| &w.predicates);
    predicates
        .into_iter()
        .any(|p| quote!(#p).to_string().replace(' ', "") == "Self:Sized")
}
