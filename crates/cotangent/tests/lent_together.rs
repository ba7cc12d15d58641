//! Calls that are lent several parts of one variable, or the same place more than once.

mod case;

case! { same_array_twice {
#[differentiable] fn blend(a: &[f64], b: &[f64], x: f64) -> f64 { let mut s = 0.0; for i in 0..a.len() { s += a[i] * b[i] * x; } s }
#[differentiable] fn g(v: &mut [f64], x: f64) -> f64 { v[0] *= x; let y = blend(v, v, x); v[1] *= y; blend(v, v, y) }
#[differentiable] fn f(x: f64) -> f64 { let mut v = vec![x, x * x, 2.0]; let y = g(&mut v, x); y + v[1] }
} }

case! { same_array_twice_local {
#[differentiable] fn blend(a: &[f64], b: &[f64], x: f64) -> f64 { let mut s = 0.0; for i in 0..a.len() { s += a[i] * b[i] * x; } s }
#[differentiable] fn f(x: f64) -> f64 { let mut v = vec![x, x * x, 2.0]; v[0] *= x; let w = &v; let y = blend(w, w, x); let z = blend(&v[..2], &v[1..], x); y * z + v[1] }
} }

case! { same_array_twice_refmut {
#[differentiable] fn blend(a: &[f64], b: &[f64], x: f64) -> f64 { let mut s = 0.0; for i in 0..a.len() { s += a[i] * b[i] * x; } s }
#[differentiable] fn f(x: f64) -> f64 { let mut v = vec![x, x * x, 2.0]; let w = &mut v; w[0] *= x; let y = blend(w, w, x); w[2] = y; blend(&*w, w, 1.0) }
} }

case! { halves {
#[differentiable] fn kernel(a: &mut [f64], b: &mut [f64]) { for i in 0..a.len() { a[i] *= b[i]; b[i] += a[i]; } }
#[differentiable] fn f(x: f64) -> f64 { let mut v = vec![x, x * x, 2.0, x + 1.0]; let (left, right) = v.split_at_mut(2); kernel(left, right); left[0] *= right[1]; v[0] * v[3] + v[1] * v[2] }
} }

case! { halves_of_param {
#[differentiable] fn kernel(a: &mut [f64], b: &mut [f64], c: f64) -> f64 { for i in 0..a.len() { a[i] *= b[i] * c; b[i] += a[i]; } a[0] }
#[differentiable] fn rec(v: &mut [f64], x: f64) -> f64 { let n = v.len(); if n < 2 { return v[0] * x; } let (l, r) = v.split_at_mut(n / 2); let q = kernel(l, r, x); rec(l, q) + rec(r, x) + kernel(r, l, q) }
#[differentiable] fn f(x: f64) -> f64 { let mut v = vec![x, x * x, 2.0, x + 1.0]; let y = rec(&mut v, 0.3 * x); y + v[0] * v[3] }
} }

case! { halves_mixed {
#[differentiable] fn axpy(a: &[f64], b: &mut [f64], c: f64) { for i in 0..a.len() { b[i] += a[i] * c; } }
#[differentiable] fn f(x: f64) -> f64 { let mut v = [x, x * x, 2.0, x + 1.0]; { let (l, r) = v.split_at_mut(2); axpy(l, r, x); axpy(r, l, x); } let (l, r) = v.split_at(1); l[0] * r[0] + r[1] + v[3] }
} }

case! { fields_apart {
#[derive(Differentiable, Clone)] struct S { a: Vec<f64>, b: Vec<f64>, c: f64 }
#[differentiable] fn axpy(a: &mut [f64], b: &mut [f64], c: &mut f64) { for i in 0..a.len() { b[i] += a[i] * *c; a[i] *= b[i]; *c += a[i]; } }
#[differentiable] impl S { fn go(&mut self) { axpy(&mut self.a, &mut self.b, &mut self.c); } }
#[differentiable] fn f(x: f64) -> f64 { let mut s = S { a: vec![x, 1.0], b: vec![x * x, x], c: x }; s.go(); axpy(&mut s.a, &mut s.b, &mut s.c); s.c + s.a[1] * s.b[0] }
} }

case! { rows {
#[differentiable] fn axpy(a: &[f64], b: &mut [f64], c: f64) { for i in 0..a.len() { b[i] += a[i] * c; } }
#[differentiable] fn f(x: f64) -> f64 { let mut m = vec![vec![x, 1.0], vec![x * x, 2.0]]; let (top, bottom) = m.split_at_mut(1); axpy(&top[0], &mut bottom[0], x); m[1][0] * m[1][1] }
} }

case! { arrays_of_arrays {
#[differentiable] fn axpy(a: &mut [f64; 2], b: &mut [f64; 2], c: f64) { for i in 0..2 { b[i] += a[i] * c; a[i] *= b[i]; } }
#[differentiable] fn f(x: f64) -> f64 { let mut m = [[x, 1.0], [x * x, 2.0]]; let [p, q] = &mut m; axpy(p, q, x); m[1][0] * m[1][1] + m[0][0] }
} }

case! { chunks_pair {
#[differentiable] fn kernel(a: &mut [f64], b: &mut [f64]) { for i in 0..a.len() { a[i] *= b[i]; b[i] += a[i]; } }
#[differentiable] fn f(x: f64) -> f64 { let mut v = vec![x, x * x, 2.0, x + 1.0]; for c in v.chunks_mut(2) { let (l, r) = c.split_at_mut(1); kernel(l, r); } v[0] * v[3] + v[1] * v[2] }
} }

case! { tuple_apart {
#[differentiable] fn kernel(a: &mut f64, b: &mut f64) { *a *= *b; *b += *a; }
#[differentiable] fn f(x: f64) -> f64 { let mut t = (x, x * x); kernel(&mut t.0, &mut t.1); t.0 * t.1 }
} }

case! { method_self_and_field {
#[derive(Differentiable, Clone)] struct S { a: Vec<f64>, b: Vec<f64> }
#[differentiable] fn mix(a: &mut Vec<f64>, b: &Vec<f64>) { for i in 0..a.len() { a[i] *= b[i]; } }
#[differentiable] fn f(x: f64) -> f64 { let mut s = S { a: vec![x, 1.0], b: vec![x * x, x] }; mix(&mut s.a, &s.b); mix(&mut s.b, &s.a); s.a[0] + s.b[0] * s.b[1] }
} }

case! { a_value_read_before_its_place_is_lent {
#[differentiable] fn kernel(s: f64, a: &mut [f64], b: &mut [f64]) { for i in 0..a.len() { a[i] *= b[i] * s; b[i] += a[i]; } }
#[differentiable] fn f(x: f64) -> f64 { let mut v = vec![x, x * x, 2.0, x + 1.0]; let (l, r) = v.split_at_mut(2); kernel(l[1] * r[0], l, r); v[0] * v[3] }
} }

case! { a_value_read_after_its_place_is_lent {
#[differentiable] fn weighted(a: &[f64], s: f64, n: usize) -> f64 { a[0] * s * n as f64 + a[1] }
#[differentiable] fn g(v: &mut [f64]) -> f64 { v[0] *= v[1]; weighted(v, v[0], v.len()) }
#[differentiable] fn f(x: f64) -> f64 { let mut v = [x, x * x]; g(&mut v) + v[0] }
} }

case! { quarters {
#[differentiable] fn mix(a: &mut [f64], b: &[f64], c: &mut [f64], d: &[f64]) { for i in 0..a.len() { a[i] += b[i] * d[i]; c[i] *= a[i]; } }
#[differentiable] fn f(x: f64) -> f64 {
    let mut v = vec![0.0; 8];
    for i in 0..8 { v[i] = x * (i as f64 + 1.0).sqrt(); }
    let half = v.len() / 2;
    let (l, r) = v.split_at_mut(half);
    let (a, b) = l.split_at_mut(2);
    let (c, d) = r.split_at_mut(half / 2);
    mix(a, b, c, d);
    mix(d, a, b, c);
    let mut s = 0.0;
    for i in 0..8 { s += v[i] * (i as f64 + 0.5); }
    s
}
} }

case! { a_method_on_a_part {
#[derive(Differentiable, Clone, Copy)] struct P { q: f64, w: f64 }
#[differentiable] impl P {
    fn pull(&mut self, other: &mut P) -> f64 { self.q += other.w * other.q; other.w *= self.q; self.q }
    fn gap(&self, other: &P) -> f64 { self.q * other.w - other.q }
}
#[differentiable] fn f(x: f64) -> f64 {
    let mut p = vec![P { q: x, w: 1.0 }, P { q: 2.0, w: x * x }, P { q: x.sin(), w: x }];
    let (l, r) = p.split_at_mut(1);
    let a = l[0].pull(&mut r[1]);
    let mut s = a;
    for i in 0..p.len() { for j in 0..p.len() { s += p[i].gap(&p[j]); } }
    s
}
} }

case! { parts_of_a_field {
#[derive(Differentiable, Clone)] struct State { grid: Vec<f64>, gain: f64 }
#[differentiable] fn sweep(a: &mut [f64], b: &mut [f64], gain: &mut f64) { for i in 0..a.len() { b[i] += *gain * a[i]; *gain *= 1.0 + 0.1 * b[i]; a[i] -= b[i]; } }
#[differentiable] impl State { fn step(&mut self, n: usize) { let (l, r) = self.grid.split_at_mut(n); sweep(l, r, &mut self.gain); } }
#[differentiable] fn f(x: f64) -> f64 { let mut s = State { grid: vec![x, 2.0, x * x, 1.0], gain: 0.5 * x }; for n in 1..3 { s.step(n); } s.gain * s.grid[0] + s.grid[3] }
} }

mod orders_and_directions {
    use cotangent::prelude::*;

    #[differentiable(order = 2, lanes)]
    fn kernel(a: &mut [f64], b: &mut [f64], c: f64) -> f64 {
        for i in 0..a.len() {
            a[i] *= b[i] * c;
            b[i] += a[i].sin();
        }
        a[0] + b[0]
    }

    #[differentiable(order = 2, lanes)]
    fn both(x: &[f64]) -> f64 {
        let mut v = x.to_vec();
        let (l, r) = v.split_at_mut(2);
        let first = kernel(l, r, x[0]);
        let second = kernel(r, l, first);
        first * second + v[1] * v[2]
    }

    #[test]
    fn second_order() {
        cotangent_check::check_gradient!(order = 2; both, &[0.4, 1.1, -0.7, 0.9][..]);
    }

    #[test]
    fn several_directions() {
        let x = [0.4, 1.1, -0.7, 0.9];
        let mut together = cotangent::Matrix::zeros(1, 4);
        both::jacobian_into(&x, &mut together);
        let gradient = both::grad(&x).x;
        for k in 0..4 {
            assert!((together[(0, k)] - gradient[k]).abs() < 1e-12 * (1.0 + gradient[k].abs()), "{k}");
        }
    }
}

case! { a_method_that_is_given_a_part_of_its_receiver {
#[derive(Differentiable, Clone, Copy)] struct P { q: f64, w: f64, #[constant] n: usize }
#[differentiable] impl P {
    fn add(&mut self, t: f64, n: usize) -> f64 { for _ in 0..n { self.q += t * self.w; } self.q }
    fn gap(&self, other: P) -> f64 { self.q * other.w - other.q }
}
#[differentiable] fn f(x: f64) -> f64 {
    let mut p = P { q: x, w: x * x, n: 2 };
    let a = p.add(p.w, p.n);
    p.add(a * p.q, 1);
    let mut all = [p, P { w: x, ..p }];
    let mut s = p.gap(p);
    for i in 0..2 { s += all[i].gap(all[1 - i]); }
    all[0].add(s, all[1].n);
    all[0].q + s
}
} }

case! { an_index_that_the_call_changes {
#[differentiable] fn take(v: &[f64], k: &mut usize, x: f64) -> f64 { *k += 1; v[0] * x }
#[differentiable] fn f(x: f64) -> f64 {
    let m = [x, x * x, 2.0, x.sin()];
    let mut k = 0;
    let mut s = 1.0;
    for _ in 0..3 { s += take(&m[k..k + 1], &mut k, s); }
    s
}
} }

case! { an_index_in_what_is_assigned {
#[differentiable] fn f(x: f64) -> f64 {
    let mut v = [1.0, x, 2.0, x * x];
    v[v[0] as usize] *= x;
    let y = v[1];
    v[v[0] as usize - 1] = 3.0 * x;
    v[v[2] as usize] += y * v[3];
    v[0] * v[1] + v[2] * v[3]
}
} }

case! { an_integer_lent {
fn next(seed: &mut u64) -> f64 { *seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407); (*seed >> 11) as f64 / (1u64 << 53) as f64 }
#[differentiable] fn noisy(seed: &mut u64, x: f64) -> f64 { let u = next(seed); let w = next(seed); x * u + w * x * x }
#[differentiable] fn f(x: f64) -> f64 {
    let mut seed = 42u64;
    let mut s = 0.0;
    for _ in 0..5 { let u = next(&mut seed); s += noisy(&mut seed, x + u) * u; }
    s * next(&mut seed)
}
} }
