//! Projection on an invariant after each step.

use core::fmt;
use std::sync::Arc;

use cotangent::callable::{Callable2, Ref, Slice, Val};
use cotangent::{Differentiable, Real, Tape};

/// A function of time, state and parameters that the exact solution keeps: an energy, for instance.
///
/// After each step the state is moved along the invariant's gradient until it has the value that it had at the start:
/// Hairer, Lubich, Wanner, *Geometric Numerical Integration*, IV.4. The projection is differentiated, hence order 2.
pub struct Invariant<P: Differentiable, F: Real = f64>(Arc<dyn Level<P, F>>);

impl<P: Differentiable + 'static, F: Real> Invariant<P, F> {
    /// The invariant `function(t, y, p)`.
    pub fn new<C>(function: C) -> Self
    where
        C: Callable2<(Val<F>, Slice<F>, Ref<P>), Out = F> + Send + Sync + 'static,
    {
        Invariant(Arc::new(function))
    }
}

impl<P: Differentiable, F: Real> Clone for Invariant<P, F> {
    fn clone(&self) -> Self {
        Invariant(Arc::clone(&self.0))
    }
}

impl<P: Differentiable, F: Real> fmt::Debug for Invariant<P, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Invariant")
    }
}

trait Level<P: Differentiable, F: Real>: Send + Sync {
    fn value(&self, t: F, y: &[F], p: &P) -> F;
    /// Adds `scale` times the gradient.
    fn gradient(&self, t: F, y: &[F], p: &P, scale: F, y_bar: &mut [F], p_bar: &mut P::Tangent);
    /// Adds the second derivatives along `y_dot`.
    fn curvature(&self, t: F, y: (&[F], &[F]), p: &P, y_bar: &mut [F], p_bar: &mut P::Tangent);
}

impl<P, F, C> Level<P, F> for C
where
    P: Differentiable + 'static,
    F: Real,
    C: Callable2<(Val<F>, Slice<F>, Ref<P>), Out = F> + Send + Sync,
{
    fn value(&self, t: F, y: &[F], p: &P) -> F {
        self.call((t, y, p))
    }
    fn gradient(&self, t: F, y: &[F], p: &P, scale: F, y_bar: &mut [F], p_bar: &mut P::Tangent) {
        Tape::with(|tape| {
            let (_, pullback) = self.forward((t, y, p), tape);
            let bars = (&mut F::ZERO.clone(), y_bar, p_bar);
            pullback(self, (&t, y, p), tape, scale, &mut self.zero_tangent(), bars);
        });
    }
    fn curvature(&self, t: F, (y, y_dot): (&[F], &[F]), p: &P, y_bar: &mut [F], p_bar: &mut P::Tangent) {
        let (still, p_dot) = (self.zero_tangent(), p.zero_tangent());
        let (mut y_dot_bar, mut p_dot_bar) = (vec![F::ZERO; y.len()], p_dot.zero_tangent());
        let (mut own, mut own_dot) = (self.zero_tangent(), still.zero_tangent());
        Tape::with(|tape| {
            let (_, pullback) = self.tangent_forward(&still, (t, y, p), (F::ZERO, y_dot, &p_dot), tape);
            pullback(
                self,
                &still,
                (&t, y, p),
                (&F::ZERO, y_dot, &p_dot),
                tape,
                (F::ZERO, F::ONE),
                &mut own,
                &mut own_dot,
                (&mut F::ZERO.clone(), y_bar, p_bar),
                (&mut F::ZERO.clone(), &mut y_dot_bar, &mut p_dot_bar),
            );
        });
    }
}

/// An invariant with parameters, at the level of the start.
pub(crate) struct Projection<'a, P: Differentiable, F: Real> {
    level: &'a dyn Level<P, F>,
    p: &'a P,
    t0: F,
    y0: &'a [F],
    start: F,
}

/// What the loop over steps asks of a projection.
pub(crate) trait Project<F> {
    /// Moves the state to the level; `false` where Newton's iteration does not converge.
    fn project(&self, t: F, y: &mut [F]) -> bool;
}

/// The pullback of a projection.
pub(crate) trait PullProjection<F, B>: Project<F> {
    /// At the state `y` before it: `bar` becomes the cotangent of that; what flows to the level is added to `level_bar`.
    fn pull(&self, t: F, y: &[F], bar: &mut [F], p_bar: &mut B, level_bar: &mut F);
    /// What flows to the level goes on to the initial state.
    fn pull_level(&self, level_bar: F, bar: &mut [F], p_bar: &mut B);
}

impl<'a, P: Differentiable, F: Real> Projection<'a, P, F> {
    pub fn new(invariant: &'a Invariant<P, F>, p: &'a P, t0: F, y0: &'a [F]) -> Self {
        Projection {
            level: &*invariant.0,
            p,
            t0,
            y0,
            start: invariant.0.value(t0, y0, p),
        }
    }

    fn normal(&self, t: F, y: &[F]) -> Vec<F> {
        let mut normal = vec![F::ZERO; y.len()];
        self.level.gradient(t, y, self.p, F::ONE, &mut normal, &mut self.p.zero_tangent());
        normal
    }

    /// How far along the gradient `normal` at `y` the level is; the state there is left in `moved`.
    fn distance(&self, t: F, y: &[F], normal: &[F], moved: &mut [F]) -> Option<F> {
        let (mut lambda, mut last) = (F::ZERO, F::INFINITY);
        for _ in 0..20 {
            for i in 0..y.len() {
                moved[i] = y[i] + lambda * normal[i];
            }
            let miss = self.level.value(t, moved, self.p) - self.start;
            let slope = dot(&self.normal(t, moved), normal);
            let step = miss / slope;
            if !step.is_finite() {
                return None;
            }
            // Until rounding stops it.
            if step == F::ZERO || (step.abs() >= last && last < F::from_f64(1e-6)) {
                return Some(lambda);
            }
            last = step.abs();
            lambda -= step;
        }
        None
    }
}

fn dot<F: Real>(a: &[F], b: &[F]) -> F {
    a.iter().zip(b).fold(F::ZERO, |sum, (&a, &b)| sum + a * b)
}

impl<P: Differentiable, F: Real> Project<F> for Projection<'_, P, F> {
    fn project(&self, t: F, y: &mut [F]) -> bool {
        let (normal, before) = (self.normal(t, y), y.to_vec());
        self.distance(t, &before, &normal, y).is_some()
    }
}

impl<P: Differentiable, F: Real> PullProjection<F, P::Tangent> for Projection<'_, P, F> {
    /// `y⁺ = y + λ n`, `n = g_y(y)`, `g(y⁺) = g₀`: `dλ = -(g_y(y⁺) (dy + λ dn) + g_p dp - dg₀) / (g_y(y⁺) n)`.
    fn pull(&self, t: F, y: &[F], bar: &mut [F], p_bar: &mut P::Tangent, level_bar: &mut F) {
        let normal = self.normal(t, y);
        let mut moved = vec![F::ZERO; y.len()];
        // It converged in the forward sweep.
        let lambda = self.distance(t, y, &normal, &mut moved).unwrap_or(F::NAN);
        let there = self.normal(t, &moved);
        let scale = -dot(bar, &normal) / dot(&there, &normal);
        let normal_bar: Vec<F> = bar.iter().zip(&there).map(|(&w, &g)| lambda * (w + scale * g)).collect();
        self.level.gradient(t, &moved, self.p, scale, bar, p_bar);
        *level_bar -= scale;
        self.level.curvature(t, (y, &normal_bar), self.p, bar, p_bar);
    }

    fn pull_level(&self, level_bar: F, bar: &mut [F], p_bar: &mut P::Tangent) {
        self.level.gradient(self.t0, self.y0, self.p, level_bar, bar, p_bar);
    }
}
