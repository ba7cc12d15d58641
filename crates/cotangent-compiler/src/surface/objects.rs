//! Methods of trait objects: the type of the receiver is not known, so its tangents are `dyn AnyTangent`, and records are boxed.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::{Surface, mentions};
use crate::ir::{Param, Passing};

/// The functions of one derived function.
pub struct Object {
    /// In the trait itself.
    pub inside: TokenStream,
    /// In the trait that every implementor gets.
    pub declared: TokenStream,
    /// In the impl of it.
    pub given: TokenStream,
}

/// The names of them.
pub struct Names<'a> {
    /// What callers name.
    pub call: &'a Ident,
    /// What runs the pullback.
    pub pull: &'a Ident,
    /// What impls of the trait give.
    pub own: &'a Ident,
    /// What every implementor gets.
    pub object: &'a Ident,
    /// The trait that it gets it from.
    pub object_trait: &'a TokenStream,
    /// An implementor, as the trait: `<__T as Layer>`.
    pub implementor: &'a TokenStream,
}

impl Surface<'_> {
    /// A derived function of a method that can be called on `dyn Trait`.
    pub fn object(&self, names: &Names, sweeps: bool) -> Object {
        let Names {
            call,
            object,
            object_trait,
            ..
        } = names;
        let (declared, record, result) = (self.erased_parameters(), self.erased_record(), self.result());
        let (tape, result) = if sweeps {
            (quote!(__tape: &mut __p::Tape,), quote!((#result, #record)))
        } else {
            (quote!(), result)
        };
        let head = |name: &Ident| {
            quote! {
                #[allow(warnings, clippy::all, clippy::pedantic)]
                #[doc(hidden)]
                fn #name(#(#declared,)* #tape) -> #result
            }
        };
        let (outer, inner) = (head(call), head(object));
        let by_object = self.call_of(object_trait, object, sweeps);
        let pull = sweeps.then(|| self.erased_pull(names.pull, &record));
        let body = if sweeps {
            self.given_forward(names)
        } else {
            self.given_plain(names)
        };
        Object {
            inside: quote!(#outer { #by_object } #pull),
            declared: quote!(#inner;),
            given: quote!(#inner { #body }),
        }
    }

    /// Whether the type of the parameter, not the receiver itself, is a tangent of `Self`.
    fn is_erased(&self, k: usize, p: &Param) -> bool {
        let ty = &p.ty;
        k > 0 && mentions(&quote!(#ty), "Self")
    }

    fn erased_parameters(&self) -> Vec<TokenStream> {
        let mut declared = self.declared_method().0;
        for (k, p) in self.func.params.iter().enumerate().filter(|(k, p)| self.is_erased(*k, p)) {
            let (name, ty) = (&self.func.vars[p.var].name, any_tangent(self.passing(p)));
            declared[k] = quote!(#name: #ty);
        }
        declared
    }

    fn erased_again(&self) -> Vec<TokenStream> {
        let mut again = self.again_types();
        for (k, p) in self.func.params.iter().enumerate() {
            let mutable = self.passing(p) == Passing::RefMut;
            match k {
                0 if mutable => again[0] = quote!(&mut dyn __p::Any),
                0 => again[0] = quote!(&dyn __p::Any),
                _ if self.is_erased(k, p) => again[k] = any_tangent(self.passing(p)),
                _ => {}
            }
        }
        again
    }

    fn erased_slots(&self) -> Vec<TokenStream> {
        let slots = self.slot_types().into_iter();
        slots
            .map(|slot| {
                if mentions(&slot, "Self") {
                    any_tangent(Passing::RefMut)
                } else {
                    slot
                }
            })
            .collect()
    }

    fn erased_record(&self) -> TokenStream {
        let (again, slots, seed) = (self.erased_again(), self.erased_slots(), self.result_tangent());
        quote!(__p::Box<dyn ::core::ops::FnOnce(#(#again,)* &mut __p::Tape, #seed, #(#slots),*)>)
    }

    /// Runs a pullback of a value behind `dyn`.
    fn erased_pull(&self, name: &Ident, record: &TokenStream) -> TokenStream {
        let (again, slots, seed) = (self.erased_again(), self.erased_slots(), self.result_tangent());
        let rest = &again[1..];
        let numbers = (0..rest.len()).map(syn::Index::from);
        let bars = (0..slots.len()).map(syn::Index::from);
        let receiver = &self.declared_method().0[0];
        let any = if self.passing(&self.func.params[0]) == Passing::RefMut {
            quote!(__any_mut)
        } else {
            quote!(__any)
        };
        quote! {
            #[allow(warnings, clippy::all, clippy::pedantic)]
            #[doc(hidden)]
            fn #name(#receiver, __record: #record, __again: (#(#rest,)*), __tape: &mut __p::Tape, __seed: #seed, __bars: (#(#slots,)*)) {
                __record(__p::Object::#any(self), #(__again.#numbers,)* __tape, __seed, #(__bars.#bars),*)
            }
        }
    }

    /// Tangents of the implementor take the place of `dyn AnyTangent`, for `value`.
    fn concrete(&self, value: &TokenStream) -> TokenStream {
        let mut out = TokenStream::new();
        for (k, p) in self.func.params.iter().enumerate().filter(|(k, p)| self.is_erased(*k, p)) {
            let (name, spare) = (&self.func.vars[p.var].name, format_ident!("__spare{k}"));
            let find = if self.passing(p) == Passing::RefMut {
                quote!(dyn_bar)
            } else {
                quote!(dyn_dot)
            };
            out.extend(quote! {
                let mut #spare = ::core::option::Option::None;
                let #name = __p::#find(&*#value, #name, &mut #spare);
            });
        }
        out
    }

    fn given_plain(&self, names: &Names) -> TokenStream {
        let (concrete, call) = (self.concrete(&quote!(self)), self.call_of(names.implementor, names.own, false));
        quote!(#concrete #call)
    }

    fn given_forward(&self, names: &Names) -> TokenStream {
        let (concrete, call) = (self.concrete(&quote!(self)), self.call_of(names.implementor, names.own, true));
        let (again, slots, seed) = (self.erased_again(), self.erased_slots(), self.result_tangent());
        let rest = self.names().into_iter().zip(&again).skip(1).map(|(name, ty)| quote!(#name: #ty));
        let passed = self.names().into_iter().skip(1);
        let bars: Vec<Ident> = (0..slots.len()).map(|k| format_ident!("__bar{k}")).collect();
        let (this, receiver) = (
            &again[0],
            if self.passing(&self.func.params[0]) == Passing::RefMut {
                quote!(receiver_mut)
            } else {
                quote!(receiver)
            },
        );
        let inner = self.concrete(&quote!(__this));
        let found = slots
            .iter()
            .zip(&bars)
            .filter(|(slot, _)| mentions(slot, "AnyTangent"))
            .map(|(_, bar)| {
                let spare = format_ident!("{bar}_spare");
                quote! {
                    let mut #spare = ::core::option::Option::None;
                    let #bar = __p::dyn_bar(&*__this, #bar, &mut #spare);
                }
            });
        quote! {
            #concrete
            let (__y, __pullback) = #call;
            (__y, __p::Box::new(move |__this: #this, #(#rest,)* __tape: &mut __p::Tape, __seed: #seed, #(#bars: #slots),*| {
                let __this = __p::#receiver::<__T>(__this);
                #inner
                #(#found)*
                __pullback(__this, #(#passed,)* __tape, __seed, #(#bars),*)
            }))
        }
    }
}

fn any_tangent(passing: Passing) -> TokenStream {
    match passing {
        Passing::RefMut => quote!(&mut dyn __p::AnyTangent),
        _ => quote!(&dyn __p::AnyTangent),
    }
}
