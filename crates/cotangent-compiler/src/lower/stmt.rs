//! Statements.

use syn::spanned::Spanned;

use super::Lowerer;
use super::scope::Binding;
use crate::ir::{Expr, ExprKind, Inert, Op, Place, Stmt, Ty, VarId, VarKind};

impl Lowerer<'_> {
    /// Lowers a block; its value goes to `dest`.
    pub(crate) fn block_into(&mut self, block: &syn::Block, dest: Option<VarId>) {
        self.scopes.push();
        self.block_items(block, true);
        self.statements(block, dest);
        self.scopes.pop();
    }

    /// Branches that are opened here end with the function's own list, so that a block stays open for its caller.
    pub(super) fn statements(&mut self, block: &syn::Block, dest: Option<VarId>) {
        let n = block.stmts.len();
        for (k, stmt) in block.stmts.iter().enumerate() {
            if self.dead {
                break;
            }
            self.stmt(stmt, if k + 1 == n { dest } else { None });
        }
    }

    pub(super) fn stmt(&mut self, stmt: &syn::Stmt, dest: Option<VarId>) {
        self.check_attributes(stmt);
        match stmt {
            syn::Stmt::Local(local) => self.local(local),
            syn::Stmt::Expr(e, None) => self.expr_into(e, dest),
            syn::Stmt::Expr(e, Some(_)) => self.expr_into(e, None),
            syn::Stmt::Macro(m) if m.semi_token.is_none() && dest.is_some() => {
                let e = syn::Expr::Macro(syn::ExprMacro {
                    attrs: vec![],
                    mac: m.mac.clone(),
                });
                self.expr_into(&e, dest);
            }
            syn::Stmt::Macro(m) => self.macro_stmt(&m.mac),
            // Of its block: see `block_items`.
            syn::Stmt::Item(_) => {}
        }
    }

    /// `#[cfg]` is not evaluated for statements when the macro runs.
    fn check_attributes(&self, stmt: &syn::Stmt) {
        let attrs: &[syn::Attribute] = match stmt {
            syn::Stmt::Local(l) => &l.attrs,
            syn::Stmt::Macro(m) => &m.attrs,
            syn::Stmt::Expr(e, _) => expr_attrs(e),
            syn::Stmt::Item(_) => &[],
        };
        self.check_cfg(attrs);
    }

    pub(crate) fn check_cfg(&self, attrs: &[syn::Attribute]) {
        if let Some(a) = attrs.iter().find(|a| a.path().is_ident("cfg") || a.path().is_ident("cfg_attr")) {
            self.error(
                a.span(),
                "`#[cfg]` inside a differentiable function is not evaluated: put it on the function, or branch on `cfg!(..)`",
            );
        }
    }

    fn local(&mut self, local: &syn::Local) {
        match &local.init {
            None => self.deferred(&local.pat),
            Some(init) if init.diverge.is_some() => self.let_else(local),
            Some(init) => self.let_pattern(&local.pat, &init.expr),
        }
    }

    /// `let y;`, assigned later.
    fn deferred(&mut self, pat: &syn::Pat) {
        let (ident, mutable, ty) = match pat {
            syn::Pat::Ident(p) => (&p.ident, p.mutability.is_some(), None),
            syn::Pat::Type(t) => match &*t.pat {
                syn::Pat::Ident(p) => (&p.ident, p.mutability.is_some(), Some(&t.ty)),
                _ => return self.error(pat.span(), "a declaration without value names one variable"),
            },
            _ => return self.error(pat.span(), "a declaration without value names one variable"),
        };
        let known = ty.map_or(Ty::Unknown, |t| self.ty(t));
        let var = self.func.fresh(&ident.to_string(), ident.span(), known, VarKind::Local);
        self.func.vars[var].mutable = mutable;
        self.func.vars[var].written_ty = ty.map(|t| (**t).clone());
        self.out.push(Stmt::Let(var, None));
        self.deferred_vars.insert(var);
        self.scopes.bind(&ident.to_string(), Binding::Var(var));
    }

    /// An expression whose value goes to `dest`, or nowhere.
    pub(crate) fn expr_into(&mut self, e: &syn::Expr, dest: Option<VarId>) {
        match e {
            syn::Expr::Paren(p) => self.expr_into(&p.expr, dest),
            syn::Expr::Group(g) => self.expr_into(&g.expr, dest),
            syn::Expr::If(i) => self.if_expr(i, dest),
            syn::Expr::Match(m) => self.match_expr(m, dest),
            syn::Expr::Block(b) if b.label.is_some() => self.labelled_block(b, dest),
            syn::Expr::Block(b) => self.block_into(&b.block, dest),
            syn::Expr::Loop(l) => self.loop_expr(l, dest),
            syn::Expr::While(w) => self.while_expr(w),
            syn::Expr::ForLoop(f) => self.for_expr(f),
            syn::Expr::Return(r) => self.return_expr(r),
            syn::Expr::Break(b) => self.break_expr(b),
            syn::Expr::Continue(c) => self.continue_expr(c),
            syn::Expr::Assign(a) => self.assign(a),
            syn::Expr::Binary(b) if compound(&b.op).is_some() => self.compound_assign(b),
            syn::Expr::Macro(m) if dest.is_none() => self.macro_stmt(&m.mac),
            syn::Expr::Unsafe(u) => self.error(
                u.unsafe_token.span,
                "`unsafe` code cannot be differentiated: move it into a function with a rule of its own, `#[derivative(of = ..)]`",
            ),
            syn::Expr::Await(a) => self.error(a.await_token.span, "`async` code cannot be differentiated"),
            syn::Expr::Async(a) => self.error(a.async_token.span, "`async` code cannot be differentiated"),
            syn::Expr::MethodCall(m) if dest.is_none() => self.method_stmt(m),
            syn::Expr::Call(c) if dest.is_none() => self.call_stmt(c),
            syn::Expr::Tuple(t) if t.elems.is_empty() => {}
            _ => self.value_into(e, dest),
        }
    }

    fn value_into(&mut self, e: &syn::Expr, dest: Option<VarId>) {
        let value = self.value(e);
        if self.dead {
            return;
        }
        match dest {
            Some(dest) => self.assign_first(dest, value),
            None => self.discard(value, e),
        }
    }

    /// Assigns a `let v;`.
    pub(crate) fn assign_first(&mut self, dest: VarId, value: Expr) {
        let ty = self.func.vars[dest].ty.join(&value.ty);
        self.func.vars[dest].ty = ty.clone();
        self.out.push(Stmt::Assign(Place::var(dest, ty), value, true));
    }

    fn discard(&mut self, value: Expr, e: &syn::Expr) {
        // A value that is dropped has no derivative; the code still runs, once.
        if !matches!(value.kind, ExprKind::Read(_)) {
            let code = self.inert(e);
            self.out.push(Stmt::Effect(Inert {
                tokens: {
                    let t = code.tokens;
                    quote::quote!(let _ = #t;)
                },
                reads: code.reads,
            }));
        }
    }

    fn assign(&mut self, a: &syn::ExprAssign) {
        match &*a.left {
            syn::Expr::Infer(_) => {
                let value = self.value(&a.right);
                self.discard(value, &a.right);
            }
            syn::Expr::Tuple(t) => self.assign_tuple(t, &a.right),
            left => {
                if let Some(var) = self.deferred_target(left) {
                    return self.expr_into_deferred(&a.right, var);
                }
                let value = self.value(&a.right);
                if self.dead {
                    return;
                }
                let Some(place) = self.place(left) else { return };
                self.store(place, value);
            }
        }
    }

    fn expr_into_deferred(&mut self, e: &syn::Expr, var: VarId) {
        self.expr_into(e, Some(var));
    }

    /// An assignment to a variable that was declared without value and is not `mut`.
    fn deferred_target(&self, left: &syn::Expr) -> Option<VarId> {
        let syn::Expr::Path(p) = left else { return None };
        match self.scopes.get(&p.path.get_ident()?.to_string())? {
            Binding::Var(v) if self.deferred_vars.contains(v) && !self.func.vars[*v].mutable => Some(*v),
            _ => None,
        }
    }

    /// `(a, b) = (b, a)`: all values first, then the places.
    fn assign_tuple(&mut self, t: &syn::ExprTuple, right: &syn::Expr) {
        let value = self.value(right);
        let parts: Vec<Expr> = match value.kind {
            ExprKind::Tuple(parts) if parts.len() == t.elems.len() => parts
                .into_iter()
                .map(|part| {
                    let var = self.let_temp("part", part, VarKind::Temp);
                    Expr::read(self.var_place(var), right.span())
                })
                .collect(),
            _ => {
                let whole = self.let_temp("whole", value, VarKind::Local);
                (0..t.elems.len())
                    .map(|k| Expr::read(self.tuple_field(&self.var_place(whole), k), right.span()))
                    .collect()
            }
        };
        for (left, part) in t.elems.iter().zip(parts) {
            if matches!(left, syn::Expr::Infer(_)) {
                continue;
            }
            if let Some(place) = self.place(left) {
                self.store(place, part);
            }
        }
    }

    /// `place = value`
    pub(crate) fn store(&mut self, mut place: Place, value: Expr) {
        if place.projs.is_empty() {
            let var = &mut self.func.vars[place.root];
            if var.ty == Ty::Unknown {
                var.ty = value.ty.clone();
            }
            place.ty = var.ty.clone();
            if self.deferred_vars.contains(&place.root) {
                self.needs_default.insert(place.root);
            }
        }
        self.func.vars[place.root].mutable = true;
        let place = self.steady(place);
        self.out.push(Stmt::Assign(place, value, false));
    }

    /// An index that is read from what is about to change stays as it is now: `v[v[0] as usize] = x`.
    fn steady(&mut self, place: Place) -> Place {
        if place.index_reads().iter().any(|(p, _)| p.root == place.root) {
            self.freeze(place)
        } else {
            place
        }
    }

    fn compound_assign(&mut self, b: &syn::ExprBinary) {
        let Some(op) = compound(&b.op) else { return };
        let value = match op {
            Some(_) => self.value(&b.right),
            None => Expr::inert(self.inert(&b.right), Ty::Inert, b.right.span()),
        };
        if self.dead {
            return;
        }
        let Some(place) = self.place(&b.left) else { return };
        self.func.vars[place.root].mutable = true;
        let place = self.steady(place);
        match op {
            None => {
                // Bit operations and shifts: integers and booleans only.
                let (left, op, right) = (place.print(&self.func.vars, crate::ir::Access::Shared), &b.op, self.inert(&b.right));
                let plain = plain_operator(op);
                let r = &right.tokens;
                let value = Inert {
                    tokens: quote::quote!(#left #plain (#r)),
                    reads: right.reads.into_iter().chain([(place.clone(), false)]).collect(),
                };
                self.out.push(Stmt::Assign(place, Expr::inert(value, Ty::Inert, b.span()), false));
            }
            Some(op) => self.update(place, op, value, b),
        }
    }

    fn update(&mut self, place: Place, op: Op, value: Expr, b: &syn::ExprBinary) {
        let float = place.ty.is_float();
        if place.ty == Ty::Inert && value.ty == Ty::Inert && matches!(op, Op::Add | Op::Sub) {
            let inert = self.inert_once(&b.right);
            self.out.push(Stmt::Update(place, op, Expr::inert(inert, Ty::Inert, b.span())));
        } else if place.ty == Ty::Inert && value.ty == Ty::Inert {
            let left = place.print(&self.func.vars, crate::ir::Access::Shared);
            let right = self.inert(&b.right);
            let (op, r) = (op.tokens(), &right.tokens);
            let tokens = quote::quote!(#left #op (#r));
            let reads = right.reads.into_iter().chain([(place.clone(), false)]).collect();
            self.out.push(Stmt::Assign(
                place,
                Expr::inert(Inert { tokens, reads }, Ty::Inert, b.span()),
                false,
            ));
        } else if float {
            let value = self.deref_operand(value);
            match op {
                Op::Add | Op::Sub => self.out.push(Stmt::Update(place, op, value)),
                Op::Rem => {
                    let rule = crate::rules::find("modulo").expect("in the table");
                    let old = Expr::read(place.clone(), b.span());
                    let ty = place.ty.clone();
                    let new = Expr {
                        kind: ExprKind::Math(rule, vec![old, value]),
                        ty,
                        span: b.span(),
                    };
                    self.out.push(Stmt::Assign(place, new, false));
                }
                _ => {
                    let old = Expr::read(place.clone(), b.span());
                    self.out.push(Stmt::Assign(place, Expr::binary(op, old, value), false));
                }
            }
        } else {
            self.operator_assign(place, op, value, b.span());
        }
    }
}

fn expr_attrs(e: &syn::Expr) -> &[syn::Attribute] {
    match e {
        syn::Expr::If(x) => &x.attrs,
        syn::Expr::Block(x) => &x.attrs,
        syn::Expr::Match(x) => &x.attrs,
        syn::Expr::ForLoop(x) => &x.attrs,
        syn::Expr::While(x) => &x.attrs,
        syn::Expr::Loop(x) => &x.attrs,
        syn::Expr::Call(x) => &x.attrs,
        syn::Expr::MethodCall(x) => &x.attrs,
        syn::Expr::Assign(x) => &x.attrs,
        syn::Expr::Binary(x) => &x.attrs,
        syn::Expr::Return(x) => &x.attrs,
        syn::Expr::Macro(x) => &x.attrs,
        _ => &[],
    }
}

/// The operator of a compound assignment; `Some(None)` for bit operations.
fn compound(op: &syn::BinOp) -> Option<Option<Op>> {
    use syn::BinOp::*;
    Some(match op {
        AddAssign(_) => Some(Op::Add),
        SubAssign(_) => Some(Op::Sub),
        MulAssign(_) => Some(Op::Mul),
        DivAssign(_) => Some(Op::Div),
        RemAssign(_) => Some(Op::Rem),
        BitXorAssign(_) | BitAndAssign(_) | BitOrAssign(_) | ShlAssign(_) | ShrAssign(_) => None,
        _ => return None,
    })
}

/// `+=` and its like.
pub(crate) fn is_compound(op: &syn::BinOp) -> bool {
    compound(op).is_some()
}

fn plain_operator(op: &syn::BinOp) -> proc_macro2::TokenStream {
    use syn::BinOp::*;
    match op {
        BitXorAssign(_) => quote::quote!(^),
        BitAndAssign(_) => quote::quote!(&),
        BitOrAssign(_) => quote::quote!(|),
        ShlAssign(_) => quote::quote!(<<),
        _ => quote::quote!(>>),
    }
}
