//! Events: conditions that end an integration or change the state, at times that depend on the solution, or are given.

use core::fmt;
use std::sync::Arc;

use cotangent::callable::{Callable, MutSlice, Ref, Slice, Val};
use cotangent::{Differentiable, Real, Tape};

/// Which way a condition must cross zero, in the direction of integration.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Crossing {
    /// Either way.
    #[default]
    Any,
    /// From negative to positive.
    Rising,
    /// From positive to negative.
    Falling,
}

/// Something that happens where a function of time, state and parameters crosses zero, or at given times.
///
/// The derivatives of a solution behind an event take the change of the event's own time into account.
/// What changes at an event must be part of the state; a parameter that changes is a component with the slope zero.
///
/// ```
/// use cotangent::prelude::*;
/// use cotangent_ode::{Crossing, Event, Options, Problem, Tsit5, solve};
///
/// #[differentiable]
/// fn fall(_t: f64, y: &[f64], g: &f64, dy: &mut [f64]) {
///     dy[0] = y[1];
///     dy[1] = -g;
/// }
/// #[differentiable]
/// fn height(_t: f64, y: &[f64], _g: &f64) -> f64 {
///     y[0]
/// }
/// #[differentiable]
/// fn bounce(_t: f64, y: &mut [f64], _g: &f64) {
///     y[1] = -0.5 * y[1];
/// }
///
/// let ground = Event::when(differentiable!(height)).crossing(Crossing::Falling).then(differentiable!(bounce));
/// let problem = Problem::new(differentiable!(fall), [1.0, 0.0], (0.0, 1.0), 9.81).event(ground);
/// let solution = solve(&problem, Tsit5, &Options::default())?;
/// assert!((solution.events[0].t - (2.0 / 9.81_f64).sqrt()).abs() < 1e-9);
/// # Ok::<(), cotangent_ode::Failure>(())
/// ```
pub struct Event<P: Differentiable, F: Real = f64> {
    when: When<P, F>,
    effect: Option<Arc<dyn Effect<P, F>>>,
    crossing: Crossing,
    ends: bool,
    required: bool,
    checks: usize,
}

enum When<P: Differentiable, F: Real> {
    Zero(Arc<dyn Condition<P, F>>),
    Times(Arc<[F]>),
}

impl<P: Differentiable, F: Real> Event<P, F> {
    fn of(when: When<P, F>) -> Self {
        Event {
            when,
            effect: None,
            crossing: Crossing::Any,
            ends: false,
            required: false,
            checks: 3,
        }
    }

    /// Where `condition(t, y, p)` crosses zero.
    pub fn when<C>(condition: C) -> Self
    where
        P: 'static,
        C: Callable<(Val<F>, Slice<F>, Ref<P>), Out = F> + Send + Sync + 'static,
    {
        Self::of(When::Zero(Arc::new(condition)))
    }

    /// At given times, in the direction of time. Steps end there, so that nothing has to be searched; a dose, for instance.
    /// At the start of the interval an effect takes place at once, at its end not.
    pub fn at(times: impl Into<Arc<[F]>>) -> Self {
        Self::of(When::Times(times.into()))
    }

    /// Changes the state by `effect(t, &mut y, p)`.
    #[must_use]
    pub fn then<C>(mut self, effect: C) -> Self
    where
        P: 'static,
        C: Callable<(Val<F>, MutSlice<F>, Ref<P>), Out = ()> + Send + Sync + 'static,
    {
        self.effect = Some(Arc::new(effect));
        self
    }

    /// Counts only where the condition crosses zero this way.
    #[must_use]
    pub fn crossing(mut self, crossing: Crossing) -> Self {
        self.crossing = crossing;
        self
    }

    /// Ends the integration.
    #[must_use]
    pub fn ends(mut self) -> Self {
        self.ends = true;
        self
    }

    /// Makes it a failure if the event does not happen.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Looks for a change of sign at so many places inside of each step, beside its end; 3 if nothing is said. A condition that
    /// changes its sign twice between two of them is missed.
    #[must_use]
    pub fn checks(mut self, places: usize) -> Self {
        self.checks = places;
        self
    }
}

impl<P: Differentiable, F: Real> Clone for Event<P, F> {
    fn clone(&self) -> Self {
        Event {
            when: match &self.when {
                When::Zero(condition) => When::Zero(Arc::clone(condition)),
                When::Times(times) => When::Times(Arc::clone(times)),
            },
            effect: self.effect.clone(),
            ..*self
        }
    }
}

impl<P: Differentiable, F: Real> fmt::Debug for Event<P, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Event");
        match &self.when {
            When::Zero(_) => out.field("crossing", &self.crossing),
            When::Times(times) => out.field("times", times),
        };
        out.field("effect", &self.effect.is_some()).field("ends", &self.ends).finish()
    }
}

/// A condition with its derivatives.
trait Condition<P: Differentiable, F: Real>: Send + Sync {
    fn value(&self, t: F, y: &[F], p: &P) -> F;
    fn jvp(&self, t: (F, F), y: (&[F], &[F]), p: (&P, &P::Tangent)) -> F;
    fn vjp(&self, t: F, y: &[F], p: &P, bar: F, t_bar: &mut F, y_bar: &mut [F], p_bar: &mut P::Tangent, tape: &mut Tape);
}

impl<P, F, C> Condition<P, F> for C
where
    P: Differentiable + 'static,
    F: Real,
    C: Callable<(Val<F>, Slice<F>, Ref<P>), Out = F> + Send + Sync,
{
    fn value(&self, t: F, y: &[F], p: &P) -> F {
        self.call((t, y, p))
    }
    fn jvp(&self, (t, t_dot): (F, F), (y, y_dot): (&[F], &[F]), (p, p_dot): (&P, &P::Tangent)) -> F {
        self.tangent(&self.zero_tangent(), (t, y, p), (t_dot, y_dot, p_dot)).1
    }
    fn vjp(&self, t: F, y: &[F], p: &P, bar: F, t_bar: &mut F, y_bar: &mut [F], p_bar: &mut P::Tangent, tape: &mut Tape) {
        let (_, pullback) = self.forward((t, y, p), tape);
        pullback(self, (&t, y, p), tape, bar, &mut self.zero_tangent(), (t_bar, y_bar, p_bar));
    }
}

/// A change of the state with its derivatives.
trait Effect<P: Differentiable, F: Real>: Send + Sync {
    fn apply(&self, t: F, y: &mut [F], p: &P);
    fn jvp(&self, t: (F, F), y: (&mut [F], &mut [F]), p: (&P, &P::Tangent));
    /// `y` is the state before; `y_bar` is the cotangent behind, and becomes that before.
    fn vjp(&self, t: F, y: &mut [F], p: &P, t_bar: &mut F, y_bar: &mut [F], p_bar: &mut P::Tangent, tape: &mut Tape);
}

impl<P, F, C> Effect<P, F> for C
where
    P: Differentiable + 'static,
    F: Real,
    C: Callable<(Val<F>, MutSlice<F>, Ref<P>), Out = ()> + Send + Sync,
{
    fn apply(&self, t: F, y: &mut [F], p: &P) {
        self.call((t, y, p));
    }
    fn jvp(&self, (t, t_dot): (F, F), (y, y_dot): (&mut [F], &mut [F]), (p, p_dot): (&P, &P::Tangent)) {
        self.tangent(&self.zero_tangent(), (t, y, p), (t_dot, y_dot, p_dot));
    }
    fn vjp(&self, t: F, y: &mut [F], p: &P, t_bar: &mut F, y_bar: &mut [F], p_bar: &mut P::Tangent, tape: &mut Tape) {
        let ((), pullback) = self.forward((t, &mut *y, p), tape);
        pullback(self, (&t, y, p), tape, (), &mut self.zero_tangent(), (t_bar, y_bar, p_bar));
    }
}

/// The slope at a time and a state, which an event's derivative needs.
pub(crate) type Slope<'s, F> = &'s mut dyn FnMut(F, &[F], &mut [F]);

/// The events of a problem with its parameters, and tangents of these.
pub(crate) struct Events<'a, P: Differentiable, F: Real> {
    list: &'a [Event<P, F>],
    p: &'a P,
    p_dots: &'a [P::Tangent],
}

/// What the loop over steps asks of events.
pub(crate) trait EventSet<F> {
    fn len(&self) -> usize;
    /// The value of condition `i`; `None` for events at given times.
    fn value(&self, i: usize, t: F, y: &[F]) -> Option<F>;
    fn times(&self, i: usize) -> &[F];
    fn crossing(&self, i: usize) -> Crossing;
    fn ends(&self, i: usize) -> bool;
    fn required(&self, i: usize) -> bool;
    fn checks(&self) -> usize;
    /// Changes the state, and the tangents behind it.
    fn apply(&self, i: usize, t: F, z: &mut [F], slope: Slope<'_, F>);
}

impl<'a, P: Differentiable, F: Real> Events<'a, P, F> {
    pub fn new(list: &'a [Event<P, F>], p: &'a P, p_dots: &'a [P::Tangent]) -> Self {
        Events { list, p, p_dots }
    }

    /// The derivative of the time of event `i` along a tangent at the state before it.
    fn time_dot(&self, i: usize, t: F, y: (&[F], &[F]), p_dot: &P::Tangent, slope: &[F]) -> F {
        match &self.list[i].when {
            When::Times(_) => F::ZERO,
            When::Zero(condition) => {
                let along = condition.jvp((t, F::ONE), (y.0, slope), (self.p, &self.p.zero_tangent()));
                -condition.jvp((t, F::ZERO), y, (self.p, p_dot)) / along
            }
        }
    }

    /// The pullback of event `i`: `bar` is the cotangent of the state behind it and becomes that of the state before it.
    /// `time_bar` is what else depends on the time of the event; `last` says that no integration follows.
    ///
    /// With `t*` the time, `g` the condition and `c` the effect, `y⁺ = c(t*, y⁻, p)`: what follows moves by `-f(y⁺)` with the
    /// time, the state before it by `f(y⁻)`, and `dt* = -(g_y dy + g_p dp) / (g_t + g_y f(y⁻))`.
    #[allow(clippy::too_many_arguments)]
    pub fn pull(
        &self,
        i: usize,
        t: F,
        before: &[F],
        behind: &[F],
        (time_bar, last): (F, bool),
        bar: &mut [F],
        p_bar: &mut P::Tangent,
        tape: &mut Tape,
        slope: Slope<'_, F>,
    ) {
        let event = &self.list[i];
        let mut f = vec![F::ZERO; before.len()];
        let dot = |a: &[F], b: &[F]| a.iter().zip(b).fold(F::ZERO, |sum, (&a, &b)| sum + a * b);
        let mut t_bar = time_bar;
        if !last {
            slope(t, behind, &mut f);
            t_bar -= dot(&f, bar);
        }
        if let Some(effect) = &event.effect {
            effect.vjp(t, &mut before.to_vec(), self.p, &mut t_bar, bar, p_bar, tape);
        }
        let When::Zero(condition) = &event.when else { return };
        slope(t, before, &mut f);
        t_bar += dot(&f, bar);
        let (mut g_t, mut g_y, mut unused) = (F::ZERO, vec![F::ZERO; before.len()], self.p.zero_tangent());
        condition.vjp(t, before, self.p, F::ONE, &mut g_t, &mut g_y, &mut unused, tape);
        let scale = -t_bar / (g_t + dot(&g_y, &f));
        condition.vjp(t, before, self.p, scale, &mut F::ZERO.clone(), bar, p_bar, tape);
    }
}

impl<P: Differentiable, F: Real> EventSet<F> for Events<'_, P, F> {
    fn len(&self) -> usize {
        self.list.len()
    }
    fn value(&self, i: usize, t: F, y: &[F]) -> Option<F> {
        match &self.list[i].when {
            When::Zero(condition) => Some(condition.value(t, y, self.p)),
            When::Times(_) => None,
        }
    }
    fn times(&self, i: usize) -> &[F] {
        match &self.list[i].when {
            When::Zero(_) => &[],
            When::Times(times) => times,
        }
    }
    fn crossing(&self, i: usize) -> Crossing {
        self.list[i].crossing
    }
    fn ends(&self, i: usize) -> bool {
        self.list[i].ends
    }
    fn required(&self, i: usize) -> bool {
        self.list[i].required
    }
    fn checks(&self) -> usize {
        let searched = self.list.iter().filter(|event| matches!(event.when, When::Zero(_)));
        searched.map(|event| event.checks).max().unwrap_or(0)
    }
    fn apply(&self, i: usize, t: F, z: &mut [F], slope: Slope<'_, F>) {
        let n = z.len() / (1 + self.p_dots.len());
        let (y, dots) = z.split_at_mut(n);
        let before = y.to_vec();
        if let Some(effect) = &self.list[i].effect {
            effect.apply(t, y, self.p);
        }
        if self.p_dots.is_empty() {
            return;
        }
        let (mut f_before, mut f_behind) = (vec![F::ZERO; n], vec![F::ZERO; n]);
        slope(t, &before, &mut f_before);
        slope(t, y, &mut f_behind);
        for (y_dot, p_dot) in dots.chunks_exact_mut(n).zip(self.p_dots) {
            let t_dot = self.time_dot(i, t, (&before, y_dot), p_dot, &f_before);
            y_dot.iter_mut().zip(&f_before).for_each(|(y, &f)| *y += f * t_dot);
            if let Some(effect) = &self.list[i].effect {
                effect.jvp((t, t_dot), (&mut before.clone(), y_dot), (self.p, p_dot));
            }
            y_dot.iter_mut().zip(&f_behind).for_each(|(y, &f)| *y -= f * t_dot);
        }
    }
}

/// Whether the sign changed, and the right way. An unknown sign is zero.
pub(crate) fn crossed<F: Real>(before: F, behind: F, crossing: Crossing) -> bool {
    let (falls, rises) = (before > F::ZERO && behind <= F::ZERO, before < F::ZERO && behind >= F::ZERO);
    match crossing {
        Crossing::Any => falls || rises,
        Crossing::Rising => rises,
        Crossing::Falling => falls,
    }
}

/// A zero of `g` between `a` and `b`, where its signs differ: the end of the last bracket on the side of `b`.
/// The Illinois variant of the false position; every fourth step halves, so that the bracket shrinks surely.
pub(crate) fn root<F: Real>(mut g: impl FnMut(F) -> F, mut a: F, mut b: F, mut at_a: F, mut at_b: F) -> F {
    for round in 0..200 {
        if at_b == F::ZERO || (b - a).abs() <= F::from_f64(2.0) * F::EPSILON * b.abs() {
            break;
        }
        let middle = a + (b - a) * F::from_f64(0.5);
        let mut next = if round % 4 == 3 {
            middle
        } else {
            b - at_b * (b - a) / (at_b - at_a)
        };
        if !(next > a && next < b) {
            next = middle;
            if !(next > a && next < b) {
                break;
            }
        }
        let value = g(next);
        if (value > F::ZERO) == (at_b > F::ZERO) || value == F::ZERO {
            (b, at_b) = (next, value);
            at_a *= F::from_f64(0.5);
        } else {
            (a, at_a) = (next, value);
            at_b *= F::from_f64(0.5);
        }
    }
    b
}
