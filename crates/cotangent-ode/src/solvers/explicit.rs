//! Explicit Runge-Kutta steps, and their pullback.

use cotangent::Real;

use super::combine::Sparse;
use super::tableau::Tableau;
use crate::dynamics::{Dynamics, Reversible};
use crate::stepper::{Points, ReverseStepper, Span, StepFailure, Stepper};
use crate::tolerance::Tolerance;

/// An explicit Runge-Kutta method on one problem.
///
/// The record of a step is `[y, k₀, k₁, ..]`. The first slope `k₀` is that of the end of the step before.
pub struct Explicit<F, const S: usize> {
    tableau: &'static Tableau<S>,
    rows: [Sparse<F, S>; S],
    columns: [Sparse<F, S>; S],
    error: Sparse<F, S>,
    second_error: Option<Sparse<F, S>>,
    c: [F; S],
    n: usize,
    base: usize,
    /// Stages that have a place in the record.
    kept: usize,
    /// The slope at the start of the next step.
    first: Vec<F>,
    /// In reverse its cotangent.
    first_bar: Vec<F>,
    /// Whether the slope at the new state is in the record already.
    fresh: bool,
    argument: Vec<F>,
    zeros: Vec<F>,
    /// Cotangents of the arguments of all stages.
    bars: Vec<F>,
    /// Cotangents of slopes from states inside the step.
    inner: Vec<F>,
    slope_bar: Vec<F>,
}

impl<F: Real, const S: usize> Explicit<F, S> {
    /// A state of `n` numbers in blocks of `base`.
    pub fn new(tableau: &'static Tableau<S>, n: usize, base: usize, dense: bool) -> Self {
        let kept = if dense { S } else { tableau.main };
        Explicit {
            tableau,
            rows: core::array::from_fn(|i| Sparse::new(tableau.a[i])),
            columns: core::array::from_fn(|j| Sparse::new((0..kept).map(|i| tableau.a[i][j]))),
            error: Sparse::new(tableau.error),
            second_error: tableau.second_error.map(Sparse::new),
            c: tableau.c.map(F::from_f64),
            n,
            base,
            kept,
            first: vec![F::ZERO; n],
            first_bar: Vec::new(),
            fresh: false,
            argument: vec![F::ZERO; n],
            zeros: vec![F::ZERO; n],
            bars: Vec::new(),
            inner: Vec::new(),
            slope_bar: Vec::new(),
        }
    }

    /// Computes the slope of stage `i`; its argument is left in `argument`.
    #[inline(always)]
    fn stage<D: Dynamics<F>>(&mut self, dynamics: &mut D, span: Span<F>, record: &mut [F], i: usize) {
        let (y, slopes) = record.split_at_mut(self.n);
        let (known, slope) = slopes.split_at_mut(i * self.n);
        self.rows[i].apply(&mut self.argument, y, span.h, known);
        dynamics.eval(span.t + self.c[i] * span.h, &self.argument, &mut slope[..self.n]);
    }

    fn error(&mut self, h: F, record: &[F], y_new: &[F], tolerance: &Tolerance<F>) -> F {
        let (y, slopes) = record.split_at(self.n);
        let (zeros, argument) = (&self.zeros, &mut self.argument);
        let mut norm = |weights: &Sparse<F, S>| {
            weights.apply(argument, zeros, h, slopes);
            tolerance.norm(&argument[..self.base], y, y_new)
        };
        let error = norm(&self.error);
        let Some(second) = &self.second_error else { return error };
        let other = norm(second);
        let denominator = error * error + F::from_f64(0.01) * other * other;
        if denominator > F::ZERO {
            error * error / denominator.sqrt()
        } else {
            error
        }
    }

    /// The weights of the stages at `theta`.
    fn weights(&self, theta: F) -> [F; S] {
        core::array::from_fn(|i| {
            let powers = self.tableau.dense[i].iter().rev();
            theta * powers.fold(F::ZERO, |sum, &c| sum * theta + F::from_f64(c))
        })
    }
}

impl<F: Real, const S: usize> Stepper<F> for Explicit<F, S> {
    fn width(&self) -> usize {
        (1 + self.kept) * self.n
    }

    fn error_exponent(&self) -> usize {
        self.tableau.error_order + 1
    }

    fn restart<D: Dynamics<F>>(&mut self, dynamics: &mut D, t: F, y: &[F]) {
        dynamics.eval(t, y, &mut self.first);
    }

    #[inline]
    fn attempt<D: Dynamics<F>>(
        &mut self,
        dynamics: &mut D,
        span: Span<F>,
        record: &mut [F],
        y_new: &mut [F],
        tolerance: Option<&Tolerance<F>>,
    ) -> Result<F, StepFailure> {
        let (n, last) = (self.n, self.tableau.main - 1);
        record[n..2 * n].copy_from_slice(&self.first);
        for i in 1..last {
            self.stage(dynamics, span, record, i);
        }
        let (y, slopes) = record.split_at_mut(n);
        self.rows[last].apply(y_new, y, span.h, slopes);
        self.fresh = false;
        let Some(tolerance) = tolerance else { return Ok(F::ZERO) };
        self.fresh = self.tableau.error[last] != 0.0;
        if self.fresh {
            dynamics.eval(span.t + span.h, y_new, &mut slopes[last * n..][..n]);
        }
        let error = self.error(span.h, record, y_new, tolerance);
        if error.is_finite() {
            Ok(error)
        } else {
            Err(StepFailure::NonFinite)
        }
    }

    #[inline]
    fn accept<D: Dynamics<F>>(&mut self, dynamics: &mut D, span: Span<F>, record: &mut [F], y_new: &[F]) {
        let (n, last) = (self.n, self.tableau.main - 1);
        let slope = &mut record[(1 + last) * n..][..n];
        if !self.fresh {
            dynamics.eval(span.t + span.h, y_new, slope);
        }
        self.first.copy_from_slice(slope);
    }

    fn densify<D: Dynamics<F>>(&mut self, dynamics: &mut D, span: Span<F>, record: &mut [F]) {
        for i in self.tableau.main..self.kept {
            self.stage(dynamics, span, record, i);
        }
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
    }
}

impl<F: Real, const S: usize, D: Reversible<F>> ReverseStepper<F, D> for Explicit<F, S> {
    fn reverse_begin(&mut self) {
        self.first_bar.clear();
        self.first_bar.resize(self.n, F::ZERO);
        self.bars.resize(self.kept * self.n, F::ZERO);
        self.inner.resize(self.kept * self.n, F::ZERO);
        self.inner.fill(F::ZERO);
        self.slope_bar.resize(self.n, F::ZERO);
    }

    /// With `Y_i = y + h Σ_j a_ij k_j` and `k_i = f(Y_i)`, in reverse:
    /// `k̄_j = h Σ_{i>j} a_ij Ȳ_i`, `Ȳ_i = (∂f/∂y)ᵀ k̄_i`, and `ȳ = Σ Ȳ_i`; the new state is the argument of the last stage.
    #[inline]
    fn reverse_step(&mut self, dynamics: &mut D, span: Span<F>, record: &[F], points: Points<'_, F>, bar: &mut [F], p_bar: &mut D::Bar) {
        let (n, last) = (self.n, self.tableau.main - 1);
        let inside = !points.thetas.is_empty();
        let highest = if inside { self.kept } else { last + 1 };
        self.bars[(last + 1) * n..].fill(F::ZERO);
        self.inner[last * n..][..n].copy_from_slice(&self.first_bar);
        if inside {
            self.add_points(span.h, points);
        }
        let (y, slopes) = record.split_at(n);
        for i in (1..highest).rev() {
            self.columns[i].apply(&mut self.slope_bar, &self.inner[i * n..][..n], span.h, &self.bars);
            self.rows[i].apply(&mut self.argument, y, span.h, slopes);
            let argument_bar = &mut self.bars[i * n..][..n];
            if i == last {
                argument_bar.copy_from_slice(bar);
            } else {
                argument_bar.fill(F::ZERO);
            }
            let t = span.t + self.c[i] * span.h;
            dynamics.vjp(t, &self.argument, &mut self.slope_bar, argument_bar, p_bar);
        }
        self.columns[0].apply(&mut self.first_bar, &self.inner[..n], span.h, &self.bars);
        bar.fill(F::ZERO);
        for row in self.bars[n..highest * n].chunks_exact(n).chain(points.bars.chunks_exact(n)) {
            for (bar, &b) in bar.iter_mut().zip(row) {
                *bar += b;
            }
        }
        if inside {
            self.inner.fill(F::ZERO);
        }
    }

    fn reverse_restart(&mut self, dynamics: &mut D, t: F, y: &[F], bar: &mut [F], p_bar: &mut D::Bar) {
        dynamics.vjp(t, y, &mut self.first_bar, bar, p_bar);
        self.first_bar.fill(F::ZERO);
    }
}

impl<F: Real, const S: usize> Explicit<F, S> {
    /// Adds what states inside the step ask of the slopes.
    fn add_points(&mut self, h: F, points: Points<'_, F>) {
        for (&theta, bar) in points.thetas.iter().zip(points.bars.chunks_exact(self.n)) {
            let weights = self.weights(theta);
            for (inner, weight) in self.inner.chunks_exact_mut(self.n).zip(weights) {
                for (inner, &bar) in inner.iter_mut().zip(bar) {
                    *inner += h * weight * bar;
                }
            }
        }
    }
}
