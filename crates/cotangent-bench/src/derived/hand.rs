//! Hand tracking: forward mode, column by column.

use std::rc::Rc;

use crate::annotated::hand::{complicated, complicated_workspace, simple, simple_workspace};
use crate::case::{Derivatives, Gradient, Style};
use crate::cases::hand::{Buffers, derivatives, us};
use crate::input::Hand;

/// Parameters of the pose.
const THETA: usize = 26;

/// The Jacobian.
pub fn gradient(hand: Rc<Hand>, style: Style) -> Box<dyn Gradient> {
    let columns = THETA + if hand.us.is_some() { 2 } else { 0 };
    Box::new(Columns {
        objective: vec![0.0; hand.points.len()],
        jacobian: vec![0.0; hand.points.len() * columns],
        theta_dot: vec![0.0; THETA],
        us_dot: vec![0.0; us(&hand).len()],
        values: Buffers::new(&hand),
        tangents: Buffers::new(&hand),
        hand,
        style,
    })
}

struct Columns {
    hand: Rc<Hand>,
    style: Style,
    objective: Vec<f64>,
    /// By columns, those of the two barycentric coordinates first where there are any.
    jacobian: Vec<f64>,
    theta_dot: Vec<f64>,
    us_dot: Vec<f64>,
    values: Buffers,
    tangents: Buffers,
}

impl Gradient for Columns {
    fn tool(&self) -> &'static str {
        "cotangent"
    }

    fn run(&mut self) {
        let first = if self.hand.us.is_some() { 2 } else { 0 };
        for k in 0..first {
            // Every point has its own two coordinates, so one direction gives a column of each.
            self.us_dot
                .iter_mut()
                .skip(k)
                .step_by(2)
                .for_each(|dot| *dot = 1.0);
            self.column(k);
            self.us_dot.fill(0.0);
        }
        for k in 0..THETA {
            self.theta_dot[k] = 1.0;
            self.column(first + k);
            self.theta_dot[k] = 0.0;
        }
    }

    fn derivatives(&self) -> Derivatives {
        derivatives(&self.objective, &self.jacobian)
    }
}

impl Columns {
    /// The derivative along the direction that is set, as column `k`.
    fn column(&mut self, k: usize) {
        let Columns {
            hand,
            values: v,
            tangents: d,
            ..
        } = self;
        let (model, corr, points, theta) = (
            &hand.model,
            &hand.correspondences[..],
            &hand.points[..],
            &hand.theta[..],
        );
        let us = us(hand);
        let rows = points.len();
        let out = &mut self.jacobian[k * rows..(k + 1) * rows];
        let (theta_dot, us_dot) = (&self.theta_dot[..], &self.us_dot[..]);
        match (self.style, hand.us.is_some()) {
            (Style::Natural, false) => {
                let (y, y_dot) = simple::jvp((model, corr, points, theta), ((), (), (), theta_dot));
                self.objective.copy_from_slice(&y);
                out.copy_from_slice(&y_dot);
            }
            (Style::Natural, true) => {
                let (y, y_dot) = complicated::jvp(
                    (model, corr, points, us, theta),
                    ((), (), (), us_dot, theta_dot),
                );
                self.objective.copy_from_slice(&y);
                out.copy_from_slice(&y_dot);
            }
            (Style::Workspace, false) => {
                let values = (&mut v.pose[..], &mut v.transforms[..], &mut v.vertices[..]);
                let tangents = (&mut d.pose[..], &mut d.transforms[..], &mut d.vertices[..]);
                simple_workspace::jvp(
                    (
                        model,
                        corr,
                        points,
                        theta,
                        values.0,
                        values.1,
                        values.2,
                        &mut self.objective[..],
                    ),
                    (
                        (),
                        (),
                        (),
                        theta_dot,
                        tangents.0,
                        tangents.1,
                        tangents.2,
                        out,
                    ),
                );
            }
            (Style::Workspace, true) => {
                let values = (&mut v.pose[..], &mut v.transforms[..], &mut v.vertices[..]);
                let tangents = (&mut d.pose[..], &mut d.transforms[..], &mut d.vertices[..]);
                complicated_workspace::jvp(
                    (
                        model,
                        corr,
                        points,
                        us,
                        theta,
                        values.0,
                        values.1,
                        values.2,
                        &mut self.objective[..],
                    ),
                    (
                        (),
                        (),
                        (),
                        us_dot,
                        theta_dot,
                        tangents.0,
                        tangents.1,
                        tangents.2,
                        out,
                    ),
                );
            }
        }
    }
}
