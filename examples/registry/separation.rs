//! Separation: the likelihood grows for ever as a coefficient goes to infinity, so there is no estimate.

use super::collinearity::Standardised;
use super::design::Design;
use super::fit::Model;
use crate::common::newton::Optimum;
use crate::common::problem::{Place, Problem};
use nalgebra::{DMatrix, DVector, SymmetricEigen};

/// At a maximum the last Newton step moves no row's linear predictor by more than rounding; where the likelihood levels
/// off towards infinity it moves some by about one. A move of 0.1 that gains less than 1e-13 of the
/// log-likelihood would mean a standard error above 10,000.
const LONGEST_LAST_MOVE: f64 = 0.1;

/// The flattest direction of the log-likelihood, relative to the steepest, at which the information is taken for
/// singular: rounding makes 1e-15 or so, covariates that passed the test for collinearity about 1e-12.
const FLATTEST: f64 = 1e-14;

/// Linear predictors this far from the mean are hazard ratios of 1e43: no data tell that from infinity.
const LONGEST_WAY: f64 = 100.0;

/// An error if the iteration ended on the way to infinity or where the likelihood is flat; linear predictors are
/// measured in units of `scale`.
pub fn check(design: &Design, standard: &Standardised, optimum: &Optimum, model: Model, scale: f64) -> Result<(), Problem> {
    let offset = usize::from(model == Model::Weibull);
    let coefficients = |v: &DVector<f64>| v.rows(offset, design.width()).into_owned();
    let way = coefficients(&optimum.point);
    // A Weibull model of almost no scatter can be that far out and have converged.
    let may_be_far = optimum.converged && model == Model::Weibull;
    if !may_be_far && longest_move(standard, &way) > LONGEST_WAY * scale {
        return Err(separated(design, &leading(&way), &way));
    }
    if !optimum.converged {
        let message = format!(
            "no maximum found in {} iterations, largest gradient {:.1e}; use fewer covariates or check for outliers",
            optimum.iterations,
            optimum.gradient.amax()
        );
        return Err(Problem::at(Place::file(&design.file), message));
    }
    let last_step = coefficients(&optimum.last_step);
    let runs_away = longest_move(standard, &last_step) >= LONGEST_LAST_MOVE * scale;
    let flat = flat_direction(&optimum.hessian, design.events() as f64 / (scale * scale)).map(|direction| coefficients(&direction));
    let Some(direction) = flat.or(runs_away.then_some(last_step)) else {
        return Ok(());
    };
    let leading = leading(&direction);
    if model == Model::Cox && constant_at_risk(design, standard, &direction) {
        return Err(indistinct(design, standard, &leading));
    }
    Err(separated(design, &leading, &way))
}

/// The direction in which the information is singular. It is a sum of variances, of size `usual` together for
/// standardised covariates; their rounding stays when the sum itself goes to zero.
fn flat_direction(hessian: &DMatrix<f64>, usual: f64) -> Option<DVector<f64>> {
    let eigen = SymmetricEigen::new(-hessian);
    let (k, flattest) = eigen.eigenvalues.argmin();
    (flattest <= FLATTEST * eigen.eigenvalues.amax().max(usual)).then(|| eigen.eigenvectors.column(k).into_owned())
}

fn longest_move(standard: &Standardised, step: &DVector<f64>) -> f64 {
    predictors(standard, step).into_iter().map(f64::abs).fold(0.0, f64::max)
}

fn predictors(standard: &Standardised, beta: &DVector<f64>) -> Vec<f64> {
    let rows = standard.x.chunks(beta.len());
    rows.map(|row| row.iter().zip(beta.iter()).map(|(x, b)| x * b).sum()).collect()
}

/// The coefficients that take part; the others have nearly settled, so their steps are smaller by orders of magnitude.
fn leading(step: &DVector<f64>) -> Vec<usize> {
    (0..step.len()).filter(|&k| step[k].abs() > 1e-3 * step.amax()).collect()
}

/// Whether the partial likelihood knows nothing of a direction: its linear predictor is the same in all rows at risk,
/// at every event.
fn constant_at_risk(design: &Design, standard: &Standardised, direction: &DVector<f64>) -> bool {
    let predictors = predictors(standard, direction);
    // An eigenvector of a singular matrix is right to some 1e-15, times the condition of the other directions.
    let tolerance = 1e-6 * longest_move(standard, direction);
    let mut order: Vec<usize> = (0..design.len()).collect();
    order.sort_by(|&a, &b| design.time[b].total_cmp(&design.time[a]));
    let (mut low, mut high) = (f64::MAX, f64::MIN);
    order.chunk_by(|&a, &b| design.time[a] == design.time[b]).all(|group| {
        for &i in group {
            low = low.min(predictors[i]);
            high = high.max(predictors[i]);
        }
        high - low <= tolerance || !group.iter().any(|&i| design.event[i])
    })
}

/// All rows together are not collinear, but those at risk when events happen are.
fn indistinct(design: &Design, standard: &Standardised, leading: &[usize]) -> Problem {
    let unit = |k: usize| DVector::from_fn(design.width(), |j, _| f64::from(j == k));
    if (0..design.width()).all(|k| constant_at_risk(design, standard, &unit(k))) {
        return nobody_at_risk(design);
    }
    let labels: Vec<&str> = leading.iter().map(|&k| design.columns[k].label.as_str()).collect();
    let message = match labels.as_slice() {
        [label] => format!("{label} is the same in all rows at risk when events happen, so its effect cannot be estimated; leave it out"),
        _ => format!(
            "{} cannot be told apart: they are collinear in the rows at risk when events happen; leave one of them out",
            labels.join(", ")
        ),
    };
    Problem::at(Place::file(&design.file).column(&design.columns[leading[0]].source), message)
}

fn nobody_at_risk(design: &Design) -> Problem {
    let message = format!(
        "no coefficient can be estimated: at none of the {} events is a row with other covariates still at risk",
        design.events()
    );
    Problem::at(Place::file(&design.file).column(&design.event_column), message)
}

fn separated(design: &Design, leading: &[usize], way: &DVector<f64>) -> Problem {
    match leading.iter().find_map(|&k| group_without_events(design, k)) {
        Some(group) => no_event_in(design, &group),
        None => perfect_order(design, way, leading),
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

fn perfect_order(design: &Design, way: &DVector<f64>, leading: &[usize]) -> Problem {
    let sign = |k: usize| if way[k] > 0.0 { '+' } else { '-' };
    let labels: Vec<String> = leading
        .iter()
        .map(|&k| format!("{} ({})", design.columns[k].label, sign(k)))
        .collect();
    let events = (0..design.len()).filter(|&i| design.event[i]);
    let first = events.min_by(|&a, &b| design.time[a].total_cmp(&design.time[b])).unwrap_or(0);
    let message = format!(
        "separation: {} tells without exception who has the event next (this row is the first event), so the \
         coefficient is infinite; leave the covariate out",
        labels.join(" with ")
    );
    Problem::at(design.place(first, &design.columns[leading[0]].source), message)
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
        let factor = design.factors.iter().find(|factor| factor.column == column)?;
        let (value, ..) = factor.levels.iter().find(|(.., events)| *events == 0)?;
        let first_row = first_row_at(design, &column, value)?;
        return Some(Group {
            column,
            value: value.clone(),
            first_row,
        });
    }
    let values: Vec<f64> = design.values(k).collect();
    let (low, high) = values
        .iter()
        .fold((f64::MAX, f64::MIN), |(low, high), &x| (low.min(x), high.max(x)));
    let two_valued = values.iter().all(|&x| x == low || x == high);
    let has_event = |value: f64| (0..values.len()).any(|i| values[i] == value && design.event[i]);
    let value = [low, high].into_iter().find(|&value| two_valued && !has_event(value))?;
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
