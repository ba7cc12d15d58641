//! One line a function: its name, its arguments with the interval on which tests sample them, its partial derivatives.
//!
//! A partial is Rust text over the arguments, `y` (the value) and the functions of this table. `0` means that the
//! derivative is zero wherever it exists. Kinks: `abs` and `hypot` have 0 at 0; `min`, `max` and `clamp` take the first argument at a tie.

/// A rule.
#[derive(Debug)]
pub struct ScalarRule {
    /// Name of the method of `Real`, or of the helper in `__private`.
    pub name: &'static str,
    /// Arguments: name and test interval; a name that starts with `n` is an `i32`.
    pub args: &'static [(&'static str, f64, f64)],
    /// The partial derivatives.
    pub partials: &'static [&'static str],
    /// Cheap functions are computed again in the reverse sweep, others are saved.
    pub cheap: bool,
    /// A helper of ours rather than a method of std.
    pub helper: bool,
}

impl ScalarRule {
    /// Whether argument `k` is an integer.
    pub fn is_integer(&self, k: usize) -> bool {
        self.args[k].0.starts_with('n')
    }

    /// Whether the derivative by argument `k` vanishes wherever it exists.
    pub fn is_zero(&self, k: usize) -> bool {
        self.partials[k] == "0"
    }
}

type Args = &'static [(&'static str, f64, f64)];

const fn costly(name: &'static str, args: Args, partials: &'static [&'static str]) -> ScalarRule {
    ScalarRule {
        name,
        args,
        partials,
        cheap: false,
        helper: false,
    }
}

const fn cheap(name: &'static str, args: Args, partials: &'static [&'static str]) -> ScalarRule {
    ScalarRule {
        name,
        args,
        partials,
        cheap: true,
        helper: false,
    }
}

const fn helper(name: &'static str, args: Args, partials: &'static [&'static str]) -> ScalarRule {
    ScalarRule {
        name,
        args,
        partials,
        cheap: true,
        helper: true,
    }
}

/// The table; `cotangent/tests/rules/table.rs` is made from it, one test a line.
#[rustfmt::skip]
pub const RULES: &[ScalarRule] = &[
    // exponentials and logarithms
    costly("exp", &[("x", -3.0, 3.0)], &["y"]),
    costly("exp2", &[("x", -3.0, 3.0)], &["y * 0.6931471805599453"]),
    costly("exp_m1", &[("x", -2.0, 2.0)], &["y + 1.0"]),
    costly("ln", &[("x", 0.1, 9.0)], &["recip(x)"]),
    costly("log2", &[("x", 0.1, 9.0)], &["recip(x * 0.6931471805599453)"]),
    costly("log10", &[("x", 0.1, 9.0)], &["recip(x * 2.302585092994046)"]),
    costly("ln_1p", &[("x", -0.9, 3.0)], &["recip(x + 1.0)"]),
    costly("log", &[("x", 0.1, 9.0), ("b", 1.5, 9.0)], &["recip(x * ln(b))", "-(y / (b * ln(b)))"]),
    // powers and roots
    costly("sqrt", &[("x", 0.1, 9.0)], &["recip(y) * 0.5"]),
    costly("cbrt", &[("x", 0.1, 9.0)], &["recip(y * y * 3.0)"]),
    costly("powf", &[("x", 0.2, 4.0), ("p", -2.0, 3.0)], &["pow_slope(x, p, 1)", "pow_log(x, p)"]),
    costly("powi", &[("x", 0.2, 3.0), ("n", -3.0, 4.0)], &["powi_slope(x, n, 1)", "0"]),
    costly("hypot", &[("a", 0.3, 3.0), ("b", 0.3, 3.0)], &["over_or_zero(a, y)", "over_or_zero(b, y)"]),
    cheap("recip", &[("x", 0.2, 4.0)], &["-(y * y)"]),
    // trigonometric
    costly("sin", &[("x", -3.0, 3.0)], &["cos(x)"]),
    costly("cos", &[("x", -3.0, 3.0)], &["-sin(x)"]),
    costly("tan", &[("x", -1.2, 1.2)], &["y * y + 1.0"]),
    costly("asin", &[("x", -0.9, 0.9)], &["recip(sqrt(-(x * x) + 1.0))"]),
    costly("acos", &[("x", -0.9, 0.9)], &["-recip(sqrt(-(x * x) + 1.0))"]),
    costly("atan", &[("x", -3.0, 3.0)], &["recip(x * x + 1.0)"]),
    costly("atan2", &[("a", 0.3, 3.0), ("b", 0.3, 3.0)], &["b / (a * a + b * b)", "-(a / (a * a + b * b))"]),
    // hyperbolic
    costly("sinh", &[("x", -2.0, 2.0)], &["cosh(x)"]),
    costly("cosh", &[("x", -2.0, 2.0)], &["sinh(x)"]),
    costly("tanh", &[("x", -2.0, 2.0)], &["-(y * y) + 1.0"]),
    costly("asinh", &[("x", -3.0, 3.0)], &["recip(sqrt(x * x + 1.0))"]),
    costly("acosh", &[("x", 1.2, 5.0)], &["recip(sqrt(x * x - 1.0))"]),
    costly("atanh", &[("x", -0.8, 0.8)], &["recip(-(x * x) + 1.0)"]),
    // special functions
    costly("erf", &[("x", -2.0, 2.0)], &["exp(-(x * x)) * 1.1283791670955126"]),
    costly("erfc", &[("x", -2.0, 2.0)], &["-(exp(-(x * x)) * 1.1283791670955126)"]),
    costly("lgamma", &[("x", 0.3, 6.0)], &["digamma(x)"]),
    costly("digamma", &[("x", 0.3, 6.0)], &["trigamma(x)"]),
    costly("trigamma", &[("x", 0.3, 6.0)], &["polygamma_at(x, 2)"]),
    // piecewise linear
    cheap("abs", &[("x", 0.2, 3.0)], &["sign_or_zero(x)"]),
    cheap("min", &[("a", 0.2, 3.0), ("b", 3.1, 5.0)], &["takes_min(a, b)", "-(takes_min(a, b)) + 1.0"]),
    cheap("max", &[("a", 0.2, 3.0), ("b", 3.1, 5.0)], &["takes_max(a, b)", "-(takes_max(a, b)) + 1.0"]),
    cheap("clamp", &[("x", 0.2, 3.0), ("lo", -1.0, 0.1), ("hi", 3.1, 4.0)], &["inside(x, lo, hi)", "below(x, lo, hi)", "above(x, lo, hi)"]),
    cheap("copysign", &[("x", 0.2, 3.0), ("s", -2.0, -1.0)], &["sign_or_zero(x) * sign_or_zero(y)", "0"]),
    cheap("mul_add", &[("x", -2.0, 2.0), ("a", -2.0, 2.0), ("b", -2.0, 2.0)], &["a", "x", "1.0"]),
    cheap("to_degrees", &[("x", -3.0, 3.0)], &["57.29577951308232"]),
    cheap("to_radians", &[("x", -3.0, 3.0)], &["0.017453292519943295"]),
    cheap("fract", &[("x", 0.1, 0.9)], &["1.0"]),
    cheap("rem_euclid", &[("x", 0.2, 0.9), ("m", 1.1, 2.0)], &["1.0", "-div_euclid(x, m)"]),
    cheap("modulo", &[("x", 2.7, 3.2), ("m", 1.1, 1.3)], &["1.0", "-trunc(x / m)"]),
    // steps
    cheap("signum", &[("x", 0.2, 3.0)], &["0"]),
    cheap("floor", &[("x", 0.1, 0.9)], &["0"]),
    cheap("ceil", &[("x", 0.1, 0.9)], &["0"]),
    cheap("round", &[("x", 0.1, 0.4)], &["0"]),
    cheap("round_ties_even", &[("x", 0.1, 0.4)], &["0"]),
    cheap("trunc", &[("x", 0.1, 0.9)], &["0"]),
    cheap("div_euclid", &[("x", 0.1, 0.9), ("m", 1.1, 2.0)], &["0", "0"]),
    // parts of other rules
    helper("polygamma_at", &[("x", 0.3, 6.0), ("n", 2.0, 4.0)], &["polygamma_at(x, n + 1)", "0"]),
    helper("sign_or_zero", &[("x", 0.2, 3.0)], &["0"]),
    helper("takes_min", &[("a", 0.2, 3.0), ("b", 3.1, 5.0)], &["0", "0"]),
    helper("takes_max", &[("a", 0.2, 3.0), ("b", 3.1, 5.0)], &["0", "0"]),
    helper("inside", &[("x", 0.2, 3.0), ("lo", -1.0, 0.1), ("hi", 3.1, 4.0)], &["0", "0", "0"]),
    helper("below", &[("x", 0.2, 3.0), ("lo", -1.0, 0.1), ("hi", 3.1, 4.0)], &["0", "0", "0"]),
    helper("above", &[("x", 0.2, 3.0), ("lo", -1.0, 0.1), ("hi", 3.1, 4.0)], &["0", "0", "0"]),
    helper("pow_slope", &[("x", 0.2, 4.0), ("p", -2.0, 3.0), ("n", 1.0, 3.0)], &["pow_slope(x, p, n + 1)", "pow_mixed(x, p, n, 1)", "0"]),
    helper("pow_log", &[("x", 0.2, 4.0), ("p", -2.0, 3.0)], &["pow_mixed(x, p, 1, 1)", "pow_mixed(x, p, 0, 2)"]),
    helper("pow_mixed", &[("x", 0.2, 4.0), ("p", -2.0, 3.0), ("n", 0.0, 2.0), ("n_log", 0.0, 2.0)], &["pow_mixed(x, p, n + 1, n_log)", "pow_mixed(x, p, n, n_log + 1)", "0", "0"]),
    helper("powi_slope", &[("x", 0.2, 3.0), ("n", -3.0, 4.0), ("n_more", 1.0, 3.0)], &["powi_slope(x, n, n_more + 1)", "0", "0"]),
    helper("over_or_zero", &[("a", -3.0, 3.0), ("d", 0.3, 3.0)], &["over_or_zero(one_like(a), d)", "-(over_or_zero(y, d))"]),
    helper("one_like", &[("x", 0.2, 3.0)], &["0"]),
];

/// The rule of a function or method name.
pub fn find(name: &str) -> Option<&'static ScalarRule> {
    RULES.iter().find(|rule| rule.name == name)
}
