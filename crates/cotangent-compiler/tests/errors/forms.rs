//! Expressions and statements that are outside the language.

use expect_test::expect;

use crate::check;

#[test]
fn unsafe_block() {
    check(
        "#[differentiable]\nfn f(x: f64) -> f64 {\n    let y = unsafe { g(x) };\n    y\n}",
        expect!["3:13 `unsafe` code cannot be differentiated: move it into a function with a rule of its own, `#[derivative(of = ..)]`"],
    );
    check(
        "#[differentiable]\nfn f(x: f64) -> f64 {\n    unsafe { g(x) }\n}",
        expect!["3:5 `unsafe` code cannot be differentiated: move it into a function with a rule of its own, `#[derivative(of = ..)]`"],
    );
    check(
        "#[differentiable]\nfn f(v: &[f64]) -> f64 {\n    2.0 * unsafe { v.get_unchecked(0) }\n}",
        expect!["3:11 `unsafe` code cannot be differentiated: move it into a function with a rule of its own, `#[derivative(of = ..)]`"],
    );
}

#[test]
fn asynchronous_code() {
    check(
        "#[differentiable]\nfn f(x: f64) -> f64 {\n    let y = async { x };\n    x\n}",
        expect!["3:13 `async` code cannot be differentiated"],
    );
    check(
        "#[differentiable]\nfn f(x: f64) -> f64 {\n    g(x).await\n}",
        expect!["3:10 `async` code cannot be differentiated"],
    );
}

#[test]
fn asynchronous_closure() {
    check(
        "#[differentiable]\nfn f(x: f64) -> f64 {\n    let g = async |y: f64| y;\n    x\n}",
        expect!["3:13 `async` code cannot be differentiated"],
    );
}

#[test]
fn unknown_macro_as_statement() {
    check(
        "#[differentiable]\nfn f(x: f64) -> f64 {\n    my_macro!(x);\n    x\n}",
        expect![
            "3:5 cannot differentiate through the macro `my_macro!`: write out what it does, or wrap it in a function that is marked `#[differentiable]` or called inside `constant(..)`"
        ],
    );
}

#[test]
fn unknown_macro_as_value() {
    check(
        "#[differentiable]\nfn f(x: f64) -> f64 {\n    let y = 2.0 * polynomial!(x, 1.0, 2.0);\n    y\n}",
        expect![
            "3:19 cannot differentiate through the macro `polynomial!`: write out what it does, or wrap it in a function that is marked `#[differentiable]` or called inside `constant(..)`"
        ],
    );
}

#[test]
fn unknown_macro_in_a_condition() {
    check(
        "#[differentiable]\nfn f(x: f64) -> f64 {\n    if near!(x, 1.0) { 0.0 } else { x }\n}",
        expect![
            "3:8 cannot differentiate through the macro `near!`: write out what it does, or wrap it in a function that is marked `#[differentiable]` or called inside `constant(..)`"
        ],
    );
}

#[test]
fn macro_with_a_path() {
    check(
        "#[differentiable]\nfn f(x: f64) -> f64 {\n    ndarray::array![x, x][0]\n}",
        expect![
            "3:5 cannot differentiate through the macro `array!`: write out what it does, or wrap it in a function that is marked `#[differentiable]` or called inside `constant(..)`"
        ],
    );
}

#[test]
fn vec_macro_that_does_not_parse() {
    check(
        "#[differentiable]\nfn f(x: f64) -> f64 {\n    let v = vec![x; ];\n    v[0]\n}",
        expect!["1:1 unexpected end of input, expected an expression"],
    );
    check(
        "#[differentiable]\nfn f(x: f64) -> f64 {\n    let v = vec![x x];\n    v[0]\n}",
        expect!["3:20 expected `,`"],
    );
}

#[test]
fn plain_macro_that_does_not_parse() {
    check(
        "#[differentiable]\nfn f(x: f64) -> f64 {\n    println!(\"{}\" x);\n    x\n}",
        expect!["3:19 expected `,`"],
    );
}

#[test]
fn static_inside() {
    check(
        "#[differentiable]\nfn f(x: f64) -> f64 {\n    static SCALE: f64 = 2.0;\n    SCALE * x\n}",
        expect![
            "3:5 a `static` inside a differentiable function could carry active values: make it a `const`, or move it out and read it through `constant(..)`"
        ],
    );
}

#[test]
fn assignment_to_a_static() {
    check(
        "#[differentiable]\nfn f(x: f64) -> f64 {\n    TOTAL = x;\n    x\n}",
        expect![
            "3:5 `TOTAL` is not a variable of this function: a static or a captured place cannot be written or differentiated; pass it as a parameter"
        ],
    );
    check(
        "#[differentiable]\nfn f(x: f64) -> f64 {\n    TOTAL += x;\n    x\n}",
        expect![
            "3:5 `TOTAL` is not a variable of this function: a static or a captured place cannot be written or differentiated; pass it as a parameter"
        ],
    );
    check(
        "#[differentiable]\nfn f(x: f64) -> f64 {\n    TABLE[0] = x;\n    x\n}",
        expect![
            "3:5 `TABLE` is not a variable of this function: a static or a captured place cannot be written or differentiated; pass it as a parameter"
        ],
    );
}

#[test]
fn item_inside() {
    check(
        "#[differentiable]\nfn f(x: f64) -> f64 {\n    mod part {}\n    x\n}",
        expect![
            "3:5 an item inside a differentiable function: move it out of the function and mark it `#[differentiable]` if it takes part in the derivative"
        ],
    );
    check(
        "#[differentiable]\nfn f(x: f64) -> f64 {\n    static COUNT: usize = 3;\n    x\n}",
        expect![
            "3:5 a `static` inside a differentiable function could carry active values: make it a `const`, or move it out and read it through `constant(..)`"
        ],
    );
}

#[test]
fn function_inside_without_a_derivative() {
    check(
        "#[differentiable]\nfn f(x: f64) -> f64 {\n    fn g(y: f64) -> f64 { y * y }\n    g(x)\n}",
        expect!["4:5 `g`, a function inside this one, has no derivative: put `#[differentiable]` on it"],
    );
}

#[test]
fn import_of_everything_in_an_inner_block() {
    check(
        "#[differentiable]\nfn f(x: f64) -> f64 {\n    let y = { use inner::*; 2.0 * x };\n    y\n}",
        expect!["3:15 `use ..::*` in an inner block: name what is imported, or move it to the start of the function"],
    );
}

#[test]
fn const_block() {
    check(
        "#[differentiable]\nfn f(x: f64) -> f64 {\n    x * const { 2.0 + 1.0 }\n}",
        expect![
            "3:9 cannot differentiate this kind of expression: write it with operators, calls and control flow, or wrap what is constant in `constant(..)`"
        ],
    );
}

#[test]
fn raw_address() {
    check(
        "#[differentiable]\nfn f(x: f64) -> f64 {\n    let p = &raw const x;\n    x\n}",
        expect![
            "3:13 cannot differentiate this kind of expression: write it with operators, calls and control flow, or wrap what is constant in `constant(..)`"
        ],
    );
}

#[test]
fn let_as_an_expression() {
    check(
        "#[differentiable]\nfn f(x: Option<f64>) -> f64 {\n    let found = (let Some(y) = x);\n    1.0\n}",
        expect![
            "3:18 cannot differentiate this kind of expression: write it with operators, calls and control flow, or wrap what is constant in `constant(..)`"
        ],
    );
}
