//! Events: where they happen, what they change, and derivatives through them.

mod common;

use common::difference;
use cotangent::prelude::*;
use cotangent_ode::*;

/// Gravity and the part of the speed that is left behind a bounce.
#[derive(Clone, Copy, Debug, Differentiable)]
struct Ball {
    gravity: f64,
    bounce: f64,
}

#[differentiable(order = 2)]
fn fall(_t: f64, y: &[f64], p: &Ball, dy: &mut [f64]) {
    dy[0] = y[1];
    dy[1] = -p.gravity;
}

#[differentiable]
fn height(_t: f64, y: &[f64], _p: &Ball) -> f64 {
    y[0]
}

#[differentiable]
fn bounce(_t: f64, y: &mut [f64], p: &Ball) {
    y[1] *= -p.bounce;
}

const BALL: Ball = Ball {
    gravity: 9.81,
    bounce: 0.8,
};

fn tight() -> Options {
    Options {
        rtol: 1e-11,
        atol: 1e-11,
        ..Options::default()
    }
}

macro_rules! ball {
    ($x:expr) => {{
        let x = $x;
        let p = Ball {
            gravity: x[2],
            bounce: x[3],
        };
        let ground = Event::when(differentiable!(height))
            .crossing(Crossing::Falling)
            .then(differentiable!(bounce));
        Problem::new(differentiable!(fall), [x[0], x[1]], (0.0, 1.5), p)
            .save_at([0.2, 0.9])
            .event(ground)
    }};
}

/// Where a ball is at `t` that falls from `x[0]` with speed `x[1]`: by hand, through two bounces at most.
fn by_hand(x: &[f64], t: f64) -> [f64; 2] {
    let (h, v, g, e) = (x[0], x[1], x[2], x[3]);
    let impact = (v * v + 2.0 * g * h).sqrt();
    let (mut start, mut speed) = ((v + impact) / g, e * impact);
    if t < start {
        return [h + v * t - 0.5 * g * t * t, v - g * t];
    }
    while t > start + 2.0 * speed / g {
        start += 2.0 * speed / g;
        speed *= e;
    }
    let s = t - start;
    [speed * s - 0.5 * g * s * s, speed - g * s]
}

fn value(solution: &Solution, bars: &mut Cotangents) -> f64 {
    let mut sum = 0.0;
    for d in 0..2 {
        let weight = 1.0 + d as f64;
        sum += weight * (solution.y_end[d] + solution.saved(0)[d] - 2.0 * solution.saved(1)[d]);
        bars.end[d] = weight;
        bars.saved(0)[d] = weight;
        bars.saved(1)[d] = -2.0 * weight;
    }
    sum
}

const X: [f64; 4] = [1.0, 0.3, 9.81, 0.8];

fn flat(g: &Gradients<BallTangent>) -> [f64; 4] {
    [g.y0[0], g.y0[1], g.p.gravity, g.p.bounce]
}

macro_rules! check_ball {
    ($method:expr, $tolerance:expr) => {{
        let g = gradient(&ball!(X), $method, &tight(), Gradient::Reverse, value).unwrap();
        assert_eq!(g.solution.events.len(), 2);
        let exact = |x: &[f64]| -> f64 {
            let at = |t| by_hand(x, t);
            (0..2)
                .map(|d| (1.0 + d as f64) * (at(1.5)[d] + at(0.2)[d] - 2.0 * at(0.9)[d]))
                .sum()
        };
        assert!((g.loss - exact(&X)).abs() < $tolerance, "{} {}", g.loss, exact(&X));
        for (i, g) in flat(&g).into_iter().enumerate() {
            let d = difference(exact, &X, i, 1e-6);
            assert!((g - d).abs() < 1e-7, "component {i}: {g} and {d}");
        }
        g
    }};
}

#[test]
fn a_bouncing_ball() {
    let reverse = check_ball!(Tsit5, 1e-9);
    check_ball!(Vern9, 1e-9);
    check_ball!(Kvaerno5, 1e-9);
    check_ball!(Rodas5P, 1e-9);
    let forward = gradient(&ball!(X), Tsit5, &tight(), Gradient::Forward, value).unwrap();
    for (a, b) in flat(&reverse).into_iter().zip(flat(&forward)) {
        assert!((a - b).abs() < 1e-10, "{a} {b}");
    }
    for memory in [1, 1000] {
        let bounded = Options {
            memory: Some(memory),
            ..tight()
        };
        let bounded = gradient(&ball!(X), Tsit5, &bounded, Gradient::Reverse, value).unwrap();
        assert_eq!(flat(&reverse), flat(&bounded), "with {memory} bytes");
    }
}

#[test]
fn the_time_of_the_end_is_differentiated() {
    let ground = Event::when(differentiable!(height)).crossing(Crossing::Falling).ends().required();
    let problem = Problem::new(differentiable!(fall), [1.0, 0.3], (0.0, 10.0), BALL).event(ground.clone());
    let time = |solution: &Solution, bars: &mut Cotangents| {
        bars.t_end = 1.0;
        solution.t_end
    };
    let g = gradient(&problem, Tsit5, &tight(), Gradient::Reverse, time).unwrap();
    let exact = |x: &[f64]| (x[1] + (x[1] * x[1] + 2.0 * x[2] * x[0]).sqrt()) / x[2];
    assert_eq!(g.solution.ended, Ended::Event(0));
    assert!((g.loss - exact(&X)).abs() < 1e-12);
    for (i, g) in [g.y0[0], g.y0[1], g.p.gravity].into_iter().enumerate() {
        let d = difference(exact, &X[..3], i, 1e-6);
        assert!((g - d).abs() < 1e-8, "component {i}: {g} and {d}");
    }
    let early = Problem::new(differentiable!(fall), [1.0, 0.3], (0.0, 0.1), BALL).event(ground);
    let failure = solve(&early, Tsit5, &tight()).unwrap_err();
    assert_eq!(failure.reason, Reason::EventNotReached { event: 0 });
    assert_eq!(failure.partial.t_end, 0.1);
}

#[differentiable]
fn speed(_t: f64, y: &[f64], _p: &Ball) -> f64 {
    y[1] + 0.3
}

#[differentiable]
fn below(_t: f64, y: &[f64], _p: &Ball) -> f64 {
    y[0] - 0.99
}

#[test]
fn two_events_in_one_step_happen_in_order() {
    // One step would reach the end: the second event is reached first.
    let problem = Problem::new(differentiable!(fall), [1.0, 0.0], (0.0, 0.1), BALL)
        .event(Event::when(differentiable!(below)))
        .event(Event::when(differentiable!(speed)));
    let solution = solve(&problem, Tsit5, &Options::default()).unwrap();
    let order: Vec<_> = solution.events.iter().map(|e| e.event).collect();
    assert_eq!(order, [1, 0]);
    assert!((solution.events[0].t - 0.3 / 9.81).abs() < 1e-12);
    assert!((solution.events[1].t - (0.02_f64 / 9.81).sqrt()).abs() < 1e-12);
}

/// Elimination, absorption, and the size of a dose.
type Drug = [f64; 3];

#[differentiable(order = 2)]
fn drug(_t: f64, y: &[f64], p: &Drug, dy: &mut [f64]) {
    dy[0] = -p[1] * y[0];
    dy[1] = p[1] * y[0] - p[0] * y[1];
}

#[differentiable]
fn dose(_t: f64, y: &mut [f64], p: &Drug) {
    y[0] += p[2];
}

/// The amount of drug at `t` for doses at 0, 3 and 7: Bateman's function.
fn amount(p: &[f64], t: f64) -> f64 {
    let one = |s: f64| {
        if s < 0.0 {
            0.0
        } else {
            p[2] * p[1] / (p[1] - p[0]) * ((-p[0] * s).exp() - (-p[1] * s).exp())
        }
    };
    one(t) + one(t - 3.0) + one(t - 7.0)
}

#[test]
fn doses_at_given_times() {
    let p = [0.2, 1.1, 5.0];
    let problem = Problem::new(differentiable!(drug), [0.0, 0.0], (0.0, 12.0), p)
        .save_at([1.0, 3.0, 5.0, 7.5])
        .event(Event::at([0.0, 3.0, 7.0]).then(differentiable!(dose)));
    let last = |s: &Solution, bars: &mut Cotangents| {
        (bars.end[1], bars.saved(2)[1]) = (1.0, 2.0);
        s.y_end[1] + 2.0 * s.saved(2)[1]
    };
    for method_is_implicit in [false, true] {
        let g = if method_is_implicit {
            gradient(&problem, Rodas5P, &tight(), Gradient::Reverse, last).unwrap()
        } else {
            gradient(&problem, Tsit5, &tight(), Gradient::Reverse, last).unwrap()
        };
        assert_eq!(g.solution.events.len(), 3);
        for (i, t) in [1.0, 3.0, 5.0, 7.5].into_iter().enumerate() {
            assert!((g.solution.saved(i)[1] - amount(&p, t)).abs() < 1e-9, "at {t}");
        }
        let exact = |p: &[f64]| amount(p, 12.0) + 2.0 * amount(p, 5.0);
        for i in 0..3 {
            let d = difference(exact, &p, i, 1e-5);
            // The difference's own error, with third derivatives of about 1e3.
            assert!(
                (g.p[i] - d).abs() < 1e-9 * (1.0 + d.abs()) + 1e-7,
                "component {i}: {} and {d}",
                g.p[i]
            );
        }
    }
}

#[differentiable]
fn switched(t: f64, y: &[f64], p: &f64, dy: &mut [f64]) {
    dy[0] = if t >= 0.5 { -p * y[0] } else { 1.0 };
}

#[test]
fn a_discontinuity_is_met_exactly() {
    let problem = Problem::new(differentiable!(switched), [0.0], (0.0, 1.0), 2.0).discontinuities([0.5]);
    let solution = solve(&problem, Tsit5, &tight()).unwrap();
    assert!((solution.y_end[0] - 0.5 * (-1.0_f64).exp()).abs() < 1e-10, "{}", solution.y_end[0]);
    assert!(solution.stats.rejected < 5, "{:?}", solution.stats);
}
