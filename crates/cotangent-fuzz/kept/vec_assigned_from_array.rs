// Failed once: compile: error[E0308]: mismatched types
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
pub fn f(out: f64, result: f32, ret: &mut Model) -> f64 {
    let mut acc = out;
    let mut buf = [0.5, 0.5, 0.5];
    let mut cotangent_x = vec![30.0];
    cotangent_x = buf.to_vec();
    acc
}
fn plain(theta: &[f64]) -> Vec<f64> {
    let mut r = Reader::new(theta);
    let mut out_0 = r.f();
    let mut result_0 = r.f() as f32;
    let mut ret_0 = Model {
        a: r.f(),
        v: r.vec(3),
        rates: Rates { decay: r.f(), gain: r.f() },
        n: 2,
    };
    let primal__0 = f(out_0, result_0, &mut ret_0);
    let mut out = Vec::new();
    flat(&primal__0, &mut out);
    flat(&ret_0.a, &mut out);
    flat(&ret_0.v, &mut out);
    flat(&ret_0.rates.decay, &mut out);
    flat(&ret_0.rates.gain, &mut out);
    out
}
fn jvp(theta: &[f64], theta_dot: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let mut r = Reader::new(theta);
    let mut out_0 = r.f();
    let mut result_0 = r.f() as f32;
    let mut ret_0 = Model {
        a: r.f(),
        v: r.vec(3),
        rates: Rates { decay: r.f(), gain: r.f() },
        n: 2,
    };
    let mut r = Reader::new(theta_dot);
    let mut out_1 = r.f();
    let mut result_1 = r.f() as f32;
    let mut ret_1 = ModelTangent {
        a: r.f(),
        v: r.vec(3),
        rates: RatesTangent {
            decay: r.f(),
            gain: r.f(),
        },
        n: (),
    };
    let (primal__0, primal__1) = f::jvp(
        (out_0, result_0, &mut ret_0),
        (out_1, result_1, &mut ret_1),
    );
    let mut out = Vec::new();
    flat(&primal__0, &mut out);
    flat(&ret_0.a, &mut out);
    flat(&ret_0.v, &mut out);
    flat(&ret_0.rates.decay, &mut out);
    flat(&ret_0.rates.gain, &mut out);
    let values = out;
    let mut out = Vec::new();
    flat(&primal__1, &mut out);
    flat(&ret_1.a, &mut out);
    flat(&ret_1.v, &mut out);
    flat(&ret_1.rates.decay, &mut out);
    flat(&ret_1.rates.gain, &mut out);
    (values, out)
}
fn vjp(theta: &[f64], bar: &[f64]) -> Reverse {
    let mut r = Reader::new(theta);
    let mut out_0 = r.f();
    let mut result_0 = r.f() as f32;
    let mut ret_0 = Model {
        a: r.f(),
        v: r.vec(3),
        rates: Rates { decay: r.f(), gain: r.f() },
        n: 2,
    };
    let mut r = Reader::new(bar);
    let primal__1 = r.f();
    let mut ret_1 = ModelTangent {
        a: r.f(),
        v: r.vec(3),
        rates: RatesTangent {
            decay: r.f(),
            gain: r.f(),
        },
        n: (),
    };
    let (primal__0, mut pullback) = f::vjp(out_0, result_0, &mut ret_0);
    let g = pullback(primal__1.clone(), &ret_1);
    let again = pullback(primal__1.clone(), &ret_1);
    drop(pullback);
    let mut out = Vec::new();
    flat(&primal__0, &mut out);
    flat(&ret_0.a, &mut out);
    flat(&ret_0.v, &mut out);
    flat(&ret_0.rates.decay, &mut out);
    flat(&ret_0.rates.gain, &mut out);
    let values = out;
    let mut out = Vec::new();
    flat(&g.out, &mut out);
    flat(&g.result, &mut out);
    flat(&g.ret.a, &mut out);
    flat(&g.ret.v, &mut out);
    flat(&g.ret.rates.decay, &mut out);
    flat(&g.ret.rates.gain, &mut out);
    let gradient = out;
    let mut out = Vec::new();
    flat(&again.out, &mut out);
    flat(&again.result, &mut out);
    flat(&again.ret.a, &mut out);
    flat(&again.ret.v, &mut out);
    flat(&again.ret.rates.decay, &mut out);
    flat(&again.ret.rates.gain, &mut out);
    Reverse {
        values,
        gradient,
        again: out,
    }
}
fn grad_into(theta: &[f64]) -> InPlace {
    let mut r = Reader::new(theta);
    let mut out_0 = r.f();
    let mut result_0 = r.f() as f32;
    let mut ret_0 = Model {
        a: r.f(),
        v: r.vec(3),
        rates: Rates { decay: r.f(), gain: r.f() },
        n: 2,
    };
    let mut g = f::grad(out_0, result_0, &mut ret_0);
    let mut r = Reader::new(theta);
    let mut out_0 = r.f();
    let mut result_0 = r.f() as f32;
    let mut ret_0 = Model {
        a: r.f(),
        v: r.vec(3),
        rates: Rates { decay: r.f(), gain: r.f() },
        n: 2,
    };
    let mut tape = Tape::new();
    let y = f::grad_into(out_0, result_0, &mut ret_0, &mut tape, &mut g);
    let mut out = Vec::new();
    flat(&g.out, &mut out);
    flat(&g.result, &mut out);
    flat(&g.ret.a, &mut out);
    flat(&g.ret.v, &mut out);
    flat(&g.ret.rates.decay, &mut out);
    flat(&g.ret.rates.gain, &mut out);
    InPlace {
        value: y,
        gradient: out,
        tape_length: tape.len(),
    }
}
pub fn case() -> Case {
    Case {
        name: "p0011",
        leaves: &[
            "out",
            "result",
            "ret.a",
            "ret.v[0]",
            "ret.v[1]",
            "ret.v[2]",
            "ret.rates.decay",
            "ret.rates.gain",
        ],
        point: &[0.1605, 1.2105, 0.1305, -0.1325, -0.5535, 0.2585, 0.0175, 0.1155],
        zeros: &[],
        plain,
        jvp: Some(jvp),
        vjp: Some(vjp),
        grad_into: Some(grad_into),
    }
}
