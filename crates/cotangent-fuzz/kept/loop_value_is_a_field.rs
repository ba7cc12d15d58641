// Failed once: compile: error: a value of this type cannot leave a loop early: leave with a float, an integer, a tuple of them, a `Vec` or an `Option`
use cotangent::prelude::*;
use cotangent_fuzz::harness::{Case, InPlace, Reader, Reverse, flat};
#[derive(Clone, Differentiable)]
pub struct Rates {
    pub decay: f64,
    pub gain: f64,
}
#[derive(Clone, Differentiable)]
pub struct Model {
    pub a: f64,
    pub v: Vec<f64>,
    pub rates: Rates,
    #[constant]
    pub n: usize,
}
#[differentiable]
pub fn f(u: f64, h: Vec<f64>, mut result: Model, mut out: [f64; 3]) -> f64 {
    let mut acc = 0.5;
    let x_bar = loop {
        break result.rates.gain;
    };
    acc
}
fn plain(theta: &[f64]) -> Vec<f64> {
    let mut r = Reader::new(theta);
    let mut u_0 = r.f();
    let mut h_0 = r.vec(3);
    let mut result_0 = Model {
        a: r.f(),
        v: r.vec(3),
        rates: Rates { decay: r.f(), gain: r.f() },
        n: 2,
    };
    let mut out_0: [f64; 3] = r.array();
    let primal__0 = f(u_0, h_0.clone(), result_0.clone(), out_0);
    let mut out = Vec::new();
    flat(&primal__0, &mut out);
    out
}
fn jvp(theta: &[f64], theta_dot: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let mut r = Reader::new(theta);
    let mut u_0 = r.f();
    let mut h_0 = r.vec(3);
    let mut result_0 = Model {
        a: r.f(),
        v: r.vec(3),
        rates: Rates { decay: r.f(), gain: r.f() },
        n: 2,
    };
    let mut out_0: [f64; 3] = r.array();
    let mut r = Reader::new(theta_dot);
    let mut u_1 = r.f();
    let mut h_1 = r.vec(3);
    let mut result_1 = ModelTangent {
        a: r.f(),
        v: r.vec(3),
        rates: RatesTangent {
            decay: r.f(),
            gain: r.f(),
        },
        n: (),
    };
    let mut out_1: [f64; 3] = r.array();
    let (primal__0, primal__1) = f::jvp(
        (u_0, h_0.clone(), result_0.clone(), out_0),
        (u_1, h_1.clone(), result_1.clone(), out_1),
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
    let mut u_0 = r.f();
    let mut h_0 = r.vec(3);
    let mut result_0 = Model {
        a: r.f(),
        v: r.vec(3),
        rates: Rates { decay: r.f(), gain: r.f() },
        n: 2,
    };
    let mut out_0: [f64; 3] = r.array();
    let mut r = Reader::new(bar);
    let primal__1 = r.f();
    let (primal__0, mut pullback) = f::vjp(u_0, h_0.clone(), result_0.clone(), out_0);
    let g = pullback(primal__1.clone());
    let again = pullback(primal__1.clone());
    drop(pullback);
    let mut out = Vec::new();
    flat(&primal__0, &mut out);
    let values = out;
    let mut out = Vec::new();
    flat(&g.u, &mut out);
    flat(&g.h, &mut out);
    flat(&g.result.a, &mut out);
    flat(&g.result.v, &mut out);
    flat(&g.result.rates.decay, &mut out);
    flat(&g.result.rates.gain, &mut out);
    flat(&g.out, &mut out);
    let gradient = out;
    let mut out = Vec::new();
    flat(&again.u, &mut out);
    flat(&again.h, &mut out);
    flat(&again.result.a, &mut out);
    flat(&again.result.v, &mut out);
    flat(&again.result.rates.decay, &mut out);
    flat(&again.result.rates.gain, &mut out);
    flat(&again.out, &mut out);
    Reverse {
        values,
        gradient,
        again: out,
    }
}
fn grad_into(theta: &[f64]) -> InPlace {
    let mut r = Reader::new(theta);
    let mut u_0 = r.f();
    let mut h_0 = r.vec(3);
    let mut result_0 = Model {
        a: r.f(),
        v: r.vec(3),
        rates: Rates { decay: r.f(), gain: r.f() },
        n: 2,
    };
    let mut out_0: [f64; 3] = r.array();
    let mut g = f::grad(u_0, h_0.clone(), result_0.clone(), out_0);
    let mut r = Reader::new(theta);
    let mut u_0 = r.f();
    let mut h_0 = r.vec(3);
    let mut result_0 = Model {
        a: r.f(),
        v: r.vec(3),
        rates: Rates { decay: r.f(), gain: r.f() },
        n: 2,
    };
    let mut out_0: [f64; 3] = r.array();
    let mut tape = Tape::new();
    let y = f::grad_into(u_0, h_0.clone(), result_0.clone(), out_0, &mut tape, &mut g);
    let mut out = Vec::new();
    flat(&g.u, &mut out);
    flat(&g.h, &mut out);
    flat(&g.result.a, &mut out);
    flat(&g.result.v, &mut out);
    flat(&g.result.rates.decay, &mut out);
    flat(&g.result.rates.gain, &mut out);
    flat(&g.out, &mut out);
    InPlace {
        value: y,
        gradient: out,
        tape_length: tape.len(),
    }
}
pub fn case() -> Case {
    Case {
        name: "p0015",
        leaves: &[
            "u",
            "h[0]",
            "h[1]",
            "h[2]",
            "result.a",
            "result.v[0]",
            "result.v[1]",
            "result.v[2]",
            "result.rates.decay",
            "result.rates.gain",
            "out[0]",
            "out[1]",
            "out[2]",
        ],
        point: &[
            -1.5925,
            -1.0565,
            -0.2355,
            1.1195,
            0.0125,
            0.6775,
            0.3405,
            0.0585,
            1.5645,
            -1.3835,
            -0.1725,
            1.4295,
            1.3725,
        ],
        zeros: &[],
        plain,
        jvp: Some(jvp),
        vjp: Some(vjp),
        grad_into: Some(grad_into),
    }
}
