//! The sweeps of a function, and its forward mode: what other generated code calls.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};

use super::{Surface, generics_params, mentions, strip_reference};
use crate::emit::plain::plain;
use crate::emit::print::static_zero;
use crate::emit::vjp::sweeps;
use crate::ir::Passing;
use crate::record::is_boxed;

impl Surface<'_> {
    /// The forward sweep with its pullback.
    pub fn forward(&self, name: &Ident) -> TokenStream {
        self.forward_with(name, &self.forward_body(false))
    }

    /// The forward sweep with its pullback, by a body from elsewhere.
    pub fn forward_with(&self, name: &Ident, body: &TokenStream) -> TokenStream {
        let (declared, result, pullback, where_) = (self.declared(), self.result(), self.pullback_type(), self.where_clause());
        let params = generics_params(&self.input.sig.generics);
        quote! {
            #[allow(warnings, clippy::all, clippy::pedantic)]
            #[doc(hidden)]
            pub fn #name #params (#(#declared,)* __tape: &mut __p::Tape) -> (#result, #pullback) #where_ { #body }
        }
    }

    pub(super) fn forward_body(&self, receiver: bool) -> TokenStream {
        if self.input.options.checkpoint {
            return self.checkpointed_body(receiver);
        }
        let f = self.func;
        let sweeps = sweeps(f, self.generic.clone());
        let owned = self.borrow_owned(receiver);
        let (forward, reverse, witnesses, items) = (&sweeps.forward, &sweeps.reverse, &sweeps.witnesses, &f.items);
        let closure = self.closure(&sweeps.bars, reverse);
        let value = self.returned(&closure);
        if is_boxed(f, &self.input.options) {
            let pullback = self.pullback_type();
            return quote!(#(#items)* #owned #witnesses #forward let __record: #pullback = __p::Box::new(#closure); (#value, __record));
        }
        quote!(#(#items)* #owned #witnesses #forward (#value, #closure))
    }

    /// By-value parameters of other than primitive types are borrowed.
    pub(super) fn borrow_owned(&self, receiver: bool) -> TokenStream {
        self.func
            .params
            .iter()
            .skip(usize::from(receiver))
            .filter(|p| p.owned)
            .map(|p| {
                let name = &self.func.vars[p.var].name;
                quote!(let #name = &#name;)
            })
            .collect()
    }

    pub(super) fn returned(&self, closure: &TokenStream) -> TokenStream {
        let Some(ret) = self.func.ret else { return quote!(()) };
        let var = &self.func.vars[ret];
        let name = &var.name;
        let kept = !var.ty.is_copy() && mentions(closure, &name.to_string());
        if kept { quote!(__p::dup(&#name)) } else { quote!(#name) }
    }

    pub(super) fn closure(&self, bars: &[Ident], reverse: &TokenStream) -> TokenStream {
        let f = self.func;
        let (mut params, mut slots, mut before, mut after) = (vec![], vec![], TokenStream::new(), TokenStream::new());
        for p in &f.params {
            let (name, ty) = (&f.vars[p.var].name, strip_reference(&p.ty));
            let bar = &bars[p.var];
            let slot = self.slot(p);
            match self.passing(p) {
                Passing::RefMut => params.push(quote!(#name: &mut #ty)),
                Passing::Ref => params.push(quote!(#name: &#ty)),
                Passing::Value => {
                    params.push(quote!(#name: &#ty));
                    before.extend(quote!(let #name = *#name;));
                }
            }
            if self.passing(p) == Passing::Value && p.active {
                let acc = format_ident!("__{}_acc", name, span = Span::mixed_site());
                let zero = static_zero(&f.vars[p.var].ty).unwrap_or(quote!(()));
                slots.push(quote!(#acc: &mut #slot));
                before.extend(quote!(let mut #bar = #zero;));
                after.extend(quote!(*#acc += #bar;));
            } else {
                slots.push(quote!(#bar: &mut #slot));
            }
        }
        let seed = match f.ret {
            Some(ret) => {
                let (bar, ty) = (&bars[ret], self.result_tangent());
                quote!(mut #bar: #ty)
            }
            None => quote!(_: ()),
        };
        quote!(move |#(#params,)* __tape: &mut __p::Tape, #seed, #(#slots),*| { #before #reverse #after })
    }

    /// The derived function itself, without reverse sweep.
    pub fn plain(&self, name: &Ident) -> TokenStream {
        let f = self.func;
        let (items, owned, body) = (&f.items, self.borrow_owned(false), plain(f, self.generic.clone()));
        let value = f.ret.map(|r| &f.vars[r].name);
        let value = value.map_or(quote!(()), |v| quote!(#v));
        self.plain_with(name, &quote!(#(#items)* #owned #body #value))
    }

    /// The same, by a body from elsewhere.
    pub fn plain_with(&self, name: &Ident, body: &TokenStream) -> TokenStream {
        let (declared, result) = (self.declared(), self.result());
        let (params, where_) = (generics_params(&self.input.sig.generics), self.where_clause());
        quote! {
            #[allow(warnings, clippy::all, clippy::pedantic)]
            #[doc(hidden)]
            pub fn #name #params (#(#declared),*) -> #result #where_ { #body }
        }
    }
}
