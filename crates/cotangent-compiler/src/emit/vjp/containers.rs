//! Statements on whole sequences: `swap`, `push`, `pop`, `fill`, `copy_from_slice`, `truncate`, `extend`.

use proc_macro2::TokenStream;
use quote::quote;

use super::Vjp;
use crate::ir::{Expr, Inert, Place, Proj, Ty, VarId};
use crate::mutant::{self, Mutant};

impl Vjp<'_> {
    pub(super) fn swap(&self, a: &Place, b: &Place) -> (TokenStream, TokenStream) {
        let forward = swap_code(self.forward.place_mut(a), self.forward.place_mut(b), a, b, |p| {
            self.forward.place_mut(p)
        });
        let mut reverse = TokenStream::new();
        if self.must_restore(a) || self.must_restore(b) {
            self.need_path(a);
            self.need_path(b);
            reverse.extend(forward.clone());
        }
        if (self.activity.place(a) || self.activity.place(b)) && (self.has_bar(a.root) || self.has_bar(b.root)) {
            self.uses_bar(a.root, false);
            self.uses_bar(b.root, false);
            if !mutant::on(Mutant::SwapWithoutCotangents) {
                reverse.extend(swap_code(self.bar(a), self.bar(b), a, b, |p| self.bar(p)));
            }
        }
        (forward, reverse)
    }

    pub(super) fn push(&self, place: &Place, value: &Expr) -> (TokenStream, TokenStream) {
        let (target, code) = (self.forward.place_mut(place), self.forward.expr(value));
        let mut reverse = TokenStream::new();
        if self.must_restore(place) {
            self.need_path(place);
            reverse.extend(quote!(#target.pop();));
        }
        if self.activity.place(place) && self.has_bar(place.root) {
            self.uses_bar(place.root, false);
            let (b, bar) = (self.fresh("b"), self.bar(place));
            reverse.extend(quote!(let #b = __p::popped(&mut #bar);));
            if self.activity.expr(value) {
                self.adjoint(value, quote!(#b), &mut reverse);
            }
        }
        (quote!(let __pushed = #code; #target.push(__pushed);), reverse)
    }

    pub(super) fn pop(&self, dest: Option<VarId>, place: &Place) -> (TokenStream, TokenStream) {
        let target = self.forward.place_mut(place);
        let Some(dest) = dest else {
            return (quote!(#target.pop();), quote!());
        };
        let name = &self.f.vars[dest].name;
        let mut reverse = TokenStream::new();
        let whole = Place::var(dest, self.f.vars[dest].ty.clone());
        if self.must_restore(place) {
            self.need_path(place);
            self.need_here(&whole, false);
            reverse.extend(quote!(if let ::core::option::Option::Some(__popped) = __p::dup(&#name) { #target.push(__popped); }));
        }
        if self.activity.place(place) && (self.has_bar(place.root) || self.has_bar(dest)) {
            self.uses_bar(place.root, false);
            self.uses_bar(dest, false);
            let (bar, dest_bar) = (self.bar(place), &self.bars[dest]);
            reverse.extend(quote!(if let ::core::option::Option::Some(__popped) = #dest_bar { #bar.push(__popped); }));
        }
        (quote!(let #name = #target.pop();), reverse)
    }

    pub(super) fn fill(&self, place: &Place, value: &Expr, depth: usize) -> (TokenStream, TokenStream) {
        let (save, mut reverse) = self.save_slice(place, depth);
        let (target, code) = (self.forward.place_mut(place), self.forward.expr(value));
        if self.activity.place(place) && self.has_bar(place.root) {
            self.uses_bar(place.root, false);
            let (b, bar) = (self.fresh("b"), self.bar(place));
            let zeroing = if mutant::on(Mutant::FillWithoutZeroing) {
                quote!()
            } else {
                quote!(__p::clear_slice(&mut #bar[..]);)
            };
            reverse.extend(quote!(let #b = __p::sum(&#bar[..]); #zeroing));
            if self.activity.expr(value) {
                let (mut then, n) = (TokenStream::new(), self.fresh("b"));
                self.adjoint_nested(value, quote!(#n), &mut then);
                reverse.extend(quote!(if let ::core::option::Option::Some(#n) = #b { #then }));
            }
        }
        (quote!(#save let __filled = #code; #target.fill(__filled);), reverse)
    }

    pub(super) fn copy_from(&self, to: &Place, from: &Place, depth: usize) -> (TokenStream, TokenStream) {
        let (save, mut reverse) = self.save_slice(to, depth);
        let (target, source) = (self.forward.place_mut(to), self.forward.place(from));
        let forward = if to.root == from.root {
            quote!(#save let __source = #source[..].to_vec(); #target[..].clone_from_slice(&__source);)
        } else {
            quote!(#save #target[..].clone_from_slice(&#source[..]);)
        };
        if self.activity.place(to) && self.has_bar(to.root) {
            self.uses_bar(to.root, false);
            let bar = self.bar(to);
            if self.activity.place(from) {
                let b = self.fresh("b");
                self.uses_bar(from.root, false);
                let source_bar = self.bar(from);
                reverse.extend(quote!(let #b = __p::take_slice(&mut #bar[..]); __p::add_slice(&mut #source_bar[..], &#b);));
            } else {
                reverse.extend(quote!(__p::clear_slice(&mut #bar[..]);));
            }
        }
        (forward, reverse)
    }

    pub(super) fn truncate(&self, place: &Place, len: &Inert, depth: usize) -> (TokenStream, TokenStream) {
        let (target, n) = (self.forward.place_mut(place), &len.tokens);
        let active = self.activity.place(place) && self.has_bar(place.root);
        if !self.must_restore(place) && !active {
            return (quote!(#target.truncate(#n);), quote!());
        }
        let (tail, b) = (self.fresh("tail"), self.fresh("tail"));
        let (keep, kept) = self.keep(quote!(#tail), depth, &Ty::Unknown);
        self.need_path(place);
        let mut reverse = quote!(let #b = #kept;);
        if active {
            self.uses_bar(place.root, false);
            let bar = self.bar(place);
            reverse.extend(quote!(#bar.extend(__p::zero(&#b[..]));));
        }
        if self.must_restore(place) {
            reverse.extend(quote!(#target.extend(#b);));
        }
        (quote!(let #tail = __p::split_tail(&mut #target, #n); #keep), reverse)
    }

    pub(super) fn extend(&self, to: &Place, from: &Place) -> (TokenStream, TokenStream) {
        let (target, source) = (self.forward.place_mut(to), self.forward.place(from));
        let forward = quote!(let __source = #source[..].to_vec(); #target.extend(__source););
        let mut reverse = TokenStream::new();
        let restore = self.must_restore(to);
        let active = self.activity.place(to) && self.has_bar(to.root);
        if restore || active {
            self.need_here(from, true);
            let again = self.again.place(from);
            let n = self.fresh("n");
            reverse.extend(quote!(let #n = #again.len();));
            if restore {
                self.need_path(to);
                reverse.extend(quote!(let __kept = #target.len() - #n; #target.truncate(__kept);));
            }
            if active {
                self.uses_bar(to.root, false);
                let (bar, b) = (self.bar(to), self.fresh("b"));
                reverse.extend(quote!(let __kept = #bar.len() - #n; let #b = #bar.split_off(__kept);));
                if self.activity.place(from) {
                    self.uses_bar(from.root, false);
                    let source_bar = self.bar(from);
                    reverse.extend(quote!(__p::add_slice(&mut #source_bar[..], &#b);));
                }
            }
        }
        (forward, reverse)
    }
}

/// Swaps two places, also two elements of one sequence.
pub fn swap_code(a: TokenStream, b: TokenStream, pa: &Place, pb: &Place, print: impl Fn(&Place) -> TokenStream) -> TokenStream {
    if pa.root == pb.root
        && pa.projs.len() == pb.projs.len()
        && let (Some(Proj::Index(i)), Some(Proj::Index(j))) = (pa.projs.last(), pb.projs.last())
    {
        let prefix = |p: &Place| Place {
            root: p.root,
            projs: p.projs[..p.projs.len() - 1].to_vec(),
            ty: Ty::Unknown,
        };
        let (x, y) = (print(&prefix(pa)), print(&prefix(pb)));
        if x.to_string() == y.to_string() {
            let (i, j) = (&i.tokens, &j.tokens);
            return quote!(#x.swap(#i, #j););
        }
    }
    quote!(::core::mem::swap(&mut #a, &mut #b);)
}
