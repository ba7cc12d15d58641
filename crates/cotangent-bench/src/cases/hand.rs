//! Hand tracking: a task is the whole Jacobian, 26 columns (simple) or 28 (complicated).

use std::rc::Rc;

use super::{named, task};
use crate::case::{Case, Derivatives, Gradient, Style};
use crate::hand::tracking::HandJacobian;
use crate::input::Hand as Input;
use crate::{annotated, plain};

type Task = Box<dyn FnMut()>;

/// Everything that is timed on a hand.
pub fn case(input: &Input, style: Style) -> Case {
    let input = Rc::new(input.clone());
    // The functions of the two twins have the same types; a macro spares the type aliases of four signatures.
    macro_rules! primal {
        ($twin:ident) => {{
            let h = input.clone();
            let mut w = Buffers::new(&h);
            let task: Task = match (style, h.us.is_some()) {
                (Style::Natural, false) => task(move || $twin::hand::simple(&h.model, &h.correspondences, &h.points, &h.theta)),
                (Style::Natural, true) => task(move || $twin::hand::complicated(&h.model, &h.correspondences, &h.points, us(&h), &h.theta)),
                (Style::Workspace, false) => task(move || {
                    $twin::hand::simple_workspace(
                        &h.model,
                        &h.correspondences,
                        &h.points,
                        &h.theta,
                        &mut w.pose,
                        &mut w.transforms,
                        &mut w.vertices,
                        &mut w.error,
                    )
                }),
                (Style::Workspace, true) => task(move || {
                    $twin::hand::complicated_workspace(
                        &h.model,
                        &h.correspondences,
                        &h.points,
                        us(&h),
                        &h.theta,
                        &mut w.pose,
                        &mut w.transforms,
                        &mut w.vertices,
                        &mut w.error,
                    )
                }),
            };
            task
        }};
    }
    Case {
        kind: "hand".into(),
        style,
        primal: primal!(plain),
        annotated: primal!(annotated),
        gradients: gradients(input, style),
        expected: Derivatives::new(),
    }
}

/// The barycentric coordinates; none in the simple problem.
pub(crate) fn us(hand: &Input) -> &[f64] {
    hand.us.as_deref().unwrap_or_default()
}

/// The buffers of the workspace style.
pub(crate) struct Buffers {
    pub(crate) pose: Vec<f64>,
    pub(crate) transforms: Vec<f64>,
    pub(crate) vertices: Vec<f64>,
    pub(crate) error: Vec<f64>,
}

impl Buffers {
    pub(crate) fn new(hand: &Input) -> Self {
        Buffers {
            pose: vec![0.0; 3 * (hand.model.bones + 3)],
            transforms: vec![0.0; 16 * hand.model.bones],
            vertices: vec![0.0; 3 * hand.model.vertices],
            error: vec![0.0; hand.points.len()],
        }
    }
}

/// The Jacobian under the names of the format.
pub(crate) fn derivatives(objective: &[f64], jacobian: &[f64]) -> Derivatives {
    named([
        ("objective", objective.into()),
        ("jacobian_nrows", objective.len().into()),
        ("jacobian_ncols", (jacobian.len() / objective.len().max(1)).into()),
        ("jacobian_colmajor", jacobian.into()),
    ])
}

/// The tools, in the order of the table.
fn gradients(input: Rc<Input>, style: Style) -> Vec<Box<dyn Gradient>> {
    vec![
        crate::derived::hand::gradient(input.clone(), style),
        Box::new(Hand {
            jacobian: HandJacobian::new(&input),
            input,
        }),
    ]
}

struct Hand {
    input: Rc<Input>,
    jacobian: HandJacobian,
}

impl Gradient for Hand {
    fn tool(&self) -> &'static str {
        "hand"
    }

    fn run(&mut self) {
        self.jacobian.run(&self.input);
    }

    fn derivatives(&self) -> Derivatives {
        derivatives(&self.jacobian.objective, &self.jacobian.jacobian)
    }
}
