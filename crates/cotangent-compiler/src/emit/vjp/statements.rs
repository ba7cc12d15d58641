//! Statements: declarations, assignments and additions in place.

use proc_macro2::TokenStream;
use quote::quote;

use super::Vjp;
use crate::ir::{Access, Expr, ExprKind, Op, Place, Proj, Stmt, Ty, VarId};
use crate::mutant::{self, Mutant};

impl Vjp<'_> {
    pub(super) fn stmt(&self, stmt: &Stmt, depth: usize) -> (TokenStream, TokenStream) {
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

    pub(super) fn let_stmt(&self, var: VarId, init: Option<&Expr>) -> (TokenStream, TokenStream) {
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

    pub(super) fn assign(&self, place: &Place, value: &Expr, first: bool, depth: usize) -> (TokenStream, TokenStream) {
        let code = self.forward.expr(value);
        let target = self.forward.place_mut(place);
        let active = self.activity.place(place);
        let mut reverse = TokenStream::new();
        let forward = if first || !self.must_restore(place) {
            quote!(#target = #code;)
        } else {
            let new = self.fresh("new");
            let (keep, kept) = self.keep(quote!(__p::replace(&mut #target, #new)), depth, &place.ty);
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

    /// `k += n` on integers is undone by `k -= n`, without a record.
    pub(super) fn undone(&self, place: &Place, op: Op, value: &Expr) -> Option<TokenStream> {
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

    pub(super) fn update(&self, place: &Place, op: Op, value: &Expr, depth: usize) -> (TokenStream, TokenStream) {
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
        let forward = if place.projs.iter().any(|p| matches!(p, Proj::UserIndex(..))) {
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
}

fn has_reference(ty: &syn::Type) -> bool {
    quote!(#ty).to_string().contains('&')
}
