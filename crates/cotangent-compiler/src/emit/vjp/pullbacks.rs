//! Pullbacks of calls: each argument is passed again, with the place where its cotangent is added.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::Vjp;
use super::callee::{callee, has_user_index, is_operator, lend_first};
use crate::emit::apart::{Parts, reads_lent};
use crate::emit::function::{grouped, grouped_bars};
use crate::ir::{Arg, Call, Expr, ExprKind, Inert, Place, Target, Ty, VarId};
use crate::mutant::{self, Mutant};

/// The arguments of a pullback.
#[derive(Default)]
struct Lent {
    /// The arguments of the call, again.
    again: Vec<TokenStream>,
    /// Their cotangents.
    bars: Vec<TokenStream>,
    /// Code before the call, and what is borrowed last.
    before: TokenStream,
    borrowed: TokenStream,
    /// Code after the call.
    after: TokenStream,
    /// Variables whose cotangents are lent.
    used: Vec<VarId>,
    /// Parts of one variable that are borrowed together, and of its cotangent.
    parts: Parts,
    part_bars: Parts,
}

impl Vjp<'_> {
    /// Runs a pullback, with the arguments again.
    pub(super) fn reverse_call(&self, c: &Call, pb: &Ident, reverse: &mut TokenStream) {
        let seed = self.seed(c);
        let mut lent = Lent {
            parts: self.again.primal_parts(c),
            part_bars: self.bar_parts(c),
            ..Lent::default()
        };
        lent.borrowed.extend(std::mem::take(&mut lent.parts.before));
        lent.borrowed.extend(std::mem::take(&mut lent.part_bars.before));
        let mut values = vec![];
        for (k, arg) in c.args.iter().enumerate() {
            let receiver = k == 0 && matches!(c.target, Target::Method(..));
            match arg {
                Arg::Value(e) => values.extend(self.value_again(e, is_operator(c), &mut lent).map(|b| (e, b))),
                Arg::Inert(i) => self.inert_again(i, reads_lent(c, k), &mut lent),
                Arg::Ref(p) => self.place_again(k, p, (false, receiver), &mut lent),
                Arg::RefMut(p) => self.place_again(k, p, (true, receiver), &mut lent),
            }
        }
        // Cotangents that are lent come first; those of values are added when the pullback has run.
        for (e, b) in values {
            if self.activity.expr(e) {
                self.adjoint(e, quote!(#b), &mut lent.after);
            }
        }
        let (before, borrowed, after) = (&lent.before, &lent.borrowed, &lent.after);
        let run = run(c, pb, &seed, &lent);
        // Parts that are borrowed together are given back at once.
        reverse.extend(if lent.parts.places.is_empty() {
            quote!(#before #borrowed #run #after)
        } else {
            quote!(#before { #borrowed #run } #after)
        });
    }

    /// The cotangent of the result.
    fn seed(&self, c: &Call) -> TokenStream {
        match c.dest {
            Some(d) if self.has_bar(d) => {
                let bar = &self.bars[d];
                quote!(#bar)
            }
            Some(d) => {
                // The result is dropped or inactive: its cotangent is zero.
                let place = Place::var(d, self.f.vars[d].ty.clone());
                self.need_here(&place, true);
                let name = &self.f.vars[d].name;
                quote!(__p::zero(&#name))
            }
            None => quote!(()),
        }
    }

    /// Passes a value again; gives the name of its cotangent, if that is to be added afterwards.
    fn value_again(&self, e: &Expr, operator: bool, lent: &mut Lent) -> Option<Ident> {
        let t = self.fresh("arg");
        let value = self.value(e);
        lent.before.extend(quote!(let #t = #value;));
        let by_ref = operator && matches!(e.kind, ExprKind::Ref(..));
        lent.again.push(if by_ref { quote!(#t) } else { quote!(&#t) });
        if let ExprKind::Read(p) = &e.kind
            && self.f.callables.contains(&p.root)
        {
            // What a closure changes has its cotangent turned in place.
            let bar = self.reference_bar(p, (false, false), lent);
            lent.bars.push(bar);
            return None;
        }
        let b = self.fresh("b");
        if operator {
            // Operators give the cotangents of their operands back.
            lent.bars.push(quote!(#b));
        } else {
            let zero = self.forward.static_zero(&e.ty).unwrap_or_else(|| quote!(__p::zero(&#t)));
            lent.before.extend(quote!(let mut #b = #zero;));
            lent.bars.push(quote!(&mut #b));
        }
        Some(b)
    }

    fn inert_again(&self, i: &Inert, reads_lent: bool, lent: &mut Lent) {
        self.need_inert(i);
        let t = &i.tokens;
        lent.again.push(if t.to_string().starts_with('&') {
            quote!(#t)
        } else if reads_lent {
            quote!(&__p::dup(&#t))
        } else {
            quote!(&(#t))
        });
        lent.bars.push(quote!(&mut ()));
    }

    fn place_again(&self, k: usize, p: &Place, (mutable, receiver): (bool, bool), lent: &mut Lent) {
        self.need_here(p, false);
        let code = if mutable { self.forward.place_mut(p) } else { self.again.place(p) };
        let code = lent.parts.places.get(&k).unwrap_or(&code);
        let borrowed = match (receiver, mutable) {
            (true, _) if lent.parts.places.is_empty() => code.clone(),
            (_, true) => quote!((&mut #code)),
            (_, false) => quote!((&#code)),
        };
        let name = self.fresh("lent");
        lent.again.push(lend_first(p, borrowed, name, !receiver, &mut lent.borrowed));
        let bar = match lent.part_bars.places.get(&k) {
            Some(bar) => quote!(&mut #bar),
            None => self.reference_bar(p, (mutable, receiver), lent),
        };
        lent.bars.push(if has_user_index(p) {
            let name = self.fresh("lent");
            lent.borrowed.extend(quote!(let #name = #bar;));
            quote!(#name)
        } else {
            bar
        });
    }

    /// Parts of the cotangents of one variable, borrowed together as the parts of the variable are.
    fn bar_parts(&self, c: &Call) -> Parts {
        self.again.parts(c, true, &|base| {
            let bar = self.activity.place(base).then(|| self.bar(base))?;
            self.uses_bar(base.root, false);
            Some(bar)
        })
    }

    /// Where the cotangent of a borrowed argument is added: in place, or in a buffer if the variable is lent twice.
    /// What is lent by `&mut` overlaps nothing else: its cotangent goes in and comes out in place.
    fn reference_bar(&self, p: &Place, (mutable, receiver): (bool, bool), lent: &mut Lent) -> TokenStream {
        if p.ty == Ty::Inert {
            return quote!(&mut ());
        }
        let b = self.fresh("b");
        let value = self.again.place(p);
        if !self.activity.place(p) {
            // A receiver has a tangent, whatever else a constant may be.
            let constant = !receiver && self.f.params.iter().any(|q| q.var == p.root && !q.active) && p.is_opaque(&self.f.vars);
            if constant {
                return quote!(&mut ());
            }
            if matches!(&p.ty, Ty::Slice(t) if t.is_float()) {
                // What flows to a constant is thrown away; often in a loop, so the buffer is not allocated each time.
                lent.before.extend(quote!(let mut #b = __p::zeros_like(__tape, &#value);));
                lent.after.extend(quote!(__tape.give_back(#b);));
            } else {
                lent.before.extend(quote!(let mut #b = __p::zero(&#value);));
            }
            return quote!(&mut #b);
        }
        self.uses_bar(p.root, false);
        let bar = self.bar(p);
        if lent.used.contains(&p.root) && (receiver || !mutable) {
            lent.before.extend(quote!(let mut #b = __p::zero(&#value);));
            if !mutant::on(Mutant::LentTwiceForgotten) {
                lent.after.extend(quote!(__p::add_ref(&mut #bar, &#b);));
            }
            return quote!(&mut #b);
        }
        lent.used.push(p.root);
        quote!(&mut #bar)
    }
}

/// The call of the pullback itself.
fn run(c: &Call, pb: &Ident, seed: &TokenStream, lent: &Lent) -> TokenStream {
    let (again, bars) = (&lent.again, &lent.bars);
    match &c.target {
        Target::Method(..) => {
            let pull = callee(c, "pull");
            let (receiver, rest) = (&again[0], &again[1..]);
            quote!(#receiver.#pull(#pb, (#(#rest,)*), __tape, #seed, (#(#bars,)*));)
        }
        Target::Operator(_) | Target::Negate => quote!(let (#(#bars),*) = #pb(#(#again,)* __tape, #seed);),
        Target::OperatorAssign(_) => {
            let (places, values) = bars.split_at(1 << c.level);
            quote!(let (#(#values),*) = #pb(#(#again,)* __tape, #(#places),*);)
        }
        Target::Callable => {
            let (again, bars) = (grouped(again, c.level), grouped_bars(bars, c.level));
            quote!(#pb(#(#again,)* __tape, #seed, #(#bars,)*);)
        }
        _ => quote!(#pb(#(#again,)* __tape, #seed, #(#bars,)*);),
    }
}
