//! The list of problems, and the right-hand side of each.

use anyhow::{Context, Result, bail};
use cotangent::{Tape, differentiable};
use cotangent_ode::{Rhs, Rhs2};
use serde::Deserialize;

use super::{detest, problems};

/// A problem as the file defines it.
#[derive(Clone, Debug, Deserialize)]
pub struct Definition {
    /// The name.
    pub id: String,
    /// What kind of problem it is.
    pub class: String,
    /// The start.
    pub t0: f64,
    /// The end.
    pub t1: f64,
    /// The initial state.
    pub y0: Vec<f64>,
    /// The parameters.
    pub p: Vec<f64>,
    /// The save points.
    pub t_save: Vec<f64>,
}

#[derive(Deserialize)]
struct File {
    problems: Vec<Definition>,
}

/// All problems.
///
/// # Errors
/// Where the file that was compiled in is damaged.
pub fn definitions() -> Result<Vec<Definition>> {
    let text = include_str!("../../data/ode/problems.json");
    let file: File = serde_json::from_str(text).context("data/ode/problems.json")?;
    Ok(file.problems)
}

/// The problem `id`.
///
/// # Errors
/// Where there is none.
pub fn find(id: &str) -> Result<Definition> {
    let all = definitions()?;
    let ids = || all.iter().map(|p| p.id.as_str()).collect::<Vec<_>>().join(", ");
    match all.iter().find(|problem| problem.id == id) {
        Some(problem) => Ok(problem.clone()),
        None => bail!("found no problem {id:?}; expected one of {}", ids()),
    }
}

impl Definition {
    /// Whether a method for stiff problems is called for.
    pub fn is_stiff(&self) -> bool {
        self.class.contains("stiff") && !self.class.contains("nonstiff")
    }

    /// Times at which the right-hand side jumps.
    pub fn discontinuities(&self) -> Vec<f64> {
        if self.id.starts_with("bruss2d") { vec![1.1] } else { Vec::new() }
    }

    /// The right-hand side.
    ///
    /// # Errors
    /// Where the file has a problem that the program does not know.
    pub fn rhs(&self) -> Result<Any> {
        Ok(match self.id.as_str() {
            "lotka_volterra" | "lotka_volterra_t100" => any(differentiable!(problems::lotka_volterra)),
            "fitzhugh_nagumo" => any(differentiable!(problems::fitzhugh_nagumo)),
            "lorenz_t3" | "lorenz_t20" => any(differentiable!(problems::lorenz)),
            "brusselator0d" => any(differentiable!(problems::brusselator0d)),
            "vanderpol_mu5" | "vanderpol_mu1000_t2000" => any(differentiable!(problems::vanderpol)),
            "vanderpol_eps1e-6_t2" => any(differentiable!(problems::vanderpol_scaled)),
            "arenstorf" => any(differentiable!(problems::arenstorf)),
            "seir" => any(differentiable!(problems::seir)),
            "pk_michaelis_menten" => any(differentiable!(problems::pk_michaelis_menten)),
            "pleiades" => any(differentiable!(problems::pleiades)),
            "rober_t40" | "rober_t1e5" | "rober_t1e11" => any(differentiable!(problems::rober)),
            "orego_t30" | "orego_t360" => any(differentiable!(problems::orego)),
            "hires" => any(differentiable!(problems::hires)),
            "e5_t1e5" => any(differentiable!(problems::e5)),
            "pollu" => any(differentiable!(problems::pollu)),
            "bruss1d_n40" => any(differentiable!(problems::bruss1d)),
            "bruss2d_n8" => any(differentiable!(problems::bruss2d)),
            "DETEST_A1" => any(differentiable!(detest::a1)),
            "DETEST_A2" => any(differentiable!(detest::a2)),
            "DETEST_A3" => any(differentiable!(detest::a3)),
            "DETEST_A4" => any(differentiable!(detest::a4)),
            "DETEST_A5" => any(differentiable!(detest::a5)),
            "DETEST_B1" => any(differentiable!(detest::b1)),
            "DETEST_B2" => any(differentiable!(detest::b2)),
            "DETEST_B3" => any(differentiable!(detest::b3)),
            "DETEST_B4" => any(differentiable!(detest::b4)),
            "DETEST_B5" => any(differentiable!(detest::b5)),
            "DETEST_C1" => any(differentiable!(detest::c1)),
            "DETEST_C2" => any(differentiable!(detest::c2)),
            "DETEST_C3" => any(differentiable!(detest::c3)),
            "DETEST_D1" | "DETEST_D2" | "DETEST_D3" | "DETEST_D4" | "DETEST_D5" => any(differentiable!(detest::d)),
            "DETEST_E1" => any(differentiable!(detest::e1)),
            "DETEST_E2" => any(differentiable!(detest::e2)),
            "DETEST_E3" => any(differentiable!(detest::e3)),
            "DETEST_E4" => any(differentiable!(detest::e4)),
            "DETEST_E5" => any(differentiable!(detest::e5)),
            id => bail!("no right-hand side for the problem {id:?}"),
        })
    }
}

type Parameters = Vec<f64>;

/// A right-hand side behind a pointer: the engine is compiled once for all problems, at the cost of one indirect call each.
pub struct Any(Box<dyn Rhs2<f64, Parameters>>);

fn any(rhs: impl Rhs2<f64, Parameters> + 'static) -> Any {
    Any(Box::new(rhs))
}

impl Rhs<f64, Parameters> for Any {
    fn eval(&self, t: f64, y: &[f64], p: &Parameters, dy: &mut [f64]) {
        self.0.eval(t, y, p, dy);
    }
    fn jvp(&self, t: f64, y: &[f64], y_dot: &[f64], p: &Parameters, p_dot: &Parameters, dy: &mut [f64], dy_dot: &mut [f64]) {
        self.0.jvp(t, y, y_dot, p, p_dot, dy, dy_dot);
    }
    fn vjp(
        &self,
        t: f64,
        y: &[f64],
        p: &Parameters,
        dy: &mut [f64],
        dy_bar: &mut [f64],
        y_bar: &mut [f64],
        p_bar: &mut Parameters,
        tape: &mut Tape,
    ) {
        self.0.vjp(t, y, p, dy, dy_bar, y_bar, p_bar, tape);
    }
    fn time_derivative(&self, t: f64, y: &[f64], p: &Parameters, zeros: (&[f64], &Parameters), dy: &mut [f64], dt: &mut [f64]) {
        self.0.time_derivative(t, y, p, zeros, dy, dt);
    }
}

impl Rhs2<f64, Parameters> for Any {
    fn jvp_vjp(
        &self,
        t: (f64, f64),
        y: (&[f64], &[f64]),
        p: (&Parameters, &Parameters),
        dy: (&mut [f64], &mut [f64]),
        dy_bar: (&mut [f64], &mut [f64]),
        y_bar: (&mut [f64], &mut [f64]),
        p_bar: (&mut Parameters, &mut Parameters),
        tape: &mut Tape,
    ) {
        self.0.jvp_vjp(t, y, p, dy, dy_bar, y_bar, p_bar, tape);
    }
}
