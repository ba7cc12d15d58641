//! `grad`, `value_and_grad`, `grad_into`, `vjp`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};

use super::{Surface, generic_names, generics_params, strip_reference};
use crate::ir::{Passing, Ty};

impl Surface<'_> {
    pub(super) fn is_scalar(&self) -> bool {
        self.func.ret.is_some_and(|r| {
            let ty = self.func.ret_ty.as_ref().map(|t| Ty::of(t, &self.input.reals()));
            let _ = r;
            ty.is_some_and(|t| t.is_float())
        })
    }

    /// `grad`, `value_and_grad`, `grad_into`, `vjp`.
    pub fn entry_points(&self) -> TokenStream {
        let mut all = self.vjp_entry();
        if self.is_scalar() {
            all.extend(self.grad_entries());
        }
        all
    }

    pub(super) fn grad_entries(&self) -> TokenStream {
        let (declared, result, gradient, names) = (self.declared(), self.result(), self.gradient_type(), self.names());
        let (params, where_) = (generics_params(&self.input.sig.generics), self.where_clause());
        let (args, again) = self.passed();
        let (bars, lent, parts) = self.fresh_bars();
        let (keep, back) = self.outputs_kept();
        let fields: Vec<&Ident> = self.func.params.iter().map(|p| &p.field).collect();
        let g = &self.gradient;
        let unused = self.unused_zeros(false, &quote!(__p::zero));
        let (mut zeroed, mut into) = (TokenStream::new(), vec![]);
        for p in &self.func.params {
            let (name, field) = (&self.func.vars[p.var].name, &p.field);
            if p.active {
                let r = if self.passing(p) == Passing::Value || p.owned {
                    quote!(&#name)
                } else {
                    quote!(&*#name)
                };
                zeroed.extend(quote!(__p::Differentiable::zero_tangent_into(#r, &mut __g.#field);));
                into.push(quote!(&mut __g.#field));
            } else {
                into.push(self.unused_slot(p));
            }
        }
        // The cotangent of an output has the shape of the output, which the forward sweep may have changed.
        let run = |tape: TokenStream, zeros: &TokenStream, lent: &[TokenStream]| {
            quote! {
                let (__y, __pullback) = Self::__fwd(#(#args,)* #tape);
                #zeros
                #unused
                #keep
                let __seed = <#result as __p::Real>::ONE;
                __pullback(#(#again,)* #tape, __seed, #(#lent),*);
                #back
            }
        };
        let (fresh, into) = (run(quote!(__tape), &bars, &lent), run(quote!(&mut *__tape), &zeroed, &into));
        let name = self.input.sig.ident.to_string();
        let (d1, d2, d3) = (
            format!("Gradient of `{name}`: a struct with a field per parameter."),
            format!("Value and gradient of `{name}`."),
            format!("Gradient of `{name}` into `g`, which is overwritten; allocates nothing from its second call on. Returns the value."),
        );
        quote! {
            #[doc = #d1]
            #[allow(warnings, clippy::all)]
            pub fn grad #params (#(#declared),*) -> #gradient #where_ { Self::value_and_grad(#(#names),*).1 }
            #[doc = #d2]
            #[allow(warnings, clippy::all)]
            pub fn value_and_grad #params (#(#declared),*) -> (#result, #gradient) #where_ {
                __p::Tape::with(|__tape| {
                    #fresh
                    (__y, #g { #(#fields: #parts),* })
                })
            }
            #[doc = #d3]
            #[allow(warnings, clippy::all)]
            pub fn grad_into #params (#(#declared,)* __tape: &mut __p::Tape, __g: &mut #gradient) -> #result #where_ {
                __p::cleared(__tape, |__tape| {
                    #into
                    __y
                })
            }
        }
    }

    /// Parameters and generics of `vjp`, and what its pullback borrows: no `&mut` argument, so that the caller can read it
    /// while the pullback lives. Other references need names for that.
    pub(super) fn held_by_pullback(&self) -> (Vec<TokenStream>, TokenStream, TokenStream) {
        let generics = &self.input.sig.generics;
        let hidden = self.func.params.iter().any(|p| {
            let inner = strip_reference(&p.ty);
            let text = quote!(#inner).to_string();
            text.contains('&') || text.contains("'_")
        });
        if self.mut_params().is_empty() || hidden {
            return (self.declared(), generics_params(generics), quote!());
        }
        let (mut declared, mut lifetimes, mut captured) = (self.declared(), vec![], vec![]);
        captured.extend(generics.lifetimes().map(|l| l.lifetime.clone()));
        for (k, p) in self.func.params.iter().enumerate() {
            if let syn::Type::Reference(r) = &p.ty
                && self.passing(p) == Passing::Ref
                && r.lifetime.is_none()
            {
                let (name, inner) = (&self.func.vars[p.var].name, &r.elem);
                let lifetime = syn::Lifetime::new(&format!("'__a{k}"), Span::call_site());
                declared[k] = quote!(#name: &#lifetime #inner);
                captured.push(lifetime.clone());
                lifetimes.push(lifetime);
            }
        }
        let (params, names) = (&generics.params, generic_names(generics));
        (
            declared,
            quote!(<#(#lifetimes,)* #params>),
            quote!(+ use<#(#captured,)* #(#names),*>),
        )
    }

    pub(super) fn vjp_entry(&self) -> TokenStream {
        let (result, gradient, where_) = (self.result(), self.gradient_type(), self.where_clause());
        let (declared, params, captured) = self.held_by_pullback();
        let (bars, lent, parts) = self.fresh_bars();
        let fields: Vec<&Ident> = self.func.params.iter().map(|p| &p.field).collect();
        let g = &self.gradient;
        let has_result = self.func.ret.is_some();
        let seed_ty = self.result_tangent();
        let (mut states, mut args, mut again, mut seeds, mut seed_types) = (TokenStream::new(), vec![], vec![], vec![], vec![]);
        let mut set = TokenStream::new();
        let mut state_names: Vec<Ident> = vec![];
        if has_result {
            seeds.push(quote!(__y_bar: #seed_ty));
            seed_types.push(quote!(#seed_ty));
        }
        for (k, p) in self.func.params.iter().enumerate() {
            let name = &self.func.vars[p.var].name;
            match self.passing(p) {
                Passing::RefMut => {
                    let (state, out, slot) = (format_ident!("__state{k}"), format_ident!("__out{k}_bar"), self.slot(p));
                    let b = format_ident!("__b{k}");
                    states.extend(quote!(let #state = __p::owned(&*#name);));
                    // What is kept of an object is a box.
                    let inside = if self.is_object(p) { quote!(**#state) } else { quote!(*#state) };
                    args.push(quote!(&mut #inside));
                    again.push(quote!(&mut #inside));
                    state_names.push(state.clone());
                    seeds.push(quote!(#out: &#slot));
                    seed_types.push(quote!(&#slot));
                    if p.active {
                        set.extend(quote!(__p::add_slot(&mut #b, #out);));
                    }
                }
                Passing::Value => {
                    args.push(quote!(#name));
                    again.push(quote!(&#name));
                }
                Passing::Ref if p.owned => {
                    args.push(quote!(__p::dup(&#name)));
                    again.push(quote!(&#name));
                }
                Passing::Ref => {
                    args.push(quote!(#name));
                    again.push(quote!(#name));
                }
            }
        }
        let (first_args, unused) = (self.passed().0, self.unused_zeros(true, &quote!(__p::zero)));
        let bars = replace_mut_zero(self, bars);
        let y_bar = if has_result { quote!(__y_bar) } else { quote!(()) };
        let y = quote!(__y);
        let doc = format!(
            "Value of `{}` and its pullback, which takes the cotangent of the result and one of each `&mut` parameter. \
             It can be called more than once; from the second call on it runs the forward sweep again.",
            self.input.sig.ident
        );
        quote! {
            #[doc = #doc]
            #[allow(warnings, clippy::all)]
            pub fn vjp #params (#(#declared),*) -> (#result, impl ::core::ops::Fn(#(#seed_types),*) -> #gradient #captured) #where_ {
                let mut __tape = __p::Tape::new();
                let (#y, __pullback) = Self::__fwd(#(#first_args,)* &mut __tape);
                #states
                let __state = ::core::cell::RefCell::new((::core::option::Option::Some(__pullback), __tape #(, #state_names)*));
                (#y, move |#(#seeds),*| {
                    let mut __state = __state.borrow_mut();
                    let (__first, __tape #(, #state_names)*) = &mut *__state;
                    let __pullback = match __first.take() {
                        ::core::option::Option::Some(__pullback) => __pullback,
                        ::core::option::Option::None => Self::__fwd(#(#args,)* __tape).1,
                    };
                    #bars
                    #unused
                    #set
                    __pullback(#(#again,)* __tape, #y_bar, #(#lent),*);
                    #g { #(#fields: #parts),* }
                })
            }
        }
    }
}

/// In the closure of `vjp` the state of a `&mut` parameter is a copy.
fn replace_mut_zero(surface: &Surface, bars: TokenStream) -> TokenStream {
    let mut out = TokenStream::new();
    if surface.mut_params().is_empty() {
        return bars;
    }
    for (k, p) in surface.func.params.iter().enumerate().filter(|(_, p)| p.active) {
        let (b, name) = (format_ident!("__b{k}"), &surface.func.vars[p.var].name);
        out.extend(match surface.passing(p) {
            Passing::RefMut => {
                let state = format_ident!("__state{k}");
                let inside = if surface.is_object(p) { quote!(**#state) } else { quote!(*#state) };
                quote!(let mut #b = __p::zero(&#inside);)
            }
            Passing::Value => quote!(let mut #b = __p::zero(&#name);),
            Passing::Ref if p.owned => quote!(let mut #b = __p::zero(&#name);),
            Passing::Ref => quote!(let mut #b = __p::zero(&*#name);),
        });
    }
    out
}
