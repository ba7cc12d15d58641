//! Cotangents of variables: where they are declared, and by what.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{Definer, Vjp};
use crate::emit::print::static_zero;
use crate::ir::{Place, VarId, VarKind};
use crate::mutant::{self, Mutant};

impl Vjp<'_> {
    /// The cotangent of a place.
    pub(super) fn bar(&self, place: &Place) -> TokenStream {
        self.need_path(place);
        place.print_bar_with(&self.f.vars, &self.bars[place.root], &self.again.named.borrow())
    }

    pub(super) fn active(&self, var: VarId) -> bool {
        self.activity.var(var)
    }

    pub(super) fn declare_bar(&self, var: VarId, end: usize) -> TokenStream {
        if !self.active(var) || Some(var) == self.f.ret {
            return quote!();
        }
        let Some(definer) = self.known.definers.get(&var) else {
            return quote!();
        };
        let bar = &self.bars[var];
        if let Some(zero) = self.forward.static_zero(&self.f.vars[var].ty) {
            return quote!(let mut #bar = #zero;);
        }
        if definer.simple && definer.block == self.layout.decl_block[var] {
            return quote!();
        }
        let saved = self.pos.replace(end);
        let place = Place::var(var, self.f.vars[var].ty.clone());
        self.need_here(&place, true);
        self.pos.set(saved);
        let name = &self.f.vars[var].name;
        quote!(let mut #bar = __p::zero(&#name);)
    }

    /// The cotangent has been declared: something later in the program contributes to it, or it comes from outside.
    pub(super) fn has_bar(&self, var: VarId) -> bool {
        Some(var) == self.f.ret || self.known.definers.contains_key(&var) || matches!(self.f.vars[var].kind, VarKind::Param(_))
    }

    /// Moves the cotangent of an assigned place out, and leaves zero.
    pub(super) fn take_bar(&self, place: &Place, first: bool, reverse: &mut TokenStream) -> Ident {
        let b = self.fresh("b");
        self.uses_bar(place.root, false);
        let bar = self.bar(place);
        if first {
            reverse.extend(quote!(let #b = #bar;));
        } else if let Some(zero) = self.forward.static_zero(&place.ty) {
            let zeroing = if mutant::on(Mutant::TakeWithoutZeroing) {
                quote!()
            } else {
                quote!(#bar = #zero;)
            };
            reverse.extend(quote!(let #b = #bar; #zeroing));
        } else {
            self.need_here(place, true);
            let value = self.again.place(place);
            reverse.extend(quote!(let #b = __p::replace(&mut #bar, __p::zero(&#value));));
        }
        b
    }

    /// Notes a use of a variable's cotangent in the statement at hand.
    pub(super) fn uses_bar(&self, var: VarId, simple: bool) {
        let definer = Definer {
            pos: self.pos.get(),
            block: self.block_id.get(),
            simple,
        };
        let mut found = self.found.borrow_mut();
        match found.definers.get(&var) {
            // In one statement the first use in the reverse sweep decides, and it is emitted first.
            Some(old) if old.pos == definer.pos => {}
            Some(old) if old.pos > definer.pos => {}
            _ => {
                found.definers.insert(var, definer);
            }
        }
    }

    /// Whether a contribution here declares the cotangent.
    pub(super) fn defines(&self, var: VarId) -> bool {
        self.known.definers.get(&var).is_some_and(|d| {
            d.simple && d.block == self.layout.decl_block[var] && d.pos == self.pos.get() && static_zero(&self.f.vars[var].ty).is_none()
        }) && Some(var) != self.f.ret
            && !matches!(self.f.vars[var].kind, VarKind::Param(_))
            && self.defined.borrow_mut().insert(var)
    }
}
