//! Which variables a piece of code mentions.

use std::collections::HashSet;

use super::{Arg, Block, Expr, ExprKind, Inert, Place, Stmt, VarId};

impl Block {
    /// Every variable that the block reads, changes or declares.
    pub fn mentioned(&self) -> HashSet<VarId> {
        let mut found = Mentioned::default();
        found.block(self);
        found.0
    }
}

#[derive(Default)]
struct Mentioned(HashSet<VarId>);

impl Mentioned {
    fn place(&mut self, p: &Place) {
        self.0.insert(p.root);
        self.0.extend(p.index_reads().iter().map(|(p, _)| p.root));
    }

    fn inert(&mut self, i: &Inert) {
        i.reads.iter().for_each(|(p, _)| self.place(p));
    }

    fn expr(&mut self, e: &Expr) {
        match &e.kind {
            ExprKind::Inert(i) | ExprKind::Through(_, i) => self.inert(i),
            ExprKind::Read(p) | ExprKind::Ref(p, _) | ExprKind::CloneOf(p, _) => self.place(p),
            ExprKind::Repeat(_, len, _) => self.inert(len),
            ExprKind::Struct(_, _, Some(base)) => self.place(base),
            _ => {}
        }
        e.children().into_iter().for_each(|c| self.expr(c));
    }

    fn arg(&mut self, a: &Arg) {
        match a {
            Arg::Value(e) => self.expr(e),
            Arg::Ref(p) | Arg::RefMut(p) => self.place(p),
            Arg::Inert(i) => self.inert(i),
        }
    }

    fn block(&mut self, b: &Block) {
        b.stmts.iter().for_each(|s| self.stmt(s));
    }

    fn stmt(&mut self, s: &Stmt) {
        match s {
            Stmt::Let(v, init) => {
                self.0.insert(*v);
                init.iter().for_each(|e| self.expr(e));
            }
            Stmt::Assign(p, e, _) | Stmt::Update(p, _, e) | Stmt::Push(p, e) | Stmt::Fill(p, e) => {
                self.place(p);
                self.expr(e);
            }
            Stmt::Call(c) => {
                self.0.extend(c.dest);
                c.args.iter().for_each(|a| self.arg(a));
            }
            Stmt::If(cond, a, b) => {
                self.inert(cond);
                self.block(a);
                self.block(b);
            }
            Stmt::Match(scrutinee, arms) => {
                self.inert(scrutinee);
                arms.iter().for_each(|arm| self.block(&arm.body));
            }
            Stmt::For(f) => {
                self.inert(&f.range);
                f.exit.iter().for_each(|e| self.inert(e));
                self.block(&f.body);
            }
            Stmt::While(cond, b) => {
                self.inert(cond);
                self.block(b);
            }
            Stmt::Effect(i) => self.inert(i),
            Stmt::InertMutation(p, i) | Stmt::Truncate(p, i) => {
                self.place(p);
                self.inert(i);
            }
            Stmt::Swap(a, b) | Stmt::CopyFrom(a, b) | Stmt::Extend(a, b) => {
                self.place(a);
                self.place(b);
            }
            Stmt::Pop(v, p) => {
                self.0.extend(*v);
                self.place(p);
            }
        }
    }
}
