// Failed once: panic: Tape: pop of a `bool` at word 0, but a `program::p0146::_::<impl program::p0146::Tank>::__differentiable_gain::{{closure}}` was pushed at word 1; this is a bug of cotangent (at [1.1405, -0.0655, -1.4865, 1.2485, 0.0965, -0.9425, -1.1155, -0.1145, -0.6985, -0.2095])
use cotangent::prelude::*;
use cotangent_fuzz::harness::{Case, InPlace, Reader, Reverse, flat};
#[derive(Clone, Differentiable)]
pub struct Tank {
    pub level: f64,
    pub flow: Vec<f64>,
    #[constant]
    pub steps: usize,
}
#[differentiable]
impl Tank {
    pub fn new(level: f64, flow: f64) -> Self {
        Tank {
            level,
            flow: vec![0.5, 0.5],
            steps: 2,
        }
    }
    pub fn energy(&self, x: f64) -> f64 {
        let mut s = 0.5;
        for q in &self.flow {
            s += Self::gain(*q);
        }
        s
    }
    pub fn gain(x: f64) -> f64 {
        x
    }
}
#[differentiable]
pub fn f(primal: f64, x_bar: &[f64], y_bar: &[f64; 3], u: &mut Vec<f64>) -> f64 {
    let mut acc = 1.3;
    for i4 in 0..5 {
        if acc > 1.1 {
            break;
        }
        acc += primal;
    }
    let mut p5 = Tank::new(acc, acc);
    let s_5 = Tank::energy(&p5, 0.5);
    let p7 = Tank {
        level: acc,
        flow: vec![2.0, acc],
        steps: 1,
    };
    let s_7 = p7.energy(0.4);
    s_7
}
fn plain(theta: &[f64]) -> Vec<f64> {
    let mut r = Reader::new(theta);
    let mut primal_0 = r.f();
    let mut x_bar_0 = r.vec(3);
    let mut y_bar_0: [f64; 3] = r.array();
    let mut u_0 = r.vec(3);
    let primal__0 = f(primal_0, &x_bar_0[..], &y_bar_0, &mut u_0);
    let mut out = Vec::new();
    flat(&primal__0, &mut out);
    flat(&u_0, &mut out);
    out
}
fn jvp(theta: &[f64], theta_dot: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let mut r = Reader::new(theta);
    let mut primal_0 = r.f();
    let mut x_bar_0 = r.vec(3);
    let mut y_bar_0: [f64; 3] = r.array();
    let mut u_0 = r.vec(3);
    let mut r = Reader::new(theta_dot);
    let mut primal_1 = r.f();
    let mut x_bar_1 = r.vec(3);
    let mut y_bar_1: [f64; 3] = r.array();
    let mut u_1 = r.vec(3);
    let (primal__0, primal__1) = f::jvp(
        (primal_0, &x_bar_0[..], &y_bar_0, &mut u_0),
        (primal_1, &x_bar_1[..], &y_bar_1, &mut u_1),
    );
    let mut out = Vec::new();
    flat(&primal__0, &mut out);
    flat(&u_0, &mut out);
    let values = out;
    let mut out = Vec::new();
    flat(&primal__1, &mut out);
    flat(&u_1, &mut out);
    (values, out)
}
fn vjp(theta: &[f64], bar: &[f64]) -> Reverse {
    let mut r = Reader::new(theta);
    let mut primal_0 = r.f();
    let mut x_bar_0 = r.vec(3);
    let mut y_bar_0: [f64; 3] = r.array();
    let mut u_0 = r.vec(3);
    let mut r = Reader::new(bar);
    let primal__1 = r.f();
    let mut u_1 = r.vec(3);
    let (primal__0, mut pullback) = f::vjp(primal_0, &x_bar_0[..], &y_bar_0, &mut u_0);
    let g = pullback(primal__1.clone(), &u_1);
    let again = pullback(primal__1.clone(), &u_1);
    drop(pullback);
    let mut out = Vec::new();
    flat(&primal__0, &mut out);
    flat(&u_0, &mut out);
    let values = out;
    let mut out = Vec::new();
    flat(&g.primal, &mut out);
    flat(&g.x_bar, &mut out);
    flat(&g.y_bar, &mut out);
    flat(&g.u, &mut out);
    let gradient = out;
    let mut out = Vec::new();
    flat(&again.primal, &mut out);
    flat(&again.x_bar, &mut out);
    flat(&again.y_bar, &mut out);
    flat(&again.u, &mut out);
    Reverse {
        values,
        gradient,
        again: out,
    }
}
fn grad_into(theta: &[f64]) -> InPlace {
    let mut r = Reader::new(theta);
    let mut primal_0 = r.f();
    let mut x_bar_0 = r.vec(3);
    let mut y_bar_0: [f64; 3] = r.array();
    let mut u_0 = r.vec(3);
    let mut g = f::grad(primal_0, &x_bar_0[..], &y_bar_0, &mut u_0);
    let mut r = Reader::new(theta);
    let mut primal_0 = r.f();
    let mut x_bar_0 = r.vec(3);
    let mut y_bar_0: [f64; 3] = r.array();
    let mut u_0 = r.vec(3);
    let mut tape = Tape::new();
    let y = f::grad_into(primal_0, &x_bar_0[..], &y_bar_0, &mut u_0, &mut tape, &mut g);
    let mut out = Vec::new();
    flat(&g.primal, &mut out);
    flat(&g.x_bar, &mut out);
    flat(&g.y_bar, &mut out);
    flat(&g.u, &mut out);
    InPlace {
        value: y,
        gradient: out,
        tape_length: tape.len(),
    }
}
pub fn case() -> Case {
    Case {
        name: "p0146",
        leaves: &[
            "primal",
            "x_bar[0]",
            "x_bar[1]",
            "x_bar[2]",
            "y_bar[0]",
            "y_bar[1]",
            "y_bar[2]",
            "u[0]",
            "u[1]",
            "u[2]",
        ],
        point: &[
            1.1405,
            -0.0655,
            -1.4865,
            1.2485,
            0.0965,
            -0.9425,
            -1.1155,
            -0.1145,
            -0.6985,
            -0.2095,
        ],
        zeros: &[],
        plain,
        jvp: Some(jvp),
        vjp: Some(vjp),
        grad_into: Some(grad_into),
    }
}
