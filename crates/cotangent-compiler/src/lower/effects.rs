//! Code that looks inert may still change active values: conditions, indices and the like with effects are lowered as
//! statements first, so that the reverse sweep sees what they change.

use proc_macro2::TokenStream;
use quote::quote;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use super::Lowerer;
use super::inert::{INERT_METHODS, macro_name};
use super::scope::Binding;
use crate::ir::{Expr, ExprKind, Inert, Passing, Place, Stmt, Ty, VarKind};
use crate::rules;

/// Methods that cannot change their receiver.
const PURE_METHODS: &[&str] = &[
    "clone",
    "to_vec",
    "to_owned",
    "iter",
    "rev",
    "enumerate",
    "zip",
    "map",
    "filter",
    "skip",
    "take_while",
    "step_by",
    "copied",
    "cloned",
    "windows",
    "chunks",
    "chunks_exact",
    "sum",
    "product",
    "fold",
    "collect",
    "unwrap",
    "expect",
    "unwrap_or",
    "unwrap_or_else",
    "unwrap_or_default",
    "as_ref",
    "as_slice",
    "as_deref",
    "as_str",
    "get",
    "first",
    "last",
    "pow",
    "abs_diff",
    "saturating_sub",
    "saturating_add",
    "saturating_mul",
    "wrapping_add",
    "wrapping_sub",
    "wrapping_mul",
    "checked_sub",
    "checked_add",
    "checked_mul",
    "checked_div",
    "isqrt",
    "ilog2",
    "ilog10",
    "trailing_zeros",
    "leading_zeros",
    "count_ones",
    "is_multiple_of",
    "div_ceil",
    "next_multiple_of",
    "is_power_of_two",
    "next_power_of_two",
    "sin_cos",
    "then_some",
    "chars",
    "bytes",
    "trim",
    "into",
    "to_lowercase",
    "binary_search",
    "is_sorted",
    "rem_euclid",
    "keys",
    "values",
    "into_iter",
];

impl Lowerer<'_> {
    /// Whether evaluating the expression may change a variable, leave the function, or run an effect.
    pub(crate) fn has_effects(&self, e: &syn::Expr) -> bool {
        let mut finder = Effects {
            lowerer: self,
            found: false,
        };
        finder.visit_expr(e);
        finder.found
    }

    /// A `&mut` parameter; what a closure captures and changes is lent like one, but is a value to its body.
    pub(super) fn is_mutable_reference(&self, var: crate::ir::VarId) -> bool {
        self.func.vars[var].kind == VarKind::Param(Passing::RefMut) && self.func.params.iter().any(|p| p.var == var && !p.owned)
    }

    /// `&mut e`, or a name that holds a mutable reference, passed on.
    pub(super) fn lends(&self, e: &syn::Expr) -> bool {
        let path = match e {
            syn::Expr::Reference(r) => return r.mutability.is_some(),
            syn::Expr::Path(p) => &p.path,
            _ => return false,
        };
        match path.get_ident().and_then(|i| self.scopes.get(&i.to_string())) {
            Some(Binding::Var(v)) => self.is_mutable_reference(*v),
            Some(Binding::Alias(_, by_ref)) => *by_ref == Some(true),
            _ => false,
        }
    }

    fn may_change(&self, receiver: &syn::Expr, name: &str) -> bool {
        if rules::find(name).is_some() || INERT_METHODS.contains(&name) || PURE_METHODS.contains(&name) {
            return false;
        }
        match root(receiver) {
            Some(path) => match path.get_ident().and_then(|i| self.scopes.get(&i.to_string())) {
                Some(Binding::Var(v)) => {
                    let var = &self.func.vars[*v];
                    let own = self.input.siblings.get(name).copied().unwrap_or(true);
                    let changeable = var.mutable || var.kind == VarKind::Param(Passing::RefMut);
                    changeable && var.ty != Ty::Inert && (own || !path.is_ident("self"))
                }
                Some(Binding::Alias(place, by_ref)) => *by_ref != Some(false) && place.ty != Ty::Inert,
                _ => false,
            },
            None => false,
        }
    }

    /// The value of code that has effects, where only the value matters: the effects become statements.
    pub(crate) fn inert_by_value(&mut self, e: &syn::Expr) -> Inert {
        match e {
            syn::Expr::Paren(p) => {
                let inner = self.inert(&p.expr).tokens_and_reads();
                Inert {
                    tokens: {
                        let t = inner.0;
                        quote!((#t))
                    },
                    reads: inner.1,
                }
            }
            syn::Expr::Binary(b) if matches!(b.op, syn::BinOp::And(_) | syn::BinOp::Or(_)) => self.lazy(b),
            syn::Expr::Binary(b) if super::expr::arithmetic(&b.op).is_some() || super::inert::is_comparison(&b.op) => {
                let left = self.settled(&b.left);
                let right = self.settled(&b.right);
                let (l, op, r) = (&left.tokens, &b.op, &right.tokens);
                Inert {
                    tokens: quote!((#l) #op (#r)),
                    reads: left.reads.into_iter().chain(right.reads).collect(),
                }
            }
            syn::Expr::Unary(u) if !matches!(u.op, syn::UnOp::Deref(_)) => {
                let inner = self.settled(&u.expr);
                let (op, t) = (&u.op, &inner.tokens);
                Inert {
                    tokens: quote!(#op (#t)),
                    reads: inner.reads,
                }
            }
            syn::Expr::Cast(c) => {
                let inner = self.settled(&c.expr);
                let (t, ty) = (&inner.tokens, &c.ty);
                Inert {
                    tokens: quote!(((#t) as #ty)),
                    reads: inner.reads,
                }
            }
            syn::Expr::Macro(m) => {
                self.error(
                    m.span(),
                    format!(
                        "the arguments of `{}!` change a variable: do that in a statement before",
                        macro_name(&m.mac)
                    ),
                );
                Inert {
                    tokens: TokenStream::new(),
                    reads: vec![],
                }
            }
            syn::Expr::Closure(_) => {
                self.error(
                    e.span(),
                    "this closure changes a variable where only its value would be looked at: write a loop",
                );
                Inert {
                    tokens: TokenStream::new(),
                    reads: vec![],
                }
            }
            _ => self.settled_value(e),
        }
    }

    /// An operand, kept so that later effects cannot change it.
    fn settled(&mut self, e: &syn::Expr) -> Inert {
        if self.has_effects(e) {
            return self.settled_value(e);
        }
        let inert = self.inert(e);
        if inert.reads.is_empty() {
            return inert;
        }
        self.kept(Expr::inert(inert, Ty::Inert, e.span()))
    }

    fn settled_value(&mut self, e: &syn::Expr) -> Inert {
        match e {
            syn::Expr::Binary(_)
            | syn::Expr::Unary(_)
            | syn::Expr::Cast(_)
            | syn::Expr::Paren(_)
            | syn::Expr::Macro(_)
            | syn::Expr::Closure(_) => {
                let inert = self.inert_by_value(e);
                self.kept(Expr::inert(inert, Ty::Inert, e.span()))
            }
            syn::Expr::Reference(r) => {
                self.error(
                    r.span(),
                    "a reference that is passed on from inside a condition or an index: call the function in a statement before",
                );
                Inert {
                    tokens: quote!(()),
                    reads: vec![],
                }
            }
            syn::Expr::MethodCall(m) if self.consumed_by_closure(m) => {
                self.error(
                    m.span(),
                    "a closure in this chain changes a variable where only the value of the chain is looked at: write a loop",
                );
                Inert {
                    tokens: quote!(()),
                    reads: vec![],
                }
            }
            syn::Expr::MethodCall(m) => {
                let value = self.effectful_method(m);
                self.kept(value)
            }
            _ => {
                let value = self.value(e);
                self.kept(value)
            }
        }
    }

    fn consumed_by_closure(&self, m: &syn::ExprMethodCall) -> bool {
        INERT_METHODS.contains(&m.method.to_string().as_str())
            && m.args.iter().any(|a| matches!(a, syn::Expr::Closure(_)) && self.has_effects(a))
    }

    fn kept(&mut self, value: Expr) -> Inert {
        if let ExprKind::Inert(i) = &value.kind
            && i.reads.is_empty()
        {
            return i.clone();
        }
        let value = match value.kind {
            ExprKind::Ref(place, _) => Expr::read(place, value.span),
            _ => value,
        };
        let copied = value.ty != Ty::Inert;
        let var = self.let_temp("seen", value, VarKind::Local);
        let name = &self.func.vars[var].name;
        // It is kept for the reverse sweep, so its one use must not move it.
        let tokens = if copied { quote!(__p::dup(&#name)) } else { quote!(#name) };
        Inert {
            tokens,
            reads: vec![(self.var_place(var), false)],
        }
    }

    /// `a && b` where `b` has effects: it runs only if `a` holds.
    fn lazy(&mut self, b: &syn::ExprBinary) -> Inert {
        let span = b.span();
        let left = self.inert(&b.left);
        let var = self.func.fresh("holds", span, Ty::Inert, VarKind::Local);
        self.func.vars[var].mutable = true;
        self.out.push(Stmt::Let(var, Some(Expr::inert(left, Ty::Inert, span))));
        let name = self.func.vars[var].name.clone();
        let place = Place::var(var, Ty::Inert);
        let right = self.sub_block(|l| {
            let right = l.inert(&b.right);
            l.out
                .push(Stmt::Assign(Place::var(var, Ty::Inert), Expr::inert(right, Ty::Inert, span), false));
        });
        let and = matches!(b.op, syn::BinOp::And(_));
        let tokens = if and { quote!(#name) } else { quote!(!#name) };
        let cond = Inert {
            tokens,
            reads: vec![(place.clone(), false)],
        };
        self.branch(cond, right, Default::default());
        Inert {
            tokens: quote!(#name),
            reads: vec![(place, false)],
        }
    }
}

impl Inert {
    fn tokens_and_reads(self) -> (TokenStream, Vec<(Place, bool)>) {
        (self.tokens, self.reads)
    }
}

struct Effects<'a, 'b> {
    lowerer: &'a Lowerer<'b>,
    found: bool,
}

impl<'ast> Visit<'ast> for Effects<'_, '_> {
    fn visit_expr(&mut self, e: &'ast syn::Expr) {
        match e {
            syn::Expr::Reference(r) if r.mutability.is_some() => self.found = true,
            syn::Expr::Assign(_) | syn::Expr::Try(_) | syn::Expr::Return(_) | syn::Expr::Break(_) | syn::Expr::Continue(_) => {
                self.found = true
            }
            syn::Expr::Binary(b) if super::stmt::is_compound(&b.op) => self.found = true,
            syn::Expr::Call(c) => {
                self.found |= c.args.iter().any(|a| self.lowerer.lends(a));
                if let syn::Expr::Path(p) = &*c.func
                    && let Some(ident) = p.path.get_ident()
                    && let Some(Binding::Closure(closure, _)) = self.lowerer.scopes.get(&ident.to_string())
                {
                    self.found |= self.lowerer.has_effects(&closure.body);
                }
                visit::visit_expr(self, e);
            }
            syn::Expr::MethodCall(m) => {
                self.found |= m.args.iter().any(|a| self.lowerer.lends(a)) || self.lowerer.may_change(&m.receiver, &m.method.to_string());
                visit::visit_expr(self, e);
            }
            _ => visit::visit_expr(self, e),
        }
    }
}

fn root(e: &syn::Expr) -> Option<&syn::Path> {
    match e {
        syn::Expr::Path(p) => Some(&p.path),
        syn::Expr::Field(f) => root(&f.base),
        syn::Expr::Index(i) => root(&i.expr),
        syn::Expr::Paren(p) => root(&p.expr),
        syn::Expr::Unary(u) => root(&u.expr),
        syn::Expr::Reference(r) => root(&r.expr),
        syn::Expr::MethodCall(m) => root(&m.receiver),
        _ => None,
    }
}
