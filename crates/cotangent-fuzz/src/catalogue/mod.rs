//! The rows of the language, as snippets of ordinary Rust.

mod closures;
mod containers;
mod control;
mod loops;
mod maths;
mod operators;
mod places;
mod structs;

pub use maths::{FORMS, Form};

use crate::signature::{KINDS, Returned};
use crate::template::Snippet;
use std::collections::BTreeSet;

const fn snippet(tags: &'static str, items: &'static str, body: &'static str) -> Snippet {
    Snippet { tags, items, body }
}

/// Every snippet.
pub fn snippets() -> impl Iterator<Item = &'static Snippet> {
    [
        control::SNIPPETS,
        loops::SNIPPETS,
        places::SNIPPETS,
        containers::SNIPPETS,
        structs::SNIPPETS,
        operators::SNIPPETS,
        closures::SNIPPETS,
    ]
    .into_iter()
    .flatten()
}

/// Every row of the coverage table, with the part of the language that it belongs to.
pub fn rows() -> BTreeSet<&'static str> {
    let results = [
        Returned::Scalar,
        Returned::Pair,
        Returned::Array,
        Returned::Vector,
        Returned::Optional,
        Returned::Unit,
    ];
    snippets()
        .flat_map(Snippet::rows)
        .chain(FORMS.iter().map(|form| form.tag))
        .chain(KINDS.iter().map(|kind| kind.tag))
        .chain(results.map(Returned::tag))
        .collect()
}
