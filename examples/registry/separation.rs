//! Separation: the likelihood grows for ever as a coefficient goes to infinity, so there is no estimate.

use super::collinearity::Standardised;
use super::design::Design;
use super::newton::Optimum;
use super::problem::{Place, Problem};
use nalgebra::{DMatrix, DVector, SymmetricEigen};

/// At a maximum the last Newton step moves no row's linear predictor by more than rounding; where the likelihood levels
/// off towards infinity it moves some by about one. A move of 0.1 that gains less than 1e-13 of the
/// log-likelihood would mean a standard error above 10,000.
const LONGEST_LAST_MOVE: f64 = 0.1;

/// The flattest direction of the log-likelihood, relative to the steepest, at which the information is taken for
/// singular: rounding makes 1e-15 or so, covariates that passed the test for collinearity at least 1e-12 / columns.
const FLATTEST: f64 = 1e-14;

/// An error if the iteration ended on the way to infinity; the first coefficient is parameter `offset` of the optimum.
pub fn check(
    design: &Design,
    standard: &Standardised,
    optimum: &Optimum,
    offset: usize,
) -> Result<(), Problem> {
    if !optimum.converged {
        let message = format!(
            "no maximum found in {} iterations, largest gradient {:.1e}; use fewer covariates or check for outliers",
            optimum.iterations,
            optimum.gradient.amax()
        );
        return Err(Problem::at(Place::file(&design.file), message));
    }
    let runs_away = |step: &DVector<f64>| longest_move(standard, step) >= LONGEST_LAST_MOVE;
    let step = optimum.last_step.rows(offset, design.width()).into_owned();
    let coefficients = optimum.point.rows(offset, design.width()).into_owned();
    match flat_direction(&optimum.hessian) {
        _ if runs_away(&step) => Err(describe(design, &step, &coefficients)),
        Some(direction) => {
            let direction = direction.rows(offset, design.width()).into_owned();
            Err(describe(design, &direction, &coefficients))
        }
        None => Ok(()),
    }
}

/// The direction in which the information is singular.
fn flat_direction(hessian: &DMatrix<f64>) -> Option<DVector<f64>> {
    let eigen = SymmetricEigen::new(-hessian);
    let (k, flattest) = eigen.eigenvalues.argmin();
    (flattest <= FLATTEST * eigen.eigenvalues.amax())
        .then(|| eigen.eigenvectors.column(k).into_owned())
}

fn longest_move(standard: &Standardised, step: &DVector<f64>) -> f64 {
    let rows = standard.x.chunks(step.len());
    rows.map(|row| {
        row.iter()
            .zip(step.iter())
            .map(|(x, s)| x * s)
            .sum::<f64>()
            .abs()
    })
    .fold(0.0, f64::max)
}

/// Names the columns that run away, and the group without events where that is the reason.
fn describe(design: &Design, step: &DVector<f64>, coefficients: &DVector<f64>) -> Problem {
    // The other coefficients have nearly settled: their steps are smaller by orders of magnitude.
    let leading: Vec<usize> = (0..step.len())
        .filter(|&k| step[k].abs() > 1e-3 * step.amax())
        .collect();
    match leading
        .iter()
        .find_map(|&k| group_without_events(design, k))
    {
        Some(group) => no_event_in(design, &group),
        None => perfect_order(design, coefficients, &leading),
    }
}

fn no_event_in(design: &Design, group: &Group) -> Problem {
    let message = format!(
        "separation: no event among the rows with {}={} (this row is the first), so its coefficient is infinite; \
         leave the covariate out or merge levels",
        group.column, group.value
    );
    Problem::at(design.place(group.first_row, &group.column), message)
}

fn perfect_order(design: &Design, coefficients: &DVector<f64>, leading: &[usize]) -> Problem {
    let sign = |k: usize| if coefficients[k] > 0.0 { '+' } else { '-' };
    let labels: Vec<String> = leading
        .iter()
        .map(|&k| format!("{} ({})", design.columns[k].label, sign(k)))
        .collect();
    let events = (0..design.len()).filter(|&i| design.event[i]);
    let first = events
        .min_by(|&a, &b| design.time[a].total_cmp(&design.time[b]))
        .unwrap_or(0);
    let message = format!(
        "separation: {} tells without exception who has the event next (this row is the first event), so the \
         coefficient is infinite; leave the covariate out",
        labels.join(" with ")
    );
    Problem::at(
        design.place(first, &design.columns[leading[0]].source),
        message,
    )
}

/// Rows that share a value in a column of the file.
struct Group {
    column: String,
    value: String,
    first_row: usize,
}

/// The level of a factor, or the value of a two-valued covariate, that has no events.
fn group_without_events(design: &Design, k: usize) -> Option<Group> {
    let column = design.columns[k].source.clone();
    if design.columns[k].indicator {
        let factor = design
            .factors
            .iter()
            .find(|factor| factor.column == column)?;
        let (value, ..) = factor.levels.iter().find(|(.., events)| *events == 0)?;
        let first_row = first_row_at(design, &column, value)?;
        return Some(Group {
            column,
            value: value.clone(),
            first_row,
        });
    }
    let values: Vec<f64> = design.values(k).collect();
    let (low, high) = values.iter().fold((f64::MAX, f64::MIN), |(low, high), &x| {
        (low.min(x), high.max(x))
    });
    let two_valued = values.iter().all(|&x| x == low || x == high);
    let has_event = |value: f64| (0..values.len()).any(|i| values[i] == value && design.event[i]);
    let value = [low, high]
        .into_iter()
        .find(|&value| two_valued && !has_event(value))?;
    let first_row = values.iter().position(|&x| x == value)?;
    Some(Group {
        column: design.columns[k].label.clone(),
        value: value.to_string(),
        first_row,
    })
}

/// The first row at a level of a factor; at the reference level all indicators are 0.
fn first_row_at(design: &Design, factor: &str, level: &str) -> Option<usize> {
    let label = format!("{factor}={level}");
    let indicators: Vec<usize> = (0..design.width())
        .filter(|&k| design.columns[k].indicator && design.columns[k].source == factor)
        .collect();
    let at_level = |i: usize| {
        indicators.iter().all(|&k| {
            let expected = design.columns[k].label == label;
            (design.x[i * design.width() + k] == 1.0) == expected
        })
    };
    (0..design.len()).find(|&i| at_level(i))
}
