//! All errors of a function come at once, in the order of the source.

use expect_test::expect;

use crate::check;

#[test]
fn every_error_of_one_function() {
    check(
        "#[differentiable]
fn f(x: f64, v: &[f64]) -> f64 {
    let a = unsafe { g(x) };
    let b = polynomial!(x);
    let c = x.gamma();
    for y in v.iter().peekable() {
        TOTAL += y;
    }
    let s = Rc::new(x);
    a + b + c
}",
        expect![[r#"
            3:13 `unsafe` code cannot be differentiated: move it into a function with a rule of its own, `#[derivative(of = ..)]`
            4:13 cannot differentiate through the macro `polynomial!`: write out what it does, or wrap it in a function that is marked `#[differentiable]` or called inside `constant(..)`
            5:15 `gamma` has no derivative rule: use `constant(..)` if it does not matter, or write it with functions that have one
            6:14 cannot differentiate a loop over this iterator: use a range, a slice or `Vec`, with `iter`, `iter_mut`, `rev`, `enumerate`, `zip`, `chunks`, `windows`, `skip`, `take`, `step_by`, `map` or `filter`
            9:13 an active value in `Rc` cannot be followed: keep it in a variable, a `Vec` or a `Box`, or wrap it in `constant(..)`"#]],
    );
}

#[test]
fn signature_and_body() {
    check(
        "#[differentiable]\nasync unsafe fn f(v: &[f64]) -> &f64 {\n    static K: usize = 1;\n    &v[K]\n}",
        expect![[r#"
            2:1 an `async` function cannot be differentiated
            2:7 an `unsafe` function cannot be differentiated: give it a rule, `#[derivative(of = ..)]`
            2:33 a differentiable function cannot return a reference: return the value, or the index at which it stands
            3:5 a `static` inside a differentiable function could carry active values: make it a `const`, or move it out and read it through `constant(..)`"#]],
    );
}
