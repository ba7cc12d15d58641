//! `for` and `while`: in reverse over the same range, or as often as the loop ran.

use proc_macro2::TokenStream;
use quote::quote;

use super::sums::LoopCode;
use super::{Vjp, order};
use crate::ir::{Block, For, Inert, Ty};
use crate::mutant::{self, Mutant};

impl Vjp<'_> {
    pub(super) fn for_stmt(&self, f: &For, depth: usize) -> (TokenStream, TokenStream) {
        let pos = self.pos.get();
        self.loops.borrow_mut().push(pos);
        self.for_loops.borrow_mut().push(pos);
        let (before_fwd, before_rev) = self.name_slices(f, pos);
        self.begin_recording(pos, depth + 1, f.exit.is_none());
        let (body, body_rev) = self.block(&f.body, depth + 1);
        self.end_recording();
        self.forget_slices(pos);
        self.for_loops.borrow_mut().pop();
        self.loops.borrow_mut().pop();
        let (start, finish) = self.finish_sums(pos);
        let var = &self.f.vars[f.var].name;
        let range = &f.range.tokens;
        let exit = f.exit.as_ref().map(|e| {
            let e = &e.tokens;
            quote!(if #e { break; })
        });
        if body_rev.is_empty() {
            return (quote!(#before_fwd for #var in #range { #body #exit }), quote!());
        }
        let (before, range_fwd, after, range_rev) = if self.can_look_again(&f.range) {
            let last = self.pos.replace(pos);
            self.need_inert(&f.range);
            self.pos.set(last);
            (quote!(), range.clone(), quote!(), range.clone())
        } else {
            let name = self.fresh("range");
            let (keep, kept) = self.keep(quote!(#name), depth, &Ty::Inert);
            (quote!(let #name = #range;), quote!(__p::dup(&#name)), keep, kept)
        };
        if exit.is_none() {
            // Where only sums are formed the order does not matter, and forward loops vectorise better.
            // What is recorded may be the state before an addition, which comes back only in reverse order.
            let untaped = !order::names(&body_rev, "__tape") && !self.known.frames.contains_key(&pos);
            let forward = untaped && order::order_free(&f.body) || mutant::on(Mutant::LoopNotReversed);
            let (head, head_rev) = self.framed(pos, var, (&range_fwd, &range_rev)).unwrap_or_else(|| {
                let range_rev = if forward { range_rev } else { quote!(__p::backwards(#range_rev)) };
                (quote!(for #var in #range_fwd), quote!(for #var in #range_rev))
            });
            let code = LoopCode {
                range: &range_fwd,
                body: (&body, &body_rev),
                around: (&quote!(#before_rev #start), &finish),
                whole: (quote!(#head { #body }), quote!(#before_rev #start #head_rev { #body_rev } #finish)),
            };
            // A range that is on the tape must be taken from it in either case.
            let (whole, whole_rev) = if depth == 0 || after.is_empty() {
                self.sum_loop(f, pos, depth, code)
            } else {
                code.whole
            };
            return (quote!(#before #before_fwd #whole #after), whole_rev);
        }
        let n = self.fresh("trips");
        let (keep, kept) = self.keep(quote!(#n), depth, &Ty::Inert);
        let m = self.fresh("trips");
        (
            quote!(#before #before_fwd let mut #n = 0usize; for #var in #range_fwd { #n += 1; #body #exit } #after #keep),
            if mutant::on(Mutant::BreakForgotten) {
                quote!(let #m = #kept; #before_rev #start for #var in __p::backwards(#range_rev) { #body_rev } #finish)
            } else {
                quote!(let #m = #kept; #before_rev #start for #var in __p::backwards(__p::first(#range_rev, #m)) { #body_rev } #finish)
            },
        )
    }

    pub(super) fn while_stmt(&self, cond: &Inert, body: &Block, depth: usize) -> (TokenStream, TokenStream) {
        self.loops.borrow_mut().push(self.pos.get());
        let (body, body_rev) = self.block(body, depth + 1);
        self.loops.borrow_mut().pop();
        let c = &cond.tokens;
        if body_rev.is_empty() {
            return (quote!(while #c { #body }), quote!());
        }
        let n = self.fresh("trips");
        let (keep, kept) = self.keep(quote!(#n), depth, &Ty::Inert);
        (
            quote!(let mut #n = 0usize; while #c { #n += 1; #body } #keep),
            quote!(for _ in 0..#kept { #body_rev }),
        )
    }
}
