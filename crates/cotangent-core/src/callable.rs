//! For authors of libraries: functions whose sweeps the library runs itself, on its own tape and into its own buffers.
//! `cotangent::callable` shows how.

pub use crate::function::{Callable, Callable2, Callable3, FixedMut, FixedRef, FixedVal, Kind, Kinds, Mut, MutSlice, Ref, Slice, Val};
