//! What the book shows as the output of the macro is the output of the macro.
//!
//! After a change of the compiler: `UPDATE_EXPECT=1 cargo test -p cotangent-docs --test expansions`.

use std::path::Path;

use expect_test::expect_file;
use quote::ToTokens;

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
