//! The name by which generated code reaches the run-time crate: that of this release, and no other has it.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};

/// `path::__private::requires_cotangent_0_1_0`; of another release, this import is the one error.
pub fn private(krate: Option<&syn::Path>) -> TokenStream {
    let release = name(env!("CARGO_PKG_VERSION"));
    match krate {
        Some(path) => quote!(#path::__private::#release),
        None => quote!(::cotangent::__private::#release),
    }
}

/// `0.1.0` → `requires_cotangent_0_1_0`
fn name(version: &str) -> Ident {
    let version = version.replace(['.', '-', '+'], "_");
    Ident::new(&format!("requires_cotangent_{version}"), Span::call_site())
}

/// The name of the import where no `use` can stand around generated code: beside the item `of`.
pub fn alias(of: &Ident) -> Ident {
    format_ident!("__{}_runtime", of, span = Span::call_site())
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_version_is_a_name() {
        assert_eq!(super::name("1.2.3-rc.4+a").to_string(), "requires_cotangent_1_2_3_rc_4_a");
    }

    /// What does not go through the import would give errors of its own.
    #[test]
    fn every_expansion_has_one_import() {
        let options = proc_macro2::TokenStream::new;
        let parse = |text: &str| text.parse().expect("tokens");
        let expansions = [
            crate::differentiable(options(), parse("fn f(x: f64) -> f64 { x * x.sin() }")),
            crate::differentiable(options(), parse("trait T { fn f(&self, x: f64) -> f64 { x } }")),
            crate::differentiable(options(), parse("impl T for P { fn f(&self, x: f64) -> f64 { x } }")),
            crate::differentiable(options(), parse("impl P { fn f(&self, x: f64) -> f64 { x } }")),
            crate::differentiable(
                options(),
                parse("impl Add for P { type Output = P; fn add(self, o: P) -> P { o } }"),
            ),
            crate::derivative(
                options(),
                parse("impl f { fn value(x: f64) -> f64 { x } fn jvp(x: f64, x_dot: f64) -> (f64, f64) { (x, x_dot) } }"),
            ),
            crate::derive::derive_differentiable(parse("struct P { a: f64, #[constant] n: usize }")),
            crate::derive::derive_differentiable(parse("enum E<T> { A(T), B }")),
            crate::derive::derive_differentiable(parse("#[constant] struct P;")),
            crate::differentiable_value(parse("::cotangent; |x: f64| x")),
        ];
        for expansion in expansions {
            let text = expansion.to_string();
            assert_eq!(text.matches("__private").count(), 1, "{text}");
            assert_eq!(text.matches("requires_cotangent_").count(), 1, "{text}");
        }
    }
}
