//! Deliberately broken rules, saves and sweeps: each of them is caught.
//!
//! The macros are built once with the feature `mutants`; a variable of the environment then chooses one fault for each
//! rustc process. Every fault meets the same small programs, and at least one of them must fail.

mod programs;

use cotangent_compiler::mutant::Mutant;
use cotangent_fuzz::build::{Toolchain, Unit, run_programs};
use cotangent_fuzz::generate::module;
use cotangent_fuzz::glue::{Derivatives, glue};
use cotangent_fuzz::signature::{KINDS, Parameter, Returned, Signature};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// `f(x: f64, y: f64, v: &mut [f64]) -> f64`, the signature of every program.
fn signature() -> Signature {
    let parameter = |name: &str, tag: &str| Parameter {
        name: name.to_owned(),
        field: name.to_owned(),
        kind: KINDS.iter().find(|kind| kind.tag == tag).expect("a kind of the table"),
    };
    Signature {
        parameters: vec![
            parameter("x", "f64 parameter"),
            parameter("y", "f64 parameter"),
            parameter("v", "mut slice parameter"),
        ],
        returned: Returned::Scalar,
    }
}

fn units() -> Vec<Unit> {
    let unit = |(number, (name, source)): (usize, &(&str, &str))| {
        let glue = glue(&signature(), name, number as u64, Derivatives::All);
        Unit {
            name: (*name).to_owned(),
            text: module(source, &glue, Derivatives::All),
            single: false,
        }
    };
    programs::PROGRAMS.iter().enumerate().map(unit).collect()
}

/// What catches the fault: the first program that fails, and how.
fn caught(toolchain: &Toolchain, mutant: Mutant, units: &[Unit]) -> Result<Option<String>, String> {
    let toolchain = toolchain.with_mutant(&format!("{mutant:?}"))?;
    let found = run_programs(&toolchain, units)?;
    // A wrong number says more than an error of rustc, of which there may be both.
    let mut failures = found.failures;
    failures.sort_by_key(|(_, failure)| failure.starts_with("compile"));
    Ok(failures.first().map(|(name, failure)| {
        let line = failure.lines().next().unwrap_or_default();
        format!("{} of {} programs; {name}: {line:.90}", failures.len(), units.len())
    }))
}

/// One line for each fault, in the order of the table; `Err` where nothing failed.
fn run_all(toolchain: &Toolchain, units: &[Unit]) -> Vec<Result<String, Mutant>> {
    let next = AtomicUsize::new(0);
    let lines = Mutex::new(Vec::new());
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let position = next.fetch_add(1, Ordering::Relaxed);
                    let Some(&mutant) = Mutant::ALL.get(position) else {
                        break;
                    };
                    let found = caught(toolchain, mutant, units).expect("rustc runs");
                    let line = found
                        .map(|by| format!("{mutant:?}: {}\n    caught by {by}", mutant.what()))
                        .ok_or(mutant);
                    lines.lock().expect("no worker panics with the lock held").push((position, line));
                }
            });
        }
    });
    let mut lines = lines.into_inner().expect("no worker panicked");
    lines.sort_by_key(|(position, _)| *position);
    lines.into_iter().map(|(_, line)| line).collect()
}

#[test]
fn every_deliberate_fault_is_caught() {
    let toolchain = Toolchain::locate_with_mutants().unwrap();
    let units = units();
    let sound = run_programs(&toolchain, &units).unwrap();
    assert_eq!(sound.failures, [], "without a fault every program must pass");
    let lines = run_all(&toolchain, &units);
    let _ = std::fs::remove_dir_all(&toolchain.scratch);
    for line in lines.iter().flatten() {
        println!("{line}");
    }
    let missed: Vec<&Mutant> = lines.iter().filter_map(|line| line.as_ref().err()).collect();
    assert!(missed.is_empty(), "no program fails with {missed:?}");
    println!("{} of {} faults were caught", lines.len(), Mutant::ALL.len());
}
