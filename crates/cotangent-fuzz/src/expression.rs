//! Random scalar expressions whose values stay small and away from domain ends.

use crate::catalogue::{FORMS, Form};
use crate::rng::Rng;
use crate::scope::Scope;
use std::collections::BTreeSet;

/// Values of named places are meant to stay within this size.
const PLACE_BOUND: f64 = 2.0;

/// What expressions are drawn from: the random source, the allowed forms and the rows met so far.
#[derive(Debug)]
pub struct Expressions {
    /// The random source of the whole program.
    pub rng: Rng,
    /// The forms that the chosen rows allow.
    pub forms: Vec<&'static Form>,
    /// The rows that occur in the program.
    pub tags: BTreeSet<&'static str>,
}

impl Expressions {
    /// Draws from the forms for which `allowed` says yes.
    pub fn new(rng: Rng, allowed: impl Fn(&str) -> bool) -> Self {
        let forms = FORMS.iter().filter(|form| allowed(form.tag)).collect();
        Self {
            rng,
            forms,
            tags: BTreeSet::new(),
        }
    }

    /// A literal in 0.2..1.9 with two digits.
    pub fn literal(&mut self) -> String {
        format!("{:.2}", self.rng.uniform(0.2, 1.9))
    }

    /// An expression of size about 2 over the places of `scope`.
    pub fn expression(&mut self, scope: &Scope, depth: usize) -> String {
        let (text, bound) = self.sized(scope, depth);
        if bound <= PLACE_BOUND {
            return text;
        }
        let squash = self.rng.pick(&["sin", "cos", "tanh", "atan"]);
        format!("({text}).{squash}()")
    }

    /// A comparison of two expressions.
    pub fn condition(&mut self, scope: &Scope) -> String {
        let operator = *self.rng.pick(&["<", ">", "<=", ">="]);
        let left = self.variable(scope);
        let right = if self.rng.chance(50) {
            self.literal()
        } else {
            self.expression(scope, 1)
        };
        match self.rng.below(6) {
            0 => format!("{left} {operator} 0.3 && {} > -0.4", self.variable(scope)),
            1 => format!("{left} {operator} 0.9 || {} < 0.1", self.variable(scope)),
            2 => format!("!({left} {operator} {right})"),
            _ => format!("{left} {operator} ({right})"),
        }
    }

    /// One scalar place or array element; its type is known to rustc, so a method can be called on it.
    pub fn variable(&mut self, scope: &Scope) -> String {
        let element = scope.scalars.is_empty() || (!scope.arrays.is_empty() && self.rng.chance(25));
        if element {
            let array = self.rng.pick(&scope.arrays).text.clone();
            return format!("{array}[{}]", self.rng.below(3));
        }
        let text = &self.rng.pick(&scope.scalars).text;
        if text.starts_with('*') { format!("({text})") } else { text.clone() }
    }

    /// An expression with a limit of its size, parenthesised where it must be.
    fn sized(&mut self, scope: &Scope, depth: usize) -> (String, f64) {
        if depth == 0 || self.forms.is_empty() || self.rng.chance(15) {
            return (self.variable(scope), PLACE_BOUND);
        }
        let form = *self.rng.pick(&self.forms);
        self.tags.insert(form.tag);
        let mut text = form.text.to_owned();
        for operand in ["{a}", "{b}", "{c}"] {
            if text.contains(operand) {
                let (value, bound) = self.sized(scope, depth - 1);
                let value = if bound > PLACE_BOUND { format!("({value}).sin()") } else { value };
                text = text.replace(operand, &parenthesised(value));
            }
        }
        (parenthesised(text), form.bound)
    }
}

/// Parentheses around anything but a plain place or a call, so that a method call binds to the whole.
fn parenthesised(text: String) -> String {
    let plain = text.chars().all(|c| c.is_alphanumeric() || "_.[]".contains(c));
    let enclosed = text.starts_with('(') && closes_at_end(&text);
    if plain || enclosed { text } else { format!("({text})") }
}

/// Whether the parenthesis that opens `text` closes at its end.
fn closes_at_end(text: &str) -> bool {
    let mut depth = 0usize;
    for (position, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return position + 1 == text.len();
        }
    }
    false
}
