//! The programs that the faults meet: small, and together they need every rule, save and step that a fault breaks.

/// Names and sources; each has an entry function `f(x: f64, y: f64, v: &mut [f64]) -> f64`.
pub const PROGRAMS: &[(&str, &str)] = &[
    (
        "rules",
        "#[differentiable]
pub fn f(x: f64, y: f64, v: &mut [f64]) -> f64 {
    let a = x.sin() + y.tanh() + v[0].exp2() + (x * x + 1.0).sqrt();
    let b = y.sin().powi(3) + (x * x + 1.5).powf(y) + x.atan2(2.0 + y * y);
    let c = x.max(y) + x.hypot(y + 3.0) + v[1].erf();
    a * b + c
}",
    ),
    (
        "arithmetic",
        "#[differentiable]
pub fn f(x: f64, y: f64, v: &mut [f64]) -> f64 {
    let p = (x - y) * (x + v[0]);
    let q = -(v[1] * y) / (3.0 + y * y);
    p * q - x / (4.0 + v[2])
}",
    ),
    (
        "updates",
        "#[differentiable]
pub fn f(x: f64, y: f64, v: &mut [f64]) -> f64 {
    let mut s = x;
    s += y * y;
    s -= v[0] * s.sin();
    s *= 1.0 + s;
    s -= x * s;
    s
}",
    ),
    (
        "overwritten_elements",
        "#[differentiable]
pub fn f(x: f64, y: f64, v: &mut [f64]) -> f64 {
    let mut w = [x, y, v[0]];
    let before = w[1] * w[2];
    w[1] = w[0].sin() * w[1];
    let middle = w[1] * w[1];
    w[1] = 0.5;
    w[2] = before * w[1] + x;
    w[0] * middle + w[1] * w[2] * w[2]
}",
    ),
    (
        "filled",
        "#[differentiable]
pub fn f(x: f64, y: f64, v: &mut [f64]) -> f64 {
    let mut u = vec![x, y * y];
    let p = u[0] * u[1];
    u.fill(x * y);
    v[..2].fill(p);
    p + u[0] * u[1] + v[0] * v[2]
}",
    ),
    (
        "lengths_alone",
        "#[differentiable]
pub fn f(x: f64, y: f64, v: &mut [f64]) -> f64 {
    let mut w = vec![x, y];
    let s = w[0] + w[1];
    w = vec![y, x, s];
    w[0] - w[1] + w[2] + v[0]
}",
    ),
    (
        "indices_that_change",
        "#[differentiable]
pub fn f(x: f64, y: f64, v: &mut [f64]) -> f64 {
    let mut k = 0;
    let mut s = x;
    v[k] *= y;
    k += 1;
    v[k] *= s;
    s += v[k] * v[k - 1];
    let r = &mut v[k];
    k += 1;
    *r += s * s;
    let old = v[k - 1];
    v[k] = old * s;
    v[k] * s
}",
    ),
    (
        "loop_carried",
        "#[differentiable]
pub fn f(x: f64, y: f64, v: &mut [f64]) -> f64 {
    let mut s = x;
    let mut t = y;
    for i in 0..v.len() {
        t += s * v[i];
        s = (s * t).sin();
        v[i] = t * s;
    }
    s * t
}",
    ),
    (
        "locals_in_a_branch",
        "#[differentiable]
pub fn f(x: f64, y: f64, v: &mut [f64]) -> f64 {
    let mut s = y;
    if x < 10.0 {
        let a = (x + v[0]).sin();
        let b = (s * a).exp();
        s += a * b;
    }
    s * x
}",
    ),
    (
        "sum_in_a_loop",
        "#[differentiable]
pub fn f(x: f64, y: f64, v: &mut [f64]) -> f64 {
    let mut total = x;
    for i in 0..4 {
        let mut p = y;
        for k in 0..v.len() {
            p *= v[k].sin() + x * (i as f64);
        }
        total += p;
    }
    total * total
}",
    ),
    (
        "locals_in_a_loop",
        "#[differentiable]
pub fn f(x: f64, y: f64, v: &mut [f64]) -> f64 {
    let mut s = y;
    for i in 0..3 {
        let a = (x + v[i]).sin();
        let b = (s * a).exp();
        let c = (a + b).tanh();
        s += a * b * c;
        s = s.sin();
    }
    s
}",
    ),
    (
        "branches",
        "#[differentiable]
pub fn f(x: f64, y: f64, v: &mut [f64]) -> f64 {
    let mut n = 0;
    let mut s = x;
    for i in 0..3 {
        if n == i {
            s *= 1.0 + y * y;
            n += 2;
        } else {
            s = s.sin() + v[i];
        }
    }
    let mut flip = x > -100.0;
    if flip { s *= y; flip = false; } else { s = y; }
    if flip { 0.0 } else { s }
}",
    ),
    (
        "breaks",
        "#[differentiable]
pub fn f(x: f64, y: f64, v: &mut [f64]) -> f64 {
    let mut s = x;
    for i in 0..5 {
        s = (s + y).sin() * s;
        if i == 2 {
            break;
        }
        s += v[i] * s;
    }
    s
}",
    ),
    (
        "sums_in_a_loop",
        "#[differentiable]
pub fn f(x: f64, y: f64, v: &mut [f64]) -> f64 {
    let mut s = x;
    for i in 0..4 {
        s += v[1] * (i as f64 + y) * s;
    }
    s * v[1]
}",
    ),
    (
        "containers",
        "#[differentiable]
pub fn f(x: f64, y: f64, v: &mut [f64]) -> f64 {
    let mut w = vec![x, y, 0.5];
    let mut u = vec![0.25, 0.75];
    w.swap(0, 2);
    w.push(w[2] * x);
    let last = w.pop().unwrap_or(0.0);
    u.extend_from_slice(&w[..]);
    std::mem::swap(&mut w, &mut u);
    let s = w[2] * w[3] + u[0] * last;
    w.fill(x * y);
    w.truncate(2);
    w = vec![w[0] * s, y];
    v.copy_from_slice(&[x, s, w[0]]);
    v[0] * s + v[1] * v[2] + w[1] * u[1]
}",
    ),
    (
        "recomputed",
        "#[differentiable]
pub fn f(x: f64, y: f64, v: &mut [f64]) -> f64 {
    let mut s = x;
    for i in 0..3 {
        let a = s * v[i];
        s = a * a + y;
        v[i] = a * s;
    }
    s
}",
    ),
    (
        "calls",
        "#[differentiable]
pub fn blend(a: &[f64], b: &[f64], x: f64) -> f64 {
    let mut s = x;
    for i in 0..a.len() { s += a[i] * b[i] * x; }
    s
}
#[differentiable]
pub fn advance(v: &mut [f64], x: f64) -> f64 {
    let mut s = 0.0;
    for i in 0..v.len() { v[i] *= x; s += v[i] * v[i]; }
    s
}
#[differentiable]
pub fn f(x: f64, y: f64, v: &mut [f64]) -> f64 {
    let mut w = [0.5, 0.25];
    let p = blend(&v[..], &v[..], x);
    let q = advance(&mut w, y);
    let r = advance(v, w[0] * q);
    p * r + w[1]
}",
    ),
    (
        "swapped_scalars",
        "#[differentiable]
pub fn f(x: f64, y: f64, v: &mut [f64]) -> f64 {
    let mut a = 0.5;
    let mut b = x * y;
    std::mem::swap(&mut a, &mut b);
    a * a * v[0] + b
}",
    ),
    (
        "assigned_constants",
        "#[differentiable]
pub fn f(x: f64, y: f64, v: &mut [f64]) -> f64 {
    let mut a = 0.5;
    a = x * a;
    let b = a * y;
    a = 2.0;
    let mut k = 0.25;
    k += x * y;
    v[0] = 1.5;
    b * a + k * v[0] * v[1]
}",
    ),
    (
        "growing",
        "#[differentiable]
pub fn f(x: f64, y: f64, v: &mut [f64]) -> f64 {
    let mut path = Vec::new();
    let mut s = x;
    for i in 0..3 {
        path.push(s * v[i]);
        for k in 0..path.len() { s += path[k] * y; }
        s = s.sin();
    }
    path.truncate(2);
    let mut t = s;
    for k in 0..path.len() { t += path[k] * path[k]; }
    path = vec![t, y];
    path[0] * path[1]
}",
    ),
];
