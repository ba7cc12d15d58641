//! What a successful run prints and writes.

use crate::{example_file, run};

#[test]
fn without_a_file_both_models_are_fitted() {
    let run = run("default", None, &[]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    for expected in [
        "pbc.csv: 418 rows read, 2 dropped",
        "protime missing in 2",
        "416 rows used, 160 events (status=2)",
        "Cox proportional hazards",
        "Weibull accelerated failure time",
        "log-likelihood -751.9187   AIC 1513.8374",
        "log-likelihood -1405.8658   AIC 2825.7317",
        "concordance 0.8347",
        "iterations",
        "final gradient norm",
        "hazard ratio",
        "lower 95 %",
    ] {
        assert!(run.out.contains(expected), "no \"{expected}\" in\n{}", run.out);
    }
}

#[test]
fn the_table_and_the_curve_are_written() {
    let run = run("files", None, &["--model", "cox", "--covariates", "age,sex"]);
    let table = std::fs::read_to_string(run.folder.join("table.csv")).expect("the table");
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(lines[0], "term,estimate,se,z,p,lower,upper");
    assert_eq!(lines.len(), 3);
    assert!(lines[1].starts_with("age,") && lines[2].starts_with("sex=m,"), "{table}");
    let svg = std::fs::read_to_string(run.folder.join("table.svg")).expect("the curve");
    assert!(
        svg.starts_with("<svg width=\"840\" height=\"600\" viewBox=\"0 0 3360 2400\""),
        "{}",
        &svg[..80]
    );
    for expected in [
        "<polyline",
        "Baseline survival, Cox model",
        "probability of no event",
        "number at risk",
        "418",
    ] {
        assert!(svg.contains(expected), "no {expected} in the SVG");
    }
    let files = std::fs::read_dir(&run.folder).expect("the folder").count();
    assert_eq!(files, 2, "only the table and the curve, no temporary file");
}

#[test]
fn the_command_of_the_manual_works() {
    let file = example_file("data/pbc.csv");
    let file = file.to_str().expect("UTF-8");
    let covariates = "age,edema,log(bili),albumin,log(protime)";
    for model in ["cox", "weibull"] {
        let options = [
            file,
            "--model",
            model,
            "--time",
            "time",
            "--event",
            "status=2",
            "--covariates",
            covariates,
        ];
        let run = run(&format!("manual-{model}"), None, &options);
        assert_eq!((run.code, run.err.as_str()), (0, ""));
        assert!(run.folder.join("table.csv").exists() && run.folder.join("table.svg").exists());
    }
}

#[test]
fn factors_and_missing_values_are_reported() {
    let run = run(
        "factors",
        None,
        &["--model", "cox", "--covariates", "factor(stage, ref=4),chol,sex"],
    );
    assert_eq!(run.code, 0, "{}", run.err);
    for expected in [
        "134 dropped",
        "stage missing in 6",
        "chol missing in 134",
        "factor stage, reference level 4",
        "factor sex, reference level f",
        "level 1: 13 rows, 1 events",
        "stage=1 ",
        "sex=m ",
    ] {
        assert!(run.out.contains(expected), "no \"{expected}\" in\n{}", run.out);
    }
}

#[test]
fn every_missing_marker_and_another_delimiter_are_read() {
    let csv = "days;dead;dose\n5;true;1\n4;false;NA\n3;true;.\n2;true;\n1;true;NaN\n6;false;2\n7;true;2\n8;true;1.5\n";
    let options = ["--delimiter=;", "--time=days", "--event=dead", "--covariates=dose", "--model=cox"];
    let run = run("delimiter", Some(csv), &options);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(
        run.out.contains("4 dropped") && run.out.contains("dose missing in 4"),
        "{}",
        run.out
    );
    assert!(run.out.contains("4 rows used, 3 events (dead), days from 5 to 8"), "{}", run.out);
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_are_read() {
    let csv = "\u{feff}t,d,x\r\n1,1,2\r\n2,0,1\r\n3,1,3\r\n4,1,1\r\n";
    let run = run("windows", Some(csv), &["--time=t", "--event=d=1", "--covariates=x", "--model=cox"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert!(run.out.contains("4 rows used, 3 events"), "{}", run.out);
}

#[test]
fn equal_numbers_in_different_writing_are_one_level() {
    let csv = "t,d,g\n1,1,1\n2,1,1.0\n3,0,1\n4,1,2\n5,1,2.0\n6,0,2\n";
    let run = run(
        "levels",
        Some(csv),
        &["--time=t", "--event=d=1", "--covariates=factor(g)", "--model=cox"],
    );
    assert!(run.out.contains("level 1: 3 rows, 2 events"), "{}{}", run.out, run.err);
}

#[test]
fn help_has_examples_and_succeeds() {
    let run = run("help", None, &["--help"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    for expected in ["Examples", "--covariates", "factor(stage, ref=4)", "Exit code"] {
        assert!(run.out.contains(expected), "no \"{expected}\" in\n{}", run.out);
    }
}
