//! Control flow without jumps: an exit sets a flag, and the rest of its block goes into a branch.

use std::collections::HashSet;

use proc_macro2::Span;
use quote::quote;
use syn::spanned::Spanned;

use super::Lowerer;
use crate::ir::{Arm, Block, Expr, For, Inert, Place, Stmt, Ty, VarId, VarKind};

/// Something that can be left.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The label, for loops and blocks that have one.
    pub label: Option<String>,
    /// Set by `break` (or `return`, for functions).
    pub broken: VarId,
    /// Set by `continue`.
    pub continued: Option<VarId>,
    /// Receives the value of `break e` or `return e`.
    pub value: Option<VarId>,
    /// A function or an inlined closure: `return` stops here, and `break` cannot see through.
    pub function: bool,
    /// Counts as a loop for an unlabelled `break`.
    pub is_loop: bool,
}

impl Frame {
    /// The frame of a function or an inlined closure.
    pub fn function(returned: VarId, value: Option<VarId>) -> Self {
        Frame {
            label: None,
            broken: returned,
            continued: None,
            value,
            function: true,
            is_loop: false,
        }
    }
}

/// A branch that takes in the rest of its block.
pub struct Opened {
    before: Vec<Stmt>,
    branch: OpenBranch,
}

enum OpenBranch {
    If { cond: Inert, other: Block, rest_is_else: bool },
    Match { scrutinee: Inert, arms: Vec<Arm>, rest: usize },
}

/// How a lowered block may end.
#[derive(Default, Clone)]
pub struct Exits {
    /// Flags that may be set.
    pub flags: HashSet<VarId>,
    /// The end of the block is never reached.
    pub always: bool,
}

impl Lowerer<'_> {
    pub(crate) fn flag(&mut self, base: &str, span: Span) -> VarId {
        let var = self.func.fresh(base, span, Ty::Inert, VarKind::Local);
        self.func.vars[var].mutable = true;
        self.flags.insert(var, ());
        var
    }

    pub(crate) fn let_flag(&self, flag: VarId) -> Stmt {
        let init = Expr::inert(
            Inert {
                tokens: quote!(false),
                reads: vec![],
            },
            Ty::Inert,
            Span::mixed_site(),
        );
        Stmt::Let(flag, Some(init))
    }

    fn set_flag(&mut self, flag: VarId, span: Span) {
        let value = Expr::inert(
            Inert {
                tokens: quote!(true),
                reads: vec![],
            },
            Ty::Inert,
            span,
        );
        self.out.push(Stmt::Assign(Place::var(flag, Ty::Inert), value, false));
        self.exits.insert(flag);
    }

    /// Lowers into a block of its own.
    pub(crate) fn sub_block(&mut self, f: impl FnOnce(&mut Self)) -> (Block, Exits) {
        let out = std::mem::take(&mut self.out);
        let exits = std::mem::take(&mut self.exits);
        let dead = std::mem::replace(&mut self.dead, false);
        let level = self.opened.len();
        self.scopes.push();
        f(self);
        self.scopes.pop();
        self.close(level);
        let block = Block {
            stmts: std::mem::replace(&mut self.out, out),
        };
        let inner = Exits {
            flags: std::mem::replace(&mut self.exits, exits),
            always: std::mem::replace(&mut self.dead, dead),
        };
        (block, inner)
    }

    /// Ends the branches that were opened since `level`.
    pub(crate) fn close(&mut self, level: usize) {
        while self.opened.len() > level {
            let opened = self.opened.pop().expect("checked");
            let rest_block = Block {
                stmts: std::mem::replace(&mut self.out, opened.before),
            };
            self.out.push(match opened.branch {
                OpenBranch::If {
                    cond,
                    other,
                    rest_is_else: true,
                } => Stmt::If(cond, other, rest_block),
                OpenBranch::If {
                    cond,
                    other,
                    rest_is_else: false,
                } => Stmt::If(cond, rest_block, other),
                OpenBranch::Match { scrutinee, mut arms, rest } => {
                    arms[rest].body = rest_block;
                    Stmt::Match(scrutinee, arms)
                }
            });
        }
    }

    fn open(&mut self, cond: Inert, other: Block, rest: Block, rest_is_else: bool) {
        let before = std::mem::replace(&mut self.out, rest.stmts);
        self.opened.push(Opened {
            before,
            branch: OpenBranch::If { cond, other, rest_is_else },
        });
    }

    /// Places a match, each arm with its ways out, and continues where control can arrive.
    pub(crate) fn branch_match(&mut self, scrutinee: Inert, arms: Vec<(Arm, Exits)>) {
        let alive: Vec<usize> = (0..arms.len()).filter(|k| !arms[*k].1.always).collect();
        let flags: HashSet<VarId> = arms.iter().flat_map(|(_, e)| e.flags.iter().copied()).collect();
        self.exits.extend(&flags);
        let some_exit = arms.iter().any(|(_, e)| e.always);
        let survivors: HashSet<VarId> = alive.iter().flat_map(|k| arms[*k].1.flags.iter().copied()).collect();
        let mut arms: Vec<Arm> = arms.into_iter().map(|(arm, _)| arm).collect();
        match alive.as_slice() {
            [] => {
                self.out.push(Stmt::Match(scrutinee, arms));
                self.dead = true;
            }
            [rest] if some_exit => {
                let body = std::mem::take(&mut arms[*rest].body);
                let before = std::mem::replace(&mut self.out, body.stmts);
                self.opened.push(Opened {
                    before,
                    branch: OpenBranch::Match {
                        scrutinee,
                        arms,
                        rest: *rest,
                    },
                });
                self.guard(&survivors);
            }
            _ => {
                self.out.push(Stmt::Match(scrutinee, arms));
                self.guard(&flags);
            }
        }
    }

    /// The rest of this block runs only if none of the flags was set.
    pub(crate) fn guard(&mut self, flags: &HashSet<VarId>) {
        if flags.is_empty() {
            return;
        }
        self.exits.extend(flags);
        self.tested.extend(flags);
        for frame in &self.frames {
            if flags.contains(&frame.broken)
                && let Some(value) = frame.value
            {
                self.needs_default.insert(value);
            }
        }
        let cond = self.none_set(flags);
        self.open(cond, Block::default(), Block::default(), false);
    }

    pub(crate) fn none_set(&self, flags: &HashSet<VarId>) -> Inert {
        let mut sorted: Vec<VarId> = flags.iter().copied().collect();
        sorted.sort_unstable();
        let names: Vec<_> = sorted.iter().map(|f| &self.func.vars[*f].name).collect();
        let reads = sorted.iter().map(|f| (Place::var(*f, Ty::Inert), false)).collect();
        Inert {
            tokens: quote!(!(#(#names)||*)),
            reads,
        }
    }

    /// Places `if cond {then_} else {else_}`, each with its ways out, and continues where control can arrive.
    pub(crate) fn branch(&mut self, cond: Inert, then_: (Block, Exits), else_: (Block, Exits)) {
        let ((then_, then_exits), (else_, else_exits)) = (then_, else_);
        self.exits.extend(&then_exits.flags);
        self.exits.extend(&else_exits.flags);
        match (then_exits.always, else_exits.always) {
            (true, true) => {
                self.out.push(Stmt::If(cond, then_, else_));
                self.dead = true;
            }
            (true, false) => {
                self.open(cond, then_, else_, true);
                self.guard(&else_exits.flags);
            }
            (false, true) => {
                self.open(cond, else_, then_, false);
                self.guard(&then_exits.flags);
            }
            (false, false) => {
                self.out.push(Stmt::If(cond, then_, else_));
                let flags = then_exits.flags.union(&else_exits.flags).copied().collect();
                self.guard(&flags);
            }
        }
    }

    pub(crate) fn if_expr(&mut self, e: &syn::ExprIf, dest: Option<VarId>) {
        if let Some((pat, scrutinee, rest)) = split_let(&e.cond) {
            return self.if_let(pat, scrutinee, rest, e, dest);
        }
        if let Some((first, rest)) = split_late_let(&e.cond) {
            let (then_branch, else_branch) = (&e.then_branch, e.else_branch.as_ref().map(|(_, e)| quote!(else #e)));
            let nested: syn::Expr = syn::parse_quote!(if #first { if #rest #then_branch #else_branch } #else_branch);
            return self.expr_into(&nested, dest);
        }
        let cond = self.condition(&e.cond);
        let then_ = self.sub_block(|l| l.block_into(&e.then_branch, dest));
        let else_ = self.sub_block(|l| {
            if let Some((_, else_)) = &e.else_branch {
                l.expr_into(else_, dest);
            }
        });
        self.branch(cond, then_, else_);
    }

    /// A condition, evaluated once.
    pub(crate) fn condition(&mut self, e: &syn::Expr) -> Inert {
        self.inert(e)
    }

    pub(crate) fn return_expr(&mut self, e: &syn::ExprReturn) {
        let Some(frame) = self.frames.iter().rev().find(|f| f.function).cloned() else {
            return;
        };
        self.exit_with(e.expr.as_deref(), frame.value);
        self.leave_loops(&frame, e.span());
        self.set_flag(frame.broken, e.span());
        self.dead = true;
    }

    /// A result that is assigned inside a loop is assigned under a flag.
    fn leave_loops(&mut self, target: &Frame, _span: Span) {
        let inside_loop = self
            .frames
            .iter()
            .rev()
            .take_while(|f| f.broken != target.broken)
            .any(|f| f.is_loop);
        if (inside_loop || target.is_loop)
            && let Some(value) = target.value
        {
            self.needs_default.insert(value);
        }
    }

    fn exit_with(&mut self, value: Option<&syn::Expr>, dest: Option<VarId>) {
        if let (Some(value), dest) = (value, dest) {
            self.expr_into(value, dest)
        }
    }

    pub(crate) fn break_expr(&mut self, e: &syn::ExprBreak) {
        let label = e.label.as_ref().map(|l| l.ident.to_string());
        let Some(frame) = self.find_frame(label.as_deref()) else {
            return self.error(e.span(), "`break` outside of a loop");
        };
        self.exit_with(e.expr.as_deref(), frame.value);
        self.leave_loops(&frame, e.span());
        self.set_flag(frame.broken, e.span());
        self.dead = true;
    }

    pub(crate) fn continue_expr(&mut self, e: &syn::ExprContinue) {
        let label = e.label.as_ref().map(|l| l.ident.to_string());
        let flag = self.find_frame(label.as_deref()).and_then(|f| f.continued);
        match flag {
            Some(flag) => self.set_flag(flag, e.span()),
            None => self.error(e.span(), "`continue` outside of a loop"),
        }
        self.dead = true;
    }

    fn find_frame(&self, label: Option<&str>) -> Option<Frame> {
        let visible = self.frames.iter().rev().take_while(|f| !f.function);
        match label {
            Some(label) => visible.clone().find(|f| f.label.as_deref() == Some(label)).cloned(),
            None => visible.clone().find(|f| f.is_loop).cloned(),
        }
    }

    /// Lowers a loop body; gives the body, the flags that stop the loop, and those that pass on to what is around it.
    pub(crate) fn loop_body(
        &mut self,
        label: Option<&syn::Label>,
        value: Option<VarId>,
        span: Span,
        f: impl FnOnce(&mut Self),
    ) -> (Block, HashSet<VarId>) {
        let broken = self.flag("broken", span);
        let continued = self.flag("continued", span);
        self.frames.push(Frame {
            label: label.map(|l| l.name.ident.to_string()),
            broken,
            continued: Some(continued),
            value,
            function: false,
            is_loop: true,
        });
        let (mut body, exits) = self.sub_block(f);
        self.frames.pop();
        if self.tested.contains(&continued) {
            body.stmts.insert(0, self.let_flag(continued));
        }
        let mut stops = exits.flags;
        stops.remove(&continued);
        self.tested.extend(&stops);
        if stops.contains(&broken) {
            let declare = self.let_flag(broken);
            self.out.push(declare);
        }
        (body, stops)
    }

    /// After a loop: flags other than its own also guard what follows.
    pub(crate) fn after_loop(&mut self, stops: &HashSet<VarId>) {
        let outer: HashSet<VarId> = stops
            .iter()
            .copied()
            .filter(|f| self.frames.iter().any(|frame| frame.broken == *f || frame.continued == Some(*f)))
            .collect();
        self.guard(&outer);
    }

    pub(crate) fn while_expr(&mut self, e: &syn::ExprWhile) {
        if split_let(&e.cond).is_some() {
            // `while let P = s { body }` is `loop { if let P = s { body } else { break } }`.
            let (cond, body, label) = (&e.cond, &e.body, &e.label);
            let desugared: syn::ExprLoop = syn::parse_quote!(#label loop { if #cond #body else { break } });
            return self.loop_expr(&desugared, None);
        }
        if self.has_effects(&e.cond) {
            let (cond, body, label) = (&e.cond, &e.body, &e.label);
            let desugared: syn::ExprLoop = syn::parse_quote!(#label loop { if #cond #body else { break } });
            return self.loop_expr(&desugared, None);
        }
        let span = e.while_token.span;
        let (body, stops) = self.loop_body(e.label.as_ref(), None, span, |l| l.block_into(&e.body, None));
        let cond = self.inert(&e.cond);
        let cond = self.loop_condition(Some(cond), &stops);
        self.out.push(Stmt::While(cond, body));
        self.after_loop(&stops);
    }

    fn loop_condition(&self, cond: Option<Inert>, stops: &HashSet<VarId>) -> Inert {
        let mut all = if stops.is_empty() {
            Inert {
                tokens: quote!(true),
                reads: vec![],
            }
        } else {
            self.none_set(stops)
        };
        if let Some(cond) = cond {
            let (flags, tokens) = (&all.tokens, &cond.tokens);
            all.tokens = if stops.is_empty() {
                quote!(#tokens)
            } else {
                quote!(#flags && (#tokens))
            };
            all.reads.extend(cond.reads);
        }
        all
    }

    pub(crate) fn loop_expr(&mut self, e: &syn::ExprLoop, dest: Option<VarId>) {
        let span = e.loop_token.span;
        let (body, stops) = self.loop_body(e.label.as_ref(), dest, span, |l| l.block_into(&e.body, None));
        let cond = self.loop_condition(None, &stops);
        self.out.push(Stmt::While(cond, body));
        self.after_loop(&stops);
    }

    /// `'a: { .. break 'a v .. }`
    pub(crate) fn labelled_block(&mut self, e: &syn::ExprBlock, dest: Option<VarId>) {
        let label = e.label.as_ref().map(|l| l.name.ident.to_string());
        let body = e.block.clone();
        self.leavable(label, false, dest, e.span(), |l| l.block_into(&body, dest));
    }

    /// Code that may be left early, by a labelled `break` or by the `return` of an inlined closure.
    pub(crate) fn leavable(&mut self, label: Option<String>, function: bool, value: Option<VarId>, span: Span, f: impl FnOnce(&mut Self)) {
        let broken = self.flag("left", span);
        self.frames.push(Frame {
            label,
            broken,
            continued: None,
            value,
            function,
            is_loop: false,
        });
        let (mut block, mut exits) = self.sub_block(f);
        self.frames.pop();
        exits.flags.remove(&broken);
        if self.tested.contains(&broken) {
            let declare = self.let_flag(broken);
            self.out.push(declare);
        }
        self.out.append(&mut block.stmts);
        self.dead |= exits.always && !exits.flags.is_empty();
        self.guard(&exits.flags);
    }

    /// A loop over `range`, the index bound by `f`.
    pub(crate) fn for_loop(&mut self, label: Option<&syn::Label>, var: VarId, range: Inert, span: Span, f: impl FnOnce(&mut Self)) {
        let (body, stops) = self.loop_body(label, None, span, f);
        let exit = (!stops.is_empty()).then(|| {
            let none = self.none_set(&stops);
            let tokens = none.tokens;
            Inert {
                tokens: quote!(!#tokens),
                reads: none.reads,
            }
        });
        self.out.push(Stmt::For(For { var, range, exit, body }));
        self.after_loop(&stops);
    }
}

/// Splits `let P = e` and `let P = e && rest`.
pub(crate) fn split_let(cond: &syn::Expr) -> Option<(&syn::Pat, &syn::Expr, Option<&syn::Expr>)> {
    match cond {
        syn::Expr::Let(l) => Some((&l.pat, &l.expr, None)),
        syn::Expr::Paren(p) => split_let(&p.expr),
        syn::Expr::Binary(b) if matches!(b.op, syn::BinOp::And(_)) => match split_let(&b.left) {
            Some((pat, e, None)) => Some((pat, e, Some(&b.right))),
            _ => None,
        },
        _ => None,
    }
}

/// `a && let P = e` is two conditions.
fn split_late_let(cond: &syn::Expr) -> Option<(&syn::Expr, &syn::Expr)> {
    match cond {
        syn::Expr::Paren(p) => split_late_let(&p.expr),
        syn::Expr::Binary(b) if matches!(b.op, syn::BinOp::And(_)) && has_let(&b.right) && !has_let(&b.left) => Some((&b.left, &b.right)),
        _ => None,
    }
}

fn has_let(e: &syn::Expr) -> bool {
    match e {
        syn::Expr::Let(_) => true,
        syn::Expr::Paren(p) => has_let(&p.expr),
        syn::Expr::Binary(b) => has_let(&b.left) || has_let(&b.right),
        _ => false,
    }
}

/// `let var;` becomes `let mut var = init;`.
pub(crate) fn initialise(stmts: &mut [Stmt], var: VarId, init: &Expr) {
    for stmt in stmts {
        match stmt {
            Stmt::Let(v, value @ None) if *v == var => *value = Some(init.clone()),
            Stmt::If(_, a, b) => {
                initialise(&mut a.stmts, var, init);
                initialise(&mut b.stmts, var, init);
            }
            Stmt::Match(_, arms) => arms.iter_mut().for_each(|arm| initialise(&mut arm.body.stmts, var, init)),
            Stmt::For(f) => initialise(&mut f.body.stmts, var, init),
            Stmt::While(_, b) => initialise(&mut b.stmts, var, init),
            _ => {}
        }
    }
}

/// First assignments of `var` become ordinary ones.
pub(crate) fn weaken(stmts: &mut [Stmt], var: VarId) {
    for stmt in stmts {
        match stmt {
            Stmt::Assign(place, _, first) if place.root == var => *first = false,
            Stmt::If(_, a, b) => {
                weaken(&mut a.stmts, var);
                weaken(&mut b.stmts, var);
            }
            Stmt::Match(_, arms) => arms.iter_mut().for_each(|arm| weaken(&mut arm.body.stmts, var)),
            Stmt::For(f) => weaken(&mut f.body.stmts, var),
            Stmt::While(_, b) => weaken(&mut b.stmts, var),
            _ => {}
        }
    }
}

/// Drops assignments to flags that nothing tests.
pub(crate) fn drop_flags(stmts: &mut Vec<Stmt>, untested: &HashSet<VarId>) {
    stmts.retain(|stmt| match stmt {
        Stmt::Assign(place, ..) => !untested.contains(&place.root),
        Stmt::Let(var, _) => !untested.contains(var),
        _ => true,
    });
    for stmt in stmts {
        match stmt {
            Stmt::If(_, a, b) => {
                drop_flags(&mut a.stmts, untested);
                drop_flags(&mut b.stmts, untested);
            }
            Stmt::Match(_, arms) => arms.iter_mut().for_each(|arm| drop_flags(&mut arm.body.stmts, untested)),
            Stmt::For(f) => drop_flags(&mut f.body.stmts, untested),
            Stmt::While(_, b) => drop_flags(&mut b.stmts, untested),
            _ => {}
        }
    }
}
