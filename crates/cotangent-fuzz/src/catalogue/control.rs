//! Branches, patterns, early exits and recursion.

use super::snippet;
use crate::template::Snippet;

const SIGNAL: &str = "#[derive(Clone, Differentiable)]
pub enum Signal { Flat(f64), Wave { size: f64, phase: f64 }, Silent }
#[differentiable]
pub fn signal(kind: usize, x: f64, y: f64) -> Signal {
    if kind == 0 { Signal::Flat(x * y) } else if kind == 1 { Signal::Wave { size: x, phase: y } } else { Signal::Silent }
}";

/// The snippets.
pub const SNIPPETS: &[Snippet] = &[
    snippet("if", "", "if $cond { $B }"),
    snippet("if else", "", "if $cond { $B } else { $B }"),
    snippet("else if", "", "if $cond { $B } else if $cond { $m = $e; } else { $B }"),
    snippet("value if", "", "let $new = if $cond { $e } else { $e };"),
    snippet("value if", "", "let $new = if $cond { let q$k = $e; q$k * $c } else if $cond { $e } else { $c };"),
    snippet("early return", "", "if $x > 1.7 { return $ret; }"),
    snippet("early return", "", "let $new = if $x < -1.5 { return $ret; } else { $e };"),
    snippet("match literal", "", "match $n % 3usize { 0 => { $m += $e; } 1 => { $B } _ => { $m *= $c; } }"),
    snippet(
        "match range",
        "",
        "let b$k = ($x * 4.0) as i32; match b$k { i32::MIN..=-2 => { $m -= $e; } -1..=1 => { $B } 2 | 3 => { $m = $e; } _ => {} }",
    ),
    snippet("match guard", "", "let $new = match $n { k if k > 9 => $c, _ if $cond => $e, 3 => $e, _ => $e };"),
    snippet("match binding", "", "let $new = match $e { q if q > 0.4 => q * q, q => q * $c };"),
    snippet("match tuple", "", "let $new = match ($e, $n) { (q, 2) => q * 0.5, (q, n) => q.sin() / n as f64 };"),
    snippet("match tuple", "", "let $new = match ($x > 0.1, $x > 0.3) { (true, true) => $e, (false, _) => $e, (_, false) => $e };"),
    snippet(
        "match enum",
        SIGNAL,
        "let g$k = signal($n % 3, $e, $e); let $new = match g$k { Signal::Flat(q) => q.sin(), Signal::Wave { size, phase } => size * phase.cos(), Signal::Silent => $c };",
    ),
    snippet(
        "match enum reference",
        SIGNAL,
        "let g$k = Signal::Wave { size: $e, phase: $e }; let $new = match &g$k { Signal::Flat(q) => *q, Signal::Wave { size, .. } => *size * $x, Signal::Silent => 0.0 };",
    ),
    snippet(
        "match enum mut",
        SIGNAL,
        "let mut g$k = Signal::Flat($e); match &mut g$k { Signal::Flat(q) => { *q *= $c; *q += $e; } _ => {} } if let Signal::Flat(q) = g$k { $m += q; }",
    ),
    snippet("match Option", "", "let o$k = if $cond { Some($e) } else { None }; let $new = match o$k { Some(q) => q * q, None => $e };"),
    snippet(
        "match Result",
        "#[differentiable]
        pub fn checked$k(x: f64) -> Result<f64, String> { if x > 1.2 { Err(String::from(\"large\")) } else { Ok($e(x)) } }",
        "let $new = match checked$k($e) { Ok(q) => q, Err(_) => $c };",
    ),
    snippet("if let", "", "let o$k = if $cond { Some($e) } else { None }; if let Some(q) = o$k { $m += q * $c; } else { $m -= $e; }"),
    snippet("if let", "", "if let (Some(q), true) = (Some($e), $x > 0.0) { $m = (q * $c).tanh(); }"),
    snippet("let else", "", "let o$k = if $x < 1.5 { Some($e) } else { None }; let Some($new) = o$k else { return $ret; };"),
    snippet(
        "question mark",
        "#[differentiable]
        pub fn positive$k(x: f64) -> Option<f64> { if x > -0.4 { Some((x + 1.5).ln()) } else { None } }
        #[differentiable]
        pub fn both$k(x: f64, y: f64) -> Option<f64> { let a = positive$k(x)?; let mut b = positive$k($e(x, y, a))?; b *= a; Some(b + $e(x, a)) }",
        "let $new = both$k($e, $e).unwrap_or($x);",
    ),
    snippet(
        "question mark",
        "#[differentiable]
        pub fn low$k(x: f64) -> Result<f64, u8> { if x > 1.4 { return Err(1); } Ok($e(x)) }
        #[differentiable]
        pub fn sum$k(x: f64, y: f64) -> Result<f64, u8> { let mut s = low$k(x)?; s += low$k(y)?; Ok(s * $e(x, y)) }",
        "if let Ok(q) = sum$k($e, $e) { $m += 0.3 * q; }",
    ),
    snippet("Option map", "", "let o$k = if $cond { Some($e) } else { None }; let $new = o$k.map(|q| $e(q)).unwrap_or(0.3);"),
    snippet("Option unwrap_or", "", "let o$k = if $cond { Some($e) } else { None }; let $new = o$k.unwrap_or($e);"),
    snippet("Option as_mut", "", "let mut o$k = Some($e); if let Some(q) = o$k.as_mut() { *q = (*q * $c).sin(); } $m += o$k.unwrap();"),
    snippet("Box", "", "let mut b$k = Box::new($e); *b$k *= $c; *b$k += $e; let $new = (*b$k).sin();"),
    snippet(
        "recursion",
        "#[differentiable]
        pub fn chain$k(x: f64, n: usize) -> f64 { if n == 0 { return $e(x); } let y = 0.6 * chain$k($e(x), n - 1); y + x.sin() }",
        "let $new = chain$k($e, $n);",
    ),
    snippet(
        "recursion, recursion in place",
        "#[differentiable]
        pub fn fold$k(v: &mut [f64], n: usize) -> f64 { if n == 0 { return v[0]; } v[n % 3] = (v[n % 3] * $c + v[0]).sin(); fold$k(v, n - 1) + 0.2 * v[1] }",
        "let mut w$k = [$e, $e, $e]; let $new = (fold$k(&mut w$k, $n) + w$k[2]).tanh();",
    ),
    snippet("block value", "", "let $new = { let q$k = $e; let r$k = q$k * $x; r$k.sin() + $c * q$k };"),
    snippet("inactive effects", "", "let $new = $e; assert!($new.is_finite(), \"a value of the generator is finite\"); println!(\"{}\", $new);"),
    snippet("inactive effects", "", "debug_assert!($x < 1e9); eprint!(\"\"); assert_ne!($n, 9); $m += $e;"),
    // What is constant carries no derivative anyway: differences cannot see that `constant` cuts one off.
    snippet("constant", "", "let $new = constant($c * 0.7) * $e;"),
    snippet("constant", "", "let w$k = constant([$c, 0.4f64]); $m += w$k[1].cos() * $x;"),
];
