//! What costs less to compute again than to keep.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use crate::ir::{Expr, ExprKind, Ty};

/// Computing the value again costs less than keeping it.
pub(super) fn is_cheap(e: &Expr) -> bool {
    let own = match &e.kind {
        ExprKind::Inert(i) => is_cheap_code(&i.tokens),
        ExprKind::Read(p) | ExprKind::Ref(p, _) => p.ty.is_copy() || p.ty == Ty::Inert,
        ExprKind::Math(rule, args) => {
            rule.cheap || (rule.name == "powi" && matches!(&args[1].kind, ExprKind::Inert(i) if i.tokens.to_string().len() == 1))
        }
        ExprKind::Const(_) | ExprKind::Neg(_) | ExprKind::Binary(..) | ExprKind::Cast(..) | ExprKind::Tuple(_) => true,
        _ => false,
    };
    own && e.children().into_iter().all(is_cheap)
}

/// No calls but of trivial methods.
pub(super) fn is_cheap_code(tokens: &TokenStream) -> bool {
    const TRIVIAL: &[&str] = &[
        "len",
        "is_empty",
        "min",
        "max",
        "saturating_sub",
        "div_ceil",
        "rev",
        "step_by",
        "span",
        "is_some",
        "is_none",
        "payload",
        "in",
        "if",
        "match",
        "as",
    ];
    let mut last: Option<String> = None;
    for token in tokens.clone() {
        match &token {
            TokenTree::Group(g) => {
                if g.delimiter() == Delimiter::Parenthesis && last.as_ref().is_some_and(|l| !TRIVIAL.contains(&l.as_str())) {
                    return false;
                }
                if !is_cheap_code(&g.stream()) {
                    return false;
                }
                last = None;
            }
            TokenTree::Ident(i) => last = Some(i.to_string()),
            TokenTree::Punct(p) if p.as_char() == '!' && last.is_some() => return false,
            _ => last = None,
        }
    }
    true
}
