//! Bundle adjustment: forward mode with all columns of a block at a time.

use std::rc::Rc;

use cotangent::Lanes;

use crate::annotated::ba::{natural, weight_error, workspace};
use crate::case::{Derivatives, Gradient, Style};
use crate::cases::ba::Jacobian;
use crate::input::Ba;

/// The columns of a block: 11 of the camera, 3 of the point, 1 of the weight.
const COLUMNS: usize = 15;

/// Tangents along all of them, and one more: a power of two fills the vector registers.
type Dot = Lanes<f64, 16>;

/// The Jacobian.
pub fn gradient(input: Rc<Ba>, style: Style) -> Box<dyn Gradient> {
    Box::new(Blocks {
        jacobian: Jacobian::new(&input),
        input,
        style,
    })
}

struct Blocks {
    input: Rc<Ba>,
    jacobian: Jacobian,
    style: Style,
}

impl Gradient for Blocks {
    fn tool(&self) -> &'static str {
        "cotangent"
    }

    fn run(&mut self) {
        let out = &mut self.jacobian;
        let camera_dot: [Dot; 11] = std::array::from_fn(Dot::unit);
        let point_dot: [Dot; 3] = std::array::from_fn(|k| Dot::unit(11 + k));
        let weight_dot = Dot::unit(14);
        for (i, block) in out.blocks.iter_mut().enumerate() {
            let (camera, point, weight, feature) = self.input.observation(i);
            let error_dot = match self.style {
                Style::Natural => {
                    let dots = (&camera_dot, &point_dot, weight_dot, ());
                    let (error, error_dot) = natural::jvp_lanes((camera, point, weight, feature), dots);
                    out.errors[i] = error;
                    error_dot
                }
                Style::Workspace => {
                    let mut error_dot = [Dot::ZERO; 2];
                    let dots = (&camera_dot, &point_dot, weight_dot, (), &mut error_dot);
                    workspace::jvp_lanes((camera, point, weight, feature, &mut out.errors[i]), dots);
                    error_dot
                }
            };
            for (row, dot) in block.as_chunks_mut::<COLUMNS>().0.iter_mut().zip(error_dot) {
                row.copy_from_slice(&dot.0[..COLUMNS]);
            }
            (out.weight_errors[i], out.by_weight[i]) = weight_error::jvp(weight, 1.0);
        }
    }

    fn derivatives(&self) -> Derivatives {
        self.jacobian.derivatives()
    }
}
