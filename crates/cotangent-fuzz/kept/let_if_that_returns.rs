// Failed once: compile: error[E0381]: used binding is possibly-uninitialized
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
#[differentiable]
pub fn f(mut tangent: f64, x_dot: (f64, f64), tape: &mut Vec<f64>) -> f64 {
    let mut acc = 0.5;
    let record = if 0.5 < 1.5 {
        return 0.5;
    } else {
        if 0.5 > 0.2 { 1.6 } else { 0.5 }
    };
    let mut p4 = Shell {
        core: Core {
            x: 0.5,
            w: [record, 1.06, 0.5],
        },
        rows: vec![vec![record.max(x_dot.1), 0.25], vec![0.5, 1.80]],
        both: (1.6, 0.5),
    };
    p4.core.x *= 0.5;
    acc
}
fn plain(theta: &[f64]) -> Vec<f64> {
    let mut r = Reader::new(theta);
    let mut tangent_0 = r.f();
    let mut x_dot_0 = (r.f(), r.f());
    let mut tape_0 = r.vec(3);
    let primal__0 = f(tangent_0, x_dot_0, &mut tape_0);
    let mut out = Vec::new();
    flat(&primal__0, &mut out);
    flat(&tape_0, &mut out);
    out
}
fn jvp(theta: &[f64], theta_dot: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let mut r = Reader::new(theta);
    let mut tangent_0 = r.f();
    let mut x_dot_0 = (r.f(), r.f());
    let mut tape_0 = r.vec(3);
    let mut r = Reader::new(theta_dot);
    let mut tangent_1 = r.f();
    let mut x_dot_1 = (r.f(), r.f());
    let mut tape_1 = r.vec(3);
    let (primal__0, primal__1) = f::jvp(
        (tangent_0, x_dot_0, &mut tape_0),
        (tangent_1, x_dot_1, &mut tape_1),
    );
    let mut out = Vec::new();
    flat(&primal__0, &mut out);
    flat(&tape_0, &mut out);
    let values = out;
    let mut out = Vec::new();
    flat(&primal__1, &mut out);
    flat(&tape_1, &mut out);
    (values, out)
}
fn vjp(theta: &[f64], bar: &[f64]) -> Reverse {
    let mut r = Reader::new(theta);
    let mut tangent_0 = r.f();
    let mut x_dot_0 = (r.f(), r.f());
    let mut tape_0 = r.vec(3);
    let mut r = Reader::new(bar);
    let primal__1 = r.f();
    let mut tape_1 = r.vec(3);
    let (primal__0, mut pullback) = f::vjp(tangent_0, x_dot_0, &mut tape_0);
    let g = pullback(primal__1.clone(), &tape_1);
    let again = pullback(primal__1.clone(), &tape_1);
    drop(pullback);
    let mut out = Vec::new();
    flat(&primal__0, &mut out);
    flat(&tape_0, &mut out);
    let values = out;
    let mut out = Vec::new();
    flat(&g.tangent, &mut out);
    flat(&g.x_dot, &mut out);
    flat(&g.tape, &mut out);
    let gradient = out;
    let mut out = Vec::new();
    flat(&again.tangent, &mut out);
    flat(&again.x_dot, &mut out);
    flat(&again.tape, &mut out);
    Reverse {
        values,
        gradient,
        again: out,
    }
}
fn grad_into(theta: &[f64]) -> InPlace {
    let mut r = Reader::new(theta);
    let mut tangent_0 = r.f();
    let mut x_dot_0 = (r.f(), r.f());
    let mut tape_0 = r.vec(3);
    let mut g = f::grad(tangent_0, x_dot_0, &mut tape_0);
    let mut r = Reader::new(theta);
    let mut tangent_0 = r.f();
    let mut x_dot_0 = (r.f(), r.f());
    let mut tape_0 = r.vec(3);
    let mut tape = Tape::new();
    let y = f::grad_into(tangent_0, x_dot_0, &mut tape_0, &mut tape, &mut g);
    let mut out = Vec::new();
    flat(&g.tangent, &mut out);
    flat(&g.x_dot, &mut out);
    flat(&g.tape, &mut out);
    InPlace {
        value: y,
        gradient: out,
        tape_length: tape.len(),
    }
}
pub fn case() -> Case {
    Case {
        name: "p0006",
        leaves: &["tangent", "x_dot.0", "x_dot.1", "tape[0]", "tape[1]", "tape[2]"],
        point: &[-0.6475, 0.6085, -1.4895, -0.8295, -0.7795, -0.6275],
        zeros: &[],
        plain,
        jvp: Some(jvp),
        vjp: Some(vjp),
        grad_into: Some(grad_into),
    }
}
