//! The tangent type: the same variants and field names, each field with the tangent of its type.

use super::generics::{TangentGenerics, field_tangent};
use super::model::{Field, Model, Style, Variant};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, Member};

pub(super) fn tangent_type(model: &Model, generics: &TangentGenerics) -> TokenStream {
    let (tangent, visibility) = (&model.tangent, &model.input.vis);
    let doc = format!(
        "The tangent of [`{}`]: the derivative with respect to each of its fields.",
        model.input.ident
    );
    // For generic types std's derives would ask `T: Clone` where `T::Tangent: Clone` is what is needed.
    let derives = (!generics.has_types).then(|| {
        let run_time = &model.run_time;
        quote!(#[derive(#run_time::Clone, #run_time::fmt::Debug, #run_time::PartialEq)])
    });
    let (params, clause) = (&generics.tangent, &generics.tangent.where_clause);
    let body = match &model.input.data {
        Data::Enum(_) => {
            let variants = model.variants.iter().map(|variant| {
                let (name, fields) = (variant.name, fields(model, variant));
                let doc = format!("The tangent of `{}`.", name.map(ToString::to_string).unwrap_or_default());
                quote!(#[doc = #doc] #name #fields)
            });
            quote!(enum #tangent #params #clause { #(#variants,)* })
        }
        _ => {
            let variant = &model.variants[0];
            let fields = fields(model, variant);
            match variant.style {
                Style::Named => quote!(struct #tangent #params #clause #fields),
                Style::Tuple | Style::Unit => quote!(struct #tangent #params #fields #clause;),
            }
        }
    };
    // What clippy finds here is a matter of the user's type, or of the `()` of constant fields.
    quote!(#[doc = #doc] #derives #[allow(clippy::all, non_camel_case_types)] #visibility #body)
}

fn fields(model: &Model, variant: &Variant) -> TokenStream {
    let fields = variant.fields.iter().map(|field| tangent_field(model, field));
    match variant.style {
        Style::Named => quote!({ #(#fields,)* }),
        Style::Tuple => quote!((#(#fields,)*)),
        Style::Unit => TokenStream::new(),
    }
}

fn tangent_field(model: &Model, field: &Field) -> TokenStream {
    let visibility = field.visibility;
    let ty = match field.constant {
        true => quote!(()),
        false => field_tangent(model, field.ty),
    };
    let doc = match field.constant {
        true => format!("`{}` is constant.", field.name()),
        false => format!("The derivative with respect to `{}`.", field.name()),
    };
    match &field.member {
        Member::Named(name) => quote!(#[doc = #doc] #visibility #name: #ty),
        Member::Unnamed(_) => quote!(#[doc = #doc] #visibility #ty),
    }
}
