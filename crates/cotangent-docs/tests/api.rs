//! The public API, as it is written in the sources, against `docs/api/*.txt`.
//!
//! A difference is either a mistake or a decision. For a decision: `UPDATE_EXPECT=1 cargo test -p cotangent-docs --test api`,
//! then commit the new text and say in CHANGELOG.md what changed. What is stable is said in `book/src/stability.md`.

mod public;

use std::path::{Path, PathBuf};

use expect_test::expect_file;

fn sources(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../{name}/src/lib.rs"))
}

#[test]
fn cotangent() {
    expect_file!["../../../docs/api/cotangent.txt"].assert_eq(&public::list("cotangent", &sources("cotangent")));
}

#[test]
fn cotangent_core() {
    expect_file!["../../../docs/api/cotangent-core.txt"].assert_eq(&public::list("cotangent_core", &sources("cotangent-core")));
}

#[test]
fn cotangent_check() {
    expect_file!["../../../docs/api/cotangent-check.txt"].assert_eq(&public::list("cotangent_check", &sources("cotangent-check")));
}

#[test]
fn cotangent_macros() {
    expect_file!["../../../docs/api/cotangent-macros.txt"].assert_eq(&public::list("cotangent_macros", &sources("cotangent-macros")));
}

#[test]
fn cotangent_ode() {
    expect_file!["../../../docs/api/cotangent-ode.txt"].assert_eq(&public::list("cotangent_ode", &sources("cotangent-ode")));
}

#[test]
fn cotangent_linalg() {
    expect_file!["../../../docs/api/cotangent-linalg.txt"].assert_eq(&public::list("cotangent_linalg", &sources("cotangent-linalg")));
}
