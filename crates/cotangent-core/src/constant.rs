//! The mark that stops derivatives.

/// Marks a value as constant: inside `#[differentiable]` code no derivative flows through it.
///
/// ```
/// assert_eq!(cotangent_core::constant(2.0), 2.0);
/// ```
#[inline(always)]
pub fn constant<T>(value: T) -> T {
    value
}
