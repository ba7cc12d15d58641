//! Adjoints of expressions: how a cotangent flows to what the expression reads.

use proc_macro2::TokenStream;
use quote::quote;

use super::Vjp;
use crate::ir::{Expr, ExprKind, Op, Place, Ty, tangent_path};
use crate::mutant::{self, Mutant};
use crate::rules::{self, ScalarRule};

impl Vjp<'_> {
    /// Sends the cotangent `b` of `e` on.
    pub fn adjoint(&self, e: &Expr, b: TokenStream, out: &mut TokenStream) {
        self.adjoint_of(e, b, None, out);
    }

    /// As [`Self::adjoint`]; `value` is where the value of `e` can be read, if it was kept.
    pub fn adjoint_of(&self, e: &Expr, b: TokenStream, value: Option<&Expr>, out: &mut TokenStream) {
        if !self.activity.expr(e) {
            return;
        }
        match &e.kind {
            ExprKind::Inert(_) | ExprKind::Const(_) | ExprKind::ZeroOf(_) => {}
            ExprKind::Read(place) | ExprKind::Ref(place, _) => self.contribute(place, b, out),
            ExprKind::CloneOf(place, method) => self.contribute_slice(place, method == "to_vec", b, out),
            ExprKind::Function(value, captured) if value.has_state() => self.adjoint(captured, quote!(__p::taken(&#b)), out),
            ExprKind::Function(_, captured) => self.adjoint(captured, b, out),
            ExprKind::Shared(inner) => self.adjoint(inner, quote!(__p::taken(&#b)), out),
            ExprKind::Neg(inner) => {
                let n = self.bind(
                    if mutant::on(Mutant::NegKeepsSign) {
                        quote!(#b)
                    } else {
                        quote!(-#b)
                    },
                    out,
                );
                self.adjoint(inner, n, out);
            }
            ExprKind::Through(inner, closure) => {
                self.need_inert(closure);
                let code = &closure.tokens;
                let n = self.bind(quote!(__p::through(#b, #code)), out);
                self.adjoint(inner, n, out);
            }
            ExprKind::Binary(op, left, right) => self.binary(*op, left, right, b, out),
            ExprKind::Math(rule, args) => self.math(rule, args, e, b, value, out),
            ExprKind::Cast(inner, _) => {
                let n = if let Some(target) = float_name(&inner.ty) {
                    self.bind(quote!(#b as #target), out)
                } else {
                    let again = self.value(inner);
                    self.bind(quote!(__p::uncast(&#again, #b)), out)
                };
                self.adjoint(inner, n, out);
            }
            ExprKind::Tuple(parts) => {
                for (k, part) in parts.iter().enumerate() {
                    let k = syn::Index::from(k);
                    self.adjoint(part, quote!(#b.#k), out);
                }
            }
            ExprKind::Array(parts) => self.elements(parts, b, out),
            ExprKind::VecList(parts) => {
                let n = parts.len();
                let array = self.bind(quote!(__p::into_array::<_, #n>(#b)), out);
                self.elements(parts, array, out);
            }
            ExprKind::Repeat(inner, ..) => {
                let mut then = TokenStream::new();
                let n = self.fresh("b");
                self.adjoint_nested(inner, quote!(#n), &mut then);
                out.extend(quote!(if let ::core::option::Option::Some(#n) = __p::sum(&#b[..]) { #then }));
            }
            ExprKind::Struct(path, fields, base) => self.structure(path, fields, base.as_ref(), b, out),
            ExprKind::Ctor(path, parts) => self.constructor(path, parts, b, out),
            ExprKind::Wrap(_, inner) => {
                let mut then = TokenStream::new();
                let n = self.fresh("b");
                self.adjoint_nested(inner, quote!(#n), &mut then);
                out.extend(quote!(if let ::core::option::Option::Some(#n) = #b { #then }));
            }
            ExprKind::Boxed(_, inner) => {
                let n = self.bind(quote!(*#b), out);
                self.adjoint(inner, n, out);
            }
        }
    }

    /// Inside a block of the generated code no cotangent may be declared.
    pub(super) fn adjoint_nested(&self, e: &Expr, b: TokenStream, out: &mut TokenStream) {
        super::for_reads(e, &mut |place| self.uses_bar(place.root, false));
        self.adjoint(e, b, out);
    }

    fn bind(&self, value: TokenStream, out: &mut TokenStream) -> TokenStream {
        let name = self.fresh("b");
        out.extend(quote!(let #name = #value;));
        quote!(#name)
    }

    /// `place_bar += b`
    fn contribute(&self, place: &Place, b: TokenStream, out: &mut TokenStream) {
        if !self.activity.place(place) {
            return;
        }
        self.uses_bar(place.root, place.projs.is_empty());
        let bar = &self.bars[place.root];
        if place.projs.is_empty() && self.defines(place.root) {
            out.extend(quote!(let mut #bar = #b;));
            return;
        }
        if let Some(sum) = self.loop_sum(place) {
            out.extend(quote!(#sum += #b;));
            return;
        }
        let target = self.bar(place);
        if mutant::on(Mutant::ElementOverwritten) && !place.projs.is_empty() {
            return out.extend(quote!(#target = #b;));
        }
        out.extend(if place.ty.is_float() {
            quote!(#target += #b;)
        } else {
            quote!(__p::add(&mut #target, #b);)
        });
    }

    fn contribute_slice(&self, place: &Place, to_vec: bool, b: TokenStream, out: &mut TokenStream) {
        if !self.activity.place(place) {
            return;
        }
        if !to_vec && !matches!(place.ty, Ty::Vec(_) | Ty::Slice(_)) {
            return self.contribute(place, b, out);
        }
        self.uses_bar(place.root, false);
        let target = self.bar(place);
        out.extend(quote!(__p::add_slice(&mut #target[..], &#b[..]);));
    }

    fn binary(&self, op: Op, left: &Expr, right: &Expr, b: TokenStream, out: &mut TokenStream) {
        let (left_active, right_active) = (self.activity.expr(left), self.activity.expr(right));
        match op {
            Op::Add => {
                self.adjoint(left, b.clone(), out);
                self.adjoint(right, b, out);
            }
            Op::Sub => {
                self.adjoint(left, b.clone(), out);
                if right_active {
                    let n = self.bind(
                        if mutant::on(Mutant::SubKeepsSign) {
                            quote!(#b)
                        } else {
                            quote!(-#b)
                        },
                        out,
                    );
                    self.adjoint(right, n, out);
                }
            }
            Op::Mul => {
                let left_bar = left_active.then(|| {
                    let r = self.value(if mutant::on(Mutant::MulTakesOwnFactor) { left } else { right });
                    self.bind(quote!(#b * #r), out)
                });
                let right_bar = right_active.then(|| {
                    let l = self.value(left);
                    self.bind(quote!(#b * #l), out)
                });
                left_bar.into_iter().for_each(|n| self.adjoint(left, n, out));
                right_bar.into_iter().for_each(|n| self.adjoint(right, n, out));
            }
            Op::Div => {
                let r = self.value(right);
                if !right_active || mutant::on(Mutant::DivForgetsDivisor) {
                    let n = self.bind(quote!(#b / #r), out);
                    return self.adjoint(left, n, out);
                }
                // One division: l / r is l · (1 / r) up to a rounding.
                let inverse = self.bind(quote!(__p::Real::recip(#r)), out);
                let n = self.bind(quote!(#b * #inverse), out);
                let l = self.value(left);
                let m = self.bind(quote!(-(#n * (#l * #inverse))), out);
                self.adjoint(left, n, out);
                self.adjoint(right, m, out);
            }
            Op::Rem => unreachable!("lowered to a function with a rule"),
        }
    }

    fn math(&self, rule: &'static ScalarRule, args: &[Expr], whole: &Expr, b: TokenStream, value: Option<&Expr>, out: &mut TokenStream) {
        let value = value.unwrap_or(whole);
        let mut bars = vec![];
        for (k, arg) in args.iter().enumerate() {
            if rule.is_zero(k) || !self.activity.expr(arg) {
                continue;
            }
            let partial = rules::partial(rule, k, args, value);
            let product = self.scaled(&b, &partial);
            bars.push((arg, self.bind(product, out)));
        }
        for (arg, n) in bars {
            self.adjoint(arg, n, out);
        }
    }

    /// `b` times a partial derivative, factor by factor as in [`rules::scaled`].
    fn scaled(&self, b: &TokenStream, partial: &Expr) -> TokenStream {
        match &partial.kind {
            ExprKind::Neg(inner) => {
                let product = self.scaled(b, inner);
                quote!((-#product))
            }
            ExprKind::Binary(Op::Mul, x, y) => {
                let first = self.scaled(b, x);
                self.scaled(&first, y)
            }
            _ => {
                let factor = self.value(partial);
                quote!((#b * #factor))
            }
        }
    }

    fn elements(&self, parts: &[Expr], array: TokenStream, out: &mut TokenStream) {
        let names: Vec<_> = parts.iter().map(|_| self.fresh("b")).collect();
        out.extend(quote!(let [#(#names),*] = #array;));
        for (part, name) in parts.iter().zip(names) {
            self.adjoint(part, quote!(#name), out);
        }
    }

    fn structure(&self, path: &syn::Path, fields: &[(syn::Member, Expr)], base: Option<&Place>, b: TokenStream, out: &mut TokenStream) {
        let n = path.segments.len();
        if n >= 2 && path.segments[n - 2].ident.to_string().starts_with(char::is_uppercase) {
            let mut then = TokenStream::new();
            let mut pattern = vec![];
            for (member, e) in fields {
                let name = self.fresh("b");
                self.adjoint_nested(e, quote!(#name), &mut then);
                pattern.push(quote!(#member: #name));
            }
            let tangent = tangent_path(path);
            out.extend(quote!(#[allow(irrefutable_let_patterns)] if let #tangent { #(#pattern,)* .. } = #b { #then }));
            return;
        }
        let name = self.fresh("b");
        out.extend(quote!(let mut #name = #b;));
        for (member, e) in fields {
            if self.activity.expr(e) {
                // The field's cotangent moves out; what remains belongs to the base.
                let moved = if base.is_some() {
                    quote!(__p::dup(&#name.#member))
                } else {
                    quote!(#name.#member)
                };
                let n = self.bind(moved, out);
                if base.is_some() {
                    out.extend(quote!(__p::Tangent::set_zero(&mut #name.#member);));
                }
                self.adjoint(e, n, out);
            } else if base.is_some() {
                out.extend(quote!(__p::Tangent::set_zero(&mut #name.#member);));
            }
        }
        if let Some(base) = base {
            self.contribute(base, quote!(#name), out);
        }
    }

    fn constructor(&self, path: &syn::Path, parts: &[Expr], b: TokenStream, out: &mut TokenStream) {
        let n = path.segments.len();
        if n >= 2 && path.segments[n - 2].ident.to_string().starts_with(char::is_uppercase) || path.segments[0].ident == "Self" && n == 2 {
            let mut then = TokenStream::new();
            let mut pattern = vec![];
            for e in parts {
                let name = self.fresh("b");
                self.adjoint_nested(e, quote!(#name), &mut then);
                pattern.push(name);
            }
            let tangent = tangent_path(path);
            out.extend(quote!(#[allow(irrefutable_let_patterns)] if let #tangent(#(#pattern),*) = #b { #then }));
            return;
        }
        for (k, e) in parts.iter().enumerate() {
            let k = syn::Index::from(k);
            self.adjoint(e, quote!(#b.#k), out);
        }
    }
}

fn float_name(ty: &Ty) -> Option<TokenStream> {
    use crate::ir::FloatTy;
    match ty {
        Ty::Float(FloatTy::F32) => Some(quote!(f32)),
        Ty::Float(FloatTy::F64) => Some(quote!(f64)),
        _ => None,
    }
}
