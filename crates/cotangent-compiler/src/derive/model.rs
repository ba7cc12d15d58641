//! What the derive needs to know of a type: its variants, and which fields are active.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Attribute, Data, DeriveInput, Error, Fields, Ident, Index, Member, Meta, Path, Type, Visibility};

/// A struct or enum, read for the derive.
pub(super) struct Model<'a> {
    pub input: &'a DeriveInput,
    /// The tangent type's name.
    pub tangent: Ident,
    /// The support code: `::cotangent::__private`, by the name of this release.
    pub private: TokenStream,
    /// The name under which it is imported beside the type.
    pub run_time: Ident,
    /// `#[constant]` on the whole type.
    pub constant: bool,
    /// The one variant of a struct has no name.
    pub variants: Vec<Variant<'a>>,
}

pub(super) struct Variant<'a> {
    pub name: Option<&'a Ident>,
    pub style: Style,
    pub fields: Vec<Field<'a>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Named,
    Tuple,
    Unit,
}

pub(super) struct Field<'a> {
    pub member: Member,
    pub visibility: &'a Visibility,
    pub ty: &'a Type,
    /// Its tangent is `()`.
    pub constant: bool,
}

impl<'a> Model<'a> {
    /// Reads `input`, or returns everything that is wrong with it.
    pub fn read(input: &'a DeriveInput) -> syn::Result<Self> {
        let mut errors = Errors(None);
        let constant = is_constant(&input.attrs, &mut errors);
        let private = private(&input.attrs, &mut errors);
        let variants = match &input.data {
            Data::Struct(data) => vec![Variant::read(None, &data.fields, false, &mut errors)],
            Data::Enum(data) => {
                let read = |errors: &mut Errors, variant: &'a syn::Variant| {
                    let constant = is_constant(&variant.attrs, errors);
                    Variant::read(Some(&variant.ident), &variant.fields, constant, errors)
                };
                data.variants.iter().map(|variant| read(&mut errors, variant)).collect()
            }
            Data::Union(data) => {
                errors.push(
                    data.union_token.span(),
                    "a union has no tangent: which field is active is not known; use an enum, or implement \
                     `Differentiable` by hand",
                );
                Vec::new()
            }
        };
        let tangent = format_ident!("{}Tangent", input.ident);
        errors.finish(Self {
            input,
            tangent,
            private,
            run_time: crate::release::alias(&input.ident),
            constant,
            variants,
        })
    }

    /// All fields that have a tangent.
    pub fn active_fields(&self) -> impl Iterator<Item = &Field<'a>> {
        self.variants
            .iter()
            .flat_map(|variant| &variant.fields)
            .filter(|field| !field.constant)
    }
}

impl<'a> Variant<'a> {
    fn read(name: Option<&'a Ident>, fields: &'a Fields, constant: bool, errors: &mut Errors) -> Self {
        let style = match fields {
            Fields::Named(_) => Style::Named,
            Fields::Unnamed(_) => Style::Tuple,
            Fields::Unit => Style::Unit,
        };
        let read = |(i, field): (usize, &'a syn::Field)| Field {
            member: match &field.ident {
                Some(ident) => Member::Named(ident.clone()),
                None => Member::Unnamed(Index {
                    index: i as u32,
                    span: field.ty.span(),
                }),
            },
            visibility: &field.vis,
            ty: &field.ty,
            constant: is_constant(&field.attrs, errors) || constant,
        };
        Self {
            name,
            style,
            fields: fields.iter().enumerate().map(read).collect(),
        }
    }

    /// The path of this variant of the type `ty`.
    pub fn path(&self, ty: &Ident) -> TokenStream {
        match self.name {
            Some(name) => quote!(#ty::#name),
            None => quote!(#ty),
        }
    }

    /// The pattern that binds every active field to `{prefix}{position}`; `P { 0: x0 }` serves for all styles.
    pub fn pattern(&self, ty: &Ident, prefix: &str) -> TokenStream {
        let path = self.path(ty);
        let bindings = self.active().map(|(i, field)| {
            let (member, local) = (&field.member, local(prefix, i));
            quote!(#member: #local)
        });
        let rest = self.fields.iter().any(|field| field.constant).then(|| quote!(..));
        quote!(#path { #(#bindings,)* #rest })
    }

    /// The active fields with their positions.
    pub fn active(&self) -> impl Iterator<Item = (usize, &Field<'a>)> {
        self.fields.iter().enumerate().filter(|(_, field)| !field.constant)
    }
}

impl Field<'_> {
    /// The name as leaves show it.
    pub fn name(&self) -> String {
        match &self.member {
            Member::Named(ident) => ident.unraw().to_string(),
            Member::Unnamed(index) => index.index.to_string(),
        }
    }
}

/// The local variable for the field at position `i`.
pub(super) fn local(prefix: &str, i: usize) -> Ident {
    Ident::new(&format!("{prefix}{i}"), Span::mixed_site())
}

fn is_constant(attributes: &[Attribute], errors: &mut Errors) -> bool {
    let mut found = false;
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("constant")) {
        if !matches!(attribute.meta, Meta::Path(_)) {
            errors.push(attribute.meta.span(), "`#[constant]` takes no arguments");
        } else if found {
            errors.push(attribute.span(), "`#[constant]` stands here twice; remove one");
        }
        found = true;
    }
    found
}

/// Reads `#[cotangent(crate = path)]`.
fn private(attributes: &[Attribute], errors: &mut Errors) -> TokenStream {
    let mut path: Option<Path> = None;
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("cotangent")) {
        let parsed = attribute.parse_nested_meta(|meta| {
            if !meta.path.is_ident("crate") {
                return Err(meta.error("unknown option; the only one is `#[cotangent(crate = path::to::cotangent)]`"));
            }
            path = Some(meta.value()?.call(Path::parse_mod_style)?);
            Ok(())
        });
        if let Err(error) = parsed {
            errors.add(error);
        }
    }
    crate::release::private(path.as_ref())
}

/// All errors of one item.
struct Errors(Option<Error>);

impl Errors {
    fn push(&mut self, span: Span, message: &str) {
        self.add(Error::new(span, message));
    }

    fn add(&mut self, error: Error) {
        match &mut self.0 {
            Some(first) => first.combine(error),
            None => self.0 = Some(error),
        }
    }

    fn finish<T>(self, value: T) -> syn::Result<T> {
        self.0.map_or(Ok(value), Err)
    }
}
