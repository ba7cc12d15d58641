//! Closures. One that changes what it captures can be called where it is, but is refused when it is passed on.

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
        "closure in loop",
        "",
        "for i$k in 0..$n { let t$k = $x * (i$k as f64 + 0.5); let g$k = |q: f64| q * t$k; $m = ($m + g$k($c)).sin(); }",
    ),
];
