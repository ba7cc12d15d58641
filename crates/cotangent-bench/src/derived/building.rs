//! The building simulation.

use super::derived;
use crate::annotated::building::{Building, loss, predict};
use crate::case::Gradient;
use crate::cases::building::{DT, PARAMETERS, derivatives};

/// The gradient of the loss in the 20 parameters.
pub fn gradient(steps: usize) -> Box<dyn Gradient> {
    let building = Building::from_parameters(&PARAMETERS);
    let start = PARAMETERS[19];
    let prediction = predict(&building, start, steps, DT);
    derived(
        loss::grad(&building, start, steps, DT),
        move |tape, g| loss::grad_into(&building, start, steps, DT, tape, g),
        move |y, g| {
            let b = &g.building;
            let (tube, slab, water, tank) = (&b.tube, &b.slab, &b.quanta, &b.tank);
            #[rustfmt::skip]
            let gradient = [
                tube.spacing, tube.diameter, tube.thickness, tube.resistivity,
                slab.temperature, slab.area, slab.heat, slab.density, slab.thickness,
                water.power, water.temperature, water.flow, water.density, water.heat,
                tank.temperature, tank.volume, tank.heat, tank.density, tank.mass,
                g.start,
            ];
            derivatives(prediction, y, &gradient)
        },
    )
}
