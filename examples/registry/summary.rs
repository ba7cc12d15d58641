//! The numbers a statistician reads off a fit.

use super::design::Design;
use super::fit::{Fit, Model};
use crate::common::output::write_atomically;
use crate::common::problem::{Place, Problem};
use std::io::{self, Write};
use std::path::Path;

/// The 97.5 % quantile of the standard normal law.
const NORMAL_975: f64 = 1.959_963_984_540_054;

/// One coefficient with its Wald test and 95 % interval.
#[derive(Debug, Clone)]
pub struct Line {
    /// Name of the parameter.
    pub term: String,
    /// Maximum likelihood estimate.
    pub estimate: f64,
    /// Standard error from the observed information.
    pub se: f64,
    /// `estimate / se`.
    pub z: f64,
    /// Two-sided p value.
    pub p: f64,
    /// Lower end of the 95 % interval.
    pub lower: f64,
    /// Upper end of the 95 % interval.
    pub upper: f64,
}

/// A line for every parameter.
pub fn lines(fit: &Fit) -> Vec<Line> {
    let line = |k: usize| {
        let estimate = fit.estimate[k];
        let se = fit.covariance[(k, k)].sqrt();
        let z = estimate / se;
        Line {
            term: fit.terms[k].clone(),
            estimate,
            se,
            z,
            p: libm::erfc(z.abs() / std::f64::consts::SQRT_2),
            lower: estimate - NORMAL_975 * se,
            upper: estimate + NORMAL_975 * se,
        }
    };
    (0..fit.terms.len()).map(line).collect()
}

/// Akaike's criterion, `2 parameters - 2 log-likelihood`.
pub fn aic(fit: &Fit) -> f64 {
    2.0 * fit.terms.len() as f64 - 2.0 * fit.log_likelihood
}

/// Prints the table and the measures of fit.
pub fn print(out: &mut dyn Write, design: &Design, fit: &Fit) -> io::Result<()> {
    let lines = lines(fit);
    let width = lines.iter().map(|line| line.term.chars().count()).max().unwrap_or(0);
    let ratio = match fit.model {
        Model::Cox => "hazard ratio",
        Model::Weibull => "time ratio",
    };
    writeln!(out, "\n{}", fit.model.title())?;
    writeln!(
        out,
        "  {:width$}  {:>10}  {:>12}  {:>9}  {:>7}  {:>8}  {:>10}  {:>10}",
        "", "estimate", ratio, "se", "z", "p", "lower 95 %", "upper 95 %"
    )?;
    for line in &lines {
        let covariate = !matches!(line.term.as_str(), "(Intercept)" | "log(scale)");
        let ratio = if covariate {
            significant(line.estimate.exp())
        } else {
            String::new()
        };
        writeln!(
            out,
            "  {:width$}  {:>10}  {:>12}  {:>9}  {:>7.2}  {:>8}  {:>10}  {:>10}",
            line.term,
            significant(line.estimate),
            ratio,
            significant(line.se),
            line.z,
            p_value(line.p),
            significant(line.lower),
            significant(line.upper)
        )?;
    }
    print_measures(out, design, fit)
}

fn print_measures(out: &mut dyn Write, design: &Design, fit: &Fit) -> io::Result<()> {
    if fit.model == Model::Weibull {
        let scale = fit.estimate[fit.estimate.len() - 1].exp();
        writeln!(out, "  scale {}, Weibull shape {}", significant(scale), significant(1.0 / scale))?;
    }
    writeln!(
        out,
        "  log-likelihood {:.4}   AIC {:.4}   parameters {}   events {} of {}",
        fit.log_likelihood,
        aic(fit),
        fit.terms.len(),
        design.events(),
        design.len()
    )?;
    writeln!(
        out,
        "  concordance {:.4}   iterations {}   final gradient norm {:.1e}",
        fit.concordance, fit.iterations, fit.gradient_norm
    )
}

/// Five significant digits; a power of ten where that would be long.
fn significant(x: f64) -> String {
    match x.abs() {
        0.0 => "0".into(),
        size if (1e-4..1e5).contains(&size) => {
            let digits = (4.0 - size.log10().floor()).clamp(0.0, 8.0) as usize;
            format!("{x:.digits$}")
        }
        _ => format!("{x:.4e}"),
    }
}

fn p_value(p: f64) -> String {
    match p {
        p if p < 1e-16 => "<1e-16".into(),
        p if p < 1e-4 => format!("{p:.0e}"),
        _ => format!("{p:.4}"),
    }
}

/// Writes `term,estimate,se,z,p,lower,upper`, every digit kept.
pub fn write_csv(path: &Path, fit: &Fit) -> Result<(), Problem> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut put = |cells: &[String]| writer.write_record(cells);
    let header = ["term", "estimate", "se", "z", "p", "lower", "upper"].map(String::from);
    let fail = |e: &dyn std::fmt::Display| Problem::at(Place::file(&path.display().to_string()), format!("cannot write the table: {e}"));
    put(&header).map_err(|e| fail(&e))?;
    for line in lines(fit) {
        let numbers = [line.estimate, line.se, line.z, line.p, line.lower, line.upper];
        let cells: Vec<String> = std::iter::once(line.term).chain(numbers.map(|x| format!("{x:?}"))).collect();
        put(&cells).map_err(|e| fail(&e))?;
    }
    let text = writer.into_inner().map_err(|e| fail(&e))?;
    write_atomically(path, &text)
}
