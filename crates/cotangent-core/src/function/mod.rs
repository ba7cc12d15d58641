//! Functions as values.

mod args;
mod call;
mod closure;
mod item;
mod kind;
mod outputs;
mod state;
mod value;

use crate::{Differentiable, Real, Tangent};

pub use args::Args;
pub use call::{Callable, Callable2, Callable3, Dual2, DualTan2};
pub use closure::{Fixed, closure, closure2, closure3};
pub use item::{Function, Function2, Function3, Item};
pub use kind::{FixedMut, FixedRef, FixedVal, Kind, Kinds, Mut, MutSlice, Ref, Slice, Val};
pub use outputs::{InPlace, Output, Outputs, Pull, Returns};
pub use state::{HasState, Shared, state_closure, state_closure2, taken};
pub use value::FnValue;

/// A function that can be called and differentiated; `differentiable!(f)` makes one.
///
/// `Args` is the tuple of arguments, of one element for one parameter. This is how ordinary generic code takes a
/// function of which it wants derivatives:
///
/// ```
/// use cotangent_core::DiffFn;
/// /// Newton's method.
/// fn solve<F>(f: F, mut x: f64) -> f64
/// where
///     F: DiffFn<(f64,), Output = f64, Direction = (f64,)>,
/// {
///     for _ in 0..20 {
///         let (y, slope) = f.jvp((x,), (1.0,));
///         x -= y / slope;
///     }
///     x
/// }
/// ```
///
/// For arguments that are references write `F: for<'a> DiffFn<(&'a [f64],), Output = f64, Cotangents = (Vec<f64>,)>`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be differentiated as a function of `{Args}`",
    label = "not a `DiffFn` of these arguments",
    note = "`f::grad` wants a function that returns a float: others have `f::vjp` and `f::jvp`",
    note = "make a value of a `#[differentiable]` function with `differentiable!(f)`; one parameter makes a tuple too, `(x,)`"
)]
pub trait DiffFn<Args> {
    /// The result.
    type Output: Differentiable;
    /// The gradient: a struct with a field per parameter; the receiver's field is `this`.
    type Gradient: Tangent;
    /// The same as a tuple, for generic code.
    type Cotangents: Tangent;
    /// The tangents of the arguments, passed as the arguments are: `(&[f64], f64)`; of constants `()`.
    type Direction;
    /// A tuple of one cotangent for each `&mut` parameter: `(Vec<f64>,)`; `()` where there is none.
    type Outputs: Tangent;

    /// The value.
    fn call(&self, args: Args) -> Self::Output;

    /// The value and its derivative along a direction, in forward mode. Tangents of `&mut` arguments are left with the
    /// tangents of what these hold after the call.
    fn jvp(&self, args: Args, direction: Self::Direction) -> (Self::Output, <Self::Output as Differentiable>::Tangent);

    /// The value and its pullback, from the cotangent of the value to the gradient. The pullback can be called more
    /// than once; from the second call on it runs the forward sweep again. Of a function with `&mut` parameters it is an
    /// error when the program is built: [`vjp_mut`](Self::vjp_mut) is for those.
    fn vjp(&self, args: Args) -> (Self::Output, impl Fn(<Self::Output as Differentiable>::Tangent) -> Self::Gradient);

    /// The same of a function with `&mut` parameters, whose pullback also takes the cotangents of what these hold after
    /// the call; the gradient has those of what they held before.
    #[allow(clippy::type_complexity)]
    fn vjp_mut(
        &self,
        args: Args,
    ) -> (
        Self::Output,
        impl Fn(<Self::Output as Differentiable>::Tangent, &Self::Outputs) -> Self::Gradient,
    );

    /// The value and its gradient as a tuple.
    fn value_and_cotangents(&self, args: Args) -> (Self::Output, Self::Cotangents)
    where
        Self::Output: Real;

    /// The value and its gradient.
    fn value_and_grad(&self, args: Args) -> (Self::Output, Self::Gradient)
    where
        Self::Output: Real,
    {
        let (y, pullback) = self.vjp(args);
        (y, pullback(<Self::Output as Real>::ONE))
    }

    /// The gradient.
    fn grad(&self, args: Args) -> Self::Gradient
    where
        Self::Output: Real,
    {
        self.value_and_grad(args).1
    }
}

/// A function that has derivatives of second order: `differentiable!(f)` of an `f` under `#[differentiable(order = 2)]`.
///
/// ```
/// use cotangent_core::DiffFn2;
/// /// The curvature along a direction.
/// fn curvature<F>(f: F, x: &[f64], v: &[f64]) -> f64
/// where
///     F: for<'a> DiffFn2<(&'a [f64],), Output = f64, Cotangents = (Vec<f64>,), Direction = (&'a [f64],)>,
/// {
///     let (_, _, (hv,)) = f.grad_and_hvp((x,), (v,));
///     hv.iter().zip(v).map(|(h, v)| h * v).sum()
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no derivatives of second order as a function of `{Args}`",
    label = "not a `DiffFn2` of these arguments",
    note = "put `#[differentiable(order = 2)]` on the function"
)]
pub trait DiffFn2<Args>: DiffFn<Args> {
    /// The derivative along the direction, the gradient, and the product of the Hessian with the direction.
    fn grad_and_hvp(&self, args: Args, direction: Self::Direction) -> (Self::Output, Self::Cotangents, Self::Cotangents)
    where
        Self::Output: Real;
}

impl<A, F: DiffFn2<A>> DiffFn2<A> for &F {
    fn grad_and_hvp(&self, args: A, direction: F::Direction) -> (F::Output, F::Cotangents, F::Cotangents)
    where
        F::Output: Real,
    {
        F::grad_and_hvp(self, args, direction)
    }
}

impl<A, F: DiffFn<A>> DiffFn<A> for &F {
    type Output = F::Output;
    type Gradient = F::Gradient;
    type Cotangents = F::Cotangents;
    type Direction = F::Direction;
    type Outputs = F::Outputs;
    fn call(&self, args: A) -> F::Output {
        F::call(self, args)
    }
    fn jvp(&self, args: A, direction: F::Direction) -> (F::Output, <F::Output as Differentiable>::Tangent) {
        F::jvp(self, args, direction)
    }
    fn vjp(&self, args: A) -> (F::Output, impl Fn(<F::Output as Differentiable>::Tangent) -> F::Gradient) {
        F::vjp(self, args)
    }
    fn vjp_mut(
        &self,
        args: A,
    ) -> (
        F::Output,
        impl Fn(<F::Output as Differentiable>::Tangent, &F::Outputs) -> F::Gradient,
    ) {
        F::vjp_mut(self, args)
    }
    fn value_and_cotangents(&self, args: A) -> (F::Output, F::Cotangents)
    where
        F::Output: Real,
    {
        F::value_and_cotangents(self, args)
    }
}
