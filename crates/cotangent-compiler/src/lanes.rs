//! Forward mode along several directions at a time: which functions can have it, and the types of their tangents.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};

use crate::diagnose::Diagnostics;
use crate::emit::activity::Activity;
use crate::ir::{Arg, Block, Call, Expr, ExprKind, Function, Place, Proj, Stmt, Target, Ty};
use crate::parse::Options;

/// The owned type of tangents along `__W` directions, spelled out where the type itself is.
pub fn lane_type(ty: &syn::Type) -> TokenStream {
    match ty {
        syn::Type::Reference(r) => lane_type(&r.elem),
        syn::Type::Paren(p) => lane_type(&p.elem),
        syn::Type::Group(p) => lane_type(&p.elem),
        syn::Type::Slice(s) => {
            let inner = lane_type(&s.elem);
            quote!(__p::Vec<#inner>)
        }
        syn::Type::Array(a) => {
            let (inner, n) = (lane_type(&a.elem), &a.len);
            quote!([#inner; #n])
        }
        syn::Type::Tuple(t) => {
            let parts = t.elems.iter().map(lane_type);
            quote!((#(#parts,)*))
        }
        syn::Type::Path(p) if p.path.is_ident("f64") || p.path.is_ident("f32") => quote!(__p::Lanes<#ty, __W>),
        _ if Ty::of(ty, &[]) == Ty::Inert => quote!(()),
        _ => {
            // A type that has none is reported where it is written.
            let span = syn::spanned::Spanned::span(ty).resolved_at(Span::call_site());
            quote_spanned!(span=> <#ty as __p::InLanes<__W>>::Lanes)
        }
    }
}

/// `lanes` is an option of functions.
pub fn functions_only(options: &Options, span: Span, diags: &Diagnostics) {
    if options.lanes {
        diags.error(
            span,
            "`lanes` goes on functions: the tangents of structs are not carried along several directions",
        );
    }
}

/// Reports what cannot be carried along several directions.
pub fn check(f: &Function, diags: &Diagnostics) {
    let check = Check {
        activity: Activity::of(f),
        diags,
    };
    check.block(&f.body);
}

struct Check<'a> {
    activity: Activity,
    diags: &'a Diagnostics,
}

impl Check<'_> {
    fn error(&self, span: Span, what: &str) {
        self.diags.error(
            span,
            format!("{what}: write it with functions of floats, slices, `Vec`s, arrays and tuples, or leave out `lanes`"),
        );
    }

    fn block(&self, b: &Block) {
        b.stmts.iter().for_each(|s| self.stmt(s));
    }

    fn stmt(&self, s: &Stmt) {
        match s {
            Stmt::Let(_, Some(e)) => self.expr(e),
            Stmt::Assign(p, e, _) | Stmt::Update(p, _, e) | Stmt::Push(p, e) | Stmt::Fill(p, e) => {
                self.place(p, e.span);
                self.expr(e);
            }
            Stmt::Call(c) if self.activity.call(c) => self.call(c),
            Stmt::If(_, a, b) => {
                self.block(a);
                self.block(b);
            }
            Stmt::Match(_, arms) => arms.iter().for_each(|arm| self.block(&arm.body)),
            Stmt::For(f) => self.block(&f.body),
            Stmt::While(_, b) => self.block(b),
            _ => {}
        }
    }

    fn call(&self, c: &Call) {
        match &c.target {
            Target::Method(..) | Target::Associated(_) => self.error(c.span, "methods are not carried along several directions (`lanes`)"),
            Target::Callable => self.error(
                c.span,
                "functions that are passed on are not carried along several directions (`lanes`)",
            ),
            Target::Gradient(_) => self.error(c.span, "derivatives are not carried along several directions (`lanes`)"),
            _ => {}
        }
        for arg in &c.args {
            match arg {
                Arg::Value(e) => self.expr(e),
                Arg::Ref(p) | Arg::RefMut(p) => self.place(p, c.span),
                Arg::Inert(_) => {}
            }
        }
    }

    fn expr(&self, e: &Expr) {
        if !self.activity.expr(e) {
            return;
        }
        match &e.kind {
            ExprKind::Struct(..) | ExprKind::Ctor(..) => {
                self.error(e.span, "structs and enums are not carried along several directions (`lanes`)")
            }
            ExprKind::Function(..) => self.error(
                e.span,
                "closures that are passed on are not carried along several directions (`lanes`)",
            ),
            ExprKind::Read(p) | ExprKind::Ref(p, _) | ExprKind::CloneOf(p, _) => self.place(p, e.span),
            _ => e.children().into_iter().for_each(|c| self.expr(c)),
        }
    }

    fn place(&self, p: &Place, span: Span) {
        let of_user = |proj: &Proj| matches!(proj, Proj::UserIndex(..) | Proj::Variant(..));
        if self.activity.place(p) && p.projs.iter().any(of_user) {
            self.error(
                span,
                "elements by a user's `Index`, and variants, are not carried along several directions (`lanes`)",
            );
        }
    }
}
