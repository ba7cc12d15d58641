//! What a check found.

use std::fmt;

/// One comparison that failed.
#[derive(Clone, Debug, PartialEq)]
pub struct Mismatch {
    /// What was compared, such as `reverse mode against differences`.
    pub what: String,
    /// The leaf, such as `p.v[3]`, or a direction.
    pub leaf: String,
    /// What the derivative is.
    pub got: f64,
    /// What it should be.
    pub expected: f64,
    /// The allowed distance.
    pub tolerance: f64,
    /// The step of the differences; 0 where there are none.
    pub step: f64,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            what,
            leaf,
            got,
            expected,
            tolerance,
            step,
        } = self;
        write!(f, "{what}, `{leaf}`: got {got:.12e}, expected {expected:.12e} ± {tolerance:.1e}")?;
        if *step > 0.0 {
            write!(f, " (step {step:.1e})")?;
        }
        Ok(())
    }
}

/// The result of a check in which everything agrees.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// How many comparisons were made.
    pub compared: usize,
    /// The leaves at whose place differences cannot be trusted: a kink or jump, or rounding.
    pub left_out: Vec<String>,
}

/// A check that failed.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    /// What disagrees; not empty.
    pub mismatches: Vec<Mismatch>,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "the derivative is wrong in {} places:", self.mismatches.len())?;
        for mismatch in self.mismatches.iter().take(20) {
            writeln!(f, "  {mismatch}")?;
        }
        if self.mismatches.len() > 20 {
            writeln!(f, "  and {} more", self.mismatches.len() - 20)?;
        }
        Ok(())
    }
}

impl std::error::Error for Failure {}
