// Failed once: dot test: forward 8.206600653899284e-1, reverse 0e0; `self_bar`: reverse 0e0, forward 8.51671783688139e-1, differences 8.516717836873985e-1 (at [-1.5465, -1.1215])
use cotangent::prelude::*;
use cotangent_fuzz::harness::{Case, InPlace, Reader, Reverse, flat};
#[differentiable]
pub fn f(self_bar: f64, x_bar: f64) -> f64 {
    let mut acc = 0.5;
    let mut w1 = vec![0.5, self_bar];
    while let Some(q1) = w1.pop() {
        acc = acc + q1;
    }
    acc
}
fn plain(theta: &[f64]) -> Vec<f64> {
    let mut r = Reader::new(theta);
    let mut self_bar_0 = r.f();
    let mut x_bar_0 = r.f();
    let primal__0 = f(self_bar_0, x_bar_0);
    let mut out = Vec::new();
    flat(&primal__0, &mut out);
    out
}
fn jvp(theta: &[f64], theta_dot: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let mut r = Reader::new(theta);
    let mut self_bar_0 = r.f();
    let mut x_bar_0 = r.f();
    let mut r = Reader::new(theta_dot);
    let mut self_bar_1 = r.f();
    let mut x_bar_1 = r.f();
    let (primal__0, primal__1) = f::jvp((self_bar_0, x_bar_0), (self_bar_1, x_bar_1));
    let mut out = Vec::new();
    flat(&primal__0, &mut out);
    let values = out;
    let mut out = Vec::new();
    flat(&primal__1, &mut out);
    (values, out)
}
fn vjp(theta: &[f64], bar: &[f64]) -> Reverse {
    let mut r = Reader::new(theta);
    let mut self_bar_0 = r.f();
    let mut x_bar_0 = r.f();
    let mut r = Reader::new(bar);
    let primal__1 = r.f();
    let (primal__0, mut pullback) = f::vjp(self_bar_0, x_bar_0);
    let g = pullback(primal__1.clone());
    let again = pullback(primal__1.clone());
    drop(pullback);
    let mut out = Vec::new();
    flat(&primal__0, &mut out);
    let values = out;
    let mut out = Vec::new();
    flat(&g.self_bar, &mut out);
    flat(&g.x_bar, &mut out);
    let gradient = out;
    let mut out = Vec::new();
    flat(&again.self_bar, &mut out);
    flat(&again.x_bar, &mut out);
    Reverse {
        values,
        gradient,
        again: out,
    }
}
fn grad_into(theta: &[f64]) -> InPlace {
    let mut r = Reader::new(theta);
    let mut self_bar_0 = r.f();
    let mut x_bar_0 = r.f();
    let mut g = f::grad(self_bar_0, x_bar_0);
    let mut r = Reader::new(theta);
    let mut self_bar_0 = r.f();
    let mut x_bar_0 = r.f();
    let mut tape = Tape::new();
    let y = f::grad_into(self_bar_0, x_bar_0, &mut tape, &mut g);
    let mut out = Vec::new();
    flat(&g.self_bar, &mut out);
    flat(&g.x_bar, &mut out);
    InPlace {
        value: y,
        gradient: out,
        tape_length: tape.len(),
    }
}
pub fn case() -> Case {
    Case {
        name: "p0000",
        leaves: &["self_bar", "x_bar"],
        point: &[-1.5465, -1.1215],
        zeros: &[],
        plain,
        jvp: Some(jvp),
        vjp: Some(vjp),
        grad_into: Some(grad_into),
    }
}
