//! The number that the generic problems compute with.

use std::ops::{Add, Div, Mul, Neg, Sub};

use echidna::Reverse;
use num_dual::{DualNum, DualSVec64};

/// A float, or what a crate puts in its place.
pub trait Number:
    Copy
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + Add<f64, Output = Self>
    + Sub<f64, Output = Self>
    + Mul<f64, Output = Self>
{
    /// A constant.
    fn constant(x: f64) -> Self;
    /// The value without derivatives.
    fn value(self) -> f64;
    /// The exponential.
    fn exp(self) -> Self;
    /// The natural logarithm.
    fn ln(self) -> Self;
    /// The square root.
    fn sqrt(self) -> Self;
    /// The sine.
    fn sin(self) -> Self;
    /// The cosine.
    fn cos(self) -> Self;
    /// The hyperbolic tangent.
    fn tanh(self) -> Self;
}

/// The functions that every crate has under the name of std, taken from the trait that has them there.
macro_rules! functions {
    ($source:path: $($f:ident)*) => {
        $(fn $f(self) -> Self {
            <Self as $source>::$f(self)
        })*
    };
    (by reference $source:path: $($f:ident)*) => {
        $(fn $f(self) -> Self {
            <Self as $source>::$f(&self)
        })*
    };
}

impl Number for Reverse<f64> {
    fn constant(x: f64) -> Self {
        Reverse::constant(x)
    }

    fn value(self) -> f64 {
        echidna::Scalar::value(&self)
    }

    functions!(num_traits::Float: exp ln sqrt sin cos tanh);
}

impl<const N: usize> Number for DualSVec64<N> {
    fn constant(x: f64) -> Self {
        Self::from_re(x)
    }

    fn value(self) -> f64 {
        self.re
    }

    functions!(by reference DualNum: exp ln sqrt sin cos tanh);
}
