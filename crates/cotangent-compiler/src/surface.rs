//! What a differentiated function looks like from outside: the marker, its protocol and its entry points.

mod checkpoint;
mod function;
mod jacobian;
mod lanes;
mod methods;
mod nested;
mod objects;
mod value;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};

pub use objects::Names;
pub use value::Home;

use crate::emit::plain::plain;
use crate::emit::print::static_zero;
use crate::emit::vjp::sweeps;
use crate::ir::{Function, Param, Passing, Ty, VarKind};
use crate::parse::FnInput;
use crate::record::is_boxed;

/// Everything about a function that its outer forms need.
pub struct Surface<'a> {
    /// The source.
    pub input: &'a FnInput,
    /// Lowered.
    pub func: &'a Function,
    /// Name of the struct of gradients.
    pub gradient: Ident,
    /// Parameters bounded by `Real` occur.
    pub generic: Option<Ident>,
}

impl Surface<'_> {
    /// The same function with another signature.
    pub fn with_input<'b>(&'b self, input: &'b FnInput) -> Surface<'b> {
        Surface {
            input,
            func: self.func,
            gradient: self.gradient.clone(),
            generic: self.generic.clone(),
        }
    }

    fn passing(&self, p: &Param) -> Passing {
        match self.func.vars[p.var].kind {
            VarKind::Param(passing) => passing,
            _ => Passing::Ref,
        }
    }

    /// Parameters as declared by generated functions: unique names, `self` spelled out.
    pub fn declared(&self) -> Vec<TokenStream> {
        self.func
            .params
            .iter()
            .map(|p| {
                let (name, ty) = (&self.func.vars[p.var].name, &p.ty);
                quote!(#name: #ty)
            })
            .collect()
    }

    fn where_clause(&self) -> TokenStream {
        let generics = &self.input.sig.generics;
        let own = generics
            .where_clause
            .as_ref()
            .map(|w| w.predicates.iter().collect::<Vec<_>>())
            .unwrap_or_default();
        let reals = self.input.reals();
        let mut all: Vec<TokenStream> = own.iter().map(|p| quote!(#p)).collect();
        for p in generics.type_params().filter(|p| !reals.contains(&p.ident)) {
            let name = &p.ident;
            if self.func.params.iter().any(|q| {
                mentions(
                    &{
                        let t = &q.ty;
                        quote!(#t)
                    },
                    &name.to_string(),
                )
            }) {
                all.push(quote!(#name: __p::Differentiable + __p::Clone));
            }
        }
        // An impl has what the trait asks for; said again, it would hide the tangent's fields.
        if self.input.captures_self && self.mentions_self() {
            all.push(quote!(Self: __p::Differentiable + Sized));
        }
        if all.is_empty() { quote!() } else { quote!(where #(#all),*) }
    }

    fn names(&self) -> Vec<&Ident> {
        self.func.params.iter().map(|p| &self.func.vars[p.var].name).collect()
    }

    fn mentions_self(&self) -> bool {
        let sig = &self.input.sig;
        let (inputs, output) = (&sig.inputs, &sig.output);
        sig.receiver().is_some() || mentions(&quote!(#inputs #output), "Self")
    }

    /// Whether the parameter is `&dyn Trait` or `&mut dyn Trait`.
    fn is_object(&self, p: &Param) -> bool {
        matches!(strip_reference(&p.ty), syn::Type::TraitObject(_))
    }

    /// The type of the cotangent of a parameter, unsized for slices.
    pub fn slot(&self, p: &Param) -> TokenStream {
        if self.func.vars[p.var].ty == Ty::Inert || (!p.active && self.func.vars[p.var].ty.is_opaque()) {
            return quote!(());
        }
        slot_type(strip_reference(&p.ty))
    }

    /// The owned type of the same.
    pub fn owned_tangent(&self, p: &Param) -> TokenStream {
        if !p.active {
            return quote!(());
        }
        tangent_type(strip_reference(&p.ty))
    }

    /// The result's type.
    pub fn result(&self) -> TokenStream {
        self.func.ret_ty.as_ref().map_or(quote!(()), |t| quote!(#t))
    }

    /// The result's cotangent type.
    pub fn result_tangent(&self) -> TokenStream {
        self.func.ret_ty.as_ref().map_or(quote!(()), tangent_type)
    }

    /// The types of the arguments that a pullback is given again.
    fn again_types(&self) -> Vec<TokenStream> {
        let again = |p: &Param| {
            let ty = strip_reference(&p.ty);
            if self.passing(p) == Passing::RefMut {
                quote!(&mut #ty)
            } else {
                quote!(&#ty)
            }
        };
        self.func.params.iter().map(again).collect()
    }

    /// The types of the cotangents that a pullback adds to.
    fn slot_types(&self) -> Vec<TokenStream> {
        let slot = |p: &Param| {
            let slot = self.slot(p);
            quote!(&mut #slot)
        };
        self.func.params.iter().map(slot).collect()
    }

    fn pullback_signature(&self) -> TokenStream {
        let (again, slots, seed) = (self.again_types(), self.slot_types(), self.result_tangent());
        quote!(::core::ops::FnOnce(#(#again,)* &mut __p::Tape, #seed, #(#slots),*))
    }

    /// `impl FnOnce(..)`: the pullback that the forward sweep returns.
    fn pullback_type(&self) -> TokenStream {
        let signature = self.pullback_signature();
        if is_boxed(self.func, &self.input.options) {
            return quote!(__p::Box<dyn #signature>);
        }
        let captured = self.captured();
        quote!(impl #signature + use<#(#captured),*>)
    }

    fn captured(&self) -> Vec<TokenStream> {
        let mut names = vec![];
        if self.input.captures_self {
            names.push(quote!(Self));
        }
        if self.input.in_impl {
            names.extend(generic_names(&self.input.impl_generics));
        }
        names.extend(generic_names(&self.input.sig.generics));
        names
    }

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

    fn forward_body(&self, receiver: bool) -> TokenStream {
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
    fn borrow_owned(&self, receiver: bool) -> TokenStream {
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

    fn returned(&self, closure: &TokenStream) -> TokenStream {
        let Some(ret) = self.func.ret else { return quote!(()) };
        let var = &self.func.vars[ret];
        let name = &var.name;
        let kept = !var.ty.is_copy() && mentions(closure, &name.to_string());
        if kept { quote!(__p::dup(&#name)) } else { quote!(#name) }
    }

    fn closure(&self, bars: &[Ident], reverse: &TokenStream) -> TokenStream {
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

    // ---- entry points of free functions

    fn gradient_type(&self) -> TokenStream {
        let name = &self.gradient;
        let args = self.func.params.iter().map(|p| self.owned_tangent(p));
        quote!(#name<#(#args),*>)
    }

    /// The struct with a field per parameter.
    pub fn gradient_struct(&self, vis: &syn::Visibility) -> TokenStream {
        let name = &self.gradient;
        let fields: Vec<&Ident> = self.func.params.iter().map(|p| &p.field).collect();
        let types: Vec<Ident> = (0..fields.len()).map(|k| format_ident!("T{k}")).collect();
        let doc = format!("Gradient of `{}`: a field per parameter.", self.input.sig.ident);
        quote! {
            #[doc = #doc]
            #[allow(non_camel_case_types, missing_docs)]
            #[derive(Clone, Debug, PartialEq)]
            #vis struct #name<#(#types),*> { #(#vis #fields: #types),* }
        }
    }

    /// The struct of gradients is a tangent.
    pub fn gradient_impls(&self) -> TokenStream {
        let name = &self.gradient;
        let fields: Vec<&Ident> = self.func.params.iter().map(|p| &p.field).collect();
        let texts: Vec<String> = fields.iter().map(|f| f.to_string()).collect();
        let types: Vec<Ident> = (0..fields.len()).map(|k| format_ident!("T{k}")).collect();
        quote! {
            #[allow(warnings, clippy::all)]
            impl<#(#types: __p::Tangent),*> __p::Differentiable for #name<#(#types),*> {
                type Tangent = Self;
                fn zero_tangent(&self) -> Self { #name { #(#fields: self.#fields.zero_tangent()),* } }
                fn visit_leaves<__V: __p::Visitor>(&self, __v: &mut __V) { #(__v.field(#texts, &self.#fields);)* }
                fn visit_leaves_mut<__V: __p::VisitorMut>(&mut self, __v: &mut __V) { #(__v.field(#texts, &mut self.#fields);)* }
                fn zip_tangent<__Z: __p::Zip>(&mut self, __o: &Self, __z: &mut __Z) { __p::Tangent::zip_leaves(self, __o, __z); }
            }
            #[allow(warnings, clippy::all)]
            impl<#(#types: __p::Tangent),*> __p::Tangent for #name<#(#types),*> {
                fn zip_leaves<__Z: __p::Zip>(&mut self, __o: &Self, __z: &mut __Z) { #(self.#fields.zip_leaves(&__o.#fields, __z);)* }
            }
        }
    }

    // ---- forward mode and second order

    /// The public type of a parameter's tangent, and the expression that passes it on.
    fn tangent_argument(&self, p: &Param, dot: &Ident) -> (TokenStream, TokenStream) {
        if !p.active {
            let inert = self.slot(p).to_string() == quote!(()).to_string();
            let filler = match (&self.func.vars[p.var].ty, self.passing(p)) {
                _ if inert => quote!(()),
                (Ty::Slice(_), Passing::RefMut) => quote!(&mut []),
                (Ty::Slice(_), _) => quote!(&[]),
                (ty, passing) => {
                    let name = &self.func.vars[p.var].name;
                    let zero = static_zero(ty).unwrap_or(quote!(__p::zero(&#name)));
                    match passing {
                        Passing::RefMut => {
                            let zero = self.unused_zero(p);
                            quote!(&mut #zero)
                        }
                        Passing::Ref if !p.owned => quote!(&#zero),
                        _ => zero,
                    }
                }
            };
            return (quote!(()), filler);
        }
        let slot = self.slot(p);
        match self.passing(p) {
            Passing::RefMut => (quote!(&mut #slot), quote!(#dot)),
            Passing::Ref if !p.owned => (quote!(&#slot), quote!(#dot)),
            _ => (quote!(#slot), quote!(#dot)),
        }
    }

    /// The tangent of a constant parameter.
    pub fn constant_dot(&self, p: &Param) -> TokenStream {
        self.tangent_argument(p, &p.field).1
    }

    fn dots(&self) -> Vec<Ident> {
        (0..self.func.params.len()).map(|k| format_ident!("__dot{k}")).collect()
    }

    /// `f::jvp(arguments, tangents)`: tuples, bare for one parameter.
    pub fn jvp_entry(&self) -> TokenStream {
        let (params, where_) = (generics_params(&self.input.sig.generics), self.where_clause());
        let (result, result_dot, names, dots) = (self.result(), self.result_tangent(), self.names(), self.dots());
        let types: Vec<&syn::Type> = self.func.params.iter().map(|p| &p.ty).collect();
        let (dot_types, passed): (Vec<_>, Vec<_>) = self.func.params.iter().zip(&dots).map(|(p, d)| self.tangent_argument(p, d)).unzip();
        let doc = format!(
            "Value of `{}` and its derivative along a direction, in forward mode.",
            self.input.sig.ident
        );
        let unused = self.unused_zeros(false, &quote!(__p::zero));
        let (arguments, tangents) = match names.len() {
            1 => (quote!(#(#names: #types)*), quote!(#(#dots: #dot_types)*)),
            _ => (quote!((#(#names,)*): (#(#types,)*)), quote!((#(#dots,)*): (#(#dot_types,)*))),
        };
        quote! {
            #[doc = #doc]
            #[allow(warnings, clippy::all)]
            pub fn jvp #params (#arguments, #tangents) -> (#result, #result_dot) #where_ {
                #unused
                Self::__jvp(#(#names, #passed),*)
            }
        }
    }

    /// `hvp` and `hessian`, from the reverse sweep of forward mode.
    pub fn second_order(&self) -> TokenStream {
        if !self.is_scalar() || !self.mut_params().is_empty() {
            return quote!();
        }
        let (params, where_) = (generics_params(&self.input.sig.generics), self.where_clause());
        let (declared, names, dots, gradient) = (self.declared(), self.names(), self.dots(), self.gradient_type());
        let (dot_types, passed): (Vec<_>, Vec<_>) = self.func.params.iter().zip(&dots).map(|(p, d)| self.tangent_argument(p, d)).unzip();
        let (args, again) = self.passed();
        let (bars, lent, parts) = self.fresh_bars();
        let fields: Vec<&Ident> = self.func.params.iter().map(|p| &p.field).collect();
        let (g, result) = (&self.gradient, self.result());
        let (mut dot_bars, mut dot_lent, mut dot_again) = (TokenStream::new(), vec![], vec![]);
        let mut from_gradient = vec![];
        for (k, (p, pass)) in self.func.params.iter().zip(&passed).enumerate() {
            let (b, field) = (format_ident!("__c{k}"), &p.field);
            let by_value = self.passing(p) == Passing::Value || p.owned || self.slot(p).to_string() == quote!(()).to_string();
            dot_again.push(if by_value { quote!(&#pass) } else { quote!(#pass) });
            if p.active {
                let name = &self.func.vars[p.var].name;
                let r = if self.passing(p) == Passing::Value || p.owned {
                    quote!(&#name)
                } else {
                    quote!(&*#name)
                };
                dot_bars.extend(quote!(let mut #b = __p::zero(#r);));
                dot_lent.push(quote!(&mut #b));
                from_gradient.push(if by_value {
                    quote!(__p::dup(&__d.#field))
                } else {
                    quote!(&__d.#field)
                });
            } else {
                dot_lent.push(self.unused_slot(p));
                from_gradient.push(quote!(()));
            }
        }
        // An owned tangent is passed again to the pullback.
        let kept = |p: &Param, d: &TokenStream| if p.owned && p.active { quote!(__p::dup(&#d)) } else { d.clone() };
        let call_args: Vec<TokenStream> = self
            .func
            .params
            .iter()
            .zip(args.iter().zip(&passed))
            .map(|(p, (a, d))| (a, kept(p, d)))
            .map(|(a, d)| quote!(#a, #d))
            .collect();
        let call_again: Vec<TokenStream> = again.iter().zip(&dot_again).map(|(a, d)| quote!(#a, #d)).collect();
        let call_bars: Vec<TokenStream> = lent.iter().zip(&dot_lent).map(|(a, d)| quote!(#a, #d)).collect();
        let dup_args: Vec<TokenStream> = self
            .func
            .params
            .iter()
            .map(|p| {
                let name = &self.func.vars[p.var].name;
                if p.owned { quote!(__p::dup(&#name)) } else { quote!(#name) }
            })
            .collect();
        let zero_fields: Vec<TokenStream> = self
            .func
            .params
            .iter()
            .map(|p| {
                let name = &self.func.vars[p.var].name;
                match (p.active, self.passing(p)) {
                    (false, _) => quote!(()),
                    (_, Passing::Value) => quote!(__p::zero(&#name)),
                    _ if p.owned => quote!(__p::zero(&#name)),
                    _ => quote!(__p::zero(&*#name)),
                }
            })
            .collect();
        let _ = names;
        let d1 = format!(
            "Hessian of `{}` times a direction: arguments, then a tangent for each parameter (`()` for constants).",
            self.input.sig.ident
        );
        let d1 = d1.as_str();
        let d2 = format!(
            "Hessian of `{}`: rows and columns run over the numbers of the parameters, in order.",
            self.input.sig.ident
        );
        // Inert parameters have no direction to give, so they take none.
        let (mut hvp_dots, mut hvp_names) = (vec![], vec![]);
        for ((p, d), t) in self.func.params.iter().zip(&dots).zip(&dot_types) {
            let _ = p;
            hvp_dots.push(quote!(#d: #t));
            hvp_names.push(quote!(#d));
        }
        quote! {
            #[doc = #d1]
            #[allow(warnings, clippy::all)]
            pub fn hvp #params (#(#declared,)* #(#hvp_dots),*) -> #gradient #where_ {
                __p::Tape::with(|__tape| {
                    #bars
                    #dot_bars
                    let (_, __pullback) = Self::__jvp_fwd(#(#call_args,)* __tape);
                    __pullback(#(#call_again,)* __tape, (<#result as __p::Real>::ZERO, <#result as __p::Real>::ONE), #(#call_bars),*);
                    #g { #(#fields: #parts),* }
                })
            }
            #[doc = #d2]
            #[allow(warnings, clippy::all)]
            pub fn hessian #params (#(#declared),*) -> __p::Matrix<f64> #where_ {
                let mut __d = #g { #(#fields: #zero_fields),* };
                __p::hessian(&mut __d, |__d| Self::hvp(#(#dup_args,)* #(#from_gradient),*))
            }
        }
    }

    /// `hvp` and `hessian` with the number of their arguments and their results, for a function that has none.
    pub fn second_order_names(&self, n: usize) -> Vec<(Ident, usize, TokenStream)> {
        if !self.is_scalar() || !self.mut_params().is_empty() || !generic_names(&self.input.sig.generics).is_empty() {
            return vec![];
        }
        let entry = |name| Ident::new(name, Span::call_site());
        vec![
            (entry("hvp"), 2 * n, self.gradient_type()),
            (entry("hessian"), n, quote!(__p::Matrix<f64>)),
        ]
    }

    /// Cotangent variables at zero, named `__b0`, …, and how each is lent to the pullback.
    fn fresh_bars(&self) -> (TokenStream, Vec<TokenStream>, Vec<TokenStream>) {
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
    fn unused_slot(&self, p: &Param) -> TokenStream {
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

    fn unused_zero(&self, p: &Param) -> Ident {
        format_ident!("__unused_{}", p.field, span = Span::mixed_site())
    }

    /// Zeros for constant `&mut` parameters, made before these are lent; `in_state`: of the copies in the closure of `vjp`.
    fn unused_zeros(&self, in_state: bool, zero: &TokenStream) -> TokenStream {
        let needs = |p: &Param| !p.active && self.slot(p).to_string() != "()" && !matches!(self.func.vars[p.var].ty, Ty::Slice(_));
        let make = |(k, p): (usize, &Param)| {
            let (unused, name, state) = (self.unused_zero(p), &self.func.vars[p.var].name, format_ident!("__state{k}"));
            let from = if in_state { quote!(#state) } else { quote!(#name) };
            quote!(let mut #unused = #zero(&*#from);)
        };
        self.mut_params().into_iter().filter(|(_, p)| needs(p)).map(make).collect()
    }

    /// Arguments for the forward sweep, and again for the pullback.
    fn passed(&self) -> (Vec<TokenStream>, Vec<TokenStream>) {
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

    fn mut_params(&self) -> Vec<(usize, &Param)> {
        self.func
            .params
            .iter()
            .enumerate()
            .filter(|(_, p)| self.passing(p) == Passing::RefMut)
            .collect()
    }

    /// Keeps what `&mut` parameters hold after the plain call, and puts it back after the reverse sweep.
    fn outputs_kept(&self) -> (TokenStream, TokenStream) {
        let (mut keep, mut back) = (TokenStream::new(), TokenStream::new());
        for (k, p) in self.mut_params() {
            let (o, name) = (format_ident!("__out{k}"), &self.func.vars[p.var].name);
            if matches!(self.func.vars[p.var].ty, Ty::Slice(_)) {
                keep.extend(quote!(let #o = __p::Scratch::of(&*#name);));
                back.extend(quote!(#o.restore(#name);));
            } else if self.is_object(p) {
                keep.extend(quote!(let #o = __p::owned(&*#name);));
                back.extend(quote!(__p::Object::__assign(&mut *#name, __p::Object::__any(&*#o));));
            } else {
                keep.extend(quote!(let #o = __p::dup(&*#name);));
                back.extend(quote!(*#name = #o;));
            }
        }
        (keep, back)
    }

    fn is_scalar(&self) -> bool {
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

    fn grad_entries(&self) -> TokenStream {
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
        let run = |tape: TokenStream, lent: &[TokenStream]| {
            let scratch = quote!();
            quote! {
                #scratch
                let (__y, __pullback) = Self::__fwd(#(#args,)* #tape);
                #keep
                let __seed = <#result as __p::Real>::ONE;
                __pullback(#(#again,)* #tape, __seed, #(#lent),*);
                #back
            }
        };
        let (fresh, into) = (run(quote!(__tape), &lent), run(quote!(&mut *__tape), &into));
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
                    #bars
                    #unused
                    #fresh
                    (__y, #g { #(#fields: #parts),* })
                })
            }
            #[doc = #d3]
            #[allow(warnings, clippy::all)]
            pub fn grad_into #params (#(#declared,)* __tape: &mut __p::Tape, __g: &mut #gradient) -> #result #where_ {
                __p::cleared(__tape, |__tape| {
                    #zeroed
                    #unused
                    #into
                    __y
                })
            }
        }
    }

    /// Parameters and generics of `vjp`, and what its pullback borrows: no `&mut` argument, so that the caller can read it
    /// while the pullback lives. Other references need names for that.
    fn held_by_pullback(&self) -> (Vec<TokenStream>, TokenStream, TokenStream) {
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

    fn vjp_entry(&self) -> TokenStream {
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

/// `&T` → `T`
pub fn strip_reference(ty: &syn::Type) -> &syn::Type {
    match ty {
        syn::Type::Reference(r) => &r.elem,
        syn::Type::Paren(p) => strip_reference(&p.elem),
        syn::Type::Group(p) => strip_reference(&p.elem),
        other => other,
    }
}

/// The cotangent of what a reference points to: slices stay slices.
pub fn slot_type(ty: &syn::Type) -> TokenStream {
    match ty {
        syn::Type::Slice(s) => {
            let inner = tangent_type(&s.elem);
            quote!([#inner])
        }
        // The tangent of any value may stand here, also that of a value whose type is known to the caller.
        syn::Type::TraitObject(_) => quote!(dyn __p::AnyTangent),
        syn::Type::Paren(p) => slot_type(&p.elem),
        syn::Type::Group(g) => slot_type(&g.elem),
        other => tangent_type(other),
    }
}

/// The owned tangent type, spelled out where the type itself is.
pub fn tangent_type(ty: &syn::Type) -> TokenStream {
    match ty {
        syn::Type::Reference(r) => tangent_type(&r.elem),
        syn::Type::Paren(p) => tangent_type(&p.elem),
        syn::Type::Group(p) => tangent_type(&p.elem),
        syn::Type::Slice(s) => {
            let inner = tangent_type(&s.elem);
            quote!(__p::Vec<#inner>)
        }
        syn::Type::Array(a) => {
            let (inner, n) = (tangent_type(&a.elem), &a.len);
            quote!([#inner; #n])
        }
        syn::Type::Tuple(t) => {
            let parts = t.elems.iter().map(tangent_type);
            quote!((#(#parts,)*))
        }
        syn::Type::Path(p) if p.path.is_ident("f64") || p.path.is_ident("f32") => quote!(#ty),
        _ if Ty::of(ty, &[]) == Ty::Inert => quote!(()),
        syn::Type::TraitObject(_) | syn::Type::ImplTrait(_) | syn::Type::BareFn(_) => quote!(<(#ty) as __p::Differentiable>::Tangent),
        _ => quote!(<#ty as __p::Differentiable>::Tangent),
    }
}

/// `<T: Real, const N: usize>` without defaults.
pub fn generics_params(generics: &syn::Generics) -> TokenStream {
    if generics.params.is_empty() {
        return quote!();
    }
    let params = &generics.params;
    quote!(<#params>)
}

/// Names of type and const parameters, as `use<..>` lists them.
pub fn generic_names(generics: &syn::Generics) -> Vec<TokenStream> {
    generics
        .params
        .iter()
        .filter_map(|p| match p {
            syn::GenericParam::Type(t) => {
                let name = &t.ident;
                Some(quote!(#name))
            }
            syn::GenericParam::Const(c) => {
                let name = &c.ident;
                Some(quote!(#name))
            }
            syn::GenericParam::Lifetime(_) => None,
        })
        .collect()
}

pub(crate) fn mentions(tokens: &TokenStream, name: &str) -> bool {
    tokens.clone().into_iter().any(|t| match t {
        proc_macro2::TokenTree::Ident(i) => i == name,
        proc_macro2::TokenTree::Group(g) => mentions(&g.stream(), name),
        _ => false,
    })
}

/// The body of a user's `index`: statements, and the element as a place of the cotangent, to be changed and to be read.
pub fn index_body(input: &FnInput, diags: &crate::diagnose::Diagnostics) -> Option<(TokenStream, TokenStream, TokenStream)> {
    let (func, place) = crate::lower::lower_place(input, diags)?;
    let statements = plain(&func, None);
    let bar = Ident::new("__bar", Span::mixed_site());
    let code = place.print_bar(&func.vars, &bar);
    let index = &func.vars[func.params.get(1)?.var].name;
    let items = &func.items;
    let pattern = match input.sig.inputs.get(1)? {
        syn::FnArg::Typed(t) if matches!(&*t.pat, syn::Pat::Ident(_)) => quote!(let #index = __index;),
        _ => quote!(let #index = __index;),
    };
    let owned = if func.params[1].owned {
        quote!(let #index = &#index;)
    } else {
        quote!()
    };
    Some((quote!(#(#items)* #pattern #owned #statements), code.clone(), code))
}
