//! What a loop is made of: sums whose order does not matter, loops inside.

use std::collections::HashSet;

use super::for_reads;
use crate::ir::{Block, Stmt, VarId};

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
