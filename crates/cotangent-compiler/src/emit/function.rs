//! Functions and closures as values.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};

use super::plain::plain;
use super::print::{Printer, static_zero};
use super::vjp::{callee, for_reads, sweeps};
use crate::ir::{Arg, Call, Expr, ExprKind, Function, FunctionCode, FunctionValue, Param, Passing, Target, Ty, VarKind};
use crate::item::derived;

/// The value that derivative versions take for a function or closure.
pub fn function_value(value: &FunctionValue, captured: &TokenStream) -> TokenStream {
    match &value.code {
        FunctionCode::Item(item) => item.clone(),
        FunctionCode::Closure {
            func,
            fixed,
            kinds,
            order,
            generic,
            state,
        } => {
            let captures = fixed.len();
            let parts: Vec<TokenStream> = derived(func, *order)
                .iter()
                .map(|(f, suffix, sweep)| {
                    let level = suffix.matches("jvp").count();
                    Version {
                        f,
                        level,
                        captures,
                        fixed,
                        generic: generic.clone(),
                    }
                    .closure(*sweep)
                })
                .collect();
            let (name, blanks) = match *order {
                0 | 1 => (format_ident!("closure"), 5),
                2 => (format_ident!("closure2"), 7),
                _ => (format_ident!("closure3"), 10),
            };
            let name = if *state { format_ident!("state_{name}") } else { name };
            let blanks = vec![quote!(_); blanks];
            quote!(__p::#name::<(#(#kinds,)*), #(#blanks),*>(#captured, #(#parts),*))
        }
    }
}

/// A closure without derivatives, in the form of its derived functions.
pub fn plain_closure(func: &Function, fixed: &[bool]) -> TokenStream {
    Version {
        f: func,
        level: 0,
        captures: fixed.len(),
        fixed,
        generic: None,
    }
    .closure(false)
}

/// One derived function of a closure, `level` tangents deep.
struct Version<'a> {
    f: &'a Function,
    level: usize,
    captures: usize,
    fixed: &'a [bool],
    generic: Option<Ident>,
}

impl Version<'_> {
    /// The name of a parameter, and of its slot.
    fn name(&self, p: &Param) -> &Ident {
        &self.f.vars[p.var].name
    }

    fn passing(&self, p: &Param) -> Passing {
        match self.f.vars[p.var].kind {
            VarKind::Param(passing) => passing,
            _ => Passing::Ref,
        }
    }

    /// Parameters of the captured values and of the arguments, primal and tangents apart.
    fn groups<T>(&self, print: impl Fn(usize, &Param) -> T) -> (Vec<Vec<T>>, Vec<Vec<T>>) {
        let (mut captured, mut args) = (vec![], vec![]);
        for d in 0..1 << self.level {
            let (mut own, mut given) = (vec![], vec![]);
            for (k, p) in self.f.params.iter().enumerate().skip(d).step_by(1 << self.level) {
                let printed = print(k, p);
                if k >> self.level < self.captures {
                    own.push(printed)
                } else {
                    given.push(printed)
                }
            }
            captured.push(own);
            args.push(given);
        }
        (captured, args)
    }

    fn closure(&self, sweep: bool) -> TokenStream {
        let items = &self.f.items;
        let start = self.start(false);
        let params = self.params();
        if !sweep {
            let body = plain(self.f, self.generic.clone());
            let value = self.f.ret.map(|r| &self.f.vars[r].name);
            let value = value.map_or(quote!(()), |v| quote!(#v));
            return quote!(|#params| { #(#items)* #start #body #value });
        }
        let sweeps = sweeps(self.f, self.generic.clone());
        let (witnesses, forward) = (&sweeps.witnesses, &sweeps.forward);
        let pullback = self.pullback(&sweeps.bars, &sweeps.reverse);
        let value = self.returned(&pullback);
        quote!(|#params __tape: &mut __p::Tape| { #(#items)* #start #witnesses #forward (#value, #pullback) })
    }

    /// `__captured0, (q,), ..`
    fn params(&self) -> TokenStream {
        let captured = (0..1 << self.level).map(|d| format_ident!("__captured{d}").to_token_stream());
        let (_, args) = self.groups(|_, p| self.name(p).clone());
        let args = args.iter().map(|names| quote!((#(#names,)*)));
        let (captured, args) = (bundled(captured.collect()), bundled(args.collect()));
        quote!(#(#captured,)* #(#args,)*)
    }

    /// Gives captured values and arguments the form that the body expects; `again`: they are references.
    fn start(&self, again: bool) -> TokenStream {
        let (captured, _) = self.groups(|_, p| self.name(p).clone());
        let mut out = TokenStream::new();
        for (d, names) in captured.iter().enumerate() {
            let whole = format_ident!("__captured{d}");
            out.extend(quote!(let (#(#names,)*) = #whole;));
        }
        for (k, p) in self.f.params.iter().enumerate() {
            let (name, from) = (self.name(p), k >> self.level);
            let is_captured = from < self.captures;
            if is_captured && self.fixed[from] && k % (1 << self.level) == 0 {
                out.extend(quote!(let #name = &#name.0;));
            }
            match self.passing(p) {
                Passing::Value if is_captured || again => out.extend(quote!(let #name = __p::dup(#name);)),
                Passing::Ref if is_captured && matches!(self.f.vars[p.var].ty, Ty::Slice(_)) => out.extend(quote!(let #name = &#name[..];)),
                Passing::RefMut if is_captured && matches!(self.f.vars[p.var].ty, Ty::Slice(_)) => {
                    out.extend(quote!(let #name = &mut #name[..];));
                }
                Passing::Ref if !is_captured && !again && p.owned => out.extend(quote!(let #name = &#name;)),
                _ => {}
            }
        }
        out
    }

    fn returned(&self, pullback: &TokenStream) -> TokenStream {
        let Some(ret) = self.f.ret else { return quote!(()) };
        let var = &self.f.vars[ret];
        let name = &var.name;
        let mut used = std::collections::HashSet::new();
        crate::item::bounds::idents(pullback.clone(), &mut used);
        let kept = !var.ty.is_copy() && used.contains(&name.to_string());
        if kept { quote!(__p::dup(&#name)) } else { quote!(#name) }
    }

    fn pullback(&self, bars: &[Ident], reverse: &TokenStream) -> TokenStream {
        let (params, start) = (self.params(), self.start(true));
        let (captured, args) = self.groups(|_, p| self.slot(p, bars));
        let wholes: Vec<Ident> = (0..captured.len()).map(|d| format_ident!("__captured{d}_bar")).collect();
        let (lent, args) = (
            all_bundled(wholes.iter().map(ToTokens::to_token_stream).collect()),
            all_bundled(args.iter().map(|names| quote!((#(#names,)*))).collect()),
        );
        let (mut before, mut after) = (TokenStream::new(), TokenStream::new());
        for (whole, names) in wholes.iter().zip(&captured) {
            before.extend(quote!(let (#(#names,)*) = #whole;));
        }
        for (k, p) in self.f.params.iter().enumerate() {
            let (slot, bar) = (self.slot(p, bars), &bars[p.var]);
            if slot != *bar {
                let zero = static_zero(&self.f.vars[p.var].ty).unwrap_or(quote!(()));
                before.extend(quote!(let mut #bar = #zero;));
                after.extend(quote!(*#slot += #bar;));
            } else if k >> self.level < self.captures && matches!(self.f.vars[p.var].ty, Ty::Slice(_)) {
                before.extend(quote!(let #bar = &mut #bar[..];));
            }
        }
        let seed = match self.f.ret {
            Some(ret) => {
                let bar = &bars[ret];
                quote!(mut #bar)
            }
            None => quote!(_),
        };
        quote!(move |#params __tape: &mut __p::Tape, #seed, #(#lent,)* #(#args),*| { #start #before #reverse #after })
    }

    /// Floats that are passed by value have a cotangent of their own, which is added at the end.
    fn slot(&self, p: &Param, bars: &[Ident]) -> Ident {
        let apart = self.passing(p) == Passing::Value && p.active;
        if apart {
            format_ident!("__{}_acc", self.name(p), span = Span::mixed_site())
        } else {
            bars[p.var].clone()
        }
    }
}

/// How a call of a callable variable is written: the function and its tangents, then arguments and tangents as tuples.
pub fn grouped<T: ToTokens>(args: &[T], level: usize) -> Vec<TokenStream> {
    let (own, given) = split(args, level);
    [bundled(own), bundled(given)].concat()
}

/// The same of cotangents.
pub fn grouped_bars<T: ToTokens>(bars: &[T], level: usize) -> Vec<TokenStream> {
    let (own, given) = split(bars, level);
    [all_bundled(own), all_bundled(given)].concat()
}

fn split<T: ToTokens>(args: &[T], level: usize) -> (Vec<TokenStream>, Vec<TokenStream>) {
    let n = 1 << level;
    let tuple = |d: usize| {
        let own = args[n..].iter().skip(d).step_by(n);
        quote!((#(#own,)*))
    };
    (
        args[..n].iter().map(ToTokens::to_token_stream).collect(),
        (0..n).map(tuple).collect(),
    )
}

/// A primal and three tangents are passed as the primal and an array.
pub fn bundled(parts: Vec<TokenStream>) -> Vec<TokenStream> {
    match &parts[..] {
        [primal, dots @ ..] if dots.len() > 1 => vec![primal.clone(), quote!([#(#dots),*])],
        _ => parts,
    }
}

/// Four cotangents are passed as an array.
pub fn all_bundled(parts: Vec<TokenStream>) -> Vec<TokenStream> {
    if parts.len() > 2 { vec![quote!([#(#parts),*])] } else { parts }
}

impl Printer<'_> {
    /// An argument of a plain call: functions and closures as they were written.
    pub(super) fn plain_arg(&self, a: &Arg) -> TokenStream {
        match a {
            Arg::Value(Expr {
                kind: ExprKind::Function(value, _),
                ..
            }) => value.plain.clone(),
            other => self.arg(other),
        }
    }

    /// Whether a variable is passed on that derivative versions can call and plain functions cannot.
    pub(super) fn passes_callable(&self, c: &Call) -> bool {
        let mut found = false;
        for arg in c.args.iter().skip(usize::from(matches!(c.target, Target::Callable))) {
            match arg {
                Arg::Value(e) => for_reads(e, &mut |p| found |= self.f.callables.contains(&p.root)),
                Arg::Ref(p) | Arg::RefMut(p) => found |= self.f.callables.contains(&p.root),
                Arg::Inert(_) => {}
            }
        }
        found
    }

    /// The value of a derivative version, on a tape of its own that is dropped.
    pub(super) fn unrecorded_call(&self, c: &Call) -> TokenStream {
        let lent = self.lent_args(c, |_, a| self.arg(a));
        let (args, receiver) = (&lent.args, &lent.receiver);
        let callee = callee(c, "fwd");
        let call = match (&c.target, &c.args[0]) {
            (Target::Method(..), _) => {
                let rest = &args[1..];
                quote!(#receiver.#callee(#(#rest,)* __tape))
            }
            (Target::Callable, _) => {
                let args = grouped(args, c.level);
                quote!(#callee(#(#args,)* __tape))
            }
            _ => quote!(#callee(#(#args,)* __tape)),
        };
        lent.call(quote!(__p::Tape::with(|__tape| #call.0)))
    }
}
