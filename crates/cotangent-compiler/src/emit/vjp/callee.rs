//! The generated functions that stand for a callee, and how they are passed their arguments.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{format_ident, quote};

use crate::ir::{Arg, Call, ExprKind, Place, Proj, Target};

/// The generated function that stands for the callee: `f::__fwd`, `Type::__differentiable_m`, … `part` is `fwd`,
/// `pull`, or empty for the derived function itself.
pub fn callee(c: &Call, part: &str) -> TokenStream {
    let mut parts = vec!["jvp"; c.level];
    if !part.is_empty() {
        parts.push(part);
    }
    let suffix = parts.join("_");
    match &c.target {
        Target::Gradient(path) => {
            let mut path = path.clone();
            let last = path.segments.last_mut().expect("not empty");
            last.ident = format_ident!("__{}_{}", last.ident, suffix, span = c.span);
            quote!(#path)
        }
        Target::Function(path) => {
            let name = format_ident!("__{}", suffix, span = c.span);
            // Type arguments belong to the function, not to its marker.
            let mut path = path.clone();
            let arguments = std::mem::take(&mut path.segments.last_mut().expect("not empty").arguments);
            quote!(#path::#name #arguments)
        }
        Target::Callable => match suffix.as_str() {
            "jvp" => quote!(__p::Callable::tangent),
            "jvp_fwd" => quote!(__p::Callable2::tangent_forward),
            "jvp_jvp" => quote!(__p::Callable3::tangent_tangent),
            "jvp_jvp_fwd" => quote!(__p::Callable3::tangent_tangent_forward),
            _ => quote!(__p::Callable::forward),
        },
        Target::Associated(path) => {
            let mut path = path.clone();
            let last = path.path.segments.last_mut().expect("not empty");
            last.ident = method_name(&last.ident, &suffix);
            quote!(#path)
        }
        Target::Method(name, turbofish) => {
            // Of the same context as the arguments: else rustc points at the attribute.
            let mut name = method_name(name, &suffix);
            name.set_span(name.span().resolved_at(Span::mixed_site()));
            if part == "pull" { quote!(#name) } else { quote!(#name #turbofish) }
        }
        Target::Operator(op) => {
            let name = format_ident!("{}_{}", format!("{op:?}").to_lowercase(), suffix);
            let passing = passing(c);
            quote!(__p::#name::<#(#passing,)* _, _>)
        }
        Target::Negate => {
            let name = format_ident!("neg_{}", suffix);
            let passing = passing(c);
            quote!(__p::#name::<#(#passing,)* _>)
        }
        Target::OperatorAssign(op) => {
            let name = format_ident!("{}_assign_{}", format!("{op:?}").to_lowercase(), suffix);
            let passing = passing(c);
            quote!(__p::#name::<#(#passing,)* _, _>)
        }
    }
}

/// How each operand is passed: one mark for an operand and its tangents.
fn passing(c: &Call) -> Vec<TokenStream> {
    c.args
        .iter()
        .step_by(1 << c.level)
        .filter_map(|a| match a {
            Arg::Value(e) if matches!(e.kind, ExprKind::Ref(..)) => Some(quote!(__p::ByRef)),
            Arg::Value(_) | Arg::Inert(_) | Arg::Ref(_) => Some(quote!(__p::ByVal)),
            Arg::RefMut(_) => None,
        })
        .collect()
}

/// `energy` and `fwd` → `__differentiable_energy`; other parts are added: `__differentiable_energy_pull`.
pub fn method_name(name: &Ident, suffix: &str) -> Ident {
    let short = suffix.trim_end_matches("fwd").trim_end_matches('_');
    let short = if suffix.ends_with("jvp") && !suffix.ends_with("fwd") {
        format!("{short}_value")
    } else {
        short.to_string()
    };
    if short.is_empty() {
        format_ident!("__differentiable_{}", name, span = name.span())
    } else {
        format_ident!("__differentiable_{}_{}", name, short, span = name.span())
    }
}

/// The first argument stands where the call does: that is where rustc says that a bound of the callee is not met.
pub fn located(args: &[TokenStream], span: Span) -> Vec<TokenStream> {
    let mut args = args.to_vec();
    if let Some(first) = args.first_mut() {
        *first = moved_to(first, span);
    }
    args
}

/// The same tokens with the same hygiene, at another place of the source.
pub(super) fn moved_to(tokens: &TokenStream, span: Span) -> TokenStream {
    let moved = |token: proc_macro2::TokenTree| {
        let mut token = match token {
            TokenTree::Group(g) => Group::new(g.delimiter(), moved_to(&g.stream(), span)).into(),
            other => other,
        };
        let own = token.span();
        token.set_span(span.resolved_at(own));
        token
    };
    tokens.clone().into_iter().map(moved).collect()
}

/// Tangents behind a user's index are found with the help of the primal, so they are borrowed before it is.
pub fn lend_first(p: &Place, borrowed: TokenStream, name: Ident, reference: bool, before: &mut TokenStream) -> TokenStream {
    if !reference || !p.projs.iter().any(|p| matches!(p, Proj::UserIndex(_, Some(_)))) {
        return borrowed;
    }
    before.extend(quote!(let #name = #borrowed;));
    quote!(#name)
}

pub(super) fn has_user_index(p: &Place) -> bool {
    p.projs.iter().any(|p| matches!(p, Proj::UserIndex(..)))
}

pub(super) fn is_operator(c: &Call) -> bool {
    matches!(c.target, Target::Operator(_) | Target::Negate | Target::OperatorAssign(_))
}
