//! Slices that stay the same while an innermost loop runs get a name, so that their bounds are checked once.

use proc_macro2::TokenStream;
use quote::quote;

use super::Vjp;
use super::order::is_innermost;
use super::walk::places;
use crate::emit::layout::Layout;
use crate::ir::{For, NamedSlice, Place, Proj, Ty, VarId, VarKind};

impl Vjp<'_> {
    /// Gives names to the slices that stay the same while the loop runs.
    pub(super) fn name_slices(&self, f: &For, pos: usize) -> (TokenStream, TokenStream) {
        let (mut fwd, mut rev) = (TokenStream::new(), TokenStream::new());
        if !is_innermost(&f.body) {
            return (fwd, rev);
        }
        let outer: Vec<usize> = self.loops.borrow().iter().copied().filter(|l| *l != pos).collect();
        for (place, alone) in fixed_slices(f, pos, self.layout) {
            let Some(key) = place.slice_key() else { continue };
            let name = self.fresh("part");
            let (shared, again) = (self.forward.place(&place), self.again.place(&place));
            fwd.extend(quote!(let #name = &#shared;));
            rev.extend(quote!(let #name = &#again;));
            let mut reads = place.index_reads();
            reads.push((place.clone(), true));
            for (read, shape) in reads {
                self.need(&read, shape, pos, outer.clone());
            }
            let with_bar = alone
                && self.activity.place(&place)
                && self.has_bar(place.root)
                && !matches!(self.f.vars[place.root].kind, VarKind::Local | VarKind::Temp if !self.known.definers.contains_key(&place.root));
            let bar = with_bar.then(|| {
                let bar_name = self.fresh("part");
                let code = place.print_bar(&self.f.vars, &self.bars[place.root]);
                rev.extend(quote!(let #bar_name = &mut #code;));
                bar_name
            });
            let named = NamedSlice {
                root: place.root,
                key,
                name,
                bar,
            };
            self.forward.named.borrow_mut().push(named.clone());
            self.again.named.borrow_mut().push(named);
            self.named_in.borrow_mut().push(pos);
        }
        (fwd, rev)
    }

    pub(super) fn forget_slices(&self, pos: usize) {
        while self.named_in.borrow().last() == Some(&pos) {
            self.named_in.borrow_mut().pop();
            self.forward.named.borrow_mut().pop();
            self.again.named.borrow_mut().pop();
        }
    }
}

/// Slices of variables that the loop at `pos` does not change, with bounds that it does not change: the place up to
/// and with the slice, and whether the loop touches the variable through this slice only.
fn fixed_slices(f: &For, pos: usize, layout: &Layout) -> Vec<(Place, bool)> {
    let mut all = vec![];
    places(&f.body, &mut all);
    let changed = |var: VarId| layout.mutations.iter().any(|m| m.var == var && m.loops.contains(&pos));
    let inside = |var: VarId| layout.decl_loops[var].contains(&pos);
    let mut found: Vec<(Place, bool)> = vec![];
    for place in &all {
        let Some(k) = place.projs.iter().position(|p| matches!(p, Proj::Slice(..))) else {
            continue;
        };
        let elements = matches!(place.projs.get(k + 1), Some(Proj::Index(_)));
        let Some(key) = place.slice_key().filter(|_| elements) else {
            continue;
        };
        let slice = Place {
            root: place.root,
            projs: place.projs[..=k].to_vec(),
            ty: Ty::Slice(Box::new(place.ty.clone())),
        };
        let fixed = slice.index_reads().iter().all(|(p, _)| !changed(p.root) && !inside(p.root));
        if !fixed
            || changed(place.root)
            || inside(place.root)
            || found
                .iter()
                .any(|(p, _)| p.root == place.root && p.slice_key().as_ref() == Some(&key))
        {
            continue;
        }
        let alone = !layout.lent_in.contains(&(place.root, pos))
            && all
                .iter()
                .filter(|p| p.root == place.root)
                .all(|p| p.slice_key().as_ref() == Some(&key) && matches!(p.projs.get(k + 1), Some(Proj::Index(_))));
        found.push((slice, alone));
    }
    found
}
