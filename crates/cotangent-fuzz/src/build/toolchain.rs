//! Where rustc and the compiled libraries are, and one rustc call.

use super::Unit;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// rustc, the libraries that programs need, and a folder for the programs.
#[derive(Clone, Debug)]
pub struct Toolchain {
    externs: Vec<(String, PathBuf)>,
    libraries: PathBuf,
    /// The fault of the macros, by name; see `cotangent_compiler::mutant`.
    mutant: Option<String>,
    /// Where programs and executables are written.
    pub scratch: PathBuf,
}

/// What rustc said to a crate of several modules.
#[derive(Debug)]
pub enum Build {
    /// It compiled.
    Done(PathBuf),
    /// Errors per module; under an empty name those of no module.
    Errors(BTreeMap<String, String>),
}

impl Toolchain {
    /// Builds the libraries with cargo (nothing to do where they are fresh) and finds their files.
    ///
    /// # Errors
    ///
    /// What cargo said where it cannot build them.
    pub fn locate() -> Result<Self, String> {
        Self::built_with(&[])
    }

    /// The same with macros that can be made faulty.
    ///
    /// # Errors
    ///
    /// What cargo said where it cannot build them.
    pub fn locate_with_mutants() -> Result<Self, String> {
        Self::built_with(&["--features", "cotangent-fuzz/mutants"])
    }

    /// A copy whose macros have this fault and that works in a folder of its own.
    ///
    /// # Errors
    ///
    /// Where the folder cannot be made.
    pub fn with_mutant(&self, mutant: &str) -> Result<Self, String> {
        let scratch = self.scratch.join(mutant);
        std::fs::create_dir_all(&scratch).map_err(|error| format!("{}: {error}", scratch.display()))?;
        Ok(Self {
            mutant: Some(mutant.to_owned()),
            scratch,
            ..self.clone()
        })
    }

    fn built_with(options: &[&str]) -> Result<Self, String> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let output = Command::new(cargo)
            .args(["build", "--lib", "-p", "cotangent-fuzz", "-p", "cotangent", "--message-format=json"])
            .args(options)
            .current_dir(&root)
            .output()
            .map_err(|error| format!("cargo cannot be started: {error}"))?;
        if !output.status.success() {
            return Err(format!("cargo build failed:\n{}", String::from_utf8_lossy(&output.stderr)));
        }
        let mut externs = Vec::new();
        for line in String::from_utf8_lossy(&output.stdout).lines() {
            let Ok(message) = serde_json::from_str::<Value>(line) else {
                continue;
            };
            let name = message["target"]["name"].as_str().unwrap_or_default();
            let files = message["filenames"].as_array().map(Vec::as_slice).unwrap_or_default();
            let library = files.iter().filter_map(Value::as_str).find(|file| file.ends_with(".rlib"));
            if let (true, Some(file)) = (matches!(name, "cotangent" | "cotangent_fuzz"), library) {
                externs.push((name.to_owned(), PathBuf::from(file)));
            }
        }
        let folder = externs.first().and_then(|(_, file)| file.parent());
        let folder = folder
            .ok_or("cargo named no library of cotangent; expected one .rlib each")?
            .to_owned();
        let scratch = folder.join(format!("fuzz-{}", std::process::id()));
        std::fs::create_dir_all(&scratch).map_err(|error| format!("{}: {error}", scratch.display()))?;
        Ok(Self {
            libraries: folder.join("deps"),
            externs,
            mutant: None,
            scratch,
        })
    }

    /// Whether the source of a module is valid Rust with the attributes replaced by nothing.
    pub fn accepts(&self, unit: &Unit) -> bool {
        let folder = self.scratch.join(format!("check-{}", unit.name));
        matches!(self.rustc(&folder, std::slice::from_ref(unit), "metadata"), Ok(Build::Done(_)))
    }

    /// Compiles modules into one executable.
    ///
    /// # Errors
    ///
    /// Where rustc cannot be run.
    pub fn build(&self, folder: &Path, units: &[Unit]) -> Result<Build, String> {
        self.rustc(folder, units, "link")
    }

    fn rustc(&self, folder: &Path, units: &[Unit], emit: &str) -> Result<Build, String> {
        let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
        std::fs::create_dir_all(folder).map_err(failed)?;
        for unit in units {
            std::fs::write(folder.join(format!("{}.rs", unit.name)), &unit.text).map_err(failed)?;
        }
        let main = folder.join("main.rs");
        std::fs::write(&main, main_text(units, &folder.join("report"))).map_err(failed)?;
        let program = folder.join("program");
        let mut rustc = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
        rustc.args([
            "--edition=2024",
            "--crate-type=bin",
            "--crate-name=program",
            "--error-format=json",
            "--cap-lints=allow",
        ]);
        rustc
            .args(["-Copt-level=0", "-Cdebuginfo=0", "-Cstrip=symbols"])
            .arg(format!("--emit={emit}"));
        rustc.arg("-L").arg(format!("dependency={}", self.libraries.display()));
        for (name, file) in &self.externs {
            rustc.arg("--extern").arg(format!("{name}={}", file.display()));
        }
        if let Some(mutant) = &self.mutant {
            rustc.env("COTANGENT_MUTANT", mutant);
        }
        let output = rustc.arg("-o").arg(&program).arg(&main).output().map_err(failed)?;
        if output.status.success() {
            return Ok(Build::Done(program));
        }
        Ok(Build::Errors(errors_by_module(&String::from_utf8_lossy(&output.stderr))))
    }
}

/// A crate root that runs every module's case.
fn main_text(units: &[Unit], report: &Path) -> String {
    let mut text = String::from("#![allow(warnings)]\n");
    for unit in units {
        text += &format!("mod {};\n", unit.name);
    }
    text += "fn main() { let first = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(0usize);\n";
    let cases: Vec<String> = units
        .iter()
        .map(|unit| format!("({}::case(), {})", unit.name, unit.single))
        .collect();
    text + &format!(
        "let cases = [{}];\ncotangent_fuzz::harness::run_all(&cases[first..], {report:?}); }}\n",
        cases.join(", ")
    )
}

/// The first error of every module, from rustc's JSON lines.
fn errors_by_module(stderr: &str) -> BTreeMap<String, String> {
    let mut errors = BTreeMap::new();
    for line in stderr.lines() {
        let Ok(message) = serde_json::from_str::<Value>(line) else {
            errors.entry(String::new()).or_insert_with(|| line.to_owned());
            continue;
        };
        if message["level"].as_str().is_none_or(|level| !level.starts_with("error")) {
            continue;
        }
        let spans = message["spans"].as_array().map(Vec::as_slice).unwrap_or_default();
        let file = spans
            .iter()
            .find(|span| span["is_primary"] == true)
            .and_then(|span| span["file_name"].as_str());
        let module = file
            .and_then(|file| Path::new(file).file_stem())
            .and_then(|stem| stem.to_str())
            .unwrap_or_default();
        let module = if module == "main" { "" } else { module };
        let rendered = message["rendered"].as_str().unwrap_or_default();
        // "aborting due to .. errors" has no place and explains nothing.
        if !(module.is_empty() && rendered.starts_with("error: aborting")) {
            errors.entry(module.to_owned()).or_insert_with(|| rendered.to_owned());
        }
    }
    errors
}
