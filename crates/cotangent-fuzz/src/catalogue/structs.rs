//! User types: methods, generics, traits.

use super::snippet;
use crate::template::Snippet;

const TANK: &str = "#[derive(Clone, Differentiable)] pub struct Tank { pub level: f64, pub flow: Vec<f64>, #[constant] pub steps: usize }
#[differentiable]
impl Tank {
    pub fn new(level: f64, flow: f64) -> Self { Tank { level, flow: vec![flow, 0.5 * flow], steps: 2 } }
    pub fn energy(&self, x: f64) -> f64 { let mut s = self.level * x; for q in &self.flow { s += Self::gain(*q) * 0.3; } s }
    pub fn gain(x: f64) -> f64 { x.sin() + 0.2 * x }
    pub fn advance(&mut self, dt: f64) { for i in 0..self.steps { self.level += dt * self.flow[i]; self.flow[i] *= 0.7; } }
    pub fn set_level(&mut self, level: f64) { self.level = level; }
    pub fn level(&self) -> f64 { self.level }
    pub fn drain(&mut self) -> f64 { let out = 0.3 * self.level; self.level -= out; self.flow[0] = out.sin(); out }
    pub fn scaled(mut self, x: f64) -> Self { self.level *= x; self.flow[1] += x; self }
    pub fn into_level(self) -> f64 { self.level * self.flow[0] }
}";

const PLANT: &str = "#[derive(Clone, Differentiable)] pub struct Pump { pub speed: f64 }
#[derive(Clone, Differentiable)] pub struct Plant { pub pump: Pump, pub pipes: [f64; 3], pub pumps: Vec<Pump> }
#[differentiable]
impl Pump {
    pub fn spin(&mut self, x: f64) -> f64 { self.speed = (self.speed + x).sin(); self.speed * x }
}
#[differentiable]
impl Plant {
    pub fn run(&mut self, x: f64) -> f64 {
        let mut s = self.pump.spin(x);
        for i in 0..self.pumps.len() { s += 0.4 * self.pumps[i].spin(s); self.pipes[i] += s; }
        self.pipes[1] *= s;
        s
    }
}";

const PAIR: &str = "#[derive(Clone, Differentiable)] pub struct Pair<T> { pub a: T, pub b: T }
#[differentiable]
pub fn blend<T: Real>(x: T, y: T, c: T) -> T { let mut s = x * y; s += c; s.sin() * x + s / (T::ONE + y * y) }
#[differentiable]
impl<T: Real> Pair<T> {
    pub fn mixed(&self, x: T) -> T { let p = self.a * x; if p > T::ZERO { p.tanh() } else { p * self.b } }
    pub fn shift(&mut self, x: T) { self.a += x; self.b = self.b * self.a; }
}";

const SHAPES: &str = "#[differentiable]
pub trait Shape { fn area(&self, x: f64) -> f64; fn grow(&mut self, x: f64); }
#[derive(Clone, Differentiable)] pub struct Disc { pub r: f64 }
#[derive(Clone, Differentiable)] pub struct Slab { pub w: f64, pub h: f64 }
#[differentiable]
impl Shape for Disc {
    fn area(&self, x: f64) -> f64 { self.r * self.r * x.sin() }
    fn grow(&mut self, x: f64) { self.r += 0.4 * x; }
}
#[differentiable]
impl Shape for Slab {
    fn area(&self, x: f64) -> f64 { self.w * self.h + x }
    fn grow(&mut self, x: f64) { self.w *= 0.5 + 0.1 * x; self.h -= x; }
}
#[differentiable]
pub fn measure<S: Shape>(s: &mut S, x: f64) -> f64 { let before = s.area(x); s.grow(x); 0.4 * before * s.area(0.5 * x) }";

/// The snippets.
pub const SNIPPETS: &[Snippet] = &[
    snippet("constructor, method", TANK, "let p$k = Tank::new($e, $e); let $new = p$k.energy($e).sin();"),
    snippet("mut method", TANK, "let mut p$k = Tank::new($e, $x); p$k.advance($e); p$k.advance(0.3); $m += 0.3 * p$k.energy($x) + p$k.flow[0];"),
    snippet("setter", TANK, "let mut p$k = Tank::new($x, $e); let l$k = p$k.level(); p$k.set_level(l$k * $e); $m += (p$k.level() * $c).sin();"),
    snippet("mut method value", TANK, "let mut p$k = Tank::new($e, $e); for _ in 0..$n { $m += 0.3 * p$k.drain(); } $m -= p$k.level;"),
    snippet("self method", TANK, "let p$k = Tank::new($e, $x).scaled($e); let $new = p$k.into_level().sin();"),
    snippet("self helper", TANK, "let $new = Tank::gain($e) * $x;"),
    snippet("struct literal", TANK, "let p$k = Tank { level: $e, flow: vec![$e, $x], steps: 1 }; let $new = p$k.energy(0.4) * p$k.flow[1];"),
    snippet("Vec of structs", TANK, "let mut w$k = vec![Tank::new($e, $x), Tank::new($x, $c)]; w$k[0].advance(0.3); w$k[1].level *= w$k[0].level; for p in w$k.iter_mut() { p.advance(0.2); } $m += 0.3 * w$k[1].energy($x);"),
    snippet("nested struct method", PLANT, "let mut p$k = Plant { pump: Pump { speed: $e }, pipes: [$e, $x, $c], pumps: vec![Pump { speed: $x }, Pump { speed: $e }] }; $m += 0.3 * p$k.run($e); $m += 0.2 * p$k.run($x) + p$k.pipes[1] - p$k.pumps[0].speed;"),
    snippet("nested struct field method", PLANT, "let mut p$k = Plant { pump: Pump { speed: $e }, pipes: [$e, $x, $c], pumps: vec![] }; p$k.pump.spin($e); p$k.pipes[0] *= p$k.pump.speed; $m += p$k.pipes[0];"),
    snippet("struct by value call", "#[derive(Clone, Differentiable)] pub struct Spot { pub x: f64, pub y: f64 }
#[differentiable] pub fn far(mut s: Spot, z: f64) -> Spot { s.x *= z; Spot { x: s.x + s.y, y: s.y * z } }", "let s$k = far(Spot { x: $e, y: $x }, $e); let $new = (s$k.x * s$k.y).tanh();"),
    snippet("struct reference call", "#[derive(Clone, Differentiable)] pub struct Cell { pub x: f64, pub q: [f64; 3] }
#[differentiable] pub fn read_cell(c: &Cell, x: f64) -> f64 { c.x * x + c.q[1].sin() }
#[differentiable] pub fn write_cell(c: &mut Cell, x: f64) { let y = read_cell(c, x); c.q[1] += y; c.x = 0.5 * y; }
#[differentiable] pub fn turn_cell(y: f64, x: &mut f64, q: &mut [f64; 3]) { *x = y * q[0].sin(); q[0] += 0.3 * *x; q[2] *= 0.5; }", "let mut s$k = Cell { x: $e, q: [$e, $x, $c] }; turn_cell(s$k.x, &mut s$k.x, &mut s$k.q); write_cell(&mut s$k, $e); $m += 0.3 * read_cell(&s$k, $x) - s$k.q[1];"),
    snippet("tuple struct", "#[derive(Clone, Copy, Differentiable)] pub struct Metres(pub f64);
#[differentiable] impl Metres { pub fn squared(self) -> f64 { self.0 * self.0 } }", "let mut q$k = Metres($e); q$k.0 *= $x; let $new = q$k.squared().sin();"),
    snippet("generic function", PAIR, "let $new = blend($e, $x, $c).tanh();"),
    snippet("generic function f32", PAIR, "let $new = f64::from(blend($e as f32, $x as f32, 0.5f32)).tanh();"),
    snippet("generic struct", PAIR, "let mut p$k = Pair { a: $e, b: $x }; p$k.shift($e); let $new = p$k.mixed($x) + p$k.b.sin();"),
    snippet("trait generic", SHAPES, "let mut d$k = Disc { r: $e }; $m += 0.3 * measure(&mut d$k, $e) + 0.1 * d$k.r;"),
    snippet("trait generic", SHAPES, "let mut d$k = Slab { w: $e, h: $x }; $m += 0.3 * measure(&mut d$k, $e) - 0.2 * d$k.h;"),
    snippet("trait method", SHAPES, "let mut d$k = Slab { w: $e, h: $x }; d$k.grow($x); let $new = d$k.area($e).sin();"),
    snippet("generic closure parameter", "#[differentiable] pub fn apply<F: Fn(f64) -> f64>(g: F, x: f64) -> f64 { let y = g(x); 0.5 * g(y + 0.3) + y }", "let t$k = $e; let $new = apply(|q| (q * t$k).sin(), $e).tanh();"),
    snippet("function passed on", "#[differentiable] pub fn wave(x: f64) -> f64 { x.sin() + 0.3 * x }
#[differentiable] pub fn integrate<F: Fn(f64) -> f64>(g: F, a: f64, n: usize) -> f64 { let mut s = 0.0; for i in 0..n { s += g(a * i as f64) / n as f64; } s }", "let $new = integrate(wave, $e, 3).sin();"),
    snippet(
        "method as path",
        TANK,
        "let mut p$k = Tank::new($e, $x); Tank::advance(&mut p$k, $c); let $new = Tank::energy(&p$k, $e).sin();",
    ),
    snippet(
        "trait default method",
        "#[differentiable]
pub trait Curve { fn at(&self, x: f64) -> f64; fn twice(&self, x: f64) -> f64 { 0.5 * self.at(x) + self.at(0.3 * x) } }
#[derive(Clone, Differentiable)] pub struct Line { pub a: f64, pub b: f64 }
#[differentiable]
impl Curve for Line { fn at(&self, x: f64) -> f64 { self.a * x + self.b } }",
        "let c$k = Line { a: $e, b: $x }; let $new = c$k.twice($e).tanh();",
    ),
    snippet(
        "other module",
        "pub mod inner { use super::*; #[differentiable] pub fn deep(x: f64, y: f64) -> f64 { let mut s = x; s *= y; s.sin() + x }
pub mod lower { use super::*; #[differentiable] pub fn deeper(x: f64) -> f64 { deep(x, 0.5 * x) * 0.7 } } }",
        "let $new = inner::deep($e, inner::lower::deeper($x)).tanh();",
    ),
    snippet(
        "renamed import",
        "pub mod origin$k { use super::*; #[differentiable] pub fn source(x: f64) -> f64 { $e(x) + 0.2 * x } }
use origin$k::source as renamed$k;",
        "let $new = renamed$k($e).sin();",
    ),
    snippet(
        "const item",
        "pub const GAIN$k: f64 = 0.7; pub const SIZE$k: usize = 3;",
        "for i$k in 0..SIZE$k { const LOCAL: f64 = $c; const GAIN$k: f64 = 0.2; let mut part$k = GAIN$k; part$k *= LOCAL * $a[i$k]; $m += part$k; } $m *= GAIN$k;",
    ),
    snippet(
        "f32 function",
        "#[differentiable]
pub fn narrow$k(x: f32, v: &[f32]) -> f32 { let mut s = x * 0.5; for q in v { s += q * x.sin(); } s.tanh() }",
        "let w$k = [$e as f32, $x as f32]; let $new = narrow$k($e as f32, &w$k) as f64;",
    ),
];
