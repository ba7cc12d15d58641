//! echidna: operator overloading onto a tape, reverse mode.

use std::rc::Rc;

use echidna::Reverse;

use super::problems;
use crate::case::{Derivatives, Gradient};
use crate::cases::ba::Jacobian;
use crate::cases::building::PARAMETERS;
use crate::cases::lu::System;
use crate::cases::{building, gmm, lstm, lu};
use crate::input::{Ba, Gmm, Lstm};

/// A scalar function of flat parameters, its gradient, and how the gradient is named.
struct Flat<F, N> {
    parameters: Vec<f64>,
    function: F,
    name: N,
    value: f64,
    gradient: Vec<f64>,
}

impl<F, N> Gradient for Flat<F, N>
where
    F: Fn(&[Reverse<f64>]) -> Reverse<f64>,
    N: Fn(f64, &[f64]) -> Derivatives,
{
    fn tool(&self) -> &'static str {
        "echidna"
    }

    fn run(&mut self) {
        let value = &mut self.value;
        let function = &self.function;
        self.gradient = echidna::grad(
            |p| {
                let y = function(p);
                *value = echidna::Scalar::value(&y);
                y
            },
            &self.parameters,
        );
    }

    fn derivatives(&self) -> Derivatives {
        (self.name)(self.value, &self.gradient)
    }
}

fn flat<F, N>(parameters: Vec<f64>, function: F, name: N) -> Box<dyn Gradient>
where
    F: Fn(&[Reverse<f64>]) -> Reverse<f64> + 'static,
    N: Fn(f64, &[f64]) -> Derivatives + 'static,
{
    Box::new(Flat {
        parameters,
        function,
        name,
        value: f64::NAN,
        gradient: Vec::new(),
    })
}

/// The Gaussian mixture; none where the tape would take gigabytes.
pub fn gmm(g: Rc<Gmm>) -> Option<Box<dyn Gradient>> {
    // About d^2 operations a point and component, of some 40 bytes with their adjoints.
    if g.n * g.k * g.d * g.d > 10_000_000 {
        return None;
    }
    let (k, d) = (g.k, g.d);
    let parameters = [&g.alphas[..], &g.means, &g.icf].concat();
    let name = move |value, bar: &[f64]| {
        let (alphas, rest) = bar.split_at(k);
        let (means, icf) = rest.split_at(k * d);
        gmm::derivatives(value, alphas, means, icf)
    };
    Some(flat(parameters, move |p| problems::gmm(&g, p), name))
}

/// The long short-term memory.
pub fn lstm(m: Rc<Lstm>) -> Box<dyn Gradient> {
    let split = m.main_params.len();
    let parameters = [&m.main_params[..], &m.extra_params].concat();
    let name = move |value, bar: &[f64]| lstm::derivatives(value, &bar[..split], &bar[split..]);
    flat(parameters, move |p| problems::lstm(&m, p), name)
}

/// The linear solve.
pub fn lu(s: Rc<System>) -> Box<dyn Gradient> {
    let n = s.n;
    let parameters = [&s.a[..], &s.b].concat();
    let name = move |value, bar: &[f64]| lu::derivatives(value, &bar[..n * n], &bar[n * n..]);
    flat(parameters, move |p| problems::lu(n, p), name)
}

/// The building simulation.
pub fn building(steps: usize) -> Box<dyn Gradient> {
    let name = |loss, bar: &[f64]| {
        // The prediction is above the target in every run of the benchmark.
        building::derivatives(loss + crate::hand::building::TARGET, loss, bar)
    };
    flat(PARAMETERS.to_vec(), move |p| problems::building(p, steps).1, name)
}

/// Bundle adjustment, one block after the other.
pub fn ba(ba: Rc<Ba>) -> Box<dyn Gradient> {
    Box::new(Blocks {
        jacobian: Jacobian::new(&ba),
        input: ba,
    })
}

struct Blocks {
    input: Rc<Ba>,
    jacobian: Jacobian,
}

impl Gradient for Blocks {
    fn tool(&self) -> &'static str {
        "echidna"
    }

    fn run(&mut self) {
        for i in 0..self.input.weights.len() {
            let (x, feature) = self.input.flat(i);
            for row in 0..2 {
                let mut value = 0.0;
                let bar = echidna::grad(
                    |p| {
                        let p = p.try_into().expect("15 parameters");
                        let y = problems::residual(p, feature)[row];
                        value = echidna::Scalar::value(&y);
                        y
                    },
                    &x,
                );
                self.jacobian.errors[i][row] = value;
                self.jacobian.blocks[i][15 * row..15 * (row + 1)].copy_from_slice(&bar);
            }
            self.jacobian.weight_errors[i] = 1.0 - x[14] * x[14];
            self.jacobian.by_weight[i] = echidna::grad(|w| -(w[0] * w[0]) + 1.0, &x[14..])[0];
        }
    }

    fn derivatives(&self) -> Derivatives {
        self.jacobian.derivatives()
    }
}
