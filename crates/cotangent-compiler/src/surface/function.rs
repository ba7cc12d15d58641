//! What a function says of itself, so that it can be called through a value: `impl Function for f__Function`.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::Surface;
use super::value::{Generics, Marker, at};
use crate::ir::{Param, Passing, Ty};

/// The generated code that refers to the function.
pub struct Names {
    /// The function itself.
    pub primal: TokenStream,
    /// A derived function, by its suffix: `jvp_fwd`.
    pub derived: Box<dyn Fn(&str) -> TokenStream>,
}

/// The derived functions of one order, `level` tangents deep: primal and tangents stand in groups `__args`, `__dots1`, ...
struct Level<'a> {
    surface: &'a Surface<'a>,
    whole: &'a TokenStream,
    level: usize,
}

impl Surface<'_> {
    /// The traits that its order allows.
    pub(super) fn function(&self, names: &Names, marker: &Marker, kinds: &[TokenStream], generics: &Generics) -> TokenStream {
        let (whole, (params, where_, captured)) = (quote!((#(#kinds,)*)), generics);
        let (Marker { declared, ty }, result, primal) = (marker, self.result(), &names.primal);
        let plain_args = (0..kinds.len()).map(|k| at("__args", k));
        let level = |level| Level {
            surface: self,
            whole: &whole,
            level,
        };
        let (zero, one, two) = (level(0), level(1), level(2));
        let implement = |name: &str, methods: &[TokenStream]| {
            let name = format_ident!("{name}");
            quote! {
                #[allow(warnings, clippy::all)]
                impl<#(#params),*> __p::#name<#whole, #result> for #ty #where_ { #(#methods)* }
            }
        };
        let call = quote! {
            #[inline(always)]
            fn call(__args: <#whole as __p::Kinds>::Of<'_>) -> #result { #primal(#(#plain_args),*) }
        };
        let mut out = quote! {
            #[allow(warnings, non_camel_case_types, missing_docs)]
            #[doc(hidden)]
            pub struct #declared
        };
        out.extend(implement(
            "Function",
            &[
                call,
                zero.sweeps("forward", "fwd", names, captured),
                one.plain("tangent", "jvp", names),
            ],
        ));
        if self.input.options.order >= 2 {
            out.extend(implement("Function2", &[one.sweeps("tangent_forward", "jvp_fwd", names, captured)]));
        }
        if self.input.options.order >= 3 {
            let methods = [
                two.plain("tangent_tangent", "jvp_jvp", names),
                two.sweeps("tangent_tangent_forward", "jvp_jvp_fwd", names, captured),
            ];
            out.extend(implement("Function3", &methods));
        }
        out
    }
}

impl Level<'_> {
    /// The function without record.
    fn plain(&self, method: &str, suffix: &str, names: &Names) -> TokenStream {
        let (method, derived) = (format_ident!("{method}"), (names.derived)(suffix));
        let (declared, result, zeros, args) = (
            self.declared(false),
            self.dual(&self.surface.result()),
            self.zeros("__dots"),
            self.args(),
        );
        quote! {
            #[inline(always)]
            fn #method(#declared) -> #result { #zeros #derived(#(#args),*) }
        }
    }

    /// The forward sweep, with the pullback.
    fn sweeps(&self, method: &str, suffix: &str, names: &Names, captured: &[TokenStream]) -> TokenStream {
        let (method, derived) = (format_ident!("{method}"), (names.derived)(suffix));
        let (declared, again, bars_declared) = (self.declared(false), self.declared(true), self.bars_declared());
        let (again_types, bar_types) = (self.types(true), self.bar_types());
        let (result, seed) = (self.dual(&self.surface.result()), self.seed());
        let (dot_zeros, bar_zeros) = (self.zeros("__dots"), self.zeros("__bars"));
        let (args, again_args, bars) = (self.args(), self.again(), self.bars());
        quote! {
            #[inline(always)]
            fn #method(#declared __tape: &mut __p::Tape) -> (
                #result,
                impl ::core::ops::FnOnce(#again_types &mut __p::Tape, #seed, #bar_types) + use<#(#captured),*>,
            ) {
                #dot_zeros
                let (__y, __pullback) = #derived(#(#args,)* __tape);
                (__y, move |#again __tape: &mut __p::Tape, __seed: #seed, #bars_declared| {
                    #dot_zeros
                    #bar_zeros
                    __pullback(#(#again_args,)* __tape, __seed, #(#bars),*)
                })
            }
        }
    }

    // ---- types

    fn of(&self, what: &str) -> TokenStream {
        let (whole, what) = (self.whole, format_ident!("{what}"));
        quote!(<#whole as __p::Kinds>::#what<'_>)
    }

    fn types(&self, again: bool) -> TokenStream {
        let (args, dots) = if again { ("Again", "DotAgain") } else { ("Of", "Dot") };
        let (args, dots) = (self.of(args), self.of(dots));
        match self.level {
            0 => quote!(#args,),
            1 => quote!(#args, #dots,),
            _ => quote!(#args, [#dots; 3],),
        }
    }

    /// Parameters of the method, or of the pullback.
    fn declared(&self, again: bool) -> TokenStream {
        let (args, dots) = if again { ("Again", "DotAgain") } else { ("Of", "Dot") };
        let (args, dots) = (self.of(args), self.of(dots));
        match self.level {
            0 => quote!(__args: #args,),
            1 => quote!(__args: #args, __dots1: #dots,),
            _ => quote!(__args: #args, [__dots1, __dots2, __dots3]: [#dots; 3],),
        }
    }

    fn bar_types(&self) -> TokenStream {
        let bar = self.of("Bar");
        match self.level {
            0 => quote!(#bar),
            1 => quote!(#bar, #bar),
            _ => quote!([#bar; 4]),
        }
    }

    fn bars_declared(&self) -> TokenStream {
        let bar = self.of("Bar");
        match self.level {
            0 => quote!(__bars0: #bar),
            1 => quote!(__bars0: #bar, __bars1: #bar),
            _ => quote!([__bars0, __bars1, __bars2, __bars3]: [#bar; 4]),
        }
    }

    /// The result with its tangents.
    fn dual(&self, value: &TokenStream) -> TokenStream {
        let dot = self.surface.result_tangent();
        match self.level {
            0 => value.clone(),
            1 => quote!((#value, #dot)),
            _ => quote!(((#value, #dot), (#dot, #dot))),
        }
    }

    fn seed(&self) -> TokenStream {
        self.dual(&self.surface.result_tangent())
    }

    // ---- arguments

    /// For each parameter its code in each group.
    fn interleaved(&self, print: impl Fn(usize, usize, &Param) -> TokenStream) -> Vec<TokenStream> {
        let params = self.surface.func.params.iter().enumerate();
        params
            .flat_map(|(k, p)| (0..1 << self.level).map(|d| print(d, k, p)).collect::<Vec<_>>())
            .collect()
    }

    /// A receiver by value is not moved by derived methods.
    fn moved_receiver(&self, k: usize, p: &Param) -> bool {
        k == 0 && p.owned && self.surface.input.sig.receiver().is_some()
    }

    /// Whether the function takes a tangent that its kind does not.
    fn takes_zero(&self, p: &Param) -> bool {
        let ty = &self.surface.func.vars[p.var].ty;
        !p.active && *ty != Ty::Inert && !ty.is_opaque()
    }

    /// Whether it is made before the parameter is passed on: that of a `&mut` parameter cannot be made later.
    fn needs_zero(&self, p: &Param) -> bool {
        self.takes_zero(p) && self.surface.passing(p) == Passing::RefMut && !matches!(self.surface.func.vars[p.var].ty, Ty::Slice(_))
    }

    fn zeros(&self, group: &str) -> TokenStream {
        let from = usize::from(group == "__dots");
        let zeros = self.interleaved(|d, k, p| {
            let (arg, zero) = (at("__args", k), format_ident!("{group}{d}_zero{k}"));
            let needed = d >= from && self.needs_zero(p);
            if needed {
                quote!(let mut #zero = __p::zero(&*#arg);)
            } else {
                quote!()
            }
        });
        quote!(#(#zeros)*)
    }

    fn args(&self) -> Vec<TokenStream> {
        self.interleaved(|d, k, p| {
            let (arg, dot, zero) = (at("__args", k), at(&format!("__dots{d}"), k), format_ident!("__dots{d}_zero{k}"));
            match (&self.surface.func.vars[p.var].ty, self.surface.passing(p)) {
                _ if d == 0 && self.moved_receiver(k, p) => quote!(&#arg),
                _ if d == 0 => arg,
                _ if self.moved_receiver(k, p) => quote!(&#dot),
                _ if !self.takes_zero(p) => dot,
                (Ty::Slice(_), Passing::RefMut) => quote!(&mut []),
                (_, Passing::RefMut) => quote!(&mut #zero),
                (Ty::Slice(_), _) => quote!(&[]),
                (_, Passing::Ref) if !p.owned => quote!(&__p::zero(#arg)),
                _ => quote!(__p::zero(&#arg)),
            }
        })
    }

    fn again(&self) -> Vec<TokenStream> {
        self.interleaved(|d, k, p| {
            let (arg, dot, zero) = (at("__args", k), at(&format!("__dots{d}"), k), format_ident!("__dots{d}_zero{k}"));
            match (&self.surface.func.vars[p.var].ty, self.surface.passing(p)) {
                _ if d == 0 => arg,
                _ if !self.takes_zero(p) => dot,
                (Ty::Slice(_), Passing::RefMut) => quote!(&mut []),
                (_, Passing::RefMut) => quote!(&mut #zero),
                (Ty::Slice(_), _) => quote!(&[]),
                _ => quote!(&__p::zero(#arg)),
            }
        })
    }

    fn bars(&self) -> Vec<TokenStream> {
        self.interleaved(|d, k, p| {
            let (arg, bar, zero) = (at("__args", k), at(&format!("__bars{d}"), k), format_ident!("__bars{d}_zero{k}"));
            match &self.surface.func.vars[p.var].ty {
                _ if !self.takes_zero(p) => bar,
                Ty::Slice(_) => quote!(&mut []),
                _ if self.needs_zero(p) => quote!(&mut #zero),
                _ => quote!(&mut __p::zero(#arg)),
            }
        })
    }
}
