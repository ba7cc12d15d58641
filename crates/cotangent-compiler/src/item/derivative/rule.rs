//! What the user wrote: which methods, which parameters, which of them derivatives are taken by.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;

use crate::diagnose::Diagnostics;
use crate::ir::Ty;
use crate::parse::Options;

/// `#[derivative(of = path, order = 2, crate = path)]`
pub struct Arguments {
    of: Option<syn::Path>,
    options: Options,
}

impl Parse for Arguments {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let mut arguments = Arguments {
            of: None,
            options: Options {
                order: 1,
                ..Options::default()
            },
        };
        while !input.is_empty() {
            let key = input.fork().parse::<Ident>();
            if key.is_ok_and(|key| key == "of") {
                input.parse::<Ident>()?;
                input.parse::<syn::Token![=]>()?;
                arguments.of = Some(input.call(syn::Path::parse_mod_style)?);
            } else {
                arguments.options.parse_one(input)?;
            }
            if !input.is_empty() {
                input.parse::<syn::Token![,]>()?;
            }
        }
        Ok(arguments)
    }
}

/// A parameter of the function.
pub struct RuleParam {
    pub name: Ident,
    pub ty: syn::Type,
    pub active: bool,
}

/// A rule.
pub struct Rule {
    pub name: Ident,
    pub of: Option<syn::Path>,
    pub options: Options,
    pub docs: Vec<syn::Attribute>,
    pub vis: syn::Visibility,
    pub value: Option<syn::ImplItemFn>,
    pub jvp: Option<syn::ImplItemFn>,
    pub vjp: Option<syn::ImplItemFn>,
    pub transpose: Option<syn::ImplItemFn>,
    pub params: Vec<RuleParam>,
    pub ret: syn::Type,
    pub generics: syn::Generics,
}

/// A parameter of one of the rule's methods.
pub struct Arg {
    pub name: String,
    pub ty: syn::Type,
}

/// The parameters of a method, which must have plain names.
pub fn args(f: &syn::ImplItemFn) -> Vec<Arg> {
    f.sig
        .inputs
        .iter()
        .filter_map(|a| match a {
            syn::FnArg::Typed(t) => match &*t.pat {
                syn::Pat::Ident(p) => Some(Arg {
                    name: p.ident.to_string(),
                    ty: (*t.ty).clone(),
                }),
                _ => None,
            },
            syn::FnArg::Receiver(_) => None,
        })
        .collect()
}

/// The types in a tuple, or the one type.
pub fn parts(ret: &syn::ReturnType) -> Vec<syn::Type> {
    match ret {
        syn::ReturnType::Default => vec![],
        syn::ReturnType::Type(_, ty) => match &**ty {
            syn::Type::Tuple(t) => t.elems.iter().cloned().collect(),
            other => vec![other.clone()],
        },
    }
}

const METHODS: &str = "a rule has the methods `jvp`, `vjp`, `transpose` and `value`";

impl Rule {
    /// Reads the impl; `None` if there is nothing to go on with.
    pub fn read(arguments: Arguments, block: &syn::ItemImpl, diags: &Diagnostics) -> Option<Rule> {
        let name = match &*block.self_ty {
            syn::Type::Path(p) if p.path.get_ident().is_some() && block.trait_.is_none() && block.generics.params.is_empty() => {
                p.path.get_ident().cloned()?
            }
            other => {
                diags.error(other.span(), "name the function that carries the rule: `#[derivative(of = libm::erf)] impl erf { .. }`; type parameters go on its methods");
                return None;
            }
        };
        let docs = block
            .attrs
            .iter()
            .filter(|a| a.path().is_ident("doc") || a.path().is_ident("cfg"))
            .cloned()
            .collect();
        let mut rule = Rule {
            name,
            of: arguments.of,
            options: arguments.options,
            docs,
            vis: syn::parse_quote!(pub),
            value: None,
            jvp: None,
            vjp: None,
            transpose: None,
            params: vec![],
            ret: syn::parse_quote!(()),
            generics: syn::Generics::default(),
        };
        for item in &block.items {
            rule.item(item, diags);
        }
        rule.check(diags);
        diags.is_empty().then_some(())?;
        rule.parameters(diags);
        diags.is_empty().then_some(rule)
    }

    fn item(&mut self, item: &syn::ImplItem, diags: &Diagnostics) {
        let syn::ImplItem::Fn(f) = item else {
            return diags.error(item.span(), METHODS);
        };
        super::super::check_signature(&f.sig, diags);
        if let Some(arg) = f
            .sig
            .inputs
            .iter()
            .find(|a| !matches!(a, syn::FnArg::Typed(t) if matches!(&*t.pat, syn::Pat::Ident(_))))
        {
            diags.error(
                arg.span(),
                "the parameters of a rule have plain names: tangents `x_dot`, cotangents `x_bar`",
            );
        }
        if !matches!(f.vis, syn::Visibility::Inherited) {
            self.vis = f.vis.clone();
        }
        let slot = match f.sig.ident.to_string().as_str() {
            "value" => &mut self.value,
            "jvp" => &mut self.jvp,
            "vjp" => &mut self.vjp,
            "transpose" => &mut self.transpose,
            _ => return diags.error(f.sig.ident.span(), METHODS),
        };
        *slot = Some(f.clone());
    }

    fn check(&self, diags: &Diagnostics) {
        let span = self.name.span();
        if self.of.is_none() && self.value.is_none() {
            diags.error(
                span,
                "where is the function itself? Write `#[derivative(of = path)]`, or a method `fn value(..)`",
            );
        }
        if self.jvp.is_none() && self.vjp.is_none() && self.transpose.is_none() {
            diags.error(
                span,
                "a rule needs `jvp` for forward mode, `vjp` for reverse mode, or `transpose` of a linear map for both",
            );
        }
        if self.transpose.is_some() && self.jvp.is_none() && self.vjp.is_none() && self.value.is_none() {
            diags.error(
                span,
                "`transpose` does not tell the parameters of the function: write it out, `fn value(..)`",
            );
        }
        if self.options.order >= 2 && self.jvp.is_none() && self.transpose.is_none() {
            diags.error(
                span,
                format!(
                    "order {} differentiates the `jvp` of the rule, and there is none: write `fn jvp(..)`",
                    self.options.order
                ),
            );
        }
    }

    /// The signature of the function, from `value`, `jvp` or `vjp`.
    fn parameters(&mut self, diags: &Diagnostics) {
        let Some(source) = self.value.as_ref().or(self.jvp.as_ref()).or(self.vjp.as_ref()).cloned() else {
            return;
        };
        self.generics = source.sig.generics.clone();
        let all = args(&source);
        let suffix = |name: &str, end: &str| name.strip_suffix(end).map(str::to_string);
        let of_another = |name: &str, end: &str| suffix(name, end).is_some_and(|base| all.iter().any(|a| a.name == base));
        let (from_value, from_jvp) = (self.value.is_some(), self.value.is_none() && self.jvp.is_some());
        let own = all.iter().filter(|a| {
            from_value
                || !if from_jvp {
                    of_another(&a.name, "_dot")
                } else {
                    a.name.ends_with("_bar")
                }
        });
        let own: Vec<(Ident, syn::Type)> = own
            .map(|a| (format_ident!("{}", a.name, span = Span::call_site()), a.ty.clone()))
            .collect();
        for (name, ty) in &own {
            if matches!(ty, syn::Type::Reference(r) if r.mutability.is_some()) {
                diags.error(
                    ty.span(),
                    "a rule is for a function that returns its results: `&mut` parameters cannot be followed",
                );
            }
            let _ = name;
        }
        self.ret = match self.result(&source, from_value, from_jvp) {
            Some(ret) => ret,
            None => {
                return diags.error(
                    source.sig.output.span(),
                    "this method does not tell the result of the function: `jvp` returns `(y, y_dot)`",
                );
            }
        };
        let active: Vec<bool> = own.iter().map(|(name, ty)| self.is_active(&name.to_string(), ty, &own)).collect();
        self.params = own
            .into_iter()
            .zip(active)
            .map(|((name, ty), active)| RuleParam { name, ty, active })
            .collect();
        self.check_names(diags);
        self.check_cotangents(diags);
    }

    /// Every parameter of every method is one of the function's, a tangent, or a cotangent.
    fn check_names(&self, diags: &Diagnostics) {
        let known = |name: &str, end: &str| self.params.iter().any(|p| p.name == name || format!("{}{end}", p.name) == name);
        for (f, end) in [(&self.jvp, "_dot"), (&self.vjp, "_bar"), (&self.transpose, "_bar")] {
            let Some(f) = f else { continue };
            let seed = (end == "_bar").then(|| seed(f, &self.params)).flatten().map(|s| s.name);
            for (arg, written) in args(f).iter().zip(&f.sig.inputs) {
                if !known(&arg.name, end) && Some(&arg.name) != seed.as_ref() {
                    let text = format!(
                        "`{}` is no parameter of `{}`, and no `x{end}` of a parameter `x`",
                        arg.name, self.name
                    );
                    diags.error(written.span(), text);
                }
            }
            if end == "_bar" && seed.is_none() && pullback(f).is_none() {
                diags.error(
                    f.sig.ident.span(),
                    "where is the cotangent of the result? Take it as `y_bar`, or return `(y, impl FnOnce(y_bar) -> x_bar)`",
                );
            }
        }
    }

    /// What `vjp` and `transpose` return is shared out among the parameters that have no `x_bar`.
    fn check_cotangents(&self, diags: &Diagnostics) {
        for f in [&self.vjp, &self.transpose].into_iter().flatten() {
            let lent: Vec<String> = args(f).into_iter().map(|a| a.name).collect();
            let lent = |p: &RuleParam| lent.contains(&format!("{}_bar", p.name));
            let added = pullback(f).map_or(0, |p| p.inputs.len().saturating_sub(1));
            let open = self.params.iter().filter(|p| !lent(p) && Ty::of(&p.ty, &[]) != Ty::Inert).count();
            let active = self.params.iter().filter(|p| !lent(p) && p.active).count();
            let returned = returned(f).len() + added;
            if returned != open && returned != active {
                let name = &f.sig.ident;
                let text = format!(
                    "`{name}` returns {returned} cotangents where {active} are wanted: one for each parameter, in order, that it has no `x_bar: &mut ..` for; `#[derivative(wrt(x))]` leaves the others constant"
                );
                diags.error(f.sig.ident.span(), text);
            }
        }
    }

    fn result(&self, source: &syn::ImplItemFn, from_value: bool, from_jvp: bool) -> Option<syn::Type> {
        if from_value {
            return match &source.sig.output {
                syn::ReturnType::Type(_, ty) => Some((**ty).clone()),
                syn::ReturnType::Default => None,
            };
        }
        if !from_jvp && let Some(seed) = seed(source, &[]) {
            return Some(owned(&seed.ty));
        }
        let parts = parts(&source.sig.output);
        (parts.len() == 2).then(|| parts[0].clone())
    }

    fn is_active(&self, name: &str, ty: &syn::Type, own: &[(Ident, syn::Type)]) -> bool {
        if Ty::of(ty, &[]) == Ty::Inert || !self.options.is_active(name) {
            return false;
        }
        if let Some(jvp) = &self.jvp {
            return args(jvp).iter().any(|a| a.name == format!("{name}_dot"));
        }
        if let Some(transpose) = &self.transpose {
            return args(transpose).iter().all(|a| a.name != name);
        }
        let Some(vjp) = &self.vjp else { return false };
        if args(vjp).iter().any(|a| a.name == format!("{name}_bar")) {
            return true;
        }
        let left = not_accumulated(vjp, own);
        let k = left.iter().position(|n| n == name);
        let returned = returned(vjp);
        k.and_then(|k| returned.get(k))
            .is_none_or(|t| !matches!(t, syn::Type::Tuple(t) if t.elems.is_empty()))
    }

    /// The function that carries the rule.
    pub fn function(&self, sig: &syn::Signature) -> TokenStream {
        if let (None, Some(value)) = (&self.of, &self.value) {
            let block = &value.block;
            return quote!(#sig #block);
        }
        let (of, names) = (&self.of, self.params.iter().map(|p| &p.name));
        quote!(#sig { #of(#(#names),*) })
    }

    /// The user's methods, under names that leave the entry points theirs.
    pub fn methods(&self) -> TokenStream {
        let mut out = TokenStream::new();
        for f in [&self.jvp, &self.vjp, &self.transpose].into_iter().flatten() {
            let mut f = f.clone();
            f.vis = syn::Visibility::Inherited;
            f.sig.ident = rule_method(&f.sig.ident.to_string());
            out.extend(quote!(#[inline] #f));
        }
        out
    }
}

/// The name under which a method of the rule is called.
pub fn rule_method(name: &str) -> Ident {
    super::hidden(&format!("__rule_{name}"))
}

/// The cotangent of the result among the parameters of `vjp` or `transpose`.
pub fn seed(f: &syn::ImplItemFn, params: &[RuleParam]) -> Option<Arg> {
    let all = args(f);
    let is_param = |base: &str| all.iter().any(|a| a.name == base) || params.iter().any(|p| p.name == base);
    let k = all
        .iter()
        .position(|a| a.name.strip_suffix("_bar").is_some_and(|base| !is_param(base)))?;
    all.into_iter().nth(k)
}

/// Types of the cotangents that `vjp` or `transpose` returns, or its pullback does.
pub fn returned(f: &syn::ImplItemFn) -> Vec<syn::Type> {
    match pullback(f) {
        Some(signature) => parts(&signature.output),
        None => parts(&f.sig.output),
    }
}

/// `impl FnOnce(..) -> ..` in `-> (y, impl FnOnce(..) -> ..)`.
pub fn pullback(f: &syn::ImplItemFn) -> Option<syn::ParenthesizedGenericArguments> {
    let parts = parts(&f.sig.output);
    let Some(syn::Type::ImplTrait(i)) = parts.get(1) else { return None };
    i.bounds.iter().find_map(|b| match b {
        syn::TypeParamBound::Trait(t) => match &t.path.segments.last()?.arguments {
            syn::PathArguments::Parenthesized(p) => Some(p.clone()),
            _ => None,
        },
        _ => None,
    })
}

fn not_accumulated(f: &syn::ImplItemFn, own: &[(Ident, syn::Type)]) -> Vec<String> {
    let all = args(f);
    own.iter()
        .filter(|(name, ty)| Ty::of(ty, &[]) != Ty::Inert && all.iter().all(|a| a.name != format!("{name}_bar")))
        .map(|(name, _)| name.to_string())
        .collect()
}

/// The type of a value whose cotangent is passed as `ty`.
fn owned(ty: &syn::Type) -> syn::Type {
    match ty {
        syn::Type::Reference(r) => owned(&r.elem),
        syn::Type::Slice(s) => {
            let t = &s.elem;
            syn::parse_quote!(::std::vec::Vec<#t>)
        }
        other => other.clone(),
    }
}
