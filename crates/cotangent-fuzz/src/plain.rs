//! What programs name when the attributes are replaced by nothing: they are ordinary Rust then.

pub mod math {
    //! The functions that std does not have on stable.

    /// The error function.
    pub fn erf(x: f64) -> f64 {
        libm::erf(x)
    }

    /// One minus the error function.
    pub fn erfc(x: f64) -> f64 {
        libm::erfc(x)
    }

    /// The logarithm of the absolute value of the gamma function.
    pub fn lgamma(x: f64) -> f64 {
        libm::lgamma(x)
    }

    /// The derivative of [`lgamma`] for `x` above 0: recurrence to 10, then the asymptotic series (DLMF 5.11.2).
    pub fn digamma(x: f64) -> f64 {
        let (mut x, mut shift) = (x, 0.0);
        while x < 10.0 {
            shift -= 1.0 / x;
            x += 1.0;
        }
        let square = 1.0 / (x * x);
        let series = square * (1.0 / 12.0 - square * (1.0 / 120.0 - square * (1.0 / 252.0 - square / 240.0)));
        shift + x.ln() - 0.5 / x - series
    }
}

pub mod prelude {
    //! The names that `cotangent::prelude` has and plain programs need.

    /// The part of cotangent's `Real` that generic programs use.
    pub trait Real:
        Copy
        + PartialOrd
        + std::ops::Add<Output = Self>
        + std::ops::Sub<Output = Self>
        + std::ops::Mul<Output = Self>
        + std::ops::Div<Output = Self>
        + std::ops::Neg<Output = Self>
        + std::ops::AddAssign
        + std::ops::SubAssign
        + std::ops::MulAssign
        + std::ops::DivAssign
    {
        /// Zero.
        const ZERO: Self;
        /// One.
        const ONE: Self;
        /// The nearest value.
        fn from_f64(x: f64) -> Self;
        /// The same value.
        fn to_f64(self) -> f64;
        /// The sine.
        #[must_use]
        fn sin(self) -> Self;
        /// The hyperbolic tangent.
        #[must_use]
        fn tanh(self) -> Self;
        /// The square root.
        #[must_use]
        fn sqrt(self) -> Self;
    }

    macro_rules! real {
        ($($float:ident)*) => {$(
            impl Real for $float {
                const ZERO: Self = 0.0;
                const ONE: Self = 1.0;
                fn from_f64(x: f64) -> Self { x as $float }
                fn to_f64(self) -> f64 { f64::from(self) }
                fn sin(self) -> Self { $float::sin(self) }
                fn tanh(self) -> Self { $float::tanh(self) }
                fn sqrt(self) -> Self { $float::sqrt(self) }
            }
        )*};
    }
    real!(f32 f64);

    /// Marks a value as constant; here it is that value.
    pub fn constant<T>(x: T) -> T {
        x
    }

    /// Types that can have derivatives; here all types.
    pub trait Differentiable {}
    impl<T: ?Sized> Differentiable for T {}
}
