//! Methods: siblings of the method itself, in an impl or a trait.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::{Surface, generic_names, generics_params};
use crate::emit::plain::plain;

impl Surface<'_> {
    /// The receiver of derived methods: as in the source, but never moved.
    pub fn receiver(&self) -> TokenStream {
        let by_mut = |r: &syn::Receiver| r.reference.is_some() && r.mutability.is_some();
        if self.input.sig.receiver().is_some_and(by_mut) {
            quote!(&mut self)
        } else {
            quote!(&self)
        }
    }

    /// Parameters of a derived method.
    pub(super) fn declared_method(&self) -> (Vec<TokenStream>, TokenStream) {
        if self.input.sig.receiver().is_none() {
            return (self.declared(), quote!());
        }
        let mut declared = self.declared();
        declared[0] = self.receiver();
        let name = Ident::new("__self", Span::mixed_site());
        (declared, quote!(let #name = self;))
    }

    /// The forward sweep of a method; `declared_only` in a trait that gives no body.
    pub fn method_forward(&self, name: &Ident, vis: &TokenStream, declared_only: bool) -> TokenStream {
        let (declared, start) = self.declared_method();
        let (result, pullback, where_) = (self.result(), self.pullback_type(), self.where_clause());
        let params = generics_params(&self.input.sig.generics);
        let head = quote! {
            #[allow(warnings, clippy::all, clippy::pedantic)]
            #[doc(hidden)]
            #vis fn #name #params (#(#declared,)* __tape: &mut __p::Tape) -> (#result, #pullback) #where_
        };
        if declared_only {
            return quote!(#head;);
        }
        let body = self.forward_body(self.input.sig.receiver().is_some());
        quote!(#head { #start #body })
    }

    /// Forward mode of a method.
    pub fn method_plain(&self, name: &Ident, vis: &TokenStream, declared_only: bool) -> TokenStream {
        let (declared, start) = self.declared_method();
        let (result, where_) = (self.result(), self.where_clause());
        let params = generics_params(&self.input.sig.generics);
        let head = quote! {
            #[allow(warnings, clippy::all, clippy::pedantic)]
            #[doc(hidden)]
            #vis fn #name #params (#(#declared),*) -> #result #where_
        };
        if declared_only {
            return quote!(#head;);
        }
        let (items, owned, body) = (
            &self.func.items,
            self.borrow_owned(self.input.sig.receiver().is_some()),
            plain(self.func, self.generic.clone()),
        );
        let value = self.func.ret.map(|r| &self.func.vars[r].name);
        let value = value.map_or(quote!(()), |v| quote!(#v));
        quote!(#head { #start #(#items)* #owned #body #value })
    }

    /// Runs the pullback of a method; autoref chooses the receiver as for the method itself.
    pub fn method_pull(&self, name: &Ident, vis: &TokenStream) -> TokenStream {
        let (again, slots) = (self.again_types(), self.slot_types());
        let (seed, where_, params) = (self.result_tangent(), self.where_clause(), &self.input.sig.generics.params);
        let rest = &again[1..];
        let (numbers, bars): (Vec<_>, Vec<_>) = (
            (0..rest.len()).map(syn::Index::from).collect(),
            (0..slots.len()).map(syn::Index::from).collect(),
        );
        let receiver = self.receiver();
        let comma = (!params.is_empty() && !params.trailing_punct()).then(|| quote!(,));
        quote! {
            #[allow(warnings, clippy::all, clippy::pedantic)]
            #[doc(hidden)]
            #vis fn #name<#params #comma __R: ::core::ops::FnOnce(#(#again,)* &mut __p::Tape, #seed, #(#slots),*)>(
                #receiver, __record: __R, __again: (#(#rest,)*), __tape: &mut __p::Tape, __seed: #seed, __bars: (#(#slots,)*),
            ) #where_ {
                __record(self, #(__again.#numbers,)* __tape, __seed, #(__bars.#bars),*)
            }
        }
    }

    /// A trait's derived function, by the one `own` that its impls give.
    pub fn method_by(&self, name: &Ident, own: &Ident, sweeps: bool) -> TokenStream {
        let (declared, _) = self.declared_method();
        let (params, where_, result) = (generics_params(&self.input.sig.generics), self.where_clause(), self.result());
        let (tape, result) = if sweeps {
            let pullback = self.pullback_type();
            (quote!(__tape: &mut __p::Tape,), quote!((#result, #pullback)))
        } else {
            (quote!(), result)
        };
        let call = self.call_of(&quote!(Self), own, sweeps);
        quote! {
            #[allow(warnings, clippy::all, clippy::pedantic)]
            #[doc(hidden)]
            #[inline(always)]
            fn #name #params (#(#declared,)* #tape) -> #result #where_ { #call }
        }
    }

    /// Calls a derived function with the parameters of this one.
    pub(super) fn call_of(&self, ty: &TokenStream, name: &Ident, sweeps: bool) -> TokenStream {
        let receiver = self.input.sig.receiver().is_some();
        let mut args: Vec<TokenStream> = self.names().iter().map(|name| quote!(#name)).collect();
        if receiver {
            args[0] = quote!(self);
        }
        if sweeps {
            args.push(quote!(__tape));
        }
        let generics = generic_names(&self.input.sig.generics);
        let turbofish = (!generics.is_empty()).then(|| quote!(::<#(#generics),*>));
        quote!(#ty::#name #turbofish (#(#args),*))
    }
}
