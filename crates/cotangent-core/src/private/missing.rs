//! Bounds that are never met: they say which derivative was not asked for.

/// Derivatives of order 2.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has derivatives of order 1 only, and order 2 is needed here",
    label = "no derivative of order 2",
    note = "write `#[differentiable(order = 2)]` on `{Self}`, or `order = 2` in its `#[derivative(..)]`"
)]
pub trait Order2<Asked> {}

/// Derivatives of order 3.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no derivatives of order 3, and they are needed here",
    label = "no derivative of order 3",
    note = "write `#[differentiable(order = 3)]` on `{Self}`, or `order = 3` in its `#[derivative(..)]`"
)]
pub trait Order3<Asked> {}

/// Derivatives of order 2 of a method.
#[diagnostic::on_unimplemented(
    message = "this method of `{Self}` has derivatives of order 1 only, and order 2 is needed here",
    label = "no derivative of order 2",
    note = "write `#[differentiable(order = 2)]` on the impl or trait of the method"
)]
pub trait MethodOrder2<Asked> {}

/// Derivatives of order 3 of a method.
#[diagnostic::on_unimplemented(
    message = "this method of `{Self}` has no derivatives of order 3, and they are needed here",
    label = "no derivative of order 3",
    note = "write `#[differentiable(order = 3)]` on the impl or trait of the method"
)]
pub trait MethodOrder3<Asked> {}

/// Functions that cannot be called: their bound is never met. It mentions a type parameter, so it is looked at where the
/// call stands and not here.
#[doc(hidden)]
#[macro_export]
macro_rules! __lacking {
    ($bound:ident: $($name:ident($($argument:ident)*) -> $result:ty;)*) => {$(
        #[doc(hidden)]
        #[allow(warnings, clippy::all, clippy::pedantic)]
        pub fn $name<Asked>(_: Asked, $($argument: impl ::core::marker::Sized),*) -> $result
        where
            Self: $crate::private::$bound<Asked>,
        {
            ::core::unreachable!()
        }
    )*};
}
pub use crate::__lacking as lacking;
