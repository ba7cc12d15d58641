//! Lengths, mass ratios, damping and the start, from a recording of angles.

use super::least_squares::{self, Ended, Optimum};
use super::physics::{G, Pendulum, momenta};
use super::recording::Recording;
use super::simulate::{Start, problem};
use crate::common::problem::{Place, Problem};
use cotangent_ode::{Options, Tsit5, sensitivities};
use nalgebra::{DMatrix, DVector, SymmetricEigen};

/// The share of the largest eigenvalue of the scaled information below which a direction counts as unseen: an angle recorded
/// to five digits says nothing about it.
const UNSEEN: f64 = 1e-10;

/// Entries of such a direction above this share of its length name what is not told.
const TAKES_PART: f64 = 0.2;

/// The 97.5 % quantile of the standard normal law.
const NORMAL_975: f64 = 1.959_963_984_540_054;

/// What is fitted, by name: its value, standard error and bounds.
#[derive(Clone, Debug)]
pub struct Estimate {
    /// `l1`, `m2/m1`, `c`, `theta1`, `omega1`, ..
    pub name: String,
    /// Least squares estimate.
    pub value: f64,
    /// Standard error; infinite where the data do not tell the value.
    pub se: f64,
    /// Whether the estimate lies on one of its bounds.
    pub at_bound: bool,
}

impl Estimate {
    /// The 95 % interval.
    pub fn interval(&self) -> (f64, f64) {
        (self.value - NORMAL_975 * self.se, self.value + NORMAL_975 * self.se)
    }
}

/// A fitted pendulum.
#[derive(Clone, Debug)]
pub struct Fit {
    /// The constants; the first mass is as given.
    pub pendulum: Pendulum,
    /// The start.
    pub start: Start,
    /// Every unknown with its standard error.
    pub estimates: Vec<Estimate>,
    /// Names of unknowns that the recording does not tell, or tells only together.
    pub unseen: Vec<String>,
    /// Standard deviation of what is left, rad.
    pub noise: f64,
    /// Steps of all stages.
    pub iterations: usize,
}

/// Where the search starts, and between what bounds.
#[derive(Clone, Debug)]
pub struct Search {
    /// The first mass, kg: only ratios to it can be seen.
    pub first_mass: f64,
    /// Length of every rod at the start, m.
    pub length: f64,
    /// Bounds of lengths, m.
    pub lengths: (f64, f64),
    /// Bounds of mass ratios.
    pub ratios: (f64, f64),
    /// Bounds of the damping, kg m²/s.
    pub damping: (f64, f64),
}

impl Default for Search {
    fn default() -> Self {
        Search {
            first_mass: 1.0,
            length: 0.35,
            lengths: (0.01, 100.0),
            ratios: (0.01, 100.0),
            damping: (0.0, 100.0),
        }
    }
}

/// The unknowns of a chain of `n`: lengths, ratios, damping, angles, velocities.
struct Unknowns {
    n: usize,
    first_mass: f64,
}

impl Unknowns {
    fn names(&self) -> Vec<String> {
        let n = self.n;
        let numbered = |what: &'static str| (1..=n).map(move |k| format!("{what}{k}"));
        let ratios = (2..=n).map(|k| format!("m{k}/m1"));
        numbered("l")
            .chain(ratios)
            .chain(["c".to_string()])
            .chain(numbered("theta"))
            .chain(numbered("omega"))
            .collect()
    }

    fn bounds(&self, search: &Search) -> Vec<(f64, f64)> {
        let free = (f64::NEG_INFINITY, f64::INFINITY);
        let mut bounds = vec![search.lengths; self.n];
        bounds.extend(vec![search.ratios; self.n - 1]);
        bounds.push(search.damping);
        bounds.extend(vec![free; 2 * self.n]);
        bounds
    }

    fn read(&self, x: &DVector<f64>) -> (Pendulum, Start) {
        let n = self.n;
        let ratios = std::iter::once(1.0).chain(x.iter().skip(n).take(n - 1).copied());
        let part = |from: usize| x.as_slice()[from..from + n].to_vec();
        let pendulum = Pendulum {
            m: ratios.map(|ratio| ratio * self.first_mass).collect(),
            l: part(0),
            g: G,
            c: x[2 * n - 1],
        };
        let start = Start {
            theta: part(2 * n),
            omega: part(3 * n),
        };
        (pendulum, start)
    }
}

/// Fits `recording`; `progress` hears the share of the rows in use, the iteration, and the standard deviation of what is left.
///
/// The recording is used from its beginning on, more of it in each stage: the end of a long swing is a steep function of the
/// unknowns, and a start that is far off would find a wrong minimum there.
///
/// # Errors
/// If the fit does not end.
pub fn fit(recording: &Recording, search: &Search, mut progress: impl FnMut(f64, usize, f64)) -> Result<Fit, Problem> {
    let n = recording.rods();
    let unknowns = Unknowns {
        n,
        first_mass: search.first_mass,
    };
    let bounds = unknowns.bounds(search);
    let mut x = first_guess(recording, search);
    let rows = recording.times.len();
    let mut iterations = 0;
    let mut optimum = None;
    for share in [0.1, 0.2, 0.4, 0.7, 1.0] {
        let count = ((share * rows as f64).ceil() as usize).max(rows.min(4 * n + 4));
        let part = recording.first(count);
        let scale = ((count * n) as f64).sqrt();
        let each = |iteration, cost: f64| progress(share, iteration, cost.sqrt() / scale);
        let found = least_squares::minimise(|x| evaluate(&unknowns, &part, x), x, &bounds, each);
        iterations += found.iterations;
        x = found.x.clone();
        optimum = Some(found);
    }
    let optimum = optimum.filter(|optimum| optimum.ended == Ended::Converged).ok_or_else(|| {
        let message = format!("the fit does not end after {iterations} iterations; give a better --length to start from, or bounds");
        Problem::at(Place::file(&recording.file), message)
    })?;
    Ok(report(&unknowns, &bounds, &optimum, iterations))
}

/// Angles as recorded, and velocities by a line through the first few rows.
fn first_guess(recording: &Recording, search: &Search) -> DVector<f64> {
    let n = recording.rods();
    let few = recording.times.len().min(6);
    let mean_time = recording.times[..few].iter().sum::<f64>() / few as f64;
    let line = |k: usize| {
        let mean = recording.theta[..few].iter().map(|row| row[k]).sum::<f64>() / few as f64;
        let centred = || recording.times[..few].iter().map(|t| t - mean_time);
        let slope =
            centred().zip(&recording.theta).map(|(t, row)| t * (row[k] - mean)).sum::<f64>() / centred().map(|t| t * t).sum::<f64>();
        (mean + slope * (recording.times[0] - mean_time), slope)
    };
    let lines: Vec<_> = (0..n).map(line).collect();
    let inside = |x: f64, (low, high): (f64, f64)| x.clamp(low, high);
    let mut x = vec![inside(search.length, search.lengths); n];
    x.extend(vec![inside(1.0, search.ratios); n - 1]);
    x.push(inside(0.0, search.damping));
    x.extend(lines.iter().map(|line| line.0));
    x.extend(lines.iter().map(|line| line.1));
    DVector::from_vec(x)
}

/// Model minus recording, and derivatives by the unknowns, by forward sensitivities.
fn evaluate(unknowns: &Unknowns, recording: &Recording, x: &DVector<f64>) -> least_squares::Evaluation {
    let n = unknowns.n;
    let (pendulum, start) = unknowns.read(x);
    let times: Vec<f64> = recording.times.iter().map(|t| t - recording.times[0]).collect();
    let options = Options {
        rtol: 1e-8,
        atol: 1e-10,
        ..Options::default()
    };
    let problem = problem(&pendulum, &start, times[times.len() - 1], &times);
    let all = sensitivities(&problem, Tsit5, &options).ok()?;
    let chain = start_and_constants(unknowns, &pendulum, &start);
    let mut residuals = DVector::zeros(n * times.len());
    let mut jacobian = DMatrix::zeros(n * times.len(), x.len());
    for (row, (recorded, by_inputs)) in recording.theta.iter().zip(&all.saved).enumerate() {
        for k in 0..n {
            residuals[row * n + k] = all.solution.saved(row)[k] - recorded[k];
            for (input, entry) in by_inputs.row(k).iter().enumerate() {
                for unknown in 0..x.len() {
                    jacobian[(row * n + k, unknown)] += entry * chain[(input, unknown)];
                }
            }
        }
    }
    residuals.iter().all(|r| r.is_finite()).then_some((residuals, jacobian))
}

/// Derivatives of what the integrator is given (state, masses, lengths, gravity, damping) by the unknowns.
fn start_and_constants(unknowns: &Unknowns, pendulum: &Pendulum, start: &Start) -> DMatrix<f64> {
    let n = unknowns.n;
    let by_start = momenta::jacobian(&start.theta, &start.omega, &pendulum.m, &pendulum.l);
    let (l, ratio, c, theta, omega) = (0, n, 2 * n - 1, 2 * n, 3 * n);
    let mut chain = DMatrix::zeros(4 * n + 2, 4 * n);
    for k in 0..n {
        chain[(k, theta + k)] = 1.0;
        chain[(3 * n + k, l + k)] = 1.0;
        for i in 0..n {
            chain[(n + i, theta + k)] = by_start[(i, k)];
            chain[(n + i, omega + k)] = by_start[(i, n + k)];
            chain[(n + i, l + k)] = by_start[(i, 3 * n + k)];
        }
    }
    for k in 1..n {
        chain[(2 * n + k, ratio + k - 1)] = unknowns.first_mass;
        for i in 0..n {
            chain[(n + i, ratio + k - 1)] = unknowns.first_mass * by_start[(i, 2 * n + k)];
        }
    }
    chain[(4 * n + 1, c)] = 1.0;
    chain
}

fn report(unknowns: &Unknowns, bounds: &[(f64, f64)], optimum: &Optimum, iterations: usize) -> Fit {
    let names = unknowns.names();
    let x = &optimum.x;
    let freedom = optimum.residuals.len() - x.len();
    let variance = optimum.residuals.norm_squared() / freedom as f64;
    let at_bound: Vec<bool> = x.iter().zip(bounds).map(|(x, (low, high))| x <= low || x >= high).collect();
    let (covariance, unseen) = invert(&optimum.jacobian, &at_bound);
    let estimates = (0..x.len()).map(|k| Estimate {
        name: names[k].clone(),
        value: x[k],
        se: if unseen[k] {
            f64::INFINITY
        } else {
            (variance * covariance[(k, k)]).sqrt()
        },
        at_bound: at_bound[k],
    });
    let (pendulum, start) = unknowns.read(x);
    Fit {
        pendulum,
        start,
        estimates: estimates.collect(),
        unseen: (0..x.len()).filter(|&k| unseen[k]).map(|k| names[k].clone()).collect(),
        noise: variance.sqrt(),
        iterations,
    }
}

/// The inverse of the information `JᵀJ`, scaled to a diagonal of ones, over the unknowns that are on no bound; and which
/// unknowns take part in a direction that the data do not see.
fn invert(jacobian: &DMatrix<f64>, at_bound: &[bool]) -> (DMatrix<f64>, Vec<bool>) {
    let count = at_bound.len();
    let scale: Vec<f64> = (0..count)
        .map(|k| if at_bound[k] { 0.0 } else { jacobian.column(k).norm() })
        .collect();
    let largest = scale.iter().fold(0.0f64, |a, &b| a.max(b));
    let mut unseen: Vec<bool> = (0..count).map(|k| !at_bound[k] && scale[k] <= UNSEEN * largest).collect();
    let unit = |k: usize| if scale[k] > 0.0 { 1.0 / scale[k] } else { 0.0 };
    let scaled = DMatrix::from_fn(jacobian.nrows(), count, |i, k| jacobian[(i, k)] * unit(k));
    let eigen = SymmetricEigen::new(scaled.tr_mul(&scaled));
    let most = eigen.eigenvalues.amax();
    let mut covariance = DMatrix::zeros(count, count);
    for (value, vector) in eigen.eigenvalues.iter().zip(eigen.eigenvectors.column_iter()) {
        if *value > UNSEEN * most {
            covariance += vector * vector.transpose() / *value;
            continue;
        }
        for k in 0..count {
            unseen[k] |= scale[k] > 0.0 && vector[k].abs() > TAKES_PART;
        }
    }
    (
        DMatrix::from_fn(count, count, |i, k| covariance[(i, k)] * unit(i) * unit(k)),
        unseen,
    )
}
