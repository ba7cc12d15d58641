//! Reverse mode: forward code that records, and a reverse sweep that restores.
//!
//! The reverse sweep runs in the state the forward sweep left: each statement's changes are undone before its adjoint
//! runs, so that adjoints see the values the statement saw. Only what some adjoint reads is undone (`Needs`), which
//! is found by emitting until nothing new is read.

mod adjoint;
mod bars;
mod blocks;
mod branches;
mod callee;
mod calls;
mod cheap;
mod containers;
mod frames;
mod keep;
mod loops;
mod order;
mod pullbacks;
mod reads;
mod registers;
mod slices;
mod statements;
mod sums;
mod walk;

use std::cell::{Cell, RefCell};
use std::collections::HashSet;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};

pub use self::callee::{callee, lend_first, located, method_name};
pub use self::containers::swap_code;
pub use self::reads::for_reads;
use super::activity::Activity;
use super::layout::Layout;
use super::needs::{Definer, Need, Needs};
use super::print::Printer;
use crate::ir::{Access, Function, VarId};

/// The two halves of a function's code.
pub struct Sweeps {
    /// Declarations of witnesses.
    pub witnesses: TokenStream,
    /// Forward code; records on the tape.
    pub forward: TokenStream,
    /// Reverse code; takes from the tape.
    pub reverse: TokenStream,
    /// Name of each variable's cotangent.
    pub bars: Vec<Ident>,
}

/// Emits both sweeps.
pub fn sweeps(f: &Function, generic: Option<Ident>) -> Sweeps {
    let layout = Layout::of(f);
    let activity = Activity::of(f);
    let bars = bar_names(f);
    let mut known = Needs::default();
    for _ in 0..64 {
        let vjp = Vjp::new(f, &layout, &activity, &bars, &known, generic.clone());
        let (forward, reverse) = vjp.block(&f.body, 0);
        let (entry, end) = vjp.snapshots();
        let (forward, reverse) = (quote!(#entry #forward), quote!(#reverse #end));
        let found = vjp.found.into_inner();
        let complete = found.reads.is_subset(&known.reads) && found.definers == known.definers && found.frames == known.frames;
        if complete {
            let witnesses = vjp.witnesses.into_inner();
            return Sweeps {
                witnesses: quote!(#(let #witnesses = __p::Witness::new();)*),
                forward,
                reverse,
                bars,
            };
        }
        known.reads.extend(found.reads);
        known.definers = found.definers;
        known.frames = found.frames;
    }
    unreachable!("every round finds a new read, and there are finitely many")
}

fn bar_names(f: &Function) -> Vec<Ident> {
    let mut names = f.names.clone();
    f.vars
        .iter()
        .map(|v| {
            let base = v.name.to_string();
            let base = base.trim_start_matches("r#");
            let mut name = format!("{base}_bar");
            while !names.insert(name.clone()) {
                name.push('_');
            }
            Ident::new(&name, Span::mixed_site())
        })
        .collect()
}

struct Vjp<'f> {
    f: &'f Function,
    layout: &'f Layout,
    activity: &'f Activity,
    bars: &'f [Ident],
    known: &'f Needs,
    found: RefCell<Needs>,
    witnesses: RefCell<Vec<Ident>>,
    names: Cell<usize>,
    pos: Cell<usize>,
    blocks: Cell<usize>,
    loops: RefCell<Vec<usize>>,
    /// The block whose statement is being emitted.
    block_id: Cell<usize>,
    forward: Printer<'f>,
    again: Printer<'f>,
    defined: RefCell<HashSet<VarId>>,
    /// The loops that the named slices belong to.
    named_in: RefCell<Vec<usize>>,
    /// Positions of the `for` loops around the statement.
    for_loops: RefCell<Vec<usize>>,
    /// What the loops around the statement record.
    recordings: RefCell<Vec<frames::Recording>>,
    /// Variables that statements of this function change themselves.
    writes: RefCell<HashSet<VarId>>,
    /// Sums that a loop keeps apart from the place they belong to: its position, the place's code, the sum.
    sums: RefCell<Vec<(usize, String, TokenStream, Ident)>>,
}

impl<'f> Vjp<'f> {
    fn new(
        f: &'f Function,
        layout: &'f Layout,
        activity: &'f Activity,
        bars: &'f [Ident],
        known: &'f Needs,
        generic: Option<Ident>,
    ) -> Self {
        Vjp {
            f,
            layout,
            activity,
            bars,
            known,
            found: RefCell::default(),
            witnesses: RefCell::default(),
            names: Cell::new(0),
            pos: Cell::new(0),
            blocks: Cell::new(0),
            loops: RefCell::default(),
            block_id: Cell::new(0),
            forward: Printer {
                f,
                generic: generic.clone(),
                access: Access::Shared,
                named: Default::default(),
            },
            again: Printer {
                f,
                generic,
                access: Access::Again,
                named: Default::default(),
            },
            defined: RefCell::default(),
            for_loops: RefCell::default(),
            named_in: RefCell::default(),
            recordings: RefCell::default(),
            writes: RefCell::default(),
            sums: RefCell::default(),
        }
    }

    fn fresh(&self, base: &str) -> Ident {
        let n = self.names.get() + 1;
        self.names.set(n);
        format_ident!("__{}{}", base, n, span = Span::mixed_site())
    }
}
