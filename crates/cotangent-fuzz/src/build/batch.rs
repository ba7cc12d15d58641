//! Many modules: compiled together, those with errors set aside, the rest run.

use super::{Build, Toolchain, Unit};
use crate::harness::Tally;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// What a run found.
pub type Found = Tally;

/// Programs of one rustc process: enough to spread its start, few enough to keep two cores busy to the end.
const BATCH: usize = 40;
/// A batch runs in about a second; a reverse sweep that does not end is stopped after this.
const PATIENCE: Duration = Duration::from_secs(60);

/// Compiles and runs all modules on all cores.
///
/// # Errors
///
/// Where rustc or a program cannot be started; failures of programs are part of the result.
pub fn run_programs(toolchain: &Toolchain, units: &[Unit]) -> Result<Found, String> {
    let batches: Vec<&[Unit]> = units.chunks(BATCH).collect();
    let next = AtomicUsize::new(0);
    let found = Mutex::new(Ok(Found::default()));
    let workers = std::thread::available_parallelism()
        .map_or(1, usize::from)
        .min(batches.len().max(1));
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(batch) = batches.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let result = run_batch(toolchain, batch);
                    let mut found = found.lock().expect("a worker does not panic with the lock held");
                    if let Ok(total) = found.as_mut() {
                        match result {
                            Ok(one) => add(total, one),
                            Err(error) => *found = Err(error),
                        }
                    }
                }
            });
        }
    });
    let mut found = found.into_inner().map_err(|_| "a worker panicked".to_owned())??;
    found.failures.sort();
    Ok(found)
}

fn add(total: &mut Found, one: Found) {
    total.failures.extend(one.failures);
    total.differences += one.differences;
    total.skipped += one.skipped;
}

/// Compiles until only modules without errors are left, and runs those.
fn run_batch(toolchain: &Toolchain, units: &[Unit]) -> Result<Found, String> {
    let mut found = Found::default();
    let Some(first) = units.first() else {
        return Ok(found);
    };
    let folder = toolchain.scratch.join(format!("batch-{}", first.name));
    let mut left = units.to_vec();
    while !left.is_empty() {
        let errors = match toolchain.build(&folder, &left)? {
            Build::Done(program) => {
                run_executable(&program, &folder.join("report"), &left, &mut found)?;
                break;
            }
            Build::Errors(errors) => errors,
        };
        let before = left.len();
        left.retain(|unit| !errors.contains_key(&unit.name));
        let blamed = units.iter().filter(|unit| errors.contains_key(&unit.name));
        found
            .failures
            .extend(blamed.map(|unit| (unit.name.clone(), format!("compile: {}", errors[&unit.name]))));
        if left.len() == before {
            let text = errors.into_values().next().unwrap_or_default();
            split(toolchain, &left, &text, &mut found)?;
            break;
        }
    }
    let _ = std::fs::remove_dir_all(&folder);
    Ok(found)
}

/// An error without a module, such as a panic of rustc: halves find the program behind it.
fn split(toolchain: &Toolchain, units: &[Unit], error: &str, found: &mut Found) -> Result<(), String> {
    if let [unit] = units {
        found.failures.push((unit.name.clone(), format!("compile: {error}")));
        return Ok(());
    }
    let (low, high) = units.split_at(units.len() / 2);
    for half in [low, high] {
        add(found, run_batch(toolchain, half)?);
    }
    Ok(())
}

/// Runs an executable, again after each program that ends the process or does not end.
fn run_executable(program: &Path, report: &Path, units: &[Unit], found: &mut Found) -> Result<(), String> {
    let mut first = 0;
    while first < units.len() {
        let _ = std::fs::remove_file(report);
        let ended = run_once(program, first)?;
        let text = std::fs::read_to_string(report).unwrap_or_default();
        first += text.lines().count();
        for line in text.lines() {
            read_line(line, found);
        }
        if let (Some(unit), Some(how)) = (units.get(first), ended) {
            found.failures.push((unit.name.clone(), format!("process: {how}")));
            first += 1;
        }
    }
    Ok(())
}

/// One line of the report of `run_all`.
fn read_line(line: &str, found: &mut Found) {
    let mut cells = line.splitn(4, '\t');
    let name = cells.next().unwrap_or_default();
    let mut number = || cells.next().and_then(|cell| cell.parse().ok()).unwrap_or(0);
    found.differences += number();
    found.skipped += number();
    match cells.next() {
        Some("") | None => {}
        Some(failure) => found.failures.push((name.to_owned(), failure.to_owned())),
    }
}

/// Runs it from case `first` on; says how it ended where that is not well.
fn run_once(program: &Path, first: usize) -> Result<Option<String>, String> {
    let mut child = Command::new(program)
        .arg(first.to_string())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("{}: {error}", program.display()))?;
    let start = Instant::now();
    loop {
        match child.try_wait().map_err(|error| format!("{}: {error}", program.display()))? {
            Some(status) if status.success() => return Ok(None),
            Some(status) => return Ok(Some(format!("ended with {status}"))),
            None if start.elapsed() > PATIENCE => {
                let _ = child.kill();
                let _ = child.wait();
                return Ok(Some(format!("ran longer than {} s", PATIENCE.as_secs())));
            }
            None => std::thread::sleep(Duration::from_millis(20)),
        }
    }
}
