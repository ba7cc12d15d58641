//! Activity: which variables may depend on the inputs that derivatives are taken by.

use std::collections::HashSet;

use crate::ir::{Arg, Block, Call, Expr, ExprKind, Function, Passing, Place, Stmt, Ty, VarId, VarKind};
use crate::mutant::{self, Mutant};

/// The varied variables, by name.
pub struct Activity {
    active: HashSet<VarId>,
    inert: HashSet<VarId>,
    /// What can be called, and may change what it captured.
    callables: HashSet<VarId>,
}

impl Activity {
    /// Fixpoint over the function.
    pub fn of(f: &Function) -> Self {
        let inert = f
            .vars
            .iter()
            .enumerate()
            .filter(|(_, v)| v.ty == Ty::Inert)
            .map(|(k, _)| k)
            .collect();
        let active = f.params.iter().filter(|p| p.active).map(|p| p.var).collect();
        let mut activity = Activity {
            active,
            inert,
            callables: f.callables.clone(),
        };
        loop {
            let before = activity.active.len();
            activity.block(&f.body);
            if activity.active.len() == before {
                return activity;
            }
        }
    }

    /// Whether the variable is active.
    pub fn var(&self, var: VarId) -> bool {
        self.active.contains(&var)
    }

    /// Whether what stands at the place is active.
    pub fn place(&self, place: &Place) -> bool {
        self.var(place.root) && place.ty != Ty::Inert
    }

    /// Whether a derivative flows through the expression.
    pub fn expr(&self, e: &Expr) -> bool {
        if e.ty == Ty::Inert {
            return false;
        }
        match &e.kind {
            ExprKind::Inert(_) | ExprKind::Const(_) | ExprKind::ZeroOf(_) => false,
            ExprKind::Read(p) | ExprKind::Ref(p, _) | ExprKind::CloneOf(p, _) => self.place(p),
            ExprKind::Math(rule, args) => args.iter().enumerate().any(|(k, a)| !rule.is_zero(k) && self.expr(a)),
            ExprKind::Struct(_, fields, base) => fields.iter().any(|(_, e)| self.expr(e)) || base.as_ref().is_some_and(|b| self.place(b)),
            _ => e.children().into_iter().any(|c| self.expr(c)),
        }
    }

    /// Whether the call takes part in the derivative.
    pub fn call(&self, c: &Call) -> bool {
        c.args.iter().any(|a| self.arg(a))
    }

    /// Whether an argument is active.
    pub fn arg(&self, a: &Arg) -> bool {
        match a {
            Arg::Value(e) => self.expr(e),
            Arg::Ref(p) | Arg::RefMut(p) => self.place(p),
            Arg::Inert(_) => false,
        }
    }

    fn called(&self, a: &Arg) -> Option<VarId> {
        match a {
            Arg::Ref(p)
            | Arg::Value(Expr {
                kind: ExprKind::Read(p), ..
            }) => self.callables.get(&p.root).copied(),
            _ => None,
        }
    }

    /// Whether the call may change an active variable.
    pub fn changes(&self, c: &Call) -> bool {
        c.args.iter().any(|a| match a {
            Arg::RefMut(p) => self.place(p),
            _ => self.called(a).is_some_and(|v| self.var(v)),
        })
    }

    fn mark(&mut self, var: VarId) {
        if !self.inert.contains(&var) {
            self.active.insert(var);
        }
    }

    fn block(&mut self, b: &Block) {
        for stmt in &b.stmts {
            self.stmt(stmt);
        }
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Let(v, Some(e)) if self.expr(e) => self.mark(*v),
            Stmt::Assign(p, e, _) | Stmt::Update(p, _, e) | Stmt::Push(p, e) | Stmt::Fill(p, e)
                if self.expr(e) && !mutant::on(Mutant::AssignedStaysInactive) =>
            {
                self.mark(p.root);
            }
            Stmt::Call(c) if self.call(c) => {
                c.dest.iter().for_each(|d| self.mark(*d));
                for arg in &c.args {
                    if let Arg::RefMut(p) = arg
                        && !mutant::on(Mutant::ReferenceStaysInactive)
                    {
                        self.mark(p.root);
                    }
                    if let Some(var) = self.called(arg) {
                        self.mark(var);
                    }
                }
            }
            Stmt::If(_, a, b) => {
                self.block(a);
                self.block(b);
            }
            Stmt::Match(_, arms) => arms.iter().for_each(|arm| self.block(&arm.body)),
            Stmt::For(f) => self.block(&f.body),
            Stmt::While(_, b) => self.block(b),
            Stmt::Swap(a, b) if (self.place(a) || self.place(b)) && !mutant::on(Mutant::SwappedStaysInactive) => {
                self.mark(a.root);
                self.mark(b.root);
            }
            Stmt::Pop(Some(v), p) if self.place(p) => self.mark(*v),
            Stmt::CopyFrom(d, s) | Stmt::Extend(d, s) if self.place(s) => self.mark(d.root),
            _ => {}
        }
    }
}

/// A parameter that holds a reference.
pub fn is_mut_param(f: &Function, var: VarId) -> bool {
    f.vars[var].kind == VarKind::Param(Passing::RefMut)
}
