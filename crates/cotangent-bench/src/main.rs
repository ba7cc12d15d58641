//! The measuring program.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::{Parser, Subcommand};
use serde_json::Value;

use cotangent_bench::case::{Report, Style};
use cotangent_bench::{cases, generate, input, ode, output, pendulum, suite, targets};

const EXAMPLES: &str = "\
Examples (each after `cargo run --release -p cotangent-bench --`):
  adbench crates/cotangent-bench/data/gmm_1k_d10_K25.json
  adbench crates/cotangent-bench/data/ba1.json --style workspace --seconds 5 --out jacobian.json
  adbench --generate gmm:n=1000,d=64,k=25,seed=1
  building --steps 1000
  ode lotka_volterra --rtol 1e-8 --atol 1e-8 --gradient reverse
  pendulum --rods 20
  suite --seconds 1 --out suite.json

Results are one line of JSON (adbench, building) or a table (suite) on standard output.
Exit code: 0 measured, 1 no result (bad input, or derivatives that are wrong), 2 bad command line.";

/// Measures derivatives against the functions themselves.
#[derive(Parser)]
#[command(name = "cotangent-bench", version, after_help = EXAMPLES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// One problem of ADBench's.
    #[command(after_help = EXAMPLES)]
    Adbench(Adbench),
    /// PassiveLogic's building simulation.
    Building {
        /// Steps of the simulation.
        #[arg(long, default_value_t = 20)]
        steps: usize,
        /// Measure for so long; ten rounds at least.
        #[arg(long, default_value_t = 1.0, value_parser = seconds)]
        seconds: f64,
        /// Write the derivatives here, as JSON.
        #[arg(long)]
        out: Option<PathBuf>,
    },
    /// A differential equation of data/ode/problems.json.
    Ode(Ode),
    /// The multi-pendulum: final angles and velocities, and their derivatives by all inputs.
    Pendulum {
        /// JSON with N, m, l, g, theta0, omega0, t1, rtol, and atol if wanted.
        #[arg(required_unless_present = "rods")]
        file: Option<PathBuf>,
        /// Make a chain of so many rods instead, one metre long.
        #[arg(long, conflicts_with = "file")]
        rods: Option<usize>,
        /// Measure for so long; ten rounds at least.
        #[arg(long, default_value_t = 0.5, value_parser = seconds)]
        seconds: f64,
        /// Write the line here, too.
        #[arg(long)]
        out: Option<PathBuf>,
    },
    /// Every case, style and tool, as a table.
    Suite {
        /// Measure each case for so long; ten rounds at least.
        #[arg(long, default_value_t = 1.0, value_parser = seconds)]
        seconds: f64,
        /// The folder of the inputs.
        #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/data"))]
        data: PathBuf,
        /// Write every line here, as JSON.
        #[arg(long)]
        out: Option<PathBuf>,
    },
}

#[derive(clap::Args)]
struct Adbench {
    /// The input, in the format of crates/cotangent-bench/data/README.md.
    #[arg(required_unless_present = "generate")]
    file: Option<PathBuf>,
    /// Make an input instead: gmm:n=,d=,k=,seed= or ba:n=,m=,p=,seed= or lstm:l=,c=,b=,seed=.
    #[arg(long, conflicts_with = "file", value_name = "SPEC")]
    generate: Option<String>,
    /// Allocate buffers inside the function (natural), or pass them in (workspace).
    #[arg(long, value_enum, default_value_t = Style::Natural)]
    style: Style,
    /// Measure for so long; ten rounds at least.
    #[arg(long, default_value_t = 1.0, value_parser = seconds)]
    seconds: f64,
    /// Write the derivatives here, as JSON.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Measure this tool instead of the first one.
    #[arg(long)]
    tool: Option<String>,
}

#[derive(clap::Args)]
struct Ode {
    /// The problem's id.
    problem: String,
    /// The method by name, or auto.
    #[arg(long, default_value = "auto")]
    method: String,
    /// The relative tolerance.
    #[arg(long)]
    rtol: f64,
    /// The absolute tolerance.
    #[arg(long)]
    atol: f64,
    /// Steps of this size, in place of the tolerances.
    #[arg(long)]
    step: Option<f64>,
    /// How to differentiate.
    #[arg(long, value_enum, default_value_t = Mode::None)]
    gradient: Mode,
    /// The most bytes that a gradient keeps of the steps.
    #[arg(long)]
    memory: Option<usize>,
    /// Measure for so long; ten rounds at least.
    #[arg(long, default_value_t = 0.5, value_parser = seconds)]
    seconds: f64,
    /// Write the line here, too.
    #[arg(long)]
    out: Option<PathBuf>,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Mode {
    Forward,
    Reverse,
    Auto,
    None,
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<()> {
    match command {
        Command::Adbench(arguments) => adbench(&arguments),
        Command::Building { steps, seconds, out } => building(steps, seconds, out.as_deref()),
        Command::Ode(arguments) => solve_ode(&arguments),
        Command::Pendulum { file, rods, seconds, out } => {
            let input = match (file, rods) {
                (Some(file), _) => pendulum::read(&file)?,
                (None, rods) => pendulum::chain(rods.unwrap_or(2).max(1)),
            };
            let line = pendulum::run(&input, seconds)?;
            println!("{line}");
            out.map_or(Ok(()), |path| output::write_json(&path, &line))
        }
        Command::Suite { seconds, data, out } => run_suite(&data, seconds, out.as_deref()),
    }
}

fn adbench(arguments: &Adbench) -> Result<()> {
    let input = match (&arguments.file, &arguments.generate) {
        (Some(file), _) => input::read(file)?,
        (None, Some(spec)) => generate::generate(spec)?,
        (None, None) => bail!("adbench: found no input; pass a FILE or --generate SPEC"),
    };
    let mut case = cases::adbench(&input, arguments.style);
    if let Some(tool) = &arguments.tool {
        let known: Vec<_> = case.gradients.iter().map(|g| g.tool()).collect();
        case.gradients.retain(|g| g.tool() == tool);
        if case.gradients.is_empty() {
            bail!("--tool: found {tool:?}; expected one of {}", known.join(", "));
        }
    }
    let reports = case.measure(arguments.seconds, 1)?;
    let report = reports.first().context("the case has no derivative")?;
    finish(report, report.to_json(), arguments.out.as_deref())
}

fn building(steps: usize, seconds: f64, out: Option<&Path>) -> Result<()> {
    let reports = cases::building::case(steps).measure(seconds, 1)?;
    let report = reports.first().context("the case has no derivative")?;
    let mut line = report.to_json();
    line["steps"] = steps.into();
    for (name, value) in &report.derivatives {
        line[name] = value.clone();
    }
    finish(report, line, out)
}

fn solve_ode(arguments: &Ode) -> Result<()> {
    let definition = ode::find(&arguments.problem)?;
    let options = cotangent_ode::Options {
        rtol: arguments.rtol,
        atol: arguments.atol,
        step: arguments.step.map_or(cotangent_ode::Step::Adaptive, cotangent_ode::Step::Fixed),
        memory: arguments.memory,
        max_steps: 100_000_000,
        ..Default::default()
    };
    let request = ode::run::Request {
        method: arguments.method.to_lowercase(),
        options,
        gradient: match arguments.gradient {
            Mode::Forward => Some(cotangent_ode::Gradient::Forward),
            Mode::Reverse => Some(cotangent_ode::Gradient::Reverse),
            Mode::Auto => Some(cotangent_ode::Gradient::Auto),
            Mode::None => None,
        },
        seconds: arguments.seconds,
    };
    let line = ode::run::measure(&definition, &request)?;
    println!("{line}");
    arguments.out.as_deref().map_or(Ok(()), |path| output::write_json(path, &line))
}

/// Prints the line, writes the derivatives, and fails if they are wrong.
fn finish(report: &Report, line: Value, out: Option<&Path>) -> Result<()> {
    println!("{line}");
    if let Some(path) = out {
        output::write_json(path, &report.derivatives)?;
    }
    report.check()
}

fn run_suite(data: &Path, seconds: f64, out: Option<&Path>) -> Result<()> {
    let rows = suite::run(data, seconds)?;
    print!("{}", suite::table(&rows));
    println!("\nThe promises, in natural style unless said otherwise:\n");
    print!("{}", targets::table(&rows, "cotangent"));
    if let Some(path) = out {
        let lines = rows.iter().map(|row| {
            let mut line = row.report.to_json();
            line["case"] = row.label.clone().into();
            line
        });
        output::write_json(path, &lines.collect::<Vec<_>>())?;
    }
    rows.iter().try_for_each(|row| row.report.check())
}

/// A time to measure for.
fn seconds(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() && value >= 0.0 => Ok(value),
        _ => Err(format!("found {text:?}; expected a number of seconds, 0 or more")),
    }
}
