//! `#[differentiable(checkpoint)]`: the forward sweep records nothing; the pullback runs it again, recording, and reverses.
//!
//! The arguments come back to the pullback, so only what `&mut` parameters held at entry is copied. The record of the
//! second run lies on the same tape, above all that is there, and is gone when the pullback returns.

use proc_macro2::{TokenStream, TokenTree};
use quote::{format_ident, quote};

use super::Surface;
use crate::emit::plain::plain;
use crate::emit::vjp::sweeps;
use crate::ir::{Arm, Block, For, Stmt, Ty};

impl Surface<'_> {
    /// The body of the forward sweep, with its pullback.
    pub(super) fn checkpointed_body(&self, receiver: bool) -> TokenStream {
        let (items, owned, value) = (&self.func.items, self.borrow_owned(receiver), self.value_name());
        let (keep, back) = self.inputs_kept();
        let once = plain(self.func, self.generic.clone());
        let mut again = self.func.clone();
        again.body = without_output(&self.func.body);
        let sweeps = sweeps(&again, self.generic.clone());
        let (witnesses, forward, reverse) = (&sweeps.witnesses, &sweeps.forward, &sweeps.reverse);
        let closure = self.closure(&sweeps.bars, &quote!(#back #witnesses #forward #reverse));
        let pullback = self.record(&closure);
        quote!(#(#items)* #owned #keep #once let __y = #value; #pullback)
    }

    fn value_name(&self) -> TokenStream {
        let name = self.func.ret.map(|r| &self.func.vars[r].name);
        name.map_or(quote!(()), |name| quote!(#name))
    }

    /// The result `__y` with the pullback, in a box where the function calls itself.
    fn record(&self, closure: &TokenStream) -> TokenStream {
        if crate::record::is_boxed(self.func, &self.input.options) {
            let pullback = self.pullback_type();
            return quote!(let __record: #pullback = __p::Box::new(#closure); (__y, __record));
        }
        quote!((__y, #closure))
    }

    /// Copies of what `&mut` parameters hold at entry, and how they come back.
    fn inputs_kept(&self) -> (TokenStream, TokenStream) {
        let (mut keep, mut back) = (TokenStream::new(), TokenStream::new());
        for (k, p) in self.mut_params() {
            let (kept, name) = (format_ident!("__entry{k}"), &self.func.vars[p.var].name);
            if matches!(self.func.vars[p.var].ty, Ty::Slice(_)) {
                keep.extend(quote!(let #kept = __p::Scratch::of(&*#name);));
                back.extend(quote!(#kept.restore(#name);));
            } else if self.is_object(p) {
                keep.extend(quote!(let #kept = __p::owned(&*#name);));
                back.extend(quote!(__p::Object::__assign(&mut *#name, __p::Object::__any(&*#kept));));
            } else {
                keep.extend(quote!(let #kept = __p::dup(&*#name);));
                back.extend(quote!(*#name = #kept;));
            }
        }
        (keep, back)
    }
}

/// What is printed is printed once.
const OUTPUT: &[&str] = &["println", "print", "eprintln", "eprint", "dbg", "write", "writeln"];

fn without_output(block: &Block) -> Block {
    let stmts = block.stmts.iter().filter(|s| !is_output(s)).map(|s| match s {
        Stmt::If(c, a, b) => Stmt::If(c.clone(), without_output(a), without_output(b)),
        Stmt::Match(s, arms) => Stmt::Match(
            s.clone(),
            arms.iter()
                .map(|arm| Arm {
                    body: without_output(&arm.body),
                    ..arm.clone()
                })
                .collect(),
        ),
        Stmt::For(f) => Stmt::For(For {
            body: without_output(&f.body),
            ..f.clone()
        }),
        Stmt::While(c, body) => Stmt::While(c.clone(), without_output(body)),
        other => other.clone(),
    });
    Block { stmts: stmts.collect() }
}

fn is_output(stmt: &Stmt) -> bool {
    let Stmt::Effect(code) = stmt else { return false };
    let first = code.tokens.clone().into_iter().find(|t| matches!(t, TokenTree::Ident(_)));
    first.is_some_and(|name| OUTPUT.contains(&name.to_string().as_str()))
}
