//! Functions and closures that are passed on.
//!
//! A closure becomes a function of its own, whose first parameters are what it captures. It is lowered over the
//! variables of the function around it, so that names mean there what they mean here.

use std::collections::HashSet;

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::spanned::Spanned;

use super::Lowerer;
use super::call::yields_value;
use super::control::Frame;
use super::scope::{Binding, Scopes};
use crate::diagnose::Diagnostics;
use crate::emit::layout::Layout;
use crate::emit::vjp::method_name;
use crate::ir::{
    Arg, Block, Expr, ExprKind, Function, FunctionCode, FunctionValue, Inert, Param, Passing, Place, Proj, Stmt, Ty, VarId, VarKind,
};
use crate::item::bounds::{idents, kind};
use crate::parse::FnInput;
use crate::rules;

impl Lowerer<'_> {
    /// A function's name or a closure as an argument; `None` if the expression is neither.
    pub(crate) fn function_value(&mut self, e: &syn::Expr) -> Option<Expr> {
        match e {
            syn::Expr::Paren(p) => self.function_value(&p.expr),
            syn::Expr::Closure(c) => {
                let scopes = if c.capture.is_some() {
                    self.captured_copies(c)
                } else {
                    self.scopes.clone()
                };
                Some(self.closure_value(c, scopes))
            }
            syn::Expr::Path(p) => match p.path.get_ident().and_then(|i| self.scopes.get(&i.to_string())).cloned() {
                Some(Binding::Closure(c, scopes)) => Some(self.closure_value(&c, (*scopes).clone())),
                Some(_) => None,
                None => self.function_item(p, e),
            },
            _ => None,
        }
    }

    fn function_item(&mut self, p: &syn::ExprPath, e: &syn::Expr) -> Option<Expr> {
        let last = p.path.segments.last()?.ident.to_string();
        if last.starts_with(char::is_uppercase) || last.starts_with('_') {
            return None;
        }
        let n = p.path.segments.len();
        let qualifier = if n > 1 {
            p.path.segments[n - 2].ident.to_string()
        } else {
            String::new()
        };
        if matches!(qualifier.as_str(), "f64" | "f32") || self.reals.iter().any(|r| *r == qualifier) {
            let rule = rules::find(&last).filter(|r| !r.helper)?;
            let float: syn::Type = syn::parse_str(&qualifier).ok()?;
            let names: Vec<_> = (0..rule.args.len()).map(|k| quote::format_ident!("__x{k}")).collect();
            let closure: syn::ExprClosure = syn::parse_quote!(|#(#names: #float),*| #p(#(#names),*));
            let scopes = self.scopes.clone();
            return Some(self.closure_value(&closure, scopes));
        }
        let plain = quote!(#p);
        let code = match &p.qself {
            Some(_) => FunctionCode::Item(item_value(p)),
            None => FunctionCode::Item(item_value(&of_path(self.mapped(&p.path)))),
        };
        Some(function_expr(FunctionValue { plain, code }, vec![], e.span()))
    }

    fn closure_value(&mut self, c: &syn::ExprClosure, scopes: Scopes) -> Expr {
        let span = c.or1_token.span();
        if c.asyncness.is_some() {
            self.error(c.span(), "`async` code cannot be differentiated");
            return Expr::float(0.0, span);
        }
        if self.inlining > 16 {
            self.error(span, "closures call one another too deeply: write a `#[differentiable]` function");
            return Expr::float(0.0, span);
        }
        let outer = self.func.vars.len();
        let (mut inner, mut kinds) = self.closure_function(c, scopes.clone(), &HashSet::new());
        let changed = changed_below(outer, &inner);
        if !changed.is_empty() && self.diags.is_empty() {
            // Once more, with what is changed lent by `&mut`.
            self.check_state(&changed, span);
            (inner, kinds) = self.closure_function(c, scopes, &changed);
        }
        if !self.diags.is_empty() {
            return Expr::float(0.0, span);
        }
        let mentioned = inner.body.mentioned();
        let captured: Vec<VarId> = (0..outer).filter(|v| mentioned.contains(v)).collect();
        inner.params.retain(|p| p.var >= outer || captured.contains(&p.var));
        self.last_state = captured.iter().copied().enumerate().filter(|(_, v)| changed.contains(v)).collect();
        let values = captured.iter().map(|v| self.captured_value(*v, span)).collect();
        let fixed = captured.iter().map(|v| self.is_fixed(*v)).collect();
        let code = FunctionCode::Closure {
            func: Box::new(inner),
            fixed,
            kinds,
            order: self.input.options.order,
            generic: self.reals.first().cloned(),
            state: !changed.is_empty(),
        };
        function_expr(
            FunctionValue {
                plain: Default::default(),
                code,
            },
            values,
            span,
        )
    }

    /// The closure as a function over what it captures, with the kinds of its parameters; `changed`: what it changes.
    fn closure_function(&mut self, c: &syn::ExprClosure, scopes: Scopes, changed: &HashSet<VarId>) -> (Function, Vec<TokenStream>) {
        let mut inner = Lowerer::new(self.input, self.diags);
        // A function of its own takes more of the stack than an inlined body.
        inner.inlining = self.inlining + 4;
        inner.callable_vars = self.callable_vars.clone();
        inner.func.callables = self.func.callables.clone();
        inner.func.names = self.func.names.clone();
        inner.users = self.users.clone();
        inner.plain_functions = self.plain_functions.clone();
        inner.scopes = scopes;
        self.lend_variables(&mut inner, changed);
        let kinds = inner.closure_params(c);
        inner.closure_body(c);
        (inner.func, kinds)
    }

    fn check_state(&self, changed: &HashSet<VarId>, span: Span) {
        if self.input.options.order > 2 {
            self.error(
                span,
                "a closure that changes what it captures has derivatives of order 1 and 2: let it return a value, and change the variable here",
            );
        }
        if changed.iter().any(|v| self.is_fixed(*v) || self.func.callables.contains(v)) {
            self.error(
                span,
                "a closure that changes a constant that it captures cannot be passed on: let it return a value, and change the variable here",
            );
        }
    }

    /// The closures with state among the arguments of a call.
    pub(crate) fn given_states(&self, args: &[Arg]) -> Vec<VarId> {
        let var = |a: &Arg| match a {
            Arg::Value(Expr {
                kind: ExprKind::Read(p), ..
            }) => Some(p.root),
            Arg::Ref(p) | Arg::RefMut(p) => Some(p.root),
            _ => None,
        };
        args.iter().filter_map(var).filter(|v| self.states.contains_key(v)).collect()
    }

    /// What a closure changed goes back to the variables after the call that it was passed to.
    pub(crate) fn take_state(&mut self, closure: VarId, span: Span) {
        let state = self.var_place(closure).then(Proj::State, Ty::Unknown);
        for (k, var) in self.states.get(&closure).cloned().unwrap_or_default() {
            let place = self.var_place(var);
            let from = state.then(Proj::Field(syn::Member::Unnamed(k.into())), place.ty.clone());
            if matches!(place.ty, Ty::Slice(_)) {
                self.out.push(Stmt::CopyFrom(place, from));
            } else {
                self.func.vars[var].mutable = true;
                self.out.push(Stmt::Assign(place, Expr::read(from, span), false));
            }
        }
    }

    /// Variables of this function as parameters of the closure, of which those that it uses will be kept.
    fn lend_variables(&self, inner: &mut Lowerer, changed: &HashSet<VarId>) {
        for (id, var) in self.func.vars.iter().enumerate() {
            let mut var = var.clone();
            let own = self.func.params.iter().find(|p| p.var == id);
            let reference = own.is_some_and(|p| !p.owned) && !matches!(var.kind, VarKind::Param(Passing::Value));
            let by_value = var.ty.is_float() || (var.ty == Ty::Inert && !reference);
            var.kind = VarKind::Param(match (changed.contains(&id), by_value) {
                (true, _) => Passing::RefMut,
                (false, true) => Passing::Value,
                (false, false) => Passing::Ref,
            });
            var.mutable = false;
            let active = var.ty != Ty::Inert && !self.is_fixed(id);
            let field = var.name.clone();
            inner.func.vars.push(var);
            inner.func.params.push(Param {
                var: id,
                field,
                ty: syn::parse_quote!(_),
                active,
                owned: !reference,
            });
        }
    }

    /// A parameter that is constant, of a type that need not have a tangent.
    fn is_fixed(&self, var: VarId) -> bool {
        self.func.vars[var].ty.is_opaque() && self.func.params.iter().any(|p| p.var == var && !p.active)
    }

    /// A copy of a captured variable, since records hold no borrows.
    fn captured_value(&mut self, var: VarId, span: Span) -> Expr {
        let place = self.var_place(var);
        let name = &self.func.vars[var].name;
        let reference = matches!(self.func.vars[var].kind, VarKind::Param(Passing::Ref | Passing::RefMut));
        let value = if reference {
            quote!(__p::owned(&*#name))
        } else {
            quote!(__p::dup(&#name))
        };
        let reads = vec![(place.clone(), false)];
        if self.is_fixed(var) {
            return Expr::inert(
                Inert {
                    tokens: quote!(__p::Fixed(#value)),
                    reads,
                },
                Ty::Inert,
                span,
            );
        }
        match &place.ty {
            Ty::Inert => Expr::inert(Inert { tokens: value, reads }, Ty::Inert, span),
            Ty::Slice(t) => {
                let ty = Ty::Vec(t.clone());
                Expr {
                    kind: ExprKind::CloneOf(place, syn::Ident::new("to_vec", Span::mixed_site())),
                    ty,
                    span,
                }
            }
            _ => Expr::read(place, span),
        }
    }

    fn closure_params(&mut self, c: &syn::ExprClosure) -> Vec<TokenStream> {
        self.scopes.push();
        let mut kinds = vec![];
        for (k, pat) in c.inputs.iter().enumerate() {
            let typed = match pat {
                syn::Pat::Type(t) => t.clone(),
                other => {
                    let ty = self.assumed_type(other, &c.body);
                    let (attrs, pat, colon_token) = (vec![], Box::new(other.clone()), Default::default());
                    syn::PatType {
                        attrs,
                        pat,
                        colon_token,
                        ty: Box::new(ty),
                    }
                }
            };
            self.typed_param(k, &typed);
            let param = self.func.params.last_mut().expect("just added");
            param.active = self.func.vars[param.var].ty != Ty::Inert;
            kinds.push(kind(&typed.ty, true).unwrap_or_else(|| {
                self.error(
                    typed.ty.span(),
                    "a closure that is passed on takes values and references without borrows in them: pass this in another form",
                );
                quote!(__p::Val<()>)
            }));
        }
        kinds
    }

    /// A parameter without a type is a float, or a `usize` where it serves as an index.
    fn assumed_type(&self, pat: &syn::Pat, body: &syn::Expr) -> syn::Type {
        let float: syn::Type = self.reals.first().map_or_else(|| syn::parse_quote!(f64), |r| syn::parse_quote!(#r));
        match pat {
            syn::Pat::Reference(r) => {
                let inner = self.assumed_type(&r.pat, body);
                syn::parse_quote!(&#inner)
            }
            syn::Pat::Tuple(t) => {
                let parts = t.elems.iter().map(|p| self.assumed_type(p, body));
                syn::parse_quote!((#(#parts,)*))
            }
            syn::Pat::Ident(p) if is_index(&p.ident.to_string(), body) => syn::parse_quote!(usize),
            _ => float,
        }
    }

    fn closure_body(&mut self, c: &syn::ExprClosure) {
        let span = c.body.span();
        let written = match &c.output {
            syn::ReturnType::Type(_, ty) => Some((**ty).clone()),
            syn::ReturnType::Default => None,
        };
        if yields_value(&c.body) {
            let known = written.as_ref().map_or(Ty::Unknown, |t| self.ty(t));
            let ret = self.func.fresh("ret", span, known, VarKind::Local);
            self.func.vars[ret].written_ty = written.clone();
            self.func.ret = Some(ret);
            self.func.ret_ty = Some(written.unwrap_or_else(|| syn::parse_quote!(_)));
        }
        let returned = self.flag("returned", span);
        self.frames.push(Frame::function(returned, self.func.ret));
        self.expr_into(&c.body, self.func.ret);
        self.close(0);
        self.frames.pop();
        let mut stmts = std::mem::take(&mut self.out);
        self.declare_result(&mut stmts);
        self.give_defaults(&mut stmts);
        self.finish_flags(&mut stmts, returned);
        self.func.body = Block { stmts };
    }
}

/// The variables below `outer` that the closure changes.
fn changed_below(outer: usize, inner: &Function) -> HashSet<VarId> {
    Layout::of(inner).mutations.iter().map(|m| m.var).filter(|v| *v < outer).collect()
}

fn function_expr(value: FunctionValue, captured: Vec<Expr>, span: Span) -> Expr {
    let ty = Ty::Tuple(captured.iter().map(|e| e.ty.clone()).collect());
    let captured = Expr {
        kind: ExprKind::Tuple(captured),
        ty,
        span,
    };
    Expr {
        kind: ExprKind::Function(Box::new(value), Box::new(captured)),
        ty: Ty::Unknown,
        span,
    }
}

/// A closure outside differentiable code; what it captures is constant. Gives the function around it, too.
pub fn lower_closure(input: &FnInput, c: &syn::ExprClosure, captured: &[syn::Ident], diags: &Diagnostics) -> (Function, Expr) {
    let mut lowerer = Lowerer::new(input, diags);
    lowerer.scopes.push();
    for name in captured {
        let var = lowerer.func.fresh(&name.to_string(), name.span(), Ty::Unknown, VarKind::Local);
        lowerer.func.vars[var].name = if name == "self" {
            crate::item::hidden("__self")
        } else {
            name.clone()
        };
        lowerer.func.params.push(Param {
            var,
            field: name.clone(),
            ty: syn::parse_quote!(_),
            active: false,
            owned: true,
        });
        lowerer.scopes.bind(&name.to_string(), Binding::Var(var));
    }
    let scopes = lowerer.scopes.clone();
    let mut c = c.clone();
    let inputs = &c.inputs;
    super::items::separate_expr(&mut c.body, quote!(#inputs));
    let value = lowerer.closure_value(&c, scopes);
    (lowerer.func, value)
}

/// The value of a differentiable function or method, by its path.
pub fn item_value(e: &syn::ExprPath) -> TokenStream {
    let mut e = e.clone();
    let n = e.path.segments.len();
    let of_type = n > 1 && e.path.segments[n - 2].ident.to_string().starts_with(char::is_uppercase);
    if of_type || e.qself.is_some() {
        let last = e.path.segments.last_mut().expect("not empty");
        last.ident = method_name(&last.ident, "value");
        return quote!(#e());
    }
    let mut path = e.path;
    let last = path.segments.last_mut().expect("not empty");
    let arguments = std::mem::take(&mut last.arguments);
    let span = last.ident.span();
    let name = syn::Ident::new("__as_value", span);
    quote!(#path::#name #arguments ())
}

fn of_path(path: syn::Path) -> syn::ExprPath {
    let (attrs, qself) = (vec![], None);
    syn::ExprPath { attrs, qself, path }
}

/// Whether the name serves as an index or as the end of a range.
fn is_index(name: &str, body: &syn::Expr) -> bool {
    struct Finder<'a>(&'a str, bool);
    impl Finder<'_> {
        fn look(&mut self, e: &syn::Expr) {
            let mut names = HashSet::new();
            idents(quote!(#e), &mut names);
            self.1 |= names.contains(self.0);
        }
    }
    impl<'ast> syn::visit::Visit<'ast> for Finder<'_> {
        fn visit_expr_index(&mut self, e: &'ast syn::ExprIndex) {
            self.look(&e.index);
            syn::visit::visit_expr_index(self, e);
        }
        fn visit_expr_range(&mut self, e: &'ast syn::ExprRange) {
            e.start.iter().chain(&e.end).for_each(|e| self.look(e));
        }
    }
    let mut finder = Finder(name, false);
    syn::visit::Visit::visit_expr(&mut finder, body);
    finder.1
}

impl Lowerer<'_> {
    /// Notes that a parameter can be called, if it is bounded so.
    pub(crate) fn note_callable(&mut self, ty: &syn::Type, var: VarId) -> bool {
        let inner = crate::surface::strip_reference(ty);
        let Some(result) = crate::item::bounds::result(&self.input.sig, inner) else {
            return false;
        };
        let result = result.map_or(Ty::Inert, |t| self.ty(&t));
        self.callable_vars.insert(var, result);
        self.func.callables.insert(var);
        true
    }

    /// Gives the variable that holds a result the type that the bound tells.
    pub(crate) fn with_type(&mut self, value: Expr, ty: Ty) -> Expr {
        let ExprKind::Read(place) = value.kind else { return value };
        self.func.vars[place.root].ty = ty;
        Expr::read(self.var_place(place.root), value.span)
    }

    /// A function or closure as an argument, by value or by reference.
    pub(crate) fn function_argument(&mut self, e: &syn::Expr) -> Option<Arg> {
        let (inner, reference) = match e {
            // A closure with state is shared by its copies.
            syn::Expr::Reference(r) => (&*r.expr, r.mutability.is_none()),
            other => (other, false),
        };
        if let syn::Expr::Reference(r) = e
            && r.mutability.is_some()
            && let Some(var) = self.callable_variable(inner)
        {
            return Some(Arg::Value(Expr::read(self.var_place(var), e.span())));
        }
        let value = self.function_value(inner)?;
        let is_item = matches!(&value.kind, ExprKind::Function(f, _) if matches!(f.code, FunctionCode::Item(_)));
        if is_item && !reference {
            return Some(Arg::Value(value));
        }
        // Two closures of the same text are of different types, so it is written once and kept.
        let span = value.span;
        let has_state = matches!(&value.kind, ExprKind::Function(f, _) if f.has_state());
        let var = self.let_temp("function", value, VarKind::Local);
        self.func.callables.insert(var);
        if has_state {
            self.states.insert(var, std::mem::take(&mut self.last_state));
        }
        let place = self.var_place(var);
        Some(if reference {
            Arg::Ref(place)
        } else {
            Arg::Value(Expr::read(place, span))
        })
    }

    fn callable_variable(&self, e: &syn::Expr) -> Option<VarId> {
        let syn::Expr::Path(p) = e else { return None };
        match self.scopes.get(&p.path.get_ident()?.to_string())? {
            Binding::Var(var) if self.callable_vars.contains_key(var) => Some(*var),
            _ => None,
        }
    }

    /// The place of a callable variable.
    pub(crate) fn callable_place(&self, var: VarId) -> Option<(Place, Ty)> {
        Some((self.var_place(var), self.callable_vars.get(&var)?.clone()))
    }
}
