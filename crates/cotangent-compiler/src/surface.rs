//! What a differentiated function looks like from outside: the marker, its protocol and its entry points.

mod arguments;
mod checkpoint;
mod forward_mode;
mod function;
mod gradient;
mod index;
mod jacobian;
mod lanes;
mod methods;
mod nested;
mod objects;
mod reverse_mode;
mod second_order;
mod sweeps;
mod types;
mod value;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

pub use index::index_body;
pub use objects::Names;
pub(crate) use types::mentions;
pub use types::{generic_names, generics_params, slot_type, strip_reference, tangent_type};
pub use value::Home;

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

    pub(super) fn passing(&self, p: &Param) -> Passing {
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

    pub(super) fn where_clause(&self) -> TokenStream {
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

    pub(super) fn names(&self) -> Vec<&Ident> {
        self.func.params.iter().map(|p| &self.func.vars[p.var].name).collect()
    }

    pub(super) fn mentions_self(&self) -> bool {
        let sig = &self.input.sig;
        let (inputs, output) = (&sig.inputs, &sig.output);
        sig.receiver().is_some() || mentions(&quote!(#inputs #output), "Self")
    }

    /// Whether the parameter is `&dyn Trait` or `&mut dyn Trait`.
    pub(super) fn is_object(&self, p: &Param) -> bool {
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
    pub(super) fn again_types(&self) -> Vec<TokenStream> {
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
    pub(super) fn slot_types(&self) -> Vec<TokenStream> {
        let slot = |p: &Param| {
            let slot = self.slot(p);
            quote!(&mut #slot)
        };
        self.func.params.iter().map(slot).collect()
    }

    pub(super) fn pullback_signature(&self) -> TokenStream {
        let (again, slots, seed) = (self.again_types(), self.slot_types(), self.result_tangent());
        quote!(::core::ops::FnOnce(#(#again,)* &mut __p::Tape, #seed, #(#slots),*))
    }

    /// `impl FnOnce(..)`: the pullback that the forward sweep returns.
    pub(super) fn pullback_type(&self) -> TokenStream {
        let signature = self.pullback_signature();
        if is_boxed(self.func, &self.input.options) {
            return quote!(__p::Box<dyn #signature>);
        }
        let captured = self.captured();
        quote!(impl #signature + use<#(#captured),*>)
    }

    pub(super) fn captured(&self) -> Vec<TokenStream> {
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
}
