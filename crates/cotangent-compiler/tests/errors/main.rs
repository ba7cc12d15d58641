//! What the compiler itself reports: one row a case, with line, column and the whole message.
//!
//! A row that has changed on purpose is brought up to date by `UPDATE_EXPECT=1 cargo test -p cotangent-compiler --test errors`.

mod attribute;
mod calls;
mod control;
mod data;
mod derivative;
mod derive;
mod entry_points;
mod forms;
mod lanes;
mod together;

use expect_test::Expect;
use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// Errors of `source`, whose first item carries `#[differentiable]` or `#[differentiable(..)]`.
#[track_caller]
pub fn check(source: &str, expected: Expect) {
    let (attribute, item) = split_attribute(source.parse().expect("tokens"));
    let out = cotangent_compiler::differentiable(attribute, item.clone());
    assert!(
        keeps(&out, &item),
        "the function itself is gone, so its callers would fail as well:\n{out}"
    );
    expected.assert_eq(&errors(out));
}

/// Errors of `#[derive(Differentiable)]` on `source`.
#[track_caller]
pub fn check_derive(source: &str, expected: Expect) {
    let out = cotangent_compiler::derive::derive_differentiable(source.parse().expect("tokens"));
    expected.assert_eq(&errors(out));
}

/// Errors of `#[derivative(..)]` on an impl.
#[track_caller]
pub fn check_rule(source: &str, expected: Expect) {
    let (attribute, item) = split_attribute(source.parse().expect("tokens"));
    expected.assert_eq(&errors(cotangent_compiler::derivative(attribute, item)));
}

/// The options inside `#[differentiable(..)]`, and what follows the attribute.
fn split_attribute(source: TokenStream) -> (TokenStream, TokenStream) {
    let mut tokens = source.into_iter();
    assert!(
        matches!(tokens.next(), Some(TokenTree::Punct(p)) if p.as_char() == '#'),
        "a row starts with the attribute"
    );
    let Some(TokenTree::Group(brackets)) = tokens.next() else {
        panic!("a row starts with the attribute")
    };
    let options = brackets.stream().into_iter().find_map(|t| match t {
        TokenTree::Group(g) if g.delimiter() == Delimiter::Parenthesis => Some(g.stream()),
        _ => None,
    });
    (options.unwrap_or_default(), tokens.collect())
}

/// Whether the output starts with the item as it was written.
fn keeps(out: &TokenStream, item: &TokenStream) -> bool {
    let text = |stream: &TokenStream| stream.to_string().split_whitespace().collect::<String>();
    text(out).starts_with(&text(item))
}

/// Every `compile_error!` as `line:column message`, columns counted from 1 as rustc does.
fn errors(out: TokenStream) -> String {
    let tokens: Vec<TokenTree> = out.into_iter().collect();
    let mut found = vec![];
    for (k, token) in tokens.iter().enumerate() {
        let (TokenTree::Ident(name), Some(TokenTree::Group(group))) = (token, tokens.get(k + 2)) else {
            continue;
        };
        if name != "compile_error" {
            continue;
        }
        let text: syn::LitStr = syn::parse2(group.stream()).expect("the text of an error");
        let at = name.span().start();
        found.push(format!("{}:{} {}", at.line, at.column + 1, text.value()));
    }
    found.join("\n")
}
