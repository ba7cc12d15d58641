//! Operators on operands whose types only rustc knows: floats, integers (whose tangents are `()`), and users' types.

use crate::{Differentiable, Tape};

type Tan<T> = <T as Differentiable>::Tangent;

macro_rules! binary_rule {
    ($($trait:ident, $fwd:ident, $text:literal;)*) => {$(
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
            fn forward(self, b: B, tape: &mut Tape) -> (Self::Out, impl FnOnce(&Self, &B, &mut Tape, Tan<Self::Out>) -> (Tan<Self>, Tan<B>));
        }

        #[doc = concat!("`a ", $text, " b` with its pullback.")]
        #[inline(always)]
        pub fn $fwd<A: $trait<B>, B: Differentiable>(
            a: A,
            b: B,
            tape: &mut Tape,
        ) -> (A::Out, impl FnOnce(&A, &B, &mut Tape, Tan<A::Out>) -> (Tan<A>, Tan<B>)) {
            a.forward(b, tape)
        }
    )*};
}

binary_rule! {
    AddRule, add_fwd, "+";
    SubRule, sub_fwd, "-";
    MulRule, mul_fwd, "*";
    DivRule, div_fwd, "/";
    RemRule, rem_fwd, "%";
}

macro_rules! binary_impl {
    // Operands by value and by reference.
    ($trait:ident $op:tt [$($t:ty),*] $a:ident $b:ident $bar:ident => $value:expr) => {$(
        binary_impl!(@one [] $trait $op $t, $t, $t, $a $b $bar => $value);
        binary_impl!(@one ['r] $trait $op $t, &'r $t, $t, $a $b $bar => $value);
        binary_impl!(@one ['l] $trait $op &'l $t, $t, $t, $a $b $bar => $value);
        binary_impl!(@one ['l, 'r] $trait $op &'l $t, &'r $t, $t, $a $b $bar => $value);
    )*};
    (@one [$($life:lifetime),*] $trait:ident $op:tt $left:ty, $right:ty, $out:ty, $a:ident $b:ident $bar:ident => $value:expr) => {
        impl<$($life),*> $trait<$right> for $left {
            type Out = $out;
            #[inline(always)]
            fn forward(
                self,
                b: $right,
                _: &mut Tape,
            ) -> ($out, impl FnOnce(&$left, &$right, &mut Tape, Tan<$out>) -> (Tan<$left>, Tan<$right>)) {
                #[allow(unused_variables, clippy::clone_on_copy)]
                let pullback = |a: &$left, b: &$right, _: &mut Tape, $bar: Tan<$out>| {
                    let ($a, $b): ($out, $out) = (a.clone() + <$out>::default(), b.clone() + <$out>::default());
                    $value
                };
                (self $op b, pullback)
            }
        }
    };
}

binary_impl!(AddRule + [f64, f32] a b bar => (bar, bar));
binary_impl!(SubRule - [f64, f32] a b bar => (bar, -bar));
binary_impl!(MulRule * [f64, f32] a b bar => (bar * b, bar * a));
binary_impl!(DivRule / [f64, f32] a b bar => { let left = bar / b; (left, -(left * (a / b))) });
binary_impl!(RemRule % [f64, f32] a b bar => (bar, -(bar * (a / b).trunc())));

macro_rules! integer_impl {
    ($($trait:ident $op:tt),*) => {$(
        binary_impl!($trait $op [u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize] a b bar => ((), ()));
    )*};
}

integer_impl!(AddRule +, SubRule -, MulRule *, DivRule /, RemRule %);

/// The rule of unary `-`.
#[diagnostic::on_unimplemented(
    message = "`-{Self}` has no derivative",
    note = "put `#[differentiable]` on the impl of `Neg`"
)]
pub trait NegRule: Differentiable + Sized {
    /// The result.
    type Out: Differentiable;
    /// The value and the pullback.
    fn forward(self, tape: &mut Tape) -> (Self::Out, impl FnOnce(&Self, &mut Tape, Tan<Self::Out>) -> Tan<Self>);
}

/// `-a` with its pullback.
#[inline(always)]
pub fn neg_fwd<A: NegRule>(a: A, tape: &mut Tape) -> (A::Out, impl FnOnce(&A, &mut Tape, Tan<A::Out>) -> Tan<A>) {
    a.forward(tape)
}

macro_rules! neg_impl {
    ([$($t:ty),*] $bar:ident => $value:expr) => {$(
        neg_impl!(@one [] $t, $t, $bar => $value);
        neg_impl!(@one ['l] &'l $t, $t, $bar => $value);
    )*};
    (@one [$($life:lifetime)?] $t:ty, $out:ty, $bar:ident => $value:expr) => {
        impl<$($life)?> NegRule for $t {
            type Out = $out;
            #[inline(always)]
            fn forward(self, _: &mut Tape) -> ($out, impl FnOnce(&$t, &mut Tape, Tan<$out>) -> Tan<$t>) {
                (-self, |_: &$t, _: &mut Tape, $bar: Tan<$out>| $value)
            }
        }
    };
}

neg_impl!([f64, f32] bar => -bar);
neg_impl!([i8, i16, i32, i64, i128, isize] _bar => ());

macro_rules! assign_rule {
    ($($trait:ident, $fwd:ident, $text:literal;)*) => {$(
        #[doc = concat!("The rule of `", $text, "` on these types.")]
        #[diagnostic::on_unimplemented(
            message = concat!("`{Self} ", $text, " {B}` has no derivative"),
            label = "no derivative for this operator on these types",
            note = "put `#[differentiable]` on the impl of the operator"
        )]
        pub trait $trait<B: Differentiable>: Differentiable + Sized {
            /// Changes `self`, and gives the pullback: place and value again, tape, cotangent of the place.
            fn forward(&mut self, b: B, tape: &mut Tape) -> impl FnOnce(&mut Self, &B, &mut Tape, &mut Tan<Self>) -> Tan<B>;
        }

        #[doc = concat!("`a ", $text, " b` with its pullback.")]
        #[inline(always)]
        pub fn $fwd<A: $trait<B>, B: Differentiable>(
            a: &mut A,
            b: B,
            tape: &mut Tape,
        ) -> ((), impl FnOnce(&mut A, &B, &mut Tape, &mut Tan<A>) -> Tan<B>) {
            ((), a.forward(b, tape))
        }
    )*};
}

assign_rule! {
    AddAssignRule, add_assign_fwd, "+=";
    SubAssignRule, sub_assign_fwd, "-=";
    MulAssignRule, mul_assign_fwd, "*=";
    DivAssignRule, div_assign_fwd, "/=";
    RemAssignRule, rem_assign_fwd, "%=";
}

macro_rules! assign_impl {
    ($trait:ident $op:tt [$($t:ty),*] $old:ident $b:ident $bar:ident => $value:expr) => {$(
        assign_impl!(@one [] $trait $op $t, $t, $old $b $bar => $value);
        assign_impl!(@one ['r] $trait $op $t, &'r $t, $old $b $bar => $value);
    )*};
    (@one [$($life:lifetime)?] $trait:ident $op:tt $t:ty, $right:ty, $old:ident $b:ident $bar:ident => $value:expr) => {
        impl<$($life)?> $trait<$right> for $t {
            #[inline(always)]
            fn forward(&mut self, b: $right, _: &mut Tape) -> impl FnOnce(&mut $t, &$right, &mut Tape, &mut Tan<$t>) -> Tan<$right> {
                let $old = *self;
                *self $op b;
                #[allow(unused_variables, clippy::clone_on_copy)]
                move |a: &mut $t, b: &$right, _: &mut Tape, $bar: &mut Tan<$t>| {
                    let $b: $t = b.clone() + <$t>::default();
                    let b_bar = $value;
                    *a = $old;
                    b_bar
                }
            }
        }
    };
}

assign_impl!(AddAssignRule += [f64, f32] old b bar => *bar);
assign_impl!(SubAssignRule -= [f64, f32] old b bar => -*bar);
assign_impl!(MulAssignRule *= [f64, f32] old b bar => { let c = *bar; *bar = c * b; c * old });
assign_impl!(DivAssignRule /= [f64, f32] old b bar => { let c = *bar / b; *bar = c; -(c * (old / b)) });
assign_impl!(RemAssignRule %= [f64, f32] old b bar => -(*bar * (old / b).trunc()));

macro_rules! integer_assign {
    ($($trait:ident $op:tt),*) => {$(
        assign_impl!($trait $op [u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize] old b bar => ());
    )*};
}

integer_assign!(AddAssignRule +=, SubAssignRule -=, MulAssignRule *=, DivAssignRule /=, RemAssignRule %=);
