//! A problem with everything that is timed on it, and the report of one run.

use anyhow::{Result, bail};
use serde_json::{Map, Value, json};

use crate::measure;

/// Named numbers and arrays, under the names of `data/README.md`.
pub type Derivatives = Map<String, Value>;

/// The largest `|got - want| / (1 + |want|)` that passes: the inputs state it, and their expected values agree among
/// four tools to 4e-12.
pub const TOLERANCE: f64 = 1e-9;

/// How a function gets its buffers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Style {
    /// The differentiated function allocates its `Vec`s.
    Natural,
    /// They are passed in as `&mut` parameters.
    Workspace,
}

impl Style {
    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Style::Natural => "natural",
            Style::Workspace => "workspace",
        }
    }
}

/// One way to compute the derivatives of one problem, with its buffers.
pub trait Gradient {
    /// The tool, as the tables name it.
    fn tool(&self) -> &'static str;
    /// Computes the derivatives once, into buffers that it keeps.
    fn run(&mut self);
    /// The derivatives of the last run.
    fn derivatives(&self) -> Derivatives;
    /// The most memory that its tape has held, in bytes.
    fn tape_bytes(&self) -> usize {
        0
    }
}

/// A problem on one input in one style.
pub struct Case {
    /// The kind of the input.
    pub kind: String,
    /// How its functions get their buffers.
    pub style: Style,
    /// The un-annotated function.
    pub primal: Box<dyn FnMut()>,
    /// The annotated function, called as it is.
    pub annotated: Box<dyn FnMut()>,
    /// The ways to differentiate it; the first is reported by `adbench`.
    pub gradients: Vec<Box<dyn Gradient>>,
    /// What the derivatives should be; empty where nobody knows.
    pub expected: Derivatives,
}

/// What was measured of one tool on one case.
#[derive(Clone, Debug)]
pub struct Report {
    /// The kind of the input.
    pub kind: String,
    /// How the functions get their buffers.
    pub style: Style,
    /// The tool that differentiated.
    pub tool: &'static str,
    /// One call of the un-annotated function.
    pub primal_ms: f64,
    /// One call of the annotated function.
    pub annotated_primal_ms: f64,
    /// One gradient or Jacobian.
    pub gradient_ms: f64,
    /// The memory of the tape.
    pub tape_bytes: usize,
    /// The most memory of the process so far.
    pub peak_rss_bytes: Option<u64>,
    /// The largest `|got - want| / (1 + |want|)`, where the input has expected values.
    pub max_error: Option<f64>,
    /// The derivatives.
    pub derivatives: Derivatives,
}

impl Case {
    /// Measures the primal, the annotated primal and the first `tools` gradients, interleaved.
    ///
    /// # Errors
    /// Where a tool's derivatives lack a name that is expected, or differ in size from what is expected.
    pub fn measure(&mut self, seconds: f64, tools: usize) -> Result<Vec<Report>> {
        let gradients = &mut self.gradients[..];
        let count = tools.min(gradients.len());
        let mut runs: Vec<_> = gradients[..count].iter_mut().map(|g| move || g.run()).collect();
        let mut tasks: Vec<&mut dyn FnMut()> = vec![&mut *self.primal, &mut *self.annotated];
        tasks.extend(runs.iter_mut().map(|run| run as &mut dyn FnMut()));
        let best = measure::interleaved(&mut tasks, seconds);
        let peak_rss_bytes = measure::peak_rss_bytes();

        let mut reports = Vec::new();
        for (gradient, &gradient_ms) in self.gradients.iter().zip(&best[2..]) {
            let derivatives = gradient.derivatives();
            reports.push(Report {
                kind: self.kind.clone(),
                style: self.style,
                tool: gradient.tool(),
                primal_ms: best[0],
                annotated_primal_ms: best[1],
                gradient_ms,
                tape_bytes: gradient.tape_bytes(),
                peak_rss_bytes,
                max_error: max_error(&derivatives, &self.expected)?,
                derivatives,
            });
        }
        Ok(reports)
    }
}

impl Report {
    /// Gradient time over primal time.
    pub fn ratio(&self) -> f64 {
        self.gradient_ms / self.primal_ms
    }

    /// The report as one line of JSON, less the derivatives.
    pub fn to_json(&self) -> Value {
        let mut line = json!({
            "kind": self.kind,
            "style": self.style.name(),
            "tool": self.tool,
            "primal_ms": self.primal_ms,
            "annotated_primal_ms": self.annotated_primal_ms,
            "gradient_ms": self.gradient_ms,
            "ratio": self.ratio(),
            "tape_bytes": self.tape_bytes,
            "peak_rss_bytes": self.peak_rss_bytes,
        });
        if let Some(error) = self.max_error {
            line["max_error"] = error.into();
        }
        line
    }

    /// Refuses derivatives that are wrong: a time means nothing then.
    ///
    /// # Errors
    /// Where the largest error is above the tolerance.
    pub fn check(&self) -> Result<()> {
        match self.max_error {
            Some(error) if error.is_nan() || error > TOLERANCE => bail!(
                "{} {}: the derivatives of {} are off by {error:e}, at most {TOLERANCE:e} is expected",
                self.kind,
                self.style.name(),
                self.tool
            ),
            _ => Ok(()),
        }
    }
}

/// The largest `|got - want| / (1 + |want|)` over all that is expected; none where nothing is.
///
/// # Errors
/// Where a name is missing or an array has another size.
pub fn max_error(got: &Derivatives, want: &Derivatives) -> Result<Option<f64>> {
    let mut worst = None;
    for (name, want) in want {
        let Some(got) = got.get(name) else {
            bail!("comparing derivatives: {name} is expected, but was not computed");
        };
        let (got, want) = (numbers(got), numbers(want));
        if got.len() != want.len() {
            bail!("comparing derivatives: {name} has {} entries, expected {}", got.len(), want.len());
        }
        for (g, w) in got.iter().zip(&want) {
            let error = (g - w).abs() / (1.0 + w.abs());
            // A NaN stays: it compares false, so `max` would drop it.
            worst = Some(if error.is_nan() {
                error
            } else {
                f64::max(worst.unwrap_or(0.0), error)
            });
            if error.is_nan() {
                return Ok(worst);
            }
        }
    }
    Ok(worst)
}

/// All numbers in a value, in order; what is not a number counts as NaN.
fn numbers(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(values) => values.iter().flat_map(numbers).collect(),
        other => vec![other.as_f64().unwrap_or(f64::NAN)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(value: Value) -> Derivatives {
        value.as_object().cloned().expect("an object")
    }

    #[test]
    fn errors_are_relative_above_one() {
        let want = map(json!({"a": [1.0, -3.0], "f": 99.0}));
        let got = map(json!({"a": [1.0, -3.004], "f": 99.0, "more": 1}));
        // |−3.004 + 3| / (1 + 3), exact but for the rounding of 3.004.
        let error = max_error(&got, &want).unwrap().unwrap();
        assert!((error - 0.001).abs() < 1e-12, "found {error}");
        assert_eq!(max_error(&got, &Map::new()).unwrap(), None);
    }

    #[test]
    fn a_nan_a_missing_name_and_a_wrong_size_are_seen() {
        let want = map(json!({"a": [1.0, 2.0]}));
        let nan = max_error(&map(json!({"a": [null, 2.0]})), &want).unwrap().unwrap();
        assert!(nan.is_nan());
        assert!(max_error(&Map::new(), &want).unwrap_err().to_string().contains("a is expected"));
        let short = max_error(&map(json!({"a": [1.0]})), &want).unwrap_err();
        assert!(short.to_string().contains("has 1 entries, expected 2"));
    }
}
