//! Assignment to every kind of place, shadowing, tuples and aliases.

use super::snippet;
use crate::template::Snippet;

const PAIRED: &str = "#[derive(Clone, Differentiable)] pub struct Core { pub x: f64, pub w: [f64; 3] }
#[derive(Clone, Differentiable)] pub struct Shell { pub core: Core, pub rows: Vec<Vec<f64>>, pub both: (f64, f64) }";

/// The snippets.
pub const SNIPPETS: &[Snippet] = &[
    snippet("assign", "", "$m = $e;"),
    snippet("assign", "", "$m = ($m * $c + $e).sin();"),
    snippet("add assign", "", "$m += 0.4 * $e;"),
    snippet("sub assign", "", "$m -= 0.3 * $e;"),
    snippet("mul assign", "", "$m *= ($e).cos();"),
    snippet("mul assign", "", "$m *= $m; $m = ($m).tanh();"),
    snippet("div assign", "", "$m /= 1.5 + ($e).sin();"),
    snippet("rem assign", "", "$m %= 1.3;"),
    snippet("element assign", "", "$a[$i] = $e; $a[$i] = ($a[$i] * $c).sin() + 0.2 * $a[$i];"),
    snippet("element add assign", "", "$a[$i] += 0.5 * $e;"),
    snippet("element sub assign", "", "$a[$i] -= $a[$i] * 0.3;"),
    snippet("element mul assign", "", "$a[$i] *= $e;"),
    snippet("element div assign", "", "$a[$i] /= 1.7 + ($e).cos();"),
    snippet("element rem assign", "", "$a[$i] %= 1.1 + 0.5 * ($x).sin();"),
    snippet(
        "element computed index",
        "",
        "let i$k = ($n * 7 + 1) % 3; $a[i$k] = $e; $a[(i$k + 1) % 3] += 0.3 * $a[i$k];",
    ),
    snippet(
        "element index changes",
        "",
        "let mut i$k = 0; $a[i$k] *= $c; i$k += 1; $a[i$k] += $a[i$k - 1] * $x; i$k += 1; $m += 0.2 * $a[i$k];",
    ),
    snippet(
        "field assign, nested field",
        PAIRED,
        "let mut p$k = Shell { core: Core { x: $e, w: [$e, $c, $x] }, rows: vec![vec![$e, $c], vec![$x, $c]], both: ($e, $x) };
         p$k.core.x *= $e; p$k.core.w[$i] += p$k.core.x; p$k.rows[1][0] -= p$k.both.1; p$k.both.0 = p$k.rows[1][0] * p$k.core.w[1];
         $m += 0.3 * p$k.both.0;",
    ),
    snippet(
        "whole struct assign",
        PAIRED,
        "let mut p$k = Core { x: $e, w: [$c, $x, $e] }; let q$k = p$k.clone(); p$k = Core { x: p$k.x * q$k.w[1], w: q$k.w }; p$k.w[0] *= p$k.x; $m += p$k.w[0] - q$k.x;",
    ),
    snippet(
        "struct update",
        PAIRED,
        "let p$k = Core { x: $e, w: [$c, $x, $e] }; let q$k = Core { x: p$k.x * $c, ..p$k.clone() }; let $new = (q$k.x * p$k.w[2] + q$k.w[1]).sin();",
    ),
    snippet(
        "struct pattern",
        PAIRED,
        "let p$k = Core { x: $e, w: [$c, $x, $e] }; let Core { x: x$k, w: [_, b$k, c$k] } = p$k; let $new = (x$k * b$k - c$k).tanh();",
    ),
    snippet(
        "mut element alias",
        "",
        "let t$k = $e; let r$k = &mut $a[$i]; *r$k *= t$k; *r$k += $c;",
    ),
    snippet(
        "mut scalar alias",
        "",
        "let t$k = $e; let mut u$k = $m * $c; { let r$k = &mut u$k; *r$k += t$k; *r$k *= $c; } $m = u$k.sin();",
    ),
    snippet("shared alias", "", "let r$k = &$r[$i]; let $new = *r$k * $c + r$k.sin();"),
    snippet(
        "slice alias",
        "",
        "let r$k = &$r[1..]; let $new = r$k[0] * r$k[1] + r$k.len() as f64 * 0.1;",
    ),
    snippet(
        "mut slice alias",
        "",
        "let t$k = $e; let r$k = &mut $a[1..3]; r$k[0] += t$k; r$k[1] *= r$k[0];",
    ),
    snippet("shadowing", "", "let $shadow = $e;"),
    snippet(
        "shadowing",
        "",
        "let q$k = $e; let q$k = q$k * $x; let q$k = (q$k + $c).sin() * q$k; $m += q$k;",
    ),
    snippet(
        "shadowing mut",
        "",
        "let mut q$k = $e; q$k += $c; { let mut q$k = q$k * $x; q$k *= 0.5; $m += q$k; } $m -= q$k;",
    ),
    snippet(
        "late let",
        "",
        "let q$k; if $cond { q$k = $e; } else { q$k = $c * $x; } let $new = q$k * $x;",
    ),
    snippet("tuple", "", "let q$k = ($e, $e); let $new = q$k.0 * q$k.1;"),
    snippet(
        "tuple assign",
        "",
        "let mut q$k = ($e, ($e, $c)); q$k.0 *= q$k.1.1; (q$k.1).0 += q$k.0; q$k.1.1 = $e; $m += q$k.1.0 - q$k.1.1;",
    ),
    snippet("destructuring", "", "let ($new, mut q$k) = ($e, $e); q$k *= $new; $m += q$k;"),
    snippet(
        "destructuring",
        "",
        "let [a$k, b$k, _] = [$e, $e, $c]; let (c$k, (d$k, ..)) = (a$k * b$k, (b$k, 1usize)); let $new = c$k + d$k;",
    ),
    snippet(
        "destructuring assignment",
        "",
        "let (mut a$k, mut b$k) = ($e, $e); (a$k, b$k) = (b$k * $c, a$k + b$k); $m += 0.3 * a$k * b$k;",
    ),
    snippet("sin_cos", "", "let (a$k, b$k) = ($e).sin_cos(); let $new = a$k * b$k + a$k;"),
    snippet(
        "mem swap",
        "",
        "let mut a$k = $e; let mut b$k = $e; std::mem::swap(&mut a$k, &mut b$k); a$k *= $c; $m += a$k - 0.4 * b$k * b$k;",
    ),
    snippet(
        "mem replace",
        "",
        "let mut a$k = $e; let b$k = std::mem::replace(&mut a$k, $e); let $new = (a$k * b$k).sin();",
    ),
    snippet(
        "f32 locals",
        "",
        "let mut a$k = $e as f32; a$k = (a$k * 0.5).sin() + 0.25; a$k += 0.5; let $new = a$k as f64 * 0.7;",
    ),
    snippet(
        "integers",
        "",
        "let mut j$k = 5usize; j$k = j$k * $n % 3; j$k += 1; let $new = $r[j$k % 3] * j$k as f64 * 0.3;",
    ),
];
