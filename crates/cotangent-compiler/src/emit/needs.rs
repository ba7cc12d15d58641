//! What the reverse sweep reads of the primal; found by emitting it, until nothing new is read.

use std::collections::{HashMap, HashSet};

use super::layout::{Layout, overlap};
use crate::ir::VarId;
use crate::mutant::{self, Mutant};

/// A read of the primal in the reverse sweep.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Need {
    pub var: VarId,
    pub path: Vec<String>,
    /// The state it wants: that before the statement at this position.
    pub pos: usize,
    pub loops: Vec<usize>,
    /// Only lengths and variants matter.
    pub shape: bool,
}

/// The last contribution to a cotangent in program order, the first in the reverse sweep.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Definer {
    pub pos: usize,
    pub block: usize,
    /// A plain addition to the whole variable, so it can declare the cotangent.
    pub simple: bool,
}

/// What one round of emission found.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct Needs {
    pub reads: HashSet<Need>,
    pub definers: HashMap<VarId, Definer>,
    /// Loops whose iterations record so many numbers and nothing else, by position.
    pub frames: HashMap<usize, usize>,
}

impl Needs {
    /// The reverse sweep reads the variable at all.
    pub fn of_var(&self, var: VarId) -> bool {
        self.reads.iter().any(|n| n.var == var)
    }

    /// Whether a change at `pos` must be undone in the reverse sweep.
    pub fn restore(&self, layout: &Layout, var: VarId, path: &[String], pos: usize, loops: &[usize], keeps_shape: bool) -> bool {
        let outside = &layout.decl_loops[var];
        let before = |read: usize, change: usize| {
            if mutant::on(Mutant::NeedsOfOwnStatement) {
                read < change
            } else {
                read <= change
            }
        };
        let again = |same_loop: bool| same_loop && !mutant::on(Mutant::NeedsOfLaterRounds);
        self.reads.iter().any(|n| {
            n.var == var
                && overlap(&n.path, path)
                && (!n.shape || !keeps_shape)
                && (before(n.pos, pos) || n.loops.iter().any(|l| again(loops.contains(l) && !outside.contains(l))))
        })
    }
}
