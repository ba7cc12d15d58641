//! From a start in angles and velocities to a trajectory, with its derivatives.

use super::physics::{Pendulum, PendulumTangent, equations, momenta, velocities};
use cotangent::prelude::*;
use cotangent_ode::{
    Cotangents, Failure, Gradient, Gradients, Options, Problem, Rhs, Solution, Tsit5, Vern7, gradient, sensitivities, solve,
};

/// Where a pendulum starts.
#[derive(Clone, Debug, PartialEq)]
pub struct Start {
    /// Angles, rad.
    pub theta: Vec<f64>,
    /// Angular velocities, rad/s.
    pub omega: Vec<f64>,
}

/// Derivatives of a number by everything that a simulation is given.
#[derive(Clone, Debug, PartialEq)]
pub struct Derivatives {
    /// By the constants.
    pub pendulum: PendulumTangent,
    /// By the angles at the start.
    pub theta: Vec<f64>,
    /// By the velocities at the start.
    pub omega: Vec<f64>,
}

/// A tolerance tighter than this is cheaper by a method of higher order.
const TIGHT: f64 = 1e-7;

/// The problem from 0 to `end`, with save points.
pub fn problem(
    pendulum: &Pendulum,
    start: &Start,
    end: f64,
    save_at: &[f64],
) -> Problem<impl Rhs<f64, Pendulum> + Clone + use<>, Pendulum> {
    let mut y0 = start.theta.clone();
    y0.extend(momenta(&start.theta, &start.omega, &pendulum.m, &pendulum.l));
    let equations = cotangent::differentiable!(equations);
    Problem::new(equations, y0, (0.0, end), pendulum.clone()).save_at(save_at)
}

/// Simulates.
///
/// # Errors
/// As the integrator's, with the time it reached.
pub fn simulate(pendulum: &Pendulum, start: &Start, end: f64, save_at: &[f64], options: &Options) -> Result<Solution, Failure> {
    let problem = problem(pendulum, start, end, save_at);
    if options.rtol > TIGHT {
        solve(&problem, Tsit5, options)
    } else {
        solve(&problem, Vern7, options)
    }
}

/// Angles and velocities of a state.
pub fn angles_and_velocities(pendulum: &Pendulum, y: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let (theta, p) = y.split_at(pendulum.l.len());
    (theta.to_vec(), velocities(theta, p, &pendulum.m, &pendulum.l))
}

/// The last angle at the end, with its derivatives by all 4 N + 1 inputs and the damping, in reverse mode.
///
/// # Errors
/// As the integrator's.
pub fn gradient_of_last_angle(pendulum: &Pendulum, start: &Start, end: f64, options: &Options) -> Result<(f64, Derivatives), Failure> {
    let n = pendulum.l.len();
    let problem = problem(pendulum, start, end, &[]);
    let last_angle = |solution: &Solution, bars: &mut Cotangents| {
        bars.end[n - 1] = 1.0;
        solution.y_end[n - 1]
    };
    let by_state = if options.rtol > TIGHT {
        gradient(&problem, Tsit5, options, Gradient::Reverse, last_angle)?
    } else {
        gradient(&problem, Vern7, options, Gradient::Reverse, last_angle)?
    };
    let angle = by_state.loss;
    Ok((angle, from_momenta(pendulum, start, by_state)))
}

/// The start's momenta depend on its angles and velocities, and on the constants.
fn from_momenta(pendulum: &Pendulum, start: &Start, by_state: Gradients<PendulumTangent>) -> Derivatives {
    let n = pendulum.l.len();
    let (theta_bar, p_bar) = by_state.y0.split_at(n);
    let (_, pullback) = momenta::vjp(&start.theta, &start.omega, &pendulum.m, &pendulum.l);
    let through = pullback(p_bar.to_vec());
    let mut all = Derivatives {
        pendulum: by_state.p,
        theta: theta_bar.to_vec(),
        omega: through.omega,
    };
    for k in 0..n {
        all.theta[k] += through.theta[k];
        all.pendulum.m[k] += through.m[k];
        all.pendulum.l[k] += through.l[k];
    }
    all
}

/// The final angles and velocities, and their derivatives: a row for each angle, then for each velocity; columns are the
/// angles and velocities at the start, masses, lengths, gravity, damping. By forward sensitivities.
///
/// # Errors
/// As the integrator's.
pub fn jacobian(pendulum: &Pendulum, start: &Start, end: f64, options: &Options) -> Result<(Solution, Matrix<f64>), Failure> {
    let n = pendulum.l.len();
    let problem = problem(pendulum, start, end, &[]);
    let all = if options.rtol > TIGHT {
        sensitivities(&problem, Tsit5, options)?
    } else {
        sensitivities(&problem, Vern7, options)?
    };
    let columns = 4 * n + 2;
    // From the start in momenta to that in velocities; both stand before the constants m, l, g, c.
    let by_start = momenta::jacobian(&start.theta, &start.omega, &pendulum.m, &pendulum.l);
    let by_inputs = Matrix::from_fn(2 * n, columns, |i, j| {
        let through_momenta = if j < by_start.cols() {
            (0..n).map(|k| all.end[(i, n + k)] * by_start[(k, j)]).sum()
        } else {
            0.0
        };
        let direct = if (n..2 * n).contains(&j) { 0.0 } else { all.end[(i, j)] };
        direct + through_momenta
    });
    // From momenta at the end to velocities.
    let (theta, p) = all.solution.y_end.split_at(n);
    let by_end = velocities::jacobian(theta, p, &pendulum.m, &pendulum.l);
    let rows = Matrix::from_fn(2 * n, columns, |i, j| {
        if i < n {
            return by_inputs[(i, j)];
        }
        let through: f64 = (0..2 * n).map(|k| by_end[(i - n, k)] * by_inputs[(k, j)]).sum();
        through + if (2 * n..4 * n).contains(&j) { by_end[(i - n, j)] } else { 0.0 }
    });
    Ok((all.solution, rows))
}
