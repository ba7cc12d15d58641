//! Derivative rules of scalar functions, one line each.

mod scalar;

pub use scalar::{RULES, ScalarRule, find};

use crate::ir::{Expr, ExprKind, Inert, Op, Ty};
use crate::mutant;
use proc_macro2::Span;
use quote::quote;

/// The partial derivative of `rule` by argument `k`, as an expression over its arguments and its value.
pub fn partial(rule: &'static ScalarRule, k: usize, args: &[Expr], value: &Expr) -> Expr {
    let text = mutant::partial(rule.name, k, rule.partials[k]);
    let parsed: syn::Expr = syn::parse_str(text).expect("rules are Rust expressions");
    build(&parsed, rule, args, value)
}

/// `d` times a partial derivative, factor by factor: a product of small factors could underflow where `d` is large.
pub fn scaled(d: Expr, partial: Expr) -> Expr {
    match partial.kind {
        ExprKind::Neg(inner) => {
            let product = scaled(d, *inner);
            let (ty, span) = (product.ty.clone(), product.span);
            Expr {
                kind: ExprKind::Neg(Box::new(product)),
                ty,
                span,
            }
        }
        ExprKind::Binary(Op::Mul, a, b) => scaled(scaled(d, *a), *b),
        _ => Expr::binary(Op::Mul, d, partial),
    }
}

fn build(e: &syn::Expr, rule: &'static ScalarRule, args: &[Expr], value: &Expr) -> Expr {
    let sub = |e: &syn::Expr| build(e, rule, args, value);
    let span = Span::mixed_site();
    match e {
        syn::Expr::Paren(p) => sub(&p.expr),
        syn::Expr::Lit(l) => {
            let syn::Lit::Float(f) = &l.lit else {
                return Expr::inert(
                    Inert {
                        tokens: quote!(#l),
                        reads: vec![],
                    },
                    Ty::Inert,
                    span,
                );
            };
            Expr::float(f.base10_parse().expect("a float"), span)
        }
        syn::Expr::Path(p) => {
            let name = p.path.get_ident().expect("rules name arguments").to_string();
            if name == "y" {
                return value.clone();
            }
            let k = rule.args.iter().position(|a| a.0 == name).expect("rules name their arguments");
            args[k].clone()
        }
        syn::Expr::Unary(u) => {
            let inner = sub(&u.expr);
            let ty = inner.ty.clone();
            Expr {
                kind: ExprKind::Neg(Box::new(inner)),
                ty,
                span,
            }
        }
        syn::Expr::Binary(b) => {
            if let syn::Expr::Path(p) = &*b.left
                && let Some(k) = rule.args.iter().position(|a| p.path.is_ident(a.0))
                && rule.is_integer(k)
            {
                return shifted(&args[k], matches!(b.op, syn::BinOp::Add(_)));
            }
            let op = match b.op {
                syn::BinOp::Add(_) => Op::Add,
                syn::BinOp::Sub(_) => Op::Sub,
                syn::BinOp::Mul(_) => Op::Mul,
                syn::BinOp::Div(_) => Op::Div,
                _ => panic!("rules use + - * / only"),
            };
            Expr::binary(op, sub(&b.left), sub(&b.right))
        }
        syn::Expr::Call(c) => {
            let syn::Expr::Path(p) = &*c.func else {
                panic!("rules call functions by name")
            };
            let name = p.path.get_ident().expect("a name").to_string();
            let inner: Vec<Expr> = c.args.iter().map(sub).collect();
            let callee = find(&name).unwrap_or_else(|| panic!("no rule for `{name}`"));
            let ty = inner[0].ty.clone();
            Expr {
                kind: ExprKind::Math(callee, inner),
                ty,
                span,
            }
        }
        _ => panic!("unexpected form in a rule"),
    }
}

/// `n + 1` or `n - 1`
fn shifted(n: &Expr, up: bool) -> Expr {
    let ExprKind::Inert(i) = &n.kind else {
        panic!("integer arguments are inert")
    };
    let t = &i.tokens;
    let tokens = if up { quote!(((#t) + 1)) } else { quote!(((#t) - 1)) };
    Expr::inert(
        Inert {
            tokens,
            reads: i.reads.clone(),
        },
        Ty::Inert,
        n.span,
    )
}
