// Failed once: dot test: forward -1.6650427090204996e0, reverse -1.4727999057643297e0; `tape.rates.gain`: reverse 2.9208494642367118e0, forward 2.4174214477440197e0, differences 2.4174214477440614e0 (at [0.4325, -0.4115, 0.9905, 0.8145, -0.6255, -1.5195, 1.4165])
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
pub fn f(x_bar: f64, tape: &mut Model, tangent: usize) -> f64 {
    let mut acc = 0.5;
    tape.rates.gain *= tape.rates.gain;
    acc
}
fn plain(theta: &[f64]) -> Vec<f64> {
    let mut r = Reader::new(theta);
    let mut x_bar_0 = r.f();
    let mut tape_0 = Model {
        a: r.f(),
        v: r.vec(3),
        rates: Rates { decay: r.f(), gain: r.f() },
        n: 2,
    };
    let primal__0 = f(x_bar_0, &mut tape_0, 4);
    let mut out = Vec::new();
    flat(&primal__0, &mut out);
    flat(&tape_0.a, &mut out);
    flat(&tape_0.v, &mut out);
    flat(&tape_0.rates.decay, &mut out);
    flat(&tape_0.rates.gain, &mut out);
    out
}
fn jvp(theta: &[f64], theta_dot: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let mut r = Reader::new(theta);
    let mut x_bar_0 = r.f();
    let mut tape_0 = Model {
        a: r.f(),
        v: r.vec(3),
        rates: Rates { decay: r.f(), gain: r.f() },
        n: 2,
    };
    let mut r = Reader::new(theta_dot);
    let mut x_bar_1 = r.f();
    let mut tape_1 = ModelTangent {
        a: r.f(),
        v: r.vec(3),
        rates: RatesTangent {
            decay: r.f(),
            gain: r.f(),
        },
        n: (),
    };
    let (primal__0, primal__1) = f::jvp(
        (x_bar_0, &mut tape_0, 4),
        (x_bar_1, &mut tape_1, ()),
    );
    let mut out = Vec::new();
    flat(&primal__0, &mut out);
    flat(&tape_0.a, &mut out);
    flat(&tape_0.v, &mut out);
    flat(&tape_0.rates.decay, &mut out);
    flat(&tape_0.rates.gain, &mut out);
    let values = out;
    let mut out = Vec::new();
    flat(&primal__1, &mut out);
    flat(&tape_1.a, &mut out);
    flat(&tape_1.v, &mut out);
    flat(&tape_1.rates.decay, &mut out);
    flat(&tape_1.rates.gain, &mut out);
    (values, out)
}
fn vjp(theta: &[f64], bar: &[f64]) -> Reverse {
    let mut r = Reader::new(theta);
    let mut x_bar_0 = r.f();
    let mut tape_0 = Model {
        a: r.f(),
        v: r.vec(3),
        rates: Rates { decay: r.f(), gain: r.f() },
        n: 2,
    };
    let mut r = Reader::new(bar);
    let primal__1 = r.f();
    let mut tape_1 = ModelTangent {
        a: r.f(),
        v: r.vec(3),
        rates: RatesTangent {
            decay: r.f(),
            gain: r.f(),
        },
        n: (),
    };
    let (primal__0, mut pullback) = f::vjp(x_bar_0, &mut tape_0, 4);
    let g = pullback(primal__1.clone(), &tape_1);
    let again = pullback(primal__1.clone(), &tape_1);
    drop(pullback);
    let mut out = Vec::new();
    flat(&primal__0, &mut out);
    flat(&tape_0.a, &mut out);
    flat(&tape_0.v, &mut out);
    flat(&tape_0.rates.decay, &mut out);
    flat(&tape_0.rates.gain, &mut out);
    let values = out;
    let mut out = Vec::new();
    flat(&g.x_bar, &mut out);
    flat(&g.tape.a, &mut out);
    flat(&g.tape.v, &mut out);
    flat(&g.tape.rates.decay, &mut out);
    flat(&g.tape.rates.gain, &mut out);
    let gradient = out;
    let mut out = Vec::new();
    flat(&again.x_bar, &mut out);
    flat(&again.tape.a, &mut out);
    flat(&again.tape.v, &mut out);
    flat(&again.tape.rates.decay, &mut out);
    flat(&again.tape.rates.gain, &mut out);
    Reverse {
        values,
        gradient,
        again: out,
    }
}
fn grad_into(theta: &[f64]) -> InPlace {
    let mut r = Reader::new(theta);
    let mut x_bar_0 = r.f();
    let mut tape_0 = Model {
        a: r.f(),
        v: r.vec(3),
        rates: Rates { decay: r.f(), gain: r.f() },
        n: 2,
    };
    let mut g = f::grad(x_bar_0, &mut tape_0, 4);
    let mut r = Reader::new(theta);
    let mut x_bar_0 = r.f();
    let mut tape_0 = Model {
        a: r.f(),
        v: r.vec(3),
        rates: Rates { decay: r.f(), gain: r.f() },
        n: 2,
    };
    let mut tape = Tape::new();
    let y = f::grad_into(x_bar_0, &mut tape_0, 4, &mut tape, &mut g);
    let mut out = Vec::new();
    flat(&g.x_bar, &mut out);
    flat(&g.tape.a, &mut out);
    flat(&g.tape.v, &mut out);
    flat(&g.tape.rates.decay, &mut out);
    flat(&g.tape.rates.gain, &mut out);
    InPlace {
        value: y,
        gradient: out,
        tape_length: tape.len(),
    }
}
pub fn case() -> Case {
    Case {
        name: "p0052",
        leaves: &[
            "x_bar",
            "tape.a",
            "tape.v[0]",
            "tape.v[1]",
            "tape.v[2]",
            "tape.rates.decay",
            "tape.rates.gain",
        ],
        point: &[0.4325, -0.4115, 0.9905, 0.8145, -0.6255, -1.5195, 1.4165],
        zeros: &[],
        plain,
        jvp: Some(jvp),
        vjp: Some(vjp),
        grad_into: Some(grad_into),
    }
}
