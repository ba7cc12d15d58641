//! Rules of the user's that say too little, or too much.

use expect_test::expect;

use crate::check_rule;

#[test]
fn where_it_stands() {
    check_rule("#[derivative(of = libm::erf)]\nfn erf() {}", expect!["2:1 expected `impl`"]);
    check_rule(
        "#[derivative(of = libm::erf)]\nimpl<T> Erf<T> {}",
        expect![
            "2:9 name the function that carries the rule: `#[derivative(of = libm::erf)] impl erf { .. }`; type parameters go on its methods"
        ],
    );
    check_rule(
        "#[derivative(off = libm::erf)]\nimpl erf {}",
        expect![
            "1:14 unknown option `off`: expected `order = k`, `wrt(..)`, `using(a = b)`, `marker = name`, `boxed`, `checkpoint`, `lanes`, `dyn` or `crate = path`"
        ],
    );
}

#[test]
fn which_function() {
    check_rule(
        "#[derivative]\nimpl erf {\n    fn jvp(x: f64, x_dot: f64) -> (f64, f64) { (x, x_dot) }\n}",
        expect!["2:6 where is the function itself? Write `#[derivative(of = path)]`, or a method `fn value(..)`"],
    );
    check_rule(
        "#[derivative(of = libm::erf)]\nimpl erf {\n    fn transpose(y_bar: f64) -> f64 { y_bar }\n}",
        expect!["2:6 `transpose` does not tell the parameters of the function: write it out, `fn value(..)`"],
    );
}

#[test]
fn no_rule_at_all() {
    check_rule(
        "#[derivative(of = libm::erf)]\nimpl erf {}",
        expect!["2:6 a rule needs `jvp` for forward mode, `vjp` for reverse mode, or `transpose` of a linear map for both"],
    );
}

#[test]
fn unknown_method() {
    check_rule(
        "#[derivative(of = libm::erf)]\nimpl erf {\n    fn vjp(x: f64, y_bar: f64) -> f64 { y_bar }\n    fn pullback() {}\n    const A: f64 = 1.0;\n}",
        expect![[r#"
            4:8 a rule has the methods `jvp`, `vjp`, `transpose` and `value`
            5:5 a rule has the methods `jvp`, `vjp`, `transpose` and `value`"#]],
    );
}

#[test]
fn unknown_parameter() {
    check_rule(
        "#[derivative(of = libm::erf)]\nimpl erf {\n    fn jvp(x: f64, x_dot: f64) -> (f64, f64) { (x, x_dot) }\n    fn vjp(z: f64, y_bar: f64) -> f64 { y_bar }\n}",
        expect!["4:12 `z` is no parameter of `erf`, and no `x_bar` of a parameter `x`"],
    );
}

#[test]
fn patterns_as_parameters() {
    check_rule(
        "#[derivative(of = libm::erf)]\nimpl erf {\n    fn jvp((x, x_dot): (f64, f64)) -> (f64, f64) { (x, x_dot) }\n}",
        expect!["3:12 the parameters of a rule have plain names: tangents `x_dot`, cotangents `x_bar`"],
    );
}

#[test]
fn changed_arguments() {
    check_rule(
        "#[derivative(of = a::solve)]\nimpl solve {\n    fn jvp(v: &mut [f64], v_dot: &mut [f64]) -> (f64, f64) { (0.0, 0.0) }\n}",
        expect!["3:15 a rule is for a function that returns its results: `&mut` parameters cannot be followed"],
    );
}

#[test]
fn results() {
    check_rule(
        "#[derivative(of = libm::erf)]\nimpl erf {\n    fn jvp(x: f64, x_dot: f64) -> f64 { x_dot }\n}",
        expect!["3:32 this method does not tell the result of the function: `jvp` returns `(y, y_dot)`"],
    );
    check_rule(
        "#[derivative(of = libm::hypot)]\nimpl hypot {\n    fn vjp(x: f64, y: f64, z_bar: f64) -> (f64, f64, f64) { (x, y, z_bar) }\n}",
        expect![
            "3:8 `vjp` returns 3 cotangents where 2 are wanted: one for each parameter, in order, that it has no `x_bar: &mut ..` for; `#[derivative(wrt(x))]` leaves the others constant"
        ],
    );
    check_rule(
        "#[derivative(of = libm::erf)]\nimpl erf {\n    fn vjp(x: f64) -> f64 { x }\n}",
        expect!["3:20 this method does not tell the result of the function: `jvp` returns `(y, y_dot)`"],
    );
}

#[test]
fn second_order_without_forward_mode() {
    check_rule(
        "#[derivative(of = libm::erf, order = 2)]\nimpl erf {\n    fn vjp(x: f64, y_bar: f64) -> f64 { y_bar }\n}",
        expect!["2:6 order 2 differentiates the `jvp` of the rule, and there is none: write `fn jvp(..)`"],
    );
}

#[test]
fn the_body_of_a_rule_is_differentiated_for_second_order() {
    check_rule(
        "#[derivative(of = libm::erf, order = 2)]\nimpl erf {\n    fn jvp(x: f64, x_dot: f64) -> (f64, f64) {\n        (x, x.ln_gamma() * x_dot)\n    }\n}",
        expect![
            "4:15 `ln_gamma` has no derivative rule: use `constant(..)` if it does not matter, or write it with functions that have one"
        ],
    );
}
