//! The function as a value: what `differentiable!(f)` and passing `f` on stand on.

use std::collections::HashSet;

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};

use super::{Surface, strip_reference};
use crate::emit::vjp::method_name;
use crate::ir::{Param, Passing, Ty};
use crate::item::bounds::{idents, kind};

/// Where the function stands.
pub enum Home<'a> {
    /// A free function with this marker.
    Free(&'a Ident),
    /// A method of this type.
    Method(&'a syn::Type),
}

/// The pieces of generated code that refer to the function.
struct Names {
    /// The function itself.
    primal: TokenStream,
    forward: TokenStream,
    tangent: TokenStream,
    tangent_forward: TokenStream,
}

impl Surface<'_> {
    /// The constructor of the value, and what the function says of itself; `None` where it cannot be a value: it takes a
    /// function, or its parameters do not tell all of its type parameters.
    pub fn as_value(&self, home: &Home, vis: &TokenStream) -> Option<(TokenStream, TokenStream)> {
        let kinds = self.kinds()?;
        let whole = quote!((#(#kinds,)*));
        let generics = self.value_generics(&whole)?;
        let (params, where_, captured) = &generics;
        let (marker, result, names) = (self.value_marker(), self.result(), self.value_names(home));
        let kinds_of = |what: &str| {
            let what = format_ident!("{what}");
            quote!(<#whole as __p::Kinds>::#what)
        };
        let (of, again, dot, dot_again, bar, parts) = (
            kinds_of("Of"),
            kinds_of("Again"),
            kinds_of("Dot"),
            kinds_of("DotAgain"),
            kinds_of("Bar"),
            kinds_of("Tangent"),
        );
        let seed = self.result_tangent();
        let n = kinds.len();
        let plain_args: Vec<TokenStream> = (0..n).map(|k| at("__args", k)).collect();
        let args = self.value_args();
        let (dots, again_args, again_dots, bars, dot_bars) = (
            self.value_dots(),
            self.value_again(),
            self.value_again_dots(),
            self.value_bars("__bars"),
            self.value_bars("__dot_bars"),
        );
        let zeros = |tuples: &[&str]| -> TokenStream { tuples.iter().map(|tuple| self.value_zeros(tuple)).collect() };
        let (dot_zeros, bar_zeros, both_zeros) = (zeros(&["__dots"]), zeros(&["__bars"]), zeros(&["__dots", "__bars", "__dot_bars"]));
        let interleaved = |a: &[TokenStream], b: &[TokenStream]| -> Vec<TokenStream> {
            a.iter().zip(b).flat_map(|(a, b)| [a.clone(), b.clone()]).collect()
        };
        let both = interleaved(&args, &dots);
        let Names {
            primal,
            forward,
            tangent,
            tangent_forward,
        } = &names;
        let second = (self.input.options.order >= 2).then(|| {
            let (again_both, bars_both) = (interleaved(&again_args, &again_dots), interleaved(&bars, &dot_bars));
            quote! {
                #[allow(warnings, clippy::all)]
                impl<#(#params),*> __p::Function2<#whole, #result> for #marker #where_ {
                    #[inline(always)]
                    fn tangent_forward(__args: #of<'_>, __dots: #dot<'_>, __tape: &mut __p::Tape) -> (
                        (#result, #seed),
                        impl ::core::ops::FnOnce(#again<'_>, #dot_again<'_>, &mut __p::Tape, (#seed, #seed), #bar<'_>, #bar<'_>) + use<#(#captured),*>,
                    ) {
                        #dot_zeros
                        let (__y, __pullback) = #tangent_forward(#(#both,)* __tape);
                        (__y, move |__args: #again<'_>, __dots: #dot_again<'_>, __tape: &mut __p::Tape, __seed: (#seed, #seed), __bars: #bar<'_>, __dot_bars: #bar<'_>| {
                            #both_zeros
                            __pullback(#(#again_both,)* __tape, __seed, #(#bars_both),*)
                        })
                    }
                }
            }
        });
        let function = quote! {
            #[allow(warnings, non_camel_case_types, missing_docs)]
            #[doc(hidden)]
            pub struct #marker {}
            #[allow(warnings, clippy::all)]
            impl<#(#params),*> __p::Function<#whole, #result> for #marker #where_ {
                #[inline(always)]
                fn call(__args: #of<'_>) -> #result { #primal(#(#plain_args),*) }
                #[inline(always)]
                fn forward(__args: #of<'_>, __tape: &mut __p::Tape) -> (
                    #result,
                    impl ::core::ops::FnOnce(#again<'_>, &mut __p::Tape, #seed, #bar<'_>) + use<#(#captured),*>,
                ) {
                    let (__y, __pullback) = #forward(#(#args,)* __tape);
                    (__y, move |__args: #again<'_>, __tape: &mut __p::Tape, __seed: #seed, __bars: #bar<'_>| {
                        #bar_zeros
                        __pullback(#(#again_args,)* __tape, __seed, #(#bars),*)
                    })
                }
                #[inline(always)]
                fn tangent(__args: #of<'_>, __dots: #dot<'_>) -> (#result, #seed) { #dot_zeros #tangent(#(#both),*) }
            }
            #second
        };
        let constructor = self.constructor(home, vis, &kinds, &parts, primal, &generics);
        Some(match home {
            Home::Method(ty) => (without_self(constructor, ty), without_self(function, ty)),
            Home::Free(_) => (constructor, function),
        })
    }

    fn constructor(
        &self,
        home: &Home,
        vis: &TokenStream,
        kinds: &[TokenStream],
        parts: &TokenStream,
        primal: &TokenStream,
        generics: &Generics,
    ) -> TokenStream {
        let (marker, gradient, result) = (self.value_marker(), &self.gradient, self.result());
        let owned: Vec<TokenStream> = self.func.params.iter().map(|p| self.owned_tangent(p)).collect();
        let fields: Vec<&Ident> = self.func.params.iter().map(|p| &p.field).collect();
        let values = (0..fields.len()).map(|k| at("__parts", k));
        let types: Vec<TokenStream> = self.func.params.iter().map(|p| without_lifetime(&p.ty)).collect();
        let name = match home {
            Home::Method(_) => method_name(&self.input.sig.ident, "value"),
            Home::Free(_) => format_ident!("__as_value"),
        };
        // Those of the impl around a method are in scope.
        let (params, where_) = match home {
            Home::Method(_) => {
                let own: Vec<TokenStream> = generic_params(&self.input.sig.generics, true);
                (own, &quote!())
            }
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

    fn value_marker(&self) -> Ident {
        format_ident!("{}__Function", self.input.sig.ident)
    }

    fn value_names(&self, home: &Home) -> Names {
        let ident = &self.input.sig.ident;
        match home {
            Home::Method(ty) => {
                let derived = |suffix: &str| {
                    let name = method_name(ident, suffix);
                    quote!(<#ty>::#name)
                };
                Names {
                    primal: quote!(<#ty>::#ident),
                    forward: derived("fwd"),
                    tangent: derived("jvp"),
                    tangent_forward: derived("jvp_fwd"),
                }
            }
            Home::Free(marker) => {
                let derived = |suffix: &str| {
                    let name = crate::item::hidden(suffix);
                    quote!(#marker::#name)
                };
                Names {
                    primal: quote!(#ident),
                    forward: derived("__fwd"),
                    tangent: derived("__jvp"),
                    tangent_forward: derived("__jvp_fwd"),
                }
            }
        }
    }

    fn kinds(&self) -> Option<Vec<TokenStream>> {
        if !self.func.callables.is_empty() || self.input.in_trait || self.func.params.len() > 8 {
            return None;
        }
        if self.func.ret_ty.as_ref().is_some_and(|t| quote!(#t).to_string().contains('\'')) {
            return None;
        }
        self.func.params.iter().map(|p| kind(&p.ty, p.active)).collect()
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

    fn each(&self, print: impl Fn(usize, &Param) -> TokenStream) -> Vec<TokenStream> {
        self.func.params.iter().enumerate().map(|(k, p)| print(k, p)).collect()
    }

    /// A receiver by value is not moved by derived methods.
    fn value_args(&self) -> Vec<TokenStream> {
        self.each(|k, p| {
            let arg = at("__args", k);
            if k == 0 && p.owned && self.input.sig.receiver().is_some() {
                quote!(&#arg)
            } else {
                arg
            }
        })
    }

    fn value_again(&self) -> Vec<TokenStream> {
        self.each(|k, _| at("__args", k))
    }

    /// Whether the function takes a tangent that its kind does not.
    fn takes_zero(&self, p: &Param) -> bool {
        !p.active && self.func.vars[p.var].ty != Ty::Inert && !self.func.vars[p.var].ty.is_opaque()
    }

    /// The zero that such a `&mut` parameter takes: it is borrowed before the parameter is passed on.
    fn needs_zero(&self, p: &Param) -> bool {
        self.takes_zero(p) && self.passing(p) == Passing::RefMut && !matches!(self.func.vars[p.var].ty, Ty::Slice(_))
    }

    fn value_zeros(&self, whole: &str) -> TokenStream {
        let zeros = self.each(|k, p| {
            let (arg, zero) = (at("__args", k), format_ident!("{whole}_zero{k}"));
            let needed = self.needs_zero(p).then(|| quote!(let mut #zero = __p::zero(&*#arg);));
            needed.unwrap_or_default()
        });
        quote!(#(#zeros)*)
    }

    fn value_dots(&self) -> Vec<TokenStream> {
        self.each(|k, p| {
            let (arg, dot, zero) = (at("__args", k), at("__dots", k), format_ident!("__dots_zero{k}"));
            match (&self.func.vars[p.var].ty, self.passing(p)) {
                _ if k == 0 && p.owned && self.input.sig.receiver().is_some() => quote!(&#dot),
                _ if !self.takes_zero(p) => dot,
                (Ty::Slice(_), Passing::RefMut) => quote!(&mut []),
                (_, Passing::RefMut) => quote!(&mut #zero),
                (Ty::Slice(_), _) => quote!(&[]),
                (_, Passing::Ref) if !p.owned => quote!(&__p::zero(#arg)),
                _ => quote!(__p::zero(&#arg)),
            }
        })
    }

    fn value_again_dots(&self) -> Vec<TokenStream> {
        self.each(|k, p| {
            let (arg, dot, zero) = (at("__args", k), at("__dots", k), format_ident!("__dots_zero{k}"));
            match (&self.func.vars[p.var].ty, self.passing(p)) {
                _ if !self.takes_zero(p) => dot,
                (Ty::Slice(_), Passing::RefMut) => quote!(&mut []),
                (_, Passing::RefMut) => quote!(&mut #zero),
                (Ty::Slice(_), _) => quote!(&[]),
                _ => quote!(&__p::zero(#arg)),
            }
        })
    }

    fn value_bars(&self, whole: &str) -> Vec<TokenStream> {
        self.each(|k, p| {
            let (arg, zero) = (at("__args", k), format_ident!("{whole}_zero{k}"));
            match &self.func.vars[p.var].ty {
                _ if !self.takes_zero(p) => at(whole, k),
                Ty::Slice(_) => quote!(&mut []),
                _ if self.needs_zero(p) => quote!(&mut #zero),
                _ => quote!(&mut __p::zero(#arg)),
            }
        })
    }
}

type Generics = (Vec<TokenStream>, TokenStream, Vec<TokenStream>);

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

fn at(tuple: &str, k: usize) -> TokenStream {
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
