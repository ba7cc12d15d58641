//! The long short-term memory.

use std::rc::Rc;

use super::{named, task};
use crate::case::{Case, Derivatives, Gradient, Style};
use crate::hand::lstm::LstmAdjoint;
use crate::input::Lstm;
use crate::{annotated, plain};

type Natural = fn(usize, usize, &[f64], &[f64], &[f64], &[f64]) -> f64;
type Workspace = fn(usize, usize, &[f64], &[f64], &[f64], &[f64], &mut [f64], &mut [f64], &mut [f64], &mut [f64]) -> f64;

/// Everything that is timed on a memory.
pub fn case(input: &Lstm, style: Style) -> Case {
    let input = Rc::new(input.clone());
    let (primal, annotated) = match style {
        Style::Natural => (
            natural(plain::lstm::natural, input.clone()),
            natural(annotated::lstm::natural, input.clone()),
        ),
        Style::Workspace => (
            workspace(plain::lstm::workspace, input.clone()),
            workspace(annotated::lstm::workspace, input.clone()),
        ),
    };
    Case {
        kind: "lstm".into(),
        style,
        primal,
        annotated,
        gradients: gradients(input, style),
        expected: Derivatives::new(),
    }
}

fn natural(f: Natural, m: Rc<Lstm>) -> Box<dyn FnMut()> {
    task(move || f(m.layers, m.b, &m.main_params, &m.extra_params, &m.state, &m.sequence))
}

fn workspace(f: Workspace, m: Rc<Lstm>) -> Box<dyn FnMut()> {
    let mut w = Buffers::new(&m);
    task(move || {
        f(
            m.layers,
            m.b,
            &m.main_params,
            &m.extra_params,
            &m.state,
            &m.sequence,
            &mut w.hidden,
            &mut w.cell,
            &mut w.input,
            &mut w.y,
        )
    })
}

/// The buffers of the workspace style.
pub(crate) struct Buffers {
    pub(crate) hidden: Vec<f64>,
    pub(crate) cell: Vec<f64>,
    pub(crate) input: Vec<f64>,
    pub(crate) y: Vec<f64>,
}

impl Buffers {
    pub(crate) fn new(m: &Lstm) -> Self {
        let width = m.layers * m.b;
        Buffers {
            hidden: vec![0.0; width],
            cell: vec![0.0; width],
            input: vec![0.0; m.b],
            y: vec![0.0; m.b],
        }
    }
}

/// The gradient under the names of the format.
pub(crate) fn derivatives(objective: f64, main: &[f64], extra: &[f64]) -> Derivatives {
    named([
        ("objective", objective.into()),
        ("d_main_params", main.into()),
        ("d_extra_params", extra.into()),
    ])
}

/// The tools, in the order of the table.
fn gradients(input: Rc<Lstm>, style: Style) -> Vec<Box<dyn Gradient>> {
    let hand = Hand {
        adjoint: LstmAdjoint::new(&input),
        input: input.clone(),
    };
    vec![
        crate::derived::lstm::gradient(input.clone(), style),
        Box::new(hand),
        #[cfg(feature = "peers")]
        crate::peers::tape::lstm(input),
    ]
}

struct Hand {
    input: Rc<Lstm>,
    adjoint: LstmAdjoint,
}

impl Gradient for Hand {
    fn tool(&self) -> &'static str {
        "hand"
    }

    fn run(&mut self) {
        self.adjoint.run(&self.input);
    }

    fn derivatives(&self) -> Derivatives {
        derivatives(self.adjoint.objective, &self.adjoint.d_main, &self.adjoint.d_extra)
    }

    fn tape_bytes(&self) -> usize {
        self.adjoint.record_bytes()
    }
}
