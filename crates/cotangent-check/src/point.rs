//! Values that differences can be taken at.

use cotangent_core::Differentiable;

/// A value that differences can be taken at: every type with `#[derive(Clone, Differentiable)]`, and std's.
///
/// Its numbers are the [leaves](cotangent_core::Leaves) of the value.
pub trait Point: Differentiable + Clone {}

impl<T: Differentiable + Clone> Point for T {}

/// Lets a function that takes your own type by value be checked; references to it need no more than its derives.
///
/// Generic parameters come first, in brackets: `point!([T: Point] Pair<T>);`
///
/// ```
/// # use cotangent_core::{Differentiable, Visitor, VisitorMut, Zip};
/// #[derive(Clone)] // and `Differentiable`, which is written out here
/// struct P { a: f64 }
/// # impl Differentiable for P {
/// #     type Tangent = f64;
/// #     fn zero_tangent(&self) -> f64 { 0.0 }
/// #     fn visit_leaves<V: Visitor>(&self, v: &mut V) { v.field("a", &self.a) }
/// #     fn visit_leaves_mut<V: VisitorMut>(&mut self, v: &mut V) { v.field("a", &mut self.a) }
/// #     fn zip_tangent<Z: Zip>(&mut self, t: &f64, z: &mut Z) { self.a.zip_tangent(t, z) }
/// # }
/// cotangent_check::point!(P);
///
/// fn square(p: P) -> f64 { p.a * p.a }
/// # #[allow(non_camel_case_types)]
/// # struct square {}
/// # impl square {
/// #     fn jvp(p: P, a_dot: f64) -> (f64, f64) { let a = p.a; (square(p), 2.0 * a * a_dot) }
/// #     fn vjp(p: P) -> (f64, impl Fn(f64) -> (f64,)) { let a = p.a; (square(p), move |y_bar| (2.0 * a * y_bar,)) }
/// # }
/// cotangent_check::check_gradient!(square, P { a: 3.0 });
/// ```
#[macro_export]
macro_rules! point {
    ([$($generics:tt)*] $type:ty) => {
        impl<$($generics)*> $crate::Argument for $type {
            $crate::__by_value!();
        }
    };
    ($type:ty) => {
        $crate::point!([] $type);
    };
}
