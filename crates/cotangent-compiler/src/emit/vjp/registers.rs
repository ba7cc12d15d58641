//! Contributions to a place that stays the same while a loop runs are summed in a register.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::Vjp;
use crate::ir::{Place, Proj, VarId, VarKind};
use crate::mutant::{self, Mutant};

impl Vjp<'_> {
    /// A sum for contributions to a place that stays the same while the innermost loop runs; the loop adds it once.
    pub(super) fn loop_sum(&self, place: &Place) -> Option<Ident> {
        let loops = self.loops.borrow();
        let inner = *loops.last()?;
        if place.projs.is_empty()
            || !place.ty.is_float()
            || place
                .projs
                .iter()
                .any(|p| !matches!(p, Proj::Index(_) | Proj::Slice(..) | Proj::Field(_)))
        {
            return None;
        }
        let outside = |var: VarId| {
            !self.layout.decl_loops[var].contains(&inner) && self.f.vars[var].kind != VarKind::Loop
                || self.f.vars[var].kind == VarKind::Loop && !self.layout.decl_loops[var].contains(&inner)
        };
        let changed = |var: VarId| self.layout.mutations.iter().any(|m| m.var == var && m.loops.contains(&inner));
        let fixed = place.index_reads().iter().all(|(p, _)| outside(p.root) && !changed(p.root));
        if !fixed || !outside(place.root) || changed(place.root) || self.layout.lent_in.contains(&(place.root, inner)) {
            return None;
        }
        if self.for_loops.borrow().last() != Some(&inner) {
            return None;
        }
        let code = place.print_bar(&self.f.vars, &self.bars[place.root]);
        let key = code.to_string();
        let mut sums = self.sums.borrow_mut();
        if let Some((.., sum)) = sums.iter().find(|(l, k, ..)| *l == inner && *k == key) {
            return Some(sum.clone());
        }
        let sum = self.fresh("sum");
        sums.push((inner, key, code, sum.clone()));
        drop(sums);
        // The place is found once more after the loop.
        let here = loops.len() - 1;
        for (read, shape) in place.index_reads() {
            self.need(&read, shape, inner, loops[..here].to_vec());
        }
        Some(sum)
    }

    pub(super) fn finish_sums(&self, pos: usize) -> (TokenStream, TokenStream) {
        let mut sums = self.sums.borrow_mut();
        let (mut start, mut finish) = (TokenStream::new(), TokenStream::new());
        let zero = self.forward.number(0.0);
        sums.retain(|(l, _, code, sum)| {
            if *l == pos {
                start.extend(quote!(let mut #sum = #zero;));
                // A loop that ran not once adds nothing, wherever the place would be.
                if !mutant::on(Mutant::LoopSumLost) {
                    finish.extend(quote!(if #sum != #zero { #code += #sum; }));
                }
            }
            *l != pos
        });
        (start, finish)
    }
}
