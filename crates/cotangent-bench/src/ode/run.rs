//! One problem by one method: the solution, its gradient, and what they cost.

use anyhow::{Result, anyhow, bail};
use cotangent_ode::*;
use serde_json::{Value, json};

use super::table::{Any, Definition};
use crate::measure;

/// What to run.
#[derive(Clone, Debug)]
pub struct Request {
    /// The method, by its name in lower case, or `auto`.
    pub method: String,
    /// The tolerances and all else.
    pub options: Options,
    /// How to differentiate, if at all.
    pub gradient: Option<Gradient>,
    /// How long to measure.
    pub seconds: f64,
}

macro_rules! methods {
    ($($name:literal => $method:expr;)*) => {
        /// The names of all methods.
        pub const METHODS: &[&str] = &[$($name),*];

        fn dispatch(problem: Problem<Any, Vec<f64>>, name: &str, definition: &Definition, request: &Request) -> Result<Value> {
            match name {
                $($name => run(problem, $method, definition, request),)*
                _ => bail!("--method: found {name:?}; expected auto or one of {}", METHODS.join(", ")),
            }
        }
    };
}

methods! {
    "tsit5" => Tsit5;
    "dopri5" => Dopri5;
    "bs3" => Bs3;
    "dop853" => Dop853;
    "vern7" => Vern7;
    "vern9" => Vern9;
    "rk4" => Rk4;
    "heun" => Heun;
    "kvaerno3" => Kvaerno3;
    "kvaerno5" => Kvaerno5;
    "kencarp4" => KenCarp4;
    "rodas5p" => Rodas5P;
    "leapfrog" => Leapfrog;
    "yoshida4" => Yoshida4;
    "yoshida6" => Yoshida6;
}

/// The half sum of squares of the state at the end.
fn loss(solution: &Solution, bars: &mut Cotangents) -> f64 {
    bars.end.copy_from_slice(&solution.y_end);
    solution.y_end.iter().map(|y| 0.5 * y * y).sum()
}

/// Solves and differentiates `definition`.
///
/// # Errors
/// Where the integration or its gradient fails.
pub fn measure(definition: &Definition, request: &Request) -> Result<Value> {
    let times = (definition.t0, definition.t1);
    let problem =
        Problem::new(definition.rhs()?, definition.y0.clone(), times, definition.p.clone()).discontinuities(definition.discontinuities());
    let name = match request.method.as_str() {
        "auto" if definition.is_stiff() => "rodas5p",
        "auto" if request.options.rtol > 1e-7 => "tsit5",
        "auto" => "vern7",
        name => name,
    };
    dispatch(problem, name, definition, request)
}

fn run<M>(problem: Problem<Any, Vec<f64>>, method: M, definition: &Definition, request: &Request) -> Result<Value>
where
    M: ReverseMethod<f64, Any, Vec<f64>>,
{
    // The save points are a run of their own: they take no part in what is measured.
    let mut problem = problem.save_at(definition.t_save.clone());
    let saved = solve(&problem, method.clone(), &request.options).map_err(|failure| anyhow!("{failure}"))?;
    let rows: Vec<&[f64]> = (0..saved.times.len()).map(|i| saved.saved(i)).collect();
    problem.save_at.clear();
    let problem = &problem;
    let failed = |failure: Failure| anyhow!("{failure}");
    let solution = solve(problem, method.clone(), &request.options).map_err(failed)?;
    let mut line = json!({
        "id": definition.id,
        "method": method.name(),
        "y_save": rows,
        "y_end": solution.y_end,
        "steps": solution.stats.steps,
        "rejected": solution.stats.rejected,
        "rhs_calls": solution.stats.rhs_calls,
    });
    let mut forward = || {
        let solved = solve(problem, method.clone(), &request.options);
        std::hint::black_box(&solved).as_ref().expect("it succeeded before");
    };
    let Some(mode) = request.gradient else {
        line["forward_ms"] = measure::interleaved(&mut [&mut forward], request.seconds)[0].into();
        return Ok(line);
    };
    let result = gradient(problem, method.clone(), &request.options, mode, loss).map_err(failed)?;
    let mut both = || {
        let solved = gradient(problem, method.clone(), &request.options, mode, loss);
        std::hint::black_box(&solved).as_ref().expect("it succeeded before");
    };
    let times = measure::interleaved(&mut [&mut forward, &mut both], request.seconds);
    line["loss"] = result.loss.into();
    line["dloss_dp"] = result.p.into();
    line["dloss_dy0"] = result.y0.into();
    line["gradient"] = format!("{:?}", result.mode).to_lowercase().into();
    line["forward_ms"] = times[0].into();
    line["gradient_ms"] = times[1].into();
    Ok(line)
}
