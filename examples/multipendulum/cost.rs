//! What a gradient costs as the chain grows.

use super::physics::{G, Pendulum};
use super::simulate::{Start, gradient_of_last_angle, simulate};
use crate::common::problem::Problem;
use cotangent_ode::Options;
use std::time::Instant;

/// The chains that are measured.
pub const RODS: [usize; 10] = [2, 3, 4, 6, 8, 10, 14, 20, 28, 40];

/// Times are the least of this many runs, interleaved.
const ROUNDS: usize = 3;

/// One chain.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    /// Its rods.
    pub rods: usize,
    /// Seconds of a simulation.
    pub simulation: f64,
    /// Seconds of the gradient of the last angle by all 4 N + 1 inputs, its simulation included.
    pub gradient: f64,
    /// Calls of the right-hand side in a simulation.
    pub calls: usize,
}

/// A chain of `n` rods that is one metre long, let go from a bend.
pub fn chain(n: usize) -> (Pendulum, Start) {
    let pendulum = Pendulum {
        m: vec![1.0 / n as f64; n],
        l: vec![1.0 / n as f64; n],
        g: G,
        c: 0.0,
    };
    let start = Start {
        theta: (0..n).map(|k| 0.6 - 0.4 * k as f64 / n as f64).collect(),
        omega: vec![0.0; n],
    };
    (pendulum, start)
}

/// Measures half a second of every chain; `progress` hears of each.
///
/// # Errors
/// As the integrator's.
pub fn measure(rods: &[usize], mut progress: impl FnMut(usize)) -> Result<Vec<Cost>, Problem> {
    let options = Options {
        rtol: 1e-7,
        atol: 1e-9,
        ..Options::default()
    };
    let fail = |failure: cotangent_ode::Failure| Problem::Usage(format!("a chain cannot be simulated: {failure}"));
    let mut costs = Vec::new();
    for &n in rods {
        progress(n);
        let (pendulum, start) = chain(n);
        let mut cost = Cost {
            rods: n,
            simulation: f64::INFINITY,
            gradient: f64::INFINITY,
            calls: 0,
        };
        for _ in 0..ROUNDS {
            let begin = Instant::now();
            let solution = simulate(&pendulum, &start, 0.5, &[], &options).map_err(fail)?;
            cost.simulation = cost.simulation.min(begin.elapsed().as_secs_f64());
            cost.calls = solution.stats.rhs_calls;
            let begin = Instant::now();
            gradient_of_last_angle(&pendulum, &start, 0.5, &options).map_err(fail)?;
            cost.gradient = cost.gradient.min(begin.elapsed().as_secs_f64());
        }
        costs.push(cost);
    }
    Ok(costs)
}

/// Operations of one right-hand side's derivatives by the N angles, derived by hand from `θ' = M⁻¹ p` as
/// `∂(M⁻¹)/∂θ_k = -M⁻¹ (∂M/∂θ_k) M⁻¹`: two products of matrices for each angle, 4 N⁴ in all.
pub fn by_hand(n: usize) -> f64 {
    4.0 * (n as f64).powi(4)
}
