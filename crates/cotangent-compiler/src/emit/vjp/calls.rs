//! Calls: the callee's forward sweep gives a pullback, which the reverse sweep runs with the arguments again.

use std::cell::RefCell;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::Vjp;
use super::callee::{callee, lend_first, located, moved_to};
use crate::emit::function::grouped;
use crate::ir::{Arg, Call, Target, Ty};

impl Vjp<'_> {
    pub(super) fn call(&self, c: &Call, depth: usize) -> (TokenStream, TokenStream) {
        let dest = c.dest.map(|d| &self.f.vars[d]);
        let name = dest.map(|d| d.name.clone()).unwrap_or_else(|| format_ident!("_"));
        if !self.activity.call(c) {
            return self.plain(c, &name, depth);
        }
        let wanted = c.dest.is_none_or(|d| self.known.definers.contains_key(&d) || Some(d) == self.f.ret);
        if !wanted && !self.activity.changes(c) {
            // Nothing flows back, so nothing is recorded.
            return self.plain(c, &name, depth);
        }
        self.active_call(c, &name, depth)
    }

    pub(super) fn plain(&self, c: &Call, name: &Ident, depth: usize) -> (TokenStream, TokenStream) {
        let (mut saves, mut restores) = (TokenStream::new(), vec![]);
        for (k, arg) in c.args.iter().enumerate() {
            let receiver = k == 0 && matches!(c.target, Target::Method(..));
            if let Arg::RefMut(p) = arg
                && !(receiver && c.mutates_receiver == Some(false))
            {
                let (save, restore) = self.save_copy(p, depth);
                saves.extend(save);
                restores.push(restore);
            }
        }
        restores.reverse();
        let code = if c.level == 0 {
            self.forward.plain_call(c)
        } else {
            self.forward.derived_call(c)
        };
        (quote!(#saves let #name = #code;), quote!(#(#restores)*))
    }

    pub(super) fn active_call(&self, c: &Call, name: &Ident, depth: usize) -> (TokenStream, TokenStream) {
        let pb = self.fresh("pullback");
        let temps = RefCell::new(TokenStream::new());
        let lent = self.forward.lent_args(c, |k, arg| match arg {
            Arg::Value(e) => self.forward.operand(c, k, e),
            Arg::Ref(p) | Arg::RefMut(p) => lend_first(p, self.forward.arg(arg), self.fresh("lent"), true, &mut temps.borrow_mut()),
            Arg::Inert(_) => self.forward.arg(arg),
        });
        let (fwd_args, receiver, temps) = (&lent.args, &lent.receiver, temps.into_inner());
        let callee = callee(c, "fwd");
        let (save, restore) = match (&c.target, &c.args[0]) {
            (Target::OperatorAssign(_), Arg::RefMut(p)) => self.save_copy(p, depth),
            _ => Default::default(),
        };
        let invoke = match &c.target {
            Target::Method(name, _) => {
                let receiver = moved_to(receiver, name.span());
                let rest = located(&fwd_args[1..], name.span());
                quote!(#receiver.#callee(#(#rest,)* __tape))
            }
            Target::OperatorAssign(_) => {
                // The value is computed before the place is borrowed.
                let (places, values) = fwd_args.split_at(1 << c.level);
                let names: Vec<Ident> = values.iter().map(|_| self.fresh("new")).collect();
                quote!({ #(let #names = #values;)* #temps #callee(#(#places,)* #(#names,)* __tape) })
            }
            Target::Callable => {
                let args = grouped(fwd_args, c.level);
                quote!(#callee(#(#args,)* __tape))
            }
            _ => {
                let fwd_args = located(fwd_args, c.span);
                quote!(#callee(#(#fwd_args,)* __tape))
            }
        };
        let (keep, kept) = self.keep(quote!(#pb), depth, &Ty::Unknown);
        let outer = if matches!(c.target, Target::OperatorAssign(_)) {
            quote!()
        } else {
            quote!(#temps)
        };
        let invoke = if matches!(c.target, Target::OperatorAssign(_)) {
            invoke
        } else {
            lent.call(invoke)
        };
        let forward = quote!(#save #outer let (#name, #pb) = #invoke; #keep);
        let mut reverse = TokenStream::new();
        let taken = self.fresh("pullback");
        reverse.extend(quote!(let #taken = #kept;));
        self.reverse_call(c, &taken, &mut reverse);
        reverse.extend(restore);
        (forward, reverse)
    }
}
