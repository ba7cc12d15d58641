//! A page that swings the recorded pendulum and its fit; everything it needs is in the file.

use super::fit::Fit;
use super::recording::Recording;
use std::fmt::Write;

const TEMPLATE: &str = include_str!("page.html");

/// The page, from the recording and the fitted angles at its times.
pub fn page(recording: &Recording, fit: &Fit, fitted: &[Vec<f64>]) -> String {
    let numbers = |row: &[f64]| row.iter().map(|x| format!("{x:.4}")).collect::<Vec<_>>().join(",");
    let rows = |rows: &[Vec<f64>]| rows.iter().map(|row| format!("[{}]", numbers(row))).collect::<Vec<_>>().join(",");
    let mut data = String::new();
    // Writing to a String cannot fail.
    let _ = write!(
        data,
        "{{times:[{}],lengths:[{}],recorded:[{}],fitted:[{}]}}",
        numbers(&recording.times),
        numbers(&fit.pendulum.l),
        rows(&recording.theta),
        rows(fitted)
    );
    TEMPLATE.replace("/*DATA*/", &data)
}
