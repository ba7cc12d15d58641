//! Closures.

use super::snippet;
use crate::template::Snippet;

/// The snippets.
pub const SNIPPETS: &[Snippet] = &[
    snippet(
        "closure",
        "",
        "let g$k = |q: f64| q * $c + $e(q).sin(); let $new = (g$k($e) * g$k($x)).sin();",
    ),
    snippet(
        "closure captures",
        "",
        "let t$k = $e; let g$k = |q: f64| (q * t$k).sin() + $e(q, t$k); let $new = (g$k($e) + g$k(0.4)).tanh();",
    ),
    snippet(
        "closure captures",
        "",
        "let w$k = [$e, $x, $c]; let g$k = |i: usize| w$k[i] * w$k[(i + 1) % 3]; let $new = (g$k(0) + g$k(2)).sin();",
    ),
    snippet(
        "closure move",
        "",
        "let t$k = $e; let g$k = move |p: f64, q: f64| { let s = p * q; s.sin() * t$k }; let $new = g$k($e, $e);",
    ),
    snippet(
        "FnMut accumulates",
        "",
        "let mut t$k = $e; let mut add$k = |q: f64| t$k += 0.3 * q; add$k($e); add$k($x); $m += t$k.sin();",
    ),
    snippet(
        "FnMut accumulates",
        "",
        "let mut w$k = vec![$x, $c]; let mut put$k = |i: usize, q: f64| { w$k[i] *= q; }; for j$k in 0..2 { put$k(j$k, $c); } put$k(0, $e); $m += w$k[0] * w$k[1];",
    ),
    snippet(
        "FnMut passed on",
        "#[differentiable] pub fn each<F: FnMut(f64)>(v: &[f64], mut g: F) { for &q in v { g(q); } }",
        "let mut t$k = $e; each(&$r[..], |q| t$k = (t$k * $c + q).sin()); $m += t$k;",
    ),
    snippet(
        "FnMut passed on",
        "#[differentiable] pub fn twice_each<F: FnMut(f64) -> f64>(v: &[f64], mut g: F) -> f64 { let mut s = 0.0; for &q in v { let r: f64 = g(q); s += g(r * 0.5); } s }",
        "let mut t$k = vec![$e, 0.0]; let mut n$k = 0; let u$k: f64 = twice_each(&$r[..], |q| { t$k[1] += t$k[0] * q; t$k[0] = (t$k[0] - q * $c).cos(); n$k += 1; t$k[0] }); $m += u$k * t$k[1] * 0.1 + n$k as f64 * 0.01;",
    ),
    snippet(
        "closure in loop",
        "",
        "for i$k in 0..$n { let t$k = $x * (i$k as f64 + 0.5); let g$k = |q: f64| q * t$k; $m = ($m + g$k($c)).sin(); }",
    ),
];
