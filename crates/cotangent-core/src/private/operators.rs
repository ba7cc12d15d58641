//! Operators on operands whose types only rustc knows: floats, integers (whose tangents are `()`), and users' types.
//!
//! Each rule has a forward sweep with its pullback, forward mode, and (`..2Rule`, for order 2) the forward sweep of
//! forward mode. Operands are passed again to pullbacks.

#![allow(clippy::type_complexity)] // records are anonymous types, spelled out once each

mod third;

pub use third::*;

use crate::{Differentiable, Tape};

type Tan<T> = <T as Differentiable>::Tangent;

/// How an operand is passed. The types of rules do not mention references, so that records borrow nothing.
pub trait Pass {
    /// The operand as it is passed.
    type Of<'a, T: 'a>;
    /// A reference to it.
    fn get<'a, 'b, T: 'b>(operand: &'a Self::Of<'b, T>) -> &'a T;
}

/// By value.
pub enum ByVal {}

/// By reference.
pub enum ByRef {}

impl Pass for ByVal {
    type Of<'a, T: 'a> = T;
    #[inline(always)]
    fn get<'a, 'b, T: 'b>(operand: &'a T) -> &'a T {
        operand
    }
}

impl Pass for ByRef {
    type Of<'a, T: 'a> = &'a T;
    #[inline(always)]
    fn get<'a, 'b, T: 'b>(operand: &'a &'b T) -> &'a T {
        operand
    }
}

macro_rules! binary_rule {
    ($($trait:ident, $second:ident, $fwd:ident, $jvp:ident, $jvp_fwd:ident, $text:literal, $m1:literal, $m2:literal;)*) => {$(
        #[doc = concat!("The rule of `", $text, "` on operands of these types, passed by `L` and `R`.")]
        #[diagnostic::on_unimplemented(
            message = $m1,
            label = "no derivative for this operator on these types",
            note = "put `#[differentiable]` on the impl of the operator"
        )]
        pub trait $trait<L: Pass, R: Pass, B: Differentiable<Tangent: 'static> + 'static>: Differentiable<Tangent: 'static> + Sized + 'static {
            /// The result.
            type Out: Differentiable;
            /// The value, and the pullback: operands again, tape, cotangent.
            #[allow(clippy::type_complexity)]
            fn forward<'a>(a: L::Of<'a, Self>, b: R::Of<'a, B>, tape: &mut Tape)
            -> (Self::Out, impl FnOnce(&Self, &B, &mut Tape, Tan<Self::Out>) -> (Tan<Self>, Tan<B>) + use<Self, L, R, B>);
            /// The value and its tangent.
            fn jvp<'a>(a: L::Of<'a, Self>, a_dot: L::Of<'a, Tan<Self>>, b: R::Of<'a, B>, b_dot: R::Of<'a, Tan<B>>) -> (Self::Out, Tan<Self::Out>);
        }

        #[doc = concat!("The rule of the tangent of `", $text, "`, for second order.")]
        #[diagnostic::on_unimplemented(
            message = $m2,
            note = "put `#[differentiable(order = 2)]` on the impl of the operator"
        )]
        pub trait $second<L: Pass, R: Pass, B: Differentiable<Tangent: 'static> + 'static>: $trait<L, R, B> {
            /// Forward mode, with its pullback.
            #[allow(clippy::type_complexity)]
            fn jvp_forward<'a>(a: L::Of<'a, Self>, a_dot: L::Of<'a, Tan<Self>>, b: R::Of<'a, B>, b_dot: R::Of<'a, Tan<B>>, tape: &mut Tape) -> (
                (Self::Out, Tan<Self::Out>),
                impl FnOnce(&Self, &Tan<Self>, &B, &Tan<B>, &mut Tape, (Tan<Self::Out>, Tan<Self::Out>)) -> (Tan<Self>, Tan<Self>, Tan<B>, Tan<B>) + use<Self, L, R, B>,
            );
        }

        #[doc = concat!("`a ", $text, " b` with its pullback.")]
        #[allow(clippy::type_complexity)]
        #[inline(always)]
        pub fn $fwd<'a, L: Pass, R: Pass, A: $trait<L, R, B>, B: Differentiable<Tangent: 'static> + 'static>(a: L::Of<'a, A>, b: R::Of<'a, B>, tape: &mut Tape)
        -> (A::Out, impl FnOnce(&A, &B, &mut Tape, Tan<A::Out>) -> (Tan<A>, Tan<B>) + use<A, L, R, B>) {
            A::forward(a, b, tape)
        }

        #[doc = concat!("`a ", $text, " b` with its tangent.")]
        #[inline(always)]
        pub fn $jvp<'a, L: Pass, R: Pass, A: $trait<L, R, B>, B: Differentiable<Tangent: 'static> + 'static>(
            a: L::Of<'a, A>, a_dot: L::Of<'a, Tan<A>>, b: R::Of<'a, B>, b_dot: R::Of<'a, Tan<B>>,
        ) -> (A::Out, Tan<A::Out>) {
            A::jvp(a, a_dot, b, b_dot)
        }

        #[doc = concat!("The tangent of `a ", $text, " b` with its pullback.")]
        #[allow(clippy::type_complexity)]
        #[inline(always)]
        pub fn $jvp_fwd<'a, L: Pass, R: Pass, A: $second<L, R, B>, B: Differentiable<Tangent: 'static> + 'static>(
            a: L::Of<'a, A>, a_dot: L::Of<'a, Tan<A>>, b: R::Of<'a, B>, b_dot: R::Of<'a, Tan<B>>, tape: &mut Tape,
        ) -> (
            (A::Out, Tan<A::Out>),
            impl FnOnce(&A, &Tan<A>, &B, &Tan<B>, &mut Tape, (Tan<A::Out>, Tan<A::Out>)) -> (Tan<A>, Tan<A>, Tan<B>, Tan<B>) + use<A, L, R, B>,
        ) {
            A::jvp_forward(a, a_dot, b, b_dot, tape)
        }
    )*};
}

binary_rule! {
    AddRule, Add2Rule, add_fwd, add_jvp, add_jvp_fwd, "+", "`{Self} + {B}` has no derivative", "`{Self} + {B}` has no derivative of order 2";
    SubRule, Sub2Rule, sub_fwd, sub_jvp, sub_jvp_fwd, "-", "`{Self} - {B}` has no derivative", "`{Self} - {B}` has no derivative of order 2";
    MulRule, Mul2Rule, mul_fwd, mul_jvp, mul_jvp_fwd, "*", "`{Self} * {B}` has no derivative", "`{Self} * {B}` has no derivative of order 2";
    DivRule, Div2Rule, div_fwd, div_jvp, div_jvp_fwd, "/", "`{Self} / {B}` has no derivative", "`{Self} / {B}` has no derivative of order 2";
    RemRule, Rem2Rule, rem_fwd, rem_jvp, rem_jvp_fwd, "%", "`{Self} % {B}` has no derivative", "`{Self} % {B}` has no derivative of order 2";
}

/// First-order pullback, tangent, second-order pullback, over the values `a`, `b`, their tangents `ad`, `bd`, and the
/// cotangents `w` of the value and `wd` of its tangent.
macro_rules! binary_impl {
    ($trait:ident $second:ident $op:tt [$($t:ty),*] |$a:ident, $b:ident, $ad:ident, $bd:ident, $w:ident, $wd:ident| $back:expr; $dot:expr; $back2:expr) => {$(
        #[allow(unused_variables, clippy::let_unit_value, clippy::unused_unit)]
        impl<L: Pass, R: Pass> $trait<L, R, $t> for $t {
            type Out = $t;
            #[inline(always)]
            fn forward<'a>(a: L::Of<'a, $t>, b: R::Of<'a, $t>, _: &mut Tape)
            -> ($t, impl FnOnce(&$t, &$t, &mut Tape, Tan<$t>) -> (Tan<$t>, Tan<$t>) + use<L, R>) {
                (*L::get::<$t>(&a) $op *R::get::<$t>(&b), |a: &$t, b: &$t, _: &mut Tape, $w: Tan<$t>| {
                    let ($a, $b) = (*a, *b);
                    $back
                })
            }
            #[inline(always)]
            fn jvp<'a>(a: L::Of<'a, $t>, a_dot: L::Of<'a, Tan<$t>>, b: R::Of<'a, $t>, b_dot: R::Of<'a, Tan<$t>>) -> ($t, Tan<$t>) {
                let ($a, $b) = (*L::get::<$t>(&a), *R::get::<$t>(&b));
                let ($ad, $bd) = (*L::get::<Tan<$t>>(&a_dot), *R::get::<Tan<$t>>(&b_dot));
                ($a $op $b, $dot)
            }
        }

        #[allow(unused_variables, clippy::let_unit_value, clippy::unused_unit, clippy::type_complexity)]
        impl<L: Pass, R: Pass> $second<L, R, $t> for $t {
            #[inline(always)]
            fn jvp_forward<'a>(a: L::Of<'a, $t>, a_dot: L::Of<'a, Tan<$t>>, b: R::Of<'a, $t>, b_dot: R::Of<'a, Tan<$t>>, _: &mut Tape) -> (
                ($t, Tan<$t>),
                impl FnOnce(&$t, &Tan<$t>, &$t, &Tan<$t>, &mut Tape, (Tan<$t>, Tan<$t>)) -> (Tan<$t>, Tan<$t>, Tan<$t>, Tan<$t>) + use<L, R>,
            ) {
                (<$t as $trait<L, R, $t>>::jvp(a, a_dot, b, b_dot), |a: &$t, $ad: &Tan<$t>, b: &$t, $bd: &Tan<$t>, _: &mut Tape, ($w, $wd): (Tan<$t>, Tan<$t>)| {
                    let ($a, $b, $ad, $bd) = (*a, *b, *$ad, *$bd);
                    $back2
                })
            }
        }
    )*};
}

binary_impl!(AddRule Add2Rule + [f64, f32] |a, b, ad, bd, w, wd| (w, w); ad + bd; (w, wd, w, wd));
binary_impl!(SubRule Sub2Rule - [f64, f32] |a, b, ad, bd, w, wd| (w, -w); ad - bd; (w, wd, -w, -wd));
binary_impl!(MulRule Mul2Rule * [f64, f32] |a, b, ad, bd, w, wd| (w * b, w * a); ad * b + a * bd; (w * b + wd * bd, wd * b, w * a + wd * ad, wd * a));
binary_impl!(DivRule Div2Rule / [f64, f32] |a, b, ad, bd, w, wd| { let left = w / b; (left, -(left * (a / b))) };
(ad - a / b * bd) / b;
{
    let (z, v) = (a / b, wd / b);
    let left = (w - v * bd) / b;
    (left, v, -(left * z) - v * ((ad - z * bd) / b), -(v * z))
});
binary_impl!(RemRule Rem2Rule % [f64, f32] |a, b, ad, bd, w, wd| (w, -(w * crate::Real::trunc(a / b))); ad - crate::Real::trunc(a / b) * bd;
    { let t = crate::Real::trunc(a / b); (w, wd, -(w * t), -(wd * t)) });

macro_rules! integer_impl {
    ($($trait:ident $second:ident $op:tt),*) => {$(
        binary_impl!($trait $second $op [u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize] |a, b, ad, bd, w, wd| ((), ()); (); ((), (), (), ()));
    )*};
}

integer_impl!(AddRule Add2Rule +, SubRule Sub2Rule -, MulRule Mul2Rule *, DivRule Div2Rule /, RemRule Rem2Rule %);

/// The rule of unary `-`.
#[diagnostic::on_unimplemented(message = "`-{Self}` has no derivative", note = "put `#[differentiable]` on the impl of `Neg`")]
pub trait NegRule<L: Pass>: Differentiable<Tangent: 'static> + Sized + 'static {
    /// The result.
    type Out: Differentiable;
    /// The value and the pullback.
    fn forward<'a>(
        a: L::Of<'a, Self>,
        tape: &mut Tape,
    ) -> (Self::Out, impl FnOnce(&Self, &mut Tape, Tan<Self::Out>) -> Tan<Self> + use<Self, L>);
    /// The value and its tangent.
    fn jvp<'a>(a: L::Of<'a, Self>, a_dot: L::Of<'a, Tan<Self>>) -> (Self::Out, Tan<Self::Out>);
}

/// The rule of the tangent of unary `-`, for second order.
#[diagnostic::on_unimplemented(
    message = "`-{Self}` has no derivative of order 2",
    note = "put `#[differentiable(order = 2)]` on the impl of `Neg`"
)]
pub trait Neg2Rule<L: Pass>: NegRule<L> {
    /// Forward mode, with its pullback.
    #[allow(clippy::type_complexity)]
    fn jvp_forward<'a>(
        a: L::Of<'a, Self>,
        a_dot: L::Of<'a, Tan<Self>>,
        tape: &mut Tape,
    ) -> (
        (Self::Out, Tan<Self::Out>),
        impl FnOnce(&Self, &Tan<Self>, &mut Tape, (Tan<Self::Out>, Tan<Self::Out>)) -> (Tan<Self>, Tan<Self>) + use<Self, L>,
    );
}

/// `-a` with its pullback.
#[inline(always)]
pub fn neg_fwd<'a, L: Pass, A: NegRule<L>>(
    a: L::Of<'a, A>,
    tape: &mut Tape,
) -> (A::Out, impl FnOnce(&A, &mut Tape, Tan<A::Out>) -> Tan<A> + use<A, L>) {
    A::forward(a, tape)
}

/// `-a` with its tangent.
#[inline(always)]
pub fn neg_jvp<'a, L: Pass, A: NegRule<L>>(a: L::Of<'a, A>, a_dot: L::Of<'a, Tan<A>>) -> (A::Out, Tan<A::Out>) {
    A::jvp(a, a_dot)
}

/// The tangent of `-a` with its pullback.
#[allow(clippy::type_complexity)]
#[inline(always)]
pub fn neg_jvp_fwd<'a, L: Pass, A: Neg2Rule<L>>(
    a: L::Of<'a, A>,
    a_dot: L::Of<'a, Tan<A>>,
    tape: &mut Tape,
) -> (
    (A::Out, Tan<A::Out>),
    impl FnOnce(&A, &Tan<A>, &mut Tape, (Tan<A::Out>, Tan<A::Out>)) -> (Tan<A>, Tan<A>) + use<A, L>,
) {
    A::jvp_forward(a, a_dot, tape)
}

macro_rules! neg_impl {
    ([$($t:ty),*] |$w:ident| $value:expr) => {$(
        #[allow(clippy::let_unit_value, clippy::unused_unit)]
        impl<L: Pass> NegRule<L> for $t {
            type Out = $t;
            #[inline(always)]
            fn forward<'a>(a: L::Of<'a, $t>, _: &mut Tape) -> ($t, impl FnOnce(&$t, &mut Tape, Tan<$t>) -> Tan<$t> + use<L>) {
                (-*L::get::<$t>(&a), |_: &$t, _: &mut Tape, $w: Tan<$t>| $value)
            }
            #[inline(always)]
            fn jvp<'a>(a: L::Of<'a, $t>, a_dot: L::Of<'a, Tan<$t>>) -> ($t, Tan<$t>) {
                let $w = *L::get::<Tan<$t>>(&a_dot);
                (-*L::get::<$t>(&a), $value)
            }
        }
        #[allow(clippy::let_unit_value, clippy::unused_unit, clippy::type_complexity)]
        impl<L: Pass> Neg2Rule<L> for $t {
            #[inline(always)]
            fn jvp_forward<'a>(a: L::Of<'a, $t>, a_dot: L::Of<'a, Tan<$t>>, _: &mut Tape) -> (
                ($t, Tan<$t>),
                impl FnOnce(&$t, &Tan<$t>, &mut Tape, (Tan<$t>, Tan<$t>)) -> (Tan<$t>, Tan<$t>) + use<L>,
            ) {
                (<$t as NegRule<L>>::jvp(a, a_dot), |_: &$t, _: &Tan<$t>, _: &mut Tape, (w, wd): (Tan<$t>, Tan<$t>)| {
                    let first = { let $w = w; $value };
                    (first, { let $w = wd; $value })
                })
            }
        }
    )*};
}

neg_impl!([f64, f32] | w | -w);
neg_impl!([i8, i16, i32, i64, i128, isize] | _w | ());

macro_rules! assign_rule {
    ($($trait:ident, $second:ident, $fwd:ident, $jvp:ident, $jvp_fwd:ident, $text:literal, $m1:literal, $m2:literal;)*) => {$(
        #[doc = concat!("The rule of `", $text, "` on these types, the value passed by `R`.")]
        #[diagnostic::on_unimplemented(
            message = $m1,
            label = "no derivative for this operator on these types",
            note = "put `#[differentiable]` on the impl of the operator"
        )]
        pub trait $trait<R: Pass, B: Differentiable<Tangent: 'static> + 'static>: Differentiable<Tangent: 'static> + Sized + 'static {
            /// Changes `self`, and gives the pullback: place and value again, tape, cotangent of the place.
            fn forward<'a>(&mut self, b: R::Of<'a, B>, tape: &mut Tape) -> impl FnOnce(&mut Self, &B, &mut Tape, &mut Tan<Self>) -> Tan<B> + use<Self, R, B>;
            /// Changes `self` and its tangent.
            fn jvp<'a>(&mut self, a_dot: &mut Tan<Self>, b: R::Of<'a, B>, b_dot: R::Of<'a, Tan<B>>);
        }

        #[doc = concat!("The rule of the tangent of `", $text, "`, for second order.")]
        #[diagnostic::on_unimplemented(
            message = $m2,
            note = "put `#[differentiable(order = 2)]` on the impl of the operator"
        )]
        pub trait $second<R: Pass, B: Differentiable<Tangent: 'static> + 'static>: $trait<R, B> {
            /// Forward mode, with its pullback.
            #[allow(clippy::type_complexity)]
            fn jvp_forward<'a>(&mut self, a_dot: &mut Tan<Self>, b: R::Of<'a, B>, b_dot: R::Of<'a, Tan<B>>, tape: &mut Tape)
            -> impl FnOnce(&mut Self, &mut Tan<Self>, &B, &Tan<B>, &mut Tape, &mut Tan<Self>, &mut Tan<Self>) -> (Tan<B>, Tan<B>) + use<Self, R, B>;
        }

        #[doc = concat!("`a ", $text, " b` with its pullback.")]
        #[inline(always)]
        pub fn $fwd<'a, R: Pass, A: $trait<R, B>, B: Differentiable<Tangent: 'static> + 'static>(a: &mut A, b: R::Of<'a, B>, tape: &mut Tape)
        -> ((), impl FnOnce(&mut A, &B, &mut Tape, &mut Tan<A>) -> Tan<B> + use<A, R, B>) {
            ((), a.forward(b, tape))
        }

        #[doc = concat!("`a ", $text, " b` with its tangent.")]
        #[inline(always)]
        pub fn $jvp<'a, R: Pass, A: $trait<R, B>, B: Differentiable<Tangent: 'static> + 'static>(a: &mut A, a_dot: &mut Tan<A>, b: R::Of<'a, B>, b_dot: R::Of<'a, Tan<B>>) {
            a.jvp(a_dot, b, b_dot);
        }

        #[doc = concat!("The tangent of `a ", $text, " b` with its pullback.")]
        #[allow(clippy::type_complexity)]
        #[inline(always)]
        pub fn $jvp_fwd<'a, R: Pass, A: $second<R, B>, B: Differentiable<Tangent: 'static> + 'static>(
            a: &mut A, a_dot: &mut Tan<A>, b: R::Of<'a, B>, b_dot: R::Of<'a, Tan<B>>, tape: &mut Tape,
        ) -> (
            (),
            impl FnOnce(&mut A, &mut Tan<A>, &B, &Tan<B>, &mut Tape, &mut Tan<A>, &mut Tan<A>) -> (Tan<B>, Tan<B>) + use<A, R, B>,
        ) {
            ((), a.jvp_forward(a_dot, b, b_dot, tape))
        }
    )*};
}

assign_rule! {
    AddAssignRule, AddAssign2Rule, add_assign_fwd, add_assign_jvp, add_assign_jvp_fwd, "+=", "`{Self} += {B}` has no derivative", "`{Self} += {B}` has no derivative of order 2";
    SubAssignRule, SubAssign2Rule, sub_assign_fwd, sub_assign_jvp, sub_assign_jvp_fwd, "-=", "`{Self} -= {B}` has no derivative", "`{Self} -= {B}` has no derivative of order 2";
    MulAssignRule, MulAssign2Rule, mul_assign_fwd, mul_assign_jvp, mul_assign_jvp_fwd, "*=", "`{Self} *= {B}` has no derivative", "`{Self} *= {B}` has no derivative of order 2";
    DivAssignRule, DivAssign2Rule, div_assign_fwd, div_assign_jvp, div_assign_jvp_fwd, "/=", "`{Self} /= {B}` has no derivative", "`{Self} /= {B}` has no derivative of order 2";
    RemAssignRule, RemAssign2Rule, rem_assign_fwd, rem_assign_jvp, rem_assign_jvp_fwd, "%=", "`{Self} %= {B}` has no derivative", "`{Self} %= {B}` has no derivative of order 2";
}

/// `a op= b` from the rules of `op`; the record is the old value.
macro_rules! assign_impl {
    ($trait:ident $second:ident $jvp:ident $fwd:ident $fwd2:ident [$($t:ty),*]) => {$(
        #[allow(clippy::let_unit_value, clippy::unused_unit)]
        impl<R: Pass> $trait<R, $t> for $t {
            #[inline(always)]
            fn forward<'a>(&mut self, b: R::Of<'a, $t>, tape: &mut Tape) -> impl FnOnce(&mut $t, &$t, &mut Tape, &mut Tan<$t>) -> Tan<$t> + use<R> {
                let old = *self;
                let (new, pullback) = $fwd::<ByVal, R, $t, $t>(old, b, tape);
                *self = new;
                move |a: &mut $t, b: &$t, tape: &mut Tape, a_bar: &mut Tan<$t>| {
                    let (left, right) = pullback(&old, b, tape, *a_bar);
                    *a_bar = left;
                    *a = old;
                    right
                }
            }
            #[inline(always)]
            fn jvp<'a>(&mut self, a_dot: &mut Tan<$t>, b: R::Of<'a, $t>, b_dot: R::Of<'a, Tan<$t>>) {
                (*self, *a_dot) = $jvp::<ByVal, R, $t, $t>(*self, *a_dot, b, b_dot);
            }
        }

        #[allow(clippy::let_unit_value, clippy::unused_unit, clippy::type_complexity)]
        impl<R: Pass> $second<R, $t> for $t {
            #[inline(always)]
            fn jvp_forward<'a>(&mut self, a_dot: &mut Tan<$t>, b: R::Of<'a, $t>, b_dot: R::Of<'a, Tan<$t>>, tape: &mut Tape)
            -> impl FnOnce(&mut $t, &mut Tan<$t>, &$t, &Tan<$t>, &mut Tape, &mut Tan<$t>, &mut Tan<$t>) -> (Tan<$t>, Tan<$t>) + use<R> {
                let (old, old_dot) = (*self, *a_dot);
                let (new, pullback) = $fwd2::<ByVal, R, $t, $t>(old, old_dot, b, b_dot, tape);
                (*self, *a_dot) = new;
                move |a: &mut $t, a_dot: &mut Tan<$t>, b: &$t, b_dot: &Tan<$t>, tape: &mut Tape, a_bar: &mut Tan<$t>, ad_bar: &mut Tan<$t>| {
                    let (left, left_dot, right, right_dot) = pullback(&old, &old_dot, b, b_dot, tape, (*a_bar, *ad_bar));
                    (*a_bar, *ad_bar) = (left, left_dot);
                    (*a, *a_dot) = (old, old_dot);
                    (right, right_dot)
                }
            }
        }
    )*};
}

macro_rules! assign_impls {
    ($($trait:ident $second:ident $jvp:ident $fwd:ident $fwd2:ident),*) => {$(
        assign_impl!($trait $second $jvp $fwd $fwd2 [f64, f32, u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize]);
    )*};
}

assign_impls!(
    AddAssignRule AddAssign2Rule add_jvp add_fwd add_jvp_fwd,
    SubAssignRule SubAssign2Rule sub_jvp sub_fwd sub_jvp_fwd,
    MulAssignRule MulAssign2Rule mul_jvp mul_fwd mul_jvp_fwd,
    DivAssignRule DivAssign2Rule div_jvp div_fwd div_jvp_fwd,
    RemAssignRule RemAssign2Rule rem_jvp rem_fwd rem_jvp_fwd
);

/// Every operator of real numbers has its rules, so that generic code may use them.
pub trait Arithmetic:
    Differentiable<Tangent = Self>
    + Sized
    + 'static
    + AddRule<ByVal, ByVal, Self, Out = Self>
    + Add2Rule<ByVal, ByVal, Self>
    + AddRule<ByVal, ByRef, Self, Out = Self>
    + Add2Rule<ByVal, ByRef, Self>
    + AddRule<ByRef, ByVal, Self, Out = Self>
    + Add2Rule<ByRef, ByVal, Self>
    + AddRule<ByRef, ByRef, Self, Out = Self>
    + Add2Rule<ByRef, ByRef, Self>
    + SubRule<ByVal, ByVal, Self, Out = Self>
    + Sub2Rule<ByVal, ByVal, Self>
    + SubRule<ByVal, ByRef, Self, Out = Self>
    + Sub2Rule<ByVal, ByRef, Self>
    + SubRule<ByRef, ByVal, Self, Out = Self>
    + Sub2Rule<ByRef, ByVal, Self>
    + SubRule<ByRef, ByRef, Self, Out = Self>
    + Sub2Rule<ByRef, ByRef, Self>
    + MulRule<ByVal, ByVal, Self, Out = Self>
    + Mul2Rule<ByVal, ByVal, Self>
    + MulRule<ByVal, ByRef, Self, Out = Self>
    + Mul2Rule<ByVal, ByRef, Self>
    + MulRule<ByRef, ByVal, Self, Out = Self>
    + Mul2Rule<ByRef, ByVal, Self>
    + MulRule<ByRef, ByRef, Self, Out = Self>
    + Mul2Rule<ByRef, ByRef, Self>
    + DivRule<ByVal, ByVal, Self, Out = Self>
    + Div2Rule<ByVal, ByVal, Self>
    + DivRule<ByVal, ByRef, Self, Out = Self>
    + Div2Rule<ByVal, ByRef, Self>
    + DivRule<ByRef, ByVal, Self, Out = Self>
    + Div2Rule<ByRef, ByVal, Self>
    + DivRule<ByRef, ByRef, Self, Out = Self>
    + Div2Rule<ByRef, ByRef, Self>
    + RemRule<ByVal, ByVal, Self, Out = Self>
    + Rem2Rule<ByVal, ByVal, Self>
    + RemRule<ByVal, ByRef, Self, Out = Self>
    + Rem2Rule<ByVal, ByRef, Self>
    + RemRule<ByRef, ByVal, Self, Out = Self>
    + Rem2Rule<ByRef, ByVal, Self>
    + RemRule<ByRef, ByRef, Self, Out = Self>
    + Rem2Rule<ByRef, ByRef, Self>
    + NegRule<ByVal, Out = Self>
    + Neg2Rule<ByVal>
    + NegRule<ByRef, Out = Self>
    + Neg2Rule<ByRef>
    + AddAssignRule<ByVal, Self>
    + AddAssign2Rule<ByVal, Self>
    + AddAssignRule<ByRef, Self>
    + AddAssign2Rule<ByRef, Self>
    + SubAssignRule<ByVal, Self>
    + SubAssign2Rule<ByVal, Self>
    + SubAssignRule<ByRef, Self>
    + SubAssign2Rule<ByRef, Self>
    + MulAssignRule<ByVal, Self>
    + MulAssign2Rule<ByVal, Self>
    + MulAssignRule<ByRef, Self>
    + MulAssign2Rule<ByRef, Self>
    + DivAssignRule<ByVal, Self>
    + DivAssign2Rule<ByVal, Self>
    + DivAssignRule<ByRef, Self>
    + DivAssign2Rule<ByRef, Self>
    + RemAssignRule<ByVal, Self>
    + RemAssign2Rule<ByVal, Self>
    + RemAssignRule<ByRef, Self>
    + RemAssign2Rule<ByRef, Self>
    + Arithmetic3
{
}

impl Arithmetic for f32 {}
impl Arithmetic for f64 {}
