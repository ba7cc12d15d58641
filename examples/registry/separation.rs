//! Separation: the likelihood grows for ever as a coefficient goes to infinity, so there is no estimate.

use super::collinearity::Standardised;
use super::design::Design;
use super::newton::Optimum;
use super::problem::{Place, Problem};
use nalgebra::DVector;

/// At a maximum the last Newton step moves no row's linear predictor by more than rounding; where the likelihood levels
/// off towards infinity it moves some by about one. A move of 0.1 that gains less than 1e-13 of the
/// log-likelihood would mean a standard error above 10,000.
const LONGEST_LAST_MOVE: f64 = 0.1;

/// An error if the iteration ended on the way to infinity; the first coefficient is parameter `offset` of the optimum.
pub fn check(design: &Design, standard: &Standardised, optimum: &Optimum, offset: usize) -> Result<(), Problem> {
    let step = optimum.last_step.rows(offset, design.width()).into_owned();
    if optimum.converged && longest_move(standard, &step) < LONGEST_LAST_MOVE {
        return Ok(());
    }
    if !optimum.converged {
        let message = format!(
            "no maximum found in {} iterations, largest gradient {:.1e}; use fewer covariates or check for outliers",
            optimum.iterations,
            optimum.gradient.amax()
        );
        return Err(Problem::at(Place::file(&design.file), message));
    }
    Err(describe(design, &step))
}

fn longest_move(standard: &Standardised, step: &DVector<f64>) -> f64 {
    let rows = standard.x.chunks(step.len());
    rows.map(|row| row.iter().zip(step.iter()).map(|(x, s)| x * s).sum::<f64>().abs()).fold(0.0, f64::max)
}

/// Names the columns that run away, and the group without events where that is the reason.
fn describe(design: &Design, step: &DVector<f64>) -> Problem {
    // The other coefficients have nearly settled: their steps are smaller by orders of magnitude.
    let leading: Vec<usize> = (0..step.len()).filter(|&k| step[k].abs() > 1e-3 * step.amax()).collect();
    if let Some((k, value, row)) = leading.iter().find_map(|&k| group_without_events(design, k)) {
        let column = &design.columns[k];
        let group = if column.indicator && value == 1.0 {
            column.label.clone()
        } else {
            format!("{}={value}", column.label)
        };
        let message = format!(
            "separation: no event among the rows with {group} (this row is the first), so the coefficient of {} is \
             infinite; leave the covariate out or merge levels",
            column.label
        );
        return Problem::at(design.place(row, &column.source), message);
    }
    let first = (0..design.len()).filter(|&i| design.event[i]).min_by(|&a, &b| design.time[a].total_cmp(&design.time[b]));
    let labels: Vec<String> =
        leading.iter().map(|&k| format!("{} ({})", design.columns[k].label, if step[k] > 0.0 { '+' } else { '-' })).collect();
    let message = format!(
        "separation: {} tells without exception who has the event next (this row is the first event), so the \
         coefficient is infinite; leave the covariate out",
        labels.join(" with ")
    );
    Problem::at(design.place(first.unwrap_or(0), &design.columns[leading[0]].source), message)
}

/// The first value of column `k` without events and the first row that has it, if the column has few values.
fn group_without_events(design: &Design, k: usize) -> Option<(usize, f64, usize)> {
    const FEW: usize = 20;
    let values: Vec<f64> = design.values(k).collect();
    let mut groups: Vec<(f64, usize, bool)> = Vec::new();
    for (i, &value) in values.iter().enumerate() {
        match groups.iter().position(|(group, ..)| *group == value) {
            Some(found) => groups[found].2 |= design.event[i],
            None if groups.len() == FEW => return None,
            None => groups.push((value, i, design.event[i])),
        }
    }
    groups.into_iter().find(|(.., any)| !any).map(|(value, row, _)| (k, value, row))
}
