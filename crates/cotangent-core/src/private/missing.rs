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
    message = "`{Self}` has derivatives of order 1 and 2 only, and order 3 is needed here",
    label = "no derivative of order 3",
    note = "write `#[differentiable(order = 3)]` on `{Self}`, or `order = 3` in its `#[derivative(..)]`"
)]
pub trait Order3<Asked> {}
