//! Makes a failing program small: as long as it still compiles as plain Rust and still fails in the same way,
//! statements and items are deleted, blocks are unwrapped and expressions are replaced by a part of them.

mod edit;

use self::edit::{Grain, edited};
use crate::build::{Toolchain, Unit, run_programs};
use crate::generate::module;
use crate::glue::Derivatives;
use std::time::{Duration, Instant};

/// The way a program fails, without numbers and names: a smaller program must fail in the same way.
pub fn kind(failure: &str) -> String {
    let head = failure.lines().next().unwrap_or_default();
    // Leaf names and numbers follow the first colon, except after these two, where the text tells failures apart.
    let tells = head.starts_with("compile") || head.starts_with("panic");
    let head = if tells {
        head.to_owned()
    } else {
        head.split([':', '`']).next().unwrap_or_default().to_owned()
    };
    let head = head
        .split(" (at [")
        .next()
        .unwrap_or_default()
        .replace(|c: char| c.is_ascii_digit(), "");
    // Odd pieces stand between backticks.
    head.split('`').step_by(2).collect::<Vec<_>>().join("..")
}

/// A failing program on its way down.
#[derive(Clone, Debug)]
pub struct Failing {
    /// The name of its module.
    pub name: String,
    /// Its items.
    pub source: String,
    /// The text that calls it, which stays.
    pub glue: String,
    /// The glue without derivatives.
    pub plain_glue: String,
    /// How it fails.
    pub failure: String,
    /// Whether `f32` takes part.
    pub single: bool,
    /// Which derivatives it is compiled with.
    pub derivatives: Derivatives,
}

impl Failing {
    /// The module with derivatives.
    pub fn unit(&self, source: &str) -> Unit {
        Unit {
            name: self.name.clone(),
            text: module(source, &self.glue, self.derivatives),
            single: self.single,
        }
    }

    /// The failure of another source in the same place, where it fails in the same way.
    fn still_fails(&self, toolchain: &Toolchain, source: &str) -> Option<String> {
        let plain = Unit {
            name: self.name.clone(),
            text: module(source, &self.plain_glue, Derivatives::None),
            single: self.single,
        };
        // Any other failure shows itself only after the program compiled.
        if self.failure.starts_with("compile") && !toolchain.accepts(&plain) {
            return None;
        }
        let found = run_programs(toolchain, &[self.unit(source)]).ok()?;
        let (_, failure) = found.failures.into_iter().next()?;
        (kind(&failure) == kind(&self.failure)).then_some(failure)
    }

    /// Shrinks until no single edit is possible any more, or the time is up.
    #[must_use]
    pub fn shrunk(mut self, toolchain: &Toolchain, patience: Duration) -> Self {
        let start = Instant::now();
        loop {
            let before = self.source.len();
            // The result first: it holds on to every variable.
            for grain in [Grain::Result, Grain::Statements, Grain::Items, Grain::Expressions] {
                self.pass(toolchain, grain, start + patience);
            }
            if self.source.len() >= before || start.elapsed() >= patience {
                return self;
            }
        }
    }

    /// Tries every edit of one grain once; where one succeeds, the next in its place.
    fn pass(&mut self, toolchain: &Toolchain, grain: Grain, end: Instant) {
        let mut position = 0;
        while Instant::now() < end {
            let Some(source) = edited(&self.source, grain, position) else {
                break;
            };
            // An edit such as 0.5 for 0.5 would go on for ever.
            let smaller = source.len() < self.source.len();
            match smaller.then(|| self.still_fails(toolchain, &source)).flatten() {
                Some(failure) => (self.source, self.failure) = (source, failure),
                None => position += 1,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::kind;

    #[test]
    fn panics_are_told_apart_by_their_text() {
        assert_eq!(kind("panic: pop of a `f64` at word 18 (at [0.1])"), "panic: pop of a .. at word ");
    }

    #[test]
    fn the_kind_leaves_numbers_and_names_out() {
        assert_eq!(kind("dot test: forward 1e0, reverse 2e0"), "dot test");
        assert_eq!(kind("differences, reverse, `x[1]`: got 1"), "differences, reverse, ");
        assert_eq!(
            kind("compile: error: cannot find `q` in `f`\n  --> p.rs"),
            "compile: error: cannot find .. in .."
        );
    }
}
