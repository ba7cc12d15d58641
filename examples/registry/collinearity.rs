//! Standardised covariates, and the error when one is a combination of the others.

use super::design::Design;
use crate::common::problem::{Place, Problem};
use nalgebra::{DMatrix, DVector};

/// A standardised column closer to the span of those before it than this share of its length is collinear. R's `coxph`
/// uses 2e-12 on the squared scale, which is about the same.
const TOLERANCE: f64 = 1e-6;

/// The design matrix with every column at mean 0 and standard deviation 1, in which the fit is well scaled.
#[derive(Debug, Clone)]
pub struct Standardised {
    /// Row-major, rows × columns.
    pub x: Vec<f64>,
    /// Mean of each column.
    pub mean: Vec<f64>,
    /// Standard deviation of each column (divisor n).
    pub sd: Vec<f64>,
}

/// Standardises the design matrix; constant and collinear columns are errors that name them.
pub fn standardise(design: &Design) -> Result<Standardised, Problem> {
    let (n, p) = (design.len(), design.width());
    let count = n as f64;
    let mut columns = DMatrix::from_row_slice(n, p, &design.x);
    let (mut mean, mut sd) = (Vec::with_capacity(p), Vec::with_capacity(p));
    for (k, mut column) in columns.column_iter_mut().enumerate() {
        let centre = column.sum() / count;
        let largest = column.amax();
        column.add_scalar_mut(-centre);
        let spread = column.norm() / count.sqrt();
        // Rounding leaves a constant column a spread of this size.
        if spread <= 1e-14 * largest {
            return Err(constant(design, k, centre));
        }
        column /= spread;
        mean.push(centre);
        sd.push(spread);
    }
    check_rank(design, &columns)?;
    Ok(Standardised {
        x: columns.transpose().as_slice().to_vec(),
        mean,
        sd,
    })
}

fn constant(design: &Design, k: usize, value: f64) -> Problem {
    let column = &design.columns[k];
    let message = format!(
        "{} has the same value, {value}, in all {} rows used, so its effect cannot be estimated; leave it out",
        column.label,
        design.len()
    );
    Problem::at(Place::file(&design.file).column(&column.source), message)
}

/// Gram-Schmidt, each column orthogonalised twice, which leaves rounding errors only.
fn check_rank(design: &Design, columns: &DMatrix<f64>) -> Result<(), Problem> {
    let mut basis: Vec<DVector<f64>> = Vec::new();
    for (k, column) in columns.column_iter().enumerate() {
        let mut rest = column.into_owned();
        let length = rest.norm();
        for _ in 0..2 {
            for q in &basis {
                let along = q.dot(&rest);
                rest.axpy(-along, q, 1.0);
            }
        }
        if rest.norm() <= TOLERANCE * length {
            return Err(collinear(design, columns, k));
        }
        basis.push(rest.normalize());
    }
    Ok(())
}

fn collinear(design: &Design, columns: &DMatrix<f64>, k: usize) -> Problem {
    let column = &design.columns[k];
    let place = Place::file(&design.file).column(&column.source);
    let before = columns.columns(0, k).into_owned();
    let combination = before.svd(true, true).solve(&columns.column(k), TOLERANCE);
    // A column that takes no part has a coefficient of rounding size; the others are of order one.
    let others: Vec<String> = combination.map_or(Vec::new(), |weights| {
        let taking_part = (0..k).filter(|&j| weights[j].abs() > 1e-6);
        taking_part.map(|j| format!("\"{}\"", design.columns[j].label)).collect()
    });
    let message = format!(
        "{} is collinear: in the {} rows used it is a linear combination of {} and a constant; leave one of them out",
        column.label,
        design.len(),
        others.join(", ")
    );
    Problem::at(place, message)
}
