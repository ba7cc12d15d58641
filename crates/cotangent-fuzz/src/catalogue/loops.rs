//! Loops, iterators and their exits.

use super::snippet;
use crate::template::Snippet;

/// The snippets.
pub const SNIPPETS: &[Snippet] = &[
    snippet("for range", "", "for i$k in 0..$n { $m += 0.2 * $e; $B(i$k as f64) }"),
    snippet("for range", "", "for i$k in 0..$a.len() { $a[i$k] = ($a[i$k] * $c + $x).sin(); }"),
    snippet(
        "for range",
        "",
        "for i$k in 1..3 { let q$k = $a[i$k - 1] * $c; $a[i$k] += q$k; $m -= 0.3 * $a[i$k]; }",
    ),
    snippet(
        "for inclusive",
        "",
        "for i$k in 0..=2 { $a[i$k] *= 0.4 + 0.2 * i$k as f64; $m += $a[i$k] * $e; }",
    ),
    snippet("for rev", "", "for i$k in (0..3).rev() { $m = ($m * $c + $r[i$k]).sin(); }"),
    snippet(
        "for rev",
        "",
        "for i$k in (1..3usize).rev() { $a[i$k - 1] += $c * $a[i$k] * $a[i$k]; $B }",
    ),
    snippet(
        "for step_by",
        "",
        "for i$k in (0..3).step_by(2) { $a[i$k] -= $e; $m += 0.1 * $a[i$k]; }",
    ),
    snippet("for slice", "", "let w$k = [$e, $x, $c]; for q$k in &w$k { $m += *q$k * $e; }"),
    snippet("for slice", "", "for &q$k in $r.iter() { $m = ($m + q$k * $c).tanh(); $B(q$k) }"),
    snippet("for iter", "", "for q$k in $r.iter() { $m += 0.3 * q$k * $x; }"),
    snippet(
        "for iter_mut",
        "",
        "let t$k = $e; for q$k in $h.iter_mut() { *q$k = (*q$k * t$k + $c).sin(); }",
    ),
    snippet(
        "for iter_mut",
        "",
        "let mut t$k = $e; for q$k in $h.iter_mut() { t$k = (t$k + *q$k).cos(); *q$k += 0.5 * t$k; } $m += t$k;",
    ),
    snippet(
        "for enumerate",
        "",
        "for (i$k, q$k) in $r.iter().enumerate() { $m += q$k * (1 + i$k) as f64 * 0.2; }",
    ),
    snippet(
        "for enumerate",
        "",
        "let t$k = $e; for (i$k, q$k) in $h.iter_mut().enumerate() { *q$k *= t$k / (1.0 + i$k as f64); }",
    ),
    snippet(
        "for zip",
        "",
        "for (p$k, q$k) in $r.iter().zip($r2.iter()) { $m += 0.4 * p$k * q$k; }",
    ),
    snippet(
        "for zip",
        "",
        "for (p$k, q$k) in $h.iter_mut().zip($r.iter()) { *p$k = (*p$k + $c * *q$k).sin(); }",
    ),
    snippet(
        "for chunks",
        "",
        "let w$k = [$e, $e, $e, $e]; for q$k in w$k.chunks(2) { $m += q$k[0] * q$k[1]; }",
    ),
    snippet(
        "for chunks_mut",
        "",
        "let mut w$k = vec![$e, $e, $e, $e]; for q$k in w$k.chunks_mut(2) { q$k[0] *= q$k[1]; q$k[1] = $c * q$k[0].sin(); } $m += w$k[1] + w$k[2];",
    ),
    snippet("for windows", "", "for q$k in $r.windows(2) { $m += (q$k[1] - q$k[0]) * $c; }"),
    snippet("sum", "", "let $new = $r.iter().sum::<f64>().sin();"),
    snippet("map sum", "", "let $new = 0.3 * $r.iter().map(|&q| $e(q)).sum::<f64>();"),
    snippet(
        "map sum",
        "",
        "let t$k = $e; let $new: f64 = $r.iter().map(|&q| 0.4 * q * t$k).sum();",
    ),
    snippet(
        "map sum",
        "",
        "let t$k = $e; let $new = (0..$n).map(|j| (t$k + j as f64).sin() * 0.3).sum::<f64>();",
    ),
    snippet("filter sum", "", "let $new = $r.iter().filter(|q| **q > 0.1).sum::<f64>().tanh();"),
    snippet(
        "filter map",
        "",
        "let t$k = $e; let $new = $r.iter().filter(|&&q| q < 0.8).map(|q| q * t$k * 0.5).sum::<f64>();",
    ),
    snippet("fold", "", "let $new = $r.iter().fold($e, |s, q| (s * $c + q).sin());"),
    snippet("fold", "", "let $new = $r.iter().fold(f64::NEG_INFINITY, |s, &q| s.max(q)).tanh();"),
    snippet(
        "map collect",
        "",
        "let t$k = $e; let w$k: Vec<f64> = $r.iter().map(|q| (q * t$k).sin()).collect(); $m += w$k[0] * w$k[2];",
    ),
    snippet(
        "zip map sum",
        "",
        "let $new = $r.iter().zip($r2.iter()).map(|(p, q)| p * q).sum::<f64>().sin();",
    ),
    snippet("while", "", "let mut i$k = 0; while i$k < $n { $m += 0.3 * $e; $B i$k += 1; }"),
    snippet(
        "while active",
        "",
        "let mut t$k = 1.0 + ($e).abs(); let mut i$k = 0usize; while t$k > 0.2 && i$k < 6 { t$k *= 0.5 + 0.1 * ($x).sin(); i$k += 1; } $m += t$k;",
    ),
    snippet(
        "while let",
        "",
        "let mut w$k = vec![$e, $e]; while let Some(q$k) = w$k.pop() { $m = ($m + q$k * $c).sin(); }",
    ),
    snippet(
        "loop",
        "",
        "let mut i$k = 0; loop { if i$k == $n { break; } $m = ($m * $c + $e).cos(); i$k += 1; }",
    ),
    snippet(
        "loop value",
        "",
        "let mut t$k = $e; let mut i$k = 0; let $new = loop { t$k = (t$k * $c + 0.1).sin(); i$k += 1; if t$k > 0.8 || i$k > 4 { break t$k * $x; } };",
    ),
    snippet(
        "break",
        "",
        "for i$k in 0..5 { if $m > 1.1 { break; } $m += 0.3 * ($x).abs() + 0.05 * i$k as f64; }",
    ),
    snippet(
        "continue",
        "",
        "for i$k in 0..4 { if i$k == 1 || $x > 0.9 { continue; } $m += 0.2 * $e; $a[i$k % 3] *= $c; }",
    ),
    snippet(
        "label",
        "",
        "'o$k: for i$k in 0..3 { for j$k in 0..3 { if i$k * j$k == 2 { continue 'o$k; } if $m > 2.1 { break 'o$k; } $m += 0.1 * $a[j$k] * $x; $a[i$k] = ($a[i$k] + $c * $a[j$k]).sin(); } }",
    ),
    snippet(
        "label",
        "",
        "let mut i$k = 0usize; let $new = 'o$k: loop { while i$k < 7 { i$k += 2; $m += 0.1 * $e; if $m < -1.0 { break 'o$k $e; } } break $m * $c; };",
    ),
    snippet(
        "return in loop",
        "",
        "for i$k in 0..3 { $m += 0.2 * $r[i$k]; if $m > 1.9 { return $ret; } }",
    ),
    snippet(
        "return in loop",
        "",
        "let mut i$k = 0; while i$k < 4 { i$k += 1; $a[i$k % 3] += 0.3 * $m; if $a[0] > 1.4 { return $ret; } }",
    ),
    snippet(
        "nested for",
        "",
        "for i$k in 0..3 { for j$k in 0..i$k { $a[i$k] -= 0.3 * $a[j$k] * $x; } $m += 0.1 * $a[i$k]; }",
    ),
    snippet(
        "newton",
        "",
        "let c$k = 2.0 + ($e).sin(); let mut t$k = 1.0; for _ in 0..20 { let s$k = (t$k * t$k - c$k) / (2.0 * t$k); t$k -= s$k; if s$k.abs() < 1e-13 { break; } } let $new = t$k;",
    ),
];
