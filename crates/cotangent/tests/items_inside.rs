//! Items that stand inside a differentiable function: each belongs to its block, and hides what it hides there only.

mod case;

const K: f64 = 2.0;

case! { a_constant_is_a_float {
#[differentiable] fn f(x: f64) -> f64 { const LOCAL: f64 = 1.5; let mut y = LOCAL; y += x * x; let z = LOCAL; y * z }
} }

case! { two_blocks_with_constants_of_one_name {
#[differentiable] fn f(x: f64) -> f64 {
    let mut s = 0.0;
    for i in 0..3 { const LOCAL: f64 = 0.5; s += LOCAL * x * x; }
    for i in 0..2 { const LOCAL: f64 = 3.0; s += LOCAL * x; }
    s
}
} }

case! { an_inner_constant_hides_an_outer_one_in_its_block_only {
#[differentiable] fn f(x: f64) -> f64 {
    use super::K;
    let a = K * x;
    let b = { const K: f64 = 5.0; K * x * x };
    a + b + K * x
}
} }

case! { a_constant_of_a_constant_as_a_length {
#[differentiable] fn f(x: f64) -> f64 {
    const N: usize = 2;
    let mut s = 0.0;
    { const N: usize = 3; const M: usize = N + 1; let v: [f64; M] = [x; M]; for k in 0..M { s += v[k] * x; } }
    let w: [f64; N] = [x; N];
    s + w[N - 1]
}
} }

case! { an_import_in_a_block {
mod other { pub fn scale() -> f64 { 7.0 } }
fn scale() -> f64 { 3.0 }
#[differentiable] fn f(x: f64) -> f64 {
    let a = x * scale();
    let b = if x > 0.0 { use other::scale; x * x * scale() } else { 0.0 };
    a + b + scale() * x
}
} }

case! { functions_of_one_name_in_two_blocks {
#[differentiable] fn f(x: f64) -> f64 {
    let a = { #[differentiable] fn part(t: f64) -> f64 { t * t } part(x) };
    let b = { #[differentiable] fn part(t: f64) -> f64 { t.sin() } part(x) * part(2.0 * x) };
    a * b
}
} }

case! { a_type_inside {
#[differentiable] fn f(x: f64) -> f64 {
    #[derive(Differentiable, Clone, Copy)] struct Pair { a: f64, b: f64 }
    #[differentiable] impl Pair { fn dot(self) -> f64 { self.a * self.b } }
    let p = Pair { a: x, b: x * x };
    p.dot() + p.a
}
} }

case! { a_constant_in_a_closure {
#[differentiable] fn f(x: f64) -> f64 {
    const C: f64 = 2.0;
    let g = |t: f64| { const C: f64 = 0.25; C * t * t };
    g(x) * C + g(C * x)
}
} }

case! { a_constant_as_a_pattern {
#[differentiable] fn f(x: f64) -> f64 {
    const ONE: usize = 1;
    let mut s = 0.0;
    for k in 0..4 { const ONE: usize = 2; s += match k { ONE => x * x, _ => x }; }
    match s as usize { ONE => s, _ => 2.0 * s }
}
} }

case! { a_field_with_the_name_of_a_constant {
#[derive(Differentiable, Clone)] struct P { K: f64 }
#[differentiable] fn f(x: f64) -> f64 {
    let p = P { K: x };
    let b = { const K: f64 = 5.0; let q = P { K: K * x }; q.K * p.K };
    p.K + b * super::K
}
} }

case! { a_match_on_text {
#[differentiable(wrt(x))] fn g(x: f64, kind: &str) -> f64 {
    let own: &str = kind;
    let a = match kind { "square" => x * x, "sine" | "sin" => x.sin(), _ => x };
    a * match own { "square" => 2.0, _ => x }
}
#[differentiable] fn f(x: f64) -> f64 { g(x, "square") + g(x, "sin") + g(x, "else") }
} }
