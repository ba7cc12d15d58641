//! The parameters and bounds of the tangent type.
//!
//! A tangent owns all it has, so it has no lifetimes; and it has only the type and const parameters that occur in
//! active fields, since rustc rejects unused ones.

use super::model::Model;
use proc_macro2::TokenStream;
use quote::{ToTokens, quote_spanned};
use std::collections::BTreeSet;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{GenericParam, Generics, Ident, Lifetime, Type, TypeParamBound, TypePath, WherePredicate, parse_quote};

pub(super) struct TangentGenerics {
    /// Parameters and bounds of the tangent type.
    pub tangent: Generics,
    /// Those of the type itself, with the bounds that make its active fields differentiable.
    pub primal: Generics,
    /// Whether the tangent type has type parameters.
    pub has_types: bool,
    /// The generic types whose tangents the fields are made of: `T`, `T::State`.
    pub parts: Vec<Type>,
}

impl TangentGenerics {
    pub fn new(model: &Model) -> Self {
        let generics = &model.input.generics;
        let mut uses = Uses::new(generics);
        model.active_fields().for_each(|field| uses.visit_type(field.ty));
        uses.close_over_bounds(generics);

        let run_time = &model.run_time;
        let bounds: Vec<WherePredicate> = uses
            .parts
            .iter()
            .map(|part| parse_quote!(#part: #run_time::Differentiable))
            .collect();
        let mut primal = generics.clone();
        let mut tangent = kept(generics, &uses.used);
        for generics in [&mut primal, &mut tangent] {
            if !bounds.is_empty() {
                generics.make_where_clause().predicates.extend(bounds.iter().cloned());
            }
        }
        let has_types = tangent.type_params().next().is_some();
        Self {
            tangent,
            primal,
            has_types,
            parts: uses.parts,
        }
    }
}

/// The tangent type of a field of type `ty`, at the place of `ty`.
pub(super) fn field_tangent(model: &Model, ty: &Type) -> TokenStream {
    let run_time = &model.run_time;
    let owned = owned(ty);
    quote_spanned!(ty.span()=> <#owned as #run_time::Differentiable>::Tangent)
}

/// `ty` without lifetimes: `&'a T` has the tangent of `T`, and elsewhere a lifetime does not matter to the tangent.
fn owned(ty: &Type) -> Type {
    match ty {
        Type::Reference(reference) => owned(&reference.elem),
        Type::Paren(paren) => owned(&paren.elem),
        Type::Group(group) => owned(&group.elem),
        _ => {
            let mut ty = ty.clone();
            Static.visit_type_mut(&mut ty);
            ty
        }
    }
}

struct Static;

impl VisitMut for Static {
    fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
        *lifetime = Lifetime::new("'static", lifetime.span());
    }

    fn visit_type_reference_mut(&mut self, reference: &mut syn::TypeReference) {
        reference
            .lifetime
            .get_or_insert_with(|| Lifetime::new("'static", reference.and_token.span));
        visit_mut::visit_type_reference_mut(self, reference);
    }
}

/// `generics` with the parameters in `used` only, and without lifetimes.
fn kept(generics: &Generics, used: &BTreeSet<Ident>) -> Generics {
    let mut kept = generics.clone();
    kept.params = (generics
        .params
        .iter()
        .filter(|param| name(param).is_some_and(|name| used.contains(name))))
    .cloned()
    .collect();
    for param in kept.type_params_mut() {
        param.attrs.clear();
        param.bounds = param
            .bounds
            .iter()
            .filter(|b| !matches!(b, TypeParamBound::Lifetime(_)))
            .cloned()
            .collect();
    }
    if let Some(clause) = &mut kept.where_clause {
        let all: BTreeSet<_> = generics.params.iter().filter_map(name).collect();
        clause.predicates = (clause.predicates.iter())
            .filter(|predicate| match predicate {
                WherePredicate::Type(_) => mentioned(predicate, &all).iter().all(|name| used.contains(name)),
                _ => false,
            })
            .cloned()
            .collect();
    }
    Static.visit_generics_mut(&mut kept);
    kept
}

/// The name of a type or const parameter.
fn name(param: &GenericParam) -> Option<&Ident> {
    match param {
        GenericParam::Type(param) => Some(&param.ident),
        GenericParam::Const(param) => Some(&param.ident),
        GenericParam::Lifetime(_) => None,
    }
}

/// The names out of `all` that occur in `tokens`.
fn mentioned(tokens: &impl ToTokens, all: &BTreeSet<&Ident>) -> BTreeSet<Ident> {
    fn search(tokens: TokenStream, all: &BTreeSet<&Ident>, found: &mut BTreeSet<Ident>) {
        for token in tokens {
            match token {
                proc_macro2::TokenTree::Group(group) => search(group.stream(), all, found),
                proc_macro2::TokenTree::Ident(ident) if all.contains(&ident) => found.extend([ident]),

                _ => {}
            }
        }
    }
    let mut found = BTreeSet::new();
    search(tokens.to_token_stream(), all, &mut found);
    found
}

/// Which parameters occur in the active fields, and which generic types must be differentiable for them.
struct Uses<'a> {
    all: BTreeSet<&'a Ident>,
    types: BTreeSet<&'a Ident>,
    used: BTreeSet<Ident>,
    parts: Vec<Type>,
}

impl<'a> Uses<'a> {
    fn new(generics: &'a Generics) -> Self {
        let all = generics.params.iter().filter_map(name).collect();
        let types = generics.type_params().map(|param| &param.ident).collect();
        Self {
            all,
            types,
            used: BTreeSet::new(),
            parts: Vec::new(),
        }
    }

    /// Adds the parameters that the bounds of used ones mention.
    fn close_over_bounds(&mut self, generics: &Generics) {
        loop {
            let is_used = |param: &&GenericParam| name(param).is_some_and(|name| self.used.contains(name));
            let more: Vec<_> = (generics.params.iter().filter(is_used))
                .flat_map(|param| mentioned(param, &self.all))
                .filter(|name| !self.used.contains(name))
                .collect();
            if more.is_empty() {
                return;
            }
            self.used.extend(more);
        }
    }

    fn add_part(&mut self, ty: Type) {
        if !self.parts.contains(&ty) {
            self.parts.push(ty);
        }
    }
}

impl<'ast> Visit<'ast> for Uses<'_> {
    fn visit_ident(&mut self, ident: &'ast Ident) {
        if self.all.contains(ident) {
            self.used.insert(ident.clone());
        }
    }

    fn visit_type_path(&mut self, ty: &'ast TypePath) {
        self.used.extend(mentioned(ty, &self.all));
        let starts_with_parameter = ty.path.segments.first().is_some_and(|first| self.types.contains(&first.ident));
        let is_phantom = ty.path.segments.last().is_some_and(|last| last.ident == "PhantomData");
        if ty.qself.is_some() || starts_with_parameter {
            // A projection of concrete types needs no bound, and rustc would reject a wrong one far from its cause.
            if !mentioned(ty, &self.types).is_empty() {
                self.add_part(Type::Path(ty.clone()));
            }
        } else if !is_phantom {
            visit::visit_type_path(self, ty);
        }
    }
}
