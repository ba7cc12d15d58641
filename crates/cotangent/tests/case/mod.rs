//! A module with a function `f(x: f64) -> f64`, and a test that both modes agree with central differences.

/// `case! { name { #[differentiable] fn f(x: f64) -> f64 { .. } } }`
#[macro_export]
macro_rules! case {
    ($name:ident { $($code:tt)* }) => {
        mod $name {
            #![allow(unused, non_snake_case, clippy::all)]
            use cotangent::prelude::*;
            $($code)*
            #[test]
            fn both_modes_agree_with_differences() {
                let (x, h) = (1.3, 1e-5);
                let difference = (f(x + h) - f(x - h)) / (2.0 * h);
                let (reverse, (_, forward)) = (f::grad(x).x, f::jvp(x, 1.0));
                // Central differences with this step: a relative error below 1e-8 where the third derivative is moderate.
                let allowed = 1e-6 * (1.0 + difference.abs());
                assert!((reverse - difference).abs() < allowed && (forward - difference).abs() < allowed, "difference {difference}, reverse {reverse}, forward {forward}");
                assert_eq!(f::value_and_grad(x).0, f(x));
            }
        }
    };
}
