//! Hand tracking: forward mode, several columns at a time.

use std::rc::Rc;

use cotangent::Lanes;

use crate::annotated::hand::{complicated, complicated_workspace, simple, simple_workspace};
use crate::case::{Derivatives, Gradient, Style};
use crate::cases::hand::{Buffers, derivatives, us};
use crate::input::Hand;

/// Parameters of the pose.
const THETA: usize = 26;

/// The Jacobian, of the simple problem in one sweep, since each further sweep would evaluate the function again.
pub fn gradient(hand: Rc<Hand>, style: Style) -> Box<dyn Gradient> {
    if hand.us.is_some() {
        Box::new(Columns::<14>::new(hand, style))
    } else {
        Box::new(Columns::<26>::new(hand, style))
    }
}

/// Tangents along `W` directions.
type Dots<const W: usize> = Vec<Lanes<f64, W>>;

struct Columns<const W: usize> {
    hand: Rc<Hand>,
    style: Style,
    objective: Vec<f64>,
    /// By columns, those of the two barycentric coordinates first where there are any.
    jacobian: Vec<f64>,
    theta_dot: Dots<W>,
    us_dot: Dots<W>,
    values: Buffers,
    pose_dot: Dots<W>,
    transforms_dot: Dots<W>,
    vertices_dot: Dots<W>,
    error_dot: Dots<W>,
}

impl<const W: usize> Gradient for Columns<W> {
    fn tool(&self) -> &'static str {
        "cotangent"
    }

    fn run(&mut self) {
        let columns = self.first() + THETA;
        for from in (0..columns).step_by(W) {
            self.seed(from);
            self.sweep(from);
        }
    }

    fn derivatives(&self) -> Derivatives {
        derivatives(&self.objective, &self.jacobian)
    }
}

impl<const W: usize> Columns<W> {
    fn new(hand: Rc<Hand>, style: Style) -> Self {
        let values = Buffers::new(&hand);
        let dots = |values: &[f64]| vec![Lanes::ZERO; values.len()];
        let columns = THETA + if hand.us.is_some() { 2 } else { 0 };
        Columns {
            objective: vec![0.0; hand.points.len()],
            jacobian: vec![0.0; hand.points.len() * columns],
            theta_dot: dots(&hand.theta),
            us_dot: dots(us(&hand)),
            pose_dot: dots(&values.pose),
            transforms_dot: dots(&values.transforms),
            vertices_dot: dots(&values.vertices),
            error_dot: dots(&values.error),
            values,
            hand,
            style,
        }
    }

    /// The column of the first parameter of the pose.
    fn first(&self) -> usize {
        if self.hand.us.is_some() { 2 } else { 0 }
    }

    /// Sets the directions to those of the columns `from..from + W`.
    fn seed(&mut self, from: usize) {
        let first = self.first();
        let unit = |column: usize| Lanes::unit(column.wrapping_sub(from));
        // Every point has its own two coordinates, so one direction gives a column of each.
        self.us_dot.iter_mut().enumerate().for_each(|(i, dot)| *dot = unit(i % 2));
        self.theta_dot.iter_mut().enumerate().for_each(|(k, dot)| *dot = unit(first + k));
    }

    /// Writes the columns `from..from + W`.
    fn put(&mut self, from: usize, error_dot: &[Lanes<f64, W>]) {
        let rows = error_dot.len();
        for (lane, column) in self.jacobian[from * rows..].chunks_exact_mut(rows).take(W).enumerate() {
            for (entry, dot) in column.iter_mut().zip(error_dot) {
                *entry = dot[lane];
            }
        }
    }

    fn sweep(&mut self, from: usize) {
        let hand = self.hand.clone();
        let (model, corr, points, theta) = (&hand.model, &hand.correspondences[..], &hand.points[..], &hand.theta[..]);
        let us = us(&hand);
        let (theta_dot, us_dot) = (&self.theta_dot[..], &self.us_dot[..]);
        match (self.style, hand.us.is_some()) {
            (Style::Natural, false) => {
                let (y, y_dot) = simple::jvp_lanes((model, corr, points, theta), ((), (), (), theta_dot));
                self.objective.copy_from_slice(&y);
                self.put(from, &y_dot);
            }
            (Style::Natural, true) => {
                let (y, y_dot) = complicated::jvp_lanes((model, corr, points, us, theta), ((), (), (), us_dot, theta_dot));
                self.objective.copy_from_slice(&y);
                self.put(from, &y_dot);
            }
            (Style::Workspace, with_us) => {
                let v = &mut self.values;
                let (pose, transforms, vertices, error) =
                    (&mut v.pose[..], &mut v.transforms[..], &mut v.vertices[..], &mut self.objective[..]);
                let (pose_dot, transforms_dot, vertices_dot) =
                    (&mut self.pose_dot[..], &mut self.transforms_dot[..], &mut self.vertices_dot[..]);
                let mut error_dot = std::mem::take(&mut self.error_dot);
                if with_us {
                    complicated_workspace::jvp_lanes(
                        (model, corr, points, us, theta, pose, transforms, vertices, error),
                        (
                            (),
                            (),
                            (),
                            us_dot,
                            theta_dot,
                            pose_dot,
                            transforms_dot,
                            vertices_dot,
                            &mut error_dot[..],
                        ),
                    );
                } else {
                    simple_workspace::jvp_lanes(
                        (model, corr, points, theta, pose, transforms, vertices, error),
                        ((), (), (), theta_dot, pose_dot, transforms_dot, vertices_dot, &mut error_dot[..]),
                    );
                }
                self.put(from, &error_dot);
                self.error_dot = error_dot;
            }
        }
    }
}
