//! What generated code names. Not public API: it changes together with the macros, in the same release.

pub use crate::leaves::{Step, Visitor, VisitorMut, Zip};
pub use crate::{Differentiable, Leaves, Matrix, Real, Tangent, Tape, Witness};
pub use alloc::boxed::Box;
pub use alloc::string::String;
pub use alloc::vec::Vec;
pub use alloc::{format, vec};
pub use core;
pub use core::clone::Clone;
pub use core::cmp::PartialEq;
pub use core::fmt;
pub use core::option::Option::{self, None, Some};
pub use core::result::Result::{self, Err, Ok};

/// Panics because two tangents of one enum stand for different variants and neither is zero.
#[cold]
#[inline(never)]
#[track_caller]
pub fn variant_mismatch(tangent: &str, left: &str, right: &str) -> ! {
    panic!(
        "{tangent}: cannot combine a tangent of variant `{left}` with a non-zero one of variant `{right}`; \
         both must come from values of the same variant"
    )
}

/// Whether every leaf of `tangent` is zero; the tangent of a variant without active fields always is.
pub fn is_zero<T: Tangent>(tangent: &T) -> bool {
    struct AnyNonZero(bool);
    impl Visitor for AnyNonZero {
        fn leaf<R: Real>(&mut self, value: R) {
            self.0 |= value != R::ZERO;
        }
    }
    let mut found = AnyNonZero(false);
    tangent.visit_leaves(&mut found);
    !found.0
}
