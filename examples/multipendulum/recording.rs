//! Recorded trajectories: times and angles, with noise.

use super::physics::{G, Pendulum};
use super::simulate::{Start, simulate};
use crate::common::problem::{Place, Problem};
use crate::common::table::Table;
use cotangent_ode::Options;
use std::fmt::Write;

/// Angles of N rods at increasing times.
#[derive(Clone, Debug, PartialEq)]
pub struct Recording {
    /// Name of the file, for messages.
    pub file: String,
    /// Seconds; the first is where the fit starts.
    pub times: Vec<f64>,
    /// Radians from the vertical, N for each time.
    pub theta: Vec<Vec<f64>>,
}

impl Recording {
    /// Reads the columns `t`, `theta1`, `theta2`, .. of a table.
    ///
    /// # Errors
    /// The cell that is missing or no number, a time that does not increase, too few columns or rows.
    pub fn read(table: &Table) -> Result<Self, Problem> {
        let t = table.column("t")?;
        let mut columns = vec![table.column("theta1")?];
        while let Ok(next) = table.column(&format!("theta{}", columns.len() + 1)) {
            columns.push(next);
        }
        let number = |row: usize, column: usize| {
            let missing = || {
                Problem::at(
                    table.place(row, column),
                    "the cell is empty; expected a number, or leave out the row",
                )
            };
            table.number(row, column, "")?.ok_or_else(missing)
        };
        let (mut times, mut theta) = (Vec::new(), Vec::new());
        for row in 0..table.len() {
            let time = number(row, t)?;
            if let Some(&last) = times.last().filter(|&&last| time <= last) {
                let message = format!("time {time} after time {last}; expected times that increase");
                return Err(Problem::at(table.place(row, t), message));
            }
            times.push(time);
            theta.push(columns.iter().map(|&column| number(row, column)).collect::<Result<Vec<_>, _>>()?);
        }
        let (rows, unknowns) = (times.len(), 4 * columns.len());
        if rows * columns.len() <= unknowns || rows < 8 {
            let message = format!("{rows} rows of {} angles for {unknowns} unknowns; expected more", columns.len());
            return Err(Problem::at(Place::file(table.file()), message));
        }
        Ok(Recording {
            file: table.file().into(),
            times,
            theta,
        })
    }

    /// As a table that [`Recording::read`] reads.
    pub fn to_csv(&self) -> String {
        let mut text = String::from("t");
        for k in 1..=self.rods() {
            // Writing to a String cannot fail.
            let _ = write!(text, ",theta{k}");
        }
        for (t, theta) in self.times.iter().zip(&self.theta) {
            let _ = write!(text, "\n{t:.4}");
            for angle in theta {
                let _ = write!(text, ",{angle:.5}");
            }
        }
        text.push('\n');
        text
    }

    /// The number of rods.
    pub fn rods(&self) -> usize {
        self.theta.first().map_or(0, Vec::len)
    }

    /// The first part, up to and with `count` rows.
    #[must_use]
    pub fn first(&self, count: usize) -> Self {
        Recording {
            file: self.file.clone(),
            times: self.times[..count].to_vec(),
            theta: self.theta[..count].to_vec(),
        }
    }
}

/// What the recording in the repository was made from.
pub fn truth() -> (Pendulum, Start) {
    let pendulum = Pendulum {
        m: vec![1.0, 0.6],
        l: vec![0.42, 0.31],
        g: G,
        c: 0.01,
    };
    let start = Start {
        theta: vec![1.1, -0.5],
        omega: vec![0.0, 0.8],
    };
    (pendulum, start)
}

/// Simulates a recording of `seconds` at `rate` frames a second, with normal noise of standard deviation `noise` rad.
///
/// # Errors
/// As the integrator's, in words.
pub fn record(pendulum: &Pendulum, start: &Start, seconds: f64, rate: f64, noise: f64, seed: u64) -> Result<Recording, Problem> {
    let frames = (seconds * rate).round() as usize;
    let times: Vec<f64> = (0..=frames).map(|k| k as f64 / rate).collect();
    let options = Options {
        rtol: 1e-11,
        atol: 1e-12,
        ..Options::default()
    };
    let solution = simulate(pendulum, start, times[frames], &times, &options)
        .map_err(|failure| Problem::Usage(format!("the recording cannot be simulated: {failure}")))?;
    let mut random = Normal { state: seed };
    let n = pendulum.l.len();
    let row = |k: usize| solution.saved(k)[..n].to_vec();
    let mut theta: Vec<Vec<f64>> = (0..=frames).map(row).collect();
    for angle in theta.iter_mut().flatten() {
        *angle += noise * random.next();
    }
    Ok(Recording {
        file: "simulated".into(),
        times,
        theta,
    })
}

/// Normal numbers from a seed: SplitMix64 (Steele, Lea, Flood 2014) and the transform of Box and Muller (1958).
struct Normal {
    state: u64,
}

impl Normal {
    fn uniform(&mut self) -> f64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        // 53 bits, and never zero.
        (((z ^ (z >> 31)) >> 11) as f64 + 0.5) / (1u64 << 53) as f64
    }

    fn next(&mut self) -> f64 {
        let radius = (-2.0 * self.uniform().ln()).sqrt();
        radius * (2.0 * std::f64::consts::PI * self.uniform()).cos()
    }
}
