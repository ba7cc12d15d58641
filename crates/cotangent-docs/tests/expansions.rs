//! What the book shows as the output of the macro is the output of the macro.
//!
//! After a change of the compiler: `UPDATE_EXPECT=1 cargo test -p cotangent-docs --test expansions`.

use std::path::Path;

use expect_test::expect_file;
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

/// Expands the one function of `book/src/expansions/{name}.rs`.
fn expand(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../book/src/expansions/{name}.rs"));
    let source = std::fs::read_to_string(path).expect("the source");
    let file = syn::parse_file(&source).expect("Rust");
    let Some(syn::Item::Fn(mut function)) = file.items.into_iter().next() else {
        panic!("{name}.rs holds one function")
    };
    let attribute = function.attrs.pop().expect("`#[differentiable]`");
    let options = attribute.meta.require_list().map(|list| list.tokens.clone()).unwrap_or_default();
    let out = cotangent_compiler::differentiable(options, function.to_token_stream());
    prettyplease::unparse(&syn::parse2(out).expect("items"))
}

#[test]
fn straight_line() {
    expect_file!["../../../book/src/expansions/straight.expanded.rs"].assert_eq(&expand("straight"));
}

#[test]
fn loop_with_an_update() {
    expect_file!["../../../book/src/expansions/product.expanded.rs"].assert_eq(&expand("product"));
}

/// A program as the macros of another release make it, for the test of what rustc says to it.
#[test]
fn another_release() {
    let source = "
        struct P { a: f64 }
        trait Area { fn area(&self) -> f64; }
        impl Area for P { fn area(&self) -> f64 { self.a * self.a } }
        fn twice(p: &P) -> f64 { 2.0 * p.area() }
    ";
    let mut program = TokenStream::new();
    for item in syn::parse_file(source).expect("Rust").items {
        let tokens = item.to_token_stream();
        program.extend(match &item {
            syn::Item::Struct(_) => {
                let derived = cotangent_compiler::derive::derive_differentiable(tokens.clone());
                quote!(#tokens #derived)
            }
            _ => cotangent_compiler::differentiable(TokenStream::new(), tokens),
        });
    }
    program.extend(quote!(
        fn main() {
            let _ = twice::grad(&P { a: 1.0 }).p.a;
        }
    ));
    let this = concat!("requires_cotangent_", env!("CARGO_PKG_VERSION")).replace('.', "_");
    let program = prettyplease::unparse(&syn::parse2(program).expect("items")).replace(&this, "requires_cotangent_0_0_9");
    let head = "// Written by the test `another_release` of cotangent-docs: `P`, `Area`, its impl and `twice`, each with one error.\n";
    expect_file!["../../cotangent/tests/compile_fail/cases/version_mismatch.rs"].assert_eq(&format!("{head}{program}"));
}
