//! Inputs of any size from a seed: `gmm:n=1000,d=64,k=25,seed=1`.

use std::collections::BTreeMap;
use std::f64::consts::TAU;

use anyhow::{Context, Result, bail, ensure};
use fastrand::Rng;
use serde_json::Map;

use crate::input::{Ba, Gmm, Input, Lstm, Problem};

/// Makes the input that `spec` describes; the same text gives the same input on every machine.
///
/// # Errors
/// Where the kind or a size is unknown, missing or not a positive whole number.
///
/// # Example
/// ```
/// let input = cotangent_bench::generate::generate("gmm:n=5,d=2,k=3,seed=1").unwrap();
/// assert_eq!(input.kind, "gmm");
/// ```
pub fn generate(spec: &str) -> Result<Input> {
    make(spec).with_context(|| format!("generating an input from {spec:?}"))
}

fn make(spec: &str) -> Result<Input> {
    let (kind, list) = spec.split_once(':').unwrap_or((spec, ""));
    let mut sizes = Sizes::parse(list)?;
    let mut rng = Rng::with_seed(sizes.take("seed", Some(1))? as u64);
    let problem = match kind {
        "gmm" => Problem::Gmm(gmm(&mut sizes, &mut rng)?),
        "ba" => Problem::Ba(ba(&mut sizes, &mut rng)?),
        "lstm" => Problem::Lstm(lstm(&mut sizes, &mut rng)?),
        "hand_simple" | "hand_complicated" => {
            bail!("{kind} needs a hand model; pass a FILE, such as one of crates/cotangent-bench/data")
        }
        other => bail!("found kind {other:?}; expected gmm, ba or lstm"),
    };
    sizes.finish()?;
    Ok(Input {
        kind: kind.to_string(),
        problem,
        expected: Map::new(),
    })
}

/// The sizes that the text states.
struct Sizes(BTreeMap<String, usize>);

impl Sizes {
    fn parse(list: &str) -> Result<Self> {
        let mut sizes = BTreeMap::new();
        for part in list.split(',').filter(|part| !part.is_empty()) {
            let Some((name, value)) = part.split_once('=') else {
                bail!("found {part:?}; expected name=number");
            };
            let value = value
                .parse()
                .with_context(|| format!("{name}: found {value:?}, expected a whole number"))?;
            ensure!(sizes.insert(name.to_string(), value).is_none(), "{name} is stated twice");
        }
        Ok(Sizes(sizes))
    }

    fn take(&mut self, name: &str, default: Option<usize>) -> Result<usize> {
        match self.0.remove(name).or(default) {
            Some(value) => Ok(value),
            None => bail!("{name} is missing; add {name}=number"),
        }
    }

    fn take_positive(&mut self, name: &str) -> Result<usize> {
        let value = self.take(name, None)?;
        ensure!(value > 0, "{name}: found 0, expected a positive number");
        Ok(value)
    }

    fn finish(self) -> Result<()> {
        match self.0.keys().next() {
            Some(name) => bail!("{name} is not a size of this kind; leave it out"),
            None => Ok(()),
        }
    }
}

/// Normal weights, factors and points, uniform means: ADBench's own choice.
fn gmm(sizes: &mut Sizes, rng: &mut Rng) -> Result<Gmm> {
    let (n, d, k) = (sizes.take_positive("n")?, sizes.take_positive("d")?, sizes.take_positive("k")?);
    Ok(Gmm {
        d,
        k,
        n,
        alphas: normals(rng, k),
        means: (0..k * d).map(|_| rng.f64()).collect(),
        icf: normals(rng, k * d * (d + 1) / 2),
        x: normals(rng, n * d),
        gamma: sizes.take("gamma", Some(1))? as f64,
        m: sizes.take("m", Some(0))? as f64,
    })
}

/// Distinct cameras that all look at the points from a distance, so that no depth is near zero.
fn ba(sizes: &mut Sizes, rng: &mut Rng) -> Result<Ba> {
    let (n, m, p) = (sizes.take_positive("n")?, sizes.take_positive("m")?, sizes.take_positive("p")?);
    let camera = |rng: &mut Rng| {
        let [r1, r2, r3, c1, c2, c3] = std::array::from_fn(|_| 0.3 * normal(rng));
        let (k1, k2) = (0.01 * normal(rng), 0.001 * normal(rng));
        [
            r1,
            r2,
            r3,
            c1,
            c2,
            c3 - 10.0,
            400.0 + 50.0 * rng.f64(),
            5.0 * normal(rng),
            5.0 * normal(rng),
            k1,
            k2,
        ]
    };
    Ok(Ba {
        cameras: (0..n).map(|_| camera(rng)).collect(),
        points: (0..m).map(|_| std::array::from_fn(|_| normal(rng))).collect(),
        weights: (0..p).map(|_| rng.f64()).collect(),
        observations: (0..p).map(|_| [rng.usize(..n), rng.usize(..m)]).collect(),
        features: (0..p).map(|_| std::array::from_fn(|_| 100.0 * normal(rng))).collect(),
        replicated: false,
    })
}

/// Random parameters and characters of random bits.
fn lstm(sizes: &mut Sizes, rng: &mut Rng) -> Result<Lstm> {
    let (layers, steps, b) = (sizes.take_positive("l")?, sizes.take_positive("c")?, sizes.take_positive("b")?);
    ensure!(steps > 1, "c: found 1, expected 2 at least");
    Ok(Lstm {
        layers,
        steps,
        b,
        main_params: normals(rng, 8 * layers * b),
        extra_params: normals(rng, 3 * b),
        state: normals(rng, 2 * layers * b),
        sequence: (0..steps * b).map(|_| f64::from(u8::from(rng.bool()))).collect(),
    })
}

/// So many standard normal numbers.
pub fn normals(rng: &mut Rng, count: usize) -> Vec<f64> {
    (0..count).map(|_| normal(rng)).collect()
}

/// A standard normal number, by Box and Muller.
fn normal(rng: &mut Rng) -> f64 {
    // `1 - u` is in (0, 1], so its logarithm is finite.
    (-2.0 * (1.0 - rng.f64()).ln()).sqrt() * (TAU * rng.f64()).cos()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_is_an_input() {
        let x = |spec| match generate(spec).unwrap().problem {
            Problem::Gmm(gmm) => gmm.x,
            other => panic!("found {other:?}"),
        };
        assert_eq!(x("gmm:n=3,d=2,k=2,seed=7"), x("gmm:k=2,d=2,n=3,seed=7"));
        assert_ne!(x("gmm:n=3,d=2,k=2,seed=7"), x("gmm:n=3,d=2,k=2,seed=8"));
    }

    #[test]
    fn a_wrong_text_is_explained() {
        for (spec, message) in [
            ("gmm:n=3,d=2", "k is missing"),
            ("gmm:n=3,d=2,k=x", "expected a whole number"),
            ("gmm:n=3,d=2,k=0", "expected a positive number"),
            ("gmm:n=3,d=2,k=1,z=4", "z is not a size"),
            ("gmm:n=3,n=2,k=1", "n is stated twice"),
            ("gmm:n", "expected name=number"),
            ("svm:n=3", "expected gmm, ba or lstm"),
            ("hand_simple:n=3", "needs a hand model"),
            ("lstm:l=1,c=1,b=2", "expected 2 at least"),
        ] {
            let error = format!("{:#}", generate(spec).unwrap_err());
            assert!(error.contains(message) && error.contains(spec), "{spec}: {error}");
        }
    }
}
