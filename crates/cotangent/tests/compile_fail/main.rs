//! What rustc says where the mistake shows only in the types: where the error stands, and its first line.
//!
//! All cases are the programs of one small package, checked by one cargo. After a change on purpose:
//! `UPDATE_EXPECT=1 cargo test -p cotangent --test compile_fail`. What the macro itself reports is tested, without rustc, in
//! `crates/cotangent-compiler/tests/errors`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use expect_test::expect_file;
use serde_json::Value;

/// The version of rustc whose words are kept in `expected.txt`.
const WRITTEN_BY: &str = "rustc 1.95.";

#[test]
fn errors_stand_at_the_users_code() {
    let package = write_package();
    let found = check(&package);
    for case in cases() {
        assert!(
            found.iter().any(|row| row.starts_with(&case)),
            "{case} compiles, or cargo did not reach it"
        );
    }
    let version = Command::new("rustc").arg("--version").output().expect("rustc runs").stdout;
    let version = String::from_utf8_lossy(&version);
    if version.starts_with(WRITTEN_BY) {
        expect_file!["expected.txt"].assert_eq(&(found.join("\n") + "\n"));
    } else {
        println!("texts not compared: they are those of {WRITTEN_BY}x, this is {version}");
    }
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/compile_fail/cases")
}

fn cases() -> Vec<String> {
    let names = fs::read_dir(source())
        .expect("the cases")
        .map(|entry| entry.expect("a case").file_name());
    names.map(|name| name.into_string().expect("UTF-8")).collect()
}

/// A package outside the workspace, with each case as a program.
fn write_package() -> PathBuf {
    let package = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compile_fail");
    let programs = package.join("src/bin");
    let _ = fs::remove_dir_all(&programs);
    fs::create_dir_all(&programs).expect("a directory");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manifest = format!(
        "[package]\nname = \"compile-fail\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\ncotangent = {{ path = {root:?} }}\n\n[workspace]\n"
    );
    fs::write(package.join("Cargo.toml"), manifest).expect("the manifest");
    // The versions that the workspace uses are there already, so that nothing is fetched.
    fs::copy(root.join("../../Cargo.lock"), package.join("Cargo.lock")).expect("the lock file");
    for case in cases() {
        fs::copy(source().join(&case), programs.join(&case)).expect("a case");
    }
    package
}

/// Every error as `case.rs:line:column code: first line`, sorted.
fn check(package: &Path) -> Vec<String> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .args(["check", "--bins", "--keep-going", "--offline", "--message-format=json", "--quiet"])
        .current_dir(package);
    let output = cargo
        .env("CARGO_TARGET_DIR", package.join("target"))
        .env_remove("RUSTFLAGS")
        .output()
        .expect("cargo runs");
    let lines = String::from_utf8(output.stdout).expect("UTF-8");
    let messages = lines.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let rows: BTreeSet<Row> = messages.filter_map(|message| row(&message["message"])).collect();
    assert!(
        !rows.is_empty(),
        "cargo reported nothing: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    rows.into_iter()
        .map(|(case, line, column, text)| format!("{case}:{line}:{column} {text}"))
        .collect()
}

type Row = (String, u64, u64, String);

fn row(message: &Value) -> Option<Row> {
    let span = message["spans"].as_array()?.iter().find(|span| span["is_primary"] == true)?;
    let span = outermost(span);
    let text = message["message"].as_str()?;
    let text = match message["code"]["code"].as_str() {
        Some(code) => format!("{code}: {text}"),
        None => text.to_owned(),
    };
    let case = Path::new(span["file_name"].as_str()?).file_name()?.to_str()?.to_owned();
    (message["level"] == "error").then_some((case, span["line_start"].as_u64()?, span["column_start"].as_u64()?, text))
}

/// Where the user's code is, for a span inside a macro of the standard library.
fn outermost(span: &Value) -> &Value {
    match &span["expansion"] {
        Value::Null => span,
        _ if span["file_name"].as_str().is_some_and(|name| name.starts_with("src")) => span,
        expansion => outermost(&expansion["span"]),
    }
}
