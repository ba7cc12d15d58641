//! Method calls: scalar functions, containers, options; anything else is a method of the user's.

use quote::quote;
use syn::spanned::Spanned;

use super::Lowerer;
use super::expr::may_mutate;
use crate::ir::{Access, Arg, Expr, ExprKind, Inert, Passing, Place, Proj, Stmt, Target, Ty, VarKind};
use crate::rules;

/// Methods that are called for their effect.
pub(crate) const UNIT_METHODS: &[&str] = &[
    "push",
    "truncate",
    "clear",
    "swap",
    "fill",
    "copy_from_slice",
    "clone_from_slice",
    "extend",
    "extend_from_slice",
    "reverse",
    "for_each",
    "resize",
];

const CLONES: &[&str] = &["clone", "to_vec", "to_owned"];

impl Lowerer<'_> {
    /// The value of `receiver.name(..)`.
    pub(crate) fn method_value(&mut self, m: &syn::ExprMethodCall) -> Expr {
        let span = m.span();
        let name = m.method.to_string();
        if !CLONES.contains(&name.as_str()) && self.is_users_method(&m.receiver, &name) {
            return self.user_method(m);
        }
        if let Some(chain) = self.consumed_chain(m) {
            return self.consume(chain, m);
        }
        if UNIT_METHODS.contains(&name.as_str()) && self.container_stmt(m, &name) {
            return Expr::inert(
                Inert {
                    tokens: quote!(()),
                    reads: vec![],
                },
                Ty::Inert,
                span,
            );
        }
        if name == "parse" {
            self.error(
                m.method.span(),
                "a number that comes out of text carries no derivative: keep the value itself, or wrap this in `constant(..)`",
            );
            return Expr::float(0.0, span);
        }
        if let Some(value) = self.scalar_method(m, &name) {
            return value;
        }
        if CLONES.contains(&name.as_str()) && m.args.is_empty() {
            return self.clone_of(m);
        }
        if let Some(value) = self.option_method(m, &name) {
            return value;
        }
        match (name.as_str(), m.args.len()) {
            ("pop", 0) if self.is_place(&m.receiver) => self.pop(m),
            ("first" | "last", 0) => {
                self.assert_sequence(&m.receiver);
                let receiver = &m.receiver;
                let index: syn::Expr = if name == "first" {
                    syn::parse_quote!(0)
                } else {
                    syn::parse_quote!(#receiver.len() - 1)
                };
                self.value(&syn::parse_quote!(if #receiver.is_empty() { None } else { Some(#receiver[#index]) }))
            }
            ("get", 1) => {
                self.assert_sequence(&m.receiver);
                let (receiver, k) = (&m.receiver, &m.args[0]);
                self.value(&syn::parse_quote!(if #k < #receiver.len() { Some(#receiver[#k]) } else { None }))
            }
            ("copied" | "cloned", 0) => self.value(&m.receiver),
            ("into" | "as_slice" | "as_mut_slice" | "into_boxed_slice" | "as_ref" | "as_mut", 0) => self.value(&m.receiver),
            ("sin_cos", 0) => {
                let receiver = self.value(&m.receiver);
                let receiver = self.deref_operand(receiver);
                let receiver = self.pin(receiver);
                let sin = self.math(rules::find("sin").expect("in the table"), vec![receiver.clone()], span);
                let cos = self.math(rules::find("cos").expect("in the table"), vec![receiver], span);
                let ty = Ty::Tuple(vec![sin.ty.clone(), cos.ty.clone()]);
                Expr {
                    kind: ExprKind::Tuple(vec![sin, cos]),
                    ty,
                    span,
                }
            }
            _ => self.user_method(m),
        }
    }

    /// `receiver.name(..);`
    pub(crate) fn method_stmt(&mut self, m: &syn::ExprMethodCall) {
        let name = m.method.to_string();
        let users = self.is_users_method(&m.receiver, &name);
        if !users && UNIT_METHODS.contains(&name.as_str()) && self.container_stmt(m, &name) {
            return;
        }
        if self.is_inert(&m.receiver) && !m.args.iter().any(|a| self.has_effects(a)) {
            let e = syn::Expr::MethodCall(m.clone());
            let code = self.verbatim(&e);
            let t = &code.tokens;
            let code = Inert {
                tokens: quote!(#t;),
                reads: code.reads,
            };
            let stmt = match self.place(&m.receiver) {
                Some(place) => Stmt::InertMutation(place, code),
                None => Stmt::Effect(code),
            };
            return self.out.push(stmt);
        }
        let value = self.method_value(m);
        if let ExprKind::Inert(i) = &value.kind
            && i.tokens.to_string() != "()"
        {
            let t = &i.tokens;
            self.out.push(Stmt::Effect(Inert {
                tokens: quote!(let _ = #t;),
                reads: i.reads.clone(),
            }));
        }
    }

    /// A method of slices, on something that may be the user's: rustc says so then.
    fn assert_sequence(&mut self, e: &syn::Expr) {
        if matches!(self.quick_ty(e), Some(Ty::Vec(_) | Ty::Slice(_) | Ty::Array(_))) {
            return;
        }
        let code = self.verbatim(e);
        let t = code.tokens;
        self.out.push(Stmt::Effect(Inert {
            tokens: quote!(__p::sequence(&#t);),
            reads: code.reads,
        }));
    }

    fn scalar_method(&mut self, m: &syn::ExprMethodCall, name: &str) -> Option<Expr> {
        let rule = rules::find(name).filter(|r| !r.helper && r.args.len() == m.args.len() + 1)?;
        if matches!(
            self.quick_ty(&m.receiver),
            Some(Ty::Vec(_) | Ty::Slice(_) | Ty::Option(_) | Ty::Boxed(_))
        ) {
            return None;
        }
        let es: Vec<&syn::Expr> = std::iter::once(&*m.receiver).chain(&m.args).collect();
        let mut values = vec![];
        for (k, e) in es.iter().enumerate() {
            let later = es[k + 1..].iter().any(|e| may_mutate(e));
            let value = if rule.is_integer(k) {
                Expr::inert(self.inert_once(e), Ty::Inert, e.span())
            } else {
                self.value(e)
            };
            let value = self.deref_operand(value);
            values.push(if later { self.pin(value) } else { value });
        }
        if values[0].ty == Ty::Inert
            || values
                .iter()
                .enumerate()
                .skip(1)
                .any(|(k, v)| v.ty == Ty::Inert && !rule.is_integer(k))
        {
            return Some(Expr::inert(self.inert(&syn::Expr::MethodCall(m.clone())), Ty::Inert, m.span()));
        }
        let span = m.method.span();
        let values = values.into_iter().map(|v| self.dereferenced(v)).collect();
        Some(self.math(rule, values, span))
    }

    /// Scalar functions take values, also where the type of a reference's target is not known.
    fn dereferenced(&self, e: Expr) -> Expr {
        match e.kind {
            ExprKind::Ref(place, _) => Expr::read(place, e.span),
            _ => e,
        }
    }

    fn clone_of(&mut self, m: &syn::ExprMethodCall) -> Expr {
        let span = m.span();
        if self.is_place(&m.receiver)
            && let Some(place) = self.place(&m.receiver)
        {
            return self.clone_place(place, m.method.clone(), span);
        }
        let value = self.value(&m.receiver);
        match value.kind {
            ExprKind::Ref(place, _) | ExprKind::Read(place) => self.clone_place(place, m.method.clone(), span),
            _ => value,
        }
    }

    pub(crate) fn clone_place(&mut self, place: Place, method: syn::Ident, span: proc_macro2::Span) -> Expr {
        let to_vec = method == "to_vec";
        if place.ty.is_copy() && !to_vec {
            return Expr::read(place, span);
        }
        let ty = match &place.ty {
            Ty::Slice(t) => Ty::Vec(t.clone()),
            Ty::Array(t) if to_vec => Ty::Vec(t.clone()),
            Ty::Unknown if to_vec => Ty::Vec(Box::new(Ty::Unknown)),
            t => t.clone(),
        };
        Expr {
            kind: ExprKind::CloneOf(place, method),
            ty,
            span,
        }
    }

    fn option_method(&mut self, m: &syn::ExprMethodCall, name: &str) -> Option<Expr> {
        let span = m.span();
        match name {
            "unwrap" | "expect" => {
                if self.is_place(&m.receiver) {
                    let place = self.place(&syn::Expr::MethodCall(m.clone()))?;
                    return Some(Expr::read(place, span));
                }
                let value = self.value(&m.receiver);
                let place = match value.kind {
                    ExprKind::Read(place) | ExprKind::Ref(place, _) => place,
                    _ => {
                        let var = self.let_temp("option", value, VarKind::Local);
                        self.var_place(var)
                    }
                };
                let ty = place.ty.payload();
                Some(Expr::read(place.then(Proj::Payload, ty), span))
            }
            "unwrap_or" | "unwrap_or_else" | "unwrap_or_default" | "map_or" => {
                let receiver = &m.receiver;
                let arg = m.args.first();
                let some: syn::Expr = match (name, m.args.get(1)) {
                    ("map_or", Some(f)) => syn::parse_quote!((#f)(__payload)),
                    _ => syn::parse_quote!(__payload),
                };
                let none: syn::Expr = match (name, arg) {
                    ("unwrap_or_else", Some(f)) => syn::parse_quote!((#f)()),
                    ("unwrap_or" | "map_or", Some(e)) => syn::parse_quote!(#e),
                    _ => syn::parse_quote!(0.0),
                };
                Some(self.payload_or(receiver, &some, &none, span))
            }
            "map" | "and_then" if m.args.len() == 1 => {
                let (receiver, f) = (&m.receiver, &m.args[0]);
                let some: syn::Expr = if name == "map" {
                    syn::parse_quote!(Some((#f)(__payload)))
                } else {
                    syn::parse_quote!((#f)(__payload))
                };
                let value = self.value(&syn::parse_quote!(match #receiver { Some(__payload) => #some, _ => None }));
                Some(value)
            }
            "ok_or" if m.args.len() == 1 => {
                let (receiver, e) = (&m.receiver, &m.args[0]);
                Some(self.value(&syn::parse_quote!(match #receiver { Some(__payload) => Ok(__payload), _ => Err(#e) })))
            }
            "ok" if m.args.is_empty() => {
                let receiver = &m.receiver;
                Some(self.value(&syn::parse_quote!(match #receiver { Ok(__payload) => Some(__payload), _ => None })))
            }
            _ => None,
        }
    }

    /// `match e { Some(__payload) | Ok(__payload) => some, _ => none }`
    fn payload_or(&mut self, e: &syn::Expr, some: &syn::Expr, none: &syn::Expr, span: proc_macro2::Span) -> Expr {
        let value = self.value(e);
        let place = match value.kind {
            ExprKind::Read(place) | ExprKind::Ref(place, _) => self.freeze(place),
            _ => {
                let var = self.let_temp("option", value, VarKind::Local);
                self.var_place(var)
            }
        };
        let chosen = self.func.fresh("chosen", span, Ty::Unknown, VarKind::Temp);
        self.out.push(Stmt::Let(chosen, None));
        let code = place.print(&self.func.vars, Access::Shared);
        let fails = Inert {
            tokens: quote!(__p::fails(&#code)),
            reads: vec![(place.clone(), false)],
        };
        let none = self.sub_block(|l| l.expr_into(none, Some(chosen)));
        let some = self.sub_block(|l| {
            let payload = Expr::read(place.then(Proj::Payload, place.ty.payload()), span);
            l.let_value(&syn::parse_quote!(__payload), None, payload);
            l.expr_into(some, Some(chosen));
        });
        self.branch(fails, none, some);
        Expr::read(self.var_place(chosen), span)
    }

    fn pop(&mut self, m: &syn::ExprMethodCall) -> Expr {
        let span = m.span();
        let Some(place) = self.place(&m.receiver) else {
            return Expr::float(0.0, span);
        };
        let place = self.freeze(place);
        self.func.vars[place.root].mutable = true;
        let ty = Ty::Option(Box::new(place.ty.element()));
        let var = self.func.fresh("popped", span, ty, VarKind::Local);
        self.out.push(Stmt::Pop(Some(var), place));
        Expr::read(self.var_place(var), span)
    }

    /// Methods of `Vec` and slices that change them; false if the receiver is something else.
    fn container_stmt(&mut self, m: &syn::ExprMethodCall, name: &str) -> bool {
        if name == "for_each" {
            let Some(chain) = self.consumed_chain(m) else { return false };
            self.consume(chain, m);
            return true;
        }
        if !self.is_place(&m.receiver) {
            return false;
        }
        let Some(place) = self.place(&m.receiver) else { return true };
        if place.ty == Ty::Inert || matches!(&place.ty, Ty::Vec(t) if **t == Ty::Inert && name != "push") {
            return self.inert_container(m, place);
        }
        let args: Vec<&syn::Expr> = m.args.iter().collect();
        let place = self.freeze(place);
        match (name, args.as_slice()) {
            ("push", [e]) => {
                let value = self.value(e);
                self.learn_element(&place, &value.ty);
                self.out.push(Stmt::Push(place.clone(), value));
            }
            ("truncate", [e]) => {
                let len = self.inert_once(e);
                self.out.push(Stmt::Truncate(place.clone(), len));
            }
            ("clear", []) => self.out.push(Stmt::Truncate(
                place.clone(),
                Inert {
                    tokens: quote!(0),
                    reads: vec![],
                },
            )),
            ("swap", [i, j]) => {
                let (mut i, mut j) = (self.inert_once(i), self.inert_once(j));
                self.freeze_inert(&mut i);
                self.freeze_inert(&mut j);
                let ty = place.ty.element();
                let (a, b) = (place.then(Proj::Index(i), ty.clone()), place.then(Proj::Index(j), ty));
                self.out.push(Stmt::Swap(a, b));
            }
            ("fill", [e]) => {
                let value = self.value(e);
                let value = self.dereferenced(value);
                self.out.push(Stmt::Fill(place.clone(), value));
            }
            ("copy_from_slice" | "clone_from_slice", [e]) => {
                let Some(source) = self.source_place(e) else { return true };
                self.out.push(Stmt::CopyFrom(place.clone(), source));
            }
            ("extend" | "extend_from_slice", [e]) => self.extend(&place, e),
            ("reverse", []) => {
                let code = place.print(&self.func.vars, Access::Shared);
                let reads = vec![(place.clone(), true)];
                let half = Inert {
                    tokens: quote!(0..(#code).len() / 2),
                    reads: reads.clone(),
                };
                let k = self.func.fresh("k", m.span(), Ty::Inert, VarKind::Loop);
                let kn = self.func.vars[k].name.clone();
                let place = place.clone();
                self.for_loop(None, k, half, m.span(), |l| {
                    let first = Inert {
                        tokens: quote!(#kn),
                        reads: vec![(l.var_place(k), false)],
                    };
                    let last = Inert {
                        tokens: quote!(((#code).len() - 1 - #kn)),
                        reads: first.reads.iter().cloned().chain(reads).collect(),
                    };
                    let ty = place.ty.element();
                    l.out.push(Stmt::Swap(
                        place.then(Proj::Index(first), ty.clone()),
                        place.then(Proj::Index(last), ty),
                    ));
                });
            }
            ("resize", [n, e]) => {
                let receiver = &m.receiver;
                let code: syn::Expr = syn::parse_quote!({
                    let __value = #e;
                    let __len = #n;
                    if __len <= #receiver.len() {
                        #receiver.truncate(__len);
                    } else {
                        while #receiver.len() < __len {
                            #receiver.push(__value);
                        }
                    }
                });
                self.expr_into(&code, None);
            }
            _ => return false,
        }
        self.func.vars[place.root].mutable = true;
        true
    }

    fn inert_container(&mut self, m: &syn::ExprMethodCall, place: Place) -> bool {
        self.func.vars[place.root].mutable = true;
        if let Some(arg) = m.args.iter().find(|a| self.has_effects(a)) {
            self.error(arg.span(), "an argument that changes a variable: do that in a statement before");
        }
        let code = self.verbatim(&syn::Expr::MethodCall(m.clone()));
        let t = &code.tokens;
        self.out.push(Stmt::InertMutation(
            place,
            Inert {
                tokens: quote!(#t;),
                reads: code.reads,
            },
        ));
        true
    }

    /// A `Vec` that starts empty learns its element from what is pushed.
    fn learn_element(&mut self, place: &Place, ty: &Ty) {
        if place.projs.is_empty() {
            let var = &mut self.func.vars[place.root];
            if let Ty::Vec(t) = &var.ty {
                var.ty = Ty::Vec(Box::new(t.join(ty)));
            }
        }
    }

    /// The place that a slice-like argument names; values get one.
    fn source_place(&mut self, e: &syn::Expr) -> Option<Place> {
        let value = self.value(e);
        match value.kind {
            ExprKind::Ref(place, _) | ExprKind::Read(place) => Some(place),
            _ => {
                let var = self.let_temp("source", value, VarKind::Local);
                Some(self.var_place(var))
            }
        }
    }

    fn extend(&mut self, place: &Place, e: &syn::Expr) {
        if let Some(chain) = self.chain(e) {
            let place = place.clone();
            self.drive(&chain, None, e.span(), &mut |l, item| {
                let value = l.item_value(item, e.span());
                let value = l.dereferenced(value);
                l.learn_element(&place, &value.ty);
                l.out.push(Stmt::Push(place.clone(), value));
            });
            return;
        }
        if let Some(source) = self.source_place(e) {
            let element = source.ty.element();
            self.learn_element(place, &element);
            self.out.push(Stmt::Extend(place.clone(), source));
        }
    }

    /// A method whose effects matter, where only its value is looked at.
    pub(crate) fn effectful_method(&mut self, m: &syn::ExprMethodCall) -> Expr {
        if self.is_inert(&syn::Expr::MethodCall(m.clone())) {
            self.user_method(m)
        } else {
            self.method_value(m)
        }
    }

    pub(super) fn user_method(&mut self, m: &syn::ExprMethodCall) -> Expr {
        let span = m.method.span();
        let name = m.method.to_string();
        if super::iter::starts_a_chain(&m.receiver) && !self.is_users_method(&m.receiver, &name) {
            self.error(
                span,
                format!("cannot differentiate an iterator chain with `{name}`: write it as a loop, or with `rev`, `enumerate`, `zip`, `skip`, `take`, `step_by`, `map`, `filter`, `copied`, and at its end `sum`, `product`, `fold`, `for_each` or `collect`"),
            );
            return Expr::float(0.0, span);
        }
        if FLOAT_METHODS_WITHOUT_RULE.contains(&name.as_str()) && self.quick_ty(&m.receiver).is_some_and(|t| t.is_float()) {
            self.error(
                span,
                format!(
                    "`{name}` has no derivative rule: use `constant(..)` if it does not matter, or write it with functions that have one"
                ),
            );
            return Expr::float(0.0, span);
        }
        let receiver = self.receiver_arg(&m.receiver, &name);
        let mut args = vec![receiver];
        let rest: Vec<&syn::Expr> = m.args.iter().collect();
        args.extend(self.args(&rest));
        self.share_receiver(&mut args);
        let own = is_self(&m.receiver);
        let mutates = if own { self.input.siblings.get(&name).copied() } else { None };
        if mutates != Some(false) {
            args = self.pin_overlaps(args);
        }
        let recursive = own && self.input.sig.ident == name;
        self.emit_call(
            Target::Method(m.method.clone(), m.turbofish.clone()),
            args,
            mutates,
            recursive,
            span,
        )
    }

    /// A method whose argument may overlap the receiver, `p[i].distance(&p[j])`, can only look at both.
    fn share_receiver(&self, args: &mut [Arg]) {
        let Some(Arg::RefMut(p)) = args.first() else { return };
        let p = p.clone();
        let shares = |a: &Arg| match a {
            Arg::Ref(q) | Arg::RefMut(q) => q.root == p.root && !p.parts_at_field(q) && self.func.parting(&p, q).is_none(),
            Arg::Value(_) | Arg::Inert(_) => false,
        };
        if args[1..].iter().any(shares) {
            args[0] = Arg::Ref(p);
        }
    }

    fn receiver_arg(&mut self, e: &syn::Expr, _name: &str) -> Arg {
        if self.is_place(e)
            && let Some(place) = self.place(e)
        {
            let var = &self.func.vars[place.root];
            let fixed = matches!(var.kind, VarKind::Param(Passing::Ref | Passing::Value))
                || (!var.mutable && var.kind != VarKind::Param(Passing::RefMut));
            return if fixed { Arg::Ref(place) } else { Arg::RefMut(place) };
        }
        let value = self.value(e);
        match value.kind {
            ExprKind::Ref(place, mutable) => {
                if mutable {
                    Arg::RefMut(place)
                } else {
                    Arg::Ref(place)
                }
            }
            _ => {
                let var = self.let_temp("receiver", value, VarKind::Local);
                self.func.vars[var].mutable = true;
                Arg::RefMut(self.var_place(var))
            }
        }
    }
}

/// Methods of floats that are not in the table.
const FLOAT_METHODS_WITHOUT_RULE: &[&str] = &["to_int_unchecked", "gamma", "ln_gamma", "next_up", "next_down", "midpoint", "lerp"];

/// `self`, `*self` and `(self)`
fn is_self(e: &syn::Expr) -> bool {
    match e {
        syn::Expr::Path(p) => p.path.is_ident("self"),
        syn::Expr::Paren(p) => is_self(&p.expr),
        syn::Expr::Unary(u) => is_self(&u.expr),
        _ => false,
    }
}
