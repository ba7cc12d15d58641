//! The part of a generated module that turns flat numbers into arguments and results into flat numbers.

use crate::rng::Rng;
use crate::signature::{Parameter, Returned, Signature};
use std::fmt::Write as _;

/// Fills the name and the tangent suffix into a text of [`crate::signature::Kind`].
fn filled(text: &str, parameter: &Parameter, suffix: &str) -> String {
    text.replace('@', &parameter.name).replace('^', suffix)
}

/// The arguments, primal or tangent.
fn arguments(signature: &Signature, tangent: bool) -> String {
    let texts: Vec<String> = signature
        .parameters
        .iter()
        .map(|parameter| match tangent {
            false => filled(parameter.kind.passed, parameter, "_0"),
            true => filled(parameter.kind.tangent_passed, parameter, "_1"),
        })
        .collect();
    texts.join(", ")
}

/// The statements that make owned values: of the primals, or of tangents of all or only of output parameters.
fn made(signature: &Signature, tangent: bool, outputs_only: bool) -> String {
    let mut out = String::new();
    for parameter in signature
        .parameters
        .iter()
        .filter(|parameter| !outputs_only || parameter.kind.is_output())
    {
        let special = tangent && !parameter.kind.tangent_made.is_empty();
        let text = if special {
            parameter.kind.tangent_made
        } else {
            parameter.kind.made
        };
        out += &filled(text, parameter, if tangent { "_1" } else { "_0" });
    }
    out
}

/// The statements that append one value, by its parts, to `out`.
fn flattened(place: &str, parts: &str) -> String {
    parts
        .split(' ')
        .filter(|part| !part.is_empty())
        .fold(String::new(), |mut out, part| {
            let _ = write!(out, "flat(&{place}{}, &mut out);", part.strip_suffix('.').unwrap_or(part));
            out
        })
}

/// The statements that append the result and the output parameters.
fn outputs(signature: &Signature, tangent: bool) -> String {
    let (result, suffix) = if tangent { ("primal__1", "_1") } else { ("primal__0", "_0") };
    let mut out = if signature.returned == Returned::Unit {
        String::new()
    } else {
        flattened(result, ".")
    };
    for parameter in signature.parameters.iter().filter(|parameter| parameter.kind.is_output()) {
        out += &flattened(&format!("{}{suffix}", parameter.name), parameter.kind.parts);
    }
    out
}

fn gradient(signature: &Signature, name: &str) -> String {
    let parts = signature.parameters.iter();
    parts
        .map(|parameter| flattened(&format!("{name}.{}", parameter.field), parameter.kind.parts))
        .collect()
}

/// Which derivatives a program is compiled with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Derivatives {
    /// None: the attributes are replaced by nothing.
    None,
    /// Reverse mode, against differences.
    Reverse,
    /// Forward mode, against differences.
    Forward,
    /// Both, also against each other.
    All,
}

impl Derivatives {
    /// Whether reverse mode is among them.
    pub const fn reverse(self) -> bool {
        matches!(self, Self::Reverse | Self::All)
    }

    /// Whether forward mode is among them.
    pub const fn forward(self) -> bool {
        matches!(self, Self::Forward | Self::All)
    }
}

/// The functions `plain`, `jvp`, `vjp`, `grad_into` and `case` of a module whose entry function is `f`.
pub fn glue(signature: &Signature, name: &str, seed: u64, derivatives: Derivatives) -> String {
    let primal = made(signature, false, false);
    let args = arguments(signature, false);
    let mut out = format!(
        "fn plain(theta: &[f64]) -> Vec<f64> {{ let mut r = Reader::new(theta); {primal} let primal__0 = f({args});
         let mut out = Vec::new(); {} out }}\n",
        outputs(signature, false)
    );
    if derivatives.forward() {
        out += &jvp(signature, &primal, &args);
    }
    if derivatives.reverse() {
        out += &vjp(signature, &primal, &args);
        if signature.returned == Returned::Scalar {
            out += &grad_into(signature, &primal, &args);
        }
    }
    out + &case(signature, name, seed, derivatives)
}

fn jvp(signature: &Signature, primal: &str, args: &str) -> String {
    let tangents = arguments(signature, true);
    let (open, close) = if signature.parameters.len() == 1 { ("", "") } else { ("(", ")") };
    format!(
        "fn jvp(theta: &[f64], theta_dot: &[f64]) -> (Vec<f64>, Vec<f64>) {{
         let mut r = Reader::new(theta); {primal} let mut r = Reader::new(theta_dot); {}
         let (primal__0, primal__1) = f::jvp({open}{args}{close}, {open}{tangents}{close});
         let mut out = Vec::new(); {} let values = out; let mut out = Vec::new(); {} (values, out) }}\n",
        made(signature, true, false),
        outputs(signature, false),
        outputs(signature, true)
    )
}

fn vjp(signature: &Signature, primal: &str, args: &str) -> String {
    let y_bar = match signature.returned {
        Returned::Unit => "",
        Returned::Scalar => "let primal__1 = r.f();",
        Returned::Optional => "let primal__1 = Some(r.f());",
        Returned::Pair => "let primal__1 = (r.f(), r.f());",
        Returned::Array => "let primal__1: [f64; 2] = r.array();",
        Returned::Vector => "let primal__1 = r.vec(2);",
    };
    let mut bars: Vec<String> = Vec::new();
    if signature.returned != Returned::Unit {
        bars.push("primal__1.clone()".to_owned());
    }
    let outputs_only = signature.parameters.iter().filter(|parameter| parameter.kind.is_output());
    bars.extend(outputs_only.map(|parameter| format!("&{}_1", parameter.name)));
    let bars = bars.join(", ");
    format!(
        "fn vjp(theta: &[f64], bar: &[f64]) -> Reverse {{
         let mut r = Reader::new(theta); {primal} let mut r = Reader::new(bar); {y_bar} {}
         let (primal__0, mut pullback) = f::vjp({args});
         let g = pullback({bars}); let again = pullback({bars}); drop(pullback);
         let mut out = Vec::new(); {} let values = out; let mut out = Vec::new(); {} let gradient = out;
         let mut out = Vec::new(); {} Reverse {{ values, gradient, again: out }} }}\n",
        made(signature, true, true),
        outputs(signature, false),
        gradient(signature, "g"),
        gradient(signature, "again"),
    )
}

fn grad_into(signature: &Signature, primal: &str, args: &str) -> String {
    format!(
        "fn grad_into(theta: &[f64]) -> InPlace {{
         let mut r = Reader::new(theta); {primal} let mut g = f::grad({args});
         let mut r = Reader::new(theta); {primal} let mut tape = Tape::new();
         let y = f::grad_into({args}, &mut tape, &mut g);
         let mut out = Vec::new(); {} InPlace {{ value: y, gradient: out, tape_length: tape.len() }} }}\n",
        gradient(signature, "g")
    )
}

fn case(signature: &Signature, name: &str, seed: u64, derivatives: Derivatives) -> String {
    let mut rng = Rng::new(seed ^ 0x5EED);
    let mut leaves = Vec::new();
    let mut zeros = Vec::new();
    for parameter in &signature.parameters {
        for leaf in parameter.kind.leaves {
            if parameter.kind.tag == "unused parameter" {
                zeros.push(leaves.len());
            }
            leaves.push(leaf.replace('@', &parameter.name));
        }
    }
    // It prints exactly, so that a kept program is evaluated at the point where it failed.
    let point: Vec<f64> = leaves.iter().map(|_| rng.coordinate()).collect();
    let option = |present, name: &str| {
        if present { format!("Some({name})") } else { "None".to_owned() }
    };
    let functions = format!(
        "jvp: {}, vjp: {}, grad_into: {}",
        option(derivatives.forward(), "jvp"),
        option(derivatives.reverse(), "vjp"),
        option(derivatives.reverse() && signature.returned == Returned::Scalar, "grad_into")
    );
    format!(
        "pub fn case() -> Case {{ Case {{ name: {name:?}, leaves: &{leaves:?}, point: &{point:?}, zeros: &{zeros:?}, plain, {functions} }} }}\n"
    )
}
