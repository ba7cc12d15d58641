//! The impls of `Differentiable`, for the type and its tangent, and of `Tangent`.

use super::generics::TangentGenerics;
use super::model::{Field, Model, Variant, local};
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Generics, Ident};

/// For a type that is `#[constant]` as a whole.
pub(super) fn constant(model: &Model) -> TokenStream {
    let (ident, run_time) = (&model.input.ident, &model.run_time);
    let (impl_generics, arguments, clause) = model.input.generics.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #impl_generics #run_time::Differentiable for #ident #arguments #clause {
            type Tangent = ();
            #[inline]
            fn zero_tangent(&self) {}
            #[inline]
            fn visit_leaves<__V: #run_time::Visitor>(&self, _: &mut __V) {}
            #[inline]
            fn visit_leaves_mut<__V: #run_time::VisitorMut>(&mut self, _: &mut __V) {}
            #[inline]
            fn zip_tangent<__Z: #run_time::Zip>(&mut self, _: &(), _: &mut __Z) {}
        }
    }
}

pub(super) fn all(model: &Model, generics: &TangentGenerics) -> TokenStream {
    let run_time = &model.run_time;
    let mut tokens = differentiable(model, generics, &model.input.ident, &generics.primal, &zip_tangent(model));
    let zip_leaves = quote!(#run_time::Tangent::zip_leaves(self, tangent, zip););
    tokens.extend(differentiable(model, generics, &model.tangent, &generics.tangent, &zip_leaves));
    tokens.extend(tangent(model, generics));
    tokens
}

/// `Differentiable` for `ty`, which is the type or its tangent: they have the same shape.
fn differentiable(model: &Model, generics: &TangentGenerics, ty: &Ident, params: &Generics, zip: &TokenStream) -> TokenStream {
    let (run_time, tangent) = (&model.run_time, &model.tangent);
    let (impl_generics, arguments, clause) = params.split_for_impl();
    let (_, tangent_arguments, _) = generics.tangent.split_for_impl();
    let zero = model.variants.iter().map(|variant| zero_arm(model, variant, ty));
    let zero_into = zero_into(model, ty);
    let visit: Vec<_> = model.variants.iter().map(|variant| visit_arm(model, variant, ty)).collect();
    let this = dereferenced(model);
    quote! {
        #[automatically_derived]
        impl #impl_generics #run_time::Differentiable for #ty #arguments #clause {
            type Tangent = #tangent #tangent_arguments;
            #[inline]
            fn zero_tangent(&self) -> #tangent #tangent_arguments {
                match #this { #(#zero,)* }
            }
            #[inline]
            fn zero_tangent_into(&self, tangent: &mut #tangent #tangent_arguments) { #zero_into }
            #[inline]
            fn visit_leaves<__V: #run_time::Visitor>(&self, visitor: &mut __V) {
                match #this { #(#visit,)* }
            }
            #[inline]
            fn visit_leaves_mut<__V: #run_time::VisitorMut>(&mut self, visitor: &mut __V) {
                match #this { #(#visit,)* }
            }
            #[inline]
            fn zip_tangent<__Z: #run_time::Zip>(&mut self, tangent: &#tangent #tangent_arguments, zip: &mut __Z) { #zip }
        }
    }
}

fn zero_into(model: &Model, ty: &Ident) -> TokenStream {
    let run_time = &model.run_time;
    let arms = model.variants.iter().map(|variant| {
        let (value, zero) = (variant.pattern(ty, "x"), variant.pattern(&model.tangent, "y"));
        let calls = variant.active().map(|(i, field)| {
            let (x, y) = (local("x", i), local("y", i));
            quote_spanned!(field.ty.span()=> #run_time::Differentiable::zero_tangent_into(#x, #y);)
        });
        quote!((#value, #zero) => { #(#calls)* })
    });
    let other_variant =
        (model.variants.len() != 1).then(|| quote!((value, tangent) => *tangent = #run_time::Differentiable::zero_tangent(value),));
    quote!(match (self, tangent) { #(#arms,)* #other_variant })
}

/// The fields of a value and those of its tangent, side by side.
fn zip_tangent(model: &Model) -> TokenStream {
    let run_time = &model.run_time;
    let arms = model.variants.iter().map(|variant| {
        let (value, tangent) = (variant.pattern(&model.input.ident, "x"), variant.pattern(&model.tangent, "y"));
        let calls = variant.active().map(|(i, field)| {
            let (x, y) = (local("x", i), local("y", i));
            quote_spanned!(field.ty.span()=> #run_time::Differentiable::zip_tangent(#x, #y, zip);)
        });
        quote!((#value, #tangent) => { #(#calls)* })
    });
    let name = model.input.ident.to_string();
    let other_variant = match model.variants.len() {
        0 => quote!((value, _) => match *value {},),
        1 => quote!(),
        _ => quote!((_, tangent) => #run_time::zip_other_variant(tangent, #name),),
    };
    quote!(match (self, tangent) { #(#arms,)* #other_variant })
}

/// What to match on: an enum without variants can only be matched by value.
fn dereferenced(model: &Model) -> TokenStream {
    if model.variants.is_empty() { quote!(*self) } else { quote!(self) }
}

fn zero_arm(model: &Model, variant: &Variant, ty: &Ident) -> TokenStream {
    let (pattern, path, run_time) = (variant.pattern(ty, "x"), variant.path(&model.tangent), &model.run_time);
    let fields = variant.fields.iter().enumerate().map(|(i, field)| {
        let (member, x) = (&field.member, local("x", i));
        match field.constant {
            true => quote!(#member: ()),
            false => quote_spanned!(field.ty.span()=> #member: #run_time::Differentiable::zero_tangent(#x)),
        }
    });
    quote!(#pattern => #path { #(#fields,)* })
}

fn tangent(model: &Model, generics: &TangentGenerics) -> TokenStream {
    let (run_time, tangent) = (&model.run_time, &model.tangent);
    let (impl_generics, arguments, clause) = generics.tangent.split_for_impl();
    let zip = model.variants.iter().map(|variant| zip_arm(model, variant));
    let other_variant = (model.variants.len() > 1).then(|| variant_mismatch(model));
    let this = dereferenced(model);
    let zip_operands = if model.variants.is_empty() {
        this.clone()
    } else {
        quote!((self, other))
    };
    quote! {
        #[automatically_derived]
        impl #impl_generics #run_time::Tangent for #tangent #arguments #clause {
            #[inline]
            fn zip_leaves<__Z: #run_time::Zip>(&mut self, other: &Self, zip: &mut __Z) {
                match #zip_operands { #(#zip,)* #other_variant }
            }
        }
    }
}

/// `visitor.field(..)` for every active field; serves both visitors, whose methods have the same names.
fn visit_arm(model: &Model, variant: &Variant, ty: &Ident) -> TokenStream {
    let (pattern, run_time) = (variant.pattern(ty, "x"), &model.run_time);
    let calls = variant.active().map(|(i, field)| {
        let (name, x) = (field.name(), local("x", i));
        quote_spanned!(field.ty.span()=> visitor.field(#name, #x);)
    });
    match variant.name {
        None => quote!(#pattern => { #(#calls)* }),
        Some(name) => {
            let name = syn::ext::IdentExt::unraw(name).to_string();
            quote!(#pattern => {
                visitor.enter(#run_time::Step::Field(#name));
                #(#calls)*
                visitor.leave();
            })
        }
    }
}

fn zip_arm(model: &Model, variant: &Variant) -> TokenStream {
    let (tangent, run_time) = (&model.tangent, &model.run_time);
    let (this, other) = (variant.pattern(tangent, "x"), variant.pattern(tangent, "y"));
    let calls = variant.active().map(|(i, _): (usize, &Field)| {
        let (x, y) = (local("x", i), local("y", i));
        quote!(#run_time::Tangent::zip_leaves(#x, #y, zip);)
    });
    quote!((#this, #other) => { #(#calls)* })
}

fn variant_mismatch(model: &Model) -> TokenStream {
    let (run_time, tangent) = (&model.run_time, &model.tangent);
    let arms = model.variants.iter().map(|variant| {
        let (path, name) = (variant.path(tangent), variant.name.map(ToString::to_string));
        quote!(#path { .. } => #name)
    });
    let type_name = tangent.to_string();
    quote! {
        (this, other) => #run_time::zip_variants(this, other, zip, #type_name, |tangent| match tangent { #(#arms,)* }),
    }
}
