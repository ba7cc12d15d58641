//! What generated programs run on: reading flat numbers, writing them, and the comparison of the modes.

mod coarse;
mod compare;
mod flat;

pub use coarse::coarse;
pub use compare::{Outcome, Tally, check, run_all};
pub use cotangent_check::{Estimate, central};
pub use flat::{Flat, Reader, flat};

/// The result of `vjp` and of its pullback, called twice, as flat numbers.
#[derive(Clone, Debug)]
pub struct Reverse {
    /// The result and the output parameters.
    pub values: Vec<f64>,
    /// The gradient from the first call of the pullback.
    pub gradient: Vec<f64>,
    /// The gradient from the second call.
    pub again: Vec<f64>,
}

/// The result of `grad_into` on a tape of its own.
#[derive(Clone, Debug)]
pub struct InPlace {
    /// The value.
    pub value: f64,
    /// The gradient.
    pub gradient: Vec<f64>,
    /// The length of the tape afterwards.
    pub tape_length: usize,
}

/// A function of flat numbers.
pub type Plain = fn(&[f64]) -> Vec<f64>;
/// Values and tangents of the outputs, from the point and a direction.
pub type Jvp = fn(&[f64], &[f64]) -> (Vec<f64>, Vec<f64>);
/// Values and gradients, from the point and the cotangent of the outputs.
pub type Vjp = fn(&[f64], &[f64]) -> Reverse;

/// One program, seen through flat numbers.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// The name of the program.
    pub name: &'static str,
    /// The name of each input number.
    pub leaves: &'static [&'static str],
    /// Where to evaluate first.
    pub point: &'static [f64],
    /// The inputs whose derivative is exactly zero.
    pub zeros: &'static [usize],
    /// The function itself.
    pub plain: Plain,
    /// Forward mode; absent where the attributes are replaced by nothing.
    pub jvp: Option<Jvp>,
    /// Reverse mode.
    pub vjp: Option<Vjp>,
    /// `grad_into`, where the result is one number.
    pub grad_into: Option<fn(&[f64]) -> InPlace>,
}
