//! From syntax to [`Function`]: names made unique, references resolved, control flow structured, calls set apart.

mod call;
mod closure;
mod control;
mod effects;
mod expr;
mod inert;
mod items;
mod iter;
mod method;
mod pattern;
mod scope;
mod sink;
mod slots;
mod stmt;
mod users;

use std::collections::{HashMap, HashSet};

use proc_macro2::{Ident, Span};
use quote::{format_ident, quote};
use syn::spanned::Spanned;

use crate::diagnose::Diagnostics;
use crate::ir::{Block, Expr, Function, Inert, Param, Passing, Place, Stmt, Ty, VarId, VarKind};
use crate::parse::FnInput;
pub use closure::{item_value, lower_closure};
use control::{Frame, Opened};
use scope::{Binding, Scopes};

/// Lowers one function; errors go to `diags`.
pub fn lower(input: &FnInput, diags: &Diagnostics) -> Function {
    let mut lowerer = Lowerer::new(input, diags);
    lowerer.params();
    lowerer.body();
    lowerer.func
}

/// Lowers a function whose value is a reference to a place, as `Index::index` is.
pub fn lower_place(input: &FnInput, diags: &Diagnostics) -> Option<(Function, Place)> {
    let mut lowerer = Lowerer::new(input, diags);
    lowerer.params();
    let body = lowerer.separated_body();
    lowerer.block_items(&body, false);
    let (last, before) = body.stmts.split_last()?;
    for stmt in before {
        lowerer.stmt(stmt, None);
    }
    let syn::Stmt::Expr(tail, None) = last else {
        diags.error(last.span(), "`index` must end with a reference to an element, `&self.data[i]`");
        return None;
    };
    let value = lowerer.value(tail);
    let crate::ir::ExprKind::Ref(place, _) = value.kind else {
        diags.error(tail.span(), "`index` must end with a reference to an element, `&self.data[i]`");
        return None;
    };
    lowerer.close(0);
    lowerer.func.body = Block {
        stmts: std::mem::take(&mut lowerer.out),
    };
    diags.is_empty().then_some((lowerer.func, place))
}

pub(crate) struct Lowerer<'a> {
    input: &'a FnInput,
    diags: &'a Diagnostics,
    func: Function,
    scopes: Scopes,
    /// Statements of the block being lowered.
    out: Vec<Stmt>,
    /// Branches that the rest of the block goes into.
    opened: Vec<Opened>,
    /// What `break`, `continue` and `return` leave.
    frames: Vec<Frame>,
    /// Flags that an exit of the block being lowered may have set.
    exits: HashSet<VarId>,
    /// The rest of the block cannot be reached.
    dead: bool,
    /// Flags that a guard tests; assignments to others are dropped.
    tested: HashSet<VarId>,
    /// Results that are assigned under flags, so need a value from the start.
    needs_default: HashSet<VarId>,
    /// Type parameters bounded by `Real`.
    reals: Vec<Ident>,
    /// Depth of inlined closures, against endless recursion.
    inlining: usize,
    /// The function's result when it may be left early.
    flags: HashMap<VarId, ()>,
    /// Names in upper case in the pattern at hand are constants.
    refutable: bool,
    /// Declared by `let v;`.
    deferred_vars: HashSet<VarId>,
    /// Parameters bounded by `Fn`, with the type of the result.
    callable_vars: HashMap<VarId, Ty>,
    /// Closures that change what they capture, with the variables among that: where each stands in the state.
    states: HashMap<VarId, Vec<(usize, VarId)>>,
    /// The same of the closure lowered last.
    last_state: Vec<(usize, VarId)>,
    /// Functions inside this one that have no derivative.
    plain_functions: HashSet<String>,
    /// Variables of types of the user's.
    users: HashSet<VarId>,
}

impl<'a> Lowerer<'a> {
    fn new(input: &'a FnInput, diags: &'a Diagnostics) -> Self {
        Lowerer {
            input,
            diags,
            func: Function {
                vars: vec![],
                params: vec![],
                body: Block::default(),
                ret: None,
                ret_ty: None,
                lanes: false,
                names: reserved_names(),
                items: vec![],
                callables: HashSet::new(),
                ordered: vec![],
            },
            scopes: Scopes::default(),
            out: vec![],
            opened: vec![],
            frames: vec![],
            exits: HashSet::new(),
            dead: false,
            tested: HashSet::new(),
            needs_default: HashSet::new(),
            reals: input.reals(),
            inlining: 0,
            flags: HashMap::new(),
            refutable: false,
            deferred_vars: HashSet::new(),
            callable_vars: HashMap::new(),
            states: HashMap::new(),
            last_state: vec![],
            plain_functions: HashSet::new(),
            users: HashSet::new(),
        }
    }

    pub(crate) fn error(&self, span: Span, message: impl std::fmt::Display) {
        self.diags.error(span, message);
    }

    pub(crate) fn ty(&self, ty: &syn::Type) -> Ty {
        Ty::of(ty, &self.reals)
    }

    fn params(&mut self) {
        self.check_wrt();
        self.scopes.push();
        let inputs: Vec<syn::FnArg> = self.input.sig.inputs.iter().cloned().collect();
        for (k, arg) in inputs.iter().enumerate() {
            match arg {
                syn::FnArg::Receiver(r) => self.receiver(r),
                syn::FnArg::Typed(t) => self.typed_param(k, t),
            }
        }
    }

    /// Every name in `wrt(..)` is a parameter.
    fn check_wrt(&self) {
        let names: Vec<String> = self
            .input
            .sig
            .inputs
            .iter()
            .enumerate()
            .map(|(k, arg)| match arg {
                syn::FnArg::Receiver(_) => "this".to_string(),
                syn::FnArg::Typed(t) => match &*t.pat {
                    syn::Pat::Ident(p) => p.ident.to_string(),
                    _ => format!("arg{k}"),
                },
            })
            .collect();
        for name in self.input.options.wrt.iter().flatten() {
            if !names.contains(&name.to_string()) {
                self.error(
                    name.span(),
                    format!(
                        "`{name}` is not a parameter of `{}`: expected one of {}",
                        self.input.sig.ident,
                        names.join(", ")
                    ),
                );
            }
        }
    }

    fn receiver(&mut self, r: &syn::Receiver) {
        let span = r.self_token.span;
        let passing = match (&r.reference, &r.mutability) {
            (Some(_), Some(_)) => Passing::RefMut,
            _ => Passing::Ref,
        };
        let var = self.func.fresh("self", span, Ty::Unknown, VarKind::Param(passing));
        self.func.vars[var].name = Ident::new("__self", Span::mixed_site());
        let owned = r.reference.is_none();
        let ty: syn::Type = match passing {
            Passing::RefMut => syn::parse_quote!(&mut Self),
            _ if owned => syn::parse_quote!(Self),
            _ => syn::parse_quote!(&Self),
        };
        let active = self.input.options.is_active("self");
        self.func.params.push(Param {
            var,
            field: format_ident!("this"),
            ty,
            active,
            owned,
        });
        if owned && r.mutability.is_some() {
            self.owned_copy("self", var, span);
        } else {
            self.scopes.bind("self", Binding::Var(var));
        }
    }

    fn typed_param(&mut self, k: usize, t: &syn::PatType) {
        let ty = self.ty(&t.ty);
        let passing = match &*t.ty {
            syn::Type::Reference(r) if r.mutability.is_some() => Passing::RefMut,
            syn::Type::Reference(_) => Passing::Ref,
            _ if is_primitive(&t.ty) || ty.is_float() => Passing::Value,
            _ => Passing::Ref,
        };
        let owned = passing == Passing::Ref && !matches!(&*t.ty, syn::Type::Reference(_));
        let (name, simple) = match &*t.pat {
            syn::Pat::Ident(p) if p.subpat.is_none() => (p.ident.to_string(), Some(p)),
            _ => (format!("arg{k}"), None),
        };
        let span = t.pat.span();
        let active = ty != Ty::Inert && self.input.options.is_active(&name);
        let var = self.func.fresh(&name, span, ty, VarKind::Param(passing));
        self.func.vars[var].written_ty = Some((*t.ty).clone());
        let field = Ident::new(&name, span);
        self.func.params.push(Param {
            var,
            field,
            ty: (*t.ty).clone(),
            active,
            owned,
        });
        let callable = self.note_callable(&t.ty, var);
        if callable {
            // What a closure captures is differentiated, whatever `wrt` says of parameters.
            self.func.params.last_mut().expect("just added").active = true;
        }
        match simple {
            // Calls of `mut f: F` need no copy: what is passed on changes nothing.
            Some(p) if p.mutability.is_some() && !callable && !matches!(passing, Passing::RefMut) => self.owned_copy(&name, var, span),
            Some(_) => self.scopes.bind(&name, Binding::Var(var)),
            None => {
                let place = Place::var(var, self.func.vars[var].ty.clone());
                self.bind_pattern(&t.pat, place, matches!(&*t.ty, syn::Type::Reference(_)));
            }
        }
    }

    /// `mut` by-value parameters are locals that start as a copy.
    fn owned_copy(&mut self, name: &str, param: VarId, span: Span) {
        let ty = self.func.vars[param].ty.clone();
        let copy = self.func.fresh(name, span, ty.clone(), VarKind::Local);
        self.func.vars[copy].mutable = true;
        let init = Expr::read(Place::var(param, ty), span);
        self.note_user(copy, &init);
        self.out.push(Stmt::Let(copy, Some(init)));
        self.scopes.bind(name, Binding::Var(copy));
    }

    fn body(&mut self) {
        let span = self.input.sig.ident.span();
        if let syn::ReturnType::Type(_, ty) = &self.input.sig.output {
            let known = self.ty(ty);
            if matches!(&**ty, syn::Type::Reference(_)) {
                self.error(
                    ty.span(),
                    "a differentiable function cannot return a reference: return the value, or the index at which it stands",
                );
            }
            if !matches!(&**ty, syn::Type::Tuple(t) if t.elems.is_empty()) {
                let ret = self.func.fresh("ret", span, known, VarKind::Local);
                self.func.vars[ret].written_ty = Some((**ty).clone());
                self.func.ret = Some(ret);
                self.func.ret_ty = Some((**ty).clone());
            }
        }
        let returned = self.flag("returned", span);
        self.frames.push(Frame::function(returned, self.func.ret));
        let body = self.separated_body();
        self.note_user_params(&body);
        self.scopes.push();
        self.block_items(&body, false);
        self.statements(&body, self.func.ret);
        self.scopes.pop();
        self.close(0);
        self.frames.pop();
        let mut stmts = std::mem::take(&mut self.out);
        self.declare_result(&mut stmts);
        let open = sink::sink(&mut stmts, &self.func);
        self.needs_default.extend(open);
        self.give_defaults(&mut stmts);
        self.finish_flags(&mut stmts, returned);
        self.func.body = Block { stmts };
    }

    /// The body, its items told apart.
    fn separated_body(&self) -> syn::Block {
        let mut body = self.input.body.clone();
        let (sig, generics) = (&self.input.sig, &self.input.impl_generics);
        items::separate(&mut body, quote!(#sig #generics));
        body
    }

    /// Declares the result, or lets it be the local that the body ends with.
    fn declare_result(&mut self, stmts: &mut Vec<Stmt>) {
        let Some(ret) = self.func.ret else { return };
        if !self.needs_default.contains(&ret)
            && let Some(Stmt::Assign(place, value, true)) = stmts.last()
            && place.root == ret
            && let crate::ir::ExprKind::Read(source) = &value.kind
            && source.projs.is_empty()
            && self.func.vars[source.root].kind == VarKind::Local
            && stmts.iter().any(|s| matches!(s, Stmt::Let(v, _) if *v == source.root))
        {
            self.func.ret = Some(source.root);
            stmts.pop();
            return;
        }
        stmts.insert(0, Stmt::Let(ret, None));
    }

    /// `let v;` becomes a declaration with a starting value where assignments stand under flags.
    fn give_defaults(&mut self, stmts: &mut Vec<Stmt>) {
        let vars: Vec<VarId> = self.needs_default.iter().copied().collect();
        for var in vars {
            let ty = self.func.vars[var].ty.clone();
            let span = self.func.vars[var].name.span();
            let returns_option = self.func.ret == Some(var) && self.func.ret_ty.as_ref().is_some_and(is_option);
            let none = returns_option.then(|| quote!(::core::option::Option::None));
            let Some(tokens) = none.or_else(|| default_value(&ty)) else {
                slots::through_option(stmts, var, &mut self.func);
                continue;
            };
            self.func.vars[var].mutable = true;
            control::weaken(stmts, var);
            control::initialise(stmts, var, &Expr::inert(Inert { tokens, reads: vec![] }, ty, span));
        }
    }

    fn finish_flags(&mut self, stmts: &mut Vec<Stmt>, returned: VarId) {
        if self.tested.contains(&returned) {
            stmts.insert(0, self.let_flag(returned));
        }
        let untested: HashSet<VarId> = self.flags.keys().copied().filter(|f| !self.tested.contains(f)).collect();
        control::drop_flags(stmts, &untested);
    }

    /// An item of the user's that stands inside the function.
    pub(crate) fn func_items(&mut self, tokens: proc_macro2::TokenStream) {
        // A closure that is called twice is lowered twice.
        if !self.func.items.iter().any(|t| t.to_string() == tokens.to_string()) {
            self.func.items.push(tokens);
        }
    }

    /// A local variable, declared here with its value.
    pub(crate) fn let_temp(&mut self, base: &str, value: Expr, kind: VarKind) -> VarId {
        let var = self.func.fresh(base, value.span, value.ty.clone(), kind);
        self.out.push(Stmt::Let(var, Some(value)));
        var
    }

    pub(crate) fn var_place(&self, var: VarId) -> Place {
        Place::var(var, self.func.vars[var].ty.clone())
    }

    pub(crate) fn is_inert_var(&self, var: VarId) -> bool {
        self.func.vars[var].ty == Ty::Inert
    }
}

fn is_primitive(ty: &syn::Type) -> bool {
    let syn::Type::Path(p) = ty else { return false };
    let Some(name) = p.path.get_ident() else { return false };
    [
        "usize", "u8", "u16", "u32", "u64", "u128", "isize", "i8", "i16", "i32", "i64", "i128", "bool", "char", "f32", "f64",
    ]
    .contains(&name.to_string().as_str())
}

fn is_option(ty: &syn::Type) -> bool {
    matches!(ty, syn::Type::Path(p) if p.path.segments.last().is_some_and(|s| s.ident == "Option"))
}

/// A value to start from, where an assignment follows on every path that reads it.
fn default_value(ty: &Ty) -> Option<proc_macro2::TokenStream> {
    Some(match ty {
        Ty::Float(crate::ir::FloatTy::Param(p)) => quote!(<#p as __p::Real>::ZERO),
        Ty::Float(_) => quote!(0.0),
        Ty::Inert => quote!(::core::default::Default::default()),
        Ty::Vec(_) => quote!(__p::Vec::new()),
        // Of a result the error's type is unknown: it has no value to start from.
        Ty::Option(_) => return None,
        Ty::Tuple(ts) => {
            let parts = ts.iter().map(default_value).collect::<Option<Vec<_>>>()?;
            quote!((#(#parts,)*))
        }
        Ty::Array(t) => {
            let part = default_value(t)?;
            t.is_copy().then(|| quote!([#part; _]))?
        }
        _ => return None,
    })
}

/// Names that generated code uses for itself.
fn reserved_names() -> HashSet<String> {
    ["tape", "__tape", "__p", "__slot", "ret_bar", "returned_bar"]
        .iter()
        .map(|s| s.to_string())
        .collect()
}
