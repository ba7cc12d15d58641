//! Survival curves: the fitted one at the reference point, and Kaplan-Meier's beside it.

use super::cox::tied_times;
use super::design::Design;
use super::fit::{Fit, Model};

/// A curve as points from `(0, 1)`.
#[derive(Debug, Clone)]
pub struct Curve {
    /// Whether it is constant between its points, as an estimate that jumps at events is.
    pub steps: bool,
    /// Time and survival probability, rising in time.
    pub points: Vec<(f64, f64)>,
}

/// Survival of a subject at [`reference_point`](super::fit::reference_point).
pub fn baseline(design: &Design, fit: &Fit) -> Curve {
    match fit.model {
        Model::Cox => cox_baseline(design, fit),
        Model::Weibull => weibull_baseline(design, fit),
    }
}

/// Rows that share a time: what the curves sum over.
struct Group {
    time: f64,
    rows: Vec<usize>,
}

/// Groups in order of falling time.
fn groups(design: &Design) -> Vec<Group> {
    let time = tied_times(&design.time);
    let mut order: Vec<usize> = (0..design.len()).collect();
    order.sort_by(|&a, &b| time[b].total_cmp(&time[a]));
    let group = |rows: &[usize]| Group {
        time: time[rows[0]],
        rows: rows.to_vec(),
    };
    order.chunk_by(|&a, &b| time[a] == time[b]).map(group).collect()
}

/// `exp(-H(t))` with Efron's cumulative hazard, the one that belongs to the partial likelihood of the fit: d tied
/// events add `sum over k of 1 / (at_risk - k/d leaving)`.
fn cox_baseline(design: &Design, fit: &Fit) -> Curve {
    let mut at_risk = 0.0;
    let mut jumps = Vec::new();
    for group in groups(design) {
        let (mut events, mut leaving) = (0usize, 0.0);
        for &i in &group.rows {
            let hazard = fit.predictor[i].exp();
            at_risk += hazard;
            if design.event[i] {
                events += 1;
                leaving += hazard;
            }
        }
        let part = |k: usize| (at_risk - k as f64 / events as f64 * leaving).recip();
        if events > 0 {
            jumps.push((group.time, (0..events).map(part).sum::<f64>()));
        }
    }
    let mut hazard = 0.0;
    step_curve(design, jumps, |jump| {
        hazard += jump;
        (-hazard).exp()
    })
}

/// The share of all rows, whatever their covariates, still without the event.
pub fn kaplan_meier(design: &Design) -> Curve {
    let mut at_risk = 0.0;
    let mut jumps = Vec::new();
    for group in groups(design) {
        at_risk += group.rows.len() as f64;
        let events = group.rows.iter().filter(|&&i| design.event[i]).count();
        if events > 0 {
            jumps.push((group.time, events as f64 / at_risk));
        }
    }
    let mut survival = 1.0;
    step_curve(design, jumps, |jump| {
        survival *= 1.0 - jump;
        survival
    })
}

fn step_curve(design: &Design, jumps: Vec<(f64, f64)>, mut survival: impl FnMut(f64) -> f64) -> Curve {
    let mut points = vec![(0.0, 1.0)];
    points.extend(jumps.into_iter().rev().map(|(time, jump)| (time, survival(jump))));
    let last = points[points.len() - 1].1;
    let end = last_time(design);
    if points[points.len() - 1].0 < end {
        points.push((end, last));
    }
    Curve { steps: true, points }
}

/// The longest time, where every curve ends.
pub fn last_time(design: &Design) -> f64 {
    design.time.iter().copied().fold(0.0, f64::max)
}

/// `exp(-(t / exp(location))^(1 / scale))` at the reference point, in `POINTS` equal steps.
fn weibull_baseline(design: &Design, fit: &Fit) -> Curve {
    const POINTS: usize = 200;
    let end = last_time(design);
    let point = |j: usize| {
        let time = end * j as f64 / POINTS as f64;
        (time, weibull_survival(design, fit, time))
    };
    Curve {
        steps: false,
        points: (0..=POINTS).map(point).collect(),
    }
}

/// Survival to `time` at the reference point by a Weibull fit.
pub fn weibull_survival(design: &Design, fit: &Fit, time: f64) -> f64 {
    let p = design.width();
    let reference = super::fit::reference_point(design);
    let at_reference: f64 = reference.iter().zip(&fit.estimate[1..=p]).map(|(x, beta)| x * beta).sum();
    let z = (time.ln() - fit.estimate[0] - at_reference) / fit.estimate[p + 1].exp();
    (-z.exp()).exp()
}
