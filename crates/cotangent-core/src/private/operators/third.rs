//! Order 3 of the operators: forward mode over forward mode, and its pullback.
//!
//! An operand `a` has two directions, `a1` and `ad`, and their product term `add`; so has the result. The result is
//! `((z, zd), (z1, zdd))`, its cotangents come in the same order, and those of an operand as `(a, a1, ad, add)`.

#![allow(clippy::type_complexity, clippy::too_many_arguments)] // both come from the eight numbers that two operands are

use super::{
    Add2Rule, AddAssign2Rule, ByRef, ByVal, Div2Rule, DivAssign2Rule, Mul2Rule, MulAssign2Rule, Neg2Rule, Pass, Rem2Rule, RemAssign2Rule,
    Sub2Rule, SubAssign2Rule,
};
use crate::{Differentiable, Tape};

type Tan<T> = <T as Differentiable>::Tangent;

/// A value and its tangent in one direction, and both of these in another.
type Pairs<T> = ((T, Tan<T>), (Tan<T>, Tan<T>));
/// Cotangents of [`Pairs`].
type Bars<T> = ((Tan<T>, Tan<T>), (Tan<T>, Tan<T>));

macro_rules! binary_rule {
    ($($second:ident, $third:ident, $both:ident, $both_fwd:ident, $text:literal, $message:literal;)*) => {$(
        #[doc = concat!("The rule of the second tangent of `", $text, "`, for order 3.")]
        #[diagnostic::on_unimplemented(message = $message, note = "put `#[differentiable(order = 3)]` on the impl of the operator")]
        pub trait $third<L: Pass, R: Pass, B: Differentiable<Tangent: 'static> + 'static>: $second<L, R, B> {
            /// Forward mode over forward mode.
            fn jvp_jvp<'a>(
                a: L::Of<'a, Self>, a1: L::Of<'a, Tan<Self>>, ad: L::Of<'a, Tan<Self>>, add: L::Of<'a, Tan<Self>>,
                b: R::Of<'a, B>, b1: R::Of<'a, Tan<B>>, bd: R::Of<'a, Tan<B>>, bdd: R::Of<'a, Tan<B>>,
            ) -> Pairs<Self::Out>;
            /// The same, with its pullback.
            fn jvp_jvp_forward<'a>(
                a: L::Of<'a, Self>, a1: L::Of<'a, Tan<Self>>, ad: L::Of<'a, Tan<Self>>, add: L::Of<'a, Tan<Self>>,
                b: R::Of<'a, B>, b1: R::Of<'a, Tan<B>>, bd: R::Of<'a, Tan<B>>, bdd: R::Of<'a, Tan<B>>, tape: &mut Tape,
            ) -> (
                Pairs<Self::Out>,
                impl FnOnce(&Self, &Tan<Self>, &Tan<Self>, &Tan<Self>, &B, &Tan<B>, &Tan<B>, &Tan<B>, &mut Tape, Bars<Self::Out>)
                    -> (Tan<Self>, Tan<Self>, Tan<Self>, Tan<Self>, Tan<B>, Tan<B>, Tan<B>, Tan<B>) + use<Self, L, R, B>,
            );
        }

        #[doc = concat!("`a ", $text, " b` with its second tangent.")]
        #[inline(always)]
        pub fn $both<'a, L: Pass, R: Pass, A: $third<L, R, B>, B: Differentiable<Tangent: 'static> + 'static>(
            a: L::Of<'a, A>, a1: L::Of<'a, Tan<A>>, ad: L::Of<'a, Tan<A>>, add: L::Of<'a, Tan<A>>,
            b: R::Of<'a, B>, b1: R::Of<'a, Tan<B>>, bd: R::Of<'a, Tan<B>>, bdd: R::Of<'a, Tan<B>>,
        ) -> Pairs<A::Out> {
            A::jvp_jvp(a, a1, ad, add, b, b1, bd, bdd)
        }

        #[doc = concat!("The second tangent of `a ", $text, " b` with its pullback.")]
        #[inline(always)]
        pub fn $both_fwd<'a, L: Pass, R: Pass, A: $third<L, R, B>, B: Differentiable<Tangent: 'static> + 'static>(
            a: L::Of<'a, A>, a1: L::Of<'a, Tan<A>>, ad: L::Of<'a, Tan<A>>, add: L::Of<'a, Tan<A>>,
            b: R::Of<'a, B>, b1: R::Of<'a, Tan<B>>, bd: R::Of<'a, Tan<B>>, bdd: R::Of<'a, Tan<B>>, tape: &mut Tape,
        ) -> (
            Pairs<A::Out>,
            impl FnOnce(&A, &Tan<A>, &Tan<A>, &Tan<A>, &B, &Tan<B>, &Tan<B>, &Tan<B>, &mut Tape, Bars<A::Out>)
                -> (Tan<A>, Tan<A>, Tan<A>, Tan<A>, Tan<B>, Tan<B>, Tan<B>, Tan<B>) + use<A, L, R, B>,
        ) {
            A::jvp_jvp_forward(a, a1, ad, add, b, b1, bd, bdd, tape)
        }
    )*};
}

binary_rule! {
    Add2Rule, Add3Rule, add_jvp_jvp, add_jvp_jvp_fwd, "+", "`{Self} + {B}` has no derivative of order 3";
    Sub2Rule, Sub3Rule, sub_jvp_jvp, sub_jvp_jvp_fwd, "-", "`{Self} - {B}` has no derivative of order 3";
    Mul2Rule, Mul3Rule, mul_jvp_jvp, mul_jvp_jvp_fwd, "*", "`{Self} * {B}` has no derivative of order 3";
    Div2Rule, Div3Rule, div_jvp_jvp, div_jvp_jvp_fwd, "/", "`{Self} / {B}` has no derivative of order 3";
    Rem2Rule, Rem3Rule, rem_jvp_jvp, rem_jvp_jvp_fwd, "%", "`{Self} % {B}` has no derivative of order 3";
}

/// The four numbers of an operand, of a result, or of their cotangents: itself, first direction, second, both.
type Four<T> = (T, T, T, T);

/// The rule on floats from `value`, four numbers from four and four, and `back`, the cotangents of the operands.
macro_rules! float_impl {
    ($third:ident [$($t:ty),*] $value:expr; $back:expr) => {$(
        impl<L: Pass, R: Pass> $third<L, R, $t> for $t {
            #[inline(always)]
            fn jvp_jvp<'a>(
                a: L::Of<'a, $t>, a1: L::Of<'a, $t>, ad: L::Of<'a, $t>, add: L::Of<'a, $t>,
                b: R::Of<'a, $t>, b1: R::Of<'a, $t>, bd: R::Of<'a, $t>, bdd: R::Of<'a, $t>,
            ) -> Pairs<$t> {
                let value: fn(Four<$t>, Four<$t>) -> Four<$t> = $value;
                let (z, z1, zd, zdd) = value(
                    (*L::get(&a), *L::get(&a1), *L::get(&ad), *L::get(&add)),
                    (*R::get(&b), *R::get(&b1), *R::get(&bd), *R::get(&bdd)),
                );
                ((z, zd), (z1, zdd))
            }
            #[inline(always)]
            fn jvp_jvp_forward<'a>(
                a: L::Of<'a, $t>, a1: L::Of<'a, $t>, ad: L::Of<'a, $t>, add: L::Of<'a, $t>,
                b: R::Of<'a, $t>, b1: R::Of<'a, $t>, bd: R::Of<'a, $t>, bdd: R::Of<'a, $t>, _: &mut Tape,
            ) -> (
                Pairs<$t>,
                impl FnOnce(&$t, &$t, &$t, &$t, &$t, &$t, &$t, &$t, &mut Tape, Bars<$t>) -> ($t, $t, $t, $t, $t, $t, $t, $t) + use<L, R>,
            ) {
                let pairs = <$t as $third<L, R, $t>>::jvp_jvp(a, a1, ad, add, b, b1, bd, bdd);
                (pairs, |a: &$t, a1: &$t, ad: &$t, add: &$t, b: &$t, b1: &$t, bd: &$t, bdd: &$t, _: &mut Tape, ((w, wd), (w1, wdd)): Bars<$t>| {
                    let back: fn(Four<$t>, Four<$t>, Four<$t>) -> (Four<$t>, Four<$t>) = $back;
                    let (x, y) = back((*a, *a1, *ad, *add), (*b, *b1, *bd, *bdd), (w, w1, wd, wdd));
                    (x.0, x.1, x.2, x.3, y.0, y.1, y.2, y.3)
                })
            }
        }
    )*};
}

/// `(a + a1 s + ad t + add st)(b + b1 s + bd t + bdd st)` up to `st`, which is how all products below come about.
macro_rules! product {
    ($a:expr, $b:expr) => {{
        let ((a, a1, ad, add), (b, b1, bd, bdd)) = ($a, $b);
        (a * b, a1 * b + a * b1, ad * b + a * bd, add * b + ad * b1 + a1 * bd + a * bdd)
    }};
}

/// The cotangents of one factor of a product from those of the product, `w`, and the other factor.
macro_rules! product_back {
    ($w:expr, $b:expr) => {{
        let ((w, w1, wd, wdd), (b, b1, bd, bdd)) = ($w, $b);
        (w * b + w1 * b1 + wd * bd + wdd * bdd, w1 * b + wdd * bd, wd * b + wdd * b1, wdd * b)
    }};
}

/// The quotient: the four numbers whose product with the divisor is the dividend.
macro_rules! quotient {
    ($a:expr, $b:expr) => {{
        let ((a, a1, ad, add), (b, b1, bd, bdd)) = ($a, $b);
        let z = a / b;
        let (z1, zd) = ((a1 - z * b1) / b, (ad - z * bd) / b);
        (z, z1, zd, (add - zd * b1 - z1 * bd - z * bdd) / b)
    }};
}

macro_rules! negated {
    ($w:expr) => {{
        let (w, w1, wd, wdd) = $w;
        (-w, -w1, -wd, -wdd)
    }};
}

macro_rules! scaled {
    ($w:expr, $t:expr) => {{
        let ((w, w1, wd, wdd), t) = ($w, $t);
        (w * t, w1 * t, wd * t, wdd * t)
    }};
}

float_impl!(Add3Rule [f64, f32] |a, b| (a.0 + b.0, a.1 + b.1, a.2 + b.2, a.3 + b.3); |_, _, w| (w, w));
float_impl!(Sub3Rule [f64, f32] |a, b| (a.0 - b.0, a.1 - b.1, a.2 - b.2, a.3 - b.3); |_, _, w| (w, negated!(w)));
float_impl!(Mul3Rule [f64, f32] |a, b| product!(a, b); |a, b, w| (product_back!(w, b), product_back!(w, a)));
float_impl!(Div3Rule [f64, f32] |a, b| quotient!(a, b); |a, b, (w, w1, wd, wdd)| {
    // `a = z b`: the cotangents of `a` solve the transposed product, and reach `b` through it.
    let (b0, b1, bd, bdd) = b;
    let udd = wdd / b0;
    let (u1, ud) = ((w1 - udd * bd) / b0, (wd - udd * b1) / b0);
    let u = ((w - u1 * b1 - ud * bd - udd * bdd) / b0, u1, ud, udd);
    (u, negated!(product_back!(u, quotient!(a, b))))
});
float_impl!(Rem3Rule [f64, f32] |a, b| {
    let t = crate::Real::trunc(a.0 / b.0);
    (a.0 % b.0, a.1 - t * b.1, a.2 - t * b.2, a.3 - t * b.3)
}; |a, b, w| (w, negated!(scaled!(w, crate::Real::trunc(a.0 / b.0)))));

/// Integers have no directions.
macro_rules! integer_impl {
    ($($third:ident $op:tt),*) => {$(
        integer_impl!(@each $third $op [u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize]);
    )*};
    (@each $third:ident $op:tt [$($t:ty),*]) => {$(
        #[allow(clippy::unused_unit)]
        impl<L: Pass, R: Pass> $third<L, R, $t> for $t {
            #[inline(always)]
            fn jvp_jvp<'a>(
                a: L::Of<'a, $t>, _: L::Of<'a, ()>, _: L::Of<'a, ()>, _: L::Of<'a, ()>,
                b: R::Of<'a, $t>, _: R::Of<'a, ()>, _: R::Of<'a, ()>, _: R::Of<'a, ()>,
            ) -> Pairs<$t> {
                ((*L::get(&a) $op *R::get(&b), ()), ((), ()))
            }
            #[inline(always)]
            fn jvp_jvp_forward<'a>(
                a: L::Of<'a, $t>, _: L::Of<'a, ()>, _: L::Of<'a, ()>, _: L::Of<'a, ()>,
                b: R::Of<'a, $t>, _: R::Of<'a, ()>, _: R::Of<'a, ()>, _: R::Of<'a, ()>, _: &mut Tape,
            ) -> (
                Pairs<$t>,
                impl FnOnce(&$t, &(), &(), &(), &$t, &(), &(), &(), &mut Tape, Bars<$t>) -> ((), (), (), (), (), (), (), ()) + use<L, R>,
            ) {
                (
                    ((*L::get(&a) $op *R::get(&b), ()), ((), ())),
                    |_: &$t, _: &(), _: &(), _: &(), _: &$t, _: &(), _: &(), _: &(), _: &mut Tape, _: Bars<$t>| ((), (), (), (), (), (), (), ()),
                )
            }
        }
    )*};
}

integer_impl!(Add3Rule +, Sub3Rule -, Mul3Rule *, Div3Rule /, Rem3Rule %);

/// The rule of the second tangent of unary `-`, for order 3.
#[diagnostic::on_unimplemented(
    message = "`-{Self}` has no derivative of order 3",
    note = "put `#[differentiable(order = 3)]` on the impl of `Neg`"
)]
pub trait Neg3Rule<L: Pass>: Neg2Rule<L> {
    /// Forward mode over forward mode.
    fn jvp_jvp<'a>(a: L::Of<'a, Self>, a1: L::Of<'a, Tan<Self>>, ad: L::Of<'a, Tan<Self>>, add: L::Of<'a, Tan<Self>>) -> Pairs<Self::Out>;
    /// The same, with its pullback.
    fn jvp_jvp_forward<'a>(
        a: L::Of<'a, Self>,
        a1: L::Of<'a, Tan<Self>>,
        ad: L::Of<'a, Tan<Self>>,
        add: L::Of<'a, Tan<Self>>,
        tape: &mut Tape,
    ) -> (
        Pairs<Self::Out>,
        impl FnOnce(&Self, &Tan<Self>, &Tan<Self>, &Tan<Self>, &mut Tape, Bars<Self::Out>) -> (Tan<Self>, Tan<Self>, Tan<Self>, Tan<Self>)
        + use<Self, L>,
    );
}

/// `-a` with its second tangent.
#[inline(always)]
pub fn neg_jvp_jvp<'a, L: Pass, A: Neg3Rule<L>>(
    a: L::Of<'a, A>,
    a1: L::Of<'a, Tan<A>>,
    ad: L::Of<'a, Tan<A>>,
    add: L::Of<'a, Tan<A>>,
) -> Pairs<A::Out> {
    A::jvp_jvp(a, a1, ad, add)
}

/// The second tangent of `-a` with its pullback.
#[inline(always)]
pub fn neg_jvp_jvp_fwd<'a, L: Pass, A: Neg3Rule<L>>(
    a: L::Of<'a, A>,
    a1: L::Of<'a, Tan<A>>,
    ad: L::Of<'a, Tan<A>>,
    add: L::Of<'a, Tan<A>>,
    tape: &mut Tape,
) -> (
    Pairs<A::Out>,
    impl FnOnce(&A, &Tan<A>, &Tan<A>, &Tan<A>, &mut Tape, Bars<A::Out>) -> (Tan<A>, Tan<A>, Tan<A>, Tan<A>) + use<A, L>,
) {
    A::jvp_jvp_forward(a, a1, ad, add, tape)
}

macro_rules! neg_impl {
    ([$($t:ty),*] |$w:ident| $value:expr) => {$(
        #[allow(clippy::unused_unit)]
        impl<L: Pass> Neg3Rule<L> for $t {
            #[inline(always)]
            fn jvp_jvp<'a>(a: L::Of<'a, $t>, a1: L::Of<'a, Tan<$t>>, ad: L::Of<'a, Tan<$t>>, add: L::Of<'a, Tan<$t>>) -> Pairs<$t> {
                let negate = |$w: Tan<$t>| $value;
                (
                    (-*L::get::<$t>(&a), negate(*L::get::<Tan<$t>>(&ad))),
                    (negate(*L::get::<Tan<$t>>(&a1)), negate(*L::get::<Tan<$t>>(&add))),
                )
            }
            #[inline(always)]
            fn jvp_jvp_forward<'a>(
                a: L::Of<'a, $t>, a1: L::Of<'a, Tan<$t>>, ad: L::Of<'a, Tan<$t>>, add: L::Of<'a, Tan<$t>>, _: &mut Tape,
            ) -> (
                Pairs<$t>,
                impl FnOnce(&$t, &Tan<$t>, &Tan<$t>, &Tan<$t>, &mut Tape, Bars<$t>) -> (Tan<$t>, Tan<$t>, Tan<$t>, Tan<$t>) + use<L>,
            ) {
                (
                    <$t as Neg3Rule<L>>::jvp_jvp(a, a1, ad, add),
                    |_: &$t, _: &Tan<$t>, _: &Tan<$t>, _: &Tan<$t>, _: &mut Tape, ((w, wd), (w1, wdd)): Bars<$t>| {
                        let negate = |$w: Tan<$t>| $value;
                        (negate(w), negate(w1), negate(wd), negate(wdd))
                    },
                )
            }
        }
    )*};
}

neg_impl!([f64, f32] | w | -w);
neg_impl!([i8, i16, i32, i64, i128, isize] | _w | ());

macro_rules! assign_rule {
    ($($second:ident, $third:ident, $both:ident, $both_fwd:ident, $text:literal, $message:literal;)*) => {$(
        #[doc = concat!("The rule of the second tangent of `", $text, "`, for order 3.")]
        #[diagnostic::on_unimplemented(message = $message, note = "put `#[differentiable(order = 3)]` on the impl of the operator")]
        pub trait $third<R: Pass, B: Differentiable<Tangent: 'static> + 'static>: $second<R, B> {
            /// Forward mode over forward mode.
            fn jvp_jvp<'a>(
                &mut self, a1: &mut Tan<Self>, ad: &mut Tan<Self>, add: &mut Tan<Self>,
                b: R::Of<'a, B>, b1: R::Of<'a, Tan<B>>, bd: R::Of<'a, Tan<B>>, bdd: R::Of<'a, Tan<B>>,
            );
            /// The same, with its pullback.
            fn jvp_jvp_forward<'a>(
                &mut self, a1: &mut Tan<Self>, ad: &mut Tan<Self>, add: &mut Tan<Self>,
                b: R::Of<'a, B>, b1: R::Of<'a, Tan<B>>, bd: R::Of<'a, Tan<B>>, bdd: R::Of<'a, Tan<B>>, tape: &mut Tape,
            ) -> impl FnOnce(
                &mut Self, &mut Tan<Self>, &mut Tan<Self>, &mut Tan<Self>, &B, &Tan<B>, &Tan<B>, &Tan<B>, &mut Tape,
                &mut Tan<Self>, &mut Tan<Self>, &mut Tan<Self>, &mut Tan<Self>,
            ) -> (Tan<B>, Tan<B>, Tan<B>, Tan<B>) + use<Self, R, B>;
        }

        #[doc = concat!("`a ", $text, " b` with its second tangent.")]
        #[inline(always)]
        pub fn $both<'a, R: Pass, A: $third<R, B>, B: Differentiable<Tangent: 'static> + 'static>(
            a: &mut A, a1: &mut Tan<A>, ad: &mut Tan<A>, add: &mut Tan<A>,
            b: R::Of<'a, B>, b1: R::Of<'a, Tan<B>>, bd: R::Of<'a, Tan<B>>, bdd: R::Of<'a, Tan<B>>,
        ) {
            a.jvp_jvp(a1, ad, add, b, b1, bd, bdd);
        }

        #[doc = concat!("The second tangent of `a ", $text, " b` with its pullback.")]
        #[inline(always)]
        pub fn $both_fwd<'a, R: Pass, A: $third<R, B>, B: Differentiable<Tangent: 'static> + 'static>(
            a: &mut A, a1: &mut Tan<A>, ad: &mut Tan<A>, add: &mut Tan<A>,
            b: R::Of<'a, B>, b1: R::Of<'a, Tan<B>>, bd: R::Of<'a, Tan<B>>, bdd: R::Of<'a, Tan<B>>, tape: &mut Tape,
        ) -> (
            (),
            impl FnOnce(
                &mut A, &mut Tan<A>, &mut Tan<A>, &mut Tan<A>, &B, &Tan<B>, &Tan<B>, &Tan<B>, &mut Tape,
                &mut Tan<A>, &mut Tan<A>, &mut Tan<A>, &mut Tan<A>,
            ) -> (Tan<B>, Tan<B>, Tan<B>, Tan<B>) + use<A, R, B>,
        ) {
            ((), a.jvp_jvp_forward(a1, ad, add, b, b1, bd, bdd, tape))
        }
    )*};
}

assign_rule! {
    AddAssign2Rule, AddAssign3Rule, add_assign_jvp_jvp, add_assign_jvp_jvp_fwd, "+=", "`{Self} += {B}` has no derivative of order 3";
    SubAssign2Rule, SubAssign3Rule, sub_assign_jvp_jvp, sub_assign_jvp_jvp_fwd, "-=", "`{Self} -= {B}` has no derivative of order 3";
    MulAssign2Rule, MulAssign3Rule, mul_assign_jvp_jvp, mul_assign_jvp_jvp_fwd, "*=", "`{Self} *= {B}` has no derivative of order 3";
    DivAssign2Rule, DivAssign3Rule, div_assign_jvp_jvp, div_assign_jvp_jvp_fwd, "/=", "`{Self} /= {B}` has no derivative of order 3";
    RemAssign2Rule, RemAssign3Rule, rem_assign_jvp_jvp, rem_assign_jvp_jvp_fwd, "%=", "`{Self} %= {B}` has no derivative of order 3";
}

/// `a op= b` from the rule of `op`; the record is the old values.
macro_rules! assign_impl {
    ($third:ident $both:ident $both_fwd:ident [$($t:ty),*]) => {$(
        #[allow(clippy::let_unit_value, clippy::unused_unit)]
        impl<R: Pass> $third<R, $t> for $t {
            #[inline(always)]
            fn jvp_jvp<'a>(
                &mut self, a1: &mut Tan<$t>, ad: &mut Tan<$t>, add: &mut Tan<$t>,
                b: R::Of<'a, $t>, b1: R::Of<'a, Tan<$t>>, bd: R::Of<'a, Tan<$t>>, bdd: R::Of<'a, Tan<$t>>,
            ) {
                ((*self, *ad), (*a1, *add)) = $both::<ByVal, R, $t, $t>(*self, *a1, *ad, *add, b, b1, bd, bdd);
            }
            #[inline(always)]
            fn jvp_jvp_forward<'a>(
                &mut self, a1: &mut Tan<$t>, ad: &mut Tan<$t>, add: &mut Tan<$t>,
                b: R::Of<'a, $t>, b1: R::Of<'a, Tan<$t>>, bd: R::Of<'a, Tan<$t>>, bdd: R::Of<'a, Tan<$t>>, tape: &mut Tape,
            ) -> impl FnOnce(
                &mut $t, &mut Tan<$t>, &mut Tan<$t>, &mut Tan<$t>, &$t, &Tan<$t>, &Tan<$t>, &Tan<$t>, &mut Tape,
                &mut Tan<$t>, &mut Tan<$t>, &mut Tan<$t>, &mut Tan<$t>,
            ) -> (Tan<$t>, Tan<$t>, Tan<$t>, Tan<$t>) + use<R> {
                let old = (*self, *a1, *ad, *add);
                let (new, pullback) = $both_fwd::<ByVal, R, $t, $t>(old.0, old.1, old.2, old.3, b, b1, bd, bdd, tape);
                ((*self, *ad), (*a1, *add)) = new;
                move |a: &mut $t, a1: &mut Tan<$t>, ad: &mut Tan<$t>, add: &mut Tan<$t>,
                      b: &$t, b1: &Tan<$t>, bd: &Tan<$t>, bdd: &Tan<$t>, tape: &mut Tape,
                      w: &mut Tan<$t>, w1: &mut Tan<$t>, wd: &mut Tan<$t>, wdd: &mut Tan<$t>| {
                    let bars = pullback(&old.0, &old.1, &old.2, &old.3, b, b1, bd, bdd, tape, ((*w, *wd), (*w1, *wdd)));
                    (*w, *w1, *wd, *wdd) = (bars.0, bars.1, bars.2, bars.3);
                    (*a, *a1, *ad, *add) = old;
                    (bars.4, bars.5, bars.6, bars.7)
                }
            }
        }
    )*};
}

macro_rules! assign_impls {
    ($($third:ident $both:ident $both_fwd:ident),*) => {$(
        assign_impl!($third $both $both_fwd [f64, f32, u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize]);
    )*};
}

assign_impls!(
    AddAssign3Rule add_jvp_jvp add_jvp_jvp_fwd,
    SubAssign3Rule sub_jvp_jvp sub_jvp_jvp_fwd,
    MulAssign3Rule mul_jvp_jvp mul_jvp_jvp_fwd,
    DivAssign3Rule div_jvp_jvp div_jvp_jvp_fwd,
    RemAssign3Rule rem_jvp_jvp rem_jvp_jvp_fwd
);

/// Every operator of real numbers has its rules of order 3, so that generic code may use them.
pub trait Arithmetic3:
    Differentiable<Tangent = Self>
    + Sized
    + 'static
    + Neg3Rule<ByVal>
    + Neg3Rule<ByRef>
    + Add3Rule<ByVal, ByVal, Self>
    + Add3Rule<ByVal, ByRef, Self>
    + Add3Rule<ByRef, ByVal, Self>
    + Add3Rule<ByRef, ByRef, Self>
    + AddAssign3Rule<ByVal, Self>
    + AddAssign3Rule<ByRef, Self>
    + Sub3Rule<ByVal, ByVal, Self>
    + Sub3Rule<ByVal, ByRef, Self>
    + Sub3Rule<ByRef, ByVal, Self>
    + Sub3Rule<ByRef, ByRef, Self>
    + SubAssign3Rule<ByVal, Self>
    + SubAssign3Rule<ByRef, Self>
    + Mul3Rule<ByVal, ByVal, Self>
    + Mul3Rule<ByVal, ByRef, Self>
    + Mul3Rule<ByRef, ByVal, Self>
    + Mul3Rule<ByRef, ByRef, Self>
    + MulAssign3Rule<ByVal, Self>
    + MulAssign3Rule<ByRef, Self>
    + Div3Rule<ByVal, ByVal, Self>
    + Div3Rule<ByVal, ByRef, Self>
    + Div3Rule<ByRef, ByVal, Self>
    + Div3Rule<ByRef, ByRef, Self>
    + DivAssign3Rule<ByVal, Self>
    + DivAssign3Rule<ByRef, Self>
    + Rem3Rule<ByVal, ByVal, Self>
    + Rem3Rule<ByVal, ByRef, Self>
    + Rem3Rule<ByRef, ByVal, Self>
    + Rem3Rule<ByRef, ByRef, Self>
    + RemAssign3Rule<ByVal, Self>
    + RemAssign3Rule<ByRef, Self>
{
}

impl Arithmetic3 for f32 {}
impl Arithmetic3 for f64 {}
