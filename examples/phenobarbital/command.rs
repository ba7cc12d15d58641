//! The command line: reads the data, fits the model, prints and writes the results.

use super::{data, fit, plot, summary};
use crate::common::problem::{Place, Problem};
use crate::common::table::Table;
use clap::Parser;
use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;

const BUILT_IN: &str = include_str!("data/phenobarb.csv");

const EXAMPLES: &str = "\
Examples (after `cargo run --release --example phenobarbital --`):
  (no arguments)                     the built-in data of 59 neonates
  FILE.csv --out out/table.csv       data of your own

The file has a header line and the columns Subject, time, dose and conc, sorted by time in each subject; a row is a dose, a
sample, or both; an empty cell is none. Other columns are not used.

Files: the table as given by --out; beside it FILE-subjects.svg, a panel for each subject, and FILE-fit.svg, observed
against fitted.

Exit code: 0 fitted, 1 the data allow no fit or a file failed, 2 the command line is wrong.";

/// A population model of phenobarbital in neonates, by Laplace's approximation; exact derivatives by cotangent.
#[derive(Debug, Parser)]
#[command(name = "phenobarbital", after_help = EXAMPLES)]
struct Options {
    /// CSV file with a header line [default: the built-in data]
    file: Option<PathBuf>,
    /// Where the table goes; the pictures go beside it
    #[arg(long, value_name = "FILE.csv", default_value = "target/phenobarbital/phenobarbital.csv")]
    out: PathBuf,
    /// Character between the cells of the CSV file
    #[arg(long, value_name = "CHARACTER", default_value = ",")]
    delimiter: char,
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
    match fit_and_write(&options, out) {
        Ok(()) => 0,
        Err(problem) => {
            // If standard error is closed there is nobody left to tell; the exit code still says it.
            let _ = writeln!(err, "error: {problem}");
            problem.exit_code()
        }
    }
}

fn fit_and_write(options: &Options, out: &mut dyn Write) -> Result<(), Problem> {
    let delimiter = u8::try_from(options.delimiter).map_err(|_| {
        Problem::Usage(format!(
            "--delimiter: expected one ASCII character, found \"{}\"",
            options.delimiter
        ))
    })?;
    let table = match &options.file {
        Some(path) => Table::open(path, delimiter)?,
        None => Table::read("phenobarb.csv", BUILT_IN.as_bytes(), b',')?,
    };
    let subjects = data::subjects(&table)?;
    let fit = fit::fit(&subjects);
    if !fit.converged || !fit.covariance.iter().all(|x| x.is_finite()) {
        let message = format!(
            "the fit does not end (log-likelihood {}, largest entry of the gradient {:.1e} after {} iterations): the data do \
             not tell the parameters; a standard deviation may be zero, or no subject's samples may span a half-life",
            fit.log_likelihood, fit.gradient_norm, fit.iterations
        );
        return Err(Problem::at(Place::file(table.file()), message));
    }
    let stem = options.out.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let beside = |what: &str| options.out.with_file_name(format!("{stem}-{what}.svg"));
    let (panels, square) = (beside("subjects"), beside("fit"));
    summary::write_csv(&options.out, &fit)?;
    plot::write_panels(&panels, &subjects, &fit)?;
    plot::write_square(&square, &subjects, &fit)?;
    let doses = subjects
        .iter()
        .map(|subject| subject.events.len() - subject.samples().count())
        .sum::<usize>();
    let samples: usize = subjects.iter().map(|subject| subject.samples().count()).sum();
    writeln!(
        out,
        "{}: {} subjects, {doses} doses, {samples} samples",
        table.file(),
        subjects.len()
    )
    .and_then(|()| summary::print(out, &subjects, &fit, options.file.is_none()))
    .and_then(|()| {
        writeln!(
            out,
            "  written {}, {} and {}",
            options.out.display(),
            panels.display(),
            square.display()
        )
    })
    .map_err(|e| Problem::Usage(format!("cannot print: {e}")))
}
