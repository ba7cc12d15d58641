//! For authors of libraries: functions whose sweeps the library runs itself, on its own tape and into its own buffers.
//!
//! [`DiffFn`](crate::DiffFn) is how most code takes a function. It is called with tuples of ordinary arguments and gives
//! owned gradients, so each call allocates. A solver that calls a function thousands of times wants the two sweeps
//! apart, cotangents added in place and nothing allocated. For that it takes a [`Callable`], which
//! `differentiable!(f)` makes too.
//!
//! **How a parameter is passed is a type**, since types here have no lifetimes: a record of a call outlives the borrows of
//! its arguments. `fn rhs(t: f64, y: &[f64], p: &P, dy: &mut [f64])` is a
//! `Callable<(Val<f64>, Slice<f64>, Ref<P>, MutSlice<f64>), Out = ()>`:
//!
//! | parameter | mark | argument again | tangent | cotangent |
//! |---|---|---|---|---|
//! | `T` | [`Val<T>`](Val) | `&T` | `T::Tangent` | `&mut T::Tangent` |
//! | `&T` | [`Ref<T>`](Ref) | `&T` | `&T::Tangent` | `&mut T::Tangent` |
//! | `&[T]` | [`Slice<T>`](Slice) | `&[T]` | `&[T::Tangent]` | `&mut [T::Tangent]` |
//! | `&mut T` | [`Mut<T>`](Mut) | `&mut T` | `&mut T::Tangent` | `&mut T::Tangent` |
//! | `&mut [T]` | [`MutSlice<T>`](MutSlice) | `&mut [T]` | `&mut [T::Tangent]` | `&mut [T::Tangent]` |
//! | constant: `T`, `&T`, `&mut T` | [`FixedVal`], [`FixedRef`], [`FixedMut`] | `&T`, `&T`, `&mut T` | `()` | `&mut ()` |
//!
//! A reference to an integer, `&usize`, counts as constant; an integer by value is a `Val`, with `()` for a tangent.
//!
//! - [`call`](Callable::call) is the plain call; [`tangent`](Callable::tangent) also leaves the tangents of `&mut` parameters
//!   in theirs.
//! - [`forward`](Callable::forward) records on the tape and gives the pullback. Records are taken off in reverse order, so of
//!   several calls on a tape the last one's pullback runs first. The pullback borrows nothing.
//! - The pullback is called once, with the function, the arguments again, the tape, the result's cotangent, the function's
//!   own cotangent, and where the cotangents are added. A `&mut` parameter is passed as the call left it, and is
//!   put back to what it was before the call; its cotangent belongs to what it held after the call, and is replaced by
//!   that of what it held before.
//!
//! A function's own cotangent is that of what a closure captures, `()` for a function by name: `f.zero_tangent()` makes
//! one. The tape need not be empty, but belongs to the caller: the length it has after the pullback is that before
//! `forward`.
//!
//! ```
//! use cotangent::callable::{Callable, MutSlice, Ref, Slice, Val};
//! use cotangent::prelude::*;
//!
//! /// A step of Euler's method, `y += h f(t, y, p)`, with workspace `k`.
//! fn step<F, P>(f: &F, (t, h): (f64, f64), y: &mut [f64], p: &P, k: &mut [f64])
//! where
//!     F: Callable<(Val<f64>, Slice<f64>, Ref<P>, MutSlice<f64>), Out = ()>,
//!     P: Differentiable + 'static,
//! {
//!     f.call((t, y, p, k));
//!     y.iter_mut().zip(k).for_each(|(y, k)| *y += h * *k);
//! }
//!
//! /// Its pullback at `y` before the step: `y_bar` is replaced, `p_bar` is added to. `k` and `k_bar` are workspace.
//! fn pull<F, P>(
//!     f: &F, (t, h): (f64, f64), y: &[f64], p: &P, k: &mut [f64],
//!     tape: &mut Tape, y_bar: &mut [f64], p_bar: &mut P::Tangent, k_bar: &mut [f64],
//! ) where
//!     F: Callable<(Val<f64>, Slice<f64>, Ref<P>, MutSlice<f64>), Out = ()>,
//!     P: Differentiable + 'static,
//! {
//!     k_bar.iter_mut().zip(&*y_bar).for_each(|(k, y)| *k = h * y);
//!     let ((), pullback) = f.forward((t, y, p, k), tape);
//!     let (mut f_bar, mut t_bar) = (f.zero_tangent(), 0.0);
//!     pullback(f, (&t, y, p, k), tape, (), &mut f_bar, (&mut t_bar, y_bar, p_bar, k_bar));
//! }
//!
//! #[differentiable]
//! fn decay(_t: f64, y: &[f64], p: &f64, dy: &mut [f64]) {
//!     dy[0] = -p * y[0];
//! }
//!
//! let f = differentiable!(decay);
//! let (mut y, mut k, p) = ([2.0], [0.0], 3.0);
//! step(&f, (0.0, 0.1), &mut y, &p, &mut k);
//! assert_eq!(y, [2.0 - 0.1 * 6.0]);
//!
//! let (mut y_bar, mut p_bar, mut k_bar) = ([1.0], 0.0, [0.0]);
//! pull(&f, (0.0, 0.1), &[2.0], &p, &mut k, &mut Tape::new(), &mut y_bar, &mut p_bar, &mut k_bar);
//! assert_eq!((y_bar, p_bar), ([1.0 - 0.1 * 3.0], -0.1 * 2.0));
//! ```
//!
//! Inside `#[differentiable]` code write `F: Fn(f64, &[f64], &mut [f64])` instead, and the macro does all of this.

pub use cotangent_core::callable::{
    Callable, Callable2, Callable3, FixedMut, FixedRef, FixedVal, Kind, Kinds, Mut, MutSlice, Ref, Slice, Val,
};
