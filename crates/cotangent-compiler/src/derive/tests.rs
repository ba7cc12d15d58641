//! Expansions and errors of the derive. How its output behaves is tested in `crates/cotangent/tests/derive.rs`.

use super::derive_differentiable;
use proc_macro2::TokenStream;

fn expand(input: &str) -> TokenStream {
    derive_differentiable(input.parse().expect("tokens"))
}

/// The items of `tokens` as text.
fn items(tokens: TokenStream) -> Vec<String> {
    use quote::ToTokens;
    let file: syn::File = syn::parse2(tokens).expect("the derive emits items");
    file.items
        .iter()
        .map(|item| unspaced(&item.to_token_stream().to_string()))
        .collect()
}

/// Without white space, which says nothing here: how tokens are spaced depends on how they were made.
fn unspaced(tokens: &str) -> String {
    tokens.split_whitespace().collect()
}

#[track_caller]
fn check(input: &str, expected: &[&str]) {
    let expected: Vec<_> = expected.iter().map(|item| unspaced(item)).collect();
    assert_eq!(items(expand(input)), expected);
}

/// The texts of the `compile_error!`s that `input` expands to.
fn errors(input: &str) -> Vec<String> {
    let file: syn::File = syn::parse2(expand(input)).expect("errors are items");
    let text = |item: &syn::Item| match item {
        syn::Item::Macro(item) if item.mac.path.segments.last().is_some_and(|s| s.ident == "compile_error") => {
            syn::parse2::<syn::LitStr>(item.mac.tokens.clone()).expect("a text").value()
        }
        item => panic!("not an error: {item:?}"),
    };
    file.items.iter().map(text).collect()
}

#[test]
fn struct_expansion() {
    check(
        "pub struct P { pub a: f64, #[constant] n: Mode }",
        &[
            "#[doc(hidden)] #[allow(non_snake_case)] use ::cotangent::__private::requires_cotangent_0_1_0 as __P_runtime;",
            r#"#[doc = "The tangent of [`P`]: the derivative with respect to each of its fields."]
            #[derive(__P_runtime::Clone, __P_runtime::fmt::Debug, __P_runtime::PartialEq)]
            #[allow(clippy::all, non_camel_case_types)]
            pub struct PTangent {
                #[doc = "The derivative with respect to `a`."]
                pub a: <f64 as __P_runtime::Differentiable>::Tangent,
                #[doc = "`n` is constant."]
                n: (),
            }"#,
            r#"#[automatically_derived]
            impl __P_runtime::Differentiable for P {
                type Tangent = PTangent;
                #[inline]
                fn zero_tangent(&self) -> PTangent {
                    match self {
                        P { a: x0, .. } => PTangent {
                            a: __P_runtime::Differentiable::zero_tangent(x0),
                            n: (),
                        },
                    }
                }
                #[inline]
                fn zero_tangent_into(&self, tangent: &mut PTangent) {
                    match (self, tangent) {
                        (P { a: x0, .. }, PTangent { a: y0, .. }) => {
                            __P_runtime::Differentiable::zero_tangent_into(x0, y0);
                        },
                    }
                }
                #[inline]
                fn visit_leaves<__V: __P_runtime::Visitor>(&self, visitor: &mut __V) {
                    match self { P { a: x0, .. } => { visitor.field("a", x0); }, }
                }
                #[inline]
                fn visit_leaves_mut<__V: __P_runtime::VisitorMut>(&mut self, visitor: &mut __V) {
                    match self { P { a: x0, .. } => { visitor.field("a", x0); }, }
                }
                #[inline]
                fn zip_tangent<__Z: __P_runtime::Zip>(&mut self, tangent: &PTangent, zip: &mut __Z) {
                    match (self, tangent) {
                        (P { a: x0, .. }, PTangent { a: y0, .. }) => {
                            __P_runtime::Differentiable::zip_tangent(x0, y0, zip);
                        },
                    }
                }
            }"#,
            r#"#[automatically_derived]
            impl __P_runtime::Differentiable for PTangent {
                type Tangent = PTangent;
                #[inline]
                fn zero_tangent(&self) -> PTangent {
                    match self {
                        PTangent { a: x0, .. } => PTangent {
                            a: __P_runtime::Differentiable::zero_tangent(x0),
                            n: (),
                        },
                    }
                }
                #[inline]
                fn zero_tangent_into(&self, tangent: &mut PTangent) {
                    match (self, tangent) {
                        (PTangent { a: x0, .. }, PTangent { a: y0, .. }) => {
                            __P_runtime::Differentiable::zero_tangent_into(x0, y0);
                        },
                    }
                }
                #[inline]
                fn visit_leaves<__V: __P_runtime::Visitor>(&self, visitor: &mut __V) {
                    match self { PTangent { a: x0, .. } => { visitor.field("a", x0); }, }
                }
                #[inline]
                fn visit_leaves_mut<__V: __P_runtime::VisitorMut>(&mut self, visitor: &mut __V) {
                    match self { PTangent { a: x0, .. } => { visitor.field("a", x0); }, }
                }
                #[inline]
                fn zip_tangent<__Z: __P_runtime::Zip>(&mut self, tangent: &PTangent, zip: &mut __Z) {
                    __P_runtime::Tangent::zip_leaves(self, tangent, zip);
                }
            }"#,
            r#"#[automatically_derived]
            impl __P_runtime::Tangent for PTangent {
                #[inline]
                fn zip_leaves<__Z: __P_runtime::Zip>(&mut self, other: &Self, zip: &mut __Z) {
                    match (self, other) {
                        (PTangent { a: x0, .. }, PTangent { a: y0, .. }) => {
                            __P_runtime::Tangent::zip_leaves(x0, y0, zip);
                        },
                    }
                }
            }"#,
        ],
    );
}

#[test]
fn constant_type_expansion() {
    check(
        "#[constant] #[cotangent(crate = autodiff)] struct P<'a, T: Clone>(&'a T) where T: Copy;",
        &[
            "#[doc(hidden)] #[allow(non_snake_case)] use autodiff::__private::requires_cotangent_0_1_0 as __P_runtime;",
            "#[automatically_derived]
        impl<'a, T: Clone> __P_runtime::Differentiable for P<'a, T> where T: Copy {
            type Tangent = ();
            #[inline]
            fn zero_tangent(&self) {}
            #[inline]
            fn visit_leaves<__V: __P_runtime::Visitor>(&self, _: &mut __V) {}
            #[inline]
            fn visit_leaves_mut<__V: __P_runtime::VisitorMut>(&mut self, _: &mut __V) {}
            #[inline]
            fn zip_tangent<__Z: __P_runtime::Zip>(&mut self, _: &(), _: &mut __Z) {}
        }",
        ],
    );
}

#[test]
fn a_tangent_type_has_the_parameters_of_its_active_fields() {
    let tangent = |input| items(expand(input)).remove(1).split("struct").nth(1).map(str::to_owned);
    let expected = |declaration: &str| Some(unspaced(declaration));
    assert_eq!(
        tangent("struct P<'a, T: Real + 'a, U, const N: usize = 3> where U: Copy { a: &'a [T], #[constant] u: [U; N] }"),
        expected(
            r#"PTangent<T: Real> where T: __P_runtime::Differentiable {
                #[doc = "The derivative with respect to `a`."]
                a: <[T] as __P_runtime::Differentiable>::Tangent,
                #[doc = "`u` is constant."]
                u: (),
            }"#
        )
    );
    assert_eq!(
        tangent("struct P<M: Model>(M::State);"),
        expected(
            r#"PTangent<M: Model>(
                #[doc = "The derivative with respect to `0`."]
                <M::State as __P_runtime::Differentiable>::Tangent,
            ) where M::State: __P_runtime::Differentiable;"#
        )
    );
}

#[test]
fn all_errors_come_at_once() {
    let input = "#[cotangent(krate = a)] #[constant] #[constant] struct P { #[constant(a)] a: f64, #[constant = 1] b: f64 }";
    let found = errors(input);
    let expected = [
        "`#[constant]` stands here twice; remove one",
        "unknown option; the only one is `#[cotangent(crate = path::to::cotangent)]`",
        "`#[constant]` takes no arguments",
        "`#[constant]` takes no arguments",
    ];
    assert_eq!(found, expected);
}

#[test]
fn a_union_is_an_error() {
    let found = errors("union U { a: f64, b: u64 }");
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("a union has no tangent"), "{found:?}");
}

#[test]
fn broken_tokens_are_an_error() {
    for input in ["", "struct", "fn f() {}", "struct P { a: }", "enum E { A(f64, }"] {
        if let Ok(tokens) = input.parse::<TokenStream>() {
            let file: syn::File = syn::parse2(derive_differentiable(tokens)).expect("an error");
            assert_eq!(file.items.len(), 1, "{input}");
        }
    }
}

/// Whatever the shape, the output parses as items.
#[test]
fn every_shape_expands_to_items() {
    for (input, count) in [
        ("struct P;", 5),
        ("struct P();", 5),
        ("struct P {}", 5),
        ("enum E {}", 5),
        ("enum E { A }", 5),
        ("enum E { A, B(f64), C { x: f64 }, #[constant] D(String) }", 5),
        ("struct P<T>(T);", 8),
        ("enum E<T> { A(T), B }", 8),
        ("struct P<T> { #[constant] t: T }", 5),
        ("struct P { f: fn(&f64), r: &'static mut (dyn Fn(&f64) + 'static) }", 5),
    ] {
        assert_eq!(items(expand(input)).len(), count, "{input}");
    }
}
