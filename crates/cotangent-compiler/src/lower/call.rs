//! Calls of functions and closures.

use proc_macro2::Span;
use quote::quote;
use syn::spanned::Spanned;

use super::Lowerer;
use super::expr::may_mutate;
use super::scope::Binding;
use crate::ir::{Arg, Call, Expr, ExprKind, Inert, Op, Place, Stmt, Target, Ty, VarId, VarKind};
use crate::rules;

/// Entry points that a marker has; inside differentiable code these names, as a last segment, mean them.
const ENTRY_POINTS: &[&str] = &["grad", "value_and_grad", "jvp", "vjp", "hvp", "hessian", "jacobian", "grad_into"];

impl Lowerer<'_> {
    /// The value of `f(..)`.
    pub(crate) fn call_value(&mut self, c: &syn::ExprCall) -> Expr {
        let span = c.span();
        let syn::Expr::Path(p) = &*c.func else {
            if let syn::Expr::Paren(inner) = &*c.func
                && let syn::Expr::Closure(closure) = &*inner.expr
            {
                let scopes = self.scopes.clone();
                return self.inline(closure, &scopes, &c.args.iter().collect::<Vec<_>>(), span);
            }
            self.error(
                c.func.span(),
                "cannot differentiate a call of this: call a function by its name, or a closure bound by `let`",
            );
            return Expr::float(0.0, span);
        };
        if let Some(ident) = p.path.get_ident()
            && let Some(binding) = self.scopes.get(&ident.to_string()).cloned()
        {
            return match binding {
                Binding::Closure(closure, scopes) => self.inline(&closure, &scopes, &c.args.iter().collect::<Vec<_>>(), span),
                Binding::Var(var) => self.call_variable(var, c),
                _ => {
                    self.error(span, "only functions, closures and parameters bounded by `Fn` can be called");
                    Expr::float(0.0, span)
                }
            };
        }
        self.path_call(p, c).unwrap_or_else(|| {
            Expr::inert(
                Inert {
                    tokens: quote!(()),
                    reads: vec![],
                },
                Ty::Inert,
                span,
            )
        })
    }

    /// `f(..);`
    pub(crate) fn call_stmt(&mut self, c: &syn::ExprCall) {
        let value = self.call_value(c);
        if let ExprKind::Inert(i) = &value.kind
            && !i.tokens.is_empty()
            && i.tokens.to_string() != "()"
        {
            let t = &i.tokens;
            self.out.push(Stmt::Effect(Inert {
                tokens: quote!(let _ = #t;),
                reads: i.reads.clone(),
            }));
        }
    }

    fn path_call(&mut self, p: &syn::ExprPath, c: &syn::ExprCall) -> Option<Expr> {
        let span = c.span();
        let segments: Vec<String> = p.path.segments.iter().map(|s| s.ident.to_string()).collect();
        let name = segments.last().cloned().unwrap_or_default();
        let qualifier = if segments.len() > 1 {
            segments[segments.len() - 2].as_str()
        } else {
            ""
        };
        let args: Vec<&syn::Expr> = c.args.iter().collect();
        let known = match (qualifier, name.as_str()) {
            ("" | "cotangent" | "prelude", "constant") if args.len() == 1 => {
                let ours = match &self.input.options.krate {
                    Some(path) => quote!(#path::constant),
                    None => quote!(::cotangent::constant),
                };
                self.assert_ours(quote!(__p::the_function_of_cotangent(#p::<()>, #ours::<()>);));
                Some(self.constant(args[0]))
            }
            ("" | "cotangent" | "prelude", "with_derivative") if args.len() == 2 => Some(self.with_derivative(args[0], args[1])),
            (_, "Some" | "Ok") if args.len() == 1 => {
                let value = self.value(args[0]);
                let ty = Ty::Option(Box::new(value.ty.clone()));
                Some(Expr {
                    kind: ExprKind::Wrap(p.path.clone(), Box::new(value)),
                    ty,
                    span,
                })
            }
            (_, "Err") => Some(Expr::inert(self.inert(&syn::Expr::Call(c.clone())), Ty::Unknown, span)),
            ("Box", "new") if args.len() == 1 => {
                let value = self.value(args[0]);
                let ty = Ty::Boxed(Box::new(value.ty.clone()));
                Some(Expr {
                    kind: ExprKind::Boxed(p.path.clone(), Box::new(value)),
                    ty,
                    span,
                })
            }
            ("Vec", "new" | "with_capacity") => Some(Expr::inert(
                self.inert(&syn::Expr::Call(c.clone())),
                Ty::Vec(Box::new(Ty::Unknown)),
                span,
            )),
            ("Vec", "from") if args.len() == 1 && matches!(args[0], syn::Expr::Array(_)) => {
                let syn::Expr::Array(a) = args[0] else { unreachable!("checked") };
                let parts = self.values(a.elems.iter());
                let ty = Ty::Vec(Box::new(super::expr::element_ty(&parts)));
                Some(Expr {
                    kind: ExprKind::VecList(parts),
                    ty,
                    span,
                })
            }
            ("mem", "swap") if args.len() == 2 => {
                self.swap_places(args[0], args[1]);
                return None;
            }
            ("mem", "replace" | "take") => Some(self.replace(&args, name == "take", span)),
            ("Rc" | "Arc" | "RefCell" | "Cell" | "Mutex" | "RwLock", "new") => {
                self.error(p.span(), format!("an active value in `{qualifier}` cannot be followed: keep it in a variable, a `Vec` or a `Box`, or wrap it in `constant(..)`"));
                Some(Expr::float(0.0, span))
            }
            _ => self.float_function(p, qualifier, &name, &args, span),
        };
        if known.is_some() {
            return known;
        }
        if name.starts_with(char::is_uppercase) {
            let values = self.values(c.args.iter());
            return Some(Expr {
                kind: ExprKind::Ctor(p.path.clone(), values),
                ty: Ty::Unknown,
                span,
            });
        }
        if ENTRY_POINTS.contains(&name.as_str()) && qualifier.starts_with(char::is_lowercase) && !args.iter().all(|a| self.is_inert(a)) {
            return Some(self.gradient_call(p, c));
        }
        if args.iter().all(|a| self.is_inert(a)) {
            if args.iter().any(|a| self.lends(a)) {
                return Some(self.inert_mutating_call(p, &args, span));
            }
            // Nothing active goes in, so nothing active comes out.
            let inert = self.inert_once(&syn::Expr::Call(c.clone()));
            return Some(Expr::inert(inert, Ty::Unknown, span));
        }
        if p.path.get_ident().is_some_and(|i| self.plain_functions.contains(&i.to_string())) {
            self.error(
                p.span(),
                format!("`{name}`, a function inside this one, has no derivative: put `#[differentiable]` on it"),
            );
        }
        let path = self.mapped(&p.path);
        let recursive = p.path.is_ident(&self.input.sig.ident) || (qualifier == "Self" && self.input.sig.ident == name);
        let associated = p.qself.is_some() || qualifier.starts_with(char::is_uppercase) || is_primitive_name(qualifier);
        let own_method = qualifier == "Self" && self.input.siblings.contains_key(&name);
        if let (true, Some(receiver)) = (own_method, c.args.first()) {
            // `Self::scale(*self, t)`: whether the receiver is moved or borrowed, it is one.
            let method = &p.path.segments.last().expect("not empty").ident;
            let rest = c.args.iter().skip(1);
            let receiver = match receiver {
                syn::Expr::Reference(r) => &r.expr,
                other => other,
            };
            let call: syn::ExprMethodCall = syn::parse_quote_spanned!(span=> (#receiver).#method(#(#rest),*));
            let value = self.user_method(&call);
            if let Some(Stmt::Call(call)) = self.out.last_mut() {
                call.recursive |= recursive;
            }
            return Some(value);
        }
        let target = if associated {
            Target::Associated(syn::ExprPath {
                attrs: vec![],
                qself: p.qself.clone(),
                path,
            })
        } else {
            Target::Function(path)
        };
        let args = self.args(&args);
        let mutates = if qualifier == "Self" {
            self.input.siblings.get(&name).copied()
        } else {
            None
        };
        Some(self.emit_call(target, args, mutates, recursive, span))
    }

    /// A call that changes integers and the like, `next(&mut seed)`, and takes no part in the derivative.
    fn inert_mutating_call(&mut self, p: &syn::ExprPath, args: &[&syn::Expr], span: Span) -> Expr {
        let (mut parts, mut reads) = (vec![], vec![]);
        for e in args {
            let place = if self.lends(e) { self.place(e) } else { None };
            let Some(place) = place else {
                let value = self.inert(e);
                parts.push(value.tokens);
                reads.extend(value.reads);
                continue;
            };
            let place = self.freeze(place);
            self.func.vars[place.root].mutable = true;
            let code = place.print(&self.func.vars, crate::ir::Access::Mut);
            parts.push(quote!(&mut #code));
            reads.extend(place.index_reads());
            // Notes the change; the call itself comes with its value.
            let nothing = Inert {
                tokens: quote!(),
                reads: vec![],
            };
            self.out.push(Stmt::InertMutation(place, nothing));
        }
        let tokens = quote!(#p(#(#parts),*));
        let call = Expr::inert(Inert { tokens, reads }, Ty::Unknown, span);
        let result = self.let_temp("result", call, VarKind::Temp);
        Expr::read(self.var_place(result), span)
    }

    pub(super) fn mapped(&self, path: &syn::Path) -> syn::Path {
        let text = quote!(#path).to_string();
        self.input
            .options
            .using
            .iter()
            .find(|(from, _)| quote!(#from).to_string() == text)
            .map_or_else(|| path.clone(), |(_, to)| to.clone())
    }

    /// A function of the user's could have the name of ours: rustc tells them apart.
    fn assert_ours(&mut self, tokens: proc_macro2::TokenStream) {
        self.out.push(Stmt::Effect(Inert { tokens, reads: vec![] }));
    }

    fn constant(&mut self, e: &syn::Expr) -> Expr {
        let ty = self.quick_ty(e).unwrap_or(Ty::Unknown);
        let mut inert = self.inert(e);
        if super::expr::has_call(e) || !inert.reads.is_empty() {
            let var = self.let_temp("constant", Expr::inert(inert, ty.clone(), e.span()), VarKind::Temp);
            let name = &self.func.vars[var].name;
            inert = Inert {
                tokens: quote!(__p::dup(&#name)),
                reads: vec![(self.var_place(var), false)],
            };
        }
        let ty = if ty == Ty::Unknown {
            Ty::Float(crate::ir::FloatTy::Literal)
        } else {
            ty
        };
        Expr::inert(inert, ty, e.span())
    }

    /// The value, whose cotangent passes through the closure.
    fn with_derivative(&mut self, e: &syn::Expr, closure: &syn::Expr) -> Expr {
        let value = self.value(e);
        let value = self.deref_operand(value);
        if matches!(value.kind, ExprKind::Ref(..)) {
            self.error(
                e.span(),
                "`with_derivative` takes a value, not a reference: write `with_derivative(v.clone(), ..)`",
            );
        }
        let code = self.verbatim(closure);
        let (ty, span) = (value.ty.clone(), value.span);
        let through = Expr {
            kind: ExprKind::Through(Box::new(value), code),
            ty,
            span,
        };
        let var = self.let_temp("through", through, VarKind::Temp);
        Expr::read(self.var_place(var), span)
    }

    /// `f64::max(a, b)`, `f64::from(x)`, `T::from_f64(2.0)`
    fn float_function(&mut self, p: &syn::ExprPath, qualifier: &str, name: &str, args: &[&syn::Expr], span: Span) -> Option<Expr> {
        let real = self.reals.iter().any(|r| r == qualifier);
        if !(qualifier == "f64" || qualifier == "f32" || real || qualifier == "Real") || p.qself.is_some() {
            return None;
        }
        let to: syn::Type = syn::parse_str(qualifier).ok()?;
        let ty = if qualifier == "Real" {
            Ty::Float(crate::ir::FloatTy::Literal)
        } else {
            self.ty(&to)
        };
        if name == "from" && args.len() == 1 {
            let value = self.value(args[0]);
            if value.ty != Ty::Inert && !matches!(value.kind, ExprKind::Inert(_)) {
                // Of a call's result only rustc knows whether it is a float; its tangent says so then.
                let value = self.deref_operand(value);
                return Some(Expr {
                    kind: ExprKind::Cast(Box::new(value), to),
                    ty,
                    span,
                });
            }
            let inner = match value.kind {
                ExprKind::Inert(inner) => inner,
                _ => self.inert(args[0]),
            };
            let t = inner.tokens;
            return Some(Expr::inert(
                Inert {
                    tokens: quote!(#p(#t)),
                    reads: inner.reads,
                },
                ty,
                span,
            ));
        }
        if args.iter().all(|a| self.is_inert(a)) || matches!(name, "from_f64" | "zero" | "one" | "from_usize" | "from_i32") {
            if let Some(arg) = args
                .iter()
                .find(|a| !self.is_inert(a) && !matches!(a, syn::Expr::Lit(_) | syn::Expr::Unary(_)) && !self.is_constant(a))
            {
                let value = self.value(arg);
                if !matches!(value.kind, ExprKind::Inert(_)) {
                    self.error(
                        arg.span(),
                        format!(
                            "`{name}` carries no derivative: give the parameter the type it is converted to, or wrap it in `constant(..)`"
                        ),
                    );
                }
            }
            let call: syn::Expr = syn::parse_quote!(#p(#(#args),*));
            return Some(Expr::inert(self.inert(&call), ty, span));
        }
        let rule = rules::find(name).filter(|r| !r.helper && r.args.len() == args.len());
        let Some(rule) = rule else {
            self.error(p.span(), format!("`{name}` has no derivative rule: use `constant(..)` if it does not matter, or give a function of yours a rule with `#[derivative]`"));
            return Some(Expr::float(0.0, span));
        };
        let values = self.values(args.iter().copied());
        let values = values.into_iter().map(|v| self.deref_operand(v)).collect();
        let mut value = self.math(rule, values, span);
        value.ty = ty;
        Some(value)
    }

    fn replace(&mut self, args: &[&syn::Expr], take: bool, span: Span) -> Expr {
        let value = if take { None } else { Some(self.value(args[1])) };
        let target = match args[0] {
            syn::Expr::Reference(r) => &*r.expr,
            other => other,
        };
        let Some(place) = self.place(target) else {
            return Expr::float(0.0, span);
        };
        let old = self.let_temp("old", Expr::read(place.clone(), span), VarKind::Temp);
        let value = value.unwrap_or_else(|| {
            Expr::inert(
                Inert {
                    tokens: quote!(::core::default::Default::default()),
                    reads: vec![],
                },
                place.ty.clone(),
                span,
            )
        });
        self.store(place, value);
        Expr::read(self.var_place(old), span)
    }

    pub(crate) fn swap_places(&mut self, a: &syn::Expr, b: &syn::Expr) {
        let strip = |e: &syn::Expr| match e {
            syn::Expr::Reference(r) => (*r.expr).clone(),
            other => other.clone(),
        };
        let (Some(a), Some(b)) = (self.place(&strip(a)), self.place(&strip(b))) else {
            return;
        };
        let (a, b) = (self.freeze(a), self.freeze(b));
        self.func.vars[a.root].mutable = true;
        self.func.vars[b.root].mutable = true;
        self.out.push(Stmt::Swap(a, b));
    }

    /// Arguments, evaluated in order.
    pub(crate) fn args(&mut self, es: &[&syn::Expr]) -> Vec<Arg> {
        let mut args = vec![];
        for (k, e) in es.iter().enumerate() {
            let later = es[k + 1..].iter().any(|e| may_mutate(e) && !is_mut_reference(e));
            let arg = self.arg(e, later);
            args.push(arg);
        }
        share(&mut args);
        self.pin_overlaps(args)
    }

    fn arg(&mut self, e: &syn::Expr, pin: bool) -> Arg {
        if let Some(function) = self.function_argument(e) {
            return function;
        }
        if self.is_inert(e) && !self.lends(e) {
            return Arg::Inert(self.inert_once(e));
        }
        let value = self.value(e);
        match value.kind {
            ExprKind::Ref(place, true) => {
                self.func.vars[place.root].mutable = true;
                Arg::RefMut(place)
            }
            ExprKind::Ref(place, false) => Arg::Ref(place),
            _ => Arg::Value(if pin { self.pin(value) } else { value }),
        }
    }

    /// Places a call; gives its value.
    pub(crate) fn emit_call(
        &mut self,
        target: Target,
        args: Vec<Arg>,
        mutates_receiver: Option<bool>,
        recursive: bool,
        span: Span,
    ) -> Expr {
        let ty = match &self.input.sig.output {
            syn::ReturnType::Type(_, ty) if recursive => self.ty(ty),
            _ => Ty::Unknown,
        };
        let dest = self.func.fresh("result", span, ty, VarKind::Temp);
        let given = self.given_states(&args);
        self.out.push(Stmt::Call(Call {
            dest: Some(dest),
            target,
            args,
            level: 0,
            mutates_receiver,
            recursive,
            span,
        }));
        given.into_iter().for_each(|closure| self.take_state(closure, span));
        Expr::read(self.var_place(dest), span)
    }

    /// Values that read what the call changes are kept from before the call.
    pub(crate) fn pin_overlaps(&mut self, args: Vec<Arg>) -> Vec<Arg> {
        let lent: Vec<Place> = args
            .iter()
            .filter_map(|a| if let Arg::RefMut(p) = a { Some(p.clone()) } else { None })
            .collect();
        let changed = |p: &Place| lent.iter().any(|q| q.root == p.root && !q.parts_at_field(p));
        let reads_changed = |e: &Expr| {
            let mut found = false;
            crate::emit::vjp::for_reads(e, &mut |p| found |= changed(p));
            found
        };
        args.into_iter()
            .map(|arg| match arg {
                Arg::Value(e) if reads_changed(&e) && !matches!(e.kind, ExprKind::Ref(..)) => Arg::Value(self.pin(e)),
                Arg::Inert(i) if i.reads.iter().any(|(p, _)| changed(p)) && !i.tokens.to_string().starts_with('&') => {
                    let var = self.let_temp("kept", Expr::inert(i, Ty::Inert, Span::mixed_site()), VarKind::Temp);
                    let name = &self.func.vars[var].name;
                    Arg::Inert(Inert {
                        tokens: quote!(#name),
                        reads: vec![(self.var_place(var), false)],
                    })
                }
                Arg::Ref(p) if p.index_reads().iter().any(|(p, _)| changed(p)) => Arg::Ref(self.freeze(p)),
                Arg::RefMut(p) if p.index_reads().iter().any(|(p, _)| changed(p)) => Arg::RefMut(self.freeze(p)),
                other => other,
            })
            .collect()
    }

    /// `a op b` on operands whose types rustc knows and we do not.
    pub(crate) fn operator(&mut self, op: Op, left: Expr, right: Expr, span: Span) -> Expr {
        let operands = [left, right].map(|e| Arg::Value(only_read(e))).into();
        self.emit_call(Target::Operator(op), operands, None, false, span)
    }

    pub(crate) fn negate(&mut self, inner: Expr, span: Span) -> Expr {
        self.emit_call(Target::Negate, vec![Arg::Value(only_read(inner))], None, false, span)
    }

    pub(crate) fn operator_assign(&mut self, place: Place, op: Op, value: Expr, span: Span) {
        self.func.vars[place.root].mutable = true;
        let args = self.pin_overlaps(vec![Arg::RefMut(place), Arg::Value(only_read(value))]);
        self.out.push(Stmt::Call(Call {
            dest: None,
            target: Target::OperatorAssign(op),
            args,
            level: 0,
            mutates_receiver: None,
            recursive: false,
            span,
        }));
    }

    /// A parameter bounded by `Fn`, called.
    fn call_variable(&mut self, var: VarId, c: &syn::ExprCall) -> Expr {
        let Some((place, result)) = self.callable_place(var) else {
            if self.diags.is_empty() {
                self.error(c.span(), "only functions, closures and parameters bounded by `Fn` can be called");
            }
            return Expr::float(0.0, c.span());
        };
        let args: Vec<&syn::Expr> = c.args.iter().collect();
        let mut all = vec![Arg::Ref(place)];
        all.extend(self.args(&args));
        let value = self.emit_call(Target::Callable, all, None, false, c.span());
        self.with_type(value, result)
    }

    /// `f::grad(..)` and its like, which have derivatives themselves; `f::jvp(..)` is the derived function.
    fn gradient_call(&mut self, p: &syn::ExprPath, c: &syn::ExprCall) -> Expr {
        let (span, name) = (c.span(), p.path.segments.last().expect("not empty").ident.to_string());
        let path = self.mapped(&p.path);
        let args: Vec<&syn::Expr> = c.args.iter().collect();
        match (name.as_str(), &args[..]) {
            ("grad" | "value_and_grad" | "hvp" | "hessian", _) => {
                let args = self.args(&args);
                if !self.given_states(&args).is_empty() {
                    self.error(
                        span,
                        "a closure that changes what it captures has no gradient: let it return a value",
                    );
                }
                self.emit_call(Target::Gradient(path), args, None, false, span)
            }
            ("jvp", [values, tangents]) => {
                let (values, tangents) = (tuple_parts(values), tuple_parts(tangents));
                let pairs: Vec<&syn::Expr> = values.iter().zip(&tangents).flat_map(|(v, t)| [*v, *t]).collect();
                if values.len() != tangents.len() {
                    self.error(
                        span,
                        "inside differentiable code, write the arguments and the tangents of `jvp` as two tuples of the same length",
                    );
                }
                let args = self.args(&pairs);
                let mut path = path;
                path.segments.pop();
                path.segments.pop_punct();
                let value = self.emit_call(Target::Function(path), args, None, false, span);
                if let Some(Stmt::Call(call)) = self.out.last_mut() {
                    call.level = 1;
                }
                value
            }
            _ => {
                let text = format!(
                    "`{name}` has no derivative itself: inside differentiable code call `grad`, `value_and_grad`, `jvp`, `hvp` or `hessian`"
                );
                self.error(p.path.segments.last().expect("not empty").ident.span(), text);
                Expr::float(0.0, span)
            }
        }
    }

    pub(crate) fn bind_closure(&mut self, ident: &syn::Ident, c: &syn::ExprClosure) {
        if c.asyncness.is_some() {
            return self.error(c.span(), "`async` code cannot be differentiated");
        }
        let scopes = if c.capture.is_some() {
            self.captured_copies(c)
        } else {
            self.scopes.clone()
        };
        self.scopes
            .bind(&ident.to_string(), Binding::Closure(c.clone().into(), scopes.into()));
    }

    /// A `move` closure has its own copies of scalars that may change.
    pub(super) fn captured_copies(&mut self, c: &syn::ExprClosure) -> super::scope::Scopes {
        struct Names(Vec<String>);
        impl<'ast> syn::visit::Visit<'ast> for Names {
            fn visit_expr_path(&mut self, p: &'ast syn::ExprPath) {
                self.0.extend(p.path.get_ident().map(|i| i.to_string()));
            }
        }
        let mut names = Names(vec![]);
        syn::visit::Visit::visit_expr(&mut names, &c.body);
        let mut scopes = self.scopes.clone();
        for name in names.0 {
            if let Some(Binding::Var(var)) = self.scopes.get(&name).cloned()
                && self.func.vars[var].mutable
                && (self.func.vars[var].ty.is_copy() || self.is_inert_var(var))
            {
                let copy = self.let_temp(&name, Expr::read(self.var_place(var), c.span()), VarKind::Local);
                self.func.vars[copy].mutable = true;
                scopes.bind(&name, Binding::Var(copy));
            }
        }
        scopes
    }

    /// A closure called where it is known: its body stands in place of the call.
    pub(crate) fn inline(&mut self, c: &syn::ExprClosure, scopes: &super::scope::Scopes, args: &[&syn::Expr], span: Span) -> Expr {
        let values: Vec<Expr> = if args.len() == c.inputs.len() {
            self.values(args.iter().copied())
        } else {
            vec![]
        };
        if args.len() != c.inputs.len() {
            self.error(span, "wrong number of arguments for this closure");
            return Expr::float(0.0, span);
        }
        self.inline_values(c, scopes, values, span)
    }

    /// As [`Self::inline`], with arguments that are lowered already.
    pub(crate) fn inline_values(&mut self, c: &syn::ExprClosure, scopes: &super::scope::Scopes, values: Vec<Expr>, span: Span) -> Expr {
        if self.inlining > 16 {
            self.error(span, "closures call one another too deeply: write a `#[differentiable]` function");
            return Expr::float(0.0, span);
        }
        self.inlining += 1;
        let outer = std::mem::replace(&mut self.scopes, scopes.clone());
        self.scopes.push();
        for (pat, value) in c.inputs.iter().zip(values) {
            self.let_value(pat, None, value);
        }
        let known = match &c.output {
            syn::ReturnType::Type(_, ty) => self.ty(ty),
            syn::ReturnType::Default => Ty::Unknown,
        };
        let result = self.inline_body(&c.body, known, span);
        self.scopes.pop();
        self.scopes = outer;
        self.inlining -= 1;
        result
    }

    fn inline_body(&mut self, body: &syn::Expr, known: Ty, span: Span) -> Expr {
        let simple = match body {
            syn::Expr::Block(_) | syn::Expr::If(_) | syn::Expr::Match(_) => false,
            e => !may_leave(e),
        };
        if simple && yields_value(body) {
            let value = self.value(body);
            return if matches!(value.kind, ExprKind::Ref(..)) {
                value
            } else {
                self.pin(value)
            };
        }
        if !yields_value(body) {
            self.leavable(None, true, None, span, |l| l.expr_into(body, None));
            return Expr::inert(
                Inert {
                    tokens: quote!(()),
                    reads: vec![],
                },
                Ty::Inert,
                span,
            );
        }
        let var = self.func.fresh("result", span, known, VarKind::Temp);
        self.out.push(Stmt::Let(var, None));
        self.leavable(None, true, Some(var), span, |l| l.expr_into(body, Some(var)));
        Expr::read(self.var_place(var), span)
    }

    /// `return value` from the innermost function or inlined closure, with a value that is lowered.
    pub(crate) fn return_value(&mut self, value: Expr, span: Span) {
        let dest = self.frames.iter().rev().find(|f| f.function).and_then(|f| f.value);
        if let Some(dest) = dest {
            self.assign_first(dest, value);
        }
        let bare: syn::ExprReturn = syn::parse_quote_spanned!(span=> return);
        self.return_expr(&bare);
    }
}

/// Operators look at what a reference points to.
fn only_read(e: Expr) -> Expr {
    let (ty, span) = (e.ty, e.span);
    let kind = match e.kind {
        ExprKind::Ref(place, true) => ExprKind::Ref(place, false),
        other => other,
    };
    Expr { kind, ty, span }
}

/// What a call is lent twice, or also reads, Rust lets it only read: `blend(v, v)` with a mutable `v`.
fn share(args: &mut [Arg]) {
    let overlaps = |k: usize, p: &Place| match &args[k] {
        Arg::Ref(q) | Arg::RefMut(q) => q.overlaps(p),
        Arg::Value(_) | Arg::Inert(_) => false,
    };
    let reads = |k: usize, p: &Place| {
        let mut found = false;
        match &args[k] {
            Arg::Value(e) => crate::emit::vjp::for_reads(e, &mut |q| found |= q.overlaps(p)),
            Arg::Inert(i) => found = i.reads.iter().any(|(q, _)| q.overlaps(p)),
            Arg::Ref(_) | Arg::RefMut(_) => {}
        }
        found
    };
    let shared = |(k, arg): (usize, &Arg)| match arg {
        Arg::RefMut(p) => (0..args.len()).any(|j| j != k && overlaps(j, p) || j > k && reads(j, p)),
        _ => false,
    };
    let shared: Vec<bool> = args.iter().enumerate().map(shared).collect();
    for (arg, shared) in args.iter_mut().zip(shared) {
        if let (Arg::RefMut(p), true) = (&*arg, shared) {
            *arg = Arg::Ref(p.clone());
        }
    }
}

/// The parts of a tuple, or the one value.
fn tuple_parts(e: &syn::Expr) -> Vec<&syn::Expr> {
    match e {
        syn::Expr::Tuple(t) if !t.elems.is_empty() => t.elems.iter().collect(),
        other => vec![other],
    }
}

fn is_mut_reference(e: &syn::Expr) -> bool {
    matches!(e, syn::Expr::Reference(r) if r.mutability.is_some())
}

fn is_primitive_name(name: &str) -> bool {
    matches!(name, "f64" | "f32" | "usize" | "i32" | "i64" | "u32" | "u64")
}

/// Whether control may leave the expression by `return` or `?`.
fn may_leave(e: &syn::Expr) -> bool {
    struct Finder(bool);
    impl<'ast> syn::visit::Visit<'ast> for Finder {
        fn visit_expr(&mut self, e: &'ast syn::Expr) {
            self.0 |= matches!(e, syn::Expr::Return(_) | syn::Expr::Try(_));
            syn::visit::visit_expr(self, e);
        }
    }
    let mut finder = Finder(false);
    syn::visit::Visit::visit_expr(&mut finder, e);
    finder.0
}

/// Whether an expression has a value other than `()`, as far as its form tells.
pub(super) fn yields_value(e: &syn::Expr) -> bool {
    match e {
        syn::Expr::Assign(_) | syn::Expr::While(_) | syn::Expr::ForLoop(_) => false,
        syn::Expr::Binary(b) => super::expr::arithmetic(&b.op).is_some() || super::inert::is_comparison(&b.op),
        syn::Expr::Block(b) => match b.block.stmts.last() {
            Some(syn::Stmt::Expr(e, None)) => yields_value(e),
            Some(syn::Stmt::Expr(syn::Expr::Return(r), Some(_))) => r.expr.is_some(),
            _ => false,
        },
        syn::Expr::If(i) => {
            let block = syn::Expr::Block(syn::ExprBlock {
                attrs: vec![],
                label: None,
                block: i.then_branch.clone(),
            });
            i.else_branch.is_some() && yields_value(&block)
        }
        syn::Expr::Macro(m) => !matches!(
            super::inert::macro_name(&m.mac).as_str(),
            "println" | "print" | "assert" | "assert_eq"
        ),
        syn::Expr::Tuple(t) => !t.elems.is_empty(),
        syn::Expr::MethodCall(m) => !super::method::UNIT_METHODS.contains(&m.method.to_string().as_str()),
        _ => true,
    }
}
