//! Operators on operands whose types only rustc knows: floats, integers (whose tangents are `()`), and users' types.
//!
//! Each rule has a forward sweep with its pullback, forward mode, and (`..2Rule`, for order 2) the forward sweep of
//! forward mode. Operands are passed again to pullbacks.

use crate::{Differentiable, Tape};

type Tan<T> = <T as Differentiable>::Tangent;


macro_rules! binary_rule {
    ($($trait:ident, $second:ident, $fwd:ident, $jvp:ident, $jvp_fwd:ident, $text:literal;)*) => {$(
        #[doc = concat!("The rule of `", $text, "` on operands of these types.")]
        #[diagnostic::on_unimplemented(
            message = concat!("`{Self} ", $text, " {B}` has no derivative"),
            label = "no derivative for this operator on these types",
            note = "put `#[differentiable]` on the impl of the operator"
        )]
        pub trait $trait<B: Differentiable>: Differentiable + Sized {
            /// The result.
            type Out: Differentiable;
            /// The value, and the pullback: operands again, tape, cotangent.
            fn forward(self, b: B, tape: &mut Tape) -> (Self::Out, impl FnOnce(&Self, &B, &mut Tape, Tan<Self::Out>) -> (Tan<Self>, Tan<B>) + use<Self, B>);
            /// The value and its tangent.
            fn jvp(self, a_dot: Tan<Self>, b: B, b_dot: Tan<B>) -> (Self::Out, Tan<Self::Out>);
        }

        #[doc = concat!("The rule of the tangent of `", $text, "`, for second order.")]
        #[diagnostic::on_unimplemented(
            message = concat!("`{Self} ", $text, " {B}` has no derivative of order 2"),
            note = "put `#[differentiable(order = 2)]` on the impl of the operator"
        )]
        pub trait $second<B: Differentiable>: $trait<B> {
            /// Forward mode, with its pullback.
            #[allow(clippy::type_complexity)]
            fn jvp_forward(self, a_dot: Tan<Self>, b: B, b_dot: Tan<B>, tape: &mut Tape) -> (
                (Self::Out, Tan<Self::Out>),
                impl FnOnce(&Self, &Tan<Self>, &B, &Tan<B>, &mut Tape, (Tan<Self::Out>, Tan<Self::Out>)) -> (Tan<Self>, Tan<Self>, Tan<B>, Tan<B>) + use<Self, B>,
            );
        }

        #[doc = concat!("`a ", $text, " b` with its pullback.")]
        #[inline(always)]
        pub fn $fwd<A: $trait<B>, B: Differentiable>(
            a: A,
            b: B,
            tape: &mut Tape,
        ) -> (A::Out, impl FnOnce(&A, &B, &mut Tape, Tan<A::Out>) -> (Tan<A>, Tan<B>) + use<A, B>) {
            a.forward(b, tape)
        }

        #[doc = concat!("`a ", $text, " b` with its tangent.")]
        #[inline(always)]
        pub fn $jvp<A: $trait<B>, B: Differentiable>(a: A, a_dot: Tan<A>, b: B, b_dot: Tan<B>) -> (A::Out, Tan<A::Out>) {
            a.jvp(a_dot, b, b_dot)
        }

        #[doc = concat!("The tangent of `a ", $text, " b` with its pullback.")]
        #[allow(clippy::type_complexity)]
        #[inline(always)]
        pub fn $jvp_fwd<A: $second<B>, B: Differentiable>(a: A, a_dot: Tan<A>, b: B, b_dot: Tan<B>, tape: &mut Tape) -> (
            (A::Out, Tan<A::Out>),
            impl FnOnce(&A, &Tan<A>, &B, &Tan<B>, &mut Tape, (Tan<A::Out>, Tan<A::Out>)) -> (Tan<A>, Tan<A>, Tan<B>, Tan<B>) + use<A, B>,
        ) {
            a.jvp_forward(a_dot, b, b_dot, tape)
        }
    )*};
}

binary_rule! {
    AddRule, Add2Rule, add_fwd, add_jvp, add_jvp_fwd, "+";
    SubRule, Sub2Rule, sub_fwd, sub_jvp, sub_jvp_fwd, "-";
    MulRule, Mul2Rule, mul_fwd, mul_jvp, mul_jvp_fwd, "*";
    DivRule, Div2Rule, div_fwd, div_jvp, div_jvp_fwd, "/";
    RemRule, Rem2Rule, rem_fwd, rem_jvp, rem_jvp_fwd, "%";
}

/// For operands by value and by reference: first-order pullback, tangent, second-order pullback, over the values
/// `a`, `b`, their tangents `ad`, `bd`, and the cotangents `w` of the value and `wd` of its tangent.
macro_rules! binary_impl {
    ($trait:ident $second:ident $op:tt [$($t:ty),*] |$a:ident, $b:ident, $ad:ident, $bd:ident, $w:ident, $wd:ident| $back:expr; $dot:expr; $back2:expr) => {$(
        binary_impl!(@one [] $trait $second $op $t, $t, $t, $a $b $ad $bd $w $wd $back; $dot; $back2);
        binary_impl!(@one ['r] $trait $second $op $t, &'r $t, $t, $a $b $ad $bd $w $wd $back; $dot; $back2);
        binary_impl!(@one ['l] $trait $second $op &'l $t, $t, $t, $a $b $ad $bd $w $wd $back; $dot; $back2);
        binary_impl!(@one ['l, 'r] $trait $second $op &'l $t, &'r $t, $t, $a $b $ad $bd $w $wd $back; $dot; $back2);
    )*};
    (@one [$($life:lifetime),*] $trait:ident $second:ident $op:tt $left:ty, $right:ty, $out:ty, $a:ident $b:ident $ad:ident $bd:ident $w:ident $wd:ident $back:expr; $dot:expr; $back2:expr) => {
        #[allow(unused_variables, clippy::clone_on_copy, clippy::let_unit_value, clippy::unused_unit)]
        impl<$($life),*> $trait<$right> for $left {
            type Out = $out;
            #[inline(always)]
            fn forward(self, b: $right, _: &mut Tape) -> ($out, impl FnOnce(&$left, &$right, &mut Tape, Tan<$out>) -> (Tan<$left>, Tan<$right>) + use<$($life),*>) {
                (self $op b, |a: &$left, b: &$right, _: &mut Tape, $w: Tan<$out>| {
                    let ($a, $b): ($out, $out) = (a.clone() + <$out>::default(), b.clone() + <$out>::default());
                    $back
                })
            }
            #[inline(always)]
            fn jvp(self, $ad: Tan<$left>, b: $right, $bd: Tan<$right>) -> ($out, Tan<$out>) {
                let ($a, $b): ($out, $out) = (self.clone() + <$out>::default(), b.clone() + <$out>::default());
                (self $op b, $dot)
            }
        }

        #[allow(unused_variables, clippy::clone_on_copy, clippy::let_unit_value, clippy::unused_unit, clippy::type_complexity)]
        impl<$($life),*> $second<$right> for $left {
            #[inline(always)]
            fn jvp_forward(self, a_dot: Tan<$left>, b: $right, b_dot: Tan<$right>, _: &mut Tape) -> (
                ($out, Tan<$out>),
                impl FnOnce(&$left, &Tan<$left>, &$right, &Tan<$right>, &mut Tape, (Tan<$out>, Tan<$out>)) -> (Tan<$left>, Tan<$left>, Tan<$right>, Tan<$right>) + use<$($life),*>,
            ) {
                (<$left as $trait<$right>>::jvp(self, a_dot, b, b_dot), |a: &$left, $ad: &Tan<$left>, b: &$right, $bd: &Tan<$right>, _: &mut Tape, ($w, $wd): (Tan<$out>, Tan<$out>)| {
                    let ($a, $b): ($out, $out) = (a.clone() + <$out>::default(), b.clone() + <$out>::default());
                    let ($ad, $bd) = (*$ad, *$bd);
                    $back2
                })
            }
        }
    };
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
pub trait NegRule: Differentiable + Sized {
    /// The result.
    type Out: Differentiable;
    /// The value and the pullback.
    fn forward(self, tape: &mut Tape) -> (Self::Out, impl FnOnce(&Self, &mut Tape, Tan<Self::Out>) -> Tan<Self> + use<Self>);
    /// The value and its tangent.
    fn jvp(self, a_dot: Tan<Self>) -> (Self::Out, Tan<Self::Out>);
}

/// The rule of the tangent of unary `-`, for second order.
#[diagnostic::on_unimplemented(message = "`-{Self}` has no derivative of order 2", note = "put `#[differentiable(order = 2)]` on the impl of `Neg`")]
pub trait Neg2Rule: NegRule {
    /// Forward mode, with its pullback.
    #[allow(clippy::type_complexity)]
    fn jvp_forward(self, a_dot: Tan<Self>, tape: &mut Tape) -> (
        (Self::Out, Tan<Self::Out>),
        impl FnOnce(&Self, &Tan<Self>, &mut Tape, (Tan<Self::Out>, Tan<Self::Out>)) -> (Tan<Self>, Tan<Self>) + use<Self>,
    );
}

/// `-a` with its pullback.
#[inline(always)]
pub fn neg_fwd<A: NegRule>(a: A, tape: &mut Tape) -> (A::Out, impl FnOnce(&A, &mut Tape, Tan<A::Out>) -> Tan<A> + use<A>) {
    a.forward(tape)
}

/// `-a` with its tangent.
#[inline(always)]
pub fn neg_jvp<A: NegRule>(a: A, a_dot: Tan<A>) -> (A::Out, Tan<A::Out>) {
    a.jvp(a_dot)
}

/// The tangent of `-a` with its pullback.
#[allow(clippy::type_complexity)]
#[inline(always)]
pub fn neg_jvp_fwd<A: Neg2Rule>(a: A, a_dot: Tan<A>, tape: &mut Tape) -> (
    (A::Out, Tan<A::Out>),
    impl FnOnce(&A, &Tan<A>, &mut Tape, (Tan<A::Out>, Tan<A::Out>)) -> (Tan<A>, Tan<A>) + use<A>,
) {
    a.jvp_forward(a_dot, tape)
}

macro_rules! neg_impl {
    ([$($t:ty),*] |$w:ident| $value:expr) => {$(
        neg_impl!(@one [] $t, $t, $w $value);
        neg_impl!(@one ['l] &'l $t, $t, $w $value);
    )*};
    (@one [$($life:lifetime)?] $t:ty, $out:ty, $w:ident $value:expr) => {
        #[allow(clippy::let_unit_value, clippy::unused_unit)]
        impl<$($life)?> NegRule for $t {
            type Out = $out;
            #[inline(always)]
            fn forward(self, _: &mut Tape) -> ($out, impl FnOnce(&$t, &mut Tape, Tan<$out>) -> Tan<$t> + use<$($life)?>) {
                (-self, |_: &$t, _: &mut Tape, $w: Tan<$out>| $value)
            }
            #[inline(always)]
            fn jvp(self, $w: Tan<$t>) -> ($out, Tan<$out>) {
                (-self, $value)
            }
        }
        #[allow(clippy::let_unit_value, clippy::unused_unit, clippy::type_complexity)]
        impl<$($life)?> Neg2Rule for $t {
            #[inline(always)]
            fn jvp_forward(self, a_dot: Tan<$t>, _: &mut Tape) -> (
                ($out, Tan<$out>),
                impl FnOnce(&$t, &Tan<$t>, &mut Tape, (Tan<$out>, Tan<$out>)) -> (Tan<$t>, Tan<$t>) + use<$($life)?>,
            ) {
                (<$t as NegRule>::jvp(self, a_dot), |_: &$t, _: &Tan<$t>, _: &mut Tape, (w, wd): (Tan<$out>, Tan<$out>)| {
                    let first = { let $w = w; $value };
                    (first, { let $w = wd; $value })
                })
            }
        }
    };
}

neg_impl!([f64, f32] |w| -w);
neg_impl!([i8, i16, i32, i64, i128, isize] |_w| ());

macro_rules! assign_rule {
    ($($trait:ident, $second:ident, $fwd:ident, $jvp:ident, $jvp_fwd:ident, $text:literal;)*) => {$(
        #[doc = concat!("The rule of `", $text, "` on these types.")]
        #[diagnostic::on_unimplemented(
            message = concat!("`{Self} ", $text, " {B}` has no derivative"),
            label = "no derivative for this operator on these types",
            note = "put `#[differentiable]` on the impl of the operator"
        )]
        pub trait $trait<B: Differentiable>: Differentiable + Sized {
            /// Changes `self`, and gives the pullback: place and value again, tape, cotangent of the place.
            fn forward(&mut self, b: B, tape: &mut Tape) -> impl FnOnce(&mut Self, &B, &mut Tape, &mut Tan<Self>) -> Tan<B> + use<Self, B>;
            /// Changes `self` and its tangent.
            fn jvp(&mut self, a_dot: &mut Tan<Self>, b: B, b_dot: Tan<B>);
        }

        #[doc = concat!("The rule of the tangent of `", $text, "`, for second order.")]
        #[diagnostic::on_unimplemented(
            message = concat!("`{Self} ", $text, " {B}` has no derivative of order 2"),
            note = "put `#[differentiable(order = 2)]` on the impl of the operator"
        )]
        pub trait $second<B: Differentiable>: $trait<B> {
            /// Forward mode, with its pullback.
            #[allow(clippy::type_complexity)]
            fn jvp_forward(&mut self, a_dot: &mut Tan<Self>, b: B, b_dot: Tan<B>, tape: &mut Tape)
            -> impl FnOnce(&mut Self, &mut Tan<Self>, &B, &Tan<B>, &mut Tape, &mut Tan<Self>, &mut Tan<Self>) -> (Tan<B>, Tan<B>) + use<Self, B>;
        }

        #[doc = concat!("`a ", $text, " b` with its pullback.")]
        #[inline(always)]
        pub fn $fwd<A: $trait<B>, B: Differentiable>(
            a: &mut A,
            b: B,
            tape: &mut Tape,
        ) -> ((), impl FnOnce(&mut A, &B, &mut Tape, &mut Tan<A>) -> Tan<B> + use<A, B>) {
            ((), a.forward(b, tape))
        }

        #[doc = concat!("`a ", $text, " b` with its tangent.")]
        #[inline(always)]
        pub fn $jvp<A: $trait<B>, B: Differentiable>(a: &mut A, a_dot: &mut Tan<A>, b: B, b_dot: Tan<B>) {
            a.jvp(a_dot, b, b_dot);
        }

        #[doc = concat!("The tangent of `a ", $text, " b` with its pullback.")]
        #[allow(clippy::type_complexity)]
        #[inline(always)]
        pub fn $jvp_fwd<A: $second<B>, B: Differentiable>(a: &mut A, a_dot: &mut Tan<A>, b: B, b_dot: Tan<B>, tape: &mut Tape) -> (
            (),
            impl FnOnce(&mut A, &mut Tan<A>, &B, &Tan<B>, &mut Tape, &mut Tan<A>, &mut Tan<A>) -> (Tan<B>, Tan<B>) + use<A, B>,
        ) {
            ((), a.jvp_forward(a_dot, b, b_dot, tape))
        }
    )*};
}

assign_rule! {
    AddAssignRule, AddAssign2Rule, add_assign_fwd, add_assign_jvp, add_assign_jvp_fwd, "+=";
    SubAssignRule, SubAssign2Rule, sub_assign_fwd, sub_assign_jvp, sub_assign_jvp_fwd, "-=";
    MulAssignRule, MulAssign2Rule, mul_assign_fwd, mul_assign_jvp, mul_assign_jvp_fwd, "*=";
    DivAssignRule, DivAssign2Rule, div_assign_fwd, div_assign_jvp, div_assign_jvp_fwd, "/=";
    RemAssignRule, RemAssign2Rule, rem_assign_fwd, rem_assign_jvp, rem_assign_jvp_fwd, "%=";
}

/// `a op= b` from the rules of `op`; the record is the old value.
macro_rules! assign_impl {
    ($trait:ident $second:ident $op:ident $fwd:ident $fwd2:ident [$($t:ty),*]) => {$(
        assign_impl!(@one [] $trait $second $op $fwd $fwd2 $t, $t);
        assign_impl!(@one ['r] $trait $second $op $fwd $fwd2 $t, &'r $t);
    )*};
    (@one [$($life:lifetime)?] $trait:ident $second:ident $op:ident $fwd:ident $fwd2:ident $t:ty, $right:ty) => {
        #[allow(clippy::let_unit_value, clippy::unused_unit, clippy::clone_on_copy)]
        impl<$($life)?> $trait<$right> for $t {
            #[inline(always)]
            fn forward(&mut self, b: $right, tape: &mut Tape) -> impl FnOnce(&mut $t, &$right, &mut Tape, &mut Tan<$t>) -> Tan<$right> + use<$($life)?> {
                let old = *self;
                let (new, pullback) = $fwd(old, b, tape);
                *self = new;
                move |a: &mut $t, b: &$right, tape: &mut Tape, a_bar: &mut Tan<$t>| {
                    let (left, right) = pullback(&old, b, tape, *a_bar);
                    *a_bar = left;
                    *a = old;
                    right
                }
            }
            #[inline(always)]
            fn jvp(&mut self, a_dot: &mut Tan<$t>, b: $right, b_dot: Tan<$right>) {
                (*self, *a_dot) = $op(*self, *a_dot, b, b_dot);
            }
        }

        #[allow(clippy::let_unit_value, clippy::unused_unit, clippy::type_complexity)]
        impl<$($life)?> $second<$right> for $t {
            #[inline(always)]
            fn jvp_forward(&mut self, a_dot: &mut Tan<$t>, b: $right, b_dot: Tan<$right>, tape: &mut Tape)
            -> impl FnOnce(&mut $t, &mut Tan<$t>, &$right, &Tan<$right>, &mut Tape, &mut Tan<$t>, &mut Tan<$t>) -> (Tan<$right>, Tan<$right>) + use<$($life)?> {
                let (old, old_dot) = (*self, *a_dot);
                let (new, pullback) = $fwd2(old, old_dot, b, b_dot, tape);
                (*self, *a_dot) = new;
                move |a: &mut $t, a_dot: &mut Tan<$t>, b: &$right, b_dot: &Tan<$right>, tape: &mut Tape, a_bar: &mut Tan<$t>, ad_bar: &mut Tan<$t>| {
                    let (left, left_dot, right, right_dot) = pullback(&old, &old_dot, b, b_dot, tape, (*a_bar, *ad_bar));
                    (*a_bar, *ad_bar) = (left, left_dot);
                    (*a, *a_dot) = (old, old_dot);
                    (right, right_dot)
                }
            }
        }
    };
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
