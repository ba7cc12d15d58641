//! `if` and `match`: the condition is evaluated again, or what was taken is kept.

use proc_macro2::TokenStream;
use quote::quote;

use super::Vjp;
use super::cheap::is_cheap_code;
use crate::ir::{Arm, Block, Inert, Ty, VarKind};
use crate::mutant::{self, Mutant};

impl Vjp<'_> {
    pub(super) fn if_stmt(&self, cond: &Inert, a: &Block, b: &Block, depth: usize) -> (TokenStream, TokenStream) {
        let reuse = self.can_look_again(cond);
        let pos = self.pos.get();
        let (then_, then_rev) = self.block(a, depth + 1);
        let (else_, else_rev) = self.block(b, depth + 1);
        let c = &cond.tokens;
        if then_rev.is_empty() && else_rev.is_empty() {
            return (quote!(if #c { #then_ } else { #else_ }), quote!());
        }
        if reuse {
            let last = self.pos.replace(pos);
            self.need_inert(cond);
            self.pos.set(last);
            return (
                quote!(if #c { #then_ } else { #else_ }),
                quote!(if #c { #then_rev } else { #else_rev }),
            );
        }
        let name = self.fresh("cond");
        let (keep, kept) = self.keep(quote!(#name), depth, &Ty::Inert);
        let forward = quote!(let #name: bool = #c; if #name { #then_ } else { #else_ } #keep);
        (forward, quote!(if #kept { #then_rev } else { #else_rev }))
    }

    /// A condition may be evaluated again if nothing it reads is ever changed or has to be kept for it alone.
    pub(super) fn can_look_again(&self, code: &Inert) -> bool {
        if mutant::on(Mutant::BranchOfTheEnd) {
            return is_cheap_code(&code.tokens);
        }
        is_cheap_code(&code.tokens)
            && code.reads.iter().all(|(place, shape)| {
                let var = &self.f.vars[place.root];
                let counts = var.ty == Ty::Inert && !var.mutable && matches!(var.kind, VarKind::Local | VarKind::Temp);
                let at_hand = matches!(var.kind, VarKind::Param(_) | VarKind::Loop) || counts;
                let fixed = !self
                    .layout
                    .mutations
                    .iter()
                    .any(|m| m.var == place.root && !(*shape && matches!(place.ty, Ty::Slice(_) | Ty::Array(_))));
                at_hand && fixed
            })
    }

    pub(super) fn match_stmt(&self, scrutinee: &Inert, arms: &[Arm], depth: usize) -> (TokenStream, TokenStream) {
        let name = self.fresh("arm");
        let s = &scrutinee.tokens;
        let (mut forward, mut reverse) = (vec![], vec![]);
        let mut any = false;
        for (k, arm) in arms.iter().enumerate() {
            let (fwd, rev) = self.block(&arm.body, depth + 1);
            any |= !rev.is_empty();
            let (pat, k) = (&arm.pat, k as u32);
            forward.push(quote!(#pat => { #name = #k; #fwd }));
            reverse.push(quote!(#k => { #rev }));
        }
        if !any {
            return (quote!(let #name: u32; match #s { #(#forward)* } let _ = #name;), quote!());
        }
        let (keep, kept) = self.keep(quote!(#name), depth, &Ty::Inert);
        (
            quote!(let #name: u32; match #s { #(#forward)* } #keep),
            quote!(match #kept { #(#reverse)* _ => ::core::unreachable!() }),
        )
    }
}
