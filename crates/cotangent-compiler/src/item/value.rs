//! `differentiable!(f)`, `differentiable!(P::energy)`, `differentiable!(move |x: f64| a * x)`.

use std::collections::{HashMap, HashSet};

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Token;
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;
use syn::visit::Visit;

use crate::diagnose::Diagnostics;
use crate::emit::function::{function_value, plain_closure};
use crate::emit::print::Printer;
use crate::ir::{Access, ExprKind, FunctionCode};
use crate::lower::{item_value, lower_closure};
use crate::parse::{FnInput, Options};
use crate::surface::Surface;

/// The path of the run-time crate, and what becomes a value.
struct Input {
    krate: syn::Path,
    value: syn::Expr,
}

impl Parse for Input {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let krate = input.call(syn::Path::parse_mod_style)?;
        input.parse::<Token![;]>()?;
        let value: syn::Expr = input.parse()?;
        let _: Option<Token![,]> = input.parse()?;
        if !input.is_empty() {
            return Err(input.error("`differentiable!` takes one function, method or closure"));
        }
        Ok(Input { krate, value })
    }
}

/// Expands `differentiable!(value)`, which passes the path of the run-time crate before the value.
pub fn differentiable_value(tokens: TokenStream) -> TokenStream {
    let input = match syn::parse2::<Input>(tokens) {
        Ok(input) => input,
        Err(e) => return e.to_compile_error(),
    };
    let krate = &input.krate;
    match strip(&input.value) {
        syn::Expr::Path(p) => item_value(p),
        syn::Expr::Closure(c) => {
            let diags = Diagnostics::default();
            let code = closure(c, &diags);
            if !diags.is_empty() {
                // One expression, whatever the number of errors.
                let errors = diags.into_tokens();
                return quote!({ #errors ::core::unreachable!() });
            }
            let private = crate::release::private(Some(krate));
            quote!({ use #private as __p; #code })
        }
        other => {
            let message = "`differentiable!` takes the name of a `#[differentiable]` function, `Type::method`, or a closure literal";
            syn::Error::new(other.span(), message).to_compile_error()
        }
    }
}

fn strip(e: &syn::Expr) -> &syn::Expr {
    match e {
        syn::Expr::Paren(p) => strip(&p.expr),
        syn::Expr::Group(g) => strip(&g.expr),
        other => other,
    }
}

fn closure(c: &syn::ExprClosure, diags: &Diagnostics) -> TokenStream {
    let input = FnInput {
        sig: syn::parse_quote!(fn closure()),
        body: syn::parse_quote!({}),
        options: Options {
            order: 1,
            ..Options::default()
        },
        in_impl: false,
        in_trait: false,
        captures_self: false,
        impl_generics: syn::Generics::default(),
        siblings: HashMap::new(),
    };
    let names = captured(c);
    let (function, value) = lower_closure(&input, c, &names, diags);
    // `self` cannot be bound anew.
    let own = super::hidden("__self");
    let receiver = names.iter().find(|n| *n == "self").map(|n| quote!(let #own = &#n;));
    let ExprKind::Function(value, captured) = value.kind else {
        return quote!();
    };
    let FunctionCode::Closure { func, fixed, kinds, .. } = &value.code else {
        return quote!();
    };
    let printer = Printer {
        f: &function,
        generic: None,
        access: Access::Shared,
        named: Default::default(),
    };
    let captured = printer.expr(&captured);
    let (callable, plain) = (function_value(&value, &captured), plain_closure(func, fixed));
    let mut own = (**func).clone();
    own.params.drain(..fixed.len());
    let gradient = format_ident!("closure__Gradient");
    let surface = Surface {
        input: &input,
        func: &own,
        gradient: gradient.clone(),
        generic: None,
    };
    let (structure, impls) = (surface.gradient_struct(&syn::Visibility::Inherited), surface.gradient_impls());
    let fields: Vec<_> = own.params.iter().map(|p| &p.field).collect();
    let numbers = (0..fields.len()).map(syn::Index::from);
    let (outputs, seed) = surface.outputs(kinds);
    quote! {
        #structure
        #impls
        #receiver
        let __callable = #callable.with_plain(#plain);
        __p::FnValue::<_, (#(#kinds,)*), _, _, #outputs>::new(__callable, |__parts| #gradient { #(#fields: __parts.#numbers),* }, #seed, #c)
    }
}

/// Names that a closure takes from around it: those that its body reads and does not bind. Functions that are called
/// are found by their place before parentheses.
fn captured(c: &syn::ExprClosure) -> Vec<syn::Ident> {
    let mut names = Names::default();
    c.inputs.iter().for_each(|p| names.visit_pat(p));
    names.visit_expr(&c.body);
    let Names { bound, mut read } = names;
    let mut seen = HashSet::new();
    read.retain(|i| !bound.contains(&i.to_string()) && seen.insert(i.to_string()));
    read
}

#[derive(Default)]
struct Names {
    bound: HashSet<String>,
    read: Vec<syn::Ident>,
}

impl<'ast> Visit<'ast> for Names {
    fn visit_pat_ident(&mut self, p: &'ast syn::PatIdent) {
        self.bound.insert(p.ident.to_string());
    }

    fn visit_expr_call(&mut self, c: &'ast syn::ExprCall) {
        if !matches!(&*c.func, syn::Expr::Path(_)) {
            self.visit_expr(&c.func);
        }
        c.args.iter().for_each(|a| self.visit_expr(a));
    }

    fn visit_expr_path(&mut self, p: &'ast syn::ExprPath) {
        if let Some(ident) = p.path.get_ident()
            && !ident.to_string().starts_with(char::is_uppercase)
        {
            self.read.push(ident.clone());
        }
    }
}
