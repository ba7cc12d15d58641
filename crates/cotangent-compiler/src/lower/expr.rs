//! Expressions that yield values, and places.

use syn::spanned::Spanned;

use super::Lowerer;
use super::inert::{is_comparison, macro_name};
use super::scope::Binding;
use crate::ir::{Expr, ExprKind, FloatTy, Inert, Op, Passing, Place, Proj, Stmt, Ty, VarKind};
use crate::mutant::{self, Mutant};
use crate::rules;

impl Lowerer<'_> {
    /// The value of an expression; what it needs first goes to the current block.
    pub(crate) fn value(&mut self, e: &syn::Expr) -> Expr {
        let span = e.span();
        match e {
            syn::Expr::Paren(p) => self.value(&p.expr),
            syn::Expr::Group(p) => self.value(&p.expr),
            syn::Expr::Lit(l) => literal(l),
            syn::Expr::Reference(r) if r.mutability.is_some() => self.reference_value(r),
            _ if self.is_inert(e) => Expr::inert(self.inert_once(e), Ty::Inert, span),
            syn::Expr::Path(p) => self.path_value(p, e),
            syn::Expr::Field(_) | syn::Expr::Index(_) if self.is_constant_part(e) => {
                Expr::inert(self.inert_once(e), Ty::Float(FloatTy::Literal), span)
            }
            syn::Expr::Field(_) | syn::Expr::Index(_) => self.place_value(e),
            syn::Expr::Unary(u) => self.unary(u),
            syn::Expr::Binary(b) if super::stmt::is_compound(&b.op) => {
                self.expr_into(e, None);
                Expr::inert(
                    Inert {
                        tokens: quote::quote!(()),
                        reads: vec![],
                    },
                    Ty::Inert,
                    span,
                )
            }
            syn::Expr::Binary(b) => self.binary(b),
            syn::Expr::Cast(c) => self.cast(c),
            syn::Expr::Call(c) => self.call_value(c),
            syn::Expr::MethodCall(m) => self.method_value(m),
            syn::Expr::Tuple(t) => {
                let parts: Vec<Expr> = self.values(t.elems.iter());
                let ty = Ty::Tuple(parts.iter().map(|p| p.ty.clone()).collect());
                Expr {
                    kind: ExprKind::Tuple(parts),
                    ty,
                    span,
                }
            }
            syn::Expr::Array(a) => {
                let parts = self.values(a.elems.iter());
                let ty = Ty::Array(Box::new(element_ty(&parts)));
                Expr {
                    kind: ExprKind::Array(parts),
                    ty,
                    span,
                }
            }
            syn::Expr::Repeat(r) => {
                let value = self.value(&r.expr);
                let len = self.inert(&r.len);
                let ty = Ty::Array(Box::new(value.ty.clone()));
                Expr {
                    kind: ExprKind::Repeat(Box::new(value), len, false),
                    ty,
                    span,
                }
            }
            syn::Expr::Struct(s) => self.struct_value(s),
            syn::Expr::Reference(r) => self.reference_value(r),
            syn::Expr::Macro(m) => self.macro_value(m),
            syn::Expr::Try(t) => self.try_value(t),
            syn::Expr::If(_) | syn::Expr::Match(_) | syn::Expr::Block(_) | syn::Expr::Loop(_) => self.control_value(e),
            syn::Expr::Return(_) | syn::Expr::Break(_) | syn::Expr::Continue(_) => {
                self.expr_into(e, None);
                Expr::inert(
                    Inert {
                        tokens: quote::quote!(::core::unreachable!()),
                        reads: vec![],
                    },
                    Ty::Unknown,
                    span,
                )
            }
            syn::Expr::Closure(_) => {
                self.error(
                    span,
                    "a closure may be bound by `let` and called, or passed to a function; it cannot be stored in another value here",
                );
                Expr::float(0.0, span)
            }
            syn::Expr::Unsafe(_)
            | syn::Expr::Async(_)
            | syn::Expr::Await(_)
            | syn::Expr::Assign(_)
            | syn::Expr::While(_)
            | syn::Expr::ForLoop(_) => {
                self.expr_into(e, None);
                Expr::inert(
                    Inert {
                        tokens: quote::quote!(()),
                        reads: vec![],
                    },
                    Ty::Inert,
                    span,
                )
            }
            _ => {
                self.error(span, "cannot differentiate this kind of expression: write it with operators, calls and control flow, or wrap what is constant in `constant(..)`");
                Expr::float(0.0, span)
            }
        }
    }

    /// Values of several expressions, evaluated in order.
    pub(crate) fn values<'e>(&mut self, es: impl Iterator<Item = &'e syn::Expr>) -> Vec<Expr> {
        let es: Vec<_> = es.collect();
        let mut values = vec![];
        for (k, e) in es.iter().enumerate() {
            let value = self.value(e);
            let later = es[k + 1..].iter().any(|e| may_mutate(e));
            values.push(if later { self.pin(value) } else { value });
        }
        values
    }

    /// A value that later code cannot change.
    pub(crate) fn pin(&mut self, value: Expr) -> Expr {
        if matches!(&value.kind, ExprKind::Inert(i) if i.reads.is_empty()) || matches!(value.kind, ExprKind::Ref(..)) {
            return value;
        }
        let span = value.span;
        let var = self.let_temp("held", value, VarKind::Temp);
        Expr::read(self.var_place(var), span)
    }

    /// Inert code with calls is run once and kept, since it is looked at again in the reverse sweep.
    pub(crate) fn inert_once(&mut self, e: &syn::Expr) -> Inert {
        let inert = self.inert(e);
        if !has_call(e) {
            return inert;
        }
        let value = Expr::inert(inert, Ty::Inert, e.span());
        let var = self.let_temp("kept", value, VarKind::Temp);
        let name = &self.func.vars[var].name;
        let text =
            matches!(e, syn::Expr::Macro(_)) || matches!(e, syn::Expr::MethodCall(m) if m.method == "to_string" || m.method == "clone");
        Inert {
            // Text is not copied.
            tokens: if text {
                quote::quote!(__p::dup(&#name))
            } else {
                quote::quote!(#name)
            },
            reads: vec![(self.var_place(var), false)],
        }
    }

    fn path_value(&mut self, p: &syn::ExprPath, e: &syn::Expr) -> Expr {
        let span = e.span();
        let Some(ident) = p.path.get_ident() else {
            return self.path_constant(p);
        };
        match self.scopes.get(&ident.to_string()).cloned() {
            Some(Binding::Var(var)) => {
                let place = self.var_place(var);
                let by_reference = self.func.params.iter().any(|p| p.var == var && !p.owned);
                match self.func.vars[var].kind {
                    VarKind::Param(Passing::Ref) if by_reference => ref_expr(place, false, span),
                    VarKind::Param(Passing::RefMut) if by_reference => ref_expr(place, true, span),
                    _ => Expr::read(place, span),
                }
            }
            Some(Binding::Alias(place, Some(mutable))) => ref_expr(place, mutable, span),
            Some(Binding::Alias(place, None)) => Expr::read(place, span),
            Some(Binding::Closure(..)) => {
                self.error(
                    span,
                    "a closure may be called, or passed to a function; it cannot be stored in another value here",
                );
                Expr::float(0.0, span)
            }
            Some(Binding::Const(_) | Binding::Item) | None => self.path_constant(p),
        }
    }

    fn path_constant(&mut self, p: &syn::ExprPath) -> Expr {
        let e = syn::Expr::Path(p.clone());
        let own = p.path.get_ident().and_then(|i| self.scopes.get(&i.to_string()));
        let ty = if let Some(Binding::Const(ty)) = own
            && *ty != Ty::Unknown
        {
            ty.clone()
        } else if self.is_constant(&e) {
            Ty::Float(FloatTy::Literal)
        } else {
            Ty::Unknown
        };
        Expr::inert(
            Inert {
                tokens: quote::quote!(#p),
                reads: vec![],
            },
            ty,
            p.span(),
        )
    }

    fn place_value(&mut self, e: &syn::Expr) -> Expr {
        let span = e.span();
        match self.place(e) {
            Some(place) if place.ty == Ty::Inert => {
                let tokens = place.print(&self.func.vars, crate::ir::Access::Shared);
                let mut reads = place.index_reads();
                reads.push((place, false));
                Expr::inert(Inert { tokens, reads }, Ty::Inert, span)
            }
            Some(place) => Expr::read(place, span),
            None => Expr::float(0.0, span),
        }
    }

    fn unary(&mut self, u: &syn::ExprUnary) -> Expr {
        let span = u.span();
        match u.op {
            syn::UnOp::Deref(_) => {
                let e = syn::Expr::Unary(u.clone());
                if self.is_place(&u.expr) {
                    return self.place_value(&e);
                }
                let inner = self.value(&u.expr);
                match inner.kind {
                    ExprKind::Ref(place, _) => Expr::read(place, span),
                    _ => inner,
                }
            }
            syn::UnOp::Neg(_) => {
                let inner = self.value(&u.expr);
                let inner = self.deref_operand(inner);
                match &inner.ty {
                    Ty::Float(_) => {
                        let ty = inner.ty.clone();
                        Expr {
                            kind: ExprKind::Neg(Box::new(inner)),
                            ty,
                            span,
                        }
                    }
                    Ty::Inert => Expr::inert(self.inert(&syn::Expr::Unary(u.clone())), Ty::Inert, span),
                    _ => self.negate(inner, span),
                }
            }
            _ => Expr::inert(self.inert(&syn::Expr::Unary(u.clone())), Ty::Inert, span),
        }
    }

    /// `&f64` operands of float operators are read.
    pub(crate) fn deref_operand(&self, e: Expr) -> Expr {
        match e.kind {
            ExprKind::Ref(place, _) if place.ty.is_float() => Expr::read(place, e.span),
            _ => e,
        }
    }

    fn binary(&mut self, b: &syn::ExprBinary) -> Expr {
        let span = b.span();
        let Some(op) = arithmetic(&b.op) else {
            debug_assert!(is_comparison(&b.op));
            return Expr::inert(self.inert(&syn::Expr::Binary(b.clone())), Ty::Inert, span);
        };
        let operands = self.values([&*b.left, &*b.right].into_iter());
        let [left, right]: [Expr; 2] = operands.try_into().expect("two operands");
        let (left, right) = (self.deref_operand(left), self.deref_operand(right));
        match (&left.ty, &right.ty) {
            (Ty::Inert, Ty::Inert) => Expr::inert(self.inert(&syn::Expr::Binary(b.clone())), Ty::Inert, span),
            (Ty::Float(_), Ty::Float(_)) if op == Op::Rem => {
                let ty = left.ty.join(&right.ty);
                let rule = rules::find("modulo").expect("in the table");
                Expr {
                    kind: ExprKind::Math(rule, vec![left, right]),
                    ty,
                    span,
                }
            }
            (Ty::Float(_), Ty::Float(_)) => Expr::binary(op, left, right),
            _ => self.operator(op, left, right, span),
        }
    }

    fn cast(&mut self, c: &syn::ExprCast) -> Expr {
        let (span, to) = (c.span(), self.ty(&c.ty));
        if self.is_inert(&c.expr) || self.is_constant(&c.expr) {
            let inert = self.inert_once(&syn::Expr::Cast(c.clone()));
            return Expr::inert(inert, to, span);
        }
        let inner = self.value(&c.expr);
        let inner = self.deref_operand(inner);
        if inner.ty == Ty::Inert || matches!(inner.kind, ExprKind::Inert(_)) {
            let (tokens, ty) = match inner.kind {
                ExprKind::Inert(i) => (i, &c.ty),
                _ => (self.inert(&c.expr), &c.ty),
            };
            let t = tokens.tokens;
            return Expr::inert(
                Inert {
                    tokens: quote::quote!(((#t) as #ty)),
                    reads: tokens.reads,
                },
                to,
                span,
            );
        }
        Expr {
            kind: ExprKind::Cast(Box::new(inner), (*c.ty).clone()),
            ty: to,
            span,
        }
    }

    fn struct_value(&mut self, s: &syn::ExprStruct) -> Expr {
        let span = s.span();
        let base = match &s.rest {
            Some(rest) if self.is_place(rest) => self.place(rest),
            Some(rest) => {
                let value = self.value(rest);
                let var = self.let_temp("base", value, VarKind::Local);
                Some(self.var_place(var))
            }
            None => None,
        };
        let values = self.values(s.fields.iter().map(|f| &f.expr));
        let fields = s.fields.iter().map(|f| f.member.clone()).zip(values).collect();
        Expr {
            kind: ExprKind::Struct(s.path.clone(), fields, base),
            ty: Ty::Unknown,
            span,
        }
    }

    fn reference_value(&mut self, r: &syn::ExprReference) -> Expr {
        let span = r.span();
        if self.is_place(&r.expr)
            && let Some(place) = self.place(&r.expr)
        {
            return ref_expr(place, r.mutability.is_some(), span);
        }
        let value = self.value(&r.expr);
        if let ExprKind::Ref(place, _) = value.kind {
            return ref_expr(place, r.mutability.is_some(), span);
        }
        let var = self.let_temp("borrowed", value, VarKind::Local);
        self.func.vars[var].mutable |= r.mutability.is_some();
        ref_expr(self.var_place(var), r.mutability.is_some(), span)
    }

    fn macro_value(&mut self, m: &syn::ExprMacro) -> Expr {
        let span = m.span();
        if macro_name(&m.mac) == "dbg" {
            return self.dbg_value(&m.mac, span);
        }
        if macro_name(&m.mac) != "vec" {
            if matches!(macro_name(&m.mac).as_str(), "panic" | "unreachable" | "todo" | "unimplemented") {
                self.macro_stmt(&m.mac);
                return Expr::inert(
                    Inert {
                        tokens: quote::quote!(::core::unreachable!()),
                        reads: vec![],
                    },
                    Ty::Unknown,
                    span,
                );
            }
            return Expr::inert(self.inert_macro(&m.mac), Ty::Inert, span);
        }
        match syn::parse2::<VecArgs>(m.mac.tokens.clone()) {
            Ok(VecArgs::Repeat(value, len)) => {
                let value = self.value(&value);
                let len = self.inert_once(&len);
                let ty = Ty::Vec(Box::new(value.ty.clone()));
                Expr {
                    kind: ExprKind::Repeat(Box::new(value), len, true),
                    ty,
                    span,
                }
            }
            Ok(VecArgs::List(list)) => {
                let parts = self.values(list.iter());
                let ty = Ty::Vec(Box::new(element_ty(&parts)));
                Expr {
                    kind: ExprKind::VecList(parts),
                    ty,
                    span,
                }
            }
            Err(e) => {
                self.diags.push(e);
                Expr::float(0.0, span)
            }
        }
    }

    /// `dbg!(e)` prints once, where the program runs forward, and yields its argument.
    fn dbg_value(&mut self, mac: &syn::Macro, span: proc_macro2::Span) -> Expr {
        let parser = syn::punctuated::Punctuated::<syn::Expr, syn::Token![,]>::parse_terminated;
        let args = match syn::parse::Parser::parse2(parser, mac.tokens.clone()) {
            Ok(args) => args,
            Err(e) => {
                self.diags.push(e);
                return Expr::float(0.0, span);
            }
        };
        let mut values = vec![];
        for arg in &args {
            let value = self.value(arg);
            let value = self.pin(value);
            let (place, reads) = match &value.kind {
                ExprKind::Read(p) | ExprKind::Ref(p, _) => (p.print(&self.func.vars, crate::ir::Access::Shared), vec![(p.clone(), false)]),
                ExprKind::Inert(i) => (i.tokens.clone(), i.reads.clone()),
                _ => unreachable!("a value that is pinned is read"),
            };
            let text = quote::quote!(#arg).to_string();
            let tokens = quote::quote_spanned! {span=>
                ::std::eprintln!("[{}:{}:{}] {} = {:#?}", ::core::file!(), ::core::line!(), ::core::column!(), #text, &(#place));
            };
            self.out.push(Stmt::Effect(Inert { tokens, reads }));
            values.push(value);
        }
        match <[Expr; 1]>::try_from(values) {
            Ok([value]) => value,
            Err(values) => {
                let ty = Ty::Tuple(values.iter().map(|v| v.ty.clone()).collect());
                let kind = ExprKind::Tuple(values);
                Expr { kind, ty, span }
            }
        }
    }

    /// The value of `if`, `match`, a block or a loop: a variable that the branches assign.
    pub(crate) fn control_value(&mut self, e: &syn::Expr) -> Expr {
        let var = self.func.fresh("chosen", e.span(), Ty::Unknown, VarKind::Temp);
        self.out.push(Stmt::Let(var, None));
        self.expr_into(e, Some(var));
        Expr::read(self.var_place(var), e.span())
    }

    /// A scalar function; costly ones stand alone, so that their value is kept.
    pub(crate) fn math(&mut self, rule: &'static rules::ScalarRule, args: Vec<Expr>, span: proc_macro2::Span) -> Expr {
        let ty = args
            .iter()
            .skip(1)
            .fold(args[0].ty.clone(), |t, a| if a.ty.is_float() { t.join(&a.ty) } else { t });
        let ty = if ty.is_float() { ty } else { Ty::Float(FloatTy::Literal) };
        let small_power =
            rule.name == "powi" && matches!(&args[1].kind, ExprKind::Inert(i) if matches!(i.tokens.to_string().as_str(), "2" | "3"));
        let value = Expr {
            kind: ExprKind::Math(rule, args),
            ty,
            span,
        };
        if rule.cheap || small_power {
            return value;
        }
        let var = self.let_temp(rule.name, value, VarKind::Temp);
        Expr::read(self.var_place(var), span)
    }

    /// Whether an expression denotes a place.
    pub(crate) fn is_place(&self, e: &syn::Expr) -> bool {
        match e {
            syn::Expr::Path(p) => p
                .path
                .get_ident()
                .and_then(|i| self.scopes.get(&i.to_string()))
                .is_some_and(|b| matches!(b, Binding::Var(_) | Binding::Alias(..))),
            syn::Expr::Field(f) => self.is_place(&f.base),
            syn::Expr::Index(i) => self.is_place(&i.expr),
            syn::Expr::Unary(u) if matches!(u.op, syn::UnOp::Deref(_)) => self.is_place(&u.expr),
            syn::Expr::Paren(p) => self.is_place(&p.expr),
            syn::Expr::Reference(r) => self.is_place(&r.expr),
            syn::Expr::MethodCall(m) => self.is_place_method(m),
            _ => false,
        }
    }

    /// Methods that lead from a place to a place.
    fn is_place_method(&self, m: &syn::ExprMethodCall) -> bool {
        if !self.is_place(&m.receiver) {
            return false;
        }
        let name = m.method.to_string();
        match name.as_str() {
            "as_slice" | "as_mut_slice" | "as_mut" | "as_ref" | "as_deref" | "as_deref_mut" | "borrow" | "borrow_mut" => m.args.is_empty(),
            "unwrap" => m.args.is_empty(),
            "expect" => true,
            _ => false,
        }
    }

    /// The place an expression denotes.
    pub(crate) fn place(&mut self, e: &syn::Expr) -> Option<Place> {
        self.place_unfrozen(e)
    }

    pub(crate) fn place_unfrozen(&mut self, e: &syn::Expr) -> Option<Place> {
        match e {
            syn::Expr::Path(p) => {
                let name = p.path.get_ident().map(|i| i.to_string()).unwrap_or_default();
                match self.scopes.get(&name).cloned() {
                    Some(Binding::Var(var)) => Some(self.var_place(var)),
                    Some(Binding::Alias(place, _)) => Some(place),
                    _ => {
                        self.error(e.span(), format!("`{}` is not a variable of this function: a static or a captured place cannot be written or differentiated; pass it as a parameter", quote::quote!(#p)));
                        None
                    }
                }
            }
            syn::Expr::Field(f) => {
                let base = self.base_place(&f.base)?;
                let ty = match (&base.ty, &f.member) {
                    (Ty::Tuple(ts), syn::Member::Unnamed(i)) => ts.get(i.index as usize).cloned().unwrap_or(Ty::Unknown),
                    (Ty::Inert, _) => Ty::Inert,
                    _ => Ty::Unknown,
                };
                Some(base.then(Proj::Field(f.member.clone()), ty))
            }
            syn::Expr::Index(i) => self.index_place(i),
            syn::Expr::Unary(u) if matches!(u.op, syn::UnOp::Deref(_)) => {
                let place = self.base_place(&u.expr)?;
                let aliased = self.is_reference_name(&u.expr);
                match &place.ty {
                    _ if aliased => Some(place),
                    Ty::Boxed(t) => {
                        let ty = (**t).clone();
                        Some(place.then(Proj::Deref, ty))
                    }
                    Ty::Unknown if !place.projs.is_empty() || !aliased => Some(place.then(Proj::Deref, Ty::Unknown)),
                    _ => Some(place),
                }
            }
            syn::Expr::Paren(p) => self.place(&p.expr),
            syn::Expr::Reference(r) => self.place(&r.expr),
            syn::Expr::MethodCall(m) if self.is_place_method(m) => {
                let base = self.place(&m.receiver)?;
                let name = m.method.to_string();
                Some(match name.as_str() {
                    "unwrap" | "expect" => {
                        let ty = base.ty.payload();
                        base.then(Proj::Payload, ty)
                    }
                    _ => base,
                })
            }
            _ => {
                self.error(e.span(), "expected a place: a variable, a field or an element");
                None
            }
        }
    }

    /// A name that stands for a reference, so that `*name` adds nothing to the path.
    fn is_reference_name(&self, e: &syn::Expr) -> bool {
        match e {
            syn::Expr::Path(p) => match p.path.get_ident().and_then(|i| self.scopes.get(&i.to_string())) {
                Some(Binding::Alias(_, by_ref)) => by_ref.is_some(),
                Some(Binding::Var(v)) => {
                    let kind = self.func.vars[*v].kind;
                    kind == VarKind::Param(Passing::Ref) || self.is_mutable_reference(*v)
                }
                _ => false,
            },
            syn::Expr::Paren(p) => self.is_reference_name(&p.expr),
            syn::Expr::MethodCall(m) => matches!(m.method.to_string().as_str(), "unwrap" | "expect"),
            _ => false,
        }
    }

    /// The place of a base; a value without a place is given one.
    fn base_place(&mut self, e: &syn::Expr) -> Option<Place> {
        if self.is_place(e) {
            return self.place(e);
        }
        if matches!(e, syn::Expr::Path(_)) {
            return self.place(e);
        }
        let value = self.value(e);
        if let ExprKind::Ref(place, _) = value.kind {
            return Some(place);
        }
        let var = self.let_temp("value", value, VarKind::Local);
        Some(self.var_place(var))
    }

    fn index_place(&mut self, i: &syn::ExprIndex) -> Option<Place> {
        let base = self.base_place(&i.expr)?;
        if let syn::Expr::Range(r) = &*i.index {
            return Some(self.slice_place(base, r));
        }
        let user = matches!(&*i.index, syn::Expr::Tuple(_));
        let index = self.inert_once(&i.index);
        let ty = base.ty.element();
        Some(if user {
            base.then(Proj::UserIndex(index, None), Ty::Unknown)
        } else {
            base.then(Proj::Index(index), ty)
        })
    }

    pub(crate) fn slice_place(&mut self, base: Place, r: &syn::ExprRange) -> Place {
        let lo = match &r.start {
            Some(e) => self.inert_once(e),
            None => Inert {
                tokens: quote::quote!(0),
                reads: vec![],
            },
        };
        let hi = r.end.as_ref().map(|e| {
            let hi = self.inert_once(e);
            match r.limits {
                syn::RangeLimits::Closed(_) => {
                    let t = hi.tokens;
                    Inert {
                        tokens: quote::quote!(((#t) + 1)),
                        reads: hi.reads,
                    }
                }
                syn::RangeLimits::HalfOpen(_) => hi,
            }
        });
        let ty = Ty::Slice(Box::new(base.ty.element()));
        base.then(Proj::Slice(lo, hi), ty)
    }

    /// A place whose indices cannot change any more.
    pub(crate) fn freeze(&mut self, mut place: Place) -> Place {
        if mutant::on(Mutant::IndexNotFrozen) {
            return place;
        }
        for k in 0..place.projs.len() {
            let mut proj = place.projs[k].clone();
            match &mut proj {
                Proj::Index(i) | Proj::UserIndex(i, _) => self.freeze_inert(i),
                Proj::Slice(lo, hi) => {
                    self.freeze_inert(lo);
                    if let Some(hi) = hi {
                        self.freeze_inert(hi);
                    }
                }
                _ => {}
            }
            place.projs[k] = proj;
        }
        place
    }

    pub(crate) fn freeze_inert(&mut self, i: &mut Inert) {
        let fixed = i.reads.is_empty()
            || (i.reads.len() == 1
                && i.reads[0].0.projs.is_empty()
                && matches!(
                    self.func.vars[i.reads[0].0.root].kind,
                    VarKind::Temp | VarKind::Loop | VarKind::Param(Passing::Value)
                )
                && self.func.vars[i.reads[0].0.root].name == i.tokens.to_string());
        if fixed {
            return;
        }
        let span = proc_macro2::Span::call_site();
        let var = self.let_temp("at", Expr::inert(i.clone(), Ty::Inert, span), VarKind::Temp);
        let name = &self.func.vars[var].name;
        *i = Inert {
            tokens: quote::quote!(#name),
            reads: vec![(self.var_place(var), false)],
        };
    }

    pub(crate) fn tuple_field(&self, place: &Place, k: usize) -> Place {
        let ty = match &place.ty {
            Ty::Tuple(ts) => ts.get(k).cloned().unwrap_or(Ty::Unknown),
            Ty::Inert => Ty::Inert,
            _ => Ty::Unknown,
        };
        place.then(
            Proj::Field(syn::Member::Unnamed(syn::Index {
                index: k as u32,
                span: proc_macro2::Span::call_site(),
            })),
            ty,
        )
    }
}

fn ref_expr(place: Place, mutable: bool, span: proc_macro2::Span) -> Expr {
    let ty = place.ty.clone();
    Expr {
        kind: ExprKind::Ref(place, mutable),
        ty,
        span,
    }
}

pub(crate) fn element_ty(parts: &[Expr]) -> Ty {
    parts.iter().map(|p| p.ty.clone()).reduce(|a, b| a.join(&b)).unwrap_or(Ty::Unknown)
}

fn literal(l: &syn::ExprLit) -> Expr {
    let ty = match &l.lit {
        syn::Lit::Float(f) if f.suffix() == "f32" => Ty::Float(FloatTy::F32),
        syn::Lit::Float(f) if f.suffix() == "f64" => Ty::Float(FloatTy::F64),
        syn::Lit::Int(i) if i.suffix() == "f64" => Ty::Float(FloatTy::F64),
        syn::Lit::Int(i) if i.suffix() == "f32" => Ty::Float(FloatTy::F32),
        syn::Lit::Float(_) => Ty::Float(FloatTy::Literal),
        _ => Ty::Inert,
    };
    Expr::inert(
        Inert {
            tokens: quote::quote!(#l),
            reads: vec![],
        },
        ty,
        l.span(),
    )
}

pub(crate) fn arithmetic(op: &syn::BinOp) -> Option<Op> {
    use syn::BinOp::*;
    Some(match op {
        Add(_) => Op::Add,
        Sub(_) => Op::Sub,
        Mul(_) => Op::Mul,
        Div(_) => Op::Div,
        Rem(_) => Op::Rem,
        _ => return None,
    })
}

/// `vec![e; n]` or `vec![a, b, c]`
enum VecArgs {
    Repeat(syn::Expr, syn::Expr),
    List(Vec<syn::Expr>),
}

impl syn::parse::Parse for VecArgs {
    fn parse(input: syn::parse::ParseStream) -> syn::Result<Self> {
        if input.is_empty() {
            return Ok(VecArgs::List(vec![]));
        }
        let first: syn::Expr = input.parse()?;
        if input.peek(syn::Token![;]) {
            input.parse::<syn::Token![;]>()?;
            return Ok(VecArgs::Repeat(first, input.parse()?));
        }
        let mut list = vec![first];
        while !input.is_empty() {
            input.parse::<syn::Token![,]>()?;
            if !input.is_empty() {
                list.push(input.parse()?);
            }
        }
        Ok(VecArgs::List(list))
    }
}

/// Whether evaluating the expression may change variables.
pub(crate) fn may_mutate(e: &syn::Expr) -> bool {
    struct Finder(bool);
    impl<'ast> syn::visit::Visit<'ast> for Finder {
        fn visit_expr(&mut self, e: &'ast syn::Expr) {
            match e {
                syn::Expr::Reference(r) if r.mutability.is_some() => self.0 = true,
                syn::Expr::Block(_) | syn::Expr::If(_) | syn::Expr::Match(_) | syn::Expr::Loop(_) | syn::Expr::Try(_) => self.0 = true,
                syn::Expr::Assign(_) => self.0 = true,
                syn::Expr::Call(c) if matches!(&*c.func, syn::Expr::Path(p) if p.path.get_ident().is_some()) => {
                    // A closure may change what it captures.
                    self.0 |= c.args.is_empty();
                    syn::visit::visit_expr(self, e);
                }
                syn::Expr::MethodCall(m) if rules::find(&m.method.to_string()).is_none() => {
                    self.0 |= !super::inert::INERT_METHODS.contains(&m.method.to_string().as_str()) && m.method != "clone";
                    syn::visit::visit_expr(self, e);
                }
                _ => syn::visit::visit_expr(self, e),
            }
        }
    }
    let mut finder = Finder(false);
    syn::visit::Visit::visit_expr(&mut finder, e);
    finder.0
}

/// Whether the expression calls something that might have effects or cost.
pub(crate) fn has_call(e: &syn::Expr) -> bool {
    struct Finder(bool);
    impl<'ast> syn::visit::Visit<'ast> for Finder {
        fn visit_expr(&mut self, e: &'ast syn::Expr) {
            match e {
                syn::Expr::Call(_) | syn::Expr::Macro(_) | syn::Expr::Closure(_) | syn::Expr::Block(_) => self.0 = true,
                syn::Expr::MethodCall(m) => {
                    let name = m.method.to_string();
                    self.0 |= !matches!(name.as_str(), "len" | "is_empty" | "min" | "max" | "is_some" | "is_none" | "pow");
                    syn::visit::visit_expr(self, e);
                }
                _ => syn::visit::visit_expr(self, e),
            }
        }
    }
    let mut finder = Finder(false);
    syn::visit::Visit::visit_expr(&mut finder, e);
    finder.0
}
