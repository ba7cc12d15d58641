//! A failing program becomes small and still fails in the same way.

use cotangent_fuzz::build::Toolchain;
use cotangent_fuzz::campaign::failing;
use cotangent_fuzz::generate::{Rows, program};
use cotangent_fuzz::glue::Derivatives;
use cotangent_fuzz::shape::Shape;
use std::time::Duration;

#[test]
fn a_program_that_panics_is_cut_down_to_the_panic() {
    // Few statements, so that the test is quick; the failure needs none of them.
    let mut program = program(11, 3, &Rows::default());
    let end = program.source.rfind('}').expect("the entry function ends");
    let tail = program.source[..end].trim_end().rfind(';').expect("it has statements");
    program
        .source
        .insert_str(tail + 1, "\n    if buf[0] < 1e9 { assert!(buf[0] > 1e9, \"planted\"); }");
    let before = Shape::of(&program.source).expect("it parses").statements;
    let large = failing(&program, "panic: planted", Derivatives::None);
    let toolchain = Toolchain::locate().unwrap();
    let small = large.shrunk(&toolchain, Duration::from_secs(120));
    let _ = std::fs::remove_dir_all(&toolchain.scratch);
    assert!(small.failure.starts_with("panic"), "{}", small.failure);
    assert!(small.source.contains("planted"), "{}", small.source);
    let after = Shape::of(&small.source).expect("it parses").statements;
    // The binding of `buf`, the assertion and the result.
    assert!(
        after <= 6 && after < before,
        "{before} statements became {after}:\n{}",
        small.source
    );
}
