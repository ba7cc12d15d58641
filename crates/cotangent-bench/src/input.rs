//! The inputs, in the format of `data/README.md`.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;
use serde_json::{Map, Value};

/// Any input, with its expected derivatives where the file has them.
#[derive(Clone, Debug)]
pub struct Input {
    /// The name of the kind as in the file: `gmm`, `ba`, `ba_replicated`, `lstm`, `hand_simple`, `hand_complicated`.
    pub kind: String,
    /// The numbers.
    pub problem: Problem,
    /// The objective and the derivatives under the names of `data/README.md`; empty where there are none.
    pub expected: Map<String, Value>,
}

/// The numbers of a problem.
#[derive(Clone, Debug)]
pub enum Problem {
    /// A Gaussian mixture.
    Gmm(Gmm),
    /// Bundle adjustment.
    Ba(Ba),
    /// A long short-term memory.
    Lstm(Lstm),
    /// Hand tracking.
    Hand(Box<Hand>),
}

/// A Gaussian mixture of `k` components in `d` dimensions.
#[derive(Clone, Debug, Deserialize)]
pub struct Gmm {
    /// Dimensions.
    pub d: usize,
    /// Components.
    pub k: usize,
    /// Points.
    pub n: usize,
    /// Log-weights, `k`.
    pub alphas: Vec<f64>,
    /// Means, `k` rows of `d`.
    pub means: Vec<f64>,
    /// Inverse covariance factors, `k` rows of `d(d+1)/2`.
    pub icf: Vec<f64>,
    /// Points, `n` rows of `d`.
    pub x: Vec<f64>,
    /// Scale of the Wishart prior.
    pub gamma: f64,
    /// Degrees of freedom of the Wishart prior beyond `d + 1`.
    pub m: f64,
}

/// Bundle adjustment; replicated inputs are expanded as they are read.
#[derive(Clone, Debug)]
pub struct Ba {
    /// Cameras.
    pub cameras: Vec<[f64; 11]>,
    /// Points.
    pub points: Vec<[f64; 3]>,
    /// A weight per observation.
    pub weights: Vec<f64>,
    /// Camera and point of each observation.
    pub observations: Vec<[usize; 2]>,
    /// The measured feature of each observation.
    pub features: Vec<[f64; 2]>,
    /// Whether every observation is the same one.
    pub replicated: bool,
}

/// A long short-term memory.
#[derive(Clone, Debug, Deserialize)]
pub struct Lstm {
    /// Layers.
    #[serde(rename = "l")]
    pub layers: usize,
    /// Characters in the sequence.
    #[serde(rename = "c")]
    pub steps: usize,
    /// Hidden size and bits of a character.
    pub b: usize,
    /// Weights and biases of the layers, `8 l b`.
    pub main_params: Vec<f64>,
    /// Input weights, output weights, output biases, `3 b`.
    pub extra_params: Vec<f64>,
    /// Initial state, `2 l b`.
    pub state: Vec<f64>,
    /// The characters, `c` rows of `b`.
    pub sequence: Vec<f64>,
}

/// Hand tracking.
#[derive(Clone, Debug)]
pub struct Hand {
    /// The hand.
    pub model: HandModel,
    /// The pose, 26 parameters.
    pub theta: Vec<f64>,
    /// The vertex (simple) or triangle (complicated) of each point.
    pub correspondences: Vec<usize>,
    /// The measured points, rows of 3.
    pub points: Vec<f64>,
    /// Barycentric coordinates, rows of 2; only in the complicated problem.
    pub us: Option<Vec<f64>>,
}

/// A hand: bones that carry a mesh, as flat arrays.
#[derive(Clone, Debug)]
pub struct HandModel {
    /// Number of bones.
    pub bones: usize,
    /// Number of vertices.
    pub vertices: usize,
    /// The parent of each bone, which precedes it; -1 for a root.
    pub parents: Vec<i64>,
    /// 4x4, row-major, per bone: its place relative to its parent in the rest pose.
    pub base_relatives: Vec<f64>,
    /// 4x4, row-major, per bone: the inverse of its absolute place in the rest pose.
    pub inverse_base_absolutes: Vec<f64>,
    /// The vertices of the rest pose, homogeneous, rows of 4.
    pub base_positions: Vec<f64>,
    /// Where the weights of each vertex start; one more entry than vertices.
    pub weight_starts: Vec<usize>,
    /// The bone of each weight.
    pub weight_bones: Vec<usize>,
    /// The weights.
    pub weights: Vec<f64>,
    /// The triangles, rows of three vertices.
    pub triangles: Vec<usize>,
}

/// Reads an input; hand inputs read their model from the same folder.
///
/// # Errors
/// Where the file cannot be read, is not of a known kind, or its arrays do not have the sizes that it states.
pub fn read(path: &Path) -> Result<Input> {
    parse(path).with_context(|| format!("reading the input {}", path.display()))
}

fn parse(path: &Path) -> Result<Input> {
    let mut json: Map<String, Value> = serde_json::from_str(&fs::read_to_string(path)?)?;
    let expected = match json.remove("expected") {
        Some(Value::Object(expected)) => expected,
        _ => Map::new(),
    };
    let kind = match json.get("kind") {
        Some(Value::String(kind)) => kind.clone(),
        _ => bail!("found no text under \"kind\"; see data/README.md for the format"),
    };
    let json = Value::Object(json);
    let problem = match kind.as_str() {
        "gmm" => Problem::Gmm(serde_json::from_value(json)?),
        "ba" => Problem::Ba(serde_json::from_value::<BaFile>(json)?.build()?),
        "ba_replicated" => Problem::Ba(serde_json::from_value::<ReplicatedFile>(json)?.build()),
        "lstm" => Problem::Lstm(serde_json::from_value(json)?),
        "hand_simple" | "hand_complicated" => {
            let file: HandFile = serde_json::from_value(json)?;
            let folder = path.parent().unwrap_or(Path::new("."));
            let model = read_model(&folder.join(&file.model))?;
            Problem::Hand(Box::new(file.build(model)))
        }
        other => bail!("found kind {other:?}; expected gmm, ba, ba_replicated, lstm, hand_simple or hand_complicated"),
    };
    problem.check(&kind)?;
    Ok(Input { kind, problem, expected })
}

impl Problem {
    /// Checks the sizes once, so that the problems can index without looking back.
    fn check(&self, kind: &str) -> Result<()> {
        match self {
            Problem::Gmm(g) => {
                ensure!(g.d > 0 && g.k > 0 && g.n > 0, "d, k and n must be positive");
                length("alphas", g.alphas.len(), g.k)?;
                length("means", g.means.len(), g.k * g.d)?;
                length("icf", g.icf.len(), g.k * g.d * (g.d + 1) / 2)?;
                length("x", g.x.len(), g.n * g.d)
            }
            Problem::Ba(ba) => {
                length("obs", ba.observations.len(), ba.weights.len())?;
                length("feats", ba.features.len(), ba.weights.len())?;
                let known = |o: &&[usize; 2]| o[0] >= ba.cameras.len() || o[1] >= ba.points.len();
                match ba.observations.iter().find(known) {
                    Some(o) => bail!("obs: found camera {}, point {}; there is none such", o[0], o[1]),
                    None => Ok(()),
                }
            }
            Problem::Lstm(lstm) => {
                ensure!(lstm.steps > 1 && lstm.b > 0, "c must be above 1, b must be positive");
                length("main_params", lstm.main_params.len(), 8 * lstm.layers * lstm.b)?;
                length("extra_params", lstm.extra_params.len(), 3 * lstm.b)?;
                length("state", lstm.state.len(), 2 * lstm.layers * lstm.b)?;
                length("sequence", lstm.sequence.len(), lstm.steps * lstm.b)
            }
            Problem::Hand(hand) => hand.check(kind),
        }
    }
}

impl Hand {
    fn check(&self, kind: &str) -> Result<()> {
        length("theta", self.theta.len(), 26)?;
        length("points", self.points.len(), 3 * self.correspondences.len())?;
        let limit = match &self.us {
            Some(us) => {
                length("us", us.len(), 2 * self.correspondences.len())?;
                self.model.triangles.len() / 3
            }
            None => self.model.vertices,
        };
        ensure!(
            self.us.is_some() == (kind == "hand_complicated"),
            "us: expected in hand_complicated and only there"
        );
        match self.correspondences.iter().find(|&&c| c >= limit) {
            Some(c) => bail!("correspondences: found {c}; the model has only {limit}"),
            None => self.model.check(),
        }
    }
}

impl HandModel {
    fn check(&self) -> Result<()> {
        ensure!(self.bones >= 22, "n_bones: found {}; the pose needs 22 at least", self.bones);
        length("parents", self.parents.len(), self.bones)?;
        length("base_relatives", self.base_relatives.len(), 16 * self.bones)?;
        length("inverse_base_absolutes", self.inverse_base_absolutes.len(), 16 * self.bones)?;
        length("weights_sparse", self.weight_starts.len() - 1, self.vertices)?;
        let late = self.parents.iter().enumerate().find(|&(b, &parent)| parent >= b as i64);
        ensure!(late.is_none(), "parents: bone {late:?} does not come after its parent");
        ensure!(self.weight_bones.iter().all(|&b| b < self.bones), "weights_sparse: no such bone");
        ensure!(self.triangles.iter().all(|&v| v < self.vertices), "triangles: no such vertex");
        Ok(())
    }
}

fn length(name: &str, found: usize, expected: usize) -> Result<()> {
    ensure!(
        found == expected,
        "{name}: found {found} entries, expected {expected} by the sizes stated"
    );
    Ok(())
}

#[derive(Deserialize)]
struct BaFile {
    cams: Vec<f64>,
    #[serde(rename = "X")]
    points: Vec<f64>,
    w: Vec<f64>,
    obs: Vec<usize>,
    feats: Vec<f64>,
}

impl BaFile {
    fn build(self) -> Result<Ba> {
        Ok(Ba {
            cameras: rows("cams", &self.cams)?,
            points: rows("X", &self.points)?,
            weights: self.w,
            observations: rows("obs", &self.obs)?,
            features: rows("feats", &self.feats)?,
            replicated: false,
        })
    }
}

/// Rows of a fixed width out of a flat array.
fn rows<T: Copy, const N: usize>(name: &str, flat: &[T]) -> Result<Vec<[T; N]>> {
    let (rows, rest) = flat.as_chunks::<N>();
    ensure!(rest.is_empty(), "{name}: found {} entries, expected a multiple of {N}", flat.len());
    Ok(rows.to_vec())
}

#[derive(Deserialize)]
struct ReplicatedFile {
    n: usize,
    m: usize,
    p: usize,
    cam: [f64; 11],
    #[serde(rename = "X")]
    point: [f64; 3],
    w: f64,
    feat: [f64; 2],
}

impl ReplicatedFile {
    fn build(self) -> Ba {
        Ba {
            cameras: vec![self.cam; self.n],
            points: vec![self.point; self.m],
            weights: vec![self.w; self.p],
            observations: (0..self.p).map(|i| [i % self.n, i % self.m]).collect(),
            features: vec![self.feat; self.p],
            replicated: true,
        }
    }
}

#[derive(Deserialize)]
struct HandFile {
    model: String,
    theta: Vec<f64>,
    correspondences: Vec<usize>,
    points: Vec<f64>,
    us: Option<Vec<f64>>,
}

impl HandFile {
    fn build(self, model: HandModel) -> Hand {
        let HandFile {
            theta,
            correspondences,
            points,
            us,
            ..
        } = self;
        Hand {
            model,
            theta,
            correspondences,
            points,
            us,
        }
    }
}

#[derive(Deserialize)]
struct ModelFile {
    n_bones: usize,
    parents: Vec<i64>,
    base_relatives: Vec<Vec<f64>>,
    inverse_base_absolutes: Vec<Vec<f64>>,
    base_positions: Vec<f64>,
    weights_sparse: Vec<Vec<(usize, f64)>>,
    triangles: Vec<[usize; 3]>,
}

fn read_model(path: &Path) -> Result<HandModel> {
    let read = || -> Result<ModelFile> { Ok(serde_json::from_str(&fs::read_to_string(path)?)?) };
    let file = read().with_context(|| format!("reading the hand model {}", path.display()))?;
    let mut weight_starts = vec![0];
    for row in &file.weights_sparse {
        weight_starts.push(weight_starts[weight_starts.len() - 1] + row.len());
    }
    let weights = file.weights_sparse.concat();
    Ok(HandModel {
        bones: file.n_bones,
        vertices: file.base_positions.len() / 4,
        parents: file.parents,
        base_relatives: file.base_relatives.concat(),
        inverse_base_absolutes: file.inverse_base_absolutes.concat(),
        base_positions: file.base_positions,
        weight_starts,
        weight_bones: weights.iter().map(|w| w.0).collect(),
        weights: weights.iter().map(|w| w.1).collect(),
        triangles: file.triangles.concat(),
    })
}
