//! PassiveLogic's building simulation.

use std::hint::black_box;

use super::{named, task};
use crate::case::{Case, Derivatives, Gradient, Style};
use crate::hand::building::BuildingAdjoint;
use crate::{annotated, plain};

/// The 20 parameters, in the order of the benchmark: tube spacing, diameter, thickness, resistivity; slab temperature
/// (unused), area, heat, density, thickness; quanta power (overwritten), temperature, flow, density, heat; tank
/// temperature, volume, heat, density, mass (unused); the floor's temperature at the start.
#[rustfmt::skip]
pub const PARAMETERS: [f64; 20] = [
    0.50292, 0.019, 0.001588, 2.43,
    21.1111111, 100.0, 0.2, 2242.58, 0.101,
    0.0, 60.0, 0.0006309, 1000.0, 4180.0,
    70.0, 0.0757082, 4180.0, 1000.0, 75.708,
    33.3,
];

/// The time step.
pub const DT: f64 = 0.1;

/// Everything that is timed on a simulation of so many steps.
pub fn case(steps: usize) -> Case {
    // The struct of the parameters exists once in each twin.
    macro_rules! primal {
        ($twin:ident) => {{
            let building = $twin::building::Building::from_parameters(&PARAMETERS);
            let start = PARAMETERS[19];
            task(move || $twin::building::loss(black_box(&building), black_box(start), steps, DT))
        }};
    }
    Case {
        kind: "building".into(),
        style: Style::Natural,
        primal: primal!(plain),
        annotated: primal!(annotated),
        gradients: gradients(steps),
        expected: Derivatives::new(),
    }
}

/// The gradient under the names of the JSON line.
pub(crate) fn derivatives(prediction: f64, loss: f64, gradient: &[f64]) -> Derivatives {
    named([
        ("prediction", prediction.into()),
        ("loss", loss.into()),
        ("gradient", gradient.into()),
    ])
}

/// The tools, in the order of the table.
fn gradients(steps: usize) -> Vec<Box<dyn Gradient>> {
    vec![
        crate::derived::building::gradient(steps),
        Box::new(Hand {
            steps,
            adjoint: BuildingAdjoint::default(),
        }),
        #[cfg(feature = "peers")]
        crate::peers::dual::building(steps),
        #[cfg(feature = "peers")]
        crate::peers::tape::building(steps),
    ]
}

struct Hand {
    steps: usize,
    adjoint: BuildingAdjoint,
}

impl Gradient for Hand {
    fn tool(&self) -> &'static str {
        "hand"
    }

    fn run(&mut self) {
        self.adjoint.run(black_box(&PARAMETERS), self.steps, DT);
    }

    fn derivatives(&self) -> Derivatives {
        derivatives(self.adjoint.prediction, self.adjoint.loss, &self.adjoint.gradient)
    }

    fn tape_bytes(&self) -> usize {
        self.adjoint.record_bytes()
    }
}
