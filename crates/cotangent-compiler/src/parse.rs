//! What the attribute was given: options, and the function with what surrounds it.

use std::collections::HashMap;

use proc_macro2::{Ident, TokenStream};
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Token, parenthesized};

/// `#[differentiable(order = 2, wrt(x), crate = path, using(a::f = b::f))]`
#[derive(Clone, Default)]
pub struct Options {
    /// Highest order of derivative; 1 unless given.
    pub order: usize,
    /// Parameters to differentiate by; all that can be, unless given.
    pub wrt: Option<Vec<Ident>>,
    /// Path of the run-time crate.
    pub krate: Option<syn::Path>,
    /// Callees to be replaced by others that carry a rule.
    pub using: Vec<(syn::Path, syn::Path)>,
    /// Name of the marker, if not the function's.
    pub marker: Option<Ident>,
    /// The record is boxed: for mutual recursion.
    pub boxed: bool,
    /// Recompute in the reverse sweep instead of recording.
    pub checkpoint: bool,
    /// Forward mode along several directions at a time too.
    pub lanes: bool,
    /// Of a trait: its objects have derivatives too.
    pub objects: Option<Token![dyn]>,
}

impl Options {
    /// Whether derivatives are taken with respect to the parameter.
    pub fn is_active(&self, name: &str) -> bool {
        self.wrt
            .as_ref()
            .is_none_or(|wrt| wrt.iter().any(|w| w == name || (name == "self" && w == "this")))
    }

    /// Path of the support code.
    pub fn private(&self) -> TokenStream {
        crate::release::private(self.krate.as_ref())
    }
}

impl Parse for Options {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let mut options = Options {
            order: 1,
            ..Options::default()
        };
        while !input.is_empty() {
            options.parse_one(input)?;
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(options)
    }
}

impl Options {
    pub(crate) fn parse_one(&mut self, input: ParseStream) -> syn::Result<()> {
        if input.peek(Token![crate]) {
            input.parse::<Token![crate]>()?;
            input.parse::<Token![=]>()?;
            self.krate = Some(input.call(syn::Path::parse_mod_style)?);
            return Ok(());
        }
        if input.peek(Token![dyn]) {
            self.objects = Some(input.parse()?);
            return Ok(());
        }
        let key: Ident = input.parse()?;
        match key.to_string().as_str() {
            "order" => {
                input.parse::<Token![=]>()?;
                let lit: syn::LitInt = input.parse()?;
                self.order = lit.base10_parse()?;
                if !(1..=3).contains(&self.order) {
                    return Err(syn::Error::new(lit.span(), "`order` is 1, 2 or 3"));
                }
            }
            "wrt" => {
                let content;
                parenthesized!(content in input);
                let names = Punctuated::<WrtName, Token![,]>::parse_terminated(&content)?;
                self.wrt = Some(names.into_iter().map(|n| n.0).collect());
            }
            "using" => {
                let content;
                parenthesized!(content in input);
                let pairs = Punctuated::<Using, Token![,]>::parse_terminated(&content)?;
                self.using = pairs.into_iter().map(|u| (u.0, u.1)).collect();
            }
            "marker" => {
                input.parse::<Token![=]>()?;
                self.marker = Some(input.parse()?);
            }
            "boxed" => self.boxed = true,
            "checkpoint" => self.checkpoint = true,
            "lanes" => self.lanes = true,
            _ => {
                let message = format!(
                    "unknown option `{key}`: expected `order = k`, `wrt(..)`, `using(a = b)`, `marker = name`, `boxed`, `checkpoint`, `lanes`, `dyn` or `crate = path`"
                );
                return Err(syn::Error::new(key.span(), message));
            }
        }
        Ok(())
    }
}

struct WrtName(Ident);

impl Parse for WrtName {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        if input.peek(Token![self]) {
            let token: Token![self] = input.parse()?;
            return Ok(WrtName(Ident::new("this", token.span)));
        }
        Ok(WrtName(input.parse()?))
    }
}

struct Using(syn::Path, syn::Path);

impl Parse for Using {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let from = input.call(syn::Path::parse_mod_style)?;
        input.parse::<Token![=]>()?;
        Ok(Using(from, input.call(syn::Path::parse_mod_style)?))
    }
}

/// One function to differentiate.
#[derive(Clone)]
pub struct FnInput {
    /// Its signature.
    pub sig: syn::Signature,
    /// Its body.
    pub body: syn::Block,
    /// The options of the attribute.
    pub options: Options,
    /// Inside an impl or a trait.
    pub in_impl: bool,
    /// Inside a trait or an impl of one.
    pub in_trait: bool,
    /// In a trait's own definition records are generic over `Self`.
    pub captures_self: bool,
    /// Generics of the impl around it.
    pub impl_generics: syn::Generics,
    /// Methods beside it: name, and whether they take `&mut self`.
    pub siblings: HashMap<String, bool>,
}

impl FnInput {
    /// Type parameters that are bounded by `Real`.
    pub fn reals(&self) -> Vec<Ident> {
        reals(&self.sig.generics).into_iter().chain(reals(&self.impl_generics)).collect()
    }
}

fn reals(generics: &syn::Generics) -> Vec<Ident> {
    let is_real = |bounds: &Punctuated<syn::TypeParamBound, Token![+]>| {
        bounds
            .iter()
            .any(|b| matches!(b, syn::TypeParamBound::Trait(t) if t.path.segments.last().is_some_and(|s| s.ident == "Real")))
    };
    let mut names: Vec<Ident> = generics
        .type_params()
        .filter(|p| is_real(&p.bounds))
        .map(|p| p.ident.clone())
        .collect();
    for predicate in generics.where_clause.iter().flat_map(|w| &w.predicates) {
        if let syn::WherePredicate::Type(t) = predicate
            && is_real(&t.bounds)
            && let syn::Type::Path(p) = &t.bounded_ty
            && let Some(ident) = p.path.get_ident()
        {
            names.push(ident.clone());
        }
    }
    names
}
