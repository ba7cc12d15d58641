//! From a `T: Real` to the `f32` or `f64` that faer's kernels are compiled for, and the memory that they work in.

use cotangent_core::Real;
use cotangent_core::private::{Floats, FloatsMut};
use faer::dyn_stack::{MemBuffer, MemStack, StackReq};
use faer::{MatMut, MatRef};
use std::cell::RefCell;

/// `f32` or `f64`, as faer knows it.
pub(crate) trait Native: Real + faer::traits::RealField {
    /// The slice as one of `Self`. It has to be one.
    fn of<T: Real>(values: &[T]) -> &[Self];
    /// The slice as one of `Self`, to be changed. It has to be one.
    fn of_mut<T: Real>(values: &mut [T]) -> &mut [Self];
}

macro_rules! native {
    ($($float:ident $variant:ident),*) => {$(
        impl Native for $float {
            #[inline]
            fn of<T: Real>(values: &[T]) -> &[Self] {
                match T::floats(values) {
                    Floats::$variant(values) => values,
                    _ => unreachable!("chosen by the type"),
                }
            }

            #[inline]
            fn of_mut<T: Real>(values: &mut [T]) -> &mut [Self] {
                match T::floats_mut(values) {
                    FloatsMut::$variant(values) => values,
                    _ => unreachable!("chosen by the type"),
                }
            }
        }
    )*};
}
native!(f64 F64, f32 F32);

/// `by_float!(T as E => expression)` is the expression with `E` the [`Native`] float that `T` is.
macro_rules! by_float {
    ($real:ident as $native:ident => $body:expr) => {
        match <$real as cotangent_core::Real>::floats(&[]) {
            cotangent_core::private::Floats::F64(_) => {
                type $native = f64;
                $body
            }
            cotangent_core::private::Floats::F32(_) => {
                type $native = f32;
                $body
            }
        }
    };
}
pub(crate) use by_float;

thread_local! {
    /// Grows to what the largest problem of the thread needed, so that repeated calls allocate nothing.
    static SCRATCH: RefCell<Option<MemBuffer>> = const { RefCell::new(None) };
}

/// Runs `f` with that much scratch memory.
pub(crate) fn with_scratch<R>(required: StackReq, f: impl FnOnce(&mut MemStack) -> R) -> R {
    // Taken out and put back, so that a call inside of `f` finds an empty place and not a borrowed one.
    let mut buffer = SCRATCH.with(|scratch| scratch.borrow_mut().take());
    // With room to align in, so that a buffer made for one alignment serves any other.
    let bytes = required.unaligned_bytes_required();
    if buffer.as_ref().is_none_or(|b| b.len() < bytes) {
        buffer = Some(MemBuffer::new(StackReq::new::<u8>(bytes)));
    }
    let mut buffer = buffer.expect("made above");
    let result = f(MemStack::new(&mut buffer));
    SCRATCH.with(|scratch| *scratch.borrow_mut() = Some(buffer));
    result
}

/// A row-major slice as a matrix of faer.
pub(crate) fn rows<E: Native>(values: &[E], rows: usize, cols: usize) -> MatRef<'_, E> {
    MatRef::from_row_major_slice(values, rows, cols)
}

/// A row-major slice as a matrix of faer, to be changed.
pub(crate) fn rows_mut<E: Native>(values: &mut [E], rows: usize, cols: usize) -> MatMut<'_, E> {
    MatMut::from_row_major_slice_mut(values, rows, cols)
}

/// A column-major slice as a matrix of faer.
pub(crate) fn columns<E: Native>(values: &[E], rows: usize, cols: usize) -> MatRef<'_, E> {
    MatRef::from_column_major_slice(values, rows, cols)
}

/// A column-major slice as a matrix of faer, to be changed.
pub(crate) fn columns_mut<E: Native>(values: &mut [E], rows: usize, cols: usize) -> MatMut<'_, E> {
    MatMut::from_column_major_slice_mut(values, rows, cols)
}
