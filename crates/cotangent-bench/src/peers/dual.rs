//! num-dual: dual numbers, forward mode, every direction at once.

use std::rc::Rc;

use nalgebra::SVector;
use num_dual::{DualSVec64, first_derivative, gradient, jacobian};

use super::problems;
use crate::case::{Derivatives, Gradient};
use crate::cases::ba::Jacobian;
use crate::cases::building::{self, PARAMETERS};
use crate::hand::building::TARGET;
use crate::input::Ba;

const TOOL: &str = "num-dual";

/// Bundle adjustment: 15 directions a block.
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
        TOOL
    }

    fn run(&mut self) {
        for i in 0..self.input.weights.len() {
            let (x, feature) = self.input.flat(i);
            let function = |p: SVector<DualSVec64<15>, 15>| SVector::from(problems::residual(&p.data.0[0], feature));
            let (error, block) = jacobian(function, &SVector::from(x));
            self.jacobian.errors[i] = error.into();
            self.jacobian.blocks[i].copy_from_slice(block.transpose().as_slice());
            let (value, slope) = first_derivative(|w| -(w * w) + 1.0, x[14]);
            (self.jacobian.weight_errors[i], self.jacobian.by_weight[i]) = (value, slope);
        }
    }

    fn derivatives(&self) -> Derivatives {
        self.jacobian.derivatives()
    }
}

/// The building simulation: 20 directions.
pub fn building(steps: usize) -> Box<dyn Gradient> {
    Box::new(Building {
        steps,
        loss: 0.0,
        gradient: [0.0; 20],
    })
}

struct Building {
    steps: usize,
    loss: f64,
    gradient: [f64; 20],
}

impl Gradient for Building {
    fn tool(&self) -> &'static str {
        TOOL
    }

    fn run(&mut self) {
        let function = |p: SVector<DualSVec64<20>, 20>| problems::building(p.as_slice(), self.steps).1;
        let (loss, bar) = gradient(function, &SVector::from(PARAMETERS));
        self.loss = loss;
        self.gradient = bar.into();
    }

    fn derivatives(&self) -> Derivatives {
        // The prediction is above the target in every run of the benchmark.
        building::derivatives(self.loss + TARGET, self.loss, &self.gradient)
    }
}
