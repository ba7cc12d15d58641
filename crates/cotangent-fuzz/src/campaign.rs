//! One run: generate, build, compare, shrink, keep, report.

use crate::build::{Toolchain, Unit, run_programs};
use crate::catalogue::{rows, snippets};
use crate::coverage::Coverage;
use crate::generate::{Program, Rows, program};
use crate::glue::{Derivatives, glue};
use crate::harness::Tally;
use crate::shrink::{Failing, kind};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What to run.
#[derive(Clone, Debug)]
pub struct Campaign {
    /// The seed of the run.
    pub seed: u64,
    /// The number of the first program.
    pub first: usize,
    /// How many programs.
    pub count: usize,
    /// Which rows programs may use.
    pub rows: Rows,
    /// Which derivatives are compared; none tests the generator itself.
    pub derivatives: Derivatives,
    /// How long to shrink one failing program; nothing is shrunk or kept where this is zero.
    pub patience: Duration,
    /// How many failing programs to shrink, one for each kind of failure.
    pub shrink_at_most: usize,
}

/// What a run found.
#[derive(Clone, Debug)]
pub struct Report {
    /// The failures and the counts of differences.
    pub tally: Tally,
    /// The coverage of the rows.
    pub coverage: Coverage,
    /// The failing programs after shrinking, with the files that keep them.
    pub minimal: Vec<(Failing, PathBuf)>,
}

impl Campaign {
    /// The programs of this run.
    pub fn programs(&self) -> Vec<Program> {
        (self.first..self.first + self.count)
            .map(|index| program(self.seed, index, &self.rows))
            .collect()
    }

    /// Small programs that contain little but one row, three for every row: they show which rows work at all.
    pub fn programs_of_each_row(&self) -> Vec<(&'static str, Program)> {
        let mut programs = Vec::new();
        for (number, row) in rows().into_iter().filter(|row| self.rows.allow(row)).enumerate() {
            let with = snippets().filter(|snippet| snippet.rows().any(|other| other == row));
            let mut only: BTreeSet<String> = with.flat_map(|snippet| snippet.rows().map(str::to_owned)).collect();
            only.extend([row, "f64 parameter", "returns f64"].map(str::to_owned));
            let rows = Rows {
                only,
                without: BTreeSet::new(),
            };
            // A row of an expression or a parameter is drawn at random, so some programs lack it.
            let drawn = (0..30).map(|index| program(self.seed, index, &rows));
            let mut having = drawn.filter(|program| program.tags.contains(row));
            for index in 0..3 {
                if let Some(mut program) = having.next() {
                    program.name = format!("row_{number}_{index}");
                    programs.push((row, program));
                }
            }
        }
        programs
    }

    /// Runs [`programs_of_each_row`](Self::programs_of_each_row): the failures of each row that has any.
    ///
    /// # Errors
    ///
    /// Where cargo, rustc or the file system fail.
    pub fn run_each_row(&self) -> Result<BTreeMap<&'static str, Vec<String>>, String> {
        let toolchain = Toolchain::locate()?;
        let programs = self.programs_of_each_row();
        let units: Vec<Unit> = programs.iter().map(|(_, program)| self.unit(program)).collect();
        let tally = run_programs(&toolchain, &units)?;
        let _ = std::fs::remove_dir_all(&toolchain.scratch);
        let mut failing: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
        for (name, failure) in tally.failures {
            if let Some((row, program)) = programs.iter().find(|(_, program)| program.name == name) {
                failing.entry(row).or_default().push(format!("{failure}\n{}", program.source));
            }
        }
        Ok(failing)
    }

    /// Runs it.
    ///
    /// # Errors
    ///
    /// Where cargo, rustc or the file system fail; a failing program is part of the report.
    pub fn run(&self) -> Result<Report, String> {
        let toolchain = Toolchain::locate()?;
        let programs = self.programs();
        let units: Vec<Unit> = programs.iter().map(|program| self.unit(program)).collect();
        let tally = run_programs(&toolchain, &units)?;
        let minimal = self.shrink(&toolchain, &programs, &tally)?;
        let _ = std::fs::remove_dir_all(&toolchain.scratch);
        Ok(Report {
            tally,
            coverage: Coverage::of(&programs),
            minimal,
        })
    }

    fn unit(&self, program: &Program) -> Unit {
        Unit {
            name: program.name.clone(),
            text: program.module(self.derivatives),
            single: single(program),
        }
    }

    /// Shrinks the first failure of each kind and writes it to `kept`.
    fn shrink(&self, toolchain: &Toolchain, programs: &[Program], tally: &Tally) -> Result<Vec<(Failing, PathBuf)>, String> {
        let mut minimal = Vec::new();
        if self.patience.is_zero() || self.derivatives == Derivatives::None {
            return Ok(minimal);
        }
        let mut kinds = BTreeSet::new();
        for (name, failure) in &tally.failures {
            let Some(program) = programs.iter().find(|program| program.name == *name) else {
                continue;
            };
            if minimal.len() < self.shrink_at_most && kinds.insert(kind(failure)) {
                let small = failing(program, failure, self.derivatives).shrunk(toolchain, self.patience);
                let file = keep(&small, program)?;
                minimal.push((small, file));
            }
        }
        Ok(minimal)
    }
}

/// Whether `f32` takes part in a program.
fn single(program: &Program) -> bool {
    program.source.contains("f32")
}

/// A failing program, ready to be shrunk.
pub fn failing(program: &Program, failure: &str, derivatives: Derivatives) -> Failing {
    let text = |derivatives| glue(&program.signature, &program.name, program.seed, derivatives);
    Failing {
        name: program.name.clone(),
        source: program.source.clone(),
        glue: text(derivatives),
        plain_glue: text(Derivatives::None),
        failure: failure.to_owned(),
        single: single(program),
        derivatives,
    }
}

/// The folder of the programs that failed once.
pub fn kept_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("kept")
}

/// Writes a shrunk program, so that it is a test from now on.
fn keep(small: &Failing, program: &Program) -> Result<PathBuf, String> {
    let name = format!("seed_{:016x}", program.seed);
    let folder = kept_folder();
    let file = folder.join(format!("{name}.rs"));
    let first_line = small.failure.lines().next().unwrap_or_default();
    let module = crate::generate::formatted(&small.unit(&small.source).text);
    let part = folder.join(format!("{name}.tmp"));
    std::fs::write(&part, format!("// Failed once: {first_line}\n{module}"))
        .and_then(|()| std::fs::rename(&part, &file))
        .map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(file)
}

/// The programs that failed once, as modules to run again.
///
/// # Errors
///
/// Where the folder cannot be read.
pub fn kept_units() -> Result<Vec<Unit>, String> {
    let folder = kept_folder();
    let entries = std::fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut units = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| format!("{}: {error}", folder.display()))?.path();
        if path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().replace('-', "_");
        units.push(Unit {
            name: stem,
            single: text.contains("f32"),
            text,
        });
    }
    units.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(units)
}
