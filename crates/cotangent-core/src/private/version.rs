//! Macros and run-time crate are of one release, or the build stops with one clear error.
//!
//! Generated code reaches this crate through the name below and no other. Where the versions differ, the name of the macros'
//! release does not exist here, and rustc says so once: "no `requires_cotangent_0_2_0` in `__private`", with the name that does
//! exist as its suggestion.

pub use crate::private as requires_cotangent_0_1_0;

#[cfg(test)]
mod tests {
    /// A release that changes the version must rename the import above, and nothing else.
    #[test]
    fn the_name_is_that_of_this_release() {
        let name = concat!("requires_cotangent_", env!("CARGO_PKG_VERSION")).replace(['.', '-', '+'], "_");
        let source = include_str!("version.rs");
        assert!(
            source.contains(&alloc::format!("pub use crate::private as {name};")),
            "rename the import to `{name}`"
        );
    }

    #[test]
    fn the_name_leads_to_the_support_code() {
        use crate::private::requires_cotangent_0_1_0 as support;
        let mut tape = support::Tape::new();
        let witness = support::Witness::new();
        tape.push(&witness, 2.5_f64);
        assert_eq!(tape.pop(&witness), 2.5);
    }
}
