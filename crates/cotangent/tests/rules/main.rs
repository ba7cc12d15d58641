//! Every rule of the compiler's table of scalar functions, on the interval that its line states.
//!
//! `table.rs` is made from the table by `cotangent-compiler/tests/rule_table.rs`, which fails where it is out of date.

mod check;
mod special;
mod table;

/// One rule: its arguments with their tangents and intervals, and the call.
#[macro_export]
macro_rules! rule {
    ($name:ident { $(($x:ident $x_dot:ident $low:literal $high:literal))+ } { $($body:tt)* }) => {
        mod $name {
            use $crate::check::{Function, agree};
            use cotangent::prelude::*;

            #[differentiable(order = 2)]
            fn f($($x: f64),+) -> f64 { $($body)* }

            #[differentiable]
            fn single($($x: f32),+) -> f32 { $($body)* }

            #[test]
            fn agrees() {
                agree(&Function {
                    domain: [$(($low, $high)),+],
                    value: |[$($x),+]| f($($x),+),
                    reverse: |[$($x),+]| { let (y, g) = f::value_and_grad($($x),+); (y, [$(g.$x),+]) },
                    forward: |[$($x),+], [$($x_dot),+]| f::jvp(($($x),+), ($($x_dot),+)),
                    second: |[$($x),+], [$($x_dot),+]| { let g = f::hvp($($x,)+ $($x_dot),+); [$(g.$x),+] },
                    single_value: |[$($x),+]| single($($x),+),
                    single_reverse: |[$($x),+]| { let (y, g) = single::value_and_grad($($x),+); (y, [$(g.$x),+]) },
                    single_forward: |[$($x),+], [$($x_dot),+]| single::jvp(($($x),+), ($($x_dot),+)),
                });
            }
        }
    };
}
