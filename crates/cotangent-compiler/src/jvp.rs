//! Forward mode: a function of the IR becomes another that also carries tangents.
//!
//! Every variable gets a tangent variable, every place its tangent place, every call the callee's jvp. Since the result is
//! an ordinary function of the IR, the reverse sweep of it gives second order.

use std::collections::HashMap;

use proc_macro2::Span;
use quote::{format_ident, quote};

use crate::emit::activity::Activity;
use crate::ir::{
    Arg, Arm, Block, Call, Expr, ExprKind, FloatTy, For, Function, Inert, Op, Param, Passing, Place, Proj, Stmt, Target, Ty, VarId,
    VarKind, tangent_path,
};
use crate::lanes::lane_type;
use crate::mutant::{self, Mutant};
use crate::rules;
use crate::surface::tangent_type;

/// The forward-mode version of a function: parameters alternate with their tangents, the result is a pair.
pub fn jvp(f: &Function) -> Function {
    forward(f, false)
}

/// The same along several directions: tangents are `Lanes`.
pub fn jvp_lanes(f: &Function) -> Function {
    forward(f, true)
}

fn forward(f: &Function, lanes: bool) -> Function {
    let activity = Activity::of(f);
    let mut jvp = Jvp {
        old: f,
        new: Function { lanes, ..f.clone() },
        activity,
        dots: HashMap::new(),
        out: vec![],
    };
    jvp.params();
    jvp.block(&f.body);
    jvp.result();
    jvp.new.body = Block { stmts: jvp.out };
    jvp.new
}

struct Jvp<'f> {
    old: &'f Function,
    new: Function,
    activity: Activity,
    dots: HashMap<VarId, VarId>,
    out: Vec<Stmt>,
}

/// The type of tangents of a type.
fn tangent_ty(ty: &Ty) -> Ty {
    match ty {
        Ty::Vec(t) => Ty::Vec(Box::new(tangent_ty(t))),
        Ty::Slice(t) => Ty::Slice(Box::new(tangent_ty(t))),
        Ty::Array(t) => Ty::Array(Box::new(tangent_ty(t))),
        Ty::Option(t) => Ty::Option(Box::new(tangent_ty(t))),
        Ty::Boxed(t) => Ty::Boxed(Box::new(tangent_ty(t))),
        Ty::Tuple(ts) => Ty::Tuple(ts.iter().map(tangent_ty).collect()),
        other => other.clone(),
    }
}

/// The type of a tangent parameter, as Rust.
fn tangent_param(ty: &syn::Type, lanes: bool) -> syn::Type {
    let tangent_type = if lanes { lane_type } else { tangent_type };
    match ty {
        syn::Type::Reference(r) => {
            let (lifetime, mutability) = (&r.lifetime, &r.mutability);
            let inner = match &*r.elem {
                syn::Type::Slice(s) => {
                    let t = tangent_type(&s.elem);
                    quote!([#t])
                }
                syn::Type::TraitObject(_) | syn::Type::Paren(_) if !lanes => crate::surface::slot_type(&r.elem),
                other => tangent_type(other),
            };
            syn::parse_quote!(& #lifetime #mutability #inner)
        }
        other => {
            let t = tangent_type(other);
            syn::parse_quote!(#t)
        }
    }
}

impl Jvp<'_> {
    fn params(&mut self) {
        self.new.params.clear();
        for p in &self.old.params {
            self.new.params.push(p.clone());
            let v = &self.old.vars[p.var];
            let inert = v.ty == Ty::Inert || (!p.active && v.ty.is_opaque());
            let receiver = self.new.params.len() == 1 && p.field == "this" && p.owned && self.old.vars[p.var].name == "__self";
            let (ty, written, kind) = if receiver {
                // A receiver is never moved, so neither is its tangent.
                let t = tangent_type(&p.ty);
                (tangent_ty(&v.ty), syn::parse_quote!(&#t), v.kind)
            } else if inert {
                (Ty::Inert, syn::parse_quote!(()), VarKind::Param(Passing::Value))
            } else {
                (tangent_ty(&v.ty), tangent_param(&p.ty, self.new.lanes), v.kind)
            };
            let dot = self.dot_var(p.var, ty, kind);
            let field = format_ident!("{}_dot", p.field);
            self.new.params.push(Param {
                var: dot,
                field,
                ty: written,
                active: p.active,
                owned: p.owned && !inert && !receiver,
            });
        }
    }

    fn dot_var(&mut self, var: VarId, ty: Ty, kind: VarKind) -> VarId {
        let v = &self.old.vars[var];
        let base = v.name.to_string();
        let name = format!("{}_dot", base.trim_start_matches("r#"));
        let (span, mutable) = (v.name.span(), v.mutable);
        let dot = self.new.fresh(&name, span, ty, kind);
        self.new.vars[dot].mutable = mutable;
        if self.old.callables.contains(&var) {
            self.new.callables.insert(dot);
        }
        self.dots.insert(var, dot);
        dot
    }

    /// The tangent of a local, declared when first met.
    fn dot_of(&mut self, var: VarId) -> VarId {
        if let Some(dot) = self.dots.get(&var) {
            return *dot;
        }
        let v = &self.old.vars[var];
        let (ty, kind) = (tangent_ty(&v.ty), v.kind);
        self.dot_var(var, ty, kind)
    }

    fn place_dot(&mut self, p: &Place) -> Place {
        let root = self.dot_of(p.root);
        let projs = p
            .projs
            .iter()
            .enumerate()
            .map(|(k, proj)| match proj {
                Proj::UserIndex(i, None) => {
                    let primal = Place {
                        root: p.root,
                        projs: p.projs[..k].to_vec(),
                        ty: Ty::Unknown,
                    };
                    Proj::UserIndex(i.clone(), Some(Box::new(primal)))
                }
                Proj::Variant(path, member, n) => Proj::Variant(tangent_path(path), member.clone(), *n),
                other => other.clone(),
            })
            .collect();
        Place {
            root,
            projs,
            ty: tangent_ty(&p.ty),
        }
    }

    /// The tangent of an expression; `None` where it is zero. `value` is where its value can be read, if it was kept.
    fn dot(&mut self, e: &Expr, value: Option<&Expr>) -> Option<Expr> {
        if !self.activity.expr(e) {
            return None;
        }
        let span = e.span;
        let wrap = |kind| {
            Some(Expr {
                kind,
                ty: tangent_ty(&e.ty),
                span,
            })
        };
        match &e.kind {
            ExprKind::Inert(_) | ExprKind::Const(_) | ExprKind::ZeroOf(_) => None,
            ExprKind::Read(p) => Some(Expr::read(self.place_dot(p), span)),
            ExprKind::Ref(p, m) => {
                let kind = ExprKind::Ref(self.place_dot(p), *m);
                wrap(kind)
            }
            ExprKind::CloneOf(p, method) => {
                let kind = ExprKind::CloneOf(self.place_dot(p), method.clone());
                wrap(kind)
            }
            ExprKind::Through(inner, _) => self.dot(inner, None),
            ExprKind::Function(value, captured) if value.has_state() => {
                let dot = self.dot(captured, None)?;
                wrap(ExprKind::Shared(Box::new(dot)))
            }
            ExprKind::Function(_, captured) => self.dot(captured, None),
            ExprKind::Shared(inner) => {
                let dot = self.dot(inner, None)?;
                wrap(ExprKind::Shared(Box::new(dot)))
            }
            ExprKind::Neg(inner) => {
                let inner = self.dot(inner, None)?;
                wrap(ExprKind::Neg(Box::new(inner)))
            }
            ExprKind::Binary(op, a, b) => {
                let (da, db) = (self.dot(a, None), self.dot(b, None));
                self.binary(*op, a, b, da, db)
            }
            ExprKind::Math(rule, args) => {
                let value = value.unwrap_or(e).clone();
                let mut total: Option<Expr> = None;
                for (k, arg) in args.iter().enumerate() {
                    if rule.is_zero(k) {
                        continue;
                    }
                    if let Some(d) = self.dot(arg, None) {
                        let term = rules::scaled(d, rules::partial(rule, k, args, &value));
                        total = Some(match total {
                            Some(t) => Expr::binary(Op::Add, t, term),
                            None => term,
                        });
                    }
                }
                total
            }
            ExprKind::Cast(inner, ty) => {
                let mut inner = self.dot(inner, None)?;
                let mut ty = ty.clone();
                if self.new.lanes {
                    // A cast of lanes goes through a trait, as that of a value of unknown type.
                    inner.ty = Ty::Unknown;
                    ty = syn::parse_quote!(__p::Lanes<#ty, __W>);
                }
                wrap(ExprKind::Cast(Box::new(inner), ty))
            }
            ExprKind::Tuple(es) => {
                let kind = ExprKind::Tuple(self.dots_or_zero(es));
                wrap(kind)
            }
            ExprKind::Array(es) => {
                let kind = ExprKind::Array(self.dots_or_zero(es));
                wrap(kind)
            }
            ExprKind::VecList(es) => {
                let kind = ExprKind::VecList(self.dots_or_zero(es));
                wrap(kind)
            }
            ExprKind::Repeat(inner, n, vec) => {
                let inner = self.dot(inner, None)?;
                wrap(ExprKind::Repeat(Box::new(inner), n.clone(), *vec))
            }
            ExprKind::Wrap(_, inner) => {
                let inner = self.dot(inner, None)?;
                wrap(ExprKind::Wrap(syn::parse_quote!(::core::option::Option::Some), Box::new(inner)))
            }
            ExprKind::Boxed(path, inner) => {
                let inner = self.dot(inner, None)?;
                wrap(ExprKind::Boxed(path.clone(), Box::new(inner)))
            }
            ExprKind::Struct(path, fields, base) => Some(self.structure(e, path, fields, base.as_ref())),
            ExprKind::Ctor(path, es) => Some(self.constructor(e, path, es)),
        }
    }

    fn binary(&mut self, op: Op, a: &Expr, b: &Expr, da: Option<Expr>, db: Option<Expr>) -> Option<Expr> {
        let negative = |e: Expr| {
            let (ty, span) = (e.ty.clone(), e.span);
            Expr {
                kind: ExprKind::Neg(Box::new(e)),
                ty,
                span,
            }
        };
        match op {
            Op::Add => match (da, db) {
                (Some(x), Some(y)) => Some(Expr::binary(Op::Add, x, y)),
                (x, y) => x.or(y),
            },
            Op::Sub => match (da, db) {
                (Some(x), Some(y)) => Some(Expr::binary(
                    if mutant::on(Mutant::ForwardSubAdds) { Op::Add } else { Op::Sub },
                    x,
                    y,
                )),
                (Some(x), None) => Some(x),
                (None, y) => y.map(negative),
            },
            Op::Mul => {
                let x = da.map(|d| Expr::binary(Op::Mul, d, b.clone()));
                let y = db.map(|d| Expr::binary(Op::Mul, d, a.clone()));
                match (x, y) {
                    (Some(x), Some(y)) => Some(Expr::binary(Op::Add, x, y)),
                    (x, y) => x.or(y),
                }
            }
            Op::Div => {
                let quotient = Expr::binary(Op::Div, a.clone(), b.clone());
                let y = db.map(|d| Expr::binary(Op::Mul, d, quotient));
                let top = match (da, y) {
                    (Some(x), Some(y)) => Expr::binary(Op::Sub, x, y),
                    (Some(x), None) => x,
                    (None, y) => negative(y?),
                };
                Some(Expr::binary(Op::Div, top, b.clone()))
            }
            Op::Rem => unreachable!("lowered to a function with a rule"),
        }
    }

    fn dots_or_zero(&mut self, es: &[Expr]) -> Vec<Expr> {
        es.iter().map(|e| self.dot_or_zero(e)).collect()
    }

    fn dot_or_zero(&mut self, e: &Expr) -> Expr {
        self.dot(e, None).unwrap_or_else(|| self.zero_of(e))
    }

    /// The tangent of a struct literal: the zero tangent of its value, then its active fields.
    fn structure(&mut self, e: &Expr, path: &syn::Path, fields: &[(syn::Member, Expr)], base: Option<&Place>) -> Expr {
        if is_variant(path) {
            let fields = fields.iter().map(|(m, e)| (m.clone(), self.dot_or_zero(e))).collect();
            return Expr {
                kind: ExprKind::Struct(tangent_path(path), fields, None),
                ty: Ty::Unknown,
                span: e.span,
            };
        }
        let start = match base {
            Some(base) if self.activity.place(base) => Expr::read(self.place_dot(base), e.span),
            _ => self.zero_of(e),
        };
        self.fields(start, fields.iter().map(|(m, e)| (m.clone(), e)), base.is_some(), e.span)
    }

    fn constructor(&mut self, e: &Expr, path: &syn::Path, es: &[Expr]) -> Expr {
        if is_variant(path) {
            let parts = self.dots_or_zero(es);
            return Expr {
                kind: ExprKind::Ctor(tangent_path(path), parts),
                ty: Ty::Unknown,
                span: e.span,
            };
        }
        let start = self.zero_of(e);
        let members = es.iter().enumerate().map(|(k, e)| (syn::Member::Unnamed(syn::Index::from(k)), e));
        self.fields(start, members, false, e.span)
    }

    fn fields<'e>(&mut self, start: Expr, fields: impl Iterator<Item = (syn::Member, &'e Expr)>, base: bool, span: Span) -> Expr {
        let whole = self.new.fresh("built_dot", span, Ty::Unknown, VarKind::Local);
        self.new.vars[whole].mutable = true;
        self.out.push(Stmt::Let(whole, Some(start)));
        for (member, e) in fields {
            let value = match self.dot(e, None) {
                Some(d) => d,
                None if base && e.ty != Ty::Inert => self.zero_of(e),
                None => continue,
            };
            let place = Place::var(whole, Ty::Unknown).then(Proj::Field(member), value.ty.clone());
            self.out.push(Stmt::Assign(place, value, false));
        }
        Expr::read(Place::var(whole, Ty::Unknown), span)
    }

    // ---- statements

    fn sub(&mut self, b: &Block) -> Block {
        let outer = std::mem::take(&mut self.out);
        self.block(b);
        Block {
            stmts: std::mem::replace(&mut self.out, outer),
        }
    }

    fn block(&mut self, b: &Block) {
        b.stmts.iter().for_each(|s| self.stmt(s));
    }

    fn stmt(&mut self, s: &Stmt) {
        match s {
            Stmt::Let(
                v,
                Some(Expr {
                    kind: ExprKind::Through(inner, _),
                    ..
                }),
            ) => {
                // Forward mode, and what is built on it, sees the identity.
                self.stmt(&Stmt::Let(*v, Some((**inner).clone())));
            }
            Stmt::Let(v, init) => {
                self.out.push(s.clone());
                if !self.activity.var(*v) {
                    return;
                }
                let whole = Expr::read(Place::var(*v, self.old.vars[*v].ty.clone()), Span::mixed_site());
                let dot = init.as_ref().map(|e| {
                    let kept = (!self.old.vars[*v].mutable).then_some(&whole);
                    match self.dot(e, kept) {
                        Some(d) => d,
                        None if matches!(&e.kind, ExprKind::Inert(i) if i.tokens.to_string().ends_with("new ()")) => empty(e),
                        None => self.zero_of(&whole),
                    }
                });
                let var = self.dot_of(*v);
                self.out.push(Stmt::Let(var, dot));
            }
            Stmt::Assign(p, e, first) => {
                if !self.activity.place(p) {
                    self.out.push(s.clone());
                    return;
                }
                let place = self.place_dot(p);
                match self.dot(e, None) {
                    Some(dot) if mutant::on(Mutant::ForwardAssignsPrimalFirst) => {
                        self.out.extend([s.clone(), Stmt::Assign(place, dot, *first)]);
                    }
                    Some(dot) => {
                        self.out.push(Stmt::Assign(place, dot, *first));
                        self.out.push(s.clone());
                    }
                    None => {
                        // The zero takes its shape, and its type, from the place once it is assigned.
                        self.out.push(s.clone());
                        if mutant::on(Mutant::ForwardKeepsOldTangent) && !*first {
                            return;
                        }
                        let zero = self.zero_of(&Expr::read(p.clone(), e.span));
                        self.out.push(Stmt::Assign(place, zero, *first));
                    }
                }
            }
            Stmt::Update(p, op, e) => {
                if self.activity.place(p)
                    && let Some(dot) = self.dot(e, None)
                {
                    let place = self.place_dot(p);
                    self.out.push(Stmt::Update(place, *op, dot));
                }
                self.out.push(s.clone());
            }
            Stmt::Call(c) => self.call(c),
            Stmt::If(c, a, b) => {
                let (a, b) = (self.sub(a), self.sub(b));
                self.out.push(Stmt::If(c.clone(), a, b));
            }
            Stmt::Match(s, arms) => {
                let arms = arms
                    .iter()
                    .map(|arm| Arm {
                        body: self.sub(&arm.body),
                        ..arm.clone()
                    })
                    .collect();
                self.out.push(Stmt::Match(s.clone(), arms));
            }
            Stmt::For(f) => {
                let body = self.sub(&f.body);
                self.out.push(Stmt::For(For { body, ..f.clone() }));
            }
            Stmt::While(c, b) => {
                let b = self.sub(b);
                self.out.push(Stmt::While(c.clone(), b));
            }
            Stmt::Effect(_) | Stmt::InertMutation(..) => self.out.push(s.clone()),
            _ => self.container(s),
        }
    }

    fn container(&mut self, s: &Stmt) {
        match s {
            Stmt::Swap(a, b) if self.activity.place(a) || self.activity.place(b) => {
                let (a, b) = (self.place_dot(a), self.place_dot(b));
                self.out.push(Stmt::Swap(a, b));
            }
            Stmt::Push(p, e) if self.activity.place(p) => {
                let (dot, place) = (self.dot_or_zero(e), self.place_dot(p));
                self.out.push(Stmt::Push(place, dot));
            }
            Stmt::Pop(v, p) if self.activity.place(p) => {
                let (v, place) = (v.map(|v| self.dot_of(v)), self.place_dot(p));
                self.out.push(Stmt::Pop(v, place));
            }
            Stmt::Fill(p, e) if self.activity.place(p) => {
                let (dot, place) = (self.dot_or_zero(e), self.place_dot(p));
                self.out.push(Stmt::Fill(place, dot));
            }
            Stmt::CopyFrom(to, from) if self.activity.place(to) => {
                let (from, to) = (self.source_dot(from), self.place_dot(to));
                self.out.push(Stmt::CopyFrom(to, from));
            }
            Stmt::Extend(to, from) if self.activity.place(to) => {
                let (from, to) = (self.source_dot(from), self.place_dot(to));
                self.out.push(Stmt::Extend(to, from));
            }
            Stmt::Truncate(p, n) if self.activity.place(p) => {
                let place = self.place_dot(p);
                self.out.push(Stmt::Truncate(place, n.clone()));
            }
            _ => {}
        }
        self.out.push(s.clone());
    }

    /// The tangent of a place that is copied from; zeros if it is inactive.
    fn source_dot(&mut self, p: &Place) -> Place {
        if self.activity.place(p) {
            self.place_dot(p)
        } else {
            self.zero_place(p)
        }
    }

    fn zero_place(&mut self, p: &Place) -> Place {
        let span = Span::mixed_site();
        let ty = match tangent_ty(&p.ty) {
            Ty::Slice(t) => Ty::Vec(t),
            other => other,
        };
        let zero = self.new.fresh("zero", span, ty.clone(), VarKind::Local);
        self.new.vars[zero].mutable = true;
        let value = Expr {
            kind: ExprKind::Ref(p.clone(), false),
            ty: p.ty.clone(),
            span,
        };
        let value = self.zero_of(&value);
        self.out.push(Stmt::Let(zero, Some(value)));
        Place::var(zero, ty)
    }

    fn call(&mut self, c: &Call) {
        if !self.activity.call(c) {
            self.out.push(Stmt::Call(c.clone()));
            return;
        }
        let mut args = vec![];
        for (k, arg) in c.args.iter().enumerate() {
            let receiver = k == 0 && matches!(c.target, Target::Method(..));
            let dot = match arg {
                Arg::Value(e) if self.new.lanes && is_operator(&c.target) && !self.activity.expr(e) => Arg::Inert(unit()),
                Arg::Value(e) => Arg::Value(self.dot_or_zero(e)),
                Arg::Ref(p) if p.ty == Ty::Inert => Arg::Inert(unit()),
                Arg::RefMut(p) if p.ty == Ty::Inert => Arg::Inert(unit()),
                // A receiver has a tangent, whatever else a constant may be.
                Arg::Ref(p) | Arg::RefMut(p) if !receiver && !self.activity.place(p) && self.is_constant(p) => Arg::Inert(unit()),
                Arg::Ref(p) => Arg::Ref(self.source_dot(p)),
                Arg::RefMut(p) => Arg::RefMut(self.source_dot(p)),
                Arg::Inert(_) => Arg::Inert(unit()),
            };
            args.push(arg.clone());
            args.push(dot);
        }
        let span = c.span;
        let Some(dest) = c.dest else {
            self.out.push(Stmt::Call(Call {
                args,
                level: c.level + 1,
                ..c.clone()
            }));
            return;
        };
        let ty = self.old.vars[dest].ty.clone();
        let dot_ty = tangent_ty(&ty);
        let pair_ty = Ty::Tuple(vec![ty.clone(), dot_ty.clone()]);
        let pair = self.new.fresh("pair", span, pair_ty.clone(), VarKind::Temp);
        self.out.push(Stmt::Call(Call {
            dest: Some(pair),
            args,
            level: c.level + 1,
            ..c.clone()
        }));
        let field = |k: u32, ty: Ty| {
            let member = syn::Member::Unnamed(syn::Index { index: k, span });
            Expr::read(Place::var(pair, pair_ty.clone()).then(Proj::Field(member), ty), span)
        };
        self.out.push(Stmt::Let(dest, Some(field(0, ty))));
        if self.activity.var(dest) {
            let dot = self.dot_of(dest);
            self.out.push(Stmt::Let(dot, Some(field(1, dot_ty))));
        }
    }

    fn is_constant(&self, p: &Place) -> bool {
        p.is_opaque(&self.old.vars) && self.old.params.iter().any(|q| q.var == p.root && !q.active)
    }

    fn result(&mut self) {
        let (Some(ret), Some(ty)) = (self.old.ret, &self.old.ret_ty) else {
            return self.unit_result();
        };
        let v = &self.old.vars[ret];
        let ret_name = &v.name;
        let (value_ty, span) = (v.ty.clone(), v.name.span());
        let value = Expr::read(Place::var(ret, value_ty.clone()), span);
        let dot_ty = tangent_ty(&value_ty);
        let dot = if v.ty == Ty::Inert {
            let zero = tangent_type(ty);
            let tokens = if quote!(#zero).to_string() == "()" {
                quote!(())
            } else {
                quote!(__p::zero(&#ret_name))
            };
            Expr::inert(Inert { tokens, reads: vec![] }, Ty::Inert, span)
        } else if self.activity.var(ret) {
            let dot = self.dot_of(ret);
            Expr::read(Place::var(dot, dot_ty.clone()), span)
        } else {
            self.zero_of(&value)
        };
        let pair_ty = Ty::Tuple(vec![value_ty, dot_ty]);
        let both = self.new.fresh("both", span, pair_ty.clone(), VarKind::Local);
        let tuple = Expr {
            kind: ExprKind::Tuple(vec![value, dot]),
            ty: pair_ty,
            span,
        };
        self.out.push(Stmt::Let(both, Some(tuple)));
        let t = if self.new.lanes { lane_type(ty) } else { tangent_type(ty) };
        self.new.ret = Some(both);
        self.new.ret_ty = Some(syn::parse_quote!((#ty, #t)));
    }
}

impl Jvp<'_> {
    /// Nothing and its tangent, so that callers see a pair whatever the function returns.
    fn unit_result(&mut self) {
        let span = Span::mixed_site();
        let both = self.new.fresh("both", span, Ty::Inert, VarKind::Local);
        // At order 3 the pair itself has a tangent, made of units too.
        let value = Expr::inert(
            Inert {
                tokens: quote!(((), ())),
                reads: vec![],
            },
            Ty::Inert,
            span,
        );
        self.out.push(Stmt::Let(both, Some(value)));
        self.new.ret = Some(both);
        self.new.ret_ty = Some(syn::parse_quote!(((), ())));
    }
}

fn unit() -> Inert {
    Inert {
        tokens: quote!(()),
        reads: vec![],
    }
}

fn empty(e: &Expr) -> Expr {
    Expr::inert(
        Inert {
            tokens: quote!(__p::Vec::new()),
            reads: vec![],
        },
        e.ty.clone(),
        e.span,
    )
}

impl Jvp<'_> {
    /// The zero tangent of a value.
    fn zero_of(&self, e: &Expr) -> Expr {
        match (&e.ty, &e.kind) {
            (Ty::Float(f), kind) if self.new.lanes => {
                let tokens = match (f, kind) {
                    (FloatTy::F32, _) => quote!(__p::Lanes::<f32, __W>::ZERO),
                    (FloatTy::F64, _) => quote!(__p::Lanes::<f64, __W>::ZERO),
                    (FloatTy::Param(t), _) => quote!(__p::Lanes::<#t, __W>::ZERO),
                    (FloatTy::Literal, ExprKind::Read(p)) if p.projs.is_empty() => {
                        let name = &self.new.vars[p.root].name;
                        quote!(__p::lane_zero_of::<_, __W>(#name))
                    }
                    (FloatTy::Literal, _) => quote!(__p::Lanes::<_, __W>::ZERO),
                };
                Expr::inert(Inert { tokens, reads: vec![] }, e.ty.clone(), e.span)
            }
            _ => zero_of(e),
        }
    }
}

fn zero_of(e: &Expr) -> Expr {
    let ty = tangent_ty(&e.ty);
    match &ty {
        Ty::Float(_) => Expr {
            kind: ExprKind::Const(0.0),
            ty,
            span: e.span,
        },
        Ty::Inert => Expr::inert(unit(), Ty::Inert, e.span),
        // Only its use tells the type of a bare `None`, which is its own tangent.
        _ if matches!(&e.kind, ExprKind::Inert(i) if i.tokens.to_string() == "None") => e.clone(),
        _ => {
            let ty = match ty {
                Ty::Slice(t) => Ty::Vec(t),
                other => other,
            };
            Expr {
                kind: ExprKind::ZeroOf(Box::new(e.clone())),
                ty,
                span: e.span,
            }
        }
    }
}

fn is_variant(path: &syn::Path) -> bool {
    let n = path.segments.len();
    n >= 2 && path.segments[n - 2].ident.to_string().starts_with(char::is_uppercase)
}

/// Whether the target is an operator.
pub fn is_operator(target: &Target) -> bool {
    matches!(target, Target::Operator(_) | Target::Negate | Target::OperatorAssign(_))
}
