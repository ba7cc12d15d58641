//! The comparisons, over flat numbers.

use crate::{Estimate, Failure, Mismatch, Report, central};

/// A function of numbers.
pub type Plain<'a> = &'a dyn Fn(&[f64]) -> Vec<f64>;
/// Values and derivatives of a function, from the point and a tangent or cotangent.
pub type Mode<'a> = &'a dyn Fn(&[f64], &[f64]) -> (Vec<f64>, Vec<f64>);
/// The product of the Hessian of a function with one result and a direction, from the point and the direction.
pub type Product<'a> = &'a dyn Fn(&[f64], &[f64]) -> Vec<f64>;

/// A function and its derivatives over flat numbers; the modes that are `None` are not checked.
#[derive(Clone, Copy)]
pub struct Modes<'a> {
    /// The name of every input.
    pub leaves: &'a [String],
    /// The function itself.
    pub plain: Plain<'a>,
    /// Forward mode: the tangent of the outputs.
    pub jvp: Option<Mode<'a>>,
    /// Reverse mode: the cotangent of the inputs.
    pub vjp: Option<Mode<'a>>,
    /// Second order.
    pub hvp: Option<Product<'a>>,
}

impl std::fmt::Debug for Modes<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Modes").field("leaves", &self.leaves).finish_non_exhaustive()
    }
}

/// How near numbers must be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// For two modes, relative: they compute the same products in another order.
    pub modes: f64,
    /// For differences, relative: also the largest estimated error that is trusted.
    pub differences: f64,
}

impl Options {
    /// For functions of `f64`: differences lose half of the digits at worst.
    pub const DOUBLE: Self = Self {
        modes: 1e-11,
        differences: 1e-6,
    };
    /// For functions in which `f32` takes part.
    pub const SINGLE: Self = Self {
        modes: 1e-4,
        differences: 2e-2,
    };
}

impl Default for Options {
    fn default() -> Self {
        Self::DOUBLE
    }
}

/// The state of one check.
struct Check<'a> {
    modes: Modes<'a>,
    options: Options,
    point: &'a [f64],
    report: Report,
    mismatches: Vec<Mismatch>,
}

/// Checks a function and its derivatives at a point: the value of every mode, reverse mode per leaf and forward mode in
/// a direction against central differences, the dot test, and second order where there is one.
///
/// # Errors
///
/// What disagrees, leaf by leaf.
///
/// # Panics
///
/// Where the function or a mode returns another number of results than the point or its value has.
pub fn check(modes: Modes<'_>, point: &[f64], options: Options) -> Result<Report, Failure> {
    assert_eq!(
        modes.leaves.len(),
        point.len(),
        "check: a value has another number of numbers than its tangent has leaves"
    );
    let mut check = Check {
        modes,
        options,
        point,
        report: Report::default(),
        mismatches: Vec::new(),
    };
    let values = (modes.plain)(point);
    // Weights and directions without symmetry, so that errors do not cancel.
    let weights = spread(values.len(), 0.37);
    let direction = spread(point.len(), 0.61);
    check.first_order(&values, &weights, &direction);
    if let Some(hvp) = modes.hvp {
        check.second_order(hvp, &direction);
    }
    let Check { report, mismatches, .. } = check;
    if mismatches.is_empty() {
        Ok(report)
    } else {
        Err(Failure { mismatches })
    }
}

/// Numbers of both signs in 0.5..1.5 that follow no pattern of the function: a Weyl sequence.
fn spread(n: usize, start: f64) -> Vec<f64> {
    let golden = 0.618_033_988_749_894_9;
    (1..=n)
        .map(|i| {
            let fraction = (start + golden * i as f64).fract();
            if i % 3 == 0 { -0.5 - fraction } else { 0.5 + fraction }
        })
        .collect()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    assert_eq!(
        a.len(),
        b.len(),
        "check: a derivative has another length than the value it belongs to"
    );
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

fn size(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| (x * y).abs()).sum()
}

/// Whether two numbers are finite and near; NaN is near nothing.
fn within(got: f64, expected: f64, tolerance: f64) -> bool {
    expected.is_finite() && (got - expected).abs() <= tolerance
}

impl Check<'_> {
    fn first_order(&mut self, values: &[f64], weights: &[f64], direction: &[f64]) {
        let tangent = self.modes.jvp.map(|jvp| jvp(self.point, direction));
        let cotangent = self.modes.vjp.map(|vjp| vjp(self.point, weights));
        let mut forward = None;
        if let Some((primal, y_dot)) = &tangent {
            self.values("forward mode", primal, values);
            let got = dot(weights, y_dot);
            forward = Some((got, size(weights, y_dot)));
            self.against_differences("forward mode", "a direction", got, direction, &|x| {
                dot(weights, &(self.modes.plain)(x))
            });
        }
        let Some((primal, x_bar)) = &cotangent else {
            return;
        };
        self.values("reverse mode", primal, values);
        for (position, &got) in x_bar.iter().enumerate() {
            let (unit, leaf) = self.unit(position);
            self.against_differences("reverse mode", &leaf, got, &unit, &|x| dot(weights, &(self.modes.plain)(x)));
        }
        if let Some((forward, scale)) = forward {
            let reverse = dot(x_bar, direction);
            let what = "dot test ⟨y_bar, J x_dot⟩ = ⟨Jᵀ y_bar, x_dot⟩";
            self.near(
                what,
                "a direction",
                reverse,
                forward,
                self.options.modes,
                scale.max(size(x_bar, direction)),
            );
        }
    }

    fn second_order(&mut self, hvp: Product<'_>, direction: &[f64]) {
        let Some(vjp) = self.modes.vjp else { return };
        let column = hvp(self.point, direction);
        for (position, &got) in column.iter().enumerate() {
            let leaf = self.modes.leaves[position].clone();
            let slope = |x: &[f64]| vjp(x, &[1.0]).1[position];
            self.against_differences("second order", &leaf, got, direction, &slope);
        }
        let other = spread(self.point.len(), 0.83);
        let (left, right) = (dot(&other, &column), dot(direction, &hvp(self.point, &other)));
        let what = "symmetry of the Hessian ⟨u, H v⟩ = ⟨v, H u⟩";
        self.near(what, "two directions", left, right, self.options.modes, size(&other, &column));
    }

    /// A direction along one leaf, and its name.
    fn unit(&self, position: usize) -> (Vec<f64>, String) {
        let mut unit = vec![0.0; self.point.len()];
        unit[position] = 1.0;
        (unit, self.modes.leaves[position].clone())
    }

    /// The operations on values are the same in every mode, so nothing but contraction of products may differ.
    fn values(&mut self, mode: &str, got: &[f64], expected: &[f64]) {
        let what = format!("value of {mode}");
        if got.len() != expected.len() {
            self.near(
                &format!("number of results of {mode}"),
                "all",
                got.len() as f64,
                expected.len() as f64,
                0.0,
                0.0,
            );
        }
        for (position, (got, expected)) in got.iter().zip(expected).enumerate() {
            self.near(&what, &format!("result {position}"), *got, *expected, self.options.modes, 0.0);
        }
    }

    fn near(&mut self, what: &str, leaf: &str, got: f64, expected: f64, tolerance: f64, scale: f64) {
        self.report.compared += 1;
        let tolerance = tolerance * (1.0 + scale.max(expected.abs()));
        // Two NaN agree: a function may have no value at a point, and then has no derivative either.
        let equal = got == expected || (got.is_nan() && expected.is_nan());
        if !equal && !within(got, expected, tolerance) {
            self.mismatches.push(Mismatch {
                what: what.into(),
                leaf: leaf.into(),
                got,
                expected,
                tolerance,
                step: 0.0,
            });
        }
    }

    /// Compares with differences of `f` along a direction, unless they cannot be trusted.
    fn against_differences(&mut self, mode: &str, leaf: &str, got: f64, direction: &[f64], f: &dyn Fn(&[f64]) -> f64) {
        let size = self
            .point
            .iter()
            .zip(direction)
            .filter(|(_, d)| **d != 0.0)
            .fold(0.0, |s: f64, (x, _)| s.max(x.abs()));
        let moved = |h: f64| -> Vec<f64> { self.point.iter().zip(direction).map(|(x, d)| x + h * d).collect() };
        let Estimate { value, error, step } = central(size, |h| f(&moved(h)));
        let scale = 1.0 + value.abs();
        if error.is_nan() || error > self.options.differences * scale {
            self.report.left_out.push(leaf.to_owned());
            return;
        }
        self.report.compared += 1;
        // The error is an estimate, so ten times of it is allowed.
        let tolerance = self.options.differences * scale + 10.0 * error;
        if !within(got, value, tolerance) {
            let what = format!("{mode} against differences");
            self.mismatches.push(Mismatch {
                what,
                leaf: leaf.into(),
                got,
                expected: value,
                tolerance,
                step,
            });
        }
    }
}

/// Checks the gradient of a function of a slice, given as a function: for derivatives written by hand.
///
/// ```
/// use cotangent_check::check_scalar;
/// let f = |x: &[f64]| x[0] * x[0] + x[1].sin();
/// check_scalar(f, |x| vec![2.0 * x[0], x[1].cos()], &[0.3, 0.7]).unwrap();
/// let wrong = check_scalar(f, |x| vec![2.0 * x[0], x[1].sin()], &[0.3, 0.7]).unwrap_err();
/// assert_eq!(wrong.mismatches[0].leaf, "x[1]");
/// ```
///
/// # Errors
///
/// What disagrees, leaf by leaf.
pub fn check_scalar(f: impl Fn(&[f64]) -> f64, gradient: impl Fn(&[f64]) -> Vec<f64>, x: &[f64]) -> Result<Report, Failure> {
    let leaves: Vec<String> = (0..x.len()).map(|i| format!("x[{i}]")).collect();
    let plain = |x: &[f64]| vec![f(x)];
    let vjp = |x: &[f64], bar: &[f64]| (vec![f(x)], gradient(x).iter().map(|slope| slope * bar[0]).collect());
    check(
        Modes {
            leaves: &leaves,
            plain: &plain,
            jvp: None,
            vjp: Some(&vjp),
            hvp: None,
        },
        x,
        Options::DOUBLE,
    )
}
