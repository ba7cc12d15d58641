// Failed once: value of vjp: got [-0.5, 0.5685, -0.2805, 1.5635, 0.0965, -1.5725, -0.1095], expected [1.5, 0.5685, -0.2805, 1.5635, 0.0965, -1.5725, -0.1095] (at [0.2825, 0.5685, -0.2805, 1.5635, 0.0965, -1.5725, -0.1095, 0.3275, -0.3515, 1.3355, -0.4325])
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
}
#[differentiable]
pub fn f(result: f64, tangent: &mut Vec<Vec<f64>>, x: f32, z: Vec<f64>) -> f64 {
    let mut acc = 0.5;
    let s_4 = tangent[1].iter().filter(|q| **q > 0.1).sum::<f64>();
    let mut p11 = Tank::new(s_4.signum(), acc);
    acc -= p11.level;
    acc
}
fn plain(theta: &[f64]) -> Vec<f64> {
    let mut r = Reader::new(theta);
    let mut result_0 = r.f();
    let mut tangent_0 = vec![r.vec(3), r.vec(3)];
    let mut x_0 = r.f() as f32;
    let mut z_0 = r.vec(3);
    let primal__0 = f(result_0, &mut tangent_0, x_0, z_0.clone());
    let mut out = Vec::new();
    flat(&primal__0, &mut out);
    flat(&tangent_0, &mut out);
    out
}
fn jvp(theta: &[f64], theta_dot: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let mut r = Reader::new(theta);
    let mut result_0 = r.f();
    let mut tangent_0 = vec![r.vec(3), r.vec(3)];
    let mut x_0 = r.f() as f32;
    let mut z_0 = r.vec(3);
    let mut r = Reader::new(theta_dot);
    let mut result_1 = r.f();
    let mut tangent_1 = vec![r.vec(3), r.vec(3)];
    let mut x_1 = r.f() as f32;
    let mut z_1 = r.vec(3);
    let (primal__0, primal__1) = f::jvp(
        (result_0, &mut tangent_0, x_0, z_0.clone()),
        (result_1, &mut tangent_1, x_1, z_1.clone()),
    );
    let mut out = Vec::new();
    flat(&primal__0, &mut out);
    flat(&tangent_0, &mut out);
    let values = out;
    let mut out = Vec::new();
    flat(&primal__1, &mut out);
    flat(&tangent_1, &mut out);
    (values, out)
}
fn vjp(theta: &[f64], bar: &[f64]) -> Reverse {
    let mut r = Reader::new(theta);
    let mut result_0 = r.f();
    let mut tangent_0 = vec![r.vec(3), r.vec(3)];
    let mut x_0 = r.f() as f32;
    let mut z_0 = r.vec(3);
    let mut r = Reader::new(bar);
    let primal__1 = r.f();
    let mut tangent_1 = vec![r.vec(3), r.vec(3)];
    let (primal__0, mut pullback) = f::vjp(result_0, &mut tangent_0, x_0, z_0.clone());
    let g = pullback(primal__1.clone(), &tangent_1);
    let again = pullback(primal__1.clone(), &tangent_1);
    drop(pullback);
    let mut out = Vec::new();
    flat(&primal__0, &mut out);
    flat(&tangent_0, &mut out);
    let values = out;
    let mut out = Vec::new();
    flat(&g.result, &mut out);
    flat(&g.tangent, &mut out);
    flat(&g.x, &mut out);
    flat(&g.z, &mut out);
    let gradient = out;
    let mut out = Vec::new();
    flat(&again.result, &mut out);
    flat(&again.tangent, &mut out);
    flat(&again.x, &mut out);
    flat(&again.z, &mut out);
    Reverse {
        values,
        gradient,
        again: out,
    }
}
fn grad_into(theta: &[f64]) -> InPlace {
    let mut r = Reader::new(theta);
    let mut result_0 = r.f();
    let mut tangent_0 = vec![r.vec(3), r.vec(3)];
    let mut x_0 = r.f() as f32;
    let mut z_0 = r.vec(3);
    let mut g = f::grad(result_0, &mut tangent_0, x_0, z_0.clone());
    let mut r = Reader::new(theta);
    let mut result_0 = r.f();
    let mut tangent_0 = vec![r.vec(3), r.vec(3)];
    let mut x_0 = r.f() as f32;
    let mut z_0 = r.vec(3);
    let mut tape = Tape::new();
    let y = f::grad_into(result_0, &mut tangent_0, x_0, z_0.clone(), &mut tape, &mut g);
    let mut out = Vec::new();
    flat(&g.result, &mut out);
    flat(&g.tangent, &mut out);
    flat(&g.x, &mut out);
    flat(&g.z, &mut out);
    InPlace {
        value: y,
        gradient: out,
        tape_length: tape.len(),
    }
}
pub fn case() -> Case {
    Case {
        name: "p1269",
        leaves: &[
            "result",
            "tangent[0][0]",
            "tangent[0][1]",
            "tangent[0][2]",
            "tangent[1][0]",
            "tangent[1][1]",
            "tangent[1][2]",
            "x",
            "z[0]",
            "z[1]",
            "z[2]",
        ],
        point: &[
            0.2825,
            0.5685,
            -0.2805,
            1.5635,
            0.0965,
            -1.5725,
            -0.1095,
            0.3275,
            -0.3515,
            1.3355,
            -0.4325,
        ],
        zeros: &[],
        plain,
        jvp: Some(jvp),
        vjp: Some(vjp),
        grad_into: Some(grad_into),
    }
}
