//! What the engine needs of a right-hand side.

use cotangent::callable::{Callable, Callable2, MutSlice, Ref, Slice, Val};
use cotangent::{Differentiable, Real, Tape};

/// The right-hand side of `y' = f(t, y, p)`, with its derivatives.
///
/// Shapes: `y`, `dy` and everything named after them have the length of the state. `dy` (and `dy_dot`) hold zeros at
/// entry, so that a function may add to them. Implement it by hand only where there is no `#[differentiable]` function.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a right-hand side `fn(t, y: &[{F}], p: &{P}, dy: &mut [{F}])` with derivatives",
    note = "write `#[differentiable] fn rhs(t: {F}, y: &[{F}], p: &{P}, dy: &mut [{F}])` and pass `differentiable!(rhs)`"
)]
#[allow(clippy::too_many_arguments)]
pub trait Rhs<F: Real, P: Differentiable> {
    /// Writes `f(t, y, p)` to `dy`.
    fn eval(&self, t: F, y: &[F], p: &P, dy: &mut [F]);

    /// Writes `f` to `dy` and its derivative along `(y_dot, p_dot)` to `dy_dot`.
    fn jvp(&self, t: F, y: &[F], y_dot: &[F], p: &P, p_dot: &P::Tangent, dy: &mut [F], dy_dot: &mut [F]);

    /// Adds `(∂f/∂y)ᵀ dy_bar` to `y_bar` and `(∂f/∂p)ᵀ dy_bar` to `p_bar`. `dy` and `dy_bar` hold anything afterwards.
    fn vjp(&self, t: F, y: &[F], p: &P, dy: &mut [F], dy_bar: &mut [F], y_bar: &mut [F], p_bar: &mut P::Tangent, tape: &mut Tape);

    /// Writes `f` to `dy` and `∂f/∂t` to `dt`; `p_zero` is a zero of the parameters' tangents.
    fn time_derivative(&self, t: F, y: &[F], p: &P, zeros: (&[F], &P::Tangent), dy: &mut [F], dt: &mut [F]);
}

/// A right-hand side of order 2: what Hessians, and gradients of Rosenbrock methods, need.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no second derivatives",
    note = "put `#[differentiable(order = 2)]` on the right-hand side: gradients of Rosenbrock methods and second order need it"
)]
#[allow(clippy::too_many_arguments)]
pub trait Rhs2<F: Real, P: Differentiable>: Rhs<F, P> {
    /// The pullback of [`jvp`](Rhs::jvp) at `t = (t, t_dot)`, `y = (y, y_dot)`, `p = (p, p_dot)`: adds the cotangents of `y`, `y_dot`, `p` and `p_dot` for those of `dy` and
    /// `dy_dot`. The four buffers of `dy` hold anything afterwards.
    fn jvp_vjp(
        &self,
        t: (F, F),
        y: (&[F], &[F]),
        p: (&P, &P::Tangent),
        dy: (&mut [F], &mut [F]),
        dy_bar: (&mut [F], &mut [F]),
        y_bar: (&mut [F], &mut [F]),
        p_bar: (&mut P::Tangent, &mut P::Tangent),
        tape: &mut Tape,
    );
}

/// How a right-hand side takes its arguments.
type Arguments<F, P> = (Val<F>, Slice<F>, Ref<P>, MutSlice<F>);

impl<F, P, C> Rhs<F, P> for C
where
    F: Real,
    P: Differentiable + 'static,
    C: Callable<Arguments<F, P>, Out = ()>,
{
    #[inline(always)]
    fn eval(&self, t: F, y: &[F], p: &P, dy: &mut [F]) {
        self.call((t, y, p, dy));
    }

    #[inline(always)]
    fn jvp(&self, t: F, y: &[F], y_dot: &[F], p: &P, p_dot: &P::Tangent, dy: &mut [F], dy_dot: &mut [F]) {
        self.tangent(&self.zero_tangent(), (t, y, p, dy), (F::ZERO, y_dot, p_dot, dy_dot));
    }

    #[inline(always)]
    fn vjp(&self, t: F, y: &[F], p: &P, dy: &mut [F], dy_bar: &mut [F], y_bar: &mut [F], p_bar: &mut P::Tangent, tape: &mut Tape) {
        let ((), pullback) = self.forward((t, y, p, &mut *dy), tape);
        let bars = (&mut F::ZERO.clone(), y_bar, p_bar, dy_bar);
        pullback(self, (&t, y, p, dy), tape, (), &mut self.zero_tangent(), bars);
    }

    fn time_derivative(&self, t: F, y: &[F], p: &P, zeros: (&[F], &P::Tangent), dy: &mut [F], dt: &mut [F]) {
        self.tangent(&self.zero_tangent(), (t, y, p, dy), (F::ONE, zeros.0, zeros.1, dt));
    }
}

impl<F, P, C> Rhs2<F, P> for C
where
    F: Real,
    P: Differentiable<Tangent: Clone + 'static> + 'static,
    C: Callable2<Arguments<F, P>, Out = ()>,
{
    #[inline(always)]
    fn jvp_vjp(
        &self,
        (t, t_dot): (F, F),
        (y, y_dot): (&[F], &[F]),
        (p, p_dot): (&P, &P::Tangent),
        (dy, dy_dot): (&mut [F], &mut [F]),
        (dy_bar, dy_dot_bar): (&mut [F], &mut [F]),
        (y_bar, y_dot_bar): (&mut [F], &mut [F]),
        (p_bar, p_dot_bar): (&mut P::Tangent, &mut P::Tangent),
        tape: &mut Tape,
    ) {
        let still = self.zero_tangent();
        let (_, pullback) = self.tangent_forward(&still, (t, y, p, &mut *dy), (t_dot, y_dot, p_dot, &mut *dy_dot), tape);
        let (mut own, mut own_dot) = (self.zero_tangent(), self.zero_tangent());
        pullback(
            self,
            &still,
            (&t, y, p, dy),
            (&t_dot, y_dot, p_dot, dy_dot),
            tape,
            ((), ()),
            &mut own,
            &mut own_dot,
            (&mut F::ZERO.clone(), y_bar, p_bar, dy_bar),
            (&mut F::ZERO.clone(), y_dot_bar, p_dot_bar, dy_dot_bar),
        );
    }
}
