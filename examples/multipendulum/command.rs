//! The command line: records, fits, measures; prints and writes the results.

use super::fit::{Fit, Search, fit};
use super::recording::{Recording, record, truth};
use super::simulate::simulate;
use super::{cost, drift, page, plot};
use crate::common::output::write_atomically;
use crate::common::problem::{Place, Problem};
use crate::common::table::Table;
use clap::{Args, Parser, Subcommand};
use cotangent_ode::Options as Integration;
use indicatif::{ProgressBar, ProgressStyle};
use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};

const BUILT_IN: &str = include_str!("data/trajectory.csv");

const EXAMPLES: &str = "\
Examples (after `cargo run --release --example multipendulum --`):
  (no arguments)                     fit the recording in the repository
  fit FILE.csv --first-mass 0.2 --out out/pendulum.csv
                                     fit a recording of your own
  record out/trajectory.csv --seed 1 simulate a recording of two rods, as the one in the repository was made

A recording has a header line and the columns t (s), theta1, theta2, .. (rad from the vertical, from the pivot outwards).
Only ratios of masses can be seen in angles, so the first mass is given.

Files of a fit: the table as given by --out; beside it FILE-fit.svg, FILE-energy.svg, FILE-cost.svg and the page FILE.html, which
swings the pendulum and its fit.

Exit code: 0 fitted, 1 the data allow no fit, do not tell an unknown, or a file failed, 2 the command line is wrong.";

/// Recovers a chain of pendulums from a noisy recording of its angles; exact derivatives by cotangent.
#[derive(Debug, Parser)]
#[command(name = "multipendulum", after_help = EXAMPLES)]
struct Options {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Fit a recording
    Fit(FitOptions),
    /// Simulate a recording, with noise
    Record(RecordOptions),
}

#[derive(Debug, Args)]
struct FitOptions {
    /// CSV file with a header line [default: the recording in the repository]
    file: Option<PathBuf>,
    /// Where the table goes; pictures and page go beside it
    #[arg(long, value_name = "FILE.csv", default_value = DEFAULT_OUT)]
    out: PathBuf,
    /// The first mass, kg
    #[arg(long, value_name = "KG", default_value_t = 1.0)]
    first_mass: f64,
    /// Length of each rod that the search starts from, m
    #[arg(long, value_name = "M", default_value_t = 0.35)]
    length: f64,
    /// Bounds of the lengths, m
    #[arg(long, value_name = "LOW,HIGH", value_parser = bounds, default_value = "0.01,100")]
    lengths: (f64, f64),
    /// Bounds of the ratios of masses to the first
    #[arg(long, value_name = "LOW,HIGH", value_parser = bounds, default_value = "0.01,100")]
    ratios: (f64, f64),
    /// Bounds of the damping, kg m^2/s
    #[arg(long, value_name = "LOW,HIGH", value_parser = bounds, default_value = "0,100")]
    damping: (f64, f64),
    /// Do not measure the cost of gradients
    #[arg(long)]
    no_cost: bool,
}

const DEFAULT_OUT: &str = "target/multipendulum/multipendulum.csv";

impl Default for FitOptions {
    fn default() -> Self {
        let search = Search::default();
        FitOptions {
            file: None,
            out: DEFAULT_OUT.into(),
            first_mass: search.first_mass,
            length: search.length,
            lengths: search.lengths,
            ratios: search.ratios,
            damping: search.damping,
            no_cost: false,
        }
    }
}

#[derive(Debug, Args)]
struct RecordOptions {
    /// Where the recording goes
    out: PathBuf,
    /// Seed of the noise
    #[arg(long, default_value_t = SEED)]
    seed: u64,
    /// Seconds
    #[arg(long, default_value_t = 6.0)]
    seconds: f64,
    /// Frames a second
    #[arg(long, default_value_t = 50.0)]
    rate: f64,
    /// Standard deviation of the noise, rad
    #[arg(long, default_value_t = 0.01)]
    noise: f64,
}

/// The recording in the repository has this one.
const SEED: u64 = 20_240_229;

fn bounds(text: &str) -> Result<(f64, f64), String> {
    let ends = text
        .split_once(',')
        .and_then(|(low, high)| Some((low.parse().ok()?, high.parse().ok()?)));
    ends.filter(|(low, high): &(f64, f64)| low <= high)
        .ok_or_else(|| "expected LOW,HIGH, for example 0.1,2".into())
}

/// Runs the program on `arguments` (the first is the program's name) and returns its exit code.
pub fn run<A>(arguments: impl IntoIterator<Item = A>, out: &mut dyn Write, err: &mut dyn Write) -> u8
where
    A: Into<OsString> + Clone,
{
    let options = match Options::try_parse_from(arguments) {
        Ok(options) => options,
        // clap shows help as an "error" with exit code 0.
        Err(e) => {
            let code = e.exit_code();
            let written = if code == 0 { write!(out, "{e}") } else { write!(err, "{e}") };
            return if written.is_ok() { code as u8 } else { 1 };
        }
    };
    let result = match options.command {
        Some(Command::Record(options)) => write_recording(&options, out),
        Some(Command::Fit(options)) => fit_and_write(&options, out),
        None => fit_and_write(&FitOptions::default(), out),
    };
    match result {
        Ok(()) => 0,
        Err(problem) => {
            // If standard error is closed there is nobody left to tell; the exit code still says it.
            let _ = writeln!(err, "error: {problem}");
            problem.exit_code()
        }
    }
}

fn write_recording(options: &RecordOptions, out: &mut dyn Write) -> Result<(), Problem> {
    for (name, value) in [("--seconds", options.seconds), ("--rate", options.rate)] {
        if !(value > 0.0 && value.is_finite()) {
            return Err(Problem::Usage(format!("{name}: expected a positive number, found {value}")));
        }
    }
    let (pendulum, start) = truth();
    let recording = record(&pendulum, &start, options.seconds, options.rate, options.noise, options.seed)?;
    write_atomically(&options.out, recording.to_csv().as_bytes())?;
    print(
        out,
        format_args!("written {}: {} rows", options.out.display(), recording.times.len()),
    )
}

fn print(out: &mut dyn Write, line: std::fmt::Arguments<'_>) -> Result<(), Problem> {
    writeln!(out, "{line}").map_err(|e| Problem::Usage(format!("cannot print: {e}")))
}

fn fit_and_write(options: &FitOptions, out: &mut dyn Write) -> Result<(), Problem> {
    let table = match &options.file {
        Some(path) => Table::open(path, b',')?,
        None => Table::read("trajectory.csv", BUILT_IN.as_bytes(), b',')?,
    };
    let recording = Recording::read(&table)?;
    let search = Search {
        first_mass: options.first_mass,
        length: options.length,
        lengths: options.lengths,
        ratios: options.ratios,
        damping: options.damping,
    };
    let (rods, rows) = (recording.rods(), recording.times.len());
    print(out, format_args!("{}: {rods} rods, {rows} rows", recording.file))?;
    let bar = bar(5, "fitting");
    let fit = fit(&recording, &search, |share, iteration, left| {
        bar.set_position([0.1, 0.2, 0.4, 0.7, 1.0].iter().filter(|&&stage| stage < share).count() as u64);
        bar.set_message(format!(
            "{:.0} % of the rows, iteration {iteration}, left {left:.4} rad",
            100.0 * share
        ));
    });
    bar.finish_and_clear();
    let fit = fit?;
    print_fit(out, &fit, options.file.is_none())?;
    write_files(options, &recording, &fit, out)?;
    if fit.unseen.is_empty() {
        return Ok(());
    }
    let message = format!(
        "the recording does not tell {}: the information matrix is singular in them; give bounds (LOW,HIGH with both ends equal \
         fixes a kind of unknown), or record a larger swing",
        fit.unseen.join(", ")
    );
    Err(Problem::at(Place::file(&recording.file), message))
}

fn bar(length: u64, what: &'static str) -> ProgressBar {
    let style = ProgressStyle::with_template("{prefix} [{bar:24}] {msg}").unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(length).with_style(style).with_prefix(what)
}

fn print_fit(out: &mut dyn Write, fit: &Fit, built_in: bool) -> Result<(), Problem> {
    let head = if built_in { "   made from" } else { "" };
    print(
        out,
        format_args!(
            "\n  {:8}{:>11}{:>11}{:>12}{:>12}{head}",
            "", "estimate", "se", "lower 95 %", "upper 95 %"
        ),
    )?;
    let (pendulum, start) = truth();
    let truth: Vec<f64> = (pendulum.l.iter().copied())
        .chain(pendulum.m[1..].iter().map(|m| m / pendulum.m[0]))
        .chain([pendulum.c])
        .chain(start.theta)
        .chain(start.omega)
        .collect();
    for (k, estimate) in fit.estimates.iter().enumerate() {
        let (lower, upper) = estimate.interval();
        let made = if built_in { format!("{:>12.5}", truth[k]) } else { String::new() };
        let note = if estimate.at_bound { "   at its bound" } else { "" };
        print(
            out,
            format_args!(
                "  {:8}{:>11.5}{:>11.5}{lower:>12.5}{upper:>12.5}{made}{note}",
                estimate.name, estimate.value, estimate.se
            ),
        )?;
    }
    print(
        out,
        format_args!(
            "\n  standard deviation of what is left {:.5} rad, {} iterations",
            fit.noise, fit.iterations
        ),
    )
}

fn write_files(options: &FitOptions, recording: &Recording, fit: &Fit, out: &mut dyn Write) -> Result<(), Problem> {
    let stem = options.out.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let beside = |end: &str| options.out.with_file_name(format!("{stem}{end}"));
    let fitted = fitted_angles(recording, fit)?;
    write_atomically(&options.out, table_of(fit).as_bytes())?;
    plot::fit(&beside("-fit.svg"), recording, &fitted)?;
    plot::drift(&beside("-energy.svg"), &drift::drift(&fit.pendulum, &fit.start, 20.0)?)?;
    write_atomically(&beside(".html"), page::page(recording, fit, &fitted).as_bytes())?;
    let mut written = vec![options.out.clone(), beside("-fit.svg"), beside("-energy.svg"), beside(".html")];
    if !options.no_cost {
        let bar = bar(cost::RODS.len() as u64, "measuring");
        let costs = cost::measure(&cost::RODS, |n| {
            bar.set_message(format!("{n} rods"));
            bar.inc(1);
        });
        bar.finish_and_clear();
        let costs = costs?;
        print_costs(out, &costs)?;
        plot::cost(&beside("-cost.svg"), &costs)?;
        written.push(beside("-cost.svg"));
    }
    for path in &written {
        print(out, format_args!("  written {}", Path::display(path)))?;
    }
    Ok(())
}

fn fitted_angles(recording: &Recording, fit: &Fit) -> Result<Vec<Vec<f64>>, Problem> {
    let times: Vec<f64> = recording.times.iter().map(|t| t - recording.times[0]).collect();
    let options = Integration {
        rtol: 1e-9,
        atol: 1e-10,
        ..Integration::default()
    };
    let end = times[times.len() - 1];
    let solution = simulate(&fit.pendulum, &fit.start, end, &times, &options)
        .map_err(|failure| Problem::Usage(format!("the fitted pendulum cannot be simulated: {failure}")))?;
    Ok((0..times.len()).map(|k| solution.saved(k)[..recording.rods()].to_vec()).collect())
}

fn table_of(fit: &Fit) -> String {
    let mut text = String::from("term,estimate,se,lower,upper\n");
    for estimate in &fit.estimates {
        let (lower, upper) = estimate.interval();
        text.push_str(&format!("{},{},{},{lower},{upper}\n", estimate.name, estimate.value, estimate.se));
    }
    text
}

fn print_costs(out: &mut dyn Write, costs: &[cost::Cost]) -> Result<(), Problem> {
    print(
        out,
        format_args!("\n  {:>6}{:>16}{:>16}{:>9}", "rods", "simulation, ms", "gradient, ms", "ratio"),
    )?;
    for cost in costs {
        print(
            out,
            format_args!(
                "  {:>6}{:>16.3}{:>16.3}{:>9.2}",
                cost.rods,
                1e3 * cost.simulation,
                1e3 * cost.gradient,
                cost.gradient / cost.simulation
            ),
        )?;
    }
    Ok(())
}
