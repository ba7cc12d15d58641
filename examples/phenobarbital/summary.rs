//! The numbers a pharmacometrician reads off a fit.

use super::fit::Fit;
use super::quadrature;
use crate::common::output::write_atomically;
use crate::common::problem::Problem;
use crate::phenobarbital::data::Subject;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::Path;

/// The 97.5 % quantile of the standard normal law.
const NORMAL_975: f64 = 1.959_963_984_540_054;

/// Nodes in each direction for the check of the approximation; with these its log is right to 1e-4.
const NODES: usize = 71;

/// Names of the parameters in tables.
pub const TERMS: [&str; 5] = ["lCl", "lV", "log(sd lCl)", "log(sd lV)", "log(sigma)"];

/// Values of R's `nlme` for the built-in data: term, value. Made by `reference/reference.R`.
const REFERENCE: &str = include_str!("reference/reference.csv");

/// Estimate and standard error with the 95 % interval.
fn interval(fit: &Fit, k: usize) -> (f64, f64, f64, f64) {
    let (x, se) = (fit.theta[k], fit.covariance[(k, k)].sqrt());
    (x, se, x - NORMAL_975 * se, x + NORMAL_975 * se)
}

/// Prints the fit, and beside it what `nlme` finds where `built_in` says that the data are those it was run on.
pub fn print(out: &mut dyn Write, subjects: &[Subject], fit: &Fit, built_in: bool) -> io::Result<()> {
    writeln!(
        out,
        "\nOne compartment, log-normal clearance and volume, by Laplace's approximation"
    )?;
    writeln!(
        out,
        "  {:12}{:>10}{:>10}{:>12}{:>12}",
        "", "estimate", "se", "lower 95 %", "upper 95 %"
    )?;
    for (k, term) in TERMS.iter().enumerate() {
        let (x, se, lower, upper) = interval(fit, k);
        writeln!(out, "  {term:12}{x:>10.4}{se:>10.4}{lower:>12.4}{upper:>12.4}")?;
    }
    writeln!(out, "\n  {:34}{:>10}{:>12}{:>12}", "", "estimate", "lower 95 %", "upper 95 %")?;
    for (k, what) in [
        "clearance, l/h",
        "volume, l",
        "sd of the effects on log clearance",
        "sd of the effects on log volume",
        "sd of the error, mg/l",
    ]
    .iter()
    .enumerate()
    {
        let (x, _, lower, upper) = interval(fit, k);
        writeln!(out, "  {what:34}{:>10.5}{:>12.5}{:>12.5}", x.exp(), lower.exp(), upper.exp())?;
    }
    let exact = quadrature::log_likelihood(&fit.theta, subjects, NODES);
    writeln!(
        out,
        "\n  log-likelihood {:.4}   AIC {:.4}   parameters {}   iterations {}   final gradient norm {:.1e}",
        fit.log_likelihood,
        2.0 * TERMS.len() as f64 - 2.0 * fit.log_likelihood,
        TERMS.len(),
        fit.iterations,
        fit.gradient_norm
    )?;
    writeln!(
        out,
        "  the likelihood itself at these estimates, by {NODES} x {NODES} quadrature: {exact:.4}; the approximation is off by {:+.4}",
        fit.log_likelihood - exact
    )?;
    if built_in { compare(out, subjects, fit) } else { Ok(()) }
}

/// A value of the reference.
fn reference(method: &str, term: &str) -> f64 {
    let start = format!("{method},{term},");
    let value = REFERENCE.lines().find_map(|line| line.strip_prefix(&start));
    value.and_then(|value| value.trim().parse().ok()).unwrap_or(f64::NAN)
}

fn compare(out: &mut dyn Write, subjects: &[Subject], fit: &Fit) -> io::Result<()> {
    let terms = ["lCl", "lV", "sd_lCl", "sd_lV", "sigma", "log_likelihood"];
    let nlme = terms.map(|term| reference("nlme", term));
    let ours = [
        fit.theta[0],
        fit.theta[1],
        fit.theta[2].exp(),
        fit.theta[3].exp(),
        fit.theta[4].exp(),
        fit.log_likelihood,
    ];
    writeln!(out, "\nBeside R's nlme, which linearises the model around the effects")?;
    writeln!(out, "  {:16}{:>12}{:>12}{:>12}", "", "Laplace", "nlme", "difference")?;
    for k in 0..terms.len() {
        writeln!(
            out,
            "  {:16}{:>12.4}{:>12.4}{:>+12.4}",
            terms[k],
            ours[k],
            nlme[k],
            ours[k] - nlme[k]
        )?;
    }
    let theirs = [nlme[0], nlme[1], nlme[2].ln(), nlme[3].ln(), nlme[4].ln()];
    writeln!(
        out,
        "  the likelihood itself at nlme's estimates is {:.4}, lower than at Laplace's: see README.md for the reason",
        quadrature::log_likelihood(&theirs, subjects, NODES)
    )
}

/// Writes `term,estimate,se,lower,upper`, the scales as in [`TERMS`].
pub fn write_csv(path: &Path, fit: &Fit) -> Result<(), Problem> {
    let mut text = String::from("term,estimate,se,lower,upper\n");
    for (k, term) in TERMS.iter().enumerate() {
        let (x, se, lower, upper) = interval(fit, k);
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{term},{x},{se},{lower},{upper}");
    }
    write_atomically(path, text.as_bytes())
}
