//! Loops, branches and patterns.

use expect_test::expect;

use crate::check;

#[test]
fn unknown_iterator() {
    check(
        "#[differentiable]\nfn f(v: &[f64]) -> f64 {\n    let mut s = 0.0;\n    for x in v.iter().peekable() {\n        s += x;\n    }\n    s\n}",
        expect![
            "4:14 cannot differentiate a loop over this iterator: use a range, a slice or `Vec`, with `iter`, `iter_mut`, `rev`, `enumerate`, `zip`, `chunks`, `windows`, `skip`, `take`, `step_by`, `map` or `filter`"
        ],
    );
    check(
        "#[differentiable]\nfn f(v: &[f64]) -> f64 {\n    let mut s = 0.0;\n    for x in v.rchunks(2) {\n        s += x[0];\n    }\n    s\n}",
        expect![
            "4:14 cannot differentiate a loop over this iterator: use a range, a slice or `Vec`, with `iter`, `iter_mut`, `rev`, `enumerate`, `zip`, `chunks`, `windows`, `skip`, `take`, `step_by`, `map` or `filter`"
        ],
    );
    check(
        "#[differentiable]\nfn f(v: &[f64]) -> f64 {\n    let mut s = 0.0;\n    for x in v.iter().scan(0.0, |a, x| Some(*a + x)) {\n        s += x;\n    }\n    s\n}",
        expect![
            "4:14 cannot differentiate a loop over this iterator: use a range, a slice or `Vec`, with `iter`, `iter_mut`, `rev`, `enumerate`, `zip`, `chunks`, `windows`, `skip`, `take`, `step_by`, `map` or `filter`"
        ],
    );
}

#[test]
fn endless_range() {
    check(
        "#[differentiable]\nfn f(x: f64) -> f64 {\n    let mut s = 0.0;\n    for k in 0.. {\n        if k > 9 { break; }\n        s += x;\n    }\n    s\n}",
        expect![
            "4:14 cannot differentiate a loop over this iterator: use a range, a slice or `Vec`, with `iter`, `iter_mut`, `rev`, `enumerate`, `zip`, `chunks`, `windows`, `skip`, `take`, `step_by`, `map` or `filter`"
        ],
    );
}

#[test]
fn adapter_after_filter() {
    check(
        "#[differentiable]\nfn f(v: &[f64]) -> f64 {\n    let mut s = 0.0;\n    for (k, x) in v.iter().filter(|x| **x > 0.0).enumerate() {\n        s += x * k as f64;\n    }\n    s\n}",
        expect!["4:5 this adapter cannot follow `filter`: put `filter` last, or write the loop out"],
    );
    check(
        "#[differentiable]\nfn f(v: &[f64]) -> f64 {\n    v.iter().filter(|x| **x > 0.0).rev().sum::<f64>()\n}",
        expect!["3:5 this adapter cannot follow `filter`: put `filter` last, or write the loop out"],
    );
}

#[test]
fn pattern_over_a_range() {
    check(
        "#[differentiable]\nfn f(x: f64) -> f64 {\n    for (i, j) in 0..3 {\n        x;\n    }\n    x\n}",
        expect!["3:9 the variable of a loop over a range is one name"],
    );
}

#[test]
fn break_outside_of_a_loop() {
    check(
        "#[differentiable]\nfn f(x: f64) -> f64 {\n    break;\n    x\n}",
        expect!["3:5 `break` outside of a loop"],
    );
    check(
        "#[differentiable]\nfn f(x: f64) -> f64 {\n    continue;\n    x\n}",
        expect!["3:5 `continue` outside of a loop"],
    );
}

#[test]
fn unknown_label() {
    check(
        "#[differentiable]\nfn f(x: f64) -> f64 {\n    loop {\n        break 'outer;\n    }\n    x\n}",
        expect!["4:9 `break` outside of a loop"],
    );
}

#[test]
fn let_chain() {
    check(
        "#[differentiable]\nfn f(a: Option<f64>, b: Option<f64>) -> f64 {\n    if let Some(x) = a && let Some(y) = b { x * y } else { 0.0 }\n}",
        expect!["3:27 more than one `let` in a condition: nest the `if let`s"],
    );
}

#[test]
fn alternatives_that_bind() {
    check(
        "#[differentiable]\nfn f(s: Shape) -> f64 {\n    match s {\n        Shape::Disk(r) | Shape::Ball(r) => r * r,\n        _ => 0.0,\n    }\n}",
        expect!["4:9 alternatives that bind names: write one arm for each"],
    );
}

#[test]
fn deferred_pattern() {
    check(
        "#[differentiable]\nfn f(x: f64) -> f64 {\n    let (a, b);\n    (a, b) = (x, x);\n    a * b\n}",
        expect![[r#"
            3:9 a declaration without value names one variable
            4:6 `a` is not a variable of this function: a static or a captured place cannot be written or differentiated; pass it as a parameter
            4:9 `b` is not a variable of this function: a static or a captured place cannot be written or differentiated; pass it as a parameter"#]],
    );
}
