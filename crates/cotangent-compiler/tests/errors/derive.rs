//! `#[derive(Differentiable)]`.

use expect_test::expect;

use crate::check_derive;

#[test]
fn union_has_no_tangent() {
    check_derive(
        "union U {\n    a: f64,\n    b: u64,\n}",
        expect!["1:1 a union has no tangent: which field is active is not known; use an enum, or implement `Differentiable` by hand"],
    );
}

#[test]
fn constant_takes_nothing() {
    check_derive(
        "struct P {\n    #[constant(a)]\n    a: f64,\n}",
        expect!["2:7 `#[constant]` takes no arguments"],
    );
    check_derive(
        "struct P {\n    #[constant = 1]\n    a: f64,\n}",
        expect!["2:7 `#[constant]` takes no arguments"],
    );
}

#[test]
fn constant_twice() {
    check_derive(
        "struct P {\n    #[constant]\n    #[constant]\n    a: f64,\n}",
        expect!["3:5 `#[constant]` stands here twice; remove one"],
    );
}

#[test]
fn unknown_option() {
    check_derive(
        "#[cotangent(krate = other)]\nstruct P {\n    a: f64,\n}",
        expect!["1:13 unknown option; the only one is `#[cotangent(crate = path::to::cotangent)]`"],
    );
}

#[test]
fn not_a_type() {
    check_derive("fn f() {}", expect!["1:1 expected one of: `struct`, `enum`, `union`"]);
}
