//! Sums that are reversed as they are formed: `for i in .. { total += g(i, x) }`.
//!
//! No iteration sees another, and the cotangent of every term is that of the total. So each iteration can run its
//! reverse sweep at once, with 1 for the total's cotangent, which is not known yet; what it adds to the cotangents of
//! `x` is collected beside, and the function's reverse sweep adds it, times that cotangent. The tape holds one
//! iteration instead of all. Whether this pays is known only when the loop runs: `x` may be large and each iteration
//! read little of it. So both ways are emitted, and the numbers of `x` and of iterations decide.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::Vjp;
use super::order::names;
use super::walk::{expressions, places};
use crate::emit::layout::Mutation;
use crate::ir::{Block, ExprKind, For, Stmt, Target, Ty, VarId, VarKind, is_reference};
use crate::mutant::{self, Mutant};

/// The parts of a loop.
pub struct LoopCode<'a> {
    /// The range, forward.
    pub range: &'a TokenStream,
    /// The body, forward and in reverse.
    pub body: (&'a TokenStream, &'a TokenStream),
    /// What stands before the reverse sweep of the loop and after it.
    pub around: (&'a TokenStream, &'a TokenStream),
    /// The whole loop, recorded and reversed afterwards.
    pub whole: (TokenStream, TokenStream),
}

/// A cotangent that is collected beside.
struct Part {
    /// How many numbers it has.
    len: TokenStream,
    /// Declares the sum, under the name of the cotangent that stands for it in the loop.
    declare: TokenStream,
    /// The sum as a value.
    value: Ident,
    /// Its name in the reverse sweep, and the code that adds it there.
    sum: Ident,
    add: TokenStream,
}

impl Vjp<'_> {
    /// The loop at `pos` with both ways, if it forms a sum.
    pub(super) fn sum_loop(&self, f: &For, pos: usize, depth: usize, code: LoopCode) -> (TokenStream, TokenStream) {
        let parts = self
            .total(f, pos, &code)
            .and_then(|total| Some((total, self.parts(total, pos, &code)?)));
        let Some((total, parts)) = parts else { return code.whole };
        let (total_bar, one) = (&self.bars[total], self.forward.number(1.0));
        let (range, sums) = (self.fresh("range"), self.fresh("sums"));
        let (var, head) = (&self.f.vars[f.var].name, code.range);
        let ((body, body_rev), (start, finish), (whole, whole_rev)) = (code.body, code.around, code.whole);
        let forward = {
            let (len, declare, value) = (
                parts.iter().map(|p| &p.len),
                parts.iter().map(|p| &p.declare),
                parts.iter().map(|p| &p.value),
            );
            quote!(
                let #range = #head;
                let #sums = if __p::sums_pay(&#range, 0 #(+ #len)*) {
                    #(#declare)*
                    let mut #total_bar = #one;
                    #start for #var in #range { #body #body_rev } #finish
                    __p::Some((#(#value,)*))
                } else {
                    #whole
                    __p::None
                };
            )
        };
        let (keep, kept) = self.keep(quote!(#sums), depth, &Ty::Unknown);
        let (sum, add) = (parts.iter().map(|p| &p.sum), parts.iter().map(|p| &p.add));
        let reverse = quote!(match #kept { __p::Some((#(#sum,)*)) => { #(#add)* } __p::None => { #whole_rev } });
        (quote!(#forward #keep), reverse)
    }

    /// The variable that the loop adds to, if that is all it changes outside itself, and it is worth while.
    fn total(&self, f: &For, pos: usize, code: &LoopCode) -> Option<VarId> {
        let outermost = self.loops.borrow().is_empty() && f.exit.is_none();
        let records = names(code.body.1, "__tape") && !self.known.frames.contains_key(&pos);
        if !outermost || !records || !works(&f.body) || lends(&f.body) {
            return None;
        }
        let changes: Vec<_> = self.changes_outside(pos).collect();
        let total = changes.first()?.var;
        let v = &self.f.vars[total];
        let is_sum = v.ty.is_float() && matches!(v.kind, VarKind::Local | VarKind::Temp) && self.active(total) && self.has_bar(total);
        let only = changes.iter().all(|m| m.var == total);
        let restored = changes
            .iter()
            .any(|m| self.known.restore(self.layout, total, &[], m.pos, &m.loops, true));
        let mut all = vec![];
        places(&f.body, &mut all);
        let mentions = all.iter().filter(|p| p.root == total).count();
        (is_sum && only && !restored && mentions == additions(&f.body, total)).then_some(total)
    }

    fn changes_outside(&self, pos: usize) -> impl Iterator<Item = &Mutation> {
        let changes = self.layout.mutations.iter().filter(move |m| m.loops.contains(&pos));
        changes.filter(move |m| self.is_outside(m.var, pos))
    }

    fn is_outside(&self, var: VarId, pos: usize) -> bool {
        !self.layout.decl_loops[var].contains(&pos)
    }

    /// The sums for all cotangents that the loop adds to; `None` where one is not made of plain numbers.
    fn parts(&self, total: VarId, pos: usize, code: &LoopCode) -> Option<Vec<Part>> {
        let reverse = [code.body.1, code.around.0, code.around.1];
        (0..self.f.vars.len())
            .filter(|v| *v != total && self.is_outside(*v, pos))
            .filter(|v| reverse.iter().any(|code| names(code, &self.bars[*v].to_string())))
            .map(|v| self.part(v, &self.bars[total]))
            .collect()
    }

    fn part(&self, var: VarId, total_bar: &Ident) -> Option<Part> {
        let (v, bar, sum) = (&self.f.vars[var], &self.bars[var], self.fresh("sum"));
        let (name, factor) = (&v.name, quote!(#total_bar));
        let factor = if mutant::on(Mutant::SumNotScaled) {
            self.forward.number(1.0)
        } else {
            factor
        };
        let reference = is_reference(v);
        if v.ty.is_float() && !reference {
            let zero = self.forward.static_zero(&v.ty)?;
            return Some(Part {
                len: quote!(1),
                declare: quote!(let mut #bar = #zero;),
                value: bar.clone(),
                add: quote!(__p::add_scaled(::core::slice::from_mut(&mut #bar), #factor, &[#sum]);),
                sum,
            });
        }
        let (Ty::Slice(element) | Ty::Vec(element)) = &v.ty else {
            return None;
        };
        let owned = quote!(__tape.zeros(#name.len()));
        let (declare, value) = match (reference, &v.ty) {
            (true, Ty::Slice(_)) => (quote!(let mut #sum = #owned; let #bar = &mut #sum[..];), &sum),
            (true, _) => (quote!(let mut #sum = #owned; let #bar = &mut #sum;), &sum),
            (false, Ty::Vec(_)) => (quote!(let mut #bar = #owned;), bar),
            _ => return None,
        };
        element.is_float().then(|| Part {
            len: quote!(#name.len()),
            declare,
            value: value.clone(),
            add: quote!(__p::add_scaled(&mut #bar[..], #factor, &#sum); __tape.give_back(#sum);),
            sum: sum.clone(),
        })
    }
}

/// An iteration does enough to be worth it: it has a loop or a call.
fn works(body: &Block) -> bool {
    body.stmts.iter().any(|s| match s {
        Stmt::For(_) | Stmt::While(..) | Stmt::Call(_) => true,
        Stmt::If(_, a, b) => works(a) || works(b),
        Stmt::Match(_, arms) => arms.iter().any(|arm| works(&arm.body)),
        _ => false,
    })
}

/// Something may change through a value that holds a reference.
fn lends(body: &Block) -> bool {
    let mut found = false;
    expressions(body, &mut |e| {
        found |= matches!(e.kind, ExprKind::Ref(_, true) | ExprKind::Function(..))
    });
    found || calls_values(body)
}

fn calls_values(body: &Block) -> bool {
    body.stmts.iter().any(|s| match s {
        Stmt::Call(c) => matches!(c.target, Target::Callable),
        Stmt::If(_, a, b) => calls_values(a) || calls_values(b),
        Stmt::Match(_, arms) => arms.iter().any(|arm| calls_values(&arm.body)),
        Stmt::For(f) => calls_values(&f.body),
        Stmt::While(_, b) => calls_values(b),
        _ => false,
    })
}

/// How often the block adds to the variable.
fn additions(body: &Block, total: VarId) -> usize {
    let count = |s: &Stmt| match s {
        Stmt::Update(p, ..) => usize::from(p.root == total && p.projs.is_empty()),
        Stmt::If(_, a, b) => additions(a, total) + additions(b, total),
        Stmt::Match(_, arms) => arms.iter().map(|arm| additions(&arm.body, total)).sum(),
        Stmt::For(f) => additions(&f.body, total),
        Stmt::While(_, b) => additions(b, total),
        _ => 0,
    };
    body.stmts.iter().map(count).sum()
}
