//! `cotangent/tests/rules/table.rs` has one line for every rule.
//!
//! After a change of the rules: `UPDATE_EXPECT=1 cargo test -p cotangent-compiler --test rule_table`.

use cotangent_compiler::rules::{RULES, ScalarRule};
use expect_test::expect_file;

/// Exponents of `powi`: both signs, and those whose derivatives vanish.
const EXPONENTS: [i32; 8] = [-3, -2, -1, 0, 1, 2, 3, 4];

/// The call as a user writes it.
fn call(rule: &ScalarRule) -> String {
    let names: Vec<&str> = rule.args.iter().map(|argument| argument.0).collect();
    match rule.name {
        "modulo" => "x % m".to_owned(),
        name @ ("erf" | "erfc" | "lgamma" | "digamma") => format!("cotangent::math::{name}(x)"),
        name => format!("{}.{name}({})", names[0], names[1..].join(", ")),
    }
}

fn line(name: &str, rule: &ScalarRule, call: &str) -> String {
    let floats = rule.args.iter().enumerate().filter(|(k, _)| !rule.is_integer(*k));
    let arguments: Vec<String> = floats
        .map(|(_, (x, low, high))| format!("({x} {x}_dot {low:?} {high:?})"))
        .collect();
    format!("rule!({name} {{ {} }} {{ {call} }});\n", arguments.join(" "))
}

fn table() -> String {
    let mut out = String::from(
        "//! Made from the compiler's table of rules by `cotangent-compiler/tests/rule_table.rs`.\n//!\n\
         //! The helpers of the table are parts of other rules: first order of theirs is second order of those.\n\n\
         use crate::rule;\n\n",
    );
    for rule in RULES.iter().filter(|rule| !rule.helper) {
        if !(0..rule.args.len()).any(|k| rule.is_integer(k)) {
            out += &line(rule.name, rule, &call(rule));
            continue;
        }
        for n in EXPONENTS {
            let name = format!("{}_{}{}", rule.name, if n < 0 { "minus_" } else { "" }, n.abs());
            out += &line(&name, rule, &format!("x.{}({n})", rule.name));
        }
    }
    out
}

#[test]
fn every_rule_has_a_test() {
    expect_file!["../../cotangent/tests/rules/table.rs"].assert_eq(&table());
}

/// The helpers occur in partials of rules that are tested, so none of them goes without a test.
#[test]
fn every_helper_is_a_part_of_another_rule() {
    for helper in RULES.iter().filter(|rule| rule.helper) {
        let named = |rule: &&ScalarRule| {
            rule.name != helper.name && rule.partials.iter().any(|partial| partial.contains(&format!("{}(", helper.name)))
        };
        assert!(RULES.iter().any(|rule| named(&rule)), "no rule has `{}` in a partial", helper.name);
    }
}
