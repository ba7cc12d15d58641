//! Entry points that have no derivative themselves, called inside differentiable code.

use expect_test::expect;

use crate::check;

#[test]
fn closures_and_buffers() {
    check(
        "#[differentiable]\nfn f(x: f64) -> f64 {\n    let (y, pullback) = h::vjp(x);\n    y\n}",
        expect!["3:28 `vjp` has no derivative itself: inside differentiable code call `grad`, `value_and_grad`, `jvp`, `hvp` or `hessian`"],
    );
    check(
        "#[differentiable]\nfn f(x: f64) -> f64 {\n    h::jacobian(x)[(0, 0)]\n}",
        expect![
            "3:8 `jacobian` has no derivative itself: inside differentiable code call `grad`, `value_and_grad`, `jvp`, `hvp` or `hessian`"
        ],
    );
}

#[test]
fn tangents_that_do_not_match() {
    check(
        "#[differentiable]\nfn f(x: f64, s: f64) -> f64 {\n    h::jvp((x, s), s).1\n}",
        expect!["3:5 inside differentiable code, write the arguments and the tangents of `jvp` as two tuples of the same length"],
    );
}
