//! Walks over all places and all expressions of a block.

use super::for_reads;
use crate::ir::{Arg, Block, Expr, Inert, Place, Stmt};

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
