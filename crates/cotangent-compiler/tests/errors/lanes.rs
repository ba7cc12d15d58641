//! What forward mode along several directions cannot carry.

use expect_test::expect;

use crate::check;

#[test]
fn methods() {
    check(
        "#[differentiable(lanes)] fn f(p: &P, x: f64) -> f64 { p.energy(x) }",
        expect![
            "1:57 methods are not carried along several directions (`lanes`): write it with functions of floats, slices, `Vec`s, arrays and tuples, or leave out `lanes`"
        ],
    );
}

#[test]
fn structs() {
    check(
        "#[differentiable(lanes)] fn f(x: f64) -> P { P { a: x } }",
        expect![
            "1:46 structs and enums are not carried along several directions (`lanes`): write it with functions of floats, slices, `Vec`s, arrays and tuples, or leave out `lanes`"
        ],
    );
}

#[test]
fn associated_functions() {
    check(
        "#[differentiable(lanes)] fn f(x: f64) -> f64 { P::of(x) }",
        expect![
            "1:48 methods are not carried along several directions (`lanes`): write it with functions of floats, slices, `Vec`s, arrays and tuples, or leave out `lanes`"
        ],
    );
}

#[test]
fn on_an_impl() {
    check(
        "#[differentiable(lanes)] impl P { fn f(&self) -> f64 { self.a } }",
        expect!["1:26 `lanes` goes on functions: the tangents of structs are not carried along several directions"],
    );
}
