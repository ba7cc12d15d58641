//! What makes a loop cheap to reverse: sums whose order does not matter, and slices that stay where they are.

use std::collections::HashSet;

use super::layout::Layout;
use super::vjp::for_reads;
use crate::ir::{Arg, Block, Expr, For, Inert, Place, Proj, Stmt, VarId};

/// The body forms sums only, and none of them feeds another: its iterations may be reversed in any order.
pub fn order_free(body: &Block) -> bool {
    let (mut targets, mut reads) = (HashSet::new(), HashSet::new());
    sums_only(body, &mut targets, &mut reads) && targets.is_disjoint(&reads)
}

fn sums_only(body: &Block, targets: &mut HashSet<VarId>, reads: &mut HashSet<VarId>) -> bool {
    body.stmts.iter().all(|s| match s {
        Stmt::Let(_, Some(e)) => {
            for_reads(e, &mut |p| {
                reads.insert(p.root);
            });
            true
        }
        Stmt::Update(p, _, e) => {
            targets.insert(p.root);
            for_reads(e, &mut |p| {
                reads.insert(p.root);
            });
            p.index_reads().iter().for_each(|(p, _)| {
                reads.insert(p.root);
            });
            true
        }
        Stmt::For(f) => f.exit.is_none() && sums_only(&f.body, targets, reads),
        _ => false,
    })
}

/// Whether the code mentions a name.
pub fn names(code: &proc_macro2::TokenStream, name: &str) -> bool {
    code.clone().into_iter().any(|t| match t {
        proc_macro2::TokenTree::Ident(i) => i == name,
        proc_macro2::TokenTree::Group(g) => names(&g.stream(), name),
        _ => false,
    })
}

/// No loop inside.
pub fn is_innermost(body: &Block) -> bool {
    body.stmts.iter().all(|s| match s {
        Stmt::For(_) | Stmt::While(..) => false,
        Stmt::If(_, a, b) => is_innermost(a) && is_innermost(b),
        Stmt::Match(_, arms) => arms.iter().all(|arm| is_innermost(&arm.body)),
        _ => true,
    })
}

/// Slices of variables that the loop at `pos` does not change, with bounds that it does not change: the place up to
/// and with the slice, and whether the loop touches the variable through this slice only.
pub fn fixed_slices(f: &For, pos: usize, layout: &Layout) -> Vec<(Place, bool)> {
    let mut all = vec![];
    places(&f.body, &mut all);
    let changed = |var: VarId| layout.mutations.iter().any(|m| m.var == var && m.loops.contains(&pos));
    let inside = |var: VarId| layout.decl_loops[var].contains(&pos);
    let mut found: Vec<(Place, bool)> = vec![];
    for place in &all {
        let Some(k) = place.projs.iter().position(|p| matches!(p, Proj::Slice(..))) else {
            continue;
        };
        let elements = matches!(place.projs.get(k + 1), Some(Proj::Index(_)));
        let Some(key) = place.slice_key().filter(|_| elements) else {
            continue;
        };
        let slice = Place {
            root: place.root,
            projs: place.projs[..=k].to_vec(),
            ty: crate::ir::Ty::Slice(Box::new(place.ty.clone())),
        };
        let fixed = slice.index_reads().iter().all(|(p, _)| !changed(p.root) && !inside(p.root));
        if !fixed
            || changed(place.root)
            || inside(place.root)
            || found
                .iter()
                .any(|(p, _)| p.root == place.root && p.slice_key().as_ref() == Some(&key))
        {
            continue;
        }
        let alone = !layout.lent_in.contains(&(place.root, pos))
            && all
                .iter()
                .filter(|p| p.root == place.root)
                .all(|p| p.slice_key().as_ref() == Some(&key) && matches!(p.projs.get(k + 1), Some(Proj::Index(_))));
        found.push((slice, alone));
    }
    found
}

fn inert_places(i: &Inert, out: &mut Vec<Place>) {
    out.extend(i.reads.iter().map(|(p, _)| p.clone()));
}

fn expr_places(e: &Expr, out: &mut Vec<Place>) {
    for_reads(e, &mut |p| out.push(p.clone()));
}

/// Every place that the block reads or changes.
pub fn places(b: &Block, out: &mut Vec<Place>) {
    for s in &b.stmts {
        match s {
            Stmt::Let(_, Some(e)) => expr_places(e, out),
            Stmt::Let(_, None) => {}
            Stmt::Assign(p, e, _) | Stmt::Update(p, _, e) | Stmt::Push(p, e) | Stmt::Fill(p, e) => {
                out.push(p.clone());
                out.extend(p.index_reads().into_iter().map(|(p, _)| p));
                expr_places(e, out);
            }
            Stmt::Call(c) => {
                for a in &c.args {
                    match a {
                        Arg::Value(e) => expr_places(e, out),
                        Arg::Ref(p) | Arg::RefMut(p) => out.push(p.clone()),
                        Arg::Inert(i) => inert_places(i, out),
                    }
                }
            }
            Stmt::If(c, a, b) => {
                inert_places(c, out);
                places(a, out);
                places(b, out);
            }
            Stmt::Match(s, arms) => {
                inert_places(s, out);
                arms.iter().for_each(|arm| places(&arm.body, out));
            }
            Stmt::For(f) => {
                inert_places(&f.range, out);
                places(&f.body, out);
            }
            Stmt::While(c, b) => {
                inert_places(c, out);
                places(b, out);
            }
            Stmt::Effect(i) => inert_places(i, out),
            Stmt::InertMutation(p, i) | Stmt::Truncate(p, i) => {
                out.push(p.clone());
                inert_places(i, out);
            }
            Stmt::Swap(a, b) | Stmt::CopyFrom(a, b) | Stmt::Extend(a, b) => out.extend([a.clone(), b.clone()]),
            Stmt::Pop(_, p) => out.push(p.clone()),
        }
    }
}

/// Calls `f` for every expression of the block, parts included.
pub fn expressions(b: &Block, f: &mut dyn FnMut(&Expr)) {
    fn parts(e: &Expr, f: &mut dyn FnMut(&Expr)) {
        f(e);
        e.children().into_iter().for_each(|c| parts(c, f));
    }
    for s in &b.stmts {
        match s {
            Stmt::Let(_, Some(e)) | Stmt::Assign(_, e, _) | Stmt::Update(_, _, e) | Stmt::Push(_, e) | Stmt::Fill(_, e) => parts(e, f),
            Stmt::Call(c) => c.args.iter().for_each(|a| {
                if let Arg::Value(e) = a {
                    parts(e, f);
                }
            }),
            Stmt::If(_, a, b) => {
                expressions(a, f);
                expressions(b, f);
            }
            Stmt::Match(_, arms) => arms.iter().for_each(|arm| expressions(&arm.body, f)),
            Stmt::For(l) => expressions(&l.body, f),
            Stmt::While(_, b) => expressions(b, f),
            _ => {}
        }
    }
}
