//! Differentiable programming for stable Rust: exact derivatives of ordinary functions.

#![cfg_attr(not(feature = "std"), no_std)]

pub use cotangent_core::{
    AnyTangent, DiffFn, DiffFn2, Differentiable, DynTangent, FnValue, InLanes, Lanes, LeafPath, Leaves, Matrix, Real, Tangent, Tape,
    constant, special,
};
pub use cotangent_macros::Differentiable;

/// `#[derivative(of = path)]` on `impl name` makes a function `name` that computes what `path` does and carries the rule
/// that the impl writes out.
///
/// ```
/// use cotangent::prelude::*;
///
/// #[derivative(order = 2)]
/// impl softplus {
///     fn value(x: f64) -> f64 {
///         x.exp().ln_1p()
///     }
///
///     fn jvp(x: f64, x_dot: f64) -> (f64, f64) {
///         (softplus(x), x_dot / (1.0 + (-x).exp()))
///     }
///
///     fn vjp(x: f64, y_bar: f64) -> f64 {
///         y_bar / (1.0 + (-x).exp())
///     }
/// }
///
/// #[differentiable]
/// fn loss(x: f64) -> f64 {
///     softplus(2.0 * x)
/// }
///
/// assert_eq!(loss::grad(0.0).x, 1.0);
/// assert_eq!(softplus::hessian(0.0)[(0, 0)], 0.25);
/// ```
///
/// The methods are `value` (in place of `of = path`), `jvp`, `vjp`, and `transpose` for linear functions. `x_dot` is the
/// tangent of the parameter `x`, `x_bar` its cotangent; the `_bar` of no parameter is that of the result. Cotangents of
/// slices are added to a parameter `v_bar: &mut [f64]`. One of `jvp` and `vjp` is enough. For order 2 and 3 the body of
/// `jvp` is differentiated.
pub use cotangent_macros::derivative;

#[doc(hidden)]
pub use cotangent_macros::function_value as __function_value;

#[doc(hidden)]
pub use cotangent_core::private as __private;

pub mod callable;
pub mod math;

/// What most programs need.
pub mod prelude {
    pub use crate::{DiffFn, Differentiable, Matrix, Real, Tangent, Tape, constant, derivative, with_derivative};
    pub use cotangent_macros::differentiable;
}

/// A function as a value: it can be called, differentiated, and passed to code that takes an `impl DiffFn`.
///
/// It takes the name of a `#[differentiable]` function, the path of a method, `P::energy`, or a closure literal with
/// the types of its parameters. The value is a [`FnValue`]: it implements [`DiffFn`], has `grad`, `value_and_grad`,
/// `jvp` and `vjp`, which take one tuple of arguments, and is called like the function itself. The receiver's field of
/// a gradient is `this`. What a closure captures is copied, and constant.
///
/// ```
/// use cotangent::prelude::*;
///
/// #[differentiable]
/// fn f(x: f64, v: &[f64]) -> f64 {
///     x * v[0] + v[1]
/// }
///
/// let d = cotangent::differentiable!(f);
/// assert_eq!(d(2.0, &[3.0, 4.0]), 10.0);
/// let g = d.grad((2.0, &[3.0, 4.0][..]));
/// assert_eq!((g.x, g.v), (3.0, vec![2.0, 1.0]));
///
/// let a = 3.0;
/// let line = cotangent::differentiable!(move |x: f64| a * x);
/// assert_eq!(line.value_and_grad((2.0,)).1.x, 3.0);
/// ```
///
/// In a file with `#[differentiable]` items it is in scope as `differentiable!` after the first of them. A name can be
/// imported as one kind of macro only, so elsewhere write `cotangent::differentiable!`.
///
/// `vjp` and `jvp` take `&mut` arguments, too: see [`FnValue::vjp`]. Libraries that run the sweeps themselves, on their
/// own buffers, take a [`Callable`](callable::Callable).
///
/// The method of a trait is written `<P as Shape>::area`, or in generic code `S::area`, where `S: Shape + Differentiable +
/// Clone + 'static`. Functions that take functions are not values, nor are methods of traits that have type parameters.
#[macro_export]
macro_rules! differentiable {
    ($($value:tt)*) => { $crate::__function_value!($crate; $($value)*) };
}

/// The value, whose cotangent passes through `f` in reverse mode: to look at it, to scale or to bound it.
///
/// ```
/// use cotangent::prelude::*;
///
/// #[differentiable]
/// fn bounded(x: f64) -> f64 {
///     let x = with_derivative(x, |x_bar| x_bar.clamp(-1.0, 1.0));
///     100.0 * x
/// }
///
/// assert_eq!(bounded(2.0), 200.0);
/// assert_eq!(bounded::grad(2.0).x, 1.0);
/// ```
///
/// The value itself is unchanged. Forward mode has no cotangents, so `jvp` sees the identity; so does all that is built
/// on forward mode, which is every derivative of second or higher order (`hvp`, `hessian`). The closure runs in the
/// reverse sweep, once each time control came past; it may read variables, which it sees as they were, but must not
/// change them.
#[inline(always)]
pub fn with_derivative<T: Differentiable>(value: T, f: impl FnOnce(T::Tangent) -> T::Tangent) -> T {
    let _ = f;
    value
}
