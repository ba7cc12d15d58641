//! Runs every ` ```rust ` block of the README and of the book as a doctest.
//!
//! Doctests are collected from libraries only, and a published library must not reach outside its package, so the pages have
//! this crate of their own.

/// One hidden module a page; the test below compares the list with the directory.
macro_rules! pages {
    ($($name:ident = $path:literal,)*) => {
        $(#[cfg(doctest)] #[doc = include_str!($path)] mod $name {})*

        /// Paths of the pages whose code runs, relative to this file.
        pub const PAGES: &[&str] = &[$($path),*];
    };
}

pages! {
    readme = "../../../README.md",
    introduction = "../../../book/src/introduction.md",
    first_steps = "../../../book/src/first-steps.md",
    writing = "../../../book/src/writing-differentiable-code.md",
    emits = "../../../book/src/what-the-macro-emits.md",
    custom_rules = "../../../book/src/custom-rules.md",
    higher_order = "../../../book/src/higher-order.md",
    jacobians = "../../../book/src/jacobians.md",
    choosing_a_solver = "../../../book/src/choosing-a-solver.md",
    events = "../../../book/src/events.md",
    linear_algebra = "../../../book/src/linear-algebra.md",
    speed = "../../../book/src/how-fast-and-why.md",
    stability = "../../../book/src/stability.md",
    errors = "../../../book/src/errors.md",
    missing_derivative = "../../../book/src/errors/missing-derivative.md",
    missing_tangent = "../../../book/src/errors/missing-tangent.md",
    missing_order = "../../../book/src/errors/missing-order.md",
    outside_the_language = "../../../book/src/errors/outside-the-language.md",
    unknown_function = "../../../book/src/errors/unknown-function.md",
    unknown_macro = "../../../book/src/errors/unknown-macro.md",
    shared_state = "../../../book/src/errors/shared-state.md",
    loops = "../../../book/src/errors/loops.md",
    constants = "../../../book/src/errors/constants.md",
    versions = "../../../book/src/errors/versions.md",
}
