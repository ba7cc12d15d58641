//! The command line: reads the options, fits the models, prints and writes the results.

use super::design::Design;
use super::fit::{Fit, Model};
use super::formula::{parse_event, parse_terms};
use super::{cox, plot, summary, weibull};
use crate::common::problem::Problem;
use crate::common::table::Table;
use clap::{Parser, ValueEnum};
use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};

const PBC: &str = include_str!("data/pbc.csv");
const PBC_NAME: &str = "pbc.csv";
const PBC_TIME: &str = "time";
const PBC_EVENT: &str = "status=2";
const PBC_COVARIATES: &str = "age,edema,log(bili),albumin,log(protime)";
const DEFAULT_OUT: &str = "target/registry/registry.csv";

const EXAMPLES: &str = "\
Examples (after `cargo run --release --example registry --`):
  (no arguments)                     both models on the built-in registry of primary biliary cholangitis
  --covariates 'age,sex,factor(stage, ref=4)' --model cox
                                     other covariates of the built-in registry
  FILE.csv --time days --event dead=1 --covariates 'age,log2(crp),factor(centre)' --out table.csv
                                     a registry of your own

Covariates, separated by commas:
  age                                a number; a column that holds only text is a factor
  log(bili)                          log, log2, log10, log1p, sqrt, exp, square
  factor(stage), factor(stage, ref=4)
                                     groups; the reference is the smallest level, or the one named
Missing values: an empty cell, NA, NaN or a dot; rows that lack a value the model needs are dropped and counted.

Files: the table as FILE.csv and the baseline survival curve as FILE.svg, FILE given by --out. With both models the
name of the model is added to FILE.

Exit code: 0 all models fitted, 1 the data allow no fit or a file failed, 2 the command line is wrong.";

/// Fits survival models to a clinical registry; exact derivatives by cotangent.
#[derive(Debug, Parser)]
#[command(name = "registry", after_help = EXAMPLES)]
struct Options {
    /// CSV file with a header line [default: the built-in registry]
    #[arg(requires_all = ["time", "event", "covariates"])]
    file: Option<PathBuf>,
    /// Which model to fit
    #[arg(long, value_enum, default_value_t = Choice::Both)]
    model: Choice,
    /// Column with the time from entry to event or censoring [built-in registry: time]
    #[arg(long, value_name = "COLUMN")]
    time: Option<String>,
    /// Column that tells events from censoring, and the value that means an event [built-in registry: status=2]
    #[arg(long, value_name = "COLUMN[=VALUE]")]
    event: Option<String>,
    /// Terms of the model [built-in registry: age,edema,log(bili),albumin,log(protime)]
    #[arg(long, value_name = "TERMS")]
    covariates: Option<String>,
    /// Where the table goes; the curve goes beside it
    #[arg(long, value_name = "FILE.csv", default_value = DEFAULT_OUT)]
    out: PathBuf,
    /// Character between the cells of the CSV file
    #[arg(long, value_name = "CHARACTER", default_value = ",")]
    delimiter: char,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Choice {
    Cox,
    Weibull,
    Both,
}

impl Choice {
    fn models(self) -> &'static [Model] {
        match self {
            Choice::Cox => &[Model::Cox],
            Choice::Weibull => &[Model::Weibull],
            Choice::Both => &[Model::Cox, Model::Weibull],
        }
    }
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
    let design = match read(&options) {
        Ok(design) => design,
        Err(problem) => return report(err, None, &problem),
    };
    if print_data(out, &design).is_err() {
        return 1;
    }
    let mut code = 0;
    for &model in options.model.models() {
        if let Err(problem) = fit_and_write(out, &design, model, &options) {
            code = code.max(report(err, Some(model), &problem));
        }
    }
    code
}

fn report(err: &mut dyn Write, model: Option<Model>, problem: &Problem) -> u8 {
    let model = model.map_or(String::new(), |model| format!(" ({})", model.name()));
    // If standard error is closed there is nobody left to tell; the exit code still says it.
    let _ = writeln!(err, "error{model}: {problem}");
    problem.exit_code()
}

fn read(options: &Options) -> Result<Design, Problem> {
    let event = parse_event(options.event.as_deref().unwrap_or(PBC_EVENT))?;
    let terms = parse_terms(options.covariates.as_deref().unwrap_or(PBC_COVARIATES))?;
    let delimiter = u8::try_from(options.delimiter).map_err(|_| {
        Problem::Usage(format!(
            "--delimiter: expected one ASCII character, found \"{}\"",
            options.delimiter
        ))
    })?;
    let table = match &options.file {
        Some(path) => Table::open(path, delimiter)?,
        None => Table::read(PBC_NAME, PBC.as_bytes(), b',')?,
    };
    Design::build(&table, options.time.as_deref().unwrap_or(PBC_TIME), &event, &terms)
}

/// Fits one model to the design.
pub fn fit(design: &Design, model: Model) -> Result<Fit, Problem> {
    match model {
        Model::Cox => cox::fit(design),
        Model::Weibull => weibull::fit(design),
    }
}

fn fit_and_write(out: &mut dyn Write, design: &Design, model: Model, options: &Options) -> Result<(), Problem> {
    let fit = fit(design, model)?;
    let table = out_path(&options.out, model, options.model);
    let curve = table.with_extension("svg");
    if curve == table {
        return Err(Problem::Usage(
            "--out: expected the name of a CSV file; the SVG goes beside it".into(),
        ));
    }
    summary::write_csv(&table, &fit)?;
    plot::write_svg(&curve, design, &fit)?;
    summary::print(out, design, &fit)
        .and_then(|()| writeln!(out, "  written {} and {}", table.display(), curve.display()))
        .map_err(|e| Problem::Usage(format!("cannot print: {e}")))
}

fn out_path(out: &Path, model: Model, choice: Choice) -> PathBuf {
    if choice != Choice::Both && out != Path::new(DEFAULT_OUT) {
        return out.to_path_buf();
    }
    let stem = out.file_stem().unwrap_or_default().to_string_lossy();
    let extension = out.extension().unwrap_or("csv".as_ref()).to_string_lossy();
    out.with_file_name(format!("{stem}-{}.{extension}", model.name()))
}

fn print_data(out: &mut dyn Write, design: &Design) -> std::io::Result<()> {
    let dropped = design.rows_read - design.len();
    writeln!(
        out,
        "{}: {} rows read, {dropped} dropped for missing values",
        design.file, design.rows_read
    )?;
    for (column, count) in &design.missing {
        writeln!(out, "  {column} missing in {count}")?;
    }
    for factor in &design.factors {
        writeln!(out, "  factor {}, reference level {}", factor.column, factor.levels[0].0)?;
        for (level, rows, events) in &factor.levels {
            writeln!(out, "    level {level}: {rows} rows, {events} events")?;
        }
    }
    let (first, last) = design.time.iter().fold((f64::INFINITY, 0.0f64), |(a, b), &t| (a.min(t), b.max(t)));
    writeln!(
        out,
        "{} rows used, {} events ({}), {} from {first} to {last}",
        design.len(),
        design.events(),
        design.event_label,
        design.time_column
    )
}
