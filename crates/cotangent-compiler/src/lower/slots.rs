//! A result without a value to start from is assigned through an `Option`, and unwrapped where it is first used.

use quote::quote;

use super::sink::{mentions, only_branch};
use crate::ir::{Expr, ExprKind, Function, Inert, Place, Proj, Stmt, Ty, VarId, VarKind};

/// Makes the assignments of `let var;` go to an option, and declares `var` from it after the last of them.
pub fn through_option(stmts: &mut Vec<Stmt>, var: VarId, f: &mut Function) {
    let span = f.vars[var].name.span();
    let ty = Ty::Option(Box::new(f.vars[var].ty.clone()));
    let slot = f.fresh("slot", span, ty.clone(), VarKind::Local);
    f.vars[slot].mutable = true;
    let is_result = f.ret == Some(var);
    let payload = Place::var(slot, ty.clone()).then(Proj::Payload, f.vars[var].ty.clone());
    let unwrap = Stmt::Let(var, Some(Expr::read(payload, span)));
    let none = Inert {
        tokens: quote!(::core::option::Option::None),
        reads: vec![],
    };
    let start = Stmt::Let(slot, Some(Expr::inert(none, ty.clone(), span)));
    rewrite(stmts, var, slot, &ty, &start, &unwrap, is_result);
}

fn rewrite(stmts: &mut Vec<Stmt>, var: VarId, slot: VarId, ty: &Ty, start: &Stmt, unwrap: &Stmt, is_result: bool) {
    let Some(k) = stmts.iter().position(|s| matches!(s, Stmt::Let(v, None) if *v == var)) else {
        for s in stmts {
            match s {
                Stmt::If(_, a, b) => {
                    rewrite(&mut a.stmts, var, slot, ty, start, unwrap, is_result);
                    rewrite(&mut b.stmts, var, slot, ty, start, unwrap, is_result);
                }
                Stmt::Match(_, arms) => {
                    arms.iter_mut()
                        .for_each(|arm| rewrite(&mut arm.body.stmts, var, slot, ty, start, unwrap, is_result));
                }
                Stmt::For(f) => rewrite(&mut f.body.stmts, var, slot, ty, start, unwrap, is_result),
                Stmt::While(_, b) => rewrite(&mut b.stmts, var, slot, ty, start, unwrap, is_result),
                _ => {}
            }
        }
        return;
    };
    stmts[k] = start.clone();
    let last = (k..stmts.len()).rev().find(|j| assigns(&stmts[*j], var)).unwrap_or(k);
    redirect(stmts, var, slot, ty);
    if is_result {
        stmts.push(unwrap.clone());
        return;
    }
    let users: Vec<usize> = (last + 1..stmts.len()).filter(|j| mentions(&stmts[*j], var)).collect();
    if let [user] = users.as_slice()
        && let Some(branch) = only_branch(&mut stmts[*user], var)
    {
        branch.stmts.insert(0, unwrap.clone());
        return;
    }
    stmts.insert(last + 1, unwrap.clone());
}

fn assigns(s: &Stmt, var: VarId) -> bool {
    match s {
        Stmt::Assign(p, _, true) => p.root == var,
        Stmt::If(_, a, b) => a.stmts.iter().chain(&b.stmts).any(|s| assigns(s, var)),
        Stmt::Match(_, arms) => arms.iter().any(|arm| arm.body.stmts.iter().any(|s| assigns(s, var))),
        Stmt::For(f) => f.body.stmts.iter().any(|s| assigns(s, var)),
        Stmt::While(_, b) => b.stmts.iter().any(|s| assigns(s, var)),
        _ => false,
    }
}

fn redirect(stmts: &mut [Stmt], var: VarId, slot: VarId, ty: &Ty) {
    for s in stmts {
        match s {
            Stmt::Assign(p, e, first @ true) if p.root == var => {
                let value = e.clone();
                let span = value.span;
                let kind = ExprKind::Wrap(syn::parse_quote!(::core::option::Option::Some), Box::new(value));
                (*p, *e, *first) = (
                    Place::var(slot, ty.clone()),
                    Expr {
                        kind,
                        ty: ty.clone(),
                        span,
                    },
                    false,
                );
            }
            Stmt::If(_, a, b) => {
                redirect(&mut a.stmts, var, slot, ty);
                redirect(&mut b.stmts, var, slot, ty);
            }
            Stmt::Match(_, arms) => arms.iter_mut().for_each(|arm| redirect(&mut arm.body.stmts, var, slot, ty)),
            Stmt::For(f) => redirect(&mut f.body.stmts, var, slot, ty),
            Stmt::While(_, b) => redirect(&mut b.stmts, var, slot, ty),
            _ => {}
        }
    }
}
