//! Expressions as Rust code.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::apart::Lent;
use crate::ir::{Access, Arg, Call, Expr, ExprKind, Function, Place, Target, Ty};

/// Code that an operator may stand before or after: in parentheses, unless it is one token.
fn enclosed(tokens: &TokenStream) -> TokenStream {
    if tokens.clone().into_iter().nth(1).is_some() {
        quote!((#tokens))
    } else {
        tokens.clone()
    }
}

/// Prints code over the variables of one function.
pub struct Printer<'f> {
    /// The function.
    pub f: &'f Function,
    /// Floats are of a type parameter: literals are converted.
    pub generic: Option<proc_macro2::Ident>,
    /// How places are read.
    pub access: Access,
    /// Slices that have names here.
    pub named: std::cell::RefCell<Vec<crate::ir::NamedSlice>>,
}

impl Printer<'_> {
    /// A place that is read.
    pub fn place(&self, place: &Place) -> TokenStream {
        place.print_with(&self.f.vars, self.access, &self.named.borrow())
    }

    /// A place that is changed.
    pub fn place_mut(&self, place: &Place) -> TokenStream {
        place.print(&self.f.vars, Access::Mut)
    }

    fn exprs(&self, es: &[Expr]) -> Vec<TokenStream> {
        es.iter().map(|e| self.expr(e)).collect()
    }

    /// A number.
    pub fn number(&self, value: f64) -> TokenStream {
        // A literal has no sign of its own.
        let lit = Literal::f64_unsuffixed(value.abs());
        let lit = if value.is_sign_negative() { quote!(-#lit) } else { quote!(#lit) };
        match &self.generic {
            Some(t) => quote!(__p::lit::<#t>(#lit)),
            None => quote!(#lit),
        }
    }

    /// An expression that yields an owned value.
    pub fn expr(&self, e: &Expr) -> TokenStream {
        match &e.kind {
            ExprKind::Inert(i) => enclosed(&i.tokens),
            ExprKind::Const(value) => self.number(*value),
            ExprKind::Read(place) => self.read(place),
            ExprKind::Ref(place, mutable) => {
                if *mutable {
                    let code = self.place_mut(place);
                    quote!(&mut #code)
                } else {
                    let code = self.place(place);
                    quote!(&#code)
                }
            }
            ExprKind::Neg(e) => {
                let e = self.expr(e);
                quote!((-#e))
            }
            ExprKind::Binary(op, a, b) => {
                let (a, b, op) = (self.expr(a), self.expr(b), op.tokens());
                quote!((#a #op #b))
            }
            ExprKind::Math(rule, args) => {
                let args = self.exprs(args);
                let name = quote::format_ident!("{}", rule.name);
                if rule.helper || rule.name == "modulo" {
                    quote!(__p::#name(#(#args),*))
                } else {
                    quote!(__p::Real::#name(#(#args),*))
                }
            }
            ExprKind::Cast(e, ty) => {
                let inner = self.expr(e);
                if e.ty.is_float() && self.generic.is_none() {
                    quote!((#inner as #ty))
                } else {
                    quote!(__p::cast::<_, #ty>(#inner))
                }
            }
            ExprKind::Tuple(es) => {
                let es = self.exprs(es);
                quote!((#(#es,)*))
            }
            ExprKind::Array(es) => {
                let es = self.exprs(es);
                quote!([#(#es),*])
            }
            ExprKind::VecList(es) => {
                let es = self.exprs(es);
                quote!(__p::vec![#(#es),*])
            }
            ExprKind::Repeat(e, len, vec) => {
                let (e, len) = (self.expr(e), &len.tokens);
                if *vec { quote!(__p::vec![#e; #len]) } else { quote!([#e; #len]) }
            }
            ExprKind::Struct(path, fields, base) => {
                let parts = fields.iter().map(|(member, e)| {
                    let e = self.expr(e);
                    quote!(#member: #e)
                });
                match base {
                    Some(base) => {
                        let base = self.place(base);
                        quote!(#path { #(#parts,)* ..__p::dup(&#base) })
                    }
                    None => quote!(#path { #(#parts),* }),
                }
            }
            ExprKind::Ctor(path, es) => {
                let es = self.exprs(es);
                quote!(#path(#(#es),*))
            }
            ExprKind::Wrap(path, e) | ExprKind::Boxed(path, e) => {
                let e = self.expr(e);
                quote!(#path(#e))
            }
            ExprKind::CloneOf(place, method) => {
                let code = self.place(place);
                quote!(#code.#method())
            }
            ExprKind::Through(e, _) => self.expr(e),
            ExprKind::Function(value, captured) => {
                let captured = self.expr(captured);
                super::function::function_value(value, &captured)
            }
            ExprKind::Shared(e) => {
                let e = self.expr(e);
                quote!(__p::Shared::new(#e))
            }
            ExprKind::ZeroOf(e) => {
                let e = self.expr(e);
                if self.f.lanes {
                    quote!(__p::lane_zero::<_, __W>(&#e))
                } else {
                    quote!(__p::zero(&#e))
                }
            }
        }
    }

    fn read(&self, place: &Place) -> TokenStream {
        let code = self.place(place);
        if place.ty.is_copy() { code } else { quote!(__p::dup(&#code)) }
    }

    /// An argument as the plain call takes it.
    pub fn arg(&self, a: &Arg) -> TokenStream {
        match a {
            Arg::Value(e) => self.expr(e),
            Arg::Ref(p) => {
                let code = self.place(p);
                quote!(&#code)
            }
            Arg::RefMut(p) => {
                let code = self.place_mut(p);
                quote!(&mut #code)
            }
            Arg::Inert(i) => i.tokens.clone(),
        }
    }

    /// An argument by value; the tangents of an operand that is passed by reference are passed so too.
    pub fn operand(&self, c: &Call, k: usize, e: &Expr) -> TokenStream {
        let code = self.expr(e);
        let first = k >> c.level << c.level;
        let by_ref = matches!(&c.args[first], Arg::Value(e) if matches!(e.kind, ExprKind::Ref(..)));
        let operator = matches!(c.target, Target::Operator(_) | Target::Negate | Target::OperatorAssign(_));
        if operator && by_ref && !matches!(e.kind, ExprKind::Ref(..)) {
            quote!(&#code)
        } else {
            code
        }
    }

    /// The arguments of a derived function.
    pub(super) fn derived_args(&self, c: &Call) -> Lent {
        self.lent_args(c, |k, a| self.derived_arg(c, k, a))
    }

    fn derived_arg(&self, c: &Call, k: usize, a: &Arg) -> TokenStream {
        match a {
            Arg::Value(e) => self.operand(c, k, e),
            other => self.arg(other),
        }
    }

    /// A call of a derived function: `f::__jvp(..)`.
    pub fn derived_call(&self, c: &Call) -> TokenStream {
        if self.f.lanes {
            return self.lane_call(c);
        }
        if let Target::OperatorAssign(_) = &c.target {
            let callee = super::vjp::callee(c, "");
            let mut lent = TokenStream::new();
            let mut args: Vec<TokenStream> = c.args.iter().enumerate().map(|(k, a)| self.derived_arg(c, k, a)).collect();
            for (k, arg) in c.args.iter().enumerate() {
                if let Arg::RefMut(p) = arg {
                    let name = quote::format_ident!("__lent{k}");
                    args[k] = super::vjp::lend_first(p, args[k].clone(), name, true, &mut lent);
                }
            }
            let (places, values) = args.split_at(1 << c.level);
            let names: Vec<_> = (0..values.len()).map(|k| quote::format_ident!("__value{k}")).collect();
            return quote!({ #(let #names = #values;)* #lent #callee(#(#places,)* #(#names),*) });
        }
        let lent = self.derived_args(c);
        let (args, receiver) = (&lent.args, &lent.receiver);
        let callee = super::vjp::callee(c, "");
        let call = if let Target::Callable = &c.target {
            let args = super::function::grouped(args, c.level);
            quote!(#callee(#(#args),*))
        } else if let Target::Method(..) = &c.target {
            let rest = &args[1..];
            quote!(#receiver.#callee(#(#rest),*))
        } else {
            let args = super::vjp::located(args, c.span);
            quote!(#callee(#(#args),*))
        };
        lent.call(call)
    }

    /// The plain call, without derivative.
    pub fn plain_call(&self, c: &Call) -> TokenStream {
        if c.level > 0 {
            return self.derived_call(c);
        }
        if self.passes_callable(c) {
            return self.unrecorded_call(c);
        }
        let lent = self.lent_args(c, |_, a| self.plain_arg(a));
        let (args, receiver) = (&lent.args, &lent.receiver);
        let call = match &c.target {
            Target::Callable => {
                let args = super::function::grouped(args, 0);
                quote!(__p::Callable::call(#(#args),*))
            }
            Target::Function(path) | Target::Gradient(path) => quote!(#path(#(#args),*)),
            Target::Associated(path) => quote!(#path(#(#args),*)),
            Target::Method(name, turbofish) => {
                let rest = &args[1..];
                quote!(#receiver.#name #turbofish (#(#rest),*))
            }
            Target::Operator(op) => {
                let (a, b, op) = (&args[0], &args[1], op.tokens());
                quote!((#a #op #b))
            }
            Target::Negate => {
                let a = &args[0];
                quote!((-#a))
            }
            Target::OperatorAssign(op) => {
                let Arg::RefMut(p) = &c.args[0] else {
                    unreachable!("lowering passes the place")
                };
                let (a, b, op) = (self.place_mut(p), &args[1], op.tokens());
                let op = syn::parse_str::<TokenStream>(&format!("{op}=")).expect("an operator");
                quote!({ let __value = #b; #a #op __value })
            }
        };
        lent.call(call)
    }
}

impl Printer<'_> {
    /// The zero tangent of a type, where the type alone tells it; in generic code floats are of the type parameter.
    pub fn static_zero(&self, ty: &Ty) -> Option<TokenStream> {
        use crate::ir::FloatTy;
        match (&self.generic, ty) {
            (Some(t), Ty::Float(FloatTy::Literal)) => Some(quote!(<#t as __p::Real>::ZERO)),
            (Some(_), Ty::Tuple(ts)) => {
                let parts = ts.iter().map(|t| self.static_zero(t)).collect::<Option<Vec<_>>>()?;
                Some(quote!((#(#parts,)*)))
            }
            _ => static_zero(ty),
        }
    }
}

/// The zero tangent of a type, where the type alone tells it.
pub fn static_zero(ty: &Ty) -> Option<TokenStream> {
    use crate::ir::FloatTy;
    Some(match ty {
        Ty::Float(FloatTy::F64) => quote!(0.0f64),
        Ty::Float(FloatTy::F32) => quote!(0.0f32),
        Ty::Float(FloatTy::Literal) => quote!(0.0),
        Ty::Float(FloatTy::Param(p)) => quote!(<#p as __p::Real>::ZERO),
        Ty::Inert => quote!(()),
        Ty::Tuple(ts) => {
            let parts = ts.iter().map(static_zero).collect::<Option<Vec<_>>>()?;
            quote!((#(#parts,)*))
        }
        _ => return None,
    })
}
