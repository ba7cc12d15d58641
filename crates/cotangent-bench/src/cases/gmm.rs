//! The Gaussian mixture.

use std::rc::Rc;

use super::{named, task};
use crate::case::{Case, Derivatives, Gradient, Style};
use crate::hand::gmm::GmmAdjoint;
use crate::input::Gmm;
use crate::{annotated, plain};

type Natural = fn(usize, usize, &[f64], &[f64], &[f64], &[f64], f64, f64) -> f64;
type Workspace =
    fn(usize, usize, &[f64], &[f64], &[f64], &[f64], f64, f64, &mut [f64], &mut [f64], &mut [f64], &mut [f64], &mut [f64]) -> f64;

/// Everything that is timed on a mixture.
pub fn case(input: &Gmm, style: Style) -> Case {
    let input = Rc::new(input.clone());
    let (primal, annotated) = match style {
        Style::Natural => (
            natural(plain::gmm::natural, input.clone()),
            natural(annotated::gmm::natural, input.clone()),
        ),
        Style::Workspace => (
            workspace(plain::gmm::workspace, input.clone()),
            workspace(annotated::gmm::workspace, input.clone()),
        ),
    };
    Case {
        kind: "gmm".into(),
        style,
        primal,
        annotated,
        gradients: gradients(input, style),
        expected: Derivatives::new(),
    }
}

fn natural(f: Natural, g: Rc<Gmm>) -> Box<dyn FnMut()> {
    task(move || f(g.d, g.k, &g.alphas, &g.means, &g.icf, &g.x, g.gamma, g.m))
}

fn workspace(f: Workspace, g: Rc<Gmm>) -> Box<dyn FnMut()> {
    let mut w = Buffers::new(&g);
    task(move || {
        f(
            g.d,
            g.k,
            &g.alphas,
            &g.means,
            &g.icf,
            &g.x,
            g.gamma,
            g.m,
            &mut w.q_diagonals,
            &mut w.q_sums,
            &mut w.centered,
            &mut w.y,
            &mut w.terms,
        )
    })
}

/// The buffers of the workspace style.
pub(crate) struct Buffers {
    pub(crate) q_diagonals: Vec<f64>,
    pub(crate) q_sums: Vec<f64>,
    pub(crate) centered: Vec<f64>,
    pub(crate) y: Vec<f64>,
    pub(crate) terms: Vec<f64>,
}

impl Buffers {
    pub(crate) fn new(g: &Gmm) -> Self {
        Buffers {
            q_diagonals: vec![0.0; g.d * g.k],
            q_sums: vec![0.0; g.k],
            centered: vec![0.0; g.d],
            y: vec![0.0; g.d],
            terms: vec![0.0; g.k],
        }
    }
}

/// The gradient under the names of the format.
pub(crate) fn derivatives(objective: f64, alphas: &[f64], means: &[f64], icf: &[f64]) -> Derivatives {
    named([
        ("objective", objective.into()),
        ("d_alphas", alphas.into()),
        ("d_means", means.into()),
        ("d_icf", icf.into()),
    ])
}

/// The tools, in the order of the table.
fn gradients(input: Rc<Gmm>, style: Style) -> Vec<Box<dyn Gradient>> {
    let hand = Hand {
        adjoint: GmmAdjoint::new(&input),
        input: input.clone(),
    };
    #[cfg_attr(not(feature = "peers"), expect(unused_mut))]
    let mut all: Vec<Box<dyn Gradient>> = vec![crate::derived::gmm::gradient(input.clone(), style), Box::new(hand)];
    #[cfg(feature = "peers")]
    all.extend(crate::peers::tape::gmm(input));
    all
}

struct Hand {
    input: Rc<Gmm>,
    adjoint: GmmAdjoint,
}

impl Gradient for Hand {
    fn tool(&self) -> &'static str {
        "hand"
    }

    fn run(&mut self) {
        self.adjoint.run(&self.input);
    }

    fn derivatives(&self) -> Derivatives {
        let a = &self.adjoint;
        derivatives(a.objective, &a.d_alphas, &a.d_means, &a.d_icf)
    }
}
