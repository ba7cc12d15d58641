//! Slices, arrays and vectors.

use super::snippet;
use crate::template::Snippet;

/// The snippets.
pub const SNIPPETS: &[Snippet] = &[
    snippet(
        "slice call",
        "#[differentiable] pub fn norm$k(v: &[f64]) -> f64 { let mut s = 0.4; for i in 0..v.len() { s += v[i] * v[i]; } $e(s).sin() + s.sqrt() }",
        "let $new = norm$k(&$r[..]).tanh();",
    ),
    snippet(
        "slice call",
        "#[differentiable] pub fn tail$k(v: &[f64], x: f64) -> f64 { v[0] * x + v[v.len() - 1].sin() }",
        "let $new = tail$k(&$r[1..], $e) + tail$k(&$r[..2], $x);",
    ),
    snippet(
        "mut slice call",
        "#[differentiable] pub fn scale$k(v: &mut [f64], x: f64) { for q in v.iter_mut() { *q = (*q * x).sin(); } v[0] += x; }",
        "let t$k = $e; scale$k(&mut $a[..], t$k);",
    ),
    snippet(
        "mut slice call",
        "#[differentiable] pub fn push$k(v: &mut [f64], x: f64) -> f64 { let old = v[1]; v[1] = x; v[2] *= old; old * x }",
        "let t$k = $e; $m += 0.3 * push$k(&mut $a[..], t$k);",
    ),
    snippet(
        "mut scalar call",
        "#[differentiable] pub fn bump$k(x: &mut f64, y: f64) { *x += y.sin(); *x *= 0.6; }",
        "let t$k = $e; bump$k(&mut $m, t$k); bump$k(&mut $a[$i], t$k);",
    ),
    snippet(
        "scalar call",
        "#[differentiable] pub fn mix$k(x: f64, y: f64) -> f64 { let z = $e(x, y); if z > 0.2 { return z * x; } $e(x, y, z) }",
        "let $new = mix$k($e, $e).tanh();",
    ),
    snippet(
        "scalar call",
        "#[differentiable] pub fn twice$k(x: f64) -> f64 { let mut y = x; y *= x; y + $e(x, y) }",
        "let $new = twice$k(twice$k($e).sin()).sin();",
    ),
    snippet(
        "tuple call",
        "#[differentiable] pub fn polar$k(x: f64, y: f64) -> (f64, f64) { ((x * x + y * y + 0.1).sqrt(), y.atan2(1.5 + x.sin())) }",
        "let (a$k, b$k) = polar$k($e, $e); let $new = (a$k * b$k).sin();",
    ),
    snippet(
        "mut by-value call",
        "#[differentiable] pub fn drift$k(mut x: f64, mut v: Vec<f64>) -> f64 { x *= v[0]; v[1] += x; v.push(x * 0.5); v[1] * v[3] + x }",
        "let $new = drift$k($e, vec![$e, $x, $c]).sin();",
    ),
    snippet(
        "returned Vec",
        "#[differentiable] pub fn grid$k(x: f64, n: usize) -> Vec<f64> { let mut v = vec![0.0; n]; for i in 0..n { v[i] = (x * i as f64 + 0.3).sin(); } v }",
        "let mut $newa = grid$k($e, 4);",
    ),
    snippet(
        "array const generic",
        "#[differentiable] pub fn dot$k<const N: usize>(a: &[f64; N], b: &[f64; N]) -> f64 { let mut s = 0.0; for i in 0..N { s += a[i] * b[i]; } s }",
        "let a$k = [$e, $x, $c, $e]; let $new = dot$k(&a$k, &[$x, $e, $e, 0.5]).sin();",
    ),
    snippet(
        "array const generic",
        "#[differentiable] pub fn rotate$k<const N: usize>(mut a: [f64; N], x: f64) -> [f64; N] { for i in 1..N { a[i] += x * a[i - 1]; } a }",
        "let mut $newa = rotate$k([$e, $x, $e], $x);",
    ),
    snippet(
        "same array twice",
        "#[differentiable] pub fn cross$k(a: &[f64], b: &[f64]) -> f64 { a[0] * b[1] - b[2] * a[1].sin() }
#[differentiable] pub fn squares$k(v: &mut [f64], x: f64) -> f64 { v[0] *= x.sin(); cross$k(v, v) + 0.5 * v[2] }",
        "let mut w$k = [$e, $x, $c]; let $new = cross$k(&$r[..], &$r[..]).sin() + squares$k(&mut w$k, $x).tanh();",
    ),
    snippet("array literal", "", "let mut $newa = [$e, $e, $e];"),
    snippet("Vec literal", "", "let mut $newa = vec![$e, $e, $e, $e];"),
    snippet("vec repeat active", "", "let mut $newa = vec![$e; 3]; $newa[1] *= $x;"),
    snippet("array repeat active", "", "let mut $newa = [$e; 4]; $newa[2] += $x;"),
    snippet(
        "Vec zeros",
        "",
        "let mut $newa = vec![0.0; 3]; for i$k in 0..3 { $newa[i$k] += $x * (i$k as f64 + 0.5); }",
    ),
    snippet(
        "nested Vec",
        "",
        "let mut w$k = vec![vec![$e, $c], vec![$x, $e]]; w$k[1][0] *= w$k[0][1]; w$k[0][0] += $e; $m += w$k[0][0] * w$k[1][0];",
    ),
    snippet(
        "nested Vec",
        "",
        "let mut w$k = vec![vec![0.0; 3]; 2]; for i$k in 0..2 { for j$k in 0..3 { w$k[i$k][j$k] = $x * (i$k + j$k) as f64 * 0.2 + $c; } } for row in &w$k { $m += 0.1 * row[0] * row[2]; }",
    ),
    snippet(
        "nested array",
        "",
        "let mut w$k = [[$e, $c], [$x, $e]]; w$k[1][1] = w$k[0][0] * w$k[1][0]; w$k[0] = [w$k[1][1], $c]; $m += w$k[0][0] * w$k[1][1];",
    ),
    snippet(
        "push",
        "",
        "let mut w$k = Vec::new(); for i$k in 0..3 { w$k.push($e + 0.1 * i$k as f64); } $m += w$k[0] * w$k[2];",
    ),
    snippet(
        "push",
        "",
        "let mut $newa = vec![$e, $e]; $newa.push($x * $c); let t$k = $newa[0] * $newa[2]; $newa.push(t$k);",
    ),
    snippet(
        "pop",
        "",
        "let mut w$k = vec![$e, $e, $x]; let q$k = w$k.pop().unwrap(); w$k[0] *= q$k; let $new = w$k.pop().unwrap_or(0.0) * w$k[0];",
    ),
    snippet(
        "extend",
        "",
        "let mut $newa = vec![$e]; $newa.extend([$x * $c, $e]); $newa.extend($r.iter()); $newa[1] += $newa[3];",
    ),
    snippet(
        "extend_from_slice",
        "",
        "let mut $newa = vec![$x]; $newa.extend_from_slice(&$r[..2]); $newa[1] *= $newa[0];",
    ),
    snippet(
        "truncate",
        "",
        "let mut w$k = vec![$e, $e, $e, $e]; w$k[3] *= $x; w$k.truncate(2); w$k.push($c); $m += w$k[1] * w$k[2] - w$k.len() as f64 * 0.1;",
    ),
    snippet(
        "clear",
        "",
        "let mut w$k = vec![$e, $e]; $m += w$k[0] * w$k[1]; w$k.clear(); w$k.push($e); $m -= 0.4 * w$k[0];",
    ),
    snippet(
        "resize",
        "",
        "let mut $newa = vec![$e, $e]; $newa.resize(4, $x); $newa[3] *= $newa[0];",
    ),
    snippet("swap", "", "$a.swap(0, 2); $a[0] *= $c; $a.swap(0, 1);"),
    snippet(
        "split_at_mut",
        "#[differentiable] pub fn halves(s: f64, a: &mut [f64], b: &mut [f64]) { a[0] += s * b[1].sin(); b[0] *= a[0].cos(); }",
        "let (l$k, r$k) = $a.split_at_mut(1); halves(l$k[0], l$k, r$k); l$k[0] += 0.4 * r$k[0]; r$k[1] *= l$k[0];",
    ),
    snippet(
        "copy_from_slice",
        "",
        "let mut $newa = vec![0.5; 3]; $newa[0] *= $x; $newa.copy_from_slice(&$r[..3]); $newa[1] += $c;",
    ),
    snippet(
        "copy_from_slice",
        "",
        "let t$k = [$e, $x]; $a[1..3].copy_from_slice(&t$k); $a[1] *= $c;",
    ),
    snippet("fill", "", "let t$k = $e; $a[..2].fill(t$k); $a[0] += $c;"),
    snippet(
        "clone",
        "",
        "let mut w$k = $r.to_vec(); w$k[0] *= $e; w$k[1] += w$k[0]; $m += w$k[1] - $r[0] * 0.2;",
    ),
    snippet(
        "clone",
        "",
        "let v$k = vec![$e, $e, $x]; let mut $newa = v$k.clone(); $newa[0] *= v$k[1]; $newa[2] += v$k[0];",
    ),
    snippet(
        "Vec assign length",
        "",
        "let mut w$k = vec![$e, $e]; $m += w$k[1]; w$k = vec![$x * $c; 4]; w$k[3] *= $e; $m -= 0.3 * w$k[3]; w$k = vec![w$k[0] * w$k[3]]; $m += w$k[0];",
    ),
    snippet(
        "Vec assign length",
        "",
        "let mut $newa = vec![$e]; if $cond { $newa = vec![$e, $e, $e]; } else { $newa = $r.to_vec(); } $newa[0] += $c;",
    ),
    snippet(
        "lengths",
        "",
        "let $new = $r.len() as f64 * 0.2 * $x + if $r.is_empty() { 1.0 } else { $r[0] };",
    ),
    snippet(
        "first last",
        "",
        "let $new = $r.first().unwrap() * $r.last().copied().unwrap_or(0.0);",
    ),
    snippet(
        "Vec with_capacity",
        "",
        "let mut w$k = Vec::with_capacity(3); for q in $r.iter() { w$k.push(q * $x); } $m += 0.5 * w$k[0] * w$k[1];",
    ),
    snippet(
        "Option of Vec",
        "",
        "let mut o$k = Some(vec![$e, $x]); if let Some(w) = &mut o$k { w[0] *= w[1]; w[1] = $c; } if let Some(w) = o$k { $m += w[0] * w[1]; }",
    ),
];
