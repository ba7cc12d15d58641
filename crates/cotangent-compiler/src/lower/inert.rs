//! Inert code is kept as the user wrote it, with names put in their final form.

use std::collections::HashSet;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};

use super::Lowerer;
use super::scope::Binding;
use crate::ir::{Access, Inert, Place, Stmt, Ty};

/// Macros that only look at their arguments.
const PLAIN_MACROS: &[&str] = &[
    "assert",
    "assert_eq",
    "assert_ne",
    "debug_assert",
    "debug_assert_eq",
    "debug_assert_ne",
    "println",
    "print",
    "eprintln",
    "eprint",
    "panic",
    "unreachable",
    "format",
    "write",
    "writeln",
    "dbg",
    "matches",
    "todo",
    "unimplemented",
    "vec",
];

impl Lowerer<'_> {
    /// Code that carries no derivative.
    pub(crate) fn inert(&mut self, e: &syn::Expr) -> Inert {
        if self.has_effects(e) {
            return self.inert_by_value(e);
        }
        self.verbatim(e)
    }

    /// Code as written, effects and all: what runs outside of the differentiated program.
    pub(crate) fn verbatim(&mut self, e: &syn::Expr) -> Inert {
        let mut e = e.clone();
        let mut renamer = Renamer {
            lowerer: self,
            reads: vec![],
            hidden: vec![],
        };
        renamer.visit_expr_mut(&mut e);
        let reads = renamer.reads;
        Inert { tokens: quote!(#e), reads }
    }

    /// A macro as a statement: an effect that runs in the forward sweep only.
    pub(crate) fn macro_stmt(&mut self, mac: &syn::Macro) {
        let name = macro_name(mac);
        if name == "panic" || name == "unreachable" || name == "todo" || name == "unimplemented" {
            let code = self.inert_macro(mac);
            self.out.push(Stmt::Effect(Inert {
                tokens: {
                    let t = code.tokens;
                    quote!(#t;)
                },
                reads: code.reads,
            }));
            self.dead = true;
            return;
        }
        let code = self.inert_macro(mac);
        self.out.push(Stmt::Effect(Inert {
            tokens: {
                let t = code.tokens;
                quote!(#t;)
            },
            reads: code.reads,
        }));
    }

    /// A call of one of the known macros, with its arguments renamed.
    pub(crate) fn inert_macro(&mut self, mac: &syn::Macro) -> Inert {
        self.check_macro_effects(mac);
        self.note_writer(mac);
        let mut renamer = Renamer {
            lowerer: self,
            reads: vec![],
            hidden: vec![],
        };
        let mut mac = mac.clone();
        renamer.visit_macro_mut(&mut mac);
        let reads = renamer.reads;
        Inert {
            tokens: quote!(#mac),
            reads,
        }
    }

    /// `write!(text, ..)` changes `text`.
    fn note_writer(&mut self, mac: &syn::Macro) {
        let parser = |input: syn::parse::ParseStream| {
            let target: syn::Expr = input.parse()?;
            input.parse::<TokenStream>()?;
            Ok(target)
        };
        if !is_write(mac) {
            return;
        }
        if let Ok(target) = parser.parse2(mac.tokens.clone())
            && self.is_place(&target)
            && let Some(place) = self.place(&target)
        {
            self.func.vars[place.root].mutable = true;
            let nothing = Inert {
                tokens: quote!(),
                reads: vec![],
            };
            self.out.push(Stmt::InertMutation(place, nothing));
        }
    }

    fn check_macro_effects(&self, mac: &syn::Macro) {
        let Ok(args) = Punctuated::<MacroArg, syn::Token![,]>::parse_terminated.parse2(mac.tokens.clone()) else {
            return;
        };
        // `write!(&mut text, ..)` changes its first argument, which is noted.
        let first = usize::from(is_write(mac));
        for arg in args.into_iter().skip(first) {
            if self.has_effects(&arg.value) {
                self.error(
                    arg.value.span(),
                    format!(
                        "the arguments of `{}!` change a variable: do that in a statement before",
                        macro_name(mac)
                    ),
                );
            }
        }
    }

    /// A path in upper case that is no variable: a constant.
    pub(crate) fn is_constant(&self, e: &syn::Expr) -> bool {
        is_constant(e) && !self.is_bound(e)
    }

    fn is_bound(&self, e: &syn::Expr) -> bool {
        match e {
            syn::Expr::Path(p) => p
                .path
                .get_ident()
                .is_some_and(|i| self.scopes.get(&i.to_string()).is_some_and(|b| !matches!(b, Binding::Const(_)))),
            syn::Expr::Paren(p) => self.is_bound(&p.expr),
            syn::Expr::Unary(u) => self.is_bound(&u.expr),
            _ => false,
        }
    }

    /// A field or an element of a constant.
    pub(crate) fn is_constant_part(&self, e: &syn::Expr) -> bool {
        match e {
            syn::Expr::Field(f) => self.is_constant_part(&f.base),
            syn::Expr::Index(i) => self.is_constant_part(&i.expr),
            syn::Expr::Paren(p) => self.is_constant_part(&p.expr),
            syn::Expr::Path(_) => self.is_constant(e),
            _ => false,
        }
    }

    /// Whether an expression certainly yields no float that depends on an active value.
    pub(crate) fn is_inert(&self, e: &syn::Expr) -> bool {
        match e {
            syn::Expr::Lit(l) => !matches!(l.lit, syn::Lit::Float(_)),
            syn::Expr::Path(p) => match p.path.get_ident().and_then(|i| self.scopes.get(&i.to_string())) {
                Some(Binding::Var(v)) => self.is_inert_var(*v),
                Some(Binding::Alias(place, _)) => place.ty == Ty::Inert,
                Some(Binding::Const(ty)) => *ty == Ty::Inert,
                _ => false,
            },
            syn::Expr::Paren(p) => self.is_inert(&p.expr),
            syn::Expr::Group(p) => self.is_inert(&p.expr),
            syn::Expr::Unary(u) => self.is_inert(&u.expr) || matches!(u.op, syn::UnOp::Not(_)),
            syn::Expr::Binary(b) if is_comparison(&b.op) => true,
            syn::Expr::Binary(b) => {
                (self.is_inert(&b.left) && (self.is_inert(&b.right) || self.is_constant(&b.right)))
                    || (self.is_constant(&b.left) && self.is_inert(&b.right))
            }
            syn::Expr::Cast(c) => !is_float_type(&c.ty),
            syn::Expr::Index(i) => matches!(self.quick_ty(&i.expr), Some(t) if t.element() == Ty::Inert),
            syn::Expr::MethodCall(m) => {
                let name = m.method.to_string();
                if ITERATOR_ENDS.contains(&name.as_str()) {
                    return super::iter::starts_a_chain(&m.receiver);
                }
                INERT_METHODS.contains(&name.as_str())
                    || (self.is_inert(&m.receiver) && m.args.iter().all(|a| self.is_inert(a) || self.is_constant(a)))
            }
            syn::Expr::Reference(r) => self.is_inert(&r.expr),
            syn::Expr::Range(_) => true,
            syn::Expr::Macro(m) => matches!(macro_name(&m.mac).as_str(), "matches" | "format"),
            syn::Expr::Tuple(t) => !t.elems.is_empty() && t.elems.iter().all(|e| self.is_inert(e)),
            syn::Expr::Field(_) => matches!(self.quick_ty(e), Some(Ty::Inert)),
            _ => false,
        }
    }

    /// The type of an expression that is a place, if known.
    pub(crate) fn quick_ty(&self, e: &syn::Expr) -> Option<Ty> {
        match e {
            syn::Expr::Path(p) => match self.scopes.get(&p.path.get_ident()?.to_string())? {
                Binding::Var(v) => Some(self.func.vars[*v].ty.clone()),
                Binding::Alias(place, _) => Some(place.ty.clone()),
                Binding::Const(ty) => Some(ty.clone()),
                _ => None,
            },
            syn::Expr::Paren(p) => self.quick_ty(&p.expr),
            syn::Expr::Index(i) => match (self.quick_ty(&i.expr)?, &*i.index) {
                (t, syn::Expr::Range(_)) => Some(t),
                (t, _) => Some(t.element()),
            },
            syn::Expr::Field(f) => match (self.quick_ty(&f.base)?, &f.member) {
                (Ty::Tuple(ts), syn::Member::Unnamed(i)) => ts.get(i.index as usize).cloned(),
                (Ty::Inert, _) => Some(Ty::Inert),
                _ => None,
            },
            syn::Expr::Unary(u) if matches!(u.op, syn::UnOp::Deref(_)) => match self.quick_ty(&u.expr)? {
                Ty::Boxed(t) => Some(*t),
                t => Some(t),
            },
            syn::Expr::Reference(r) => self.quick_ty(&r.expr),
            _ => None,
        }
    }
}

/// Methods whose result carries no derivative whatever they are called on.
pub(crate) const INERT_METHODS: &[&str] = &[
    "len",
    "is_empty",
    "is_nan",
    "is_finite",
    "is_infinite",
    "is_normal",
    "is_sign_positive",
    "is_sign_negative",
    "is_some",
    "is_none",
    "is_ok",
    "is_err",
    "total_cmp",
    "partial_cmp",
    "to_bits",
    "capacity",
    "position",
    "any",
    "all",
    "count",
    "contains",
    "is_subnormal",
    "eq",
    "ne",
    "lt",
    "le",
    "gt",
    "ge",
    "cmp",
    "to_string",
    "rposition",
    "starts_with",
    "ends_with",
    "contains_key",
];

/// Of these, the ones that end an iterator chain; on other receivers the name may be a user's.
const ITERATOR_ENDS: &[&str] = &["position", "rposition", "any", "all", "count"];

/// What std's methods of these names return: asserted in generated code, since a user's method may have the same name.
fn promised(name: &str) -> Option<TokenStream> {
    Some(match name {
        "len" | "capacity" => quote!(usize),
        "is_empty" | "is_nan" | "is_finite" | "is_infinite" | "is_normal" | "is_subnormal" | "is_sign_positive" | "is_sign_negative" => {
            quote!(bool)
        }
        "is_some" | "is_none" | "is_ok" | "is_err" | "contains" | "contains_key" | "starts_with" | "ends_with" => quote!(bool),
        "eq" | "ne" | "lt" | "le" | "gt" | "ge" => quote!(bool),
        "total_cmp" | "cmp" => quote!(::core::cmp::Ordering),
        "partial_cmp" => quote!(::core::option::Option<::core::cmp::Ordering>),
        "to_bits" => return None,
        _ => return None,
    })
}

pub(crate) fn is_comparison(op: &syn::BinOp) -> bool {
    use syn::BinOp::*;
    matches!(
        op,
        Eq(_) | Lt(_) | Le(_) | Ne(_) | Ge(_) | Gt(_) | And(_) | Or(_) | BitXor(_) | BitAnd(_) | BitOr(_) | Shl(_) | Shr(_)
    )
}

/// A path in upper case: a constant, not a variable.
pub(crate) fn is_constant(e: &syn::Expr) -> bool {
    match e {
        syn::Expr::Path(p) => p.path.segments.last().is_some_and(|s| {
            let name = s.ident.to_string();
            name.chars().any(char::is_uppercase) && !name.chars().any(char::is_lowercase)
        }),
        syn::Expr::Paren(p) => is_constant(&p.expr),
        syn::Expr::Unary(u) => is_constant(&u.expr),
        _ => false,
    }
}

fn is_float_type(ty: &syn::Type) -> bool {
    matches!(ty, syn::Type::Path(p) if !p.path.get_ident().is_some_and(|i| {
        let name = i.to_string();
        matches!(name.as_str(), "usize" | "isize" | "u8" | "u16" | "u32" | "u64" | "u128" | "i8" | "i16" | "i32" | "i64" | "i128" | "bool" | "char")
    }))
}

pub(crate) fn macro_name(mac: &syn::Macro) -> String {
    mac.path.segments.last().map(|s| s.ident.to_string()).unwrap_or_default()
}

fn is_write(mac: &syn::Macro) -> bool {
    matches!(macro_name(mac).as_str(), "write" | "writeln")
}

/// Puts names into their final form and notes what is read.
struct Renamer<'a, 'b> {
    lowerer: &'a mut Lowerer<'b>,
    reads: Vec<(Place, bool)>,
    /// Names bound inside the code itself.
    hidden: Vec<HashSet<String>>,
}

impl Renamer<'_, '_> {
    fn is_hidden(&self, name: &str) -> bool {
        self.hidden.iter().any(|level| level.contains(name))
    }

    fn hide(&mut self, pats: &[&syn::Pat]) {
        let mut names = PatNames(HashSet::new());
        for pat in pats {
            syn::visit::Visit::visit_pat(&mut names, pat);
        }
        self.hidden.push(names.0);
    }

    fn replacement(&mut self, name: &str) -> Option<syn::Expr> {
        if self.is_hidden(name) {
            return None;
        }
        let binding = self.lowerer.scopes.get(name)?.clone();
        match binding {
            Binding::Var(var) => {
                self.reads.push((self.lowerer.var_place(var), false));
                let ident = &self.lowerer.func.vars[var].name;
                Some(syn::parse_quote!(#ident))
            }
            Binding::Alias(place, by_ref) => {
                self.reads.extend(place.index_reads());
                self.reads.push((place.clone(), false));
                let code = place.print(&self.lowerer.func.vars, Access::Shared);
                Some(if by_ref == Some(true) {
                    let code = place.print(&self.lowerer.func.vars, Access::Mut);
                    syn::parse_quote!((&mut #code))
                } else if by_ref.is_some() {
                    syn::parse_quote!((&#code))
                } else {
                    syn::parse_quote!((#code))
                })
            }
            Binding::Closure(closure, _) => {
                let mut inner = (*closure).clone();
                inner.attrs.clear();
                let mut e = syn::Expr::Closure(inner);
                self.visit_expr_mut(&mut e);
                Some(syn::parse_quote!((#e)))
            }
            Binding::Const(_) | Binding::Item => None,
        }
    }

    /// Removes the last read and notes it as one of the shape only.
    fn only_shape(&mut self, before: usize, receiver: &syn::Expr) {
        if matches!(receiver, syn::Expr::Path(_))
            && let Some(last) = self.reads[before..].last_mut()
        {
            last.1 = true;
        }
    }
}

struct PatNames(HashSet<String>);

impl<'ast> syn::visit::Visit<'ast> for PatNames {
    fn visit_pat_ident(&mut self, p: &'ast syn::PatIdent) {
        self.0.insert(p.ident.to_string());
    }
}

impl VisitMut for Renamer<'_, '_> {
    fn visit_expr_mut(&mut self, e: &mut syn::Expr) {
        match e {
            syn::Expr::Path(p) => {
                if let Some(ident) = p.path.get_ident()
                    && let Some(new) = self.replacement(&ident.to_string())
                {
                    *e = new;
                }
            }
            syn::Expr::Unary(u) if matches!(u.op, syn::UnOp::Deref(_)) => {
                // `*r` where `r` is another name of a place is the place.
                if let syn::Expr::Path(p) = &*u.expr
                    && let Some(ident) = p.path.get_ident()
                    && !self.is_hidden(&ident.to_string())
                    && let Some(Binding::Alias(place, Some(_))) = self.lowerer.scopes.get(&ident.to_string()).cloned()
                {
                    self.reads.extend(place.index_reads());
                    self.reads.push((place.clone(), false));
                    let code = place.print(&self.lowerer.func.vars, Access::Shared);
                    *e = syn::parse_quote!((#code));
                    return;
                }
                visit_mut::visit_expr_mut(self, e);
            }
            syn::Expr::Index(_) | syn::Expr::Field(_) => self.place_read(e),
            syn::Expr::MethodCall(m) if m.method == "len" || m.method == "is_empty" => {
                let before = self.reads.len();
                let receiver = (*m.receiver).clone();
                let known = matches!(
                    self.lowerer.quick_ty(&receiver),
                    Some(Ty::Vec(_) | Ty::Slice(_) | Ty::Array(_) | Ty::Inert)
                );
                self.visit_expr_mut(&mut m.receiver);
                self.only_shape(before, &receiver);
                if !known && let Some(ty) = promised(&m.method.to_string()) {
                    *e = syn::parse_quote!(__p::promise::<#ty>(#e));
                }
            }
            syn::Expr::MethodCall(m) if promised(&m.method.to_string()).is_some() => {
                let ty = promised(&m.method.to_string());
                visit_mut::visit_expr_mut(self, e);
                *e = syn::parse_quote!(__p::promise::<#ty>(#e));
            }
            syn::Expr::Unsafe(u) => {
                self.lowerer.error(
                    u.unsafe_token.span,
                    "`unsafe` code cannot be differentiated: move it into a function with a rule of its own, `#[derivative(of = ..)]`",
                );
            }
            syn::Expr::Await(_) | syn::Expr::Async(_) => self.lowerer.error(e.span(), "`async` code cannot be differentiated"),
            syn::Expr::Closure(c) => {
                let pats: Vec<&syn::Pat> = c.inputs.iter().collect();
                self.hide(&pats);
                self.visit_expr_mut(&mut c.body);
                self.hidden.pop();
            }
            syn::Expr::Let(l) => {
                self.visit_expr_mut(&mut l.expr);
                // The names stay hidden for the rest of this piece of code: it is a condition, or the `if` around it.
                let pat = (*l.pat).clone();
                self.hide(&[&pat]);
            }
            syn::Expr::If(_) | syn::Expr::While(_) => {
                let depth = self.hidden.len();
                visit_mut::visit_expr_mut(self, e);
                self.hidden.truncate(depth);
            }
            syn::Expr::Match(m) => {
                self.visit_expr_mut(&mut m.expr);
                for arm in &mut m.arms {
                    let pat = arm.pat.clone();
                    self.hide(&[&pat]);
                    if let Some((_, guard)) = &mut arm.guard {
                        self.visit_expr_mut(guard);
                    }
                    self.visit_expr_mut(&mut arm.body);
                    self.hidden.pop();
                }
            }
            syn::Expr::ForLoop(f) => {
                self.visit_expr_mut(&mut f.expr);
                let pat = (*f.pat).clone();
                self.hide(&[&pat]);
                self.visit_block_mut(&mut f.body);
                self.hidden.pop();
            }
            syn::Expr::Struct(s) => {
                for field in &mut s.fields {
                    field.colon_token.get_or_insert_with(Default::default);
                    self.visit_expr_mut(&mut field.expr);
                }
                if let Some(rest) = &mut s.rest {
                    self.visit_expr_mut(rest);
                }
            }
            _ => visit_mut::visit_expr_mut(self, e),
        }
    }

    fn visit_block_mut(&mut self, block: &mut syn::Block) {
        let depth = self.hidden.len();
        for stmt in &mut block.stmts {
            match stmt {
                syn::Stmt::Local(local) => {
                    if let Some(init) = &mut local.init {
                        self.visit_expr_mut(&mut init.expr);
                    }
                    let pat = local.pat.clone();
                    self.hide(&[&pat]);
                }
                other => self.visit_stmt_mut(other),
            }
        }
        self.hidden.truncate(depth);
    }

    fn visit_macro_mut(&mut self, mac: &mut syn::Macro) {
        let name = macro_name(mac);
        if !PLAIN_MACROS.contains(&name.as_str()) {
            self.lowerer.error(
                mac.path.span(),
                format!("cannot differentiate through the macro `{name}!`: write out what it does, or wrap it in a function that is marked `#[differentiable]` or called inside `constant(..)`"),
            );
            return;
        }
        if name == "matches" {
            return self.matches_macro(mac);
        }
        if name == "vec"
            && let Ok(repeat) = (|input: syn::parse::ParseStream| {
                let value: syn::Expr = input.parse()?;
                input.parse::<syn::Token![;]>()?;
                Ok((value, input.parse::<syn::Expr>()?))
            })
            .parse2(mac.tokens.clone())
        {
            let (mut value, mut count) = repeat;
            self.visit_expr_mut(&mut value);
            self.visit_expr_mut(&mut count);
            mac.tokens = quote!(#value; #count);
            return;
        }
        self.macro_args(mac);
    }
}

impl Renamer<'_, '_> {
    fn place_read(&mut self, e: &mut syn::Expr) {
        // Fields and elements are read as places, so that the rest of the variable does not count as read.
        if let Some(place) = self.simple_place(e) {
            self.reads.extend(place.index_reads());
            self.reads.push((place.clone(), false));
            let code = place.print(&self.lowerer.func.vars, Access::Shared);
            *e = syn::parse_quote!((#code));
        } else {
            visit_mut::visit_expr_mut(self, e);
        }
    }

    fn simple_place(&mut self, e: &syn::Expr) -> Option<Place> {
        if self.hidden.is_empty() && self.lowerer.is_place(e) {
            self.lowerer.place_unfrozen(e)
        } else {
            None
        }
    }

    fn matches_macro(&mut self, mac: &mut syn::Macro) {
        let parser = |input: syn::parse::ParseStream| {
            let value: syn::Expr = input.parse()?;
            input.parse::<syn::Token![,]>()?;
            Ok((value, input.parse::<TokenStream>()?))
        };
        match parser.parse2(mac.tokens.clone()) {
            Ok((mut value, rest)) => {
                self.visit_expr_mut(&mut value);
                mac.tokens = quote!(#value, #rest);
            }
            Err(e) => self.lowerer.diags.push(e),
        }
    }

    fn macro_args(&mut self, mac: &mut syn::Macro) {
        let parser = Punctuated::<MacroArg, syn::Token![,]>::parse_terminated;
        let mut args = match parser.parse2(mac.tokens.clone()) {
            Ok(args) => args,
            Err(e) => return self.lowerer.diags.push(e),
        };
        let mut captured = vec![];
        for arg in &mut args {
            if let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(s), .. }) = &arg.value {
                captured.extend(captured_names(&s.value()).into_iter().map(|n| (n, s.span())));
            }
            self.visit_expr_mut(&mut arg.value);
        }
        let named: HashSet<String> = args.iter().filter_map(|a| a.name.as_ref().map(|n| n.to_string())).collect();
        let mut seen = HashSet::new();
        for (name, span) in captured {
            if named.contains(&name) || !seen.insert(name.clone()) {
                continue;
            }
            if let Some(value) = self.replacement(&name) {
                let ident = syn::Ident::new(&name, span);
                args.push(MacroArg { name: Some(ident), value });
            }
        }
        mac.tokens = quote!(#args);
    }
}

/// Names that a format string captures: `{x}`, `{x:.3}`.
pub(super) fn captured_names(format: &str) -> Vec<String> {
    let mut names = vec![];
    let text = format.replace("{{", "").replace("}}", "");
    for piece in text.split('{').skip(1) {
        let name: String = piece.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        if name.chars().next().is_some_and(|c| c.is_alphabetic() || c == '_') {
            names.push(name);
        }
    }
    names
}

/// `value` or `name = value`.
struct MacroArg {
    name: Option<syn::Ident>,
    value: syn::Expr,
}

impl syn::parse::Parse for MacroArg {
    fn parse(input: syn::parse::ParseStream) -> syn::Result<Self> {
        let name = if input.peek(syn::Ident) && input.peek2(syn::Token![=]) && !input.peek2(syn::Token![==]) {
            let name = input.parse()?;
            input.parse::<syn::Token![=]>()?;
            Some(name)
        } else {
            None
        };
        Ok(MacroArg {
            name,
            value: input.parse()?,
        })
    }
}

impl ToTokens for MacroArg {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        if let Some(name) = &self.name {
            tokens.extend(quote!(#name =));
        }
        self.value.to_tokens(tokens);
    }
}
