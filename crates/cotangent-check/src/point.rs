//! Values whose numbers can be read and moved, in the order of the leaves of their tangent.

use cotangent_core::Differentiable;

/// A value that differences can be taken at: its numbers are visited in the order of its tangent's leaves.
///
/// Implemented for floats, integers, `bool`, `Vec`, arrays, tuples, `Option` and `Box`. For your own type, name the
/// fields that are not `#[constant]`, in the order of the declaration:
///
/// ```
/// # use cotangent_core::{Differentiable, Tangent};
/// # #[derive(Clone)] struct P { a: f64, v: Vec<f64>, n: usize }
/// # impl Differentiable for P {
/// #     type Tangent = (f64, Vec<f64>);
/// #     fn zero_tangent(&self) -> Self::Tangent { (0.0, vec![0.0; self.v.len()]) }
/// # }
/// cotangent_check::point!(P { a, v });
/// let mut p = P { a: 1.0, v: vec![2.0], n: 3 };
/// assert_eq!(cotangent_check::numbers(&mut p), [1.0, 2.0]);
/// ```
#[diagnostic::on_unimplemented(
    message = "differences cannot be taken at a `{Self}`",
    label = "`{Self}` does not implement `Point`",
    note = "for your own type, write `cotangent_check::point!({Self} {{ its fields that are not constant }});`"
)]
pub trait Point: Differentiable + Clone {
    /// Lends every number to `change` and stores what it leaves there.
    fn each_number(&mut self, change: &mut dyn FnMut(&mut f64));
}

/// The numbers of a value, in the order of its tangent's leaves.
pub fn numbers(point: &mut impl Point) -> Vec<f64> {
    let mut numbers = Vec::new();
    point.each_number(&mut |number| numbers.push(*number));
    numbers
}

/// Implements [`Point`] for your own type, from the names of its fields that are not constant.
///
/// The type must be `Clone` and `Differentiable`. Generic parameters come first, in brackets:
/// `point!([T: Point] Pair<T> { a, b });`
#[macro_export]
macro_rules! point {
    ([$($generics:tt)*] $type:ty { $($field:tt),* $(,)? }) => {
        impl<$($generics)*> $crate::Point for $type {
            fn each_number(&mut self, change: &mut dyn FnMut(&mut f64)) {
                $($crate::Point::each_number(&mut self.$field, change);)*
            }
        }
        impl<$($generics)*> $crate::Argument for $type {
            $crate::__by_value!();
        }
    };
    ($type:ident { $($field:tt),* $(,)? }) => {
        $crate::point!([] $type { $($field),* });
    };
}

impl Point for f64 {
    fn each_number(&mut self, change: &mut dyn FnMut(&mut f64)) {
        change(self);
    }
}

impl Point for f32 {
    fn each_number(&mut self, change: &mut dyn FnMut(&mut f64)) {
        let mut wide = f64::from(*self);
        change(&mut wide);
        *self = wide as f32;
    }
}

macro_rules! constants {
    ($($type:ty)*) => {$(
        impl Point for $type {
            fn each_number(&mut self, _: &mut dyn FnMut(&mut f64)) {}
        }
    )*};
}
constants!(() bool char u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize String);

impl<T: Point> Point for Vec<T> {
    fn each_number(&mut self, change: &mut dyn FnMut(&mut f64)) {
        self.iter_mut().for_each(|element| element.each_number(change));
    }
}

impl<T: Point, const N: usize> Point for [T; N]
where
    Self: Differentiable,
{
    fn each_number(&mut self, change: &mut dyn FnMut(&mut f64)) {
        self.iter_mut().for_each(|element| element.each_number(change));
    }
}

impl<T: Point> Point for Option<T>
where
    Self: Differentiable,
{
    fn each_number(&mut self, change: &mut dyn FnMut(&mut f64)) {
        self.iter_mut().for_each(|element| element.each_number(change));
    }
}

impl<T: Point> Point for Box<T> {
    fn each_number(&mut self, change: &mut dyn FnMut(&mut f64)) {
        (**self).each_number(change);
    }
}

macro_rules! tuples {
    ($(($($name:ident $position:tt)+))*) => {$(
        impl<$($name: Point),+> Point for ($($name,)+) {
            fn each_number(&mut self, change: &mut dyn FnMut(&mut f64)) {
                $(self.$position.each_number(change);)+
            }
        }
    )*};
}
tuples! {
    (A 0) (A 0 B 1) (A 0 B 1 C 2) (A 0 B 1 C 2 D 3) (A 0 B 1 C 2 D 3 E 4) (A 0 B 1 C 2 D 3 E 4 F 5)
    (A 0 B 1 C 2 D 3 E 4 F 5 G 6) (A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7)
}
