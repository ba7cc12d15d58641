//! `differentiable!` beside `#[differentiable]`.
//!
//! A module can import a name as one kind of macro only, and the prelude imports `differentiable` as an attribute. So
//! the first `#[differentiable]` item of a file also defines the `differentiable!` of that name by `macro_rules!`, whose
//! scope is the text that follows. A second definition in sight of the first would make both ambiguous.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use proc_macro2::{Span, TokenStream};
use quote::quote;

/// Where each file defines the macro: the columns of the items that do.
static DEFINED: Mutex<Option<HashMap<String, Vec<usize>>>> = Mutex::new(None);

/// The definition, if no item that this one can see has made it.
pub fn definition(span: proc_macro::Span, runtime: &TokenStream) -> TokenStream {
    let (file, column) = (span.file(), span.column());
    let mut defined = DEFINED.lock().unwrap_or_else(PoisonError::into_inner);
    let columns = defined.get_or_insert_default().entry(file).or_default();
    // Items further to the right stand in modules or functions that are closed by now.
    if columns.iter().any(|c| *c <= column) {
        return TokenStream::new();
    }
    columns.push(column);
    let name = proc_macro2::Ident::new("differentiable", Span::call_site());
    quote! {
        #[allow(unused_macros)]
        macro_rules! #name { ($($tokens:tt)*) => { #runtime::differentiable!($($tokens)*) } }
    }
}
