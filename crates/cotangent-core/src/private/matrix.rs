//! What generated code calls for the methods of [`Matrix`] inside differentiable functions: the protocol that
//! `#[differentiable]` on an impl would emit, which this crate cannot use.

use crate::{Matrix, Real, Tangent, Tape};
use alloc::vec::Vec;

/// Methods that ask for a number that has no derivative.
macro_rules! sizes {
    ($($name:ident $forward:ident $pull:ident $value:ident $tangent:ident $tangent_pull:ident;)*) => {$(
        #[doc(hidden)]
        #[inline(always)]
        pub fn $forward(&self, _: &mut Tape) -> (usize, ()) {
            (self.$name(), ())
        }
        #[doc(hidden)]
        #[inline(always)]
        pub fn $pull(&self, _record: (), _again: (), _: &mut Tape, _seed: (), _bars: (&mut Self,)) {}
        #[doc(hidden)]
        #[inline(always)]
        pub fn $value(&self, _: &Self) -> (usize, ()) {
            (self.$name(), ())
        }
        #[doc(hidden)]
        #[inline(always)]
        pub fn $tangent(&self, _: &Self, _: &mut Tape) -> ((usize, ()), ()) {
            ((self.$name(), ()), ())
        }
        #[doc(hidden)]
        #[inline(always)]
        pub fn $tangent_pull(&self, _record: (), _again: (&Self,), _: &mut Tape, _seed: ((), ()), _bars: (&mut Self, &mut Self)) {}
    )*};
}

/// Methods that are linear in the matrix, with how a cotangent is added.
macro_rules! linear {
    ($($name:ident -> $out:ty, $forward:ident $pull:ident $value:ident $tangent:ident $tangent_pull:ident, $add:expr;)*) => {$(
        #[doc(hidden)]
        #[inline]
        pub fn $forward(&self, _: &mut Tape) -> ($out, ()) {
            (self.clone().$name(), ())
        }
        #[doc(hidden)]
        #[inline]
        pub fn $pull(&self, _record: (), _again: (), _: &mut Tape, seed: $out, (bar,): (&mut Self,)) {
            $add(bar, &seed);
        }
        #[doc(hidden)]
        #[inline]
        pub fn $value(&self, dot: &Self) -> ($out, $out) {
            (self.clone().$name(), dot.clone().$name())
        }
        #[doc(hidden)]
        #[inline]
        pub fn $tangent(&self, dot: &Self, _: &mut Tape) -> (($out, $out), ()) {
            ((self.clone().$name(), dot.clone().$name()), ())
        }
        #[doc(hidden)]
        #[inline]
        pub fn $tangent_pull(
            &self, _record: (), _again: (&Self,), _: &mut Tape, seed: ($out, $out), (bar, dot_bar): (&mut Self, &mut Self),
        ) {
            $add(bar, &seed.0);
            $add(dot_bar, &seed.1);
        }
    )*};
}

impl<T: Real> Matrix<T> {
    sizes! {
        rows __differentiable_rows __differentiable_rows_pull __differentiable_rows_jvp_value
            __differentiable_rows_jvp __differentiable_rows_jvp_pull;
        cols __differentiable_cols __differentiable_cols_pull __differentiable_cols_jvp_value
            __differentiable_cols_jvp __differentiable_cols_jvp_pull;
    }

    linear! {
        into_vec -> Vec<T>, __differentiable_into_vec __differentiable_into_vec_pull __differentiable_into_vec_jvp_value
            __differentiable_into_vec_jvp __differentiable_into_vec_jvp_pull, add_slice;
        transpose -> Matrix<T>, __differentiable_transpose __differentiable_transpose_pull __differentiable_transpose_jvp_value
            __differentiable_transpose_jvp __differentiable_transpose_jvp_pull,
            |bar: &mut Matrix<T>, seed: &Matrix<T>| bar.accumulate(&seed.transpose());
    }
}

fn add_slice<T: Real>(bar: &mut Matrix<T>, seed: &Vec<T>) {
    for (bar, seed) in bar.as_mut_slice().iter_mut().zip(seed) {
        *bar += *seed;
    }
}

fn add_flat<T: Real>(bar: &mut [T], seed: &Matrix<T>) {
    for (bar, seed) in bar.iter_mut().zip(seed.as_slice()) {
        *bar += *seed;
    }
}

#[doc(hidden)]
#[allow(clippy::type_complexity, clippy::too_many_arguments)]
impl<T: Real> Matrix<T> {
    #[inline]
    pub fn __differentiable_zeros(
        rows: usize,
        cols: usize,
        _: &mut Tape,
    ) -> (Self, impl FnOnce(&usize, &usize, &mut Tape, Self, &mut (), &mut ()) + use<T>) {
        (
            Matrix::zeros(rows, cols),
            |_: &usize, _: &usize, _: &mut Tape, _: Self, _: &mut (), _: &mut ()| {},
        )
    }

    #[inline]
    pub fn __differentiable_zeros_jvp_value(rows: usize, (): (), cols: usize, (): ()) -> (Self, Self) {
        (Matrix::zeros(rows, cols), Matrix::zeros(rows, cols))
    }

    #[inline]
    pub fn __differentiable_zeros_jvp(
        rows: usize,
        (): (),
        cols: usize,
        (): (),
        _: &mut Tape,
    ) -> (
        (Self, Self),
        impl FnOnce(&usize, &(), &usize, &(), &mut Tape, (Self, Self), &mut (), &mut (), &mut (), &mut ()) + use<T>,
    ) {
        (
            (Matrix::zeros(rows, cols), Matrix::zeros(rows, cols)),
            |_: &usize, _: &(), _: &usize, _: &(), _: &mut Tape, _: (Self, Self), _: &mut (), _: &mut (), _: &mut (), _: &mut ()| {},
        )
    }

    #[inline]
    pub fn __differentiable_from_vec(
        rows: usize,
        cols: usize,
        values: Vec<T>,
        _: &mut Tape,
    ) -> (
        Self,
        impl FnOnce(&usize, &usize, &Vec<T>, &mut Tape, Self, &mut (), &mut (), &mut Vec<T>) + use<T>,
    ) {
        (
            Matrix::from_vec(rows, cols, values),
            |_: &usize, _: &usize, _: &Vec<T>, _: &mut Tape, seed: Self, _: &mut (), _: &mut (), bar: &mut Vec<T>| add_flat(bar, &seed),
        )
    }

    #[inline]
    pub fn __differentiable_from_vec_jvp_value(
        rows: usize,
        (): (),
        cols: usize,
        (): (),
        values: Vec<T>,
        values_dot: Vec<T>,
    ) -> (Self, Self) {
        (Matrix::from_vec(rows, cols, values), Matrix::from_vec(rows, cols, values_dot))
    }

    #[inline]
    pub fn __differentiable_from_vec_jvp(
        rows: usize,
        (): (),
        cols: usize,
        (): (),
        values: Vec<T>,
        values_dot: Vec<T>,
        _: &mut Tape,
    ) -> (
        (Self, Self),
        impl FnOnce(
            &usize,
            &(),
            &usize,
            &(),
            &Vec<T>,
            &Vec<T>,
            &mut Tape,
            (Self, Self),
            &mut (),
            &mut (),
            &mut (),
            &mut (),
            &mut Vec<T>,
            &mut Vec<T>,
        ) + use<T>,
    ) {
        (
            (Matrix::from_vec(rows, cols, values), Matrix::from_vec(rows, cols, values_dot)),
            |_: &usize,
             _: &(),
             _: &usize,
             _: &(),
             _: &Vec<T>,
             _: &Vec<T>,
             _: &mut Tape,
             seed: (Self, Self),
             _: &mut (),
             _: &mut (),
             _: &mut (),
             _: &mut (),
             bar: &mut Vec<T>,
             dot_bar: &mut Vec<T>| {
                add_flat(bar, &seed.0);
                add_flat(dot_bar, &seed.1);
            },
        )
    }
}
