//! What the reverse sweep reads of the primal: every read that is printed is noted (`Needs`).

use proc_macro2::TokenStream;

use super::{Need, Vjp};
use crate::ir::{Expr, ExprKind, Inert, Place, Proj};
use crate::mutant::{self, Mutant};

impl Vjp<'_> {
    pub(super) fn need(&self, place: &Place, shape: bool, pos: usize, loops: Vec<usize>) {
        if shape && mutant::on(Mutant::ShapeNeedForgotten) {
            return;
        }
        let need = Need {
            var: place.root,
            path: place.field_path(),
            pos,
            loops,
            shape,
        };
        self.found.borrow_mut().reads.insert(need);
    }

    pub(super) fn need_here(&self, place: &Place, shape: bool) {
        self.need(place, shape, self.pos.get(), self.loops.borrow().clone());
        if mutant::on(Mutant::IndexNeedForgotten) {
            return;
        }
        for (read, shape) in place.index_reads() {
            self.need(&read, shape, self.pos.get(), self.loops.borrow().clone());
        }
    }

    /// Finding a place reads its indices; through a variant or payload also the place itself.
    pub(super) fn need_path(&self, place: &Place) {
        if mutant::on(Mutant::IndexNeedForgotten) {
            return;
        }
        for (read, shape) in place.index_reads() {
            self.need(&read, shape, self.pos.get(), self.loops.borrow().clone());
        }
        if place.projs.iter().any(|p| matches!(p, Proj::UserIndex(..))) {
            self.need(place, true, self.pos.get(), self.loops.borrow().clone());
        }
    }

    pub(super) fn need_inert(&self, i: &Inert) {
        for (read, shape) in &i.reads {
            self.need_here(read, *shape);
        }
    }

    /// Notes all that printing the expression reads.
    pub(super) fn need_expr(&self, e: &Expr) {
        match &e.kind {
            ExprKind::Inert(i) => self.need_inert(i),
            ExprKind::Read(p) | ExprKind::Ref(p, _) | ExprKind::CloneOf(p, _) => self.need_here(p, false),
            ExprKind::Repeat(_, len, _) => self.need_inert(len),
            ExprKind::Struct(_, _, Some(base)) => self.need_here(base, false),
            _ => {}
        }
        e.children().into_iter().for_each(|c| self.need_expr(c));
    }

    /// The value of an expression, computed again.
    pub(super) fn value(&self, e: &Expr) -> TokenStream {
        self.need_expr(e);
        self.again.expr(e)
    }
}

/// Calls `f` for every place an expression reads.
pub fn for_reads(e: &Expr, f: &mut dyn FnMut(&Place)) {
    match &e.kind {
        ExprKind::Inert(i) => i.reads.iter().for_each(|(p, _)| f(p)),
        ExprKind::Read(p) | ExprKind::Ref(p, _) | ExprKind::CloneOf(p, _) => {
            f(p);
            p.index_reads().iter().for_each(|(p, _)| f(p));
        }
        ExprKind::Repeat(_, len, _) => len.reads.iter().for_each(|(p, _)| f(p)),
        ExprKind::Struct(_, _, Some(base)) => f(base),
        _ => {}
    }
    e.children().into_iter().for_each(|c| for_reads(c, f));
}
