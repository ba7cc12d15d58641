//! Singly diagonally implicit Runge-Kutta steps with an explicit first stage, and their pullback.

use cotangent::Real;

use super::combine::Sparse;
use super::tableau::Tableau;
use crate::dynamics::{Dynamics, Reversible};
use crate::linear::Linear;
use crate::newton::{Newton, Verdict};
use crate::stepper::{Points, ReverseStepper, Span, StepFailure, Stepper};
use crate::tolerance::Tolerance;

/// A singly diagonally implicit method on one problem.
///
/// Stage `i` solves `Y_i = y + h Σ_{j<i} a_ij k_j + h γ k_i`, `k_i = f(Y_i)`, by Newton's iteration. The methods are stiffly
/// accurate: the last stage is the new state. The record of a step is `[y, k₀, k₁, ..]`.
pub struct Esdirk<F, const S: usize> {
    tableau: &'static Tableau<S>,
    /// The weights of earlier stages, without the diagonal.
    rows: [Sparse<F, S>; S],
    columns: [Sparse<F, S>; S],
    error: Sparse<F, S>,
    gamma: F,
    c: [F; S],
    n: usize,
    base: usize,
    linear: Linear<F>,
    /// The step size that the factors belong to; zero if there are none.
    factored: F,
    /// Whether the Jacobian is that of the present state.
    fresh: bool,
    /// Whether it should be computed again at the next step.
    stale: bool,
    newton: Newton<F>,
    /// The slope at the start of the next step, and its cotangent.
    first: Vec<F>,
    first_bar: Vec<F>,
    start: Vec<F>,
    argument: Vec<F>,
    residual: Vec<F>,
    zeros: Vec<F>,
    bars: Vec<F>,
    inner: Vec<F>,
    slope_bar: Vec<F>,
}

impl<F: Real, const S: usize> Esdirk<F, S> {
    /// A state of `n` numbers in blocks of `base`.
    pub fn new(tableau: &'static Tableau<S>, n: usize, base: usize) -> Self {
        let below = |i: usize, j: usize| if j < i { tableau.a[i][j] } else { 0.0 };
        Esdirk {
            tableau,
            rows: core::array::from_fn(|i| Sparse::new((0..S).map(|j| below(i, j)))),
            columns: core::array::from_fn(|j| Sparse::new((0..S).map(|i| below(i, j)))),
            error: Sparse::new(tableau.error),
            gamma: F::from_f64(tableau.a[S - 1][S - 1]),
            c: tableau.c.map(F::from_f64),
            n,
            base,
            linear: Linear::new(base),
            factored: F::ZERO,
            fresh: false,
            stale: true,
            newton: Newton::default(),
            first: vec![F::ZERO; n],
            first_bar: Vec::new(),
            start: vec![F::ZERO; n],
            argument: vec![F::ZERO; n],
            residual: vec![F::ZERO; n],
            zeros: vec![F::ZERO; n],
            bars: Vec::new(),
            inner: Vec::new(),
            slope_bar: Vec::new(),
        }
    }

    /// Sees to factors of `I - h γ J`.
    fn prepare<D: Dynamics<F>>(&mut self, dynamics: &mut D, span: Span<F>, y: &[F]) -> Result<(), StepFailure> {
        let step = self.gamma * span.h;
        if self.stale && !self.fresh {
            self.linear.evaluate(dynamics, span.t, y);
            self.fresh = true;
            self.stale = false;
            self.factored = F::ZERO;
        }
        if (step - self.factored).abs() > F::from_f64(1e-9) * step.abs() {
            self.factored = F::ZERO;
            self.linear.factor(F::ONE, -step, None)?;
            self.factored = step;
        }
        Ok(())
    }

    /// Solves for the argument of stage `i`; its slope goes to the record.
    fn stage<D: Dynamics<F>>(
        &mut self,
        dynamics: &mut D,
        span: Span<F>,
        record: &mut [F],
        i: usize,
        tolerance: Option<&Tolerance<F>>,
    ) -> Result<(), StepFailure> {
        let n = self.n;
        let step = self.gamma * span.h;
        let t = span.t + self.c[i] * span.h;
        let (y, slopes) = record.split_at_mut(n);
        let (known, slope) = slopes.split_at_mut(i * n);
        let slope = &mut slope[..n];
        self.rows[i].apply(&mut self.start, y, span.h, known);
        let before = &known[(i - 1) * n..];
        for d in 0..n {
            self.argument[d] = self.start[d] + step * before[d];
        }
        self.newton.begin();
        loop {
            dynamics.eval(t, &self.argument, slope);
            for d in 0..n {
                self.residual[d] = self.start[d] + step * slope[d] - self.argument[d];
            }
            self.linear.solve(&mut self.residual);
            for d in 0..n {
                self.argument[d] += self.residual[d];
            }
            match self.newton.judge(&self.residual, y, tolerance) {
                Verdict::Converged => break,
                Verdict::Again => {}
                Verdict::Diverged => return Err(StepFailure::Newton),
                Verdict::NonFinite => return Err(StepFailure::NonFinite),
            }
        }
        // Not `f` of the argument: what is left of Newton's error would be amplified by the stiffness.
        let inverse = F::ONE / step;
        for d in 0..n {
            slope[d] = (self.argument[d] - self.start[d]) * inverse;
        }
        Ok(())
    }

    fn stages<D: Dynamics<F>>(
        &mut self,
        dynamics: &mut D,
        span: Span<F>,
        record: &mut [F],
        tolerance: Option<&Tolerance<F>>,
    ) -> Result<(), StepFailure> {
        self.prepare(dynamics, span, &record[..self.n])?;
        (1..S).try_for_each(|i| self.stage(dynamics, span, record, i, tolerance))
    }

    fn weights(&self, theta: F) -> [F; S] {
        core::array::from_fn(|i| {
            let powers = self.tableau.dense[i].iter().rev();
            theta * powers.fold(F::ZERO, |sum, &c| sum * theta + F::from_f64(c))
        })
    }
}

impl<F: Real, const S: usize> Stepper<F> for Esdirk<F, S> {
    fn width(&self) -> usize {
        (1 + S) * self.n
    }

    fn error_exponent(&self) -> usize {
        self.tableau.error_order + 1
    }

    fn steady(&self) -> bool {
        true
    }

    fn restart<D: Dynamics<F>>(&mut self, dynamics: &mut D, t: F, y: &[F]) {
        dynamics.eval(t, y, &mut self.first);
        self.fresh = false;
        self.stale = true;
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
        record[n..2 * n].copy_from_slice(&self.first);
        let mut done = self.stages(dynamics, span, record, tolerance);
        if done == Err(StepFailure::Newton) && !self.fresh {
            self.stale = true;
            done = self.stages(dynamics, span, record, tolerance);
        }
        done?;
        self.stale = self.newton.slow();
        y_new.copy_from_slice(&self.argument);
        let Some(tolerance) = tolerance else { return Ok(F::ZERO) };
        let (y, slopes) = record.split_at(n);
        self.error.apply(&mut self.residual, &self.zeros, span.h, slopes);
        if self.tableau.order == 4 {
            // The estimate of KenCarp4 is not damped for stiff components by itself: Hairer, Wanner II, eq. (IV.8.20).
            self.linear.solve(&mut self.residual);
        }
        let error = tolerance.norm(&self.residual[..self.base], y, y_new);
        if error.is_finite() {
            Ok(error)
        } else {
            Err(StepFailure::NonFinite)
        }
    }

    fn accept<D: Dynamics<F>>(&mut self, _: &mut D, _: Span<F>, record: &mut [F], _: &[F]) {
        self.first.copy_from_slice(&record[S * self.n..]);
        self.fresh = false;
    }

    fn interpolate(&self, h: F, record: &[F], theta: F, y: &mut [F]) {
        let (start, slopes) = record.split_at(self.n);
        y.copy_from_slice(start);
        for (weight, slope) in self.weights(theta).into_iter().zip(slopes.chunks_exact(self.n)) {
            for (y, &k) in y.iter_mut().zip(slope) {
                *y += h * weight * k;
            }
        }
    }

    fn carry_len(&self) -> usize {
        self.n
    }
    fn save_carry(&self, carry: &mut [F]) {
        carry.copy_from_slice(&self.first);
    }
    fn load_carry(&mut self, carry: &[F]) {
        self.first.copy_from_slice(carry);
        self.fresh = false;
        self.stale = true;
    }
}

impl<F: Real, const S: usize, D: Reversible<F>> ReverseStepper<F, D> for Esdirk<F, S> {
    fn reverse_begin(&mut self) {
        let n = self.n;
        self.first_bar = vec![F::ZERO; n];
        self.bars = vec![F::ZERO; S * n];
        self.inner = vec![F::ZERO; S * n];
        self.slope_bar = vec![F::ZERO; n];
    }

    /// By the implicit function theorem at each stage: `(I - h γ J_i)ᵀ w = k̄_i`, and `f` is pulled back with `w`.
    fn reverse_step(&mut self, dynamics: &mut D, span: Span<F>, record: &[F], points: Points<'_, F>, bar: &mut [F], p_bar: &mut D::Bar) {
        let (n, last) = (self.n, S - 1);
        let step = self.gamma * span.h;
        self.inner.fill(F::ZERO);
        for d in 0..n {
            self.inner[last * n + d] = self.first_bar[d] + step * bar[d];
        }
        for (&theta, point) in points.thetas.iter().zip(points.bars.chunks_exact(n)) {
            let weights = self.weights(theta);
            for (inner, weight) in self.inner.chunks_exact_mut(n).zip(weights) {
                for (inner, &point) in inner.iter_mut().zip(point) {
                    *inner += span.h * weight * point;
                }
            }
        }
        let (y, slopes) = record.split_at(n);
        for i in (1..S).rev() {
            self.columns[i].apply(&mut self.slope_bar, &self.inner[i * n..][..n], span.h, &self.bars);
            self.rows[i].apply(&mut self.argument, y, span.h, slopes);
            for d in 0..n {
                self.argument[d] += step * slopes[i * n + d];
            }
            let t = span.t + self.c[i] * span.h;
            self.linear.evaluate(dynamics, t, &self.argument);
            if self.linear.factor(F::ONE, -step, None).is_err() {
                // The check of the result reports it.
                self.slope_bar.fill(F::NAN);
            }
            self.linear.solve_transposed(&mut self.slope_bar);
            let start_bar = &mut self.bars[i * n..][..n];
            if i == last {
                start_bar.copy_from_slice(bar);
            } else {
                start_bar.fill(F::ZERO);
            }
            dynamics.vjp(t, &self.argument, &mut self.slope_bar, start_bar, p_bar);
        }
        self.columns[0].apply(&mut self.first_bar, &self.inner[..n], span.h, &self.bars);
        bar.fill(F::ZERO);
        for row in self.bars[n..].chunks_exact(n).chain(points.bars.chunks_exact(n)) {
            for (bar, &b) in bar.iter_mut().zip(row) {
                *bar += b;
            }
        }
    }

    fn reverse_restart(&mut self, dynamics: &mut D, t: F, y: &[F], bar: &mut [F], p_bar: &mut D::Bar) {
        dynamics.vjp(t, y, &mut self.first_bar, bar, p_bar);
        self.first_bar.fill(F::ZERO);
    }
}
