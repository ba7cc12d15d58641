//! Bundle adjustment: a task is the whole Jacobian, block by block.

use std::rc::Rc;

use super::{named, task};
use crate::case::{Case, Derivatives, Gradient, Style};
use crate::hand::ba::residual;
use crate::input::Ba;
use crate::{annotated, plain};

type Natural = fn(&[f64; 11], &[f64; 3], f64, &[f64; 2]) -> [f64; 2];
type Workspace = fn(&[f64; 11], &[f64; 3], f64, &[f64; 2], &mut [f64; 2]);
type WeightError = fn(f64) -> f64;

/// Everything that is timed on a bundle.
pub fn case(input: &Ba, style: Style) -> Case {
    let input = Rc::new(input.clone());
    let (primal, annotated) = match style {
        Style::Natural => (
            natural(plain::ba::natural, plain::ba::weight_error, input.clone()),
            natural(annotated::ba::natural, annotated::ba::weight_error, input.clone()),
        ),
        Style::Workspace => (
            workspace(plain::ba::workspace, plain::ba::weight_error, input.clone()),
            workspace(annotated::ba::workspace, annotated::ba::weight_error, input.clone()),
        ),
    };
    Case {
        kind: "ba".into(),
        style,
        primal,
        annotated,
        gradients: gradients(input, style),
        expected: Derivatives::new(),
    }
}

fn natural(f: Natural, w: WeightError, ba: Rc<Ba>) -> Box<dyn FnMut()> {
    let mut out = Jacobian::errors(&ba);
    task(move || {
        for (i, error) in out.0.iter_mut().enumerate() {
            let (camera, point, weight, feature) = ba.observation(i);
            *error = f(camera, point, weight, feature);
            out.1[i] = w(weight);
        }
    })
}

fn workspace(f: Workspace, w: WeightError, ba: Rc<Ba>) -> Box<dyn FnMut()> {
    let mut out = Jacobian::errors(&ba);
    task(move || {
        for (i, error) in out.0.iter_mut().enumerate() {
            let (camera, point, weight, feature) = ba.observation(i);
            f(camera, point, weight, feature, error);
            out.1[i] = w(weight);
        }
    })
}

impl Ba {
    /// Camera, point, weight and feature of an observation.
    pub(crate) fn observation(&self, i: usize) -> (&[f64; 11], &[f64; 3], f64, &[f64; 2]) {
        let [camera, point] = self.observations[i];
        (&self.cameras[camera], &self.points[point], self.weights[i], &self.features[i])
    }
}

#[cfg(feature = "peers")]
impl Ba {
    /// Camera, point and weight of an observation in one array, and its feature.
    pub(crate) fn flat(&self, i: usize) -> ([f64; 15], &[f64; 2]) {
        let (camera, point, weight, feature) = self.observation(i);
        let mut x = [weight; 15];
        x[..11].copy_from_slice(camera);
        x[11..14].copy_from_slice(point);
        (x, feature)
    }
}

/// The errors and the blocks of their Jacobian.
pub(crate) struct Jacobian {
    pub(crate) errors: Vec<[f64; 2]>,
    pub(crate) weight_errors: Vec<f64>,
    /// Per observation 2 rows of 15: 11 camera, 3 point, 1 weight.
    pub(crate) blocks: Vec<[f64; 30]>,
    pub(crate) by_weight: Vec<f64>,
    replicated: bool,
}

impl Jacobian {
    pub(crate) fn new(ba: &Ba) -> Self {
        let (errors, weight_errors) = Jacobian::errors(ba);
        let by_weight = weight_errors.clone();
        let blocks = vec![[0.0; 30]; by_weight.len()];
        Jacobian {
            errors,
            weight_errors,
            blocks,
            by_weight,
            replicated: ba.replicated,
        }
    }

    fn errors(ba: &Ba) -> (Vec<[f64; 2]>, Vec<f64>) {
        (vec![[0.0; 2]; ba.weights.len()], vec![0.0; ba.weights.len()])
    }

    /// Under the names of the format; of a replicated input, one block: the one furthest from the first, so that a
    /// wrong block does not hide.
    pub(crate) fn derivatives(&self) -> Derivatives {
        if !self.replicated {
            return named([
                ("reproj_err", self.errors.concat().into()),
                ("w_err", self.weight_errors.clone().into()),
                ("J_blocks", self.blocks.concat().into()),
                ("J_w", self.by_weight.clone().into()),
            ]);
        }
        let distance = |block: &[f64; 30]| -> f64 { block.iter().zip(&self.blocks[0]).map(|(a, b)| (a - b).abs()).sum() };
        let far = |a: &usize, b: &usize| distance(&self.blocks[*a]).total_cmp(&distance(&self.blocks[*b]));
        let i = (0..self.blocks.len()).max_by(far).unwrap_or(0);
        named([
            ("reproj_err", self.errors[i].to_vec().into()),
            ("w_err", self.weight_errors[i].into()),
            ("J_block_2x15_rowmajor", self.blocks[i].to_vec().into()),
            ("J_w", self.by_weight[i].into()),
        ])
    }
}

/// The tools, in the order of the table.
fn gradients(input: Rc<Ba>, style: Style) -> Vec<Box<dyn Gradient>> {
    let hand = Hand {
        jacobian: Jacobian::new(&input),
        input: input.clone(),
    };
    vec![
        crate::derived::ba::gradient(input.clone(), style),
        Box::new(hand),
        #[cfg(feature = "peers")]
        crate::peers::dual::ba(input.clone()),
        #[cfg(feature = "peers")]
        crate::peers::tape::ba(input),
    ]
}

struct Hand {
    input: Rc<Ba>,
    jacobian: Jacobian,
}

impl Gradient for Hand {
    fn tool(&self) -> &'static str {
        "hand"
    }

    fn run(&mut self) {
        let out = &mut self.jacobian;
        for (i, block) in out.blocks.iter_mut().enumerate() {
            let (camera, point, weight, feature) = self.input.observation(i);
            out.errors[i] = residual(camera, point, weight, feature, block);
            out.weight_errors[i] = 1.0 - weight * weight;
            out.by_weight[i] = -2.0 * weight;
        }
    }

    fn derivatives(&self) -> Derivatives {
        self.jacobian.derivatives()
    }
}
