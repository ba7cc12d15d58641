//! Clone, Debug and PartialEq for tangent types with type parameters.
//!
//! std's derives would demand `T: Debug`; what is needed is `T::Tangent: Debug`, and `Clone` holds for every tangent.

use super::generics::TangentGenerics;
use super::model::{Model, Style, Variant, local};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Generics, parse_quote};

pub(super) fn all(model: &Model, generics: &TangentGenerics) -> TokenStream {
    let mut tokens = clone(model, &generics.tangent);
    let run_time = &model.run_time;
    tokens.extend(debug(model, &bounded(model, generics, &quote!(#run_time::fmt::Debug))));
    tokens.extend(partial_eq(model, &bounded(model, generics, &quote!(#run_time::PartialEq))));
    tokens
}

/// The generics of the tangent type where the tangents of all generic parts implement `bound`.
fn bounded(model: &Model, generics: &TangentGenerics, bound: &TokenStream) -> Generics {
    let run_time = &model.run_time;
    let mut bounded = generics.tangent.clone();
    let predicates = &mut bounded.make_where_clause().predicates;
    for part in &generics.parts {
        predicates.push(parse_quote!(<#part as #run_time::Differentiable>::Tangent: #bound));
    }
    bounded
}

fn clone(model: &Model, generics: &Generics) -> TokenStream {
    let (run_time, tangent) = (&model.run_time, &model.tangent);
    let (impl_generics, arguments, clause) = generics.split_for_impl();
    let arms = model.variants.iter().map(|variant| {
        let (pattern, path) = (variant.pattern(tangent, "x"), variant.path(tangent));
        let fields = variant.fields.iter().enumerate().map(|(i, field)| {
            let (member, x) = (&field.member, local("x", i));
            if field.constant {
                quote!(#member: ())
            } else {
                quote!(#member: #run_time::Clone::clone(#x))
            }
        });
        quote!(#pattern => #path { #(#fields,)* })
    });
    quote! {
        #[automatically_derived]
        impl #impl_generics #run_time::Clone for #tangent #arguments #clause {
            #[inline]
            fn clone(&self) -> Self {
                match self { #(#arms,)* }
            }
        }
    }
}

fn debug(model: &Model, generics: &Generics) -> TokenStream {
    let (run_time, tangent) = (&model.run_time, &model.tangent);
    let (impl_generics, arguments, clause) = generics.split_for_impl();
    let arms = model.variants.iter().map(|variant| debug_arm(model, variant));
    quote! {
        #[automatically_derived]
        impl #impl_generics #run_time::fmt::Debug for #tangent #arguments #clause {
            fn fmt(&self, f: &mut #run_time::fmt::Formatter<'_>) -> #run_time::fmt::Result {
                match self { #(#arms,)* }
            }
        }
    }
}

fn debug_arm(model: &Model, variant: &Variant) -> TokenStream {
    let pattern = variant.pattern(&model.tangent, "x");
    let name = variant.name.unwrap_or(&model.tangent).to_string();
    let fields = variant.fields.iter().enumerate().map(|(i, field)| {
        let (label, x) = (field.name(), local("x", i));
        let value = if field.constant { quote!(&()) } else { quote!(#x) };
        match variant.style {
            Style::Named => quote!(.field(#label, #value)),
            Style::Tuple | Style::Unit => quote!(.field(#value)),
        }
    });
    match variant.style {
        Style::Named => quote!(#pattern => f.debug_struct(#name) #(#fields)* .finish()),
        Style::Tuple => quote!(#pattern => f.debug_tuple(#name) #(#fields)* .finish()),
        Style::Unit => quote!(#pattern => f.write_str(#name)),
    }
}

fn partial_eq(model: &Model, generics: &Generics) -> TokenStream {
    let (run_time, tangent) = (&model.run_time, &model.tangent);
    let (impl_generics, arguments, clause) = generics.split_for_impl();
    let arms = model.variants.iter().map(|variant| {
        let (this, other) = (variant.pattern(tangent, "x"), variant.pattern(tangent, "y"));
        let equal = variant.active().map(|(i, _)| {
            let (x, y) = (local("x", i), local("y", i));
            quote!(&& *#x == *#y)
        });
        quote!((#this, #other) => true #(#equal)*)
    });
    let other_variant = (model.variants.len() > 1).then(|| quote!(_ => false,));
    quote! {
        #[automatically_derived]
        impl #impl_generics #run_time::PartialEq for #tangent #arguments #clause {
            fn eq(&self, other: &Self) -> bool {
                match (self, other) { #(#arms,)* #other_variant }
            }
        }
    }
}
