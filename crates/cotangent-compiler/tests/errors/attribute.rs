//! The attribute and the signature under it.

use expect_test::expect;

use crate::check;

#[test]
fn unknown_option() {
    check(
        "#[differentiable(odrer = 2)] fn f(x: f64) -> f64 { x }",
        expect![
            "1:18 unknown option `odrer`: expected `order = k`, `wrt(..)`, `using(a = b)`, `marker = name`, `boxed`, `checkpoint`, `lanes`, `dyn` or `crate = path`"
        ],
    );
}

#[test]
fn order_out_of_range() {
    check(
        "#[differentiable(order = 4)] fn f(x: f64) -> f64 { x }",
        expect!["1:26 `order` is 1, 2 or 3"],
    );
    check(
        "#[differentiable(order = 0)] fn f(x: f64) -> f64 { x }",
        expect!["1:26 `order` is 1, 2 or 3"],
    );
}

#[test]
fn order_is_a_number() {
    check(
        "#[differentiable(order = two)] fn f(x: f64) -> f64 { x }",
        expect!["1:26 expected integer literal"],
    );
}

#[test]
fn order_without_value() {
    check("#[differentiable(order)] fn f(x: f64) -> f64 { x }", expect!["1:1 expected `=`"]);
}

#[test]
fn wrt_needs_names() {
    check(
        "#[differentiable(wrt(1))] fn f(x: f64) -> f64 { x }",
        expect!["1:22 expected identifier"],
    );
    check(
        "#[differentiable(wrt = x)] fn f(x: f64) -> f64 { x }",
        expect!["1:22 expected parentheses"],
    );
}

#[test]
fn using_maps_paths() {
    check(
        "#[differentiable(using(libm::erf))] fn f(x: f64) -> f64 { x }",
        expect!["1:33 expected `=`"],
    );
}

#[test]
fn options_need_commas() {
    check(
        "#[differentiable(order = 2 wrt(x))] fn f(x: f64) -> f64 { x }",
        expect!["1:28 expected `,`"],
    );
}

#[test]
fn only_functions_impls_and_traits() {
    check(
        "#[differentiable]\nstruct P { a: f64 }",
        expect!["2:1 `#[differentiable]` goes on functions, impls and traits; for a type use `#[derive(Differentiable)]`"],
    );
    check(
        "#[differentiable]\nmod m {}",
        expect!["2:1 `#[differentiable]` goes on functions, impls and traits; for a type use `#[derive(Differentiable)]`"],
    );
}

#[test]
fn asynchronous_function() {
    check(
        "#[differentiable]\nasync fn f(x: f64) -> f64 { x }",
        expect!["2:1 an `async` function cannot be differentiated"],
    );
}

#[test]
fn unsafe_function() {
    check(
        "#[differentiable]\nunsafe fn f(x: f64) -> f64 { x }",
        expect!["2:1 an `unsafe` function cannot be differentiated: give it a rule, `#[derivative(of = ..)]`"],
    );
}

#[test]
fn variadic_function() {
    check(
        "#[differentiable]\nunsafe extern \"C\" fn f(x: f64, more: ...) -> f64 { x }",
        expect![[r#"
            2:1 an `unsafe` function cannot be differentiated: give it a rule, `#[derivative(of = ..)]`
            2:38 a variadic function cannot be differentiated"#]],
    );
}

#[test]
fn reference_result() {
    check(
        "#[differentiable]\nfn f(v: &[f64]) -> &[f64] {\n    v\n}",
        expect!["2:20 a differentiable function cannot return a reference: return the value, or the index at which it stands"],
    );
    check(
        "#[differentiable]\nfn f(v: &mut Vec<f64>, i: usize) -> &mut f64 {\n    &mut v[i]\n}",
        expect!["2:37 a differentiable function cannot return a reference: return the value, or the index at which it stands"],
    );
}

#[test]
fn dyn_goes_on_traits() {
    check(
        "#[differentiable(dyn)]\nimpl Layer for P {}",
        expect!["1:18 `dyn` goes on the trait: `#[differentiable(dyn)] trait ..`; its impls need no option"],
    );
    check(
        "#[differentiable(dyn)]\nfn f(x: f64) -> f64 { x }",
        expect!["1:18 `dyn` goes on the trait: `#[differentiable(dyn)] trait ..`; its impls need no option"],
    );
    check(
        "#[differentiable(dyn)]\ntrait Layer {\n    type State;\n    fn apply<T: Real>(&self, x: T) -> T;\n    fn of(x: f64) -> f64;\n}",
        expect![[r#"
            3:10 a `dyn` trait has no associated types here: make it a type parameter of the trait
            4:8 not for `dyn`: write `where Self: Sized` on methods with type parameters, and on those without `&self` or `&mut self`
            5:8 not for `dyn`: write `where Self: Sized` on methods with type parameters, and on those without `&self` or `&mut self`"#]],
    );
}
