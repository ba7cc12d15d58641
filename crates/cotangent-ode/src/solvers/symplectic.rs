//! Symplectic compositions of kicks and drifts, and their pullback.

use cotangent::Real;

use crate::dynamics::{Dynamics, Reversible};
use crate::stepper::{Points, ReverseStepper, Span, StepFailure, Stepper};
use crate::tolerance::Tolerance;

/// A method for `q' = v(p)`, `p' = f(t, q)`, whose state is `[q, p]` with halves of equal length.
///
/// A step alternates kicks, `p += b h f(t, q)`, and drifts, `q += a h v(p)`, beginning and ending with a kick.
#[derive(Clone, Copy, Debug)]
pub struct Composition {
    /// The name.
    pub name: &'static str,
    /// The order of convergence.
    pub order: usize,
    /// The weights of the kicks; they add up to 1.
    pub kicks: &'static [f64],
    /// The weights of the drifts between them, one fewer; they add up to 1.
    pub drifts: &'static [f64],
}

/// A composition on one problem.
///
/// The record of a step is the state before each kick and drift, then the state at the end, and for dense output the slopes at
/// both ends.
pub struct Symplectic<F> {
    method: &'static Composition,
    n: usize,
    base: usize,
    dense: bool,
    slope: Vec<F>,
    slope_bar: Vec<F>,
    end_bar: Vec<F>,
}

impl<F: Real> Symplectic<F> {
    /// A state of `n` numbers in blocks of `base`, each of them two halves.
    pub fn new(method: &'static Composition, n: usize, base: usize, dense: bool) -> Self {
        Symplectic {
            method,
            n,
            base,
            dense,
            slope: vec![F::ZERO; n],
            slope_bar: vec![F::ZERO; n],
            end_bar: vec![F::ZERO; n],
        }
    }

    fn stages(&self) -> usize {
        2 * self.method.kicks.len() - 1
    }

    /// Of stage `i`: whether it is a kick, its weight, and the time in the step at which it stands.
    fn stage(&self, i: usize) -> (bool, F, F) {
        let time: f64 = self.method.drifts[..i / 2].iter().sum();
        let kick = i.is_multiple_of(2);
        let weight = if kick {
            self.method.kicks[i / 2]
        } else {
            self.method.drifts[i / 2]
        };
        (kick, F::from_f64(weight), F::from_f64(time))
    }

    /// The half of each block that a stage changes.
    fn half(&self, kick: bool) -> impl Iterator<Item = usize> + use<F> {
        let (base, half) = (self.base, self.base / 2);
        let start = if kick { half } else { 0 };
        (0..self.n / base).flat_map(move |block| block * base + start..block * base + start + half)
    }
}

/// The cubic Hermite polynomial: weights of the start, of its slope, of the end, and of its slope.
fn hermite<F: Real>(theta: F, h: F) -> [F; 4] {
    let (two, three) = (F::from_f64(2.0), F::from_f64(3.0));
    let square = theta * theta;
    let end = square * (three - two * theta);
    let rest = theta - F::ONE;
    [F::ONE - end, h * theta * rest * rest, end, h * square * rest]
}

impl<F: Real> Stepper<F> for Symplectic<F> {
    fn width(&self) -> usize {
        (self.stages() + 1 + if self.dense { 2 } else { 0 }) * self.n
    }

    fn error_exponent(&self) -> usize {
        1
    }

    fn restart<D: Dynamics<F>>(&mut self, _: &mut D, _: F, _: &[F]) {}

    fn attempt<D: Dynamics<F>>(
        &mut self,
        dynamics: &mut D,
        span: Span<F>,
        record: &mut [F],
        y_new: &mut [F],
        _: Option<&Tolerance<F>>,
    ) -> Result<F, StepFailure> {
        let n = self.n;
        for i in 0..self.stages() {
            let (kick, weight, time) = self.stage(i);
            let (known, next) = record[i * n..].split_at_mut(n);
            let next = &mut next[..n];
            dynamics.eval(span.t + time * span.h, known, &mut self.slope);
            next.copy_from_slice(known);
            for d in self.half(kick) {
                next[d] += weight * span.h * self.slope[d];
            }
        }
        y_new.copy_from_slice(&record[self.stages() * n..][..n]);
        Ok(F::ZERO)
    }

    fn accept<D: Dynamics<F>>(&mut self, _: &mut D, _: Span<F>, _: &mut [F], _: &[F]) {}

    fn densify<D: Dynamics<F>>(&mut self, dynamics: &mut D, span: Span<F>, record: &mut [F]) {
        let n = self.n;
        let (states, slopes) = record.split_at_mut((self.stages() + 1) * n);
        let (first, last) = slopes.split_at_mut(n);
        dynamics.eval(span.t, &states[..n], first);
        dynamics.eval(span.t + span.h, &states[self.stages() * n..], last);
    }

    fn interpolate(&self, h: F, record: &[F], theta: F, y: &mut [F]) {
        let (n, end) = (self.n, self.stages() * self.n);
        if theta == F::ONE {
            return y.copy_from_slice(&record[end..end + n]);
        }
        let [start, slope, there, last] = hermite(theta, h);
        for d in 0..n {
            y[d] = start * record[d] + there * record[end + d] + slope * record[end + n + d] + last * record[end + 2 * n + d];
        }
    }

    fn carry_len(&self) -> usize {
        0
    }
    fn save_carry(&self, _: &mut [F]) {}
    fn load_carry(&mut self, _: &[F]) {}
}

impl<F: Real, D: Reversible<F>> ReverseStepper<F, D> for Symplectic<F> {
    fn reverse_begin(&mut self) {}

    fn reverse_step(&mut self, dynamics: &mut D, span: Span<F>, record: &[F], points: Points<'_, F>, bar: &mut [F], p_bar: &mut D::Bar) {
        let (n, stages) = (self.n, self.stages());
        self.end_bar.fill(F::ZERO);
        for (&theta, point) in points.thetas.iter().zip(points.bars.chunks_exact(n)) {
            let [start, slope, there, last] = hermite(theta, span.h);
            for d in 0..n {
                bar[d] += there * point[d];
                self.end_bar[d] += start * point[d];
                self.slope_bar[d] = last * point[d];
            }
            dynamics.vjp(span.t + span.h, &record[stages * n..][..n], &mut self.slope_bar, bar, p_bar);
            for d in 0..n {
                self.slope_bar[d] = slope * point[d];
            }
            dynamics.vjp(span.t, &record[..n], &mut self.slope_bar, &mut self.end_bar, p_bar);
        }
        for i in (0..stages).rev() {
            let (kick, weight, time) = self.stage(i);
            self.slope_bar.fill(F::ZERO);
            for d in self.half(kick) {
                self.slope_bar[d] = weight * span.h * bar[d];
            }
            dynamics.vjp(span.t + time * span.h, &record[i * n..][..n], &mut self.slope_bar, bar, p_bar);
        }
        bar.iter_mut().zip(&self.end_bar).for_each(|(bar, &b)| *bar += b);
    }

    fn reverse_restart(&mut self, _: &mut D, _: F, _: &[F], _: &mut [F], _: &mut D::Bar) {}
}

/// The leapfrog: half a kick, a drift, half a kick. Order 2.
///
/// Source: L. Verlet, *Computer "experiments" on classical fluids I*, Physical Review 159 (1967).
pub const LEAPFROG: Composition = Composition {
    name: "Leapfrog",
    order: 2,
    kicks: &[0.5, 0.5],
    drifts: &[1.0],
};

/// `1 / (2 - 2^(1/3))`
const OUTER: f64 = 1.3512071919596578;
const INNER: f64 = 1.0 - 2.0 * OUTER;

/// Three leapfrogs, one of them backward: order 4.
///
/// Source: H. Yoshida, *Construction of higher order symplectic integrators*, Physics Letters A 150 (1990).
pub const YOSHIDA4: Composition = Composition {
    name: "Yoshida4",
    order: 4,
    kicks: &[0.5 * OUTER, 0.5 * (OUTER + INNER), 0.5 * (OUTER + INNER), 0.5 * OUTER],
    drifts: &[OUTER, INNER, OUTER],
};

const W1: f64 = -1.17767998417887;
const W2: f64 = 0.235573213359357;
const W3: f64 = 0.784513610477560;
const W0: f64 = 1.0 - 2.0 * (W1 + W2 + W3);

/// Seven leapfrogs: order 6, Yoshida's solution A.
///
/// Source: H. Yoshida, *Construction of higher order symplectic integrators*, Physics Letters A 150 (1990), table 1.
pub const YOSHIDA6: Composition = Composition {
    name: "Yoshida6",
    order: 6,
    kicks: &[
        0.5 * W3,
        0.5 * (W3 + W2),
        0.5 * (W2 + W1),
        0.5 * (W1 + W0),
        0.5 * (W0 + W1),
        0.5 * (W1 + W2),
        0.5 * (W2 + W3),
        0.5 * W3,
    ],
    drifts: &[W3, W2, W1, W0, W1, W2, W3],
};
