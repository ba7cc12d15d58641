//! Bundle adjustment: one pullback a row, block by block.

use std::rc::Rc;

use crate::annotated::ba::{natural, weight_error, workspace};
use crate::case::{Derivatives, Gradient, Style};
use crate::cases::ba::Jacobian;
use crate::input::Ba;

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
        for (i, block) in out.blocks.iter_mut().enumerate() {
            let (camera, point, weight, feature) = self.input.observation(i);
            let rows = block.as_chunks_mut::<15>().0;
            match self.style {
                Style::Natural => {
                    let (error, mut pullback) = natural::vjp(camera, point, weight, feature);
                    for (row, y_bar) in rows.iter_mut().zip([[1.0, 0.0], [0.0, 1.0]]) {
                        let g = pullback(y_bar);
                        put(row, &g.camera, &g.point, g.weight);
                    }
                    out.errors[i] = error;
                }
                Style::Workspace => {
                    let ((), mut pullback) =
                        workspace::vjp(camera, point, weight, feature, &mut out.errors[i]);
                    for (row, error_bar) in rows.iter_mut().zip([[1.0, 0.0], [0.0, 1.0]]) {
                        let g = pullback(&error_bar);
                        put(row, &g.camera, &g.point, g.weight);
                    }
                }
            }
            let (error, g) = weight_error::value_and_grad(weight);
            out.weight_errors[i] = error;
            out.by_weight[i] = g.weight;
        }
    }

    fn derivatives(&self) -> Derivatives {
        self.jacobian.derivatives()
    }
}

fn put(row: &mut [f64; 15], camera: &[f64; 11], point: &[f64; 3], weight: f64) {
    row[..11].copy_from_slice(camera);
    row[11..14].copy_from_slice(point);
    row[14] = weight;
}
