//! The systems that steppers integrate: the problem itself, or the problem with tangents beside it.
//!
//! Differentiating a one-step method and integrating the tangent equation with it give the same numbers. So forward
//! sensitivities are the same engine on a longer state: blocks of `base` numbers, the first of which is the state itself.
//! Only the first block takes part in the choice of steps.

use cotangent::{Differentiable, Real, Tape};

use crate::rhs::{Rhs, Rhs2};

/// A system with everything but the state bound.
pub trait Dynamics<F: Real> {
    /// The length of the whole state.
    fn dim(&self) -> usize;
    /// The length of the state proper; `dim` is a multiple of it.
    fn base(&self) -> usize;
    /// Writes the slope at `(t, y)`.
    fn eval(&mut self, t: F, y: &[F], dy: &mut [F]);
    /// Writes the slope of the state proper.
    fn slope(&mut self, t: F, y: &[F], dy: &mut [F]);
    /// Forward mode of the state proper: all slices have the length `base`.
    fn jvp(&mut self, t: F, y: &[F], y_dot: &[F], dy: &mut [F], dy_dot: &mut [F]);
    /// The derivative of the slope of the state proper by time.
    fn time_derivative(&mut self, t: F, y: &[F], dy: &mut [F], dt: &mut [F]);
    /// The mass matrix, row-major, if there is one.
    fn mass(&self) -> Option<&[F]> {
        None
    }
    /// How often the slope has been computed, forward mode included.
    fn calls(&self) -> usize;
}

/// Dynamics with reverse mode.
pub trait Reversible<F: Real>: Dynamics<F> {
    /// What parameters' cotangents are added to.
    type Bar;
    /// Adds the cotangents of `y` and of the parameters. `dy_bar` holds anything afterwards.
    fn vjp(&mut self, t: F, y: &[F], dy_bar: &mut [F], y_bar: &mut [F], p_bar: &mut Self::Bar);
}

/// Dynamics whose forward mode has a pullback.
pub trait Curved<F: Real>: Reversible<F> {
    /// The pullback of the derivative of the slope along `(t_dot, y_dot)`, a constant direction: adds what the cotangent
    /// `dy_dot_bar` asks of `y` and of the parameters.
    fn jvp_vjp(&mut self, t: F, y: &[F], along: (F, &[F]), dy_dot_bar: &mut [F], y_bar: &mut [F], p_bar: &mut Self::Bar);
}

/// The problem itself.
pub struct Plain<'a, F, R, P: Differentiable> {
    rhs: &'a R,
    p: &'a P,
    zero: P::Tangent,
    tape: Tape,
    calls: usize,
    dy: Vec<F>,
    mass: Option<&'a [F]>,
    /// Buffers of the pullback of forward mode: slope, its tangent, its cotangent, and that of the direction.
    curved: [Vec<F>; 4],
}

impl<'a, F: Real, R: Rhs<F, P>, P: Differentiable> Plain<'a, F, R, P> {
    /// The right-hand side with its parameters.
    pub fn new(rhs: &'a R, p: &'a P, dim: usize) -> Self {
        Plain {
            rhs,
            p,
            zero: p.zero_tangent(),
            tape: Tape::new(),
            calls: 0,
            dy: vec![F::ZERO; dim],
            mass: None,
            curved: core::array::from_fn(|_| Vec::new()),
        }
    }

    /// With a mass matrix.
    #[must_use]
    pub fn with_mass(mut self, mass: Option<&'a [F]>) -> Self {
        self.mass = mass;
        self
    }
}

impl<F: Real, R: Rhs<F, P>, P: Differentiable> Dynamics<F> for Plain<'_, F, R, P> {
    #[inline]
    fn dim(&self) -> usize {
        self.dy.len()
    }
    #[inline]
    fn base(&self) -> usize {
        self.dy.len()
    }
    #[inline]
    fn eval(&mut self, t: F, y: &[F], dy: &mut [F]) {
        self.calls += 1;
        dy.fill(F::ZERO);
        self.rhs.eval(t, y, self.p, dy);
    }
    fn slope(&mut self, t: F, y: &[F], dy: &mut [F]) {
        self.eval(t, y, dy);
    }
    #[inline]
    fn jvp(&mut self, t: F, y: &[F], y_dot: &[F], dy: &mut [F], dy_dot: &mut [F]) {
        self.calls += 1;
        dy.fill(F::ZERO);
        dy_dot.fill(F::ZERO);
        self.rhs.jvp(t, y, y_dot, self.p, &self.zero, dy, dy_dot);
    }
    fn time_derivative(&mut self, t: F, y: &[F], dy: &mut [F], dt: &mut [F]) {
        dy.fill(F::ZERO);
        dt.fill(F::ZERO);
        self.dy.fill(F::ZERO);
        self.rhs.time_derivative(t, y, self.p, (&self.dy, &self.zero), dy, dt);
    }
    fn mass(&self) -> Option<&[F]> {
        self.mass
    }
    fn calls(&self) -> usize {
        self.calls
    }
}

impl<F: Real, R: Rhs<F, P>, P: Differentiable> Reversible<F> for Plain<'_, F, R, P> {
    type Bar = P::Tangent;
    #[inline]
    fn vjp(&mut self, t: F, y: &[F], dy_bar: &mut [F], y_bar: &mut [F], p_bar: &mut P::Tangent) {
        self.dy.fill(F::ZERO);
        self.rhs.vjp(t, y, self.p, &mut self.dy, dy_bar, y_bar, p_bar, &mut self.tape);
    }
}

impl<F: Real, R: Rhs2<F, P>, P: Differentiable> Curved<F> for Plain<'_, F, R, P> {
    fn jvp_vjp(&mut self, t: F, y: &[F], (t_dot, y_dot): (F, &[F]), dy_dot_bar: &mut [F], y_bar: &mut [F], p_bar: &mut P::Tangent) {
        for buffer in &mut self.curved {
            buffer.clear();
            buffer.resize(y.len(), F::ZERO);
        }
        let [dy, dy_dot, dy_bar, y_dot_bar] = &mut self.curved;
        let mut p_dot_bar = self.p.zero_tangent();
        self.rhs.jvp_vjp(
            (t, t_dot),
            (y, y_dot),
            (self.p, &self.zero),
            (dy, dy_dot),
            (dy_bar, dy_dot_bar),
            (y_bar, y_dot_bar),
            (p_bar, &mut p_dot_bar),
            &mut self.tape,
        );
    }
}

/// The problem with tangents along several directions beside it: `[y, y_dot₁, y_dot₂, ..]`.
pub struct Directions<'a, F, R, P: Differentiable> {
    plain: Plain<'a, F, R, P>,
    p_dots: &'a [P::Tangent],
}

impl<'a, F: Real, R: Rhs<F, P>, P: Differentiable> Directions<'a, F, R, P> {
    /// One block of tangents for each of `p_dots`; `base` is the length of the state.
    pub fn new(rhs: &'a R, p: &'a P, base: usize, p_dots: &'a [P::Tangent]) -> Self {
        let plain = Plain::new(rhs, p, base);
        Directions { plain, p_dots }
    }
}

impl<F: Real, R: Rhs<F, P>, P: Differentiable> Dynamics<F> for Directions<'_, F, R, P> {
    fn dim(&self) -> usize {
        self.plain.dim() * (1 + self.p_dots.len())
    }
    fn base(&self) -> usize {
        self.plain.dim()
    }
    fn eval(&mut self, t: F, z: &[F], dz: &mut [F]) {
        let n = self.plain.dim();
        dz.fill(F::ZERO);
        let (y, dots) = z.split_at(n);
        let (dy, dy_dots) = dz.split_at_mut(n);
        let blocks = dots.chunks_exact(n).zip(dy_dots.chunks_exact_mut(n));
        for ((y_dot, dy_dot), p_dot) in blocks.zip(self.p_dots) {
            self.plain.calls += 1;
            dy.fill(F::ZERO);
            self.plain.rhs.jvp(t, y, y_dot, self.plain.p, p_dot, dy, dy_dot);
        }
        if self.p_dots.is_empty() {
            self.plain.eval(t, y, dy);
        }
    }
    fn slope(&mut self, t: F, y: &[F], dy: &mut [F]) {
        self.plain.eval(t, y, dy);
    }
    fn jvp(&mut self, t: F, y: &[F], y_dot: &[F], dy: &mut [F], dy_dot: &mut [F]) {
        self.plain.jvp(t, y, y_dot, dy, dy_dot);
    }
    fn time_derivative(&mut self, t: F, y: &[F], dy: &mut [F], dt: &mut [F]) {
        self.plain.time_derivative(t, y, dy, dt);
    }
    fn calls(&self) -> usize {
        self.plain.calls
    }
}
