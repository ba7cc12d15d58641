//! Reverse mode: forward code that records, and a reverse sweep that restores.
//!
//! The reverse sweep runs in the state the forward sweep left: each statement's changes are undone before its adjoint
//! runs, so that adjoints see the values the statement saw. Only what some adjoint reads is undone (`Needs`), which
//! is found by emitting until nothing new is read.

use std::cell::{Cell, RefCell};

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};

use super::activity::{Activity, is_mut_param};
use super::layout::{Layout, keeps_shape};
use super::needs::{Need, Needs};
use super::print::{Printer, static_zero};
use crate::ir::{Access, Arg, Arm, Block, Call, Expr, ExprKind, For, Function, Inert, Op, Place, Stmt, Target, Ty, VarId, VarKind};
use crate::mutant::{self, Mutant};

/// The two halves of a function's code.
pub struct Sweeps {
    /// Declarations of witnesses.
    pub witnesses: TokenStream,
    /// Forward code; records on the tape.
    pub forward: TokenStream,
    /// Reverse code; takes from the tape.
    pub reverse: TokenStream,
    /// Name of each variable's cotangent.
    pub bars: Vec<Ident>,
}

/// Emits both sweeps.
pub fn sweeps(f: &Function, generic: Option<Ident>) -> Sweeps {
    let layout = Layout::of(f);
    let activity = Activity::of(f);
    let bars = bar_names(f);
    let mut known = Needs::default();
    for _ in 0..64 {
        let vjp = Vjp::new(f, &layout, &activity, &bars, &known, generic.clone());
        let (forward, reverse) = vjp.block(&f.body, 0);
        let (entry, end) = vjp.snapshots();
        let (forward, reverse) = (quote!(#entry #forward), quote!(#reverse #end));
        let found = vjp.found.into_inner();
        let complete = found.reads.is_subset(&known.reads) && found.definers == known.definers;
        if complete {
            let witnesses = vjp.witnesses.into_inner();
            return Sweeps {
                witnesses: quote!(#(let #witnesses = __p::Witness::new();)*),
                forward,
                reverse,
                bars,
            };
        }
        known.reads.extend(found.reads);
        known.definers = found.definers;
    }
    unreachable!("every round finds a new read, and there are finitely many")
}

fn bar_names(f: &Function) -> Vec<Ident> {
    let mut names = f.names.clone();
    f.vars
        .iter()
        .map(|v| {
            let base = v.name.to_string();
            let base = base.trim_start_matches("r#");
            let mut name = format!("{base}_bar");
            while !names.insert(name.clone()) {
                name.push('_');
            }
            Ident::new(&name, Span::mixed_site())
        })
        .collect()
}

pub(super) struct Vjp<'f> {
    pub f: &'f Function,
    pub layout: &'f Layout,
    pub activity: &'f Activity,
    pub bars: &'f [Ident],
    known: &'f Needs,
    found: RefCell<Needs>,
    witnesses: RefCell<Vec<Ident>>,
    names: Cell<usize>,
    pub pos: Cell<usize>,
    blocks: Cell<usize>,
    loops: RefCell<Vec<usize>>,
    /// The block whose statement is being emitted.
    pub block_id: Cell<usize>,
    pub forward: Printer<'f>,
    pub again: Printer<'f>,
    pub defined: RefCell<std::collections::HashSet<VarId>>,
    /// The loops that the named slices belong to.
    named_in: RefCell<Vec<usize>>,
    /// Positions of the `for` loops around the statement.
    for_loops: RefCell<Vec<usize>>,
    /// Variables that statements of this function change themselves.
    writes: RefCell<std::collections::HashSet<VarId>>,
    /// Sums that a loop keeps apart from the place they belong to: its position, the place's code, the sum.
    sums: RefCell<Vec<(usize, String, TokenStream, Ident)>>,
}

impl<'f> Vjp<'f> {
    fn new(
        f: &'f Function,
        layout: &'f Layout,
        activity: &'f Activity,
        bars: &'f [Ident],
        known: &'f Needs,
        generic: Option<Ident>,
    ) -> Self {
        Vjp {
            f,
            layout,
            activity,
            bars,
            known,
            found: RefCell::default(),
            witnesses: RefCell::default(),
            names: Cell::new(0),
            pos: Cell::new(0),
            blocks: Cell::new(0),
            loops: RefCell::default(),
            block_id: Cell::new(0),
            forward: Printer {
                f,
                generic: generic.clone(),
                access: Access::Shared,
                named: Default::default(),
            },
            again: Printer {
                f,
                generic,
                access: Access::Again,
                named: Default::default(),
            },
            defined: RefCell::default(),
            for_loops: RefCell::default(),
            named_in: RefCell::default(),
            writes: RefCell::default(),
            sums: RefCell::default(),
        }
    }

    pub fn fresh(&self, base: &str) -> Ident {
        let n = self.names.get() + 1;
        self.names.set(n);
        format_ident!("__{}{}", base, n, span = Span::mixed_site())
    }

    // ---- reads of the primal in the reverse sweep

    fn need(&self, place: &Place, shape: bool, pos: usize, loops: Vec<usize>) {
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

    pub fn need_here(&self, place: &Place, shape: bool) {
        self.need(place, shape, self.pos.get(), self.loops.borrow().clone());
        if mutant::on(Mutant::IndexNeedForgotten) {
            return;
        }
        for (read, shape) in place.index_reads() {
            self.need(&read, shape, self.pos.get(), self.loops.borrow().clone());
        }
    }

    /// Finding a place reads its indices; through a variant or payload also the place itself.
    pub fn need_path(&self, place: &Place) {
        if mutant::on(Mutant::IndexNeedForgotten) {
            return;
        }
        for (read, shape) in place.index_reads() {
            self.need(&read, shape, self.pos.get(), self.loops.borrow().clone());
        }
        if place.projs.iter().any(|p| matches!(p, crate::ir::Proj::UserIndex(..))) {
            self.need(place, true, self.pos.get(), self.loops.borrow().clone());
        }
    }

    pub fn need_inert(&self, i: &Inert) {
        for (read, shape) in &i.reads {
            self.need_here(read, *shape);
        }
    }

    /// Notes all that printing the expression reads.
    pub fn need_expr(&self, e: &Expr) {
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
    pub fn value(&self, e: &Expr) -> TokenStream {
        self.need_expr(e);
        self.again.expr(e)
    }

    /// The cotangent of a place.
    pub fn bar(&self, place: &Place) -> TokenStream {
        self.need_path(place);
        place.print_bar_with(&self.f.vars, &self.bars[place.root], &self.again.named.borrow())
    }

    pub fn active(&self, var: VarId) -> bool {
        self.activity.var(var)
    }

    // ---- keeping values for the reverse sweep

    /// Keeps a value: captured at function level, on the tape inside loops and branches.
    fn keep(&self, value: TokenStream, depth: usize) -> (TokenStream, TokenStream) {
        if depth == 0 {
            let name = self.fresh("kept");
            return (quote!(let #name = #value;), quote!(#name));
        }
        let witness = self.witness();
        (quote!(__tape.push(&#witness, #value);), quote!(__tape.pop(&#witness)))
    }

    fn witness(&self) -> Ident {
        let name = self.fresh("w");
        self.witnesses.borrow_mut().push(name.clone());
        name
    }

    /// Whether the change that the statement makes at `place` must be undone.
    fn must_restore(&self, place: &Place) -> bool {
        self.writes.borrow_mut().insert(place.root);
        if self.snapshot(place.root) || mutant::on(Mutant::SaveSkipped) {
            return false;
        }
        if is_mut_param(self.f, place.root) {
            return true;
        }
        let loops = self.loops.borrow();
        self.known.restore(
            self.layout,
            place.root,
            &place.field_path(),
            self.pos.get(),
            &loops,
            keeps_shape(place),
        )
    }

    /// A `&mut` slice of floats that the reverse sweep does not read is copied once, at entry, for the caller.
    pub fn snapshot(&self, var: VarId) -> bool {
        is_mut_param(self.f, var)
            && matches!(&self.f.vars[var].ty, Ty::Slice(t) if t.is_float())
            && self.layout.mutations.iter().any(|m| m.var == var)
            && !self.known.reads.iter().any(|n| n.var == var && !n.shape)
    }

    /// Code at entry and at the end of the reverse sweep for parameters that are copied whole.
    fn snapshots(&self) -> (TokenStream, TokenStream) {
        let (mut entry, mut end) = (TokenStream::new(), TokenStream::new());
        for p in self.f.params.iter().filter(|p| self.snapshot(p.var)) {
            // Own writes only: callees restore what they change.
            let written = self.writes.borrow().contains(&p.var);
            if written {
                let (w, name) = (self.witness(), &self.f.vars[p.var].name);
                entry.extend(quote!(__tape.push_slice(&#w, &*#name);));
                end = quote!(__tape.pop_slice(&#w, &mut *#name); #end);
            }
        }
        (entry, end)
    }

    // ---- blocks

    fn block(&self, b: &Block, depth: usize) -> (TokenStream, TokenStream) {
        let id = self.blocks.get();
        self.blocks.set(id + 1);
        let mut starts = vec![];
        let mut declared = vec![];
        let (mut forward, mut backward) = (TokenStream::new(), vec![]);
        for stmt in &b.stmts {
            self.pos.set(self.pos.get() + 1);
            starts.push(self.pos.get());
            self.block_id.set(id);
            let (fwd, rev) = self.stmt(stmt, depth);
            forward.extend(fwd);
            backward.push(rev);
            match stmt {
                Stmt::Let(v, init) => declared.push((*v, init.as_ref(), self.pos.get())),
                Stmt::Call(Call { dest: Some(v), .. }) | Stmt::Pop(Some(v), _) => declared.push((*v, None, self.pos.get())),
                _ => {}
            }
        }
        let end = self.pos.get();
        debug_assert_eq!(self.layout.block_end[id], end);
        self.block_id.set(id);
        starts.push(end + 1);
        let (keep, prologue, bars_code, before) = self.locals(&declared, depth, &starts);
        forward.extend(keep);
        let mut reverse = prologue;
        let bars = bars_code;
        if mutant::on(Mutant::ReverseOrderForward) {
            backward.reverse();
        }
        let last = backward.len();
        if last == 0 {
            reverse.extend(bars.clone());
        }
        for (k, code) in backward.into_iter().enumerate().rev() {
            reverse.extend(before.iter().filter(|(j, _)| *j == k).map(|(_, c)| c.clone()));
            if k + 1 == last {
                reverse.extend(bars.clone());
            }
            reverse.extend(code);
        }
        (forward, reverse)
    }

    /// How the locals of a block come back in the reverse sweep, and their cotangents.
    ///
    /// `starts`: the position of each statement, and one past the last. What is computed again is computed just before
    /// the adjoint of the last statement that reads it, given with that statement's number.
    fn locals(
        &self,
        declared: &[(VarId, Option<&Expr>, usize)],
        depth: usize,
        starts: &[usize],
    ) -> (TokenStream, TokenStream, TokenStream, Vec<(usize, TokenStream)>) {
        let end = starts[starts.len() - 1] - 1;
        let (mut keep, mut pops, mut again, mut bars) = (TokenStream::new(), vec![], vec![], TokenStream::new());
        for (var, init, pos) in declared {
            let v = &self.f.vars[*var];
            let name = &v.name;
            if self.known.of_var(*var) {
                let mutable = if v.mutable { quote!(mut) } else { quote!() };
                match init {
                    Some(init) if self.recomputable(*var, init, *pos, self.last_read(*var, starts).1) => {
                        let (statement, until) = self.last_read(*var, starts);
                        let saved = self.pos.replace(until);
                        let value = self.value(init);
                        self.pos.set(saved);
                        again.push((statement, quote!(let #mutable #name = #value;)));
                    }
                    _ if depth == 0 => {}
                    _ => {
                        let w = self.witness();
                        keep.extend(quote!(__tape.push(&#w, #name);));
                        pops.push(quote!(let #mutable #name = __tape.pop(&#w);));
                    }
                }
            }
            bars.extend(self.declare_bar(*var, end));
        }
        if !mutant::on(Mutant::LocalsPoppedInOrder) {
            pops.reverse();
        }
        (keep, quote!(#(#pops)*), bars, again)
    }

    /// The last statement of the block that reads the variable in the reverse sweep, and the last position in it.
    fn last_read(&self, var: VarId, starts: &[usize]) -> (usize, usize) {
        let last = self
            .known
            .reads
            .iter()
            .filter(|n| n.var == var)
            .map(|n| n.pos)
            .max()
            .unwrap_or(usize::MAX);
        let k = (1..starts.len()).find(|k| last < starts[*k]).unwrap_or(starts.len() - 1);
        (k - 1, starts[k] - 1)
    }

    fn declare_bar(&self, var: VarId, end: usize) -> TokenStream {
        if !self.active(var) || Some(var) == self.f.ret {
            return quote!();
        }
        let Some(definer) = self.known.definers.get(&var) else {
            return quote!();
        };
        let bar = &self.bars[var];
        if let Some(zero) = self.forward.static_zero(&self.f.vars[var].ty) {
            return quote!(let mut #bar = #zero;);
        }
        if definer.simple && definer.block == self.layout.decl_block[var] {
            return quote!();
        }
        let saved = self.pos.replace(end);
        let place = Place::var(var, self.f.vars[var].ty.clone());
        self.need_here(&place, true);
        self.pos.set(saved);
        let name = &self.f.vars[var].name;
        quote!(let mut #bar = __p::zero(&#name);)
    }

    /// A cheap value whose inputs stay as they are to the end of the block.
    fn recomputable(&self, var: VarId, init: &Expr, pos: usize, end: usize) -> bool {
        let v = &self.f.vars[var];
        if v.mutable || !is_cheap(init) {
            return false;
        }
        let mut stable = true;
        for_reads(init, &mut |place| {
            stable &= !self.layout.changes(place, pos, end) || mutant::on(Mutant::RecomputedThoughChanged);
            // What was pushed for another local is there too, but a result that moves to the caller is not.
            stable &= Some(place.root) != self.f.ret || place.ty.is_copy();
        });
        stable
    }

    // ---- statements

    fn stmt(&self, stmt: &Stmt, depth: usize) -> (TokenStream, TokenStream) {
        self.defined.borrow_mut().clear();
        match stmt {
            Stmt::Let(v, init) => self.let_stmt(*v, init.as_ref()),
            Stmt::Assign(place, value, first) => self.assign(place, value, *first, depth),
            Stmt::Update(place, op, value) => self.update(place, *op, value, depth),
            Stmt::Call(c) => self.call(c, depth),
            Stmt::If(cond, a, b) => self.if_stmt(cond, a, b, depth),
            Stmt::Match(scrutinee, arms) => self.match_stmt(scrutinee, arms, depth),
            Stmt::For(f) => self.for_stmt(f, depth),
            Stmt::While(cond, body) => self.while_stmt(cond, body, depth),
            Stmt::Effect(code) => (code.tokens.clone(), quote!()),
            Stmt::InertMutation(place, code) => {
                let (save, restore) = self.save_copy(place, depth);
                let code = &code.tokens;
                (quote!(#save #code), restore)
            }
            Stmt::Swap(a, b) => self.swap(a, b),
            Stmt::Push(place, value) => self.push(place, value),
            Stmt::Pop(dest, place) => self.pop(*dest, place),
            Stmt::Fill(place, value) => self.fill(place, value, depth),
            Stmt::CopyFrom(to, from) => self.copy_from(to, from, depth),
            Stmt::Truncate(place, len) => self.truncate(place, len, depth),
            Stmt::Extend(to, from) => self.extend(to, from),
        }
    }

    fn let_stmt(&self, var: VarId, init: Option<&Expr>) -> (TokenStream, TokenStream) {
        let v = &self.f.vars[var];
        let name = &v.name;
        let mutable = if v.mutable { quote!(mut) } else { quote!() };
        let ty = v.written_ty.as_ref().filter(|t| !has_reference(t)).map(|t| quote!(: #t));
        let Some(init) = init else {
            return (quote!(let #mutable #name #ty;), quote!());
        };
        let value = self.forward.expr(init);
        let forward = quote!(let #mutable #name #ty = #value;);
        let mut reverse = TokenStream::new();
        if self.active(var) && self.activity.expr(init) && (self.known.definers.contains_key(&var) || Some(var) == self.f.ret) {
            let bar = &self.bars[var];
            let whole = Expr::read(Place::var(var, v.ty.clone()), init.span);
            self.adjoint_of(init, quote!(#bar), (!v.mutable).then_some(&whole), &mut reverse);
        }
        (forward, reverse)
    }

    fn assign(&self, place: &Place, value: &Expr, first: bool, depth: usize) -> (TokenStream, TokenStream) {
        let code = self.forward.expr(value);
        let target = self.forward.place_mut(place);
        let active = self.activity.place(place);
        let mut reverse = TokenStream::new();
        let forward = if first || !self.must_restore(place) {
            quote!(#target = #code;)
        } else {
            let new = self.fresh("new");
            let (keep, kept) = self.keep(quote!(__p::replace(&mut #target, #new)), depth);
            self.need_path(place);
            let again = place.print(&self.f.vars, Access::Mut);
            reverse.extend(if mutant::on(Mutant::RestoreSkipped) {
                quote!(let _ = #kept;)
            } else {
                quote!(#again = #kept;)
            });
            quote!(let #new = #code; #keep)
        };
        if active && (self.has_bar(place.root)) {
            let b = self.take_bar(place, first, &mut reverse);
            if self.activity.expr(value) {
                self.adjoint(value, quote!(#b), &mut reverse);
            }
        }
        (forward, reverse)
    }

    /// The cotangent has been declared: something later in the program contributes to it, or it comes from outside.
    pub fn has_bar(&self, var: VarId) -> bool {
        Some(var) == self.f.ret || self.known.definers.contains_key(&var) || matches!(self.f.vars[var].kind, VarKind::Param(_))
    }

    /// Moves the cotangent of an assigned place out, and leaves zero.
    fn take_bar(&self, place: &Place, first: bool, reverse: &mut TokenStream) -> Ident {
        let b = self.fresh("b");
        self.uses_bar(place.root, false);
        let bar = self.bar(place);
        if first {
            reverse.extend(quote!(let #b = #bar;));
        } else if let Some(zero) = self.forward.static_zero(&place.ty) {
            let zeroing = if mutant::on(Mutant::TakeWithoutZeroing) {
                quote!()
            } else {
                quote!(#bar = #zero;)
            };
            reverse.extend(quote!(let #b = #bar; #zeroing));
        } else {
            self.need_here(place, true);
            let value = self.again.place(place);
            reverse.extend(quote!(let #b = __p::replace(&mut #bar, __p::zero(&#value));));
        }
        b
    }

    /// `k += n` on integers is undone by `k -= n`, without a record.
    fn undone(&self, place: &Place, op: Op, value: &Expr) -> Option<TokenStream> {
        let ExprKind::Inert(i) = &value.kind else { return None };
        if place.ty != Ty::Inert || i.reads.iter().any(|(p, _)| p.root == place.root) {
            return None;
        }
        if !self.must_restore(place) {
            return Some(quote!());
        }
        self.need_inert(i);
        self.need_path(place);
        let (target, n) = (place.print(&self.f.vars, Access::Mut), &i.tokens);
        let undo = if op == Op::Add { quote!(undo_add) } else { quote!(undo_sub) };
        Some(quote!(__p::#undo(&mut #target, #n);))
    }

    fn update(&self, place: &Place, op: Op, value: &Expr, depth: usize) -> (TokenStream, TokenStream) {
        if let Some(reverse) = self.undone(place, op, value) {
            let (target, code) = (self.forward.place_mut(place), self.forward.expr(value));
            let op_assign = if op == Op::Add { quote!(+=) } else { quote!(-=) };
            return (quote!(#target #op_assign #code;), reverse);
        }
        let (save, restore) = self.save_copy(place, depth);
        let (mut reverse, late) = if mutant::on(Mutant::RestoreAfterAdjoint) {
            (quote!(), restore)
        } else {
            (restore, quote!())
        };
        let target = self.forward.place_mut(place);
        let code = self.forward.expr(value);
        let op_assign = if op == Op::Add { quote!(+=) } else { quote!(-=) };
        let forward = if place.projs.iter().any(|p| matches!(p, crate::ir::Proj::UserIndex(..))) {
            let new = self.fresh("new");
            quote!(#save let #new = #code; #target #op_assign #new;)
        } else {
            quote!(#save #target #op_assign #code;)
        };
        if self.activity.place(place) && self.activity.expr(value) && self.has_bar(place.root) {
            let b = self.fresh("b");
            self.uses_bar(place.root, false);
            let bar = self.bar(place);
            let sign = if op == Op::Add || mutant::on(Mutant::UpdateForgetsSign) {
                quote!()
            } else {
                quote!(-)
            };
            reverse.extend(quote!(let #b = #sign #bar;));
            if !mutant::on(Mutant::UpdateForgetsValue) {
                self.adjoint(value, quote!(#b), &mut reverse);
            }
        }
        reverse.extend(late);
        (forward, reverse)
    }

    /// A copy of what stands at the place before it changes, if it is needed, and the code that puts it back.
    fn save_copy(&self, place: &Place, depth: usize) -> (TokenStream, TokenStream) {
        if !self.must_restore(place) {
            return (quote!(), quote!());
        }
        self.need_path(place);
        let code = place.print(&self.f.vars, Access::Shared);
        let again = place.print(&self.f.vars, Access::Mut);
        let copy = if place.ty.is_copy() { code } else { quote!(__p::dup(&#code)) };
        let (keep, kept) = self.keep(copy, depth);
        (keep, quote!(#again = #kept;))
    }

    // ---- control flow

    fn if_stmt(&self, cond: &Inert, a: &Block, b: &Block, depth: usize) -> (TokenStream, TokenStream) {
        let reuse = self.can_look_again(cond);
        let pos = self.pos.get();
        let (then_, then_rev) = self.block(a, depth + 1);
        let (else_, else_rev) = self.block(b, depth + 1);
        let c = &cond.tokens;
        if then_rev.is_empty() && else_rev.is_empty() {
            return (quote!(if #c { #then_ } else { #else_ }), quote!());
        }
        if reuse {
            let last = self.pos.replace(pos);
            self.need_inert(cond);
            self.pos.set(last);
            return (
                quote!(if #c { #then_ } else { #else_ }),
                quote!(if #c { #then_rev } else { #else_rev }),
            );
        }
        let name = self.fresh("cond");
        let (keep, kept) = self.keep(quote!(#name), depth);
        let forward = quote!(let #name: bool = #c; if #name { #then_ } else { #else_ } #keep);
        (forward, quote!(if #kept { #then_rev } else { #else_rev }))
    }

    /// A condition may be evaluated again if nothing it reads is ever changed or has to be kept for it alone.
    fn can_look_again(&self, code: &Inert) -> bool {
        if mutant::on(Mutant::BranchOfTheEnd) {
            return is_cheap_code(&code.tokens);
        }
        is_cheap_code(&code.tokens)
            && code.reads.iter().all(|(place, shape)| {
                let var = &self.f.vars[place.root];
                let counts = var.ty == Ty::Inert && !var.mutable && matches!(var.kind, VarKind::Local | VarKind::Temp);
                let at_hand = matches!(var.kind, VarKind::Param(_) | VarKind::Loop) || counts;
                let fixed = !self
                    .layout
                    .mutations
                    .iter()
                    .any(|m| m.var == place.root && !(*shape && matches!(place.ty, Ty::Slice(_) | Ty::Array(_))));
                at_hand && fixed
            })
    }

    fn match_stmt(&self, scrutinee: &Inert, arms: &[Arm], depth: usize) -> (TokenStream, TokenStream) {
        let name = self.fresh("arm");
        let s = &scrutinee.tokens;
        let (mut forward, mut reverse) = (vec![], vec![]);
        let mut any = false;
        for (k, arm) in arms.iter().enumerate() {
            let (fwd, rev) = self.block(&arm.body, depth + 1);
            any |= !rev.is_empty();
            let (pat, k) = (&arm.pat, k as u32);
            forward.push(quote!(#pat => { #name = #k; #fwd }));
            reverse.push(quote!(#k => { #rev }));
        }
        if !any {
            return (quote!(let #name: u32; match #s { #(#forward)* } let _ = #name;), quote!());
        }
        let (keep, kept) = self.keep(quote!(#name), depth);
        (
            quote!(let #name: u32; match #s { #(#forward)* } #keep),
            quote!(match #kept { #(#reverse)* _ => ::core::unreachable!() }),
        )
    }

    fn for_stmt(&self, f: &For, depth: usize) -> (TokenStream, TokenStream) {
        let pos = self.pos.get();
        self.loops.borrow_mut().push(pos);
        self.for_loops.borrow_mut().push(pos);
        let (before_fwd, before_rev) = self.name_slices(f, pos);
        let (body, body_rev) = self.block(&f.body, depth + 1);
        self.forget_slices(pos);
        self.for_loops.borrow_mut().pop();
        self.loops.borrow_mut().pop();
        let (start, finish) = self.finish_sums(pos);
        let var = &self.f.vars[f.var].name;
        let range = &f.range.tokens;
        let exit = f.exit.as_ref().map(|e| {
            let e = &e.tokens;
            quote!(if #e { break; })
        });
        if body_rev.is_empty() {
            return (quote!(#before_fwd for #var in #range { #body #exit }), quote!());
        }
        let (before, range_fwd, after, range_rev) = if self.can_look_again(&f.range) {
            let last = self.pos.replace(pos);
            self.need_inert(&f.range);
            self.pos.set(last);
            (quote!(), range.clone(), quote!(), range.clone())
        } else {
            let name = self.fresh("range");
            let (keep, kept) = self.keep(quote!(#name), depth);
            (quote!(let #name = #range;), quote!(__p::dup(&#name)), keep, kept)
        };
        if exit.is_none() {
            // Where only sums are formed the order does not matter, and forward loops vectorise better.
            let untaped = !super::loops::names(&body_rev, "__tape");
            let forward = untaped && super::loops::order_free(&f.body) || mutant::on(Mutant::LoopNotReversed);
            let range_rev = if forward { range_rev } else { quote!(__p::backwards(#range_rev)) };
            return (
                quote!(#before #before_fwd for #var in #range_fwd { #body } #after),
                quote!(#before_rev #start for #var in #range_rev { #body_rev } #finish),
            );
        }
        let n = self.fresh("trips");
        let (keep, kept) = self.keep(quote!(#n), depth);
        let m = self.fresh("trips");
        (
            quote!(#before #before_fwd let mut #n = 0usize; for #var in #range_fwd { #n += 1; #body #exit } #after #keep),
            if mutant::on(Mutant::BreakForgotten) {
                quote!(let #m = #kept; #before_rev #start for #var in __p::backwards(#range_rev) { #body_rev } #finish)
            } else {
                quote!(let #m = #kept; #before_rev #start for #var in __p::backwards(__p::first(#range_rev, #m)) { #body_rev } #finish)
            },
        )
    }

    /// A sum for contributions to a place that stays the same while the innermost loop runs; the loop adds it once.
    pub fn loop_sum(&self, place: &Place) -> Option<Ident> {
        let loops = self.loops.borrow();
        let inner = *loops.last()?;
        if place.projs.is_empty()
            || !place.ty.is_float()
            || place.projs.iter().any(|p| {
                !matches!(
                    p,
                    crate::ir::Proj::Index(_) | crate::ir::Proj::Slice(..) | crate::ir::Proj::Field(_)
                )
            })
        {
            return None;
        }
        let outside = |var: VarId| {
            !self.layout.decl_loops[var].contains(&inner) && self.f.vars[var].kind != VarKind::Loop
                || self.f.vars[var].kind == VarKind::Loop && !self.layout.decl_loops[var].contains(&inner)
        };
        let changed = |var: VarId| self.layout.mutations.iter().any(|m| m.var == var && m.loops.contains(&inner));
        let fixed = place.index_reads().iter().all(|(p, _)| outside(p.root) && !changed(p.root));
        if !fixed || !outside(place.root) || changed(place.root) || self.layout.lent_in.contains(&(place.root, inner)) {
            return None;
        }
        if self.for_loops.borrow().last() != Some(&inner) {
            return None;
        }
        let code = place.print_bar(&self.f.vars, &self.bars[place.root]);
        let key = code.to_string();
        let mut sums = self.sums.borrow_mut();
        if let Some((.., sum)) = sums.iter().find(|(l, k, ..)| *l == inner && *k == key) {
            return Some(sum.clone());
        }
        let sum = self.fresh("sum");
        sums.push((inner, key, code, sum.clone()));
        drop(sums);
        // The place is found once more after the loop.
        let here = loops.len() - 1;
        for (read, shape) in place.index_reads() {
            self.need(&read, shape, inner, loops[..here].to_vec());
        }
        Some(sum)
    }

    /// Gives names to the slices that stay the same while the loop runs.
    fn name_slices(&self, f: &For, pos: usize) -> (TokenStream, TokenStream) {
        let (mut fwd, mut rev) = (TokenStream::new(), TokenStream::new());
        if !super::loops::is_innermost(&f.body) {
            return (fwd, rev);
        }
        let outer: Vec<usize> = self.loops.borrow().iter().copied().filter(|l| *l != pos).collect();
        for (place, alone) in super::loops::fixed_slices(f, pos, self.layout) {
            let Some(key) = place.slice_key() else { continue };
            let name = self.fresh("part");
            let (shared, again) = (self.forward.place(&place), self.again.place(&place));
            fwd.extend(quote!(let #name = &#shared;));
            rev.extend(quote!(let #name = &#again;));
            let mut reads = place.index_reads();
            reads.push((place.clone(), true));
            for (read, shape) in reads {
                self.need(&read, shape, pos, outer.clone());
            }
            let with_bar = alone
                && self.activity.place(&place)
                && self.has_bar(place.root)
                && !matches!(self.f.vars[place.root].kind, VarKind::Local | VarKind::Temp if !self.known.definers.contains_key(&place.root));
            let bar = with_bar.then(|| {
                let bar_name = self.fresh("part");
                let code = place.print_bar(&self.f.vars, &self.bars[place.root]);
                rev.extend(quote!(let #bar_name = &mut #code;));
                bar_name
            });
            let named = crate::ir::NamedSlice {
                root: place.root,
                key,
                name,
                bar,
            };
            self.forward.named.borrow_mut().push(named.clone());
            self.again.named.borrow_mut().push(named);
            self.named_in.borrow_mut().push(pos);
        }
        (fwd, rev)
    }

    fn forget_slices(&self, pos: usize) {
        while self.named_in.borrow().last() == Some(&pos) {
            self.named_in.borrow_mut().pop();
            self.forward.named.borrow_mut().pop();
            self.again.named.borrow_mut().pop();
        }
    }

    fn finish_sums(&self, pos: usize) -> (TokenStream, TokenStream) {
        let mut sums = self.sums.borrow_mut();
        let (mut start, mut finish) = (TokenStream::new(), TokenStream::new());
        let zero = self.forward.number(0.0);
        sums.retain(|(l, _, code, sum)| {
            if *l == pos {
                start.extend(quote!(let mut #sum = #zero;));
                // A loop that ran not once adds nothing, wherever the place would be.
                if !mutant::on(Mutant::LoopSumLost) {
                    finish.extend(quote!(if #sum != #zero { #code += #sum; }));
                }
            }
            *l != pos
        });
        (start, finish)
    }

    fn while_stmt(&self, cond: &Inert, body: &Block, depth: usize) -> (TokenStream, TokenStream) {
        self.loops.borrow_mut().push(self.pos.get());
        let (body, body_rev) = self.block(body, depth + 1);
        self.loops.borrow_mut().pop();
        let c = &cond.tokens;
        if body_rev.is_empty() {
            return (quote!(while #c { #body }), quote!());
        }
        let n = self.fresh("trips");
        let (keep, kept) = self.keep(quote!(#n), depth);
        (
            quote!(let mut #n = 0usize; while #c { #n += 1; #body } #keep),
            quote!(for _ in 0..#kept { #body_rev }),
        )
    }

    // ---- containers

    fn swap(&self, a: &Place, b: &Place) -> (TokenStream, TokenStream) {
        let forward = swap_code(self.forward.place_mut(a), self.forward.place_mut(b), a, b, |p| {
            self.forward.place_mut(p)
        });
        let mut reverse = TokenStream::new();
        if self.must_restore(a) || self.must_restore(b) {
            self.need_path(a);
            self.need_path(b);
            reverse.extend(forward.clone());
        }
        if (self.activity.place(a) || self.activity.place(b)) && (self.has_bar(a.root) || self.has_bar(b.root)) {
            self.uses_bar(a.root, false);
            self.uses_bar(b.root, false);
            if !mutant::on(Mutant::SwapWithoutCotangents) {
                reverse.extend(swap_code(self.bar(a), self.bar(b), a, b, |p| self.bar(p)));
            }
        }
        (forward, reverse)
    }

    fn push(&self, place: &Place, value: &Expr) -> (TokenStream, TokenStream) {
        let (target, code) = (self.forward.place_mut(place), self.forward.expr(value));
        let mut reverse = TokenStream::new();
        if self.must_restore(place) {
            self.need_path(place);
            reverse.extend(quote!(#target.pop();));
        }
        if self.activity.place(place) && self.has_bar(place.root) {
            self.uses_bar(place.root, false);
            let (b, bar) = (self.fresh("b"), self.bar(place));
            reverse.extend(quote!(let #b = __p::popped(&mut #bar);));
            if self.activity.expr(value) {
                self.adjoint(value, quote!(#b), &mut reverse);
            }
        }
        (quote!(let __pushed = #code; #target.push(__pushed);), reverse)
    }

    fn pop(&self, dest: Option<VarId>, place: &Place) -> (TokenStream, TokenStream) {
        let target = self.forward.place_mut(place);
        let Some(dest) = dest else {
            return (quote!(#target.pop();), quote!());
        };
        let name = &self.f.vars[dest].name;
        let mut reverse = TokenStream::new();
        let whole = Place::var(dest, self.f.vars[dest].ty.clone());
        if self.must_restore(place) {
            self.need_path(place);
            self.need_here(&whole, false);
            reverse.extend(quote!(if let ::core::option::Option::Some(__popped) = __p::dup(&#name) { #target.push(__popped); }));
        }
        if self.activity.place(place) && (self.has_bar(place.root) || self.has_bar(dest)) {
            self.uses_bar(place.root, false);
            self.uses_bar(dest, false);
            let (bar, dest_bar) = (self.bar(place), &self.bars[dest]);
            reverse.extend(quote!(if let ::core::option::Option::Some(__popped) = #dest_bar { #bar.push(__popped); }));
        }
        (quote!(let #name = #target.pop();), reverse)
    }

    fn fill(&self, place: &Place, value: &Expr, depth: usize) -> (TokenStream, TokenStream) {
        let (save, mut reverse) = self.save_slice(place, depth);
        let (target, code) = (self.forward.place_mut(place), self.forward.expr(value));
        if self.activity.place(place) && self.has_bar(place.root) {
            self.uses_bar(place.root, false);
            let (b, bar) = (self.fresh("b"), self.bar(place));
            let zeroing = if mutant::on(Mutant::FillWithoutZeroing) {
                quote!()
            } else {
                quote!(__p::clear_slice(&mut #bar[..]);)
            };
            reverse.extend(quote!(let #b = __p::sum(&#bar[..]); #zeroing));
            if self.activity.expr(value) {
                let (mut then, n) = (TokenStream::new(), self.fresh("b"));
                self.adjoint_nested(value, quote!(#n), &mut then);
                reverse.extend(quote!(if let ::core::option::Option::Some(#n) = #b { #then }));
            }
        }
        (quote!(#save let __filled = #code; #target.fill(__filled);), reverse)
    }

    fn save_slice(&self, place: &Place, depth: usize) -> (TokenStream, TokenStream) {
        if !self.must_restore(place) {
            return (quote!(), quote!());
        }
        self.need_path(place);
        let (code, again) = (place.print(&self.f.vars, Access::Shared), place.print(&self.f.vars, Access::Mut));
        let (keep, kept) = self.keep(quote!(#code[..].to_vec()), depth);
        (keep, quote!(#again[..].clone_from_slice(&#kept);))
    }

    fn copy_from(&self, to: &Place, from: &Place, depth: usize) -> (TokenStream, TokenStream) {
        let (save, mut reverse) = self.save_slice(to, depth);
        let (target, source) = (self.forward.place_mut(to), self.forward.place(from));
        let forward = if to.root == from.root {
            quote!(#save let __source = #source[..].to_vec(); #target[..].clone_from_slice(&__source);)
        } else {
            quote!(#save #target[..].clone_from_slice(&#source[..]);)
        };
        if self.activity.place(to) && self.has_bar(to.root) {
            self.uses_bar(to.root, false);
            let bar = self.bar(to);
            if self.activity.place(from) {
                let b = self.fresh("b");
                self.uses_bar(from.root, false);
                let source_bar = self.bar(from);
                reverse.extend(quote!(let #b = __p::take_slice(&mut #bar[..]); __p::add_slice(&mut #source_bar[..], &#b);));
            } else {
                reverse.extend(quote!(__p::clear_slice(&mut #bar[..]);));
            }
        }
        (forward, reverse)
    }

    fn truncate(&self, place: &Place, len: &Inert, depth: usize) -> (TokenStream, TokenStream) {
        let (target, n) = (self.forward.place_mut(place), &len.tokens);
        let active = self.activity.place(place) && self.has_bar(place.root);
        if !self.must_restore(place) && !active {
            return (quote!(#target.truncate(#n);), quote!());
        }
        let (tail, b) = (self.fresh("tail"), self.fresh("tail"));
        let (keep, kept) = self.keep(quote!(#tail), depth);
        self.need_path(place);
        let mut reverse = quote!(let #b = #kept;);
        if active {
            self.uses_bar(place.root, false);
            let bar = self.bar(place);
            reverse.extend(quote!(#bar.extend(__p::zero(&#b[..]));));
        }
        if self.must_restore(place) {
            reverse.extend(quote!(#target.extend(#b);));
        }
        (quote!(let #tail = __p::split_tail(&mut #target, #n); #keep), reverse)
    }

    fn extend(&self, to: &Place, from: &Place) -> (TokenStream, TokenStream) {
        let (target, source) = (self.forward.place_mut(to), self.forward.place(from));
        let forward = quote!(let __source = #source[..].to_vec(); #target.extend(__source););
        let mut reverse = TokenStream::new();
        let restore = self.must_restore(to);
        let active = self.activity.place(to) && self.has_bar(to.root);
        if restore || active {
            self.need_here(from, true);
            let again = self.again.place(from);
            let n = self.fresh("n");
            reverse.extend(quote!(let #n = #again.len();));
            if restore {
                self.need_path(to);
                reverse.extend(quote!(let __kept = #target.len() - #n; #target.truncate(__kept);));
            }
            if active {
                self.uses_bar(to.root, false);
                let (bar, b) = (self.bar(to), self.fresh("b"));
                reverse.extend(quote!(let __kept = #bar.len() - #n; let #b = #bar.split_off(__kept);));
                if self.activity.place(from) {
                    self.uses_bar(from.root, false);
                    let source_bar = self.bar(from);
                    reverse.extend(quote!(__p::add_slice(&mut #source_bar[..], &#b);));
                }
            }
        }
        (forward, reverse)
    }

    /// Notes a use of a variable's cotangent in the statement at hand.
    pub fn uses_bar(&self, var: VarId, simple: bool) {
        let definer = super::needs::Definer {
            pos: self.pos.get(),
            block: self.block_id.get(),
            simple,
        };
        let mut found = self.found.borrow_mut();
        match found.definers.get(&var) {
            // In one statement the first use in the reverse sweep decides, and it is emitted first.
            Some(old) if old.pos == definer.pos => {}
            Some(old) if old.pos > definer.pos => {}
            _ => {
                found.definers.insert(var, definer);
            }
        }
    }

    /// Whether a contribution here declares the cotangent.
    pub fn defines(&self, var: VarId) -> bool {
        self.known.definers.get(&var).is_some_and(|d| {
            d.simple && d.block == self.layout.decl_block[var] && d.pos == self.pos.get() && static_zero(&self.f.vars[var].ty).is_none()
        }) && Some(var) != self.f.ret
            && !matches!(self.f.vars[var].kind, VarKind::Param(_))
            && self.defined.borrow_mut().insert(var)
    }

    // ---- calls

    fn call(&self, c: &Call, depth: usize) -> (TokenStream, TokenStream) {
        let dest = c.dest.map(|d| &self.f.vars[d]);
        let name = dest.map(|d| d.name.clone()).unwrap_or_else(|| format_ident!("_"));
        if !self.activity.call(c) {
            return self.plain(c, &name, depth);
        }
        let wanted = c.dest.is_none_or(|d| self.known.definers.contains_key(&d) || Some(d) == self.f.ret);
        let mutates = c.args.iter().any(|a| matches!(a, Arg::RefMut(p) if self.activity.place(p)));
        if !wanted && !mutates {
            // Nothing flows back, so nothing is recorded.
            return self.plain(c, &name, depth);
        }
        self.active_call(c, &name, depth)
    }

    fn plain(&self, c: &Call, name: &Ident, depth: usize) -> (TokenStream, TokenStream) {
        let (mut saves, mut restores) = (TokenStream::new(), vec![]);
        for (k, arg) in c.args.iter().enumerate() {
            let receiver = k == 0 && matches!(c.target, Target::Method(..));
            if let Arg::RefMut(p) = arg
                && !(receiver && c.mutates_receiver == Some(false))
            {
                let (save, restore) = self.save_copy(p, depth);
                saves.extend(save);
                restores.push(restore);
            }
        }
        restores.reverse();
        let code = if c.level == 0 {
            self.forward.plain_call(c)
        } else {
            self.forward.derived_call(c)
        };
        (quote!(#saves let #name = #code;), quote!(#(#restores)*))
    }

    fn active_call(&self, c: &Call, name: &Ident, depth: usize) -> (TokenStream, TokenStream) {
        let pb = self.fresh("pullback");
        let temps = RefCell::new(TokenStream::new());
        let lent = self.forward.lent_args(c, |k, arg| match arg {
            Arg::Value(e) => self.forward.operand(c, k, e),
            Arg::Ref(p) | Arg::RefMut(p) => lend_first(p, self.forward.arg(arg), self.fresh("lent"), true, &mut temps.borrow_mut()),
            Arg::Inert(_) => self.forward.arg(arg),
        });
        let (fwd_args, receiver, temps) = (&lent.args, &lent.receiver, temps.into_inner());
        let callee = callee(c, "fwd");
        let (save, restore) = match (&c.target, &c.args[0]) {
            (Target::OperatorAssign(_), Arg::RefMut(p)) => self.save_copy(p, depth),
            _ => Default::default(),
        };
        let invoke = match &c.target {
            Target::Method(name, _) => {
                let receiver = moved_to(receiver, name.span());
                let rest = located(&fwd_args[1..], name.span());
                quote!(#receiver.#callee(#(#rest,)* __tape))
            }
            Target::OperatorAssign(_) => {
                // The value is computed before the place is borrowed.
                let (places, values) = fwd_args.split_at(1 << c.level);
                let names: Vec<Ident> = values.iter().map(|_| self.fresh("new")).collect();
                quote!({ #(let #names = #values;)* #temps #callee(#(#places,)* #(#names,)* __tape) })
            }
            Target::Callable => {
                let args = super::function::grouped(fwd_args, c.level);
                quote!(#callee(#(#args,)* __tape))
            }
            _ => {
                let fwd_args = located(fwd_args, c.span);
                quote!(#callee(#(#fwd_args,)* __tape))
            }
        };
        let (keep, kept) = self.keep(quote!(#pb), depth);
        let outer = if matches!(c.target, Target::OperatorAssign(_)) {
            quote!()
        } else {
            quote!(#temps)
        };
        let invoke = if matches!(c.target, Target::OperatorAssign(_)) {
            invoke
        } else {
            lent.call(invoke)
        };
        let forward = quote!(#save #outer let (#name, #pb) = #invoke; #keep);
        let mut reverse = TokenStream::new();
        let taken = self.fresh("pullback");
        reverse.extend(quote!(let #taken = #kept;));
        self.reverse_call(c, &taken, &mut reverse);
        reverse.extend(restore);
        (forward, reverse)
    }

    /// Runs a pullback, with the arguments again.
    fn reverse_call(&self, c: &Call, pb: &Ident, reverse: &mut TokenStream) {
        let seed = match c.dest {
            Some(d) if self.has_bar(d) => {
                let bar = &self.bars[d];
                quote!(#bar)
            }
            Some(d) => {
                // The result is dropped or inactive: its cotangent is zero.
                let place = Place::var(d, self.f.vars[d].ty.clone());
                self.need_here(&place, true);
                let name = &self.f.vars[d].name;
                quote!(__p::zero(&#name))
            }
            None => quote!(()),
        };
        let mut after = TokenStream::new();
        let mut lent = TokenStream::new();
        let (mut again, mut bars) = (vec![], vec![]);
        let (mut used, mut values): (Vec<VarId>, Vec<(&Expr, Ident)>) = (vec![], vec![]);
        let (parts, part_bars) = (self.again.primal_parts(c), self.bar_parts(c));
        let apart = !parts.places.is_empty();
        lent.extend(parts.before);
        lent.extend(part_bars.before);
        for (k, arg) in c.args.iter().enumerate() {
            let receiver = k == 0 && matches!(c.target, Target::Method(..));
            match arg {
                Arg::Value(e) => {
                    let t = self.fresh("arg");
                    let value = self.value(e);
                    reverse.extend(quote!(let #t = #value;));
                    again.push(if is_operator(c) && matches!(e.kind, ExprKind::Ref(..)) {
                        quote!(#t)
                    } else {
                        quote!(&#t)
                    });
                    if is_operator(c) {
                        let b = self.fresh("b");
                        bars.push(quote!(#b));
                        values.push((e, b));
                        continue;
                    }
                    let b = self.fresh("b");
                    let zero = self.forward.static_zero(&e.ty).unwrap_or_else(|| quote!(__p::zero(&#t)));
                    reverse.extend(quote!(let mut #b = #zero;));
                    bars.push(quote!(&mut #b));
                    values.push((e, b));
                }
                Arg::Inert(i) => {
                    self.need_inert(i);
                    let t = &i.tokens;
                    again.push(if i.tokens.to_string().starts_with('&') {
                        quote!(#t)
                    } else if super::apart::reads_lent(c, k) {
                        quote!(&__p::dup(&#t))
                    } else {
                        quote!(&(#t))
                    });
                    bars.push(quote!(&mut ()));
                }
                Arg::Ref(p) | Arg::RefMut(p) => {
                    self.need_here(p, false);
                    let mutable = matches!(arg, Arg::RefMut(_));
                    let code = if mutable { self.forward.place_mut(p) } else { self.again.place(p) };
                    let code = parts.places.get(&k).unwrap_or(&code);
                    let borrowed = match (receiver, mutable) {
                        (true, _) if !apart => code.clone(),
                        (_, true) => quote!((&mut #code)),
                        (_, false) => quote!((&#code)),
                    };
                    again.push(lend_first(p, borrowed, self.fresh("lent"), !receiver, &mut lent));
                    let bar = match part_bars.places.get(&k) {
                        Some(bar) => quote!(&mut #bar),
                        None => self.reference_bar(p, mutable && !receiver, &mut used, reverse, &mut after),
                    };
                    bars.push(if has_user_index(p) {
                        let name = self.fresh("lent");
                        lent.extend(quote!(let #name = #bar;));
                        quote!(#name)
                    } else {
                        bar
                    });
                }
            }
        }
        // Cotangents that are lent come first, those of values are added when the pullback has run.
        for (e, b) in values {
            if self.activity.expr(e) {
                self.adjoint(e, quote!(#b), &mut after);
            }
        }
        let names: Vec<&TokenStream> = bars.iter().collect();
        let mut run = lent;
        match &c.target {
            Target::Method(..) => {
                let pull = callee(c, "pull");
                let (receiver, rest) = (&again[0], &again[1..]);
                run.extend(quote!(#receiver.#pull(#pb, (#(#rest,)*), __tape, #seed, (#(#names,)*));));
            }
            Target::Operator(_) => run.extend(quote!(let (#(#names),*) = #pb(#(#again,)* __tape, #seed);)),
            Target::Negate => run.extend(quote!(let (#(#names),*) = #pb(#(#again,)* __tape, #seed);)),
            Target::OperatorAssign(_) => {
                let n = 1 << c.level;
                let (places, values) = names.split_at(n);
                run.extend(quote!(let (#(#values),*) = #pb(#(#again,)* __tape, #(#places),*);));
            }
            Target::Callable => {
                let (again, names) = (
                    super::function::grouped(&again, c.level),
                    super::function::grouped_bars(&names, c.level),
                );
                run.extend(quote!(#pb(#(#again,)* __tape, #seed, #(#names,)*);));
            }
            _ => run.extend(quote!(#pb(#(#again,)* __tape, #seed, #(#names,)*);)),
        }
        // Parts that are borrowed together are given back at once.
        reverse.extend(if apart { quote!({ #run }) } else { run });
        reverse.extend(after);
    }

    /// Where the cotangent of a borrowed argument is added: in place, or in a buffer if the variable is lent twice.
    /// What is lent by `&mut` overlaps nothing else: its cotangent goes in and comes out in place.
    fn reference_bar(
        &self,
        p: &Place,
        mutable: bool,
        used: &mut Vec<VarId>,
        before: &mut TokenStream,
        after: &mut TokenStream,
    ) -> TokenStream {
        if p.ty == Ty::Inert {
            return quote!(&mut ());
        }
        let b = self.fresh("b");
        let value = self.again.place(p);
        if !self.activity.place(p) {
            let constant = self.f.params.iter().any(|q| q.var == p.root && !q.active) && p.ty.is_opaque();
            if constant {
                return quote!(&mut ());
            }
            before.extend(quote!(let mut #b = __p::zero(&#value);));
            return quote!(&mut #b);
        }
        self.uses_bar(p.root, false);
        let bar = self.bar(p);
        if used.contains(&p.root) && !mutable {
            before.extend(quote!(let mut #b = __p::zero(&#value);));
            if !mutant::on(Mutant::LentTwiceForgotten) {
                after.extend(quote!(__p::add_ref(&mut #bar, &#b);));
            }
            return quote!(&mut #b);
        }
        used.push(p.root);
        quote!(&mut #bar)
    }
}

impl Vjp<'_> {
    /// Parts of the cotangents of one variable, borrowed together as the parts of the variable are.
    fn bar_parts(&self, c: &Call) -> super::apart::Parts {
        self.again.parts(c, true, &|base| {
            let bar = self.activity.place(base).then(|| self.bar(base))?;
            self.uses_bar(base.root, false);
            Some(bar)
        })
    }
}

/// The first argument stands where the call does: that is where rustc says that a bound of the callee is not met.
pub(super) fn located(args: &[TokenStream], span: Span) -> Vec<TokenStream> {
    let mut args = args.to_vec();
    if let Some(first) = args.first_mut() {
        *first = moved_to(first, span);
    }
    args
}

/// The same tokens with the same hygiene, at another place of the source.
fn moved_to(tokens: &TokenStream, span: Span) -> TokenStream {
    let moved = |token: proc_macro2::TokenTree| {
        let mut token = match token {
            proc_macro2::TokenTree::Group(g) => proc_macro2::Group::new(g.delimiter(), moved_to(&g.stream(), span)).into(),
            other => other,
        };
        let own = token.span();
        token.set_span(span.resolved_at(own));
        token
    };
    tokens.clone().into_iter().map(moved).collect()
}

fn has_user_index(p: &Place) -> bool {
    p.projs.iter().any(|p| matches!(p, crate::ir::Proj::UserIndex(..)))
}

/// Tangents behind a user's index are found with the help of the primal, so they are borrowed before it is.
pub(super) fn lend_first(p: &Place, borrowed: TokenStream, name: Ident, reference: bool, before: &mut TokenStream) -> TokenStream {
    if !reference || !p.projs.iter().any(|p| matches!(p, crate::ir::Proj::UserIndex(_, Some(_)))) {
        return borrowed;
    }
    before.extend(quote!(let #name = #borrowed;));
    quote!(#name)
}

fn is_operator(c: &Call) -> bool {
    matches!(c.target, Target::Operator(_) | Target::Negate | Target::OperatorAssign(_))
}

/// The generated function that stands for the callee: `f::__fwd`, `Type::__differentiable_m`, … `part` is `fwd`,
/// `pull`, or empty for the derived function itself.
pub(super) fn callee(c: &Call, part: &str) -> TokenStream {
    let mut parts = vec!["jvp"; c.level];
    if !part.is_empty() {
        parts.push(part);
    }
    let suffix = parts.join("_");
    match &c.target {
        Target::Gradient(path) => {
            let mut path = path.clone();
            let last = path.segments.last_mut().expect("not empty");
            last.ident = format_ident!("__{}_{}", last.ident, suffix, span = c.span);
            quote!(#path)
        }
        Target::Function(path) => {
            let name = format_ident!("__{}", suffix, span = c.span);
            // Type arguments belong to the function, not to its marker.
            let mut path = path.clone();
            let arguments = std::mem::take(&mut path.segments.last_mut().expect("not empty").arguments);
            quote!(#path::#name #arguments)
        }
        Target::Callable => match suffix.as_str() {
            "jvp" => quote!(__p::Callable::tangent),
            "jvp_fwd" => quote!(__p::Callable2::tangent_forward),
            "jvp_jvp" => quote!(__p::Callable3::tangent_tangent),
            "jvp_jvp_fwd" => quote!(__p::Callable3::tangent_tangent_forward),
            _ => quote!(__p::Callable::forward),
        },
        Target::Associated(path) => {
            let mut path = path.clone();
            let last = path.path.segments.last_mut().expect("not empty");
            last.ident = method_name(&last.ident, &suffix);
            quote!(#path)
        }
        Target::Method(name, turbofish) => {
            // Of the same context as the arguments: else rustc points at the attribute.
            let mut name = method_name(name, &suffix);
            name.set_span(name.span().resolved_at(Span::mixed_site()));
            if part == "pull" { quote!(#name) } else { quote!(#name #turbofish) }
        }
        Target::Operator(op) => {
            let name = format_ident!("{}_{}", format!("{op:?}").to_lowercase(), suffix);
            let passing = passing(c);
            quote!(__p::#name::<#(#passing,)* _, _>)
        }
        Target::Negate => {
            let name = format_ident!("neg_{}", suffix);
            let passing = passing(c);
            quote!(__p::#name::<#(#passing,)* _>)
        }
        Target::OperatorAssign(op) => {
            let name = format_ident!("{}_assign_{}", format!("{op:?}").to_lowercase(), suffix);
            let passing = passing(c);
            quote!(__p::#name::<#(#passing,)* _, _>)
        }
    }
}

/// How each operand is passed: one mark for an operand and its tangents.
fn passing(c: &Call) -> Vec<TokenStream> {
    c.args
        .iter()
        .step_by(1 << c.level)
        .filter_map(|a| match a {
            Arg::Value(e) if matches!(e.kind, ExprKind::Ref(..)) => Some(quote!(__p::ByRef)),
            Arg::Value(_) | Arg::Inert(_) | Arg::Ref(_) => Some(quote!(__p::ByVal)),
            Arg::RefMut(_) => None,
        })
        .collect()
}

/// `energy` and `fwd` → `__differentiable_energy`; other parts are added: `__differentiable_energy_pull`.
pub fn method_name(name: &Ident, suffix: &str) -> Ident {
    let short = suffix.trim_end_matches("fwd").trim_end_matches('_');
    let short = if suffix.ends_with("jvp") && !suffix.ends_with("fwd") {
        format!("{short}_value")
    } else {
        short.to_string()
    };
    if short.is_empty() {
        format_ident!("__differentiable_{}", name, span = name.span())
    } else {
        format_ident!("__differentiable_{}_{}", name, short, span = name.span())
    }
}

/// Swaps two places, also two elements of one sequence.
pub(super) fn swap_code(a: TokenStream, b: TokenStream, pa: &Place, pb: &Place, print: impl Fn(&Place) -> TokenStream) -> TokenStream {
    use crate::ir::Proj;
    if pa.root == pb.root
        && pa.projs.len() == pb.projs.len()
        && let (Some(Proj::Index(i)), Some(Proj::Index(j))) = (pa.projs.last(), pb.projs.last())
    {
        let prefix = |p: &Place| Place {
            root: p.root,
            projs: p.projs[..p.projs.len() - 1].to_vec(),
            ty: Ty::Unknown,
        };
        let (x, y) = (print(&prefix(pa)), print(&prefix(pb)));
        if x.to_string() == y.to_string() {
            let (i, j) = (&i.tokens, &j.tokens);
            return quote!(#x.swap(#i, #j););
        }
    }
    quote!(::core::mem::swap(&mut #a, &mut #b);)
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

/// Computing the value again costs less than keeping it.
fn is_cheap(e: &Expr) -> bool {
    let own = match &e.kind {
        ExprKind::Inert(i) => is_cheap_code(&i.tokens),
        ExprKind::Read(p) | ExprKind::Ref(p, _) => p.ty.is_copy() || p.ty == Ty::Inert,
        ExprKind::Math(rule, args) => {
            rule.cheap || (rule.name == "powi" && matches!(&args[1].kind, ExprKind::Inert(i) if i.tokens.to_string().len() == 1))
        }
        ExprKind::Const(_) | ExprKind::Neg(_) | ExprKind::Binary(..) | ExprKind::Cast(..) | ExprKind::Tuple(_) => true,
        _ => false,
    };
    own && e.children().into_iter().all(is_cheap)
}

/// No calls but of trivial methods.
fn is_cheap_code(tokens: &TokenStream) -> bool {
    use proc_macro2::TokenTree;
    const TRIVIAL: &[&str] = &[
        "len",
        "is_empty",
        "min",
        "max",
        "saturating_sub",
        "div_ceil",
        "rev",
        "step_by",
        "span",
        "is_some",
        "is_none",
        "payload",
        "in",
        "if",
        "match",
        "as",
    ];
    let mut last: Option<String> = None;
    for token in tokens.clone() {
        match &token {
            TokenTree::Group(g) => {
                if g.delimiter() == proc_macro2::Delimiter::Parenthesis && last.as_ref().is_some_and(|l| !TRIVIAL.contains(&l.as_str())) {
                    return false;
                }
                if !is_cheap_code(&g.stream()) {
                    return false;
                }
                last = None;
            }
            TokenTree::Ident(i) => last = Some(i.to_string()),
            TokenTree::Punct(p) if p.as_char() == '!' && last.is_some() => return false,
            _ => last = None,
        }
    }
    true
}

fn has_reference(ty: &syn::Type) -> bool {
    quote!(#ty).to_string().contains('&')
}
