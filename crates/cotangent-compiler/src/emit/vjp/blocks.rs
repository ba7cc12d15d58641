//! Blocks: statements in order and in reverse, and how their locals come back.

use proc_macro2::TokenStream;
use quote::quote;

use super::cheap::is_cheap;
use super::{Vjp, for_reads};
use crate::ir::{Block, Call, Expr, Stmt, VarId};
use crate::mutant::{self, Mutant};

impl Vjp<'_> {
    pub(super) fn block(&self, b: &Block, depth: usize) -> (TokenStream, TokenStream) {
        let id = self.blocks.get();
        self.blocks.set(id + 1);
        let mut starts = vec![];
        let mut declared = vec![];
        let (mut forward, mut backward) = (TokenStream::new(), vec![]);
        for stmt in &b.stmts {
            self.pos.set(self.pos.get() + 1);
            starts.push(self.pos.get());
            self.block_id.set(id);
            let (fwd, rev) = self.stmt(stmt, depth);
            forward.extend(fwd);
            backward.push(rev);
            match stmt {
                Stmt::Let(v, init) => declared.push((*v, init.as_ref(), self.pos.get())),
                Stmt::Call(Call { dest: Some(v), .. }) | Stmt::Pop(Some(v), _) => declared.push((*v, None, self.pos.get())),
                _ => {}
            }
        }
        let end = self.pos.get();
        debug_assert_eq!(self.layout.block_end[id], end);
        self.block_id.set(id);
        starts.push(end + 1);
        let (keep, prologue, bars_code, before) = self.locals(&declared, depth, &starts);
        forward.extend(keep);
        let mut reverse = prologue;
        let bars = bars_code;
        if mutant::on(Mutant::ReverseOrderForward) {
            backward.reverse();
        }
        let last = backward.len();
        if last == 0 {
            reverse.extend(bars.clone());
        }
        for (k, code) in backward.into_iter().enumerate().rev() {
            reverse.extend(before.iter().filter(|(j, _)| *j == k).map(|(_, c)| c.clone()));
            if k + 1 == last {
                reverse.extend(bars.clone());
            }
            reverse.extend(code);
        }
        (forward, reverse)
    }

    /// How the locals of a block come back in the reverse sweep, and their cotangents.
    ///
    /// `starts`: the position of each statement, and one past the last. What is computed again is computed just before
    /// the adjoint of the last statement that reads it, given with that statement's number.
    pub(super) fn locals(
        &self,
        declared: &[(VarId, Option<&Expr>, usize)],
        depth: usize,
        starts: &[usize],
    ) -> (TokenStream, TokenStream, TokenStream, Vec<(usize, TokenStream)>) {
        let end = starts[starts.len() - 1] - 1;
        let (mut keep, mut pops, mut again, mut bars) = (TokenStream::new(), vec![], vec![], TokenStream::new());
        for (var, init, pos) in declared {
            let v = &self.f.vars[*var];
            let name = &v.name;
            if self.known.of_var(*var) {
                let mutable = if v.mutable { quote!(mut) } else { quote!() };
                match init {
                    Some(init) if self.recomputable(*var, init, *pos, self.last_read(*var, starts).1) => {
                        let (statement, until) = self.last_read(*var, starts);
                        let saved = self.pos.replace(until);
                        let value = self.value(init);
                        self.pos.set(saved);
                        again.push((statement, quote!(let #mutable #name = #value;)));
                    }
                    _ if depth == 0 => {}
                    _ => {
                        let (kept, taken) = self.keep(quote!(#name), depth, &v.ty);
                        keep.extend(kept);
                        pops.push(quote!(let #mutable #name = #taken;));
                    }
                }
            }
            bars.extend(self.declare_bar(*var, end));
        }
        if !mutant::on(Mutant::LocalsPoppedInOrder) {
            pops.reverse();
        }
        (keep, quote!(#(#pops)*), bars, again)
    }

    /// The last statement of the block that reads the variable in the reverse sweep, and the last position in it.
    pub(super) fn last_read(&self, var: VarId, starts: &[usize]) -> (usize, usize) {
        let last = self
            .known
            .reads
            .iter()
            .filter(|n| n.var == var)
            .map(|n| n.pos)
            .max()
            .unwrap_or(usize::MAX);
        let k = (1..starts.len()).find(|k| last < starts[*k]).unwrap_or(starts.len() - 1);
        (k - 1, starts[k] - 1)
    }

    /// A cheap value whose inputs stay as they are to the end of the block.
    pub(super) fn recomputable(&self, var: VarId, init: &Expr, pos: usize, end: usize) -> bool {
        let v = &self.f.vars[var];
        if v.mutable || !is_cheap(init) {
            return false;
        }
        let mut stable = true;
        for_reads(init, &mut |place| {
            stable &= !self.layout.changes(place, pos, end) || mutant::on(Mutant::RecomputedThoughChanged);
            // What was pushed for another local is there too, but a result that moves to the caller is not.
            stable &= Some(place.root) != self.f.ret || place.ty.is_copy();
        });
        stable
    }
}
