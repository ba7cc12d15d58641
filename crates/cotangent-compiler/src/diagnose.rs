//! Errors are collected, so that one build shows all of a function's problems.

use std::cell::RefCell;

use proc_macro2::{Span, TokenStream};

/// Every error found so far, each with its place and its remedy in the text.
#[derive(Default)]
pub struct Diagnostics {
    errors: RefCell<Vec<syn::Error>>,
}

impl Diagnostics {
    /// Records one error at `span`.
    pub fn error(&self, span: Span, message: impl std::fmt::Display) {
        self.errors.borrow_mut().push(syn::Error::new(span, message));
    }

    /// Records an error that `syn` found.
    pub fn push(&self, error: syn::Error) {
        self.errors.borrow_mut().push(error);
    }

    /// Adds what another collection holds.
    pub fn take_from(&self, other: Diagnostics) {
        self.errors.borrow_mut().extend(other.errors.into_inner());
    }

    /// True while nothing has been reported.
    pub fn is_empty(&self) -> bool {
        self.errors.borrow().is_empty()
    }

    /// `compile_error!`s for all errors, or nothing.
    pub fn into_tokens(self) -> TokenStream {
        self.errors.into_inner().iter().map(syn::Error::to_compile_error).collect()
    }
}
