//! Iterator chains become loops over indices.

use proc_macro2::Span;
use quote::quote;
use syn::spanned::Spanned;

use super::Lowerer;
use super::scope::{Binding, Scopes};
use crate::ir::{Access, Expr, ExprKind, FloatTy, Inert, Op, Place, Proj, Stmt, Ty, VarKind};

/// A chain of adapters over a source.
#[derive(Clone, Debug)]
pub enum Chain {
    /// `lo..hi`, as inert code.
    Range(Inert, Inert),
    /// The elements of a place; `Some`: by reference, mutable or not.
    Elements(Place, Option<bool>),
    /// `windows(n)`
    Windows(Place, Inert),
    /// `chunks(n)`, `chunks_exact(n)` (`true`), by reference, mutable or not.
    Chunks(Place, Inert, bool, bool),
    Rev(Box<Chain>),
    Enumerate(Box<Chain>),
    Zip(Box<Chain>, Box<Chain>),
    Skip(Box<Chain>, Inert),
    Take(Box<Chain>, Inert),
    StepBy(Box<Chain>, Inert),
    /// `copied()`, `cloned()`
    Copied(Box<Chain>),
    Map(Box<Chain>, Box<syn::Expr>, Box<Scopes>),
    Filter(Box<Chain>, Box<syn::Expr>, Box<Scopes>),
}

/// What a chain yields.
#[derive(Clone, Debug)]
pub enum Item {
    /// A reference to a place.
    Reference(Place, bool),
    /// A value.
    Value(Expr),
    /// A tuple of items.
    Pair(Box<Item>, Box<Item>),
}

impl Lowerer<'_> {
    /// The chain that an expression denotes, if it is one.
    pub(crate) fn chain(&mut self, e: &syn::Expr) -> Option<Chain> {
        match e {
            syn::Expr::Paren(p) => self.chain(&p.expr),
            syn::Expr::Range(r) => {
                let lo = self.inert_once(r.start.as_ref()?);
                let mut hi = self.inert_once(r.end.as_ref()?);
                if matches!(r.limits, syn::RangeLimits::Closed(_)) {
                    let t = &hi.tokens;
                    hi.tokens = quote!(((#t) + 1));
                }
                Some(Chain::Range(lo, hi))
            }
            syn::Expr::MethodCall(m) => self.chain_method(m),
            _ => None,
        }
    }

    fn chain_method(&mut self, m: &syn::ExprMethodCall) -> Option<Chain> {
        let name = m.method.to_string();
        let arg = m.args.first();
        match (name.as_str(), m.args.len()) {
            ("iter", 0) => Some(Chain::Elements(self.sequence(&m.receiver)?, Some(false))),
            ("iter_mut", 0) => {
                let place = self.sequence(&m.receiver)?;
                self.func.vars[place.root].mutable = true;
                Some(Chain::Elements(place, Some(true)))
            }
            ("into_iter", 0) => match self.chain(&m.receiver) {
                Some(chain) => Some(chain),
                None => Some(Chain::Elements(self.sequence(&m.receiver)?, None)),
            },
            ("windows", 1) => {
                let n = self.inert_once(arg?);
                Some(Chain::Windows(self.sequence(&m.receiver)?, n))
            }
            ("chunks" | "chunks_exact" | "chunks_mut" | "chunks_exact_mut", 1) => {
                let n = self.inert_once(arg?);
                let place = self.sequence(&m.receiver)?;
                let mutable = name.ends_with("mut");
                self.func.vars[place.root].mutable |= mutable;
                Some(Chain::Chunks(place, n, name.contains("exact"), mutable))
            }
            ("rev", 0) => Some(Chain::Rev(Box::new(self.chain(&m.receiver)?))),
            ("enumerate", 0) => Some(Chain::Enumerate(Box::new(self.chain(&m.receiver)?))),
            ("copied" | "cloned", 0) => Some(Chain::Copied(Box::new(self.chain(&m.receiver)?))),
            ("zip", 1) => {
                let left = self.chain(&m.receiver)?;
                let arg = arg?;
                let right = match self.chain(arg) {
                    Some(chain) => chain,
                    None => self.elements(arg)?,
                };
                Some(Chain::Zip(Box::new(left), Box::new(right)))
            }
            ("skip" | "take" | "step_by", 1) => {
                let inner = Box::new(self.chain(&m.receiver)?);
                let n = self.inert_once(arg?);
                Some(match name.as_str() {
                    "skip" => Chain::Skip(inner, n),
                    "take" => Chain::Take(inner, n),
                    _ => Chain::StepBy(inner, n),
                })
            }
            ("map" | "filter", 1) => {
                let inner = Box::new(self.chain(&m.receiver)?);
                let scopes = Box::new(self.scopes.clone());
                let f = Box::new(arg?.clone());
                Some(if name == "map" {
                    Chain::Map(inner, f, scopes)
                } else {
                    Chain::Filter(inner, f, scopes)
                })
            }
            _ => None,
        }
    }

    /// `v`, `&v` and `&mut v` as the sequence of a `for` or a `zip`.
    fn elements(&mut self, e: &syn::Expr) -> Option<Chain> {
        let value = self.value(e);
        Some(match value.kind {
            ExprKind::Ref(place, mutable) => Chain::Elements(self.freeze(place), Some(mutable)),
            ExprKind::Read(place) => Chain::Elements(self.freeze(place), None),
            _ => {
                let var = self.let_temp("sequence", value, VarKind::Local);
                Chain::Elements(self.var_place(var), None)
            }
        })
    }

    /// The place of a slice, array or `Vec`.
    fn sequence(&mut self, e: &syn::Expr) -> Option<Place> {
        if !self.is_place(e) && matches!(e, syn::Expr::MethodCall(_)) && self.chain(e).is_some() {
            return None;
        }
        match self.elements(e)? {
            Chain::Elements(place, _) => Some(place),
            _ => None,
        }
    }

    /// The number of items, where every adapter allows direct access.
    fn length(&self, chain: &Chain) -> Option<Inert> {
        let with = |tokens, parts: &[&Inert]| Inert {
            tokens,
            reads: parts.iter().flat_map(|p| p.reads.iter().cloned()).collect(),
        };
        Some(match chain {
            Chain::Range(lo, hi) => {
                let (a, b) = (&lo.tokens, &hi.tokens);
                let tokens = if a.to_string() == "0" {
                    quote!((#b) as usize)
                } else {
                    quote!(__p::span(#a, #b))
                };
                with(tokens, &[lo, hi])
            }
            Chain::Elements(place, _) => self.len_of(place),
            Chain::Windows(place, n) => {
                let len = self.len_of(place);
                let (l, k) = (&len.tokens, &n.tokens);
                with(quote!((#l + 1).saturating_sub(#k)), &[&len, n])
            }
            Chain::Chunks(place, n, exact, _) => {
                let len = self.len_of(place);
                let (l, k) = (&len.tokens, &n.tokens);
                with(if *exact { quote!(#l / (#k)) } else { quote!(#l.div_ceil(#k)) }, &[&len, n])
            }
            Chain::Rev(c) | Chain::Enumerate(c) | Chain::Copied(c) | Chain::Map(c, ..) => self.length(c)?,
            Chain::Zip(a, b) => {
                let (a, b) = (self.length(a)?, self.length(b)?);
                let (x, y) = (&a.tokens, &b.tokens);
                with(quote!(::core::cmp::Ord::min(#x, #y)), &[&a, &b])
            }
            Chain::Skip(c, n) => {
                let len = self.length(c)?;
                let (l, k) = (&len.tokens, &n.tokens);
                with(quote!((#l).saturating_sub(#k)), &[&len, n])
            }
            Chain::Take(c, n) => {
                let len = self.length(c)?;
                let (l, k) = (&len.tokens, &n.tokens);
                with(quote!(::core::cmp::Ord::min(#l, #k)), &[&len, n])
            }
            Chain::StepBy(c, n) => {
                let len = self.length(c)?;
                let (l, k) = (&len.tokens, &n.tokens);
                with(quote!((#l).div_ceil(#k)), &[&len, n])
            }
            Chain::Filter(..) => return None,
        })
    }

    fn len_of(&self, place: &Place) -> Inert {
        if let Some(Proj::Slice(lo, Some(hi))) = place.projs.last() {
            let (a, b) = (&lo.tokens, &hi.tokens);
            return Inert {
                tokens: quote!(((#b) - (#a))),
                reads: lo.reads.iter().chain(&hi.reads).cloned().collect(),
            };
        }
        let code = place.print(&self.func.vars, Access::Shared);
        let mut reads = place.index_reads();
        reads.push((place.clone(), true));
        Inert {
            tokens: quote!(#code.len()),
            reads,
        }
    }

    /// The item at position `k`.
    fn item_at(&mut self, chain: &Chain, k: &Inert, span: Span) -> Item {
        let derive = |tokens, parts: &[&Inert]| Inert {
            tokens,
            reads: parts.iter().flat_map(|p| p.reads.iter().cloned()).collect(),
        };
        let t = &k.tokens;
        match chain {
            Chain::Range(lo, _) => {
                let a = &lo.tokens;
                let code = if a.to_string() == "0" { quote!(#t) } else { quote!(((#a) + (#t))) };
                Item::Value(Expr::inert(derive(code, &[lo, k]), Ty::Inert, span))
            }
            Chain::Elements(place, by_ref) => {
                let element = place.then(Proj::Index(k.clone()), place.ty.element());
                match by_ref {
                    Some(mutable) => Item::Reference(element, *mutable),
                    None => Item::Value(Expr::read(element, span)),
                }
            }
            Chain::Windows(place, n) => {
                let n_t = &n.tokens;
                let hi = derive(quote!((#t + #n_t)), &[k, n]);
                Item::Reference(self.part(place, k.clone(), hi), false)
            }
            Chain::Chunks(place, n, exact, mutable) => {
                let n_t = &n.tokens;
                let lo = derive(quote!((#t * (#n_t))), &[k, n]);
                let hi = if *exact {
                    derive(quote!((#t * (#n_t) + (#n_t))), &[k, n])
                } else {
                    let len = self.len_of(place);
                    let l = &len.tokens;
                    derive(quote!(::core::cmp::Ord::min(#t * (#n_t) + (#n_t), #l)), &[k, n, &len])
                };
                Item::Reference(self.part(place, lo, hi), *mutable)
            }
            Chain::Rev(c) => {
                let len = self.length(c).unwrap_or_else(|| k.clone());
                let l = &len.tokens;
                let mirrored = self.held(derive(quote!(((#l) - 1 - (#t))), &[&len, k]), span);
                self.item_at(c, &mirrored, span)
            }
            Chain::Enumerate(c) => {
                let index = Item::Value(Expr::inert(k.clone(), Ty::Inert, span));
                Item::Pair(Box::new(index), Box::new(self.item_at(c, k, span)))
            }
            Chain::Zip(a, b) => Item::Pair(Box::new(self.item_at(a, k, span)), Box::new(self.item_at(b, k, span))),
            Chain::Skip(c, n) => {
                let n_t = &n.tokens;
                let at = derive(quote!(((#t) + (#n_t))), &[k, n]);
                self.item_at(c, &at, span)
            }
            Chain::StepBy(c, n) => {
                let n_t = &n.tokens;
                let at = derive(quote!(((#t) * (#n_t))), &[k, n]);
                self.item_at(c, &at, span)
            }
            Chain::Take(c, _) => self.item_at(c, k, span),
            Chain::Copied(c) => match self.item_at(c, k, span) {
                Item::Reference(place, _) => Item::Value(Expr::read(place, span)),
                other => other,
            },
            Chain::Map(c, f, scopes) => {
                let item = self.item_at(c, k, span);
                self.apply(f, scopes, item, span)
            }
            Chain::Filter(c, ..) => self.item_at(c, k, span),
        }
    }

    fn part(&mut self, place: &Place, lo: Inert, hi: Inert) -> Place {
        let span = Span::call_site();
        let (lo, hi) = (self.held(lo, span), self.held(hi, span));
        place.then(Proj::Slice(lo, Some(hi)), Ty::Slice(Box::new(place.ty.element())))
    }

    fn held(&mut self, mut i: Inert, _span: Span) -> Inert {
        self.freeze_inert(&mut i);
        i
    }

    /// A closure or a function name applied to an item.
    fn apply(&mut self, f: &syn::Expr, scopes: &Scopes, item: Item, span: Span) -> Item {
        let value = match f {
            syn::Expr::Closure(c) if c.inputs.len() == 1 => {
                let outer = std::mem::replace(&mut self.scopes, scopes.clone());
                self.scopes.push();
                self.bind_item(&c.inputs[0], item, span);
                let seen = self.scopes.clone();
                self.scopes.pop();
                self.scopes = outer;
                let body: syn::ExprClosure = syn::ExprClosure {
                    inputs: Default::default(),
                    ..c.clone()
                };
                self.inline_values(&body, &seen, vec![], span)
            }
            syn::Expr::Path(_) => {
                let name = self.func.fresh("item", span, Ty::Unknown, VarKind::Local);
                let ident = quote::format_ident!("__item_{}", name);
                self.scopes.push();
                let pat: syn::Pat = syn::parse_quote!(#ident);
                self.bind_item(&pat, item, span);
                let value = self.value(&syn::parse_quote!(#f(#ident)));
                self.scopes.pop();
                value
            }
            _ => {
                self.error(f.span(), "expected a closure or the name of a function");
                Expr::float(0.0, span)
            }
        };
        match value.kind {
            ExprKind::Ref(place, mutable) => Item::Reference(place, mutable),
            _ => Item::Value(value),
        }
    }

    /// The value of an item.
    pub(crate) fn item_value(&mut self, item: Item, span: Span) -> Expr {
        match item {
            Item::Value(e) => e,
            Item::Reference(place, mutable) => {
                let ty = place.ty.clone();
                Expr {
                    kind: ExprKind::Ref(place, mutable),
                    ty,
                    span,
                }
            }
            Item::Pair(a, b) => {
                let parts = vec![self.item_value(*a, span), self.item_value(*b, span)];
                let ty = Ty::Tuple(parts.iter().map(|p| p.ty.clone()).collect());
                Expr {
                    kind: ExprKind::Tuple(parts),
                    ty,
                    span,
                }
            }
        }
    }

    /// Binds the pattern of a `for` or a closure to an item.
    pub(crate) fn bind_item(&mut self, pat: &syn::Pat, item: Item, span: Span) {
        match (pat, item) {
            (syn::Pat::Tuple(t), Item::Pair(a, b)) if t.elems.len() == 2 => {
                self.bind_item(&t.elems[0], *a, span);
                self.bind_item(&t.elems[1], *b, span);
            }
            (syn::Pat::Paren(p), item) => self.bind_item(&p.pat, item, span),
            (syn::Pat::Type(t), item) => self.bind_item(&t.pat, item, span),
            // `filter` passes references to items.
            (syn::Pat::Reference(r), item @ (Item::Pair(..) | Item::Value(_))) => self.bind_item(&r.pat, item, span),
            (syn::Pat::Ident(p), Item::Reference(place, mutable)) => {
                let place = self.freeze(place);
                self.scopes.bind(&p.ident.to_string(), Binding::Alias(place, Some(mutable)));
            }
            (syn::Pat::Reference(r), Item::Reference(place, _)) => {
                let value = Expr::read(place, span);
                self.let_value(&r.pat, None, value);
            }
            (pat, Item::Reference(place, _)) => {
                let place = self.freeze(place);
                self.bind_pattern(pat, place, true);
            }
            (pat, item) => {
                let value = self.item_value(item, span);
                self.let_value(pat, None, value);
            }
        }
    }

    /// Runs `body` for every item.
    pub(crate) fn drive(&mut self, chain: &Chain, label: Option<&syn::Label>, span: Span, body: &mut dyn FnMut(&mut Self, Item)) {
        match chain {
            Chain::Filter(inner, f, scopes) => {
                let (f, scopes) = (f.clone(), scopes.clone());
                self.drive(inner, label, span, &mut |l, item| l.filtered(&f, &scopes, item, span, body));
            }
            Chain::Map(inner, f, scopes) => {
                let (f, scopes) = (f.clone(), scopes.clone());
                self.drive(inner, label, span, &mut |l, item| {
                    let item = l.apply(&f, &scopes, item, span);
                    body(l, item);
                });
            }
            Chain::Copied(inner) => self.drive(inner, label, span, &mut |l, item| {
                let item = match item {
                    Item::Reference(place, _) => Item::Value(Expr::read(place, span)),
                    other => other,
                };
                body(l, item);
            }),
            Chain::Range(lo, hi) => {
                let (a, b) = (&lo.tokens, &hi.tokens);
                let range = Inert {
                    tokens: quote!((#a)..(#b)),
                    reads: lo.reads.iter().chain(&hi.reads).cloned().collect(),
                };
                self.indexed(range, label, span, &mut |l, k| {
                    body(l, Item::Value(Expr::inert(k, Ty::Inert, span)))
                });
            }
            _ => match self.length(chain) {
                Some(len) => {
                    let n = &len.tokens;
                    let range = Inert {
                        tokens: quote!(0..(#n)),
                        reads: len.reads.clone(),
                    };
                    let chain = chain.clone();
                    self.indexed(range, label, span, &mut |l, k| {
                        let item = l.item_at(&chain, &k, span);
                        body(l, item);
                    });
                }
                None => self.error(
                    span,
                    "this adapter cannot follow `filter`: put `filter` last, or write the loop out",
                ),
            },
        }
    }

    fn indexed(&mut self, range: Inert, label: Option<&syn::Label>, span: Span, body: &mut dyn FnMut(&mut Self, Inert)) {
        let k = self.func.fresh("k", span, Ty::Inert, VarKind::Loop);
        let name = self.func.vars[k].name.clone();
        self.for_loop(label, k, range, span, |l| {
            let index = Inert {
                tokens: quote!(#name),
                reads: vec![(l.var_place(k), false)],
            };
            body(l, index);
        });
    }

    fn filtered(&mut self, f: &syn::Expr, scopes: &Scopes, item: Item, span: Span, body: &mut dyn FnMut(&mut Self, Item)) {
        let item = match item {
            Item::Value(e) => Item::Value(self.pin(e)),
            other => other,
        };
        let syn::Expr::Closure(c) = f else {
            return self.error(f.span(), "`filter` takes a closure here");
        };
        let cond = {
            let outer = std::mem::replace(&mut self.scopes, scopes.clone());
            self.scopes.push();
            // The closure sees a reference to the item: `*x` is the item.
            let seen = match &item {
                Item::Value(e) => match &e.kind {
                    ExprKind::Read(place) => Item::Reference(place.clone(), false),
                    _ => item.clone(),
                },
                other => other.clone(),
            };
            let pat = match (&c.inputs[0], &item) {
                (syn::Pat::Reference(r), Item::Value(_) | Item::Pair(..)) if !matches!(seen, Item::Reference(..)) => &*r.pat,
                (syn::Pat::Reference(r), Item::Reference(..)) => &*r.pat,
                (pat, _) => pat,
            };
            self.bind_item(pat, seen, span);
            let cond = self.inert(&strip_extra_deref(&c.body));
            self.scopes.pop();
            self.scopes = outer;
            cond
        };
        let then_ = self.sub_block(|l| body(l, item));
        self.branch(cond, then_, Default::default());
    }

    /// `for pat in e { .. }`
    pub(crate) fn for_expr(&mut self, f: &syn::ExprForLoop) {
        let span = f.for_token.span;
        if let Some(plain) = self.plain_range(&f.expr) {
            return self.for_range(f, plain);
        }
        let chain = match self.chain(&f.expr) {
            Some(chain) => chain,
            None if self.is_place(&f.expr)
                || matches!(
                    &*f.expr,
                    syn::Expr::Reference(_) | syn::Expr::Array(_) | syn::Expr::Macro(_) | syn::Expr::Call(_)
                ) =>
            {
                match self.elements(&f.expr) {
                    Some(chain) => chain,
                    None => return,
                }
            }
            None => {
                return self.error(f.expr.span(), "cannot differentiate a loop over this iterator: use a range, a slice or `Vec`, with `iter`, `iter_mut`, `rev`, `enumerate`, `zip`, `chunks`, `windows`, `skip`, `take`, `step_by`, `map` or `filter`");
            }
        };
        let (pat, body) = (f.pat.clone(), f.body.clone());
        self.drive(&chain, f.label.as_ref(), span, &mut |l, item| {
            l.bind_item(&pat, item, span);
            l.block_into(&body, None);
        });
    }

    /// A range, with `rev` and `step_by` in any order: kept as written.
    fn plain_range(&mut self, e: &syn::Expr) -> Option<Inert> {
        match e {
            syn::Expr::Paren(p) => self.plain_range(&p.expr),
            syn::Expr::Range(r) if r.start.is_some() && r.end.is_some() => {
                let (lo, hi) = (self.inert_once(r.start.as_ref()?), self.inert_once(r.end.as_ref()?));
                let (a, b) = (&lo.tokens, &hi.tokens);
                let tokens = match r.limits {
                    syn::RangeLimits::HalfOpen(_) => quote!(((#a)..(#b))),
                    syn::RangeLimits::Closed(_) => quote!(((#a)..=(#b))),
                };
                Some(Inert {
                    tokens,
                    reads: lo.reads.into_iter().chain(hi.reads).collect(),
                })
            }
            syn::Expr::MethodCall(m) if m.method == "rev" && m.args.is_empty() => {
                let inner = self.plain_range(&m.receiver)?;
                let t = inner.tokens;
                Some(Inert {
                    tokens: quote!(#t.rev()),
                    reads: inner.reads,
                })
            }
            syn::Expr::MethodCall(m) if m.method == "step_by" && m.args.len() == 1 => {
                let inner = self.plain_range(&m.receiver)?;
                let step = self.inert_once(&m.args[0]);
                let (t, s) = (inner.tokens, step.tokens);
                Some(Inert {
                    tokens: quote!(#t.step_by(#s)),
                    reads: inner.reads.into_iter().chain(step.reads).collect(),
                })
            }
            _ => None,
        }
    }

    fn for_range(&mut self, f: &syn::ExprForLoop, range: Inert) {
        let span = f.for_token.span;
        let (base, mutable) = match &*f.pat {
            syn::Pat::Ident(p) => (p.ident.to_string(), p.mutability.is_some()),
            syn::Pat::Wild(_) => ("k".to_string(), false),
            _ => return self.error(f.pat.span(), "the variable of a loop over a range is one name"),
        };
        let k = self.func.fresh(&base, f.pat.span(), Ty::Inert, VarKind::Loop);
        let named = matches!(&*f.pat, syn::Pat::Ident(_));
        let body = f.body.clone();
        self.for_loop(f.label.as_ref(), k, range, span, |l| {
            if named && mutable {
                let name = l.func.vars[k].name.clone();
                let start = Expr::inert(
                    Inert {
                        tokens: quote!(#name),
                        reads: vec![(l.var_place(k), false)],
                    },
                    Ty::Inert,
                    span,
                );
                let copy = l.let_temp(&base, start, VarKind::Local);
                l.func.vars[copy].mutable = true;
                l.scopes.bind(&base, Binding::Var(copy));
            } else if named {
                l.scopes.bind(&base, Binding::Var(k));
            }
            l.block_into(&body, None);
        });
    }

    /// The chain that a method consumes: `sum`, `fold`, …
    pub(crate) fn consumed_chain(&mut self, m: &syn::ExprMethodCall) -> Option<Chain> {
        let consumers = ["sum", "product", "fold", "for_each", "collect"];
        if !consumers.contains(&m.method.to_string().as_str()) || !starts_a_chain(&m.receiver) {
            return None;
        }
        self.chain(&m.receiver)
    }

    pub(crate) fn consume(&mut self, chain: Chain, m: &syn::ExprMethodCall) -> Expr {
        let span = m.span();
        let args: Vec<&syn::Expr> = m.args.iter().collect();
        match (m.method.to_string().as_str(), args.as_slice()) {
            // std starts from minus zero, the neutral element: the sum of nothing has this sign.
            ("sum", []) => self.accumulate(&chain, Op::Add, -0.0, m),
            ("product", []) => self.accumulate(&chain, Op::Mul, 1.0, m),
            ("fold", [init, f]) => self.fold(&chain, init, f, span),
            ("for_each", [f]) => {
                let (f, scopes) = ((*f).clone(), self.scopes.clone());
                self.drive(&chain, None, span, &mut |l, item| {
                    l.apply(&f, &scopes, item, span);
                });
                Expr::inert(
                    Inert {
                        tokens: quote!(()),
                        reads: vec![],
                    },
                    Ty::Inert,
                    span,
                )
            }
            ("collect", []) => self.collect(&chain, span),
            _ => {
                self.error(span, "unexpected arguments");
                Expr::float(0.0, span)
            }
        }
    }

    fn accumulate(&mut self, chain: &Chain, op: Op, start: f64, m: &syn::ExprMethodCall) -> Expr {
        let span = m.span();
        let written = m.turbofish.as_ref().and_then(|t| match t.args.first() {
            Some(syn::GenericArgument::Type(t)) => Some(self.ty(t)),
            _ => None,
        });
        let ty = written.unwrap_or(Ty::Float(FloatTy::Literal));
        if ty == Ty::Inert {
            return Expr::inert(self.inert(&syn::Expr::MethodCall(m.clone())), Ty::Inert, span);
        }
        let mut init = Expr::float(start, span);
        init.ty = ty;
        let total = self.let_temp("total", init, VarKind::Local);
        self.func.vars[total].mutable = true;
        self.drive(chain, None, span, &mut |l, item| {
            let value = l.item_value(item, span);
            let value = match value.kind {
                ExprKind::Ref(place, _) => Expr::read(place, span),
                _ => value,
            };
            let place = l.var_place(total);
            if op == Op::Add {
                l.out.push(Stmt::Update(place, Op::Add, value));
            } else {
                let old = Expr::read(place.clone(), span);
                l.out.push(Stmt::Assign(place, Expr::binary(op, old, value), false));
            }
        });
        Expr::read(self.var_place(total), span)
    }

    fn fold(&mut self, chain: &Chain, init: &syn::Expr, f: &syn::Expr, span: Span) -> Expr {
        let init = self.value(init);
        let acc = self.let_temp("acc", init, VarKind::Local);
        self.func.vars[acc].mutable = true;
        let (f, scopes) = (f.clone(), self.scopes.clone());
        self.drive(chain, None, span, &mut |l, item| {
            let old = Expr::read(l.var_place(acc), span);
            let new = match &f {
                syn::Expr::Closure(c) if c.inputs.len() == 2 => {
                    let outer = std::mem::replace(&mut l.scopes, scopes.clone());
                    l.scopes.push();
                    l.let_value(&c.inputs[0], None, old);
                    l.bind_item(&c.inputs[1], item, span);
                    let seen = l.scopes.clone();
                    l.scopes.pop();
                    l.scopes = outer;
                    let body = syn::ExprClosure {
                        inputs: Default::default(),
                        ..c.clone()
                    };
                    l.inline_values(&body, &seen, vec![], span)
                }
                _ => {
                    l.scopes.push();
                    let value = l.item_value(item, span);
                    let value = l.deref_operand(value);
                    let pats: [syn::Pat; 2] = [syn::parse_quote!(__left), syn::parse_quote!(__right)];
                    l.let_value(&pats[0], None, old);
                    l.let_value(&pats[1], None, value);
                    let value = l.value(&syn::parse_quote!(#f(__left, __right)));
                    l.scopes.pop();
                    value
                }
            };
            let place = l.var_place(acc);
            l.out.push(Stmt::Assign(place, new, false));
        });
        Expr::read(self.var_place(acc), span)
    }

    fn collect(&mut self, chain: &Chain, span: Span) -> Expr {
        let empty = Expr::inert(
            Inert {
                tokens: quote!(__p::Vec::new()),
                reads: vec![],
            },
            Ty::Vec(Box::new(Ty::Unknown)),
            span,
        );
        let list = self.let_temp("collected", empty, VarKind::Local);
        self.func.vars[list].mutable = true;
        self.drive(chain, None, span, &mut |l, item| {
            let value = l.item_value(item, span);
            if let Ty::Vec(t) = &l.func.vars[list].ty {
                l.func.vars[list].ty = Ty::Vec(Box::new(t.join(&value.ty)));
            }
            let place = l.var_place(list);
            l.out.push(Stmt::Push(place, value));
        });
        Expr::read(self.var_place(list), span)
    }
}

/// In a `filter` closure `**x` is written where items are references: one `*` is the filter's own.
fn strip_extra_deref(e: &syn::Expr) -> syn::Expr {
    struct Strip;
    impl syn::visit_mut::VisitMut for Strip {
        fn visit_expr_mut(&mut self, e: &mut syn::Expr) {
            if let syn::Expr::Unary(outer) = e
                && matches!(outer.op, syn::UnOp::Deref(_))
                && let syn::Expr::Unary(inner) = &*outer.expr
                && matches!(inner.op, syn::UnOp::Deref(_))
            {
                *e = (*outer.expr).clone();
            }
            syn::visit_mut::visit_expr_mut(self, e);
        }
    }
    let mut e = e.clone();
    syn::visit_mut::VisitMut::visit_expr_mut(&mut Strip, &mut e);
    e
}

/// Whether the expression looks like a chain, before anything of it is lowered.
pub(crate) fn starts_a_chain(e: &syn::Expr) -> bool {
    match e {
        syn::Expr::Paren(p) => starts_a_chain(&p.expr),
        syn::Expr::Range(_) => true,
        syn::Expr::MethodCall(m) => {
            matches!(
                m.method.to_string().as_str(),
                "iter" | "iter_mut" | "into_iter" | "windows" | "chunks" | "chunks_exact" | "chunks_mut" | "chunks_exact_mut"
            ) || starts_a_chain(&m.receiver)
        }
        _ => false,
    }
}

impl Lowerer<'_> {
    /// `let (a, b) = v.split_at_mut(n);`
    pub(crate) fn split_at(&mut self, t: &syn::PatTuple, m: &syn::ExprMethodCall) {
        let Some(place) = self.sequence(&m.receiver) else { return };
        let mutable = m.method == "split_at_mut";
        self.func.vars[place.root].mutable |= mutable;
        let Some(arg) = m.args.first() else { return };
        let at = self.inert_once(arg);
        let (base, lo, hi) = self.bounds(&place, m.span());
        let mid = self.held(crate::ir::add_indices(&lo, &at), m.span());
        let text = |i: &Inert| i.tokens.to_string();
        self.func.ordered.extend([(text(&lo), text(&mid)), (text(&mid), text(&hi))]);
        let ty = Ty::Slice(Box::new(base.ty.element()));
        let parts = [(lo, mid.clone()), (mid, hi)].map(|(lo, hi)| base.then(Proj::Slice(lo, Some(hi)), ty.clone()));
        for (pat, part) in t.elems.iter().zip(parts) {
            self.bind_item(pat, Item::Reference(part, mutable), m.span());
        }
    }

    /// A sequence as a part of another: that one, and where the part begins and ends.
    fn bounds(&mut self, place: &Place, span: Span) -> (Place, Inert, Inert) {
        let mut base = place.clone();
        let zero = Inert {
            tokens: quote!(0),
            reads: vec![],
        };
        let Some(Proj::Slice(lo, hi)) = place.projs.last().cloned() else {
            let hi = self.len_of(place);
            let hi = self.held(hi, span);
            return (base, zero, hi);
        };
        base.projs.pop();
        let hi = hi.unwrap_or_else(|| self.len_of(&base));
        (base, self.held(lo, span), self.held(hi, span))
    }
}
