//! Callees: functions without a rule, closures in places where they cannot be followed.

use expect_test::expect;

use crate::check;

#[test]
fn std_method_without_a_rule() {
    for name in ["gamma", "ln_gamma", "next_up", "next_down"] {
        let source = format!("#[differentiable]\nfn f(x: f64) -> f64 {{\n    x.{name}()\n}}");
        let message = "has no derivative rule: use `constant(..)` if it does not matter, or write it with functions that have one";
        check_text(&source, &format!("3:7 `{name}` {message}"));
    }
}

/// As [`check`], for a text that is put together.
#[track_caller]
fn check_text(source: &str, expected: &str) {
    let (attribute, item) = crate::split_attribute(source.parse().expect("tokens"));
    assert_eq!(crate::errors(cotangent_compiler::differentiable(attribute, item)), expected);
}

#[test]
fn std_function_without_a_rule() {
    check(
        "#[differentiable]\nfn f(x: f64) -> f64 {\n    1.0 + f64::midpoint(x, 2.0)\n}",
        expect![
            "3:11 `midpoint` has no derivative rule: use `constant(..)` if it does not matter, or give a function of yours a rule with `#[derivative]`"
        ],
    );
    check(
        "#[differentiable]\nfn f(x: f32) -> f32 {\n    f32::next_up(x)\n}",
        expect![
            "3:5 `next_up` has no derivative rule: use `constant(..)` if it does not matter, or give a function of yours a rule with `#[derivative]`"
        ],
    );
}

#[test]
fn through_the_bits() {
    check(
        "#[differentiable]\nfn f(x: f64) -> f64 {\n    let bits = f64::to_bits(x);\n    bits as f64\n}",
        expect![
            "3:16 `to_bits` has no derivative rule: use `constant(..)` if it does not matter, or give a function of yours a rule with `#[derivative]`"
        ],
    );
}

#[test]
fn call_of_an_expression() {
    check(
        "#[differentiable]\nfn f(x: f64, fs: &Table) -> f64 {\n    (fs.first)(x)\n}",
        expect!["3:5 cannot differentiate a call of this: call a function by its name, or a closure bound by `let`"],
    );
    check(
        "#[differentiable]\nfn f(x: f64, fs: &Table) -> f64 {\n    fs[0](x)\n}",
        expect!["3:5 cannot differentiate a call of this: call a function by its name, or a closure bound by `let`"],
    );
    check(
        "#[differentiable]\nfn f(x: f64) -> f64 {\n    g(1)(x)\n}",
        expect!["3:5 cannot differentiate a call of this: call a function by its name, or a closure bound by `let`"],
    );
}

#[test]
fn closure_as_a_value() {
    check(
        "#[differentiable]\nfn f(x: f64) -> f64 {\n    let pair = (|y: f64| y * x, 1.0);\n    pair.1\n}",
        expect!["3:17 a closure may be bound by `let` and called, or passed to a function; it cannot be stored in another value here"],
    );
    check(
        "#[differentiable]\nfn f(x: f64) -> f64 {\n    let g = |y: f64| y * x;\n    let h = [g];\n    x\n}",
        expect!["4:14 a closure may be called, or passed to a function; it cannot be stored in another value here"],
    );
}

#[test]
fn closure_boxed() {
    check(
        "#[differentiable]\nfn f(x: f64) -> f64 {\n    let g = Box::new(|y: f64| y * x);\n    g(x)\n}",
        expect!["3:22 a closure may be bound by `let` and called, or passed to a function; it cannot be stored in another value here"],
    );
}

#[test]
fn closure_with_wrong_number_of_arguments() {
    check(
        "#[differentiable]\nfn f(x: f64) -> f64 {\n    let g = |y: f64| y * x;\n    g(x, x)\n}",
        expect!["4:5 wrong number of arguments for this closure"],
    );
}

#[test]
fn filter_by_a_name() {
    check(
        "#[differentiable]\nfn f(v: &[f64]) -> f64 {\n    v.iter().filter(positive).sum::<f64>()\n}",
        expect!["3:21 `filter` takes a closure here"],
    );
}

#[test]
fn map_by_an_expression() {
    check(
        "#[differentiable]\nfn f(v: &[f64]) -> f64 {\n    v.iter().map(table[0]).sum::<f64>()\n}",
        expect!["3:18 expected a closure or the name of a function"],
    );
}

#[test]
fn sum_with_an_argument() {
    check(
        "#[differentiable]\nfn f(v: &[f64]) -> f64 {\n    v.iter().sum(1.0)\n}",
        expect!["3:5 unexpected arguments"],
    );
}

#[test]
fn closure_that_changes_what_it_captures() {
    check(
        "#[differentiable(order = 3)]\nfn f(x: f64) -> f64 {\n    let mut t = x;\n    each(|q: f64| t += q, x);\n    t\n}",
        expect![
            "4:10 a closure that changes what it captures has derivatives of order 1 and 2: let it return a value, and change the variable here"
        ],
    );
    check(
        "#[differentiable]\nfn f(x: f64) -> f64 {\n    let mut t = x;\n    each::grad(|q: f64| t += q, x)\n}",
        expect!["4:5 a closure that changes what it captures has no gradient: let it return a value"],
    );
    check(
        "#[differentiable(checkpoint)]\nfn f<F: FnMut(f64) -> f64>(mut g: F, x: f64) -> f64 {\n    g(x)\n}",
        expect!["2:9 `checkpoint` runs the function again, which a closure that changes what it captures does not allow: bound it by `Fn`"],
    );
}

#[test]
fn closure_that_takes_a_borrow_in_a_value_passed_on() {
    check(
        "#[differentiable]\nfn f(x: f64) -> f64 {\n    each(|v: &[&f64]| v[0] * x, x)\n}",
        expect!["3:14 a closure that is passed on takes values and references without borrows in them: pass this in another form"],
    );
    check(
        "#[differentiable]\nfn f<F: Fn(Option<&f64>) -> f64>(g: F, x: f64) -> f64 {\n    x\n}",
        expect!["2:12 a function that is passed on takes values and references without borrows in them: pass this in another form"],
    );
}

#[test]
fn call_of_a_value() {
    check(
        "#[differentiable]\nfn f(x: f64, g: Curve) -> f64 {\n    g(x)\n}",
        expect!["3:5 only functions, closures and parameters bounded by `Fn` can be called"],
    );
    check(
        "#[differentiable]\nfn f(x: f64, g: fn(f64) -> f64) -> f64 {\n    g(x)\n}",
        expect!["3:5 only functions, closures and parameters bounded by `Fn` can be called"],
    );
}
