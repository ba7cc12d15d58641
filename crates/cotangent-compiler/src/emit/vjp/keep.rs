//! Values that the reverse sweep takes back: what is kept, where, and whether it must be.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::Vjp;
use crate::emit::activity::is_mut_param;
use crate::emit::layout::keeps_shape;
use crate::ir::{Access, Place, Ty, VarId};
use crate::mutant::{self, Mutant};

impl Vjp<'_> {
    /// Keeps a value: captured at function level, on the tape inside loops and branches.
    pub(super) fn keep(&self, value: TokenStream, depth: usize, ty: &Ty) -> (TokenStream, TokenStream) {
        if depth == 0 {
            let name = self.fresh("kept");
            return (quote!(let #name = #value;), quote!(#name));
        }
        if let Some(slot) = self.slot(depth, ty) {
            return (quote!(__p::put(&mut #slot, #value);), slot);
        }
        let witness = self.witness();
        (quote!(__tape.push(&#witness, #value);), quote!(__tape.pop(&#witness)))
    }

    pub(super) fn witness(&self) -> Ident {
        let name = self.fresh("w");
        self.witnesses.borrow_mut().push(name.clone());
        name
    }

    /// Whether the change that the statement makes at `place` must be undone.
    pub(super) fn must_restore(&self, place: &Place) -> bool {
        self.writes.borrow_mut().insert(place.root);
        if self.snapshot(place.root) || mutant::on(Mutant::SaveSkipped) {
            return false;
        }
        if is_mut_param(self.f, place.root) {
            return true;
        }
        let loops = self.loops.borrow();
        self.known.restore(
            self.layout,
            place.root,
            &place.field_path(),
            self.pos.get(),
            &loops,
            keeps_shape(place),
        )
    }

    /// A copy of what stands at the place before it changes, if it is needed, and the code that puts it back.
    pub(super) fn save_copy(&self, place: &Place, depth: usize) -> (TokenStream, TokenStream) {
        if !self.must_restore(place) {
            return (quote!(), quote!());
        }
        self.need_path(place);
        let code = place.print(&self.f.vars, Access::Shared);
        let again = place.print(&self.f.vars, Access::Mut);
        let copy = if place.ty.is_copy() { code } else { quote!(__p::dup(&#code)) };
        let (keep, kept) = self.keep(copy, depth, &place.ty);
        (keep, quote!(#again = #kept;))
    }

    pub(super) fn save_slice(&self, place: &Place, depth: usize) -> (TokenStream, TokenStream) {
        if !self.must_restore(place) {
            return (quote!(), quote!());
        }
        self.need_path(place);
        let (code, again) = (place.print(&self.f.vars, Access::Shared), place.print(&self.f.vars, Access::Mut));
        let (keep, kept) = self.keep(quote!(#code[..].to_vec()), depth, &Ty::Unknown);
        (keep, quote!(#again[..].clone_from_slice(&#kept);))
    }

    /// A `&mut` slice of floats that the reverse sweep does not read is copied once, at entry, for the caller.
    pub(super) fn snapshot(&self, var: VarId) -> bool {
        is_mut_param(self.f, var)
            && matches!(&self.f.vars[var].ty, Ty::Slice(t) if t.is_float())
            && self.layout.mutations.iter().any(|m| m.var == var)
            && !self.known.reads.iter().any(|n| n.var == var && !n.shape)
    }

    /// Code at entry and at the end of the reverse sweep for parameters that are copied whole.
    pub(super) fn snapshots(&self) -> (TokenStream, TokenStream) {
        let (mut entry, mut end) = (TokenStream::new(), TokenStream::new());
        for p in self.f.params.iter().filter(|p| self.snapshot(p.var)) {
            // Own writes only: callees restore what they change.
            let written = self.writes.borrow().contains(&p.var);
            if written {
                let (w, name) = (self.witness(), &self.f.vars[p.var].name);
                entry.extend(quote!(__tape.push_slice(&#w, &*#name);));
                end = quote!(__tape.pop_slice(&#w, &mut *#name); #end);
            }
        }
        (entry, end)
    }
}
