//! A [`Case`] for every input: what is timed on it, and by which tools it is differentiated.

use std::hint::black_box;

use serde_json::Map;

use crate::case::{Case, Derivatives, Style};
use crate::input::{Input, Problem};

pub mod ba;
pub mod building;
pub mod gmm;
pub mod hand;
pub mod lstm;
pub mod lu;

/// The case of an input of ADBench's.
pub fn adbench(input: &Input, style: Style) -> Case {
    let mut case = match &input.problem {
        Problem::Gmm(gmm) => gmm::case(gmm, style),
        Problem::Ba(ba) => ba::case(ba, style),
        Problem::Lstm(lstm) => lstm::case(lstm, style),
        Problem::Hand(hand) => hand::case(hand, style),
    };
    case.kind.clone_from(&input.kind);
    case.expected.clone_from(&input.expected);
    case
}

/// A task that keeps its result from being optimised away.
fn task<R>(mut run: impl FnMut() -> R + 'static) -> Box<dyn FnMut()> {
    Box::new(move || {
        black_box(run());
    })
}

/// Named derivatives out of pairs.
fn named<const N: usize>(pairs: [(&str, serde_json::Value); N]) -> Derivatives {
    pairs
        .into_iter()
        .map(|(name, value)| (name.to_string(), value))
        .collect::<Map<_, _>>()
}
