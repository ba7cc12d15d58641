//! Patterns: names bound to places or copies, `match`, `if let`, `let else`, `?`.

use quote::{ToTokens, quote};
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};

use super::Lowerer;
use super::control::split_let;
use super::scope::Binding;
use crate::ir::{Access, Arm, Expr, ExprKind, Inert, Place, Proj, Stmt, Ty, VarId, VarKind};

impl Lowerer<'_> {
    /// `let pat = init;`
    pub(crate) fn let_pattern(&mut self, pat: &syn::Pat, init: &syn::Expr) {
        match pat {
            syn::Pat::Type(t) => self.let_typed(&t.pat, Some(&t.ty), init),
            _ => self.let_typed(pat, None, init),
        }
    }

    fn let_typed(&mut self, pat: &syn::Pat, ty: Option<&syn::Type>, init: &syn::Expr) {
        match (pat, init) {
            (syn::Pat::Ident(p), syn::Expr::Closure(c)) => self.bind_closure(&p.ident, c),
            (syn::Pat::Tuple(t), syn::Expr::Tuple(values)) if t.elems.len() == values.elems.len() && ty.is_none() && no_rest(t) => {
                let parts = self.values(values.elems.iter());
                for (pat, part) in t.elems.iter().zip(parts) {
                    self.let_value(pat, None, part);
                }
            }
            (syn::Pat::Tuple(t), syn::Expr::MethodCall(m)) if m.method == "split_at_mut" || m.method == "split_at" => self.split_at(t, m),
            _ => {
                if let (syn::Pat::Ident(_), true) = (pat, is_control(init)) {
                    return self.let_control(pat, ty, init);
                }
                let value = self.value(init);
                if !self.dead {
                    self.let_value(pat, ty, value);
                }
            }
        }
    }

    /// `let y = if ..`: the branches assign `y` itself.
    fn let_control(&mut self, pat: &syn::Pat, ty: Option<&syn::Type>, init: &syn::Expr) {
        let syn::Pat::Ident(p) = pat else { return };
        let known = ty.map_or(Ty::Unknown, |t| self.ty(t));
        let var = self.func.fresh(&p.ident.to_string(), p.ident.span(), known, VarKind::Local);
        self.func.vars[var].written_ty = ty.cloned();
        self.out.push(Stmt::Let(var, None));
        self.expr_into(init, Some(var));
        self.func.vars[var].mutable |= p.mutability.is_some();
        self.scopes.bind(&p.ident.to_string(), Binding::Var(var));
    }

    /// The value of a temporary that was just made for it: it is not moved from one name to another.
    fn unwrapped_temp(&mut self, mut value: Expr) -> Expr {
        if let ExprKind::Inert(i) = &value.kind
            && let [(place, _)] = i.reads.as_slice()
            && place.projs.is_empty()
            && let Some(Stmt::Let(v, Some(init))) = self.out.last()
            && *v == place.root
            && self.func.vars[*v].kind == VarKind::Temp
            && is_only(&i.tokens, &self.func.vars[*v].name)
        {
            value.kind = init.kind.clone();
            self.out.pop();
        }
        value
    }

    /// Binds a pattern to a value.
    pub(crate) fn let_value(&mut self, pat: &syn::Pat, ty: Option<&syn::Type>, value: Expr) {
        let mut value = self.unwrapped_temp(value);
        if let Some(t) = ty {
            if matches!(value.kind, ExprKind::Boxed(..)) && quote::quote!(#t).to_string().contains("dyn ") {
                self.error(
                    value.span,
                    "a value that is put behind `dyn` here has no tangent of its own type any more: pass the box in as a parameter, \
                     keep the type, or wrap it in `constant(..)`",
                );
            }
            let known = self.ty(t);
            if known != Ty::Unknown {
                value.ty = known.join(&value.ty);
            }
        }
        match (pat, &value.kind) {
            (syn::Pat::Type(t), _) => self.let_value(&t.pat, Some(&t.ty), value),
            (syn::Pat::Paren(p), _) => self.let_value(&p.pat, ty, value),
            (syn::Pat::Wild(_), _) => {}
            (syn::Pat::Reference(r), ExprKind::Ref(place, _)) => {
                let value = Expr::read(place.clone(), value.span);
                self.let_value(&r.pat, None, value);
            }
            (syn::Pat::Ident(p), ExprKind::Ref(place, mutable)) if p.subpat.is_none() => {
                let (place, mutable) = (self.freeze(place.clone()), *mutable);
                if p.mutability.is_some() {
                    return self.error(
                        p.span(),
                        "a reference that is pointed elsewhere later cannot be followed: use an index, or a new `let` for each place",
                    );
                }
                self.scopes.bind(&p.ident.to_string(), Binding::Alias(place, Some(mutable)));
            }
            (syn::Pat::Ident(p), _) if p.by_ref.is_none() && p.subpat.is_none() => {
                let var = self
                    .func
                    .fresh(&p.ident.to_string(), p.ident.span(), value.ty.clone(), VarKind::Local);
                self.func.vars[var].mutable = p.mutability.is_some();
                self.func.vars[var].written_ty = ty.cloned();
                self.note_user(var, &value);
                self.out.push(Stmt::Let(var, Some(value)));
                self.scopes.bind(&p.ident.to_string(), Binding::Var(var));
            }
            (syn::Pat::Tuple(t), ExprKind::Tuple(parts)) if t.elems.len() == parts.len() && no_rest(t) => {
                for (pat, part) in t.elems.iter().zip(parts.clone()) {
                    self.let_value(pat, None, part);
                }
            }
            (_, ExprKind::Ref(place, _)) => {
                let place = self.freeze(place.clone());
                self.bind_pattern(pat, place, true);
            }
            _ => {
                let var = self.let_temp("whole", value, VarKind::Local);
                self.func.vars[var].mutable = true;
                let place = self.var_place(var);
                self.bind_pattern(pat, place, false);
            }
        }
    }

    /// Binds the names of a pattern that is known to match to parts of `place`.
    pub(crate) fn bind_pattern(&mut self, pat: &syn::Pat, place: Place, by_ref: bool) {
        self.bind_parts(pat, place, by_ref, false);
    }

    /// `alias`: names stand for the places even where Rust would copy (for guards, which run before the arm).
    fn bind_parts(&mut self, pat: &syn::Pat, place: Place, by_ref: bool, alias: bool) {
        match pat {
            syn::Pat::Ident(p) => self.bind_ident(p, place, by_ref, alias),
            syn::Pat::Type(t) => self.bind_parts(&t.pat, place, by_ref, alias),
            syn::Pat::Paren(p) => self.bind_parts(&p.pat, place, by_ref, alias),
            syn::Pat::Reference(r) => self.bind_parts(&r.pat, place, false, alias),
            syn::Pat::Tuple(t) => {
                let n = t.elems.len();
                let mut after = false;
                for (k, pat) in t.elems.iter().enumerate() {
                    if matches!(pat, syn::Pat::Rest(_)) {
                        after = true;
                        continue;
                    }
                    let k = match (&place.ty, after) {
                        (_, false) => k,
                        (Ty::Tuple(ts), true) => ts.len() - (n - k),
                        _ => {
                            self.error(
                                pat.span(),
                                "the size of this tuple is not known here, so `..` cannot stand before other names: name every element",
                            );
                            continue;
                        }
                    };
                    let field = self.tuple_field(&place, k);
                    self.bind_parts(pat, field, by_ref, alias);
                }
            }
            syn::Pat::TupleStruct(t) => self.bind_tuple_struct(t, place, by_ref, alias),
            syn::Pat::Struct(s) => {
                for field in &s.fields {
                    let proj = if is_variant(&s.path) {
                        Proj::Variant(s.path.clone(), field.member.clone(), None)
                    } else {
                        Proj::Field(field.member.clone())
                    };
                    let ty = if place.ty == Ty::Inert { Ty::Inert } else { Ty::Unknown };
                    self.bind_parts(&field.pat, place.then(proj, ty), by_ref, alias);
                }
            }
            syn::Pat::Slice(s) => {
                let n = s.elems.len();
                let mut after = false;
                for (k, pat) in s.elems.iter().enumerate() {
                    let rest = match pat {
                        syn::Pat::Rest(_) => true,
                        syn::Pat::Ident(p) => p.subpat.as_ref().is_some_and(|(_, sub)| matches!(**sub, syn::Pat::Rest(_))),
                        _ => false,
                    };
                    let code = place.print(&self.func.vars, Access::Shared);
                    let from_end = Inert {
                        tokens: {
                            let j = syn::Index::from(n - k);
                            quote!((#code).len() - #j)
                        },
                        reads: vec![(place.clone(), true)],
                    };
                    let index = Inert {
                        tokens: {
                            let k = syn::Index::from(k);
                            quote!(#k)
                        },
                        reads: vec![],
                    };
                    if rest {
                        after = true;
                        if let syn::Pat::Ident(p) = pat {
                            let end = Inert {
                                tokens: {
                                    let j = syn::Index::from(n - k - 1);
                                    quote!((#code).len() - #j)
                                },
                                reads: vec![(place.clone(), true)],
                            };
                            let ty = Ty::Slice(Box::new(place.ty.element()));
                            let part = place.then(Proj::Slice(index, Some(end)), ty);
                            let part = self.freeze(part);
                            self.scopes.bind(&p.ident.to_string(), Binding::Alias(part, Some(true)));
                        }
                        continue;
                    }
                    let ty = place.ty.element();
                    let part = place.then(Proj::Index(if after { from_end } else { index }), ty);
                    self.bind_parts(pat, part, by_ref, alias);
                }
            }
            syn::Pat::Or(o) if o.cases.iter().any(binds_names) => {
                self.error(o.span(), "alternatives that bind names: write one arm for each");
            }
            _ => {}
        }
    }

    fn bind_tuple_struct(&mut self, t: &syn::PatTupleStruct, place: Place, by_ref: bool, alias: bool) {
        let last = t.path.segments.last().map(|s| s.ident.to_string()).unwrap_or_default();
        let n = t.elems.len();
        let rest = t.elems.iter().position(|p| matches!(p, syn::Pat::Rest(_)));
        for (k, pat) in t.elems.iter().enumerate() {
            if matches!(pat, syn::Pat::Rest(_) | syn::Pat::Wild(_)) {
                continue;
            }
            if rest.is_some_and(|r| k > r) {
                self.error(pat.span(), "`..` before other names of a tuple struct: name every element");
                continue;
            }
            let member = syn::Member::Unnamed(syn::Index::from(k));
            let part = match last.as_str() {
                "Some" | "Ok" => {
                    let ty = place.ty.payload();
                    place.then(Proj::Payload, ty)
                }
                "Err" => {
                    if binds_names(pat) {
                        let inert = self.error_payload(&place);
                        let var = self.let_temp("error", inert, VarKind::Local);
                        let place = self.var_place(var);
                        self.bind_parts(pat, place, by_ref, alias);
                    }
                    continue;
                }
                _ if is_variant(&t.path) => place.then(Proj::Variant(t.path.clone(), member, Some(n)), Ty::Unknown),
                _ => place.then(Proj::Field(member), Ty::Unknown),
            };
            self.bind_parts(pat, part, by_ref, alias);
        }
    }

    /// The error in an `Err`, which carries no derivative.
    fn error_payload(&mut self, place: &Place) -> Expr {
        let code = place.print(&self.func.vars, Access::Shared);
        let tokens = quote!(match &#code { ::core::result::Result::Err(__slot) => __p::dup(__slot), _ => ::core::unreachable!() });
        Expr::inert(
            Inert {
                tokens,
                reads: vec![(place.clone(), false)],
            },
            Ty::Inert,
            proc_macro2::Span::call_site(),
        )
    }

    fn bind_ident(&mut self, p: &syn::PatIdent, place: Place, by_ref: bool, alias: bool) {
        let name = p.ident.to_string();
        if self.refutable && p.subpat.is_none() && name.starts_with(char::is_uppercase) {
            return;
        }
        if let Some((_, sub)) = &p.subpat {
            self.bind_parts(sub, place.clone(), by_ref, alias);
        }
        if by_ref || p.by_ref.is_some() {
            let root = &self.func.vars[place.root];
            let changeable = root.mutable || root.kind == VarKind::Param(crate::ir::Passing::RefMut);
            let mutable = changeable && (by_ref || p.mutability.is_some());
            self.scopes.bind(&name, Binding::Alias(place, Some(mutable)));
        } else if alias {
            self.scopes.bind(&name, Binding::Alias(place, None));
        } else {
            let var = self.func.fresh(&name, p.ident.span(), place.ty.clone(), VarKind::Local);
            self.func.vars[var].mutable = p.mutability.is_some();
            self.out.push(Stmt::Let(var, Some(Expr::read(place, p.span()))));
            self.scopes.bind(&name, Binding::Var(var));
        }
    }

    /// The place that is matched on, and whether the user matched on a reference to it.
    fn scrutinee(&mut self, e: &syn::Expr) -> (Place, bool) {
        if let syn::Expr::MethodCall(m) = e
            && matches!(m.method.to_string().as_str(), "as_mut" | "as_ref" | "as_deref" | "as_deref_mut")
            && self.is_place(&m.receiver)
            && let Some(place) = self.place(&m.receiver)
        {
            return (self.freeze(place), true);
        }
        let value = self.value(e);
        match value.kind {
            ExprKind::Ref(place, _) => (self.freeze(place), true),
            // Matching on a place does not copy it.
            ExprKind::Read(place) if self.is_place(e) => (self.freeze(place), false),
            _ => {
                let var = self.let_temp("matched", value, VarKind::Local);
                self.func.vars[var].mutable = true;
                (self.var_place(var), false)
            }
        }
    }

    pub(crate) fn match_expr(&mut self, m: &syn::ExprMatch, dest: Option<VarId>) {
        let (place, by_ref) = self.scrutinee(&m.expr);
        if self.dead {
            return;
        }
        let arms = m
            .arms
            .iter()
            .map(|arm| {
                self.check_cfg(&arm.attrs);
                let guard = arm.guard.as_ref().map(|(_, g)| &**g);
                self.arm(&arm.pat, guard, &place, by_ref, |l| l.expr_into(&arm.body, dest))
            })
            .collect();
        let text = m.arms.iter().any(|arm| is_text(&arm.pat));
        let scrutinee = self.look_at(&place, text);
        self.branch_match(scrutinee, arms);
    }

    /// The place, to be matched on patterns that bind nothing and so move nothing; a reference to it for text.
    fn look_at(&self, place: &Place, text: bool) -> Inert {
        let code = place.print(&self.func.vars, Access::Shared);
        let mut reads = place.index_reads();
        reads.push((place.clone(), false));
        let by_ref = text && place.projs.is_empty() && crate::ir::is_reference(&self.func.vars[place.root]);
        let tokens = if by_ref { quote!(&#code) } else { code };
        Inert { tokens, reads }
    }

    fn arm(
        &mut self,
        pat: &syn::Pat,
        guard: Option<&syn::Expr>,
        place: &Place,
        by_ref: bool,
        body: impl FnOnce(&mut Self),
    ) -> (Arm, super::control::Exits) {
        let test = wildcards(pat);
        let outer = std::mem::replace(&mut self.refutable, true);
        self.scopes.push();
        let guard = guard.map(|g| {
            self.bind_parts(pat, place.clone(), by_ref, true);
            if self.has_effects(g) {
                self.error(
                    g.span(),
                    "a guard that changes a variable: decide in a statement before the `match`",
                );
            }
            self.inert(g).tokens
        });
        self.scopes.pop();
        let (body, exits) = self.sub_block(|l| {
            l.bind_parts(pat, place.clone(), by_ref, false);
            l.refutable = outer;
            body(l);
        });
        self.refutable = outer;
        let pat = match guard {
            Some(guard) => quote!(#test if #guard),
            None => quote!(#test),
        };
        (Arm { pat, binds: vec![], body }, exits)
    }

    pub(crate) fn if_let(&mut self, pat: &syn::Pat, e: &syn::Expr, rest: Option<&syn::Expr>, whole: &syn::ExprIf, dest: Option<VarId>) {
        if let Some(rest) = rest
            && (split_let(rest).is_some() || quote!(#rest).to_string().contains("let "))
        {
            return self.error(rest.span(), "more than one `let` in a condition: nest the `if let`s");
        }
        let (place, by_ref) = self.scrutinee(e);
        if self.dead {
            return;
        }
        let then_ = self.arm(pat, rest, &place, by_ref, |l| l.block_into(&whole.then_branch, dest));
        let else_ = self.sub_block(|l| {
            if let Some((_, else_)) = &whole.else_branch {
                l.expr_into(else_, dest);
            }
        });
        let other = Arm {
            pat: quote!(_),
            binds: vec![],
            body: else_.0,
        };
        let scrutinee = self.look_at(&place, is_text(pat));
        self.branch_match(scrutinee, vec![then_, (other, else_.1)]);
    }

    pub(crate) fn let_else(&mut self, local: &syn::Local) {
        let Some(init) = &local.init else { return };
        let Some((_, diverge)) = &init.diverge else { return };
        let (place, by_ref) = self.scrutinee(&init.expr);
        if self.dead {
            return;
        }
        let (body, exits) = self.sub_block(|l| l.expr_into(diverge, None));
        let arm = Arm {
            pat: wildcards(&local.pat).to_token_stream(),
            binds: vec![],
            body: Default::default(),
        };
        let other = Arm {
            pat: quote!(_),
            binds: vec![],
            body,
        };
        let scrutinee = self.look_at(&place, is_text(&local.pat));
        self.branch_match(scrutinee, vec![(arm, Default::default()), (other, exits)]);
        self.bind_pattern(&local.pat, place, by_ref);
    }

    /// `e?`
    pub(crate) fn try_value(&mut self, t: &syn::ExprTry) -> Expr {
        let span = t.span();
        let value = self.value(&t.expr);
        let place = match value.kind {
            ExprKind::Read(place) | ExprKind::Ref(place, _) => self.freeze(place),
            _ => {
                let var = self.let_temp("tried", value, VarKind::Local);
                self.var_place(var)
            }
        };
        let code = place.print(&self.func.vars, Access::Shared);
        let reads = vec![(place.clone(), false)];
        let cond = Inert {
            tokens: quote!(__p::fails(&#code)),
            reads: reads.clone(),
        };
        let residual = Expr::inert(
            Inert {
                tokens: quote!(__p::residual(&#code)),
                reads,
            },
            Ty::Unknown,
            span,
        );
        let then_ = self.sub_block(|l| l.return_value(residual, span));
        self.branch(cond, then_, Default::default());
        let ty = place.ty.payload();
        Expr::read(place.then(Proj::Payload, ty), span)
    }
}

/// `name` or a copy of it.
fn is_only(tokens: &proc_macro2::TokenStream, name: &syn::Ident) -> bool {
    let text = tokens.to_string();
    name == &text || text == quote!(__p::dup(&#name)).to_string()
}

/// `"a"` and `"a" | "b"`, which match on a `&str`.
fn is_text(pat: &syn::Pat) -> bool {
    match pat {
        syn::Pat::Lit(l) => matches!(l.lit, syn::Lit::Str(_) | syn::Lit::ByteStr(_)),
        syn::Pat::Or(o) => o.cases.iter().any(is_text),
        syn::Pat::Paren(p) => is_text(&p.pat),
        _ => false,
    }
}

fn no_rest(t: &syn::PatTuple) -> bool {
    !t.elems.iter().any(|p| matches!(p, syn::Pat::Rest(_)))
}

fn is_control(e: &syn::Expr) -> bool {
    matches!(e, syn::Expr::If(_) | syn::Expr::Match(_) | syn::Expr::Block(_) | syn::Expr::Loop(_))
}

/// `Enum::Variant`, or an imported variant: an upper-case name after an upper-case name.
fn is_variant(path: &syn::Path) -> bool {
    let n = path.segments.len();
    n >= 2 && path.segments[n - 2].ident.to_string().starts_with(char::is_uppercase)
}

fn binds_names(pat: &syn::Pat) -> bool {
    struct Finder(bool);
    impl<'ast> syn::visit::Visit<'ast> for Finder {
        fn visit_pat_ident(&mut self, p: &'ast syn::PatIdent) {
            self.0 |= !p.ident.to_string().starts_with(char::is_uppercase);
        }
    }
    let mut finder = Finder(false);
    syn::visit::Visit::visit_pat(&mut finder, pat);
    finder.0
}

/// The pattern without the names it binds, to be matched on a reference.
fn wildcards(pat: &syn::Pat) -> proc_macro2::TokenStream {
    struct Blank;
    impl VisitMut for Blank {
        fn visit_pat_mut(&mut self, pat: &mut syn::Pat) {
            match pat {
                syn::Pat::Ident(p) if p.subpat.is_none() && !p.ident.to_string().starts_with(char::is_uppercase) => {
                    *pat = syn::parse_quote!(_);
                }
                syn::Pat::Ident(p) if p.subpat.is_some() => {
                    let sub = p.subpat.take().expect("checked").1;
                    *pat = *sub;
                    self.visit_pat_mut(pat);
                }
                syn::Pat::Reference(r) => {
                    *pat = (*r.pat).clone();
                    self.visit_pat_mut(pat);
                }
                syn::Pat::Type(t) => {
                    *pat = (*t.pat).clone();
                    self.visit_pat_mut(pat);
                }
                syn::Pat::Struct(s) => {
                    for field in &mut s.fields {
                        field.colon_token.get_or_insert_with(Default::default);
                    }
                    visit_mut::visit_pat_struct_mut(self, s);
                }
                _ => visit_mut::visit_pat_mut(self, pat),
            }
        }
    }
    let mut pat = pat.clone();
    Blank.visit_pat_mut(&mut pat);
    quote!(#pat)
}
