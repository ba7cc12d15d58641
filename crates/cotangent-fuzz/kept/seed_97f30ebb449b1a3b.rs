// Failed once: differences, reverse, `tangent`: got 0e0, expected -1.520424622682981e-2 ± 3e-8 (step 9.4e-4) (at [0.0845, -1.3685, 1.3135])
use cotangent::prelude::*;
use cotangent_fuzz::harness::{Case, InPlace, Reader, Reverse, flat};
#[derive(Clone, Differentiable)]
pub struct Core {
    pub x: f64,
    pub w: [f64; 3],
}
#[derive(Clone, Differentiable)]
pub struct Shell {
    pub core: Core,
    pub rows: Vec<Vec<f64>>,
    pub both: (f64, f64),
}
#[derive(Clone, Differentiable)]
pub struct Pump {
    pub speed: f64,
}
#[derive(Clone, Differentiable)]
pub struct Plant {
    pub pump: Pump,
    pub pipes: [f64; 3],
    pub pumps: Vec<Pump>,
}
#[differentiable]
impl Pump {
    pub fn spin(&mut self, x: f64) -> f64 {
        self.speed = (self.speed + x).sin();
        self.speed * x
    }
}
#[differentiable]
impl Plant {
    pub fn run(&mut self, x: f64) -> f64 {
        let mut s = self.pump.spin(x);
        for i in 0..self.pumps.len() {
            s += 0.4 * self.pumps[i].spin(s);
            self.pipes[i] += s;
        }
        self.pipes[1] *= s;
        s
    }
}
#[derive(Clone, Differentiable)]
pub struct Pair<T> {
    pub a: T,
    pub b: T,
}
#[differentiable]
pub fn blend<T: Real>(x: T, y: T, c: T) -> T {
    let mut s = x * y;
    s += c;
    s.sin() * x + s / (T::ONE + y * y)
}
#[differentiable]
impl<T: Real> Pair<T> {
    pub fn mixed(&self, x: T) -> T {
        let p = self.a * x;
        if p > T::ZERO { p.tanh() } else { p * self.b }
    }
    pub fn shift(&mut self, x: T) {
        self.a += x;
        self.b = self.b * self.a;
    }
}
#[differentiable]
pub fn f(tangent: f64, (self_bar_l, mut self_bar_r): (f64, f64)) -> [f64; 2] {
    let mut acc = self_bar_l.hypot(1.5 + self_bar_l.sin()).cos();
    let mut buf = vec![
        ((0.9 * self_bar_l.sin()).asin()), (f64::max(self_bar_r, self_bar_r)), ((1.8 +
        self_bar_r.sin()).recip())
    ];
    let mut p1 = Core {
        x: cotangent::math::erf(acc).sin(),
        w: [0.84, tangent, f64::sin((2.2 * self_bar_l).trunc().sin())],
    };
    let q6 = ((1.8 + self_bar_r.sin()).recip().clamp(-0.7, 0.9), self_bar_l);
    let s_6 = q6.0 * q6.1;
    let s_8 = f64::from(
            blend(
                s_6.mul_add(acc, self_bar_r).sin().rem_euclid(0.9) as f32,
                tangent as f32,
                0.5f32,
            ),
        )
        .tanh();
    let mut i11 = 0;
    loop {
        if i11 == 2 {
            break;
        }
        acc = (acc * 0.26 + f64::max(buf[2], self_bar_r).tanh().cosh()).cos();
        i11 += 1;
    }
    [acc, s_8]
}
fn plain(theta: &[f64]) -> Vec<f64> {
    let mut r = Reader::new(theta);
    let mut tangent_0 = r.f();
    let mut self_bar_0 = (r.f(), r.f());
    let primal__0 = f(tangent_0, self_bar_0);
    let mut out = Vec::new();
    flat(&primal__0, &mut out);
    out
}
fn jvp(theta: &[f64], theta_dot: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let mut r = Reader::new(theta);
    let mut tangent_0 = r.f();
    let mut self_bar_0 = (r.f(), r.f());
    let mut r = Reader::new(theta_dot);
    let mut tangent_1 = r.f();
    let mut self_bar_1 = (r.f(), r.f());
    let (primal__0, primal__1) = f::jvp(
        (tangent_0, self_bar_0),
        (tangent_1, self_bar_1),
    );
    let mut out = Vec::new();
    flat(&primal__0, &mut out);
    let values = out;
    let mut out = Vec::new();
    flat(&primal__1, &mut out);
    (values, out)
}
fn vjp(theta: &[f64], bar: &[f64]) -> Reverse {
    let mut r = Reader::new(theta);
    let mut tangent_0 = r.f();
    let mut self_bar_0 = (r.f(), r.f());
    let mut r = Reader::new(bar);
    let primal__1: [f64; 2] = r.array();
    let (primal__0, mut pullback) = f::vjp(tangent_0, self_bar_0);
    let g = pullback(primal__1.clone());
    let again = pullback(primal__1.clone());
    drop(pullback);
    let mut out = Vec::new();
    flat(&primal__0, &mut out);
    let values = out;
    let mut out = Vec::new();
    flat(&g.tangent, &mut out);
    flat(&g.arg1, &mut out);
    let gradient = out;
    let mut out = Vec::new();
    flat(&again.tangent, &mut out);
    flat(&again.arg1, &mut out);
    Reverse {
        values,
        gradient,
        again: out,
    }
}
pub fn case() -> Case {
    Case {
        name: "p0403",
        leaves: &["tangent", "self_bar.0", "self_bar.1"],
        point: &[0.0845, -1.3685, 1.3135],
        zeros: &[],
        plain,
        jvp: Some(jvp),
        vjp: Some(vjp),
        grad_into: None,
    }
}
