//! How entry points pass arguments and cotangents, and keep outputs.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};

use super::Surface;
use crate::ir::{Param, Passing, Ty};

impl Surface<'_> {
    /// Cotangent variables at zero, named `__b0`, …, and how each is lent to the pullback.
    pub(super) fn fresh_bars(&self) -> (TokenStream, Vec<TokenStream>, Vec<TokenStream>) {
        let (mut lets, mut lent, mut fields) = (TokenStream::new(), vec![], vec![]);
        for (k, p) in self.func.params.iter().enumerate() {
            let (b, name) = (format_ident!("__b{k}"), &self.func.vars[p.var].name);
            if p.active {
                let r = if self.passing(p) == Passing::Value || p.owned {
                    quote!(&#name)
                } else {
                    quote!(&*#name)
                };
                lets.extend(quote!(let mut #b = __p::zero(#r);));
                lent.push(quote!(&mut #b));
                fields.push(quote!(#b));
            } else {
                lent.push(self.unused_slot(p));
                fields.push(quote!(()));
            }
        }
        (lets, lent, fields)
    }

    /// A cotangent that nothing is added to.
    pub(super) fn unused_slot(&self, p: &Param) -> TokenStream {
        match &self.func.vars[p.var].ty {
            ty if ty.is_opaque() => quote!(&mut ()),
            Ty::Slice(_) => quote!(&mut []),
            Ty::Vec(_) => quote!(&mut __p::Vec::new()),
            Ty::Inert => quote!(&mut ()),
            _ if self.passing(p) == Passing::RefMut => {
                let zero = self.unused_zero(p);
                quote!(&mut #zero)
            }
            _ => {
                let name = &self.func.vars[p.var].name;
                quote!(&mut __p::zero(&#name))
            }
        }
    }

    pub(super) fn unused_zero(&self, p: &Param) -> Ident {
        format_ident!("__unused_{}", p.field, span = Span::mixed_site())
    }

    /// Zeros for constant `&mut` parameters, made before these are lent; `in_state`: of the copies in the closure of `vjp`.
    pub(super) fn unused_zeros(&self, in_state: bool, zero: &TokenStream) -> TokenStream {
        let needs = |p: &Param| !p.active && self.slot(p).to_string() != "()" && !matches!(self.func.vars[p.var].ty, Ty::Slice(_));
        let make = |(k, p): (usize, &Param)| {
            let (unused, name, state) = (self.unused_zero(p), &self.func.vars[p.var].name, format_ident!("__state{k}"));
            let from = if in_state { quote!(#state) } else { quote!(#name) };
            quote!(let mut #unused = #zero(&*#from);)
        };
        self.mut_params().into_iter().filter(|(_, p)| needs(p)).map(make).collect()
    }

    /// Arguments for the forward sweep, and again for the pullback.
    pub(super) fn passed(&self) -> (Vec<TokenStream>, Vec<TokenStream>) {
        let pass = |p: &Param| {
            let name = &self.func.vars[p.var].name;
            match self.passing(p) {
                Passing::RefMut => (quote!(&mut *#name), quote!(&mut *#name)),
                Passing::Value => (quote!(#name), quote!(&#name)),
                Passing::Ref if p.owned => (quote!(__p::dup(&#name)), quote!(&#name)),
                Passing::Ref => (quote!(#name), quote!(#name)),
            }
        };
        self.func.params.iter().map(pass).unzip()
    }

    pub(super) fn mut_params(&self) -> Vec<(usize, &Param)> {
        self.func
            .params
            .iter()
            .enumerate()
            .filter(|(_, p)| self.passing(p) == Passing::RefMut)
            .collect()
    }

    /// Keeps what `&mut` parameters hold after the plain call, and puts it back after the reverse sweep.
    pub(super) fn outputs_kept(&self) -> (TokenStream, TokenStream) {
        let (mut keep, mut back) = (TokenStream::new(), TokenStream::new());
        for (k, p) in self.mut_params() {
            let (o, name) = (format_ident!("__out{k}"), &self.func.vars[p.var].name);
            let (kept, put_back) = match &self.func.vars[p.var].ty {
                Ty::Slice(_) => (
                    quote!(__p::keep_output(&mut *__tape, &*#name);),
                    quote!(__p::restore_output(&mut *__tape, &mut *#name);),
                ),
                Ty::Vec(t) if t.is_float() => (
                    quote!(let #o = #name.len(); __p::keep_output(&mut *__tape, &#name[..]);),
                    quote!(__p::restore_vec(&mut *__tape, &mut *#name, #o);),
                ),
                _ if self.is_object(p) => (
                    quote!(let #o = __p::owned(&*#name);),
                    quote!(__p::Object::__assign(&mut *#name, __p::Object::__any(&*#o));),
                ),
                _ => (quote!(let #o = __p::dup(&*#name);), quote!(*#name = #o;)),
            };
            keep.extend(kept);
            // The last that was kept comes back first.
            back = quote!(#put_back #back);
        }
        (keep, back)
    }
}
