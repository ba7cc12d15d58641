//! Rosenbrock steps, and their pullback.

use cotangent::Real;

use super::combine::Sparse;
use crate::dynamics::{Curved, Dynamics};
use crate::linear::Linear;
use crate::stepper::{Points, ReverseStepper, Span, StepFailure, Stepper};
use crate::tolerance::Tolerance;

/// The coefficients of a Rosenbrock method with `S` stages, transformed so that a step needs no product with the Jacobian:
///
/// `(M / (h γ) - J) U_i = f(t + c_i h, y + Σ_{j<i} a_ij U_j) + M Σ_{j<i} (C_ij / h) U_j + h d_i ∂f/∂t`, and the new state is
/// `y + Σ_j b_j U_j`. Hairer, Wanner: Solving Ordinary Differential Equations II, eq. (IV.7.25).
#[derive(Clone, Copy, Debug)]
pub struct RosenbrockTableau<const S: usize> {
    /// The name.
    pub name: &'static str,
    /// The order of convergence.
    pub order: usize,
    /// The order of the error estimate.
    pub error_order: usize,
    /// γ
    pub gamma: f64,
    /// The times of the stages.
    pub c: [f64; S],
    /// The weights of the time derivative.
    pub d: [f64; S],
    /// The weights of earlier stages in the argument of each.
    pub a: [[f64; S]; S],
    /// The weights of earlier stages behind it.
    pub coupling: [[f64; S]; S],
    /// The weights of the step.
    pub b: [f64; S],
    /// The weights of the error estimate.
    pub error: [f64; S],
    /// Dense output: with `k_m = Σ dense[m][j] U_j`, `y + θ (Σ b_j U_j + (1 - θ) (k₀ + θ (k₁ + θ k₂)))`.
    pub dense: [[f64; S]; 3],
    /// Its order.
    pub dense_order: usize,
}

impl<const S: usize> RosenbrockTableau<S> {
    /// The weights of dense output at `theta`.
    pub fn weights(&self, theta: f64) -> [f64; S] {
        let [k0, k1, k2] = &self.dense;
        core::array::from_fn(|j| theta * (self.b[j] + (1.0 - theta) * (k0[j] + theta * (k1[j] + theta * k2[j]))))
    }
}

/// A Rosenbrock method on one problem. The record of a step is `[y, U₀, U₁, ..]`.
pub struct Rosenbrock<F, const S: usize> {
    tableau: &'static RosenbrockTableau<S>,
    rows: [Sparse<F, S>; S],
    columns: [Sparse<F, S>; S],
    coupling: [Sparse<F, S>; S],
    coupled: [Sparse<F, S>; S],
    b: Sparse<F, S>,
    error: Sparse<F, S>,
    c: [F; S],
    d: [F; S],
    n: usize,
    linear: Linear<F>,
    /// Whether Jacobian, slope and time derivative are those of the present state.
    fresh: bool,
    slope: Vec<F>,
    by_time: Vec<F>,
    argument: Vec<F>,
    right: Vec<F>,
    sum: Vec<F>,
    zeros: Vec<F>,
    bars: Vec<F>,
    solved: Vec<F>,
    inner: Vec<F>,
}

impl<F: Real, const S: usize> Rosenbrock<F, S> {
    /// A state of `n` numbers.
    pub fn new(tableau: &'static RosenbrockTableau<S>, n: usize) -> Self {
        let column = |m: &'static [[f64; S]; S], j: usize| Sparse::new((0..S).map(|i| m[i][j]));
        Rosenbrock {
            tableau,
            rows: core::array::from_fn(|i| Sparse::new(tableau.a[i])),
            columns: core::array::from_fn(|j| column(&tableau.a, j)),
            coupling: core::array::from_fn(|i| Sparse::new(tableau.coupling[i])),
            coupled: core::array::from_fn(|j| column(&tableau.coupling, j)),
            b: Sparse::new(tableau.b),
            error: Sparse::new(tableau.error),
            c: tableau.c.map(F::from_f64),
            d: tableau.d.map(F::from_f64),
            n,
            linear: Linear::new(n),
            fresh: false,
            slope: vec![F::ZERO; n],
            by_time: vec![F::ZERO; n],
            argument: vec![F::ZERO; n],
            right: vec![F::ZERO; n],
            sum: vec![F::ZERO; n],
            zeros: vec![F::ZERO; n],
            bars: Vec::new(),
            solved: Vec::new(),
            inner: Vec::new(),
        }
    }

    fn factor<D: Dynamics<F>>(&mut self, dynamics: &mut D, span: Span<F>, y: &[F]) -> Result<(), StepFailure> {
        if !self.fresh {
            dynamics.time_derivative(span.t, y, &mut self.slope, &mut self.by_time);
            self.linear.evaluate(dynamics, span.t, y);
            self.fresh = true;
        }
        let alpha = F::ONE / (F::from_f64(self.tableau.gamma) * span.h);
        self.linear.factor(alpha, -F::ONE, dynamics.mass())
    }

    fn weights(&self, theta: F) -> [F; S] {
        self.tableau.weights(theta.to_f64()).map(F::from_f64)
    }
}

/// `out = M x`, or `x` without a mass matrix; `transposed` for `Mᵀ x`.
fn times_mass<F: Real>(mass: Option<&[F]>, x: &[F], out: &mut [F], transposed: bool) {
    let Some(mass) = mass else { return out.copy_from_slice(x) };
    let n = x.len();
    for (i, out) in out.iter_mut().enumerate() {
        let entry = |j: usize| if transposed { mass[j * n + i] } else { mass[i * n + j] };
        *out = (0..n).fold(F::ZERO, |sum, j| sum + entry(j) * x[j]);
    }
}

impl<F: Real, const S: usize> Stepper<F> for Rosenbrock<F, S> {
    fn width(&self) -> usize {
        (1 + S) * self.n
    }

    fn error_exponent(&self) -> usize {
        self.tableau.error_order + 1
    }

    fn takes_mass(&self) -> bool {
        true
    }

    fn restart<D: Dynamics<F>>(&mut self, _: &mut D, _: F, _: &[F]) {
        self.fresh = false;
    }

    fn attempt<D: Dynamics<F>>(
        &mut self,
        dynamics: &mut D,
        span: Span<F>,
        record: &mut [F],
        y_new: &mut [F],
        tolerance: Option<&Tolerance<F>>,
    ) -> Result<F, StepFailure> {
        let n = self.n;
        let (y, us) = record.split_at_mut(n);
        self.factor(dynamics, span, y)?;
        let inverse = F::ONE / span.h;
        for i in 0..S {
            let (known, u) = us.split_at_mut(i * n);
            let u = &mut u[..n];
            if i == 0 {
                u.copy_from_slice(&self.slope);
            } else {
                self.rows[i].apply(&mut self.argument, y, F::ONE, known);
                dynamics.eval(span.t + self.c[i] * span.h, &self.argument, u);
                self.coupling[i].apply(&mut self.sum, &self.zeros, inverse, known);
                times_mass(dynamics.mass(), &self.sum, &mut self.right, false);
                u.iter_mut().zip(&self.right).for_each(|(u, &r)| *u += r);
            }
            let scale = span.h * self.d[i];
            u.iter_mut().zip(&self.by_time).for_each(|(u, &dt)| *u += scale * dt);
            self.linear.solve(u);
        }
        self.b.apply(y_new, y, F::ONE, us);
        let Some(tolerance) = tolerance else { return Ok(F::ZERO) };
        self.error.apply(&mut self.right, &self.zeros, F::ONE, us);
        let error = tolerance.norm(&self.right, y, y_new);
        if error.is_finite() {
            Ok(error)
        } else {
            Err(StepFailure::NonFinite)
        }
    }

    fn accept<D: Dynamics<F>>(&mut self, _: &mut D, _: Span<F>, _: &mut [F], _: &[F]) {
        self.fresh = false;
    }

    fn interpolate(&self, _: F, record: &[F], theta: F, y: &mut [F]) {
        let (start, us) = record.split_at(self.n);
        y.copy_from_slice(start);
        for (weight, u) in self.weights(theta).into_iter().zip(us.chunks_exact(self.n)) {
            for (y, &u) in y.iter_mut().zip(u) {
                *y += weight * u;
            }
        }
    }

    fn carry_len(&self) -> usize {
        0
    }
    fn save_carry(&self, _: &mut [F]) {}
    fn load_carry(&mut self, _: &[F]) {
        self.fresh = false;
    }
}

impl<F: Real, const S: usize, D: Curved<F>> ReverseStepper<F, D> for Rosenbrock<F, S> {
    fn reverse_begin(&mut self) {
        let n = self.n;
        self.bars = vec![F::ZERO; S * n];
        self.solved = vec![F::ZERO; S * n];
        self.inner = vec![F::ZERO; S * n];
    }

    /// With `W = M / (h γ) - J`, `W U_i = r_i`: `Wᵀ w_i = Ū_i`, `r̄_i = w_i`, and `J̄ = Σ w_i U_iᵀ`, which is the pullback of
    /// the product `J U_i` with `w_i`.
    fn reverse_step(&mut self, dynamics: &mut D, span: Span<F>, record: &[F], points: Points<'_, F>, bar: &mut [F], p_bar: &mut D::Bar) {
        let n = self.n;
        let (y, us) = record.split_at(n);
        self.linear.evaluate(dynamics, span.t, y);
        let alpha = F::ONE / (F::from_f64(self.tableau.gamma) * span.h);
        let factored = self.linear.factor(alpha, -F::ONE, dynamics.mass());
        for (i, row) in self.inner.chunks_exact_mut(n).enumerate() {
            let weight = F::from_f64(self.tableau.b[i]);
            row.iter_mut().zip(&*bar).for_each(|(inner, &bar)| *inner = weight * bar);
        }
        for (&theta, point) in points.thetas.iter().zip(points.bars.chunks_exact(n)) {
            let weights = self.weights(theta);
            for (row, weight) in self.inner.chunks_exact_mut(n).zip(weights) {
                row.iter_mut().zip(point).for_each(|(inner, &point)| *inner += weight * point);
            }
            bar.iter_mut().zip(point).for_each(|(bar, &point)| *bar += point);
        }
        let inverse = F::ONE / span.h;
        for i in (0..S).rev() {
            self.coupled[i].apply(&mut self.sum, &self.zeros, inverse, &self.solved);
            times_mass(dynamics.mass(), &self.sum, &mut self.right, true);
            self.columns[i].apply(&mut self.sum, &self.inner[i * n..][..n], F::ONE, &self.bars);
            let w = &mut self.solved[i * n..][..n];
            for d in 0..n {
                w[d] = self.sum[d] + self.right[d];
            }
            if factored.is_err() {
                // The check of the result reports it.
                w.fill(F::NAN);
            }
            self.linear.solve_transposed(w);
            self.rows[i].apply(&mut self.argument, y, F::ONE, us);
            self.right.copy_from_slice(w);
            let argument_bar = &mut self.bars[i * n..][..n];
            argument_bar.fill(F::ZERO);
            dynamics.vjp(span.t + self.c[i] * span.h, &self.argument, &mut self.right, argument_bar, p_bar);
            bar.iter_mut().zip(&*argument_bar).for_each(|(bar, &a)| *bar += a);
            let direction = (span.h * self.d[i], &us[i * n..][..n]);
            self.right.copy_from_slice(&self.solved[i * n..][..n]);
            dynamics.jvp_vjp(span.t, y, direction, &mut self.right, bar, p_bar);
        }
    }

    fn reverse_restart(&mut self, _: &mut D, _: F, _: &[F], _: &mut [F], _: &mut D::Bar) {}
}
