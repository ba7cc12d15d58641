//! The linear solve by elimination in place.

use std::rc::Rc;

use fastrand::Rng;

use super::{named, task};
use crate::case::{Case, Derivatives, Gradient, Style};
use crate::generate::normals;
use crate::hand::lu::LuAdjoint;
use crate::{annotated, plain};

type Natural = fn(usize, &[f64], &[f64]) -> f64;
type Workspace = fn(usize, &[f64], &[f64], &mut [f64], &mut [f64]) -> f64;

/// A system of `n` equations.
pub struct System {
    /// Number of equations.
    pub n: usize,
    /// The matrix, row-major.
    pub a: Vec<f64>,
    /// The right-hand side.
    pub b: Vec<f64>,
}

impl System {
    /// A random system, its diagonal shifted so that it is well conditioned and still needs pivots.
    pub fn random(n: usize, seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let mut a = normals(&mut rng, n * n);
        for i in 0..n {
            a[i * n + i] += 2.0 * (n as f64).sqrt();
        }
        // Rows in reverse: elimination without pivots would divide by small numbers.
        let a = a.chunks_exact(n).rev().flatten().copied().collect();
        System {
            n,
            a,
            b: normals(&mut rng, n),
        }
    }
}

/// Everything that is timed on a random system of `n` equations.
pub fn case(n: usize, style: Style) -> Case {
    let input = Rc::new(System::random(n, 1));
    let (primal, annotated) = match style {
        Style::Natural => (
            natural(plain::lu::natural, input.clone()),
            natural(annotated::lu::natural, input.clone()),
        ),
        Style::Workspace => (
            workspace(plain::lu::workspace, input.clone()),
            workspace(annotated::lu::workspace, input.clone()),
        ),
    };
    Case {
        kind: format!("lu_n{n}"),
        style,
        primal,
        annotated,
        gradients: gradients(input, style),
        expected: Derivatives::new(),
    }
}

fn natural(f: Natural, s: Rc<System>) -> Box<dyn FnMut()> {
    task(move || f(s.n, &s.a, &s.b))
}

fn workspace(f: Workspace, s: Rc<System>) -> Box<dyn FnMut()> {
    let (mut lu, mut x) = (s.a.clone(), s.b.clone());
    task(move || f(s.n, &s.a, &s.b, &mut lu, &mut x))
}

pub(crate) fn derivatives(objective: f64, a: &[f64], b: &[f64]) -> Derivatives {
    named([("objective", objective.into()), ("d_a", a.into()), ("d_b", b.into())])
}

/// The tools, in the order of the table.
fn gradients(input: Rc<System>, style: Style) -> Vec<Box<dyn Gradient>> {
    let hand = Hand {
        adjoint: LuAdjoint::new(input.n),
        input: input.clone(),
    };
    vec![
        crate::derived::lu::gradient(input.clone(), style),
        Box::new(hand),
        #[cfg(feature = "peers")]
        crate::peers::tape::lu(input),
    ]
}

struct Hand {
    input: Rc<System>,
    adjoint: LuAdjoint,
}

impl Gradient for Hand {
    fn tool(&self) -> &'static str {
        "hand (formula)"
    }

    fn run(&mut self) {
        self.adjoint.run(self.input.n, &self.input.a, &self.input.b);
    }

    fn derivatives(&self) -> Derivatives {
        derivatives(self.adjoint.objective, &self.adjoint.d_a, &self.adjoint.d_b)
    }
}
