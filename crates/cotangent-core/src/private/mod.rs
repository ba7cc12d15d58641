//! What generated code names. Not public API: it changes together with the macros, in the same release.

mod floats;
mod jacobian;
mod lanes;
mod matrix;
mod missing;
mod objects;
mod operators;
mod scalars;
mod values;
mod version;

pub use floats::*;
pub use jacobian::*;
pub use lanes::*;
pub use missing::*;
pub use objects::*;
pub use operators::*;
pub use scalars::*;
pub use values::*;
pub use version::*;

pub use crate::dynamic::{Object, dyn_bar, dyn_dot, receiver, receiver_mut};
pub use crate::function::{
    Callable, Callable2, Callable3, Fixed, FixedMut, FixedRef, FixedVal, FnValue, Function, Function2, Function3, HasState, InPlace, Item,
    Kinds, Mut, MutSlice, Output, Outputs, Ref, Returns, Shared, Slice, Val, closure, closure2, closure3, state_closure, state_closure2,
    taken,
};
pub use crate::leaves::{Step, Visitor, VisitorMut, Zip};
pub use crate::{AnyTangent, Differentiable, DynTangent, InLanes, Lanes, Leaves, Matrix, Real, Tangent, Tape, Witness};
pub use alloc::borrow::ToOwned;
pub use alloc::boxed::Box;
pub use alloc::string::String;
pub use alloc::vec::Vec;
pub use alloc::{format, vec};
pub use core;
pub use core::any::Any;
pub use core::clone::Clone;
pub use core::cmp::PartialEq;
pub use core::fmt;
pub use core::option::Option::{self, None, Some};
pub use core::result::Result::{self, Err, Ok};

/// `zip_leaves` where the two sides are of different variants of an enum: right if one of them is zero.
#[inline(never)]
#[track_caller]
pub fn zip_variants<T: Tangent, Z: Zip>(this: &mut T, other: &T, zip: &mut Z, type_name: &str, variant: fn(&T) -> &'static str) {
    if is_zero(other) {
        return;
    }
    assert!(
        is_zero(this),
        "{type_name}: cannot combine a tangent of the variant `{}` with one of `{}`; both must come from values of the \
         same variant, unless one is zero",
        variant(this),
        variant(other)
    );
    *this = other.zero_tangent();
    this.zip_leaves(other, zip);
}

/// `zip_tangent` of a value and the tangent of another variant.
#[inline(never)]
#[track_caller]
pub fn zip_other_variant<T: Tangent>(tangent: &T, type_name: &str) {
    assert!(
        is_zero(tangent),
        "{type_name}: cannot combine a value of one variant with a tangent of another; both must come from one value, \
         unless the tangent is zero"
    );
}

/// Whether every leaf is zero, as in a variant without active fields.
pub(crate) fn is_zero<T: Tangent>(tangent: &T) -> bool {
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
