//! The generator itself: the same program for the same seed, rich enough, and valid Rust.

use cotangent_fuzz::campaign::Campaign;
use cotangent_fuzz::generate::{Rows, program};
use cotangent_fuzz::glue::Derivatives;
use cotangent_fuzz::shape::Shape;
use std::time::Duration;

#[test]
fn a_program_depends_on_its_seed_alone() {
    let rows = Rows::default();
    assert_eq!(program(3, 41, &rows).source, program(3, 41, &rows).source);
    assert_ne!(program(3, 41, &rows).source, program(4, 41, &rows).source);
}

#[test]
fn every_program_has_ten_statements_a_loop_or_branch_an_update_and_a_call() {
    let rows = Rows::default();
    for index in 0..150 {
        let program = program(9, index, &rows);
        let shape = Shape::of(&program.source).expect("a program parses");
        assert!(shape.is_complete(), "{}: {shape:?}\n{}", program.name, program.source);
    }
}

#[test]
fn rows_can_be_left_out() {
    let rows = Rows {
        without: ["while", "sin", "f32 parameter"].map(str::to_owned).into(),
        ..Rows::default()
    };
    for index in 0..60 {
        let tags = program(5, index, &rows).tags;
        assert!(rows.without.iter().all(|row| !tags.contains(row.as_str())), "{tags:?}");
    }
}

#[test]
fn without_attributes_programs_are_plain_rust_and_smooth_nearly_everywhere() {
    let rows = Rows::default();
    let campaign = Campaign {
        seed: 2,
        first: 0,
        count: 60,
        rows,
        derivatives: Derivatives::None,
        patience: Duration::ZERO,
        shrink_at_most: 0,
    };
    let tally = campaign.run().unwrap().tally;
    assert_eq!(tally.failures, []);
    // One point has about ten inputs, one program three points.
    assert!(tally.differences > 900, "{}", tally.differences);
    assert!(
        tally.skipped * 50 < tally.differences,
        "{} of {} left out",
        tally.skipped,
        tally.differences
    );
}
