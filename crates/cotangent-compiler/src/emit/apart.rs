//! Parts of one variable that a call is lent at the same time, such as the halves of `split_at_mut`: they are borrowed
//! together, since element by element Rust could not tell that they do not overlap.

use std::collections::HashMap;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::print::Printer;
use super::vjp::for_reads;
use crate::ir::{Access, Arg, Call, ExprKind, Place, Proj, Target};

/// Arguments whose places begin alike and part at slices or elements that do not overlap.
struct Together {
    /// What they have in common.
    base: Place,
    /// Their numbers.
    args: Vec<usize>,
}

/// Code that borrows parts together, and the places that stand for arguments afterwards, by the arguments' numbers.
#[derive(Default)]
pub struct Parts {
    /// Comes before the call.
    pub before: TokenStream,
    /// Places, to be borrowed.
    pub places: HashMap<usize, TokenStream>,
}

fn lent(arg: &Arg) -> Option<(&Place, bool)> {
    match arg {
        Arg::Ref(p) => Some((p, false)),
        Arg::RefMut(p) => Some((p, true)),
        Arg::Value(_) | Arg::Inert(_) => None,
    }
}

impl Printer<'_> {
    fn together(&self, c: &Call) -> Vec<Together> {
        let mut found: Vec<Together> = vec![];
        for (k, arg) in c.args.iter().enumerate() {
            let Some((p, true)) = lent(arg) else { continue };
            if found.iter().any(|t| t.args.contains(&k)) {
                continue;
            }
            let depths = c.args.iter().filter_map(|a| self.f.parting(p, lent(a)?.0));
            let Some(depth) = depths.min() else { continue };
            let mut args = vec![k];
            for (j, other) in c.args.iter().enumerate() {
                let apart = |i: &usize| match (lent(&c.args[*i]), lent(other)) {
                    (Some((a, _)), Some((b, _))) => self.f.parting(a, b) == Some(depth),
                    _ => false,
                };
                if args.iter().all(apart) {
                    args.push(j);
                }
            }
            let mut base = p.clone();
            base.projs.truncate(depth);
            args.sort_unstable();
            found.push(Together { base, args });
        }
        found
    }

    /// The parts of the primal.
    pub fn primal_parts(&self, c: &Call) -> Parts {
        self.parts(c, false, &|base| Some(self.place_mut(base)))
    }

    /// Parts of what `base` gives the code of, primal or cotangent; `None`: there are none of this variable.
    pub fn parts(&self, c: &Call, bar: bool, base: &dyn Fn(&Place) -> Option<TokenStream>) -> Parts {
        let mut parts = Parts::default();
        for (n, together) in self.together(c).into_iter().enumerate() {
            let Some(whole) = base(&together.base) else { continue };
            let depth = together.base.projs.len();
            let kind = if bar { "bar" } else { "part" };
            let name = |k: &usize| format_ident!("__{kind}{n}_{k}");
            let names: Vec<Ident> = together.args.iter().map(name).collect();
            let mut ranges = vec![];
            for (k, part) in together.args.iter().zip(&names) {
                let Some((place, mutable)) = lent(&c.args[*k]) else { continue };
                let (range, start) = match &place.projs[depth] {
                    Proj::Index(i) => {
                        let i = &i.tokens;
                        (quote!({ let __at = #i; (__at, __at + 1) }), quote!(#part[0]))
                    }
                    Proj::Slice(lo, Some(hi)) if depth + 1 == place.projs.len() => {
                        let (lo, hi) = (&lo.tokens, &hi.tokens);
                        (quote!((#lo, #hi)), quote!(#part[..]))
                    }
                    Proj::Slice(lo, Some(hi)) => {
                        let (lo, hi) = (&lo.tokens, &hi.tokens);
                        (quote!((#lo, #hi)), quote!(#part))
                    }
                    _ => unreachable!("these are told apart"),
                };
                ranges.push(range);
                let access = if mutable || bar { Access::Mut } else { self.access };
                parts
                    .places
                    .insert(*k, place.print_after(start, depth + 1, access, bar, &self.f.vars));
            }
            parts
                .before
                .extend(quote!(let [#(#names),*] = __p::apart(&mut #whole[..], [#(#ranges),*]);));
        }
        parts
    }

    /// Arguments as `print` gives them, with parts of one variable borrowed together, and values that read what is lent
    /// computed first.
    pub fn lent_args(&self, c: &Call, print: impl Fn(usize, &Arg) -> TokenStream) -> Lent {
        let parts = self.primal_parts(c);
        // `place op= value` computes its value first in any case.
        let early = !matches!(c.target, Target::OperatorAssign(_));
        let mut before = TokenStream::new();
        let args: Vec<TokenStream> = c
            .args
            .iter()
            .enumerate()
            .map(|(k, arg)| match (parts.places.get(&k), arg) {
                (Some(place), Arg::RefMut(_)) => quote!(&mut #place),
                (Some(place), _) => quote!(&#place),
                (None, Arg::Value(_) | Arg::Inert(_)) if early && reads_lent(c, k) => {
                    let (name, value) = (format_ident!("__value{k}"), print(k, arg));
                    before.extend(quote!(let #name = #value;));
                    quote!(#name)
                }
                _ => print(k, arg),
            })
            .collect();
        before.extend(parts.before);
        let receiver = match (&c.args[0], &args[0]) {
            (Arg::Ref(_) | Arg::RefMut(_), part) if parts.places.contains_key(&0) => quote!((#part)),
            (Arg::Ref(p), _) => self.place(p),
            (Arg::RefMut(p), _) => self.place_mut(p),
            (_, value) => value.clone(),
        };
        Lent { before, args, receiver }
    }
}

/// How a call is written.
pub struct Lent {
    /// Code that comes first.
    pub before: TokenStream,
    /// The arguments.
    pub args: Vec<TokenStream>,
    /// The first, as the receiver of a method: a place is borrowed as the method wants it.
    pub receiver: TokenStream,
}

impl Lent {
    /// The call after the code that it needs.
    pub fn call(&self, call: TokenStream) -> TokenStream {
        let before = &self.before;
        if before.is_empty() { call } else { quote!({ #before #call }) }
    }
}

/// Whether an argument reads a variable that the call is lent.
pub fn reads_lent(c: &Call, k: usize) -> bool {
    let lent = |p: &Place| c.args.iter().any(|a| matches!(a, Arg::RefMut(q) if q.root == p.root));
    let mut found = false;
    match &c.args[k] {
        Arg::Value(e) if !matches!(e.kind, ExprKind::Ref(..)) => for_reads(e, &mut |p| found |= lent(p)),
        // References stay what they are.
        Arg::Inert(i) if !i.tokens.to_string().starts_with('&') => found = i.reads.iter().any(|(p, _)| lent(p)),
        _ => {}
    }
    found
}
