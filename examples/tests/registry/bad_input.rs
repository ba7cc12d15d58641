//! Every bad input: the message names the place and the remedy, and the exit code is not zero.

use crate::{Run, run};

/// Runs `--time t --event d=1 --covariates ..` on the text and checks code and message.
fn refused(name: &str, csv: &str, covariates: &str, model: &str, message: &[&str]) -> Run {
    let covariates = format!("--covariates={covariates}");
    let model = format!("--model={model}");
    let run = run(name, Some(csv), &["--time=t", "--event=d=1", &covariates, &model]);
    check(&run, 1, message);
    assert!(run.err.contains("input.csv"), "{name}: no file name in: {}", run.err);
    assert!(!run.folder.join("table.csv").exists(), "{name}: a table was written");
    run
}

fn check(run: &Run, code: u8, message: &[&str]) {
    assert_eq!(run.code, code, "out: {}\nerr: {}", run.out, run.err);
    for expected in message {
        assert!(run.err.contains(expected), "no \"{expected}\" in: {}", run.err);
    }
}

/// Twelve rows that can be fitted.
const GOOD: &str = "t,d,x,y\n1,1,2,5\n2,0,1,4\n3,1,3,1\n4,1,1,3\n5,0,4,2\n6,1,2,6\n7,1,5,3\n8,0,1,1\n9,1,2,2\n\
                    10,1,1,5\n11,0,3,4\n12,1,2,1\n";

fn with(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from));
    GOOD.replacen(from, to, 1)
}

#[test]
fn the_good_rows_are_good() {
    let run = run("good", Some(GOOD), &["--time=t", "--event=d=1", "--covariates=x,y"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
}

#[test]
fn missing_columns() {
    refused(
        "no-covariate",
        GOOD,
        "x,z",
        "cox",
        &["header (line 1)", "column \"z\"", "the columns are t, d, x, y"],
    );
    refused("no-time", &with("t,d", "tt,d"), "x", "cox", &["column \"t\"", "no such column"]);
    refused("no-event", &with("t,d", "t,dd"), "x", "cox", &["column \"d\"", "no such column"]);
    refused("semicolons", &GOOD.replace(',', ";"), "x", "cox", &["--delimiter"]);
}

#[test]
fn cells_that_are_no_numbers() {
    let text = with("3,1,3,1", "3,1,three,1");
    refused(
        "text",
        &text,
        "x",
        "cox",
        &["row 3 (line 4), column \"x\"", "found \"three\"", "factor(x)"],
    );
    refused(
        "text-time",
        &with("\n4,1", "\nfour,1"),
        "x",
        "cox",
        &["row 4 (line 5), column \"t\"", "\"four\""],
    );
    refused(
        "infinite",
        &with("3,1,3,1", "3,1,inf,1"),
        "x",
        "cox",
        &["row 3 (line 4), column \"x\"", "finite"],
    );
    refused(
        "log",
        &with("3,1,3,1", "3,1,0,1"),
        "log(x)",
        "cox",
        &["row 3 (line 4)", "log(x) is not finite at 0"],
    );
    refused(
        "sqrt",
        &with("3,1,3,1", "3,1,-3,1"),
        "sqrt(x)",
        "cox",
        &["row 3 (line 4)", "sqrt(x) is not finite at -3"],
    );
}

#[test]
fn times() {
    let negative = with("\n5,0", "\n-5,0");
    refused(
        "negative",
        &negative,
        "x",
        "cox",
        &["row 5 (line 6), column \"t\"", "negative time -5"],
    );
    let zero = with("\n5,0", "\n0,0");
    refused("zero", &zero, "x", "weibull", &["row 5 (line 6), column \"t\"", "--model cox"]);
}

#[test]
fn a_blank_line_counts_as_a_line_but_not_as_a_row() {
    let text = with("\n3,1,3,1", "\n\n3,1,three,1");
    refused("blank", &text, "x", "cox", &["row 3 (line 5), column \"x\""]);
}

#[test]
fn columns_without_information() {
    let collinear = "t,d,x,y,z\n1,1,2,5,9\n2,0,1,4,7\n3,1,3,1,6\n4,1,1,3,6\n5,0,4,2,8\n6,1,2,6,10\n";
    for model in ["cox", "weibull"] {
        let name = format!("collinear-{model}");
        let message = ["column \"z\"", "z is collinear", "combination of \"x\", \"y\" and a constant"];
        refused(&name, collinear, "x,y,z", model, &message);
    }
    refused(
        "scaled",
        collinear,
        "x,log(x),log2(x)",
        "cox",
        &["log2(x) is collinear", "of \"log(x)\" and"],
    );
    let constant = "t,d,x\n1,1,3\n2,0,3\n3,1,3\n";
    refused("constant", constant, "x", "cox", &["column \"x\"", "same value, 3, in all 3 rows"]);
    refused("one-level", constant, "factor(x)", "cox", &["column \"x\"", "one level, 3"]);
    refused(
        "no-level",
        GOOD,
        "factor(x, ref=9)",
        "cox",
        &["column \"x\"", "no level \"9\"", "1, 2, 3, 4, 5"],
    );
}

#[test]
fn events() {
    let none = GOOD.replace(",1,", ",2,");
    refused(
        "no-events",
        &none,
        "x",
        "cox",
        &["column \"d\"", "no events", "12 rows used has d=1", "0, 2"],
    );
    let run = run("no-value", Some(&none), &["--time=t", "--event=d", "--covariates=x"]);
    check(&run, 1, &["row 1 (line 2), column \"d\"", "found \"2\"", "--event d=VALUE"]);
    let gone = "t,d,x,y\n1,1,,1\n2,0,,2\n3,1,2,\n";
    refused(
        "all-missing",
        gone,
        "x,y",
        "cox",
        &["column \"x\"", "every row has a missing value"],
    );
}

#[test]
fn separation() {
    let group = "t,d,g\n1,1,a\n2,1,a\n3,0,a\n4,1,a\n5,0,b\n2.5,0,b\n6,0,b\n7,0,a\n";
    for model in ["cox", "weibull"] {
        let message = ["separation", "row 5 (line 6), column \"g\"", "no event among the rows with g=b"];
        refused(&format!("group-{model}"), group, "g", model, &message);
    }
    // The reference level is the one without events, and another covariate is well determined.
    let reference = "t,d,g,x\n1,1,1,3\n2,1,1,1\n3,0,0,2\n4,1,1,5\n5,0,0,1\n2.5,0,0,4\n6,1,1,2\n7,0,1,3\n";
    refused(
        "reference",
        reference,
        "x,g",
        "cox",
        &["row 3 (line 4), column \"g\"", "no event among the rows with g=0"],
    );
    refused(
        "level",
        reference,
        "x,factor(g)",
        "cox",
        &["row 3 (line 4), column \"g\"", "rows with g=0"],
    );
    let ordered = "t,d,x\n1,1,9\n2,1,8\n3,1,7\n4,1,6\n5,1,5\n6,0,4\n";
    refused(
        "ordered",
        ordered,
        "x",
        "cox",
        &["separation", "row 1 (line 2), column \"x\"", "x (+)"],
    );
    let exact = "t,d,x\n1,1,1\n2,1,2\n4,1,2.5\n";
    refused(
        "exact",
        exact,
        "x,log(x)",
        "weibull",
        &["scale goes to zero", "row 1 (line 2)", "fewer covariates"],
    );
}

#[test]
fn collinear_only_among_the_rows_at_risk() {
    // The one row with b = 0 in level v leaves before the first event; without it b is the indicator of level v.
    let csv = "t,d,a,b,g\n5,1,1.3,1,v\n3,0,0.6,1,v\n2,0,-0.4,0,w\n1.5,1,0.2,0,u\n1.7,0,1,0,u\n4,1,0.5,0,w\n\
               6,1,0.1,0,w\n7,0,0.9,1,v\n8,1,-0.2,0,u\n2.5,1,0.7,1,v\n3.5,1,0.3,0,u\n1,0,0.4,0,v\n";
    let message = ["column \"b\"", "b, g=v cannot be told apart", "rows at risk when events happen"];
    refused("at-risk", csv, "a,b,g", "cox", &message);
    let same = "t,d,b,x\n1,0,1,2\n2,1,0,1\n3,1,0,3\n4,0,0,2\n5,1,0,1\n";
    refused("same", same, "x,b", "cox", &["column \"b\"", "b is the same in all rows at risk"]);
    let last = "t,d,x\n1,0,1\n2,0,2\n3,1,3\n";
    refused(
        "last",
        last,
        "x",
        "cox",
        &["column \"d\"", "no coefficient can be estimated", "none of the 1 events"],
    );
}

#[test]
fn damaged_files() {
    refused(
        "ragged",
        &with("3,1,3,1", "3,1,3"),
        "x",
        "cox",
        &["line 4", "expected 4 cells", "found 3"],
    );
    refused(
        "twice",
        &with("t,d,x,y", "t,d,x,x"),
        "x",
        "cox",
        &["column \"x\"", "two columns have this name"],
    );
    refused("header-only", "t,d,x\n", "x", "cox", &["no data rows"]);
    refused("empty", "", "x", "cox", &["no data rows"]);
    let run = run("absent", None, &["absent.csv", "--time=t", "--event=d=1", "--covariates=x"]);
    check(&run, 1, &["absent.csv", "cannot open the file"]);
}

#[test]
fn command_lines() {
    for (i, (options, message)) in [
        (&["--covariates=log(bili"][..], "parentheses do not match in \"log(bili\""),
        (&["--covariates=age,,sex"], "expected a column name, found \"\""),
        (&["--covariates=ln(bili)"], "unknown function \"ln\""),
        (&["--covariates=factor(stage, 4)"], "expected factor(COLUMN, ref=LEVEL)"),
        (&["--covariates=age,age"], "age appears twice"),
        (&["--event=status="], "expected COLUMN=VALUE"),
        (&["--model=gompertz"], "possible values: cox, weibull, both"),
        (&["some.csv"], "required arguments were not provided"),
        (&["--delimiter=→"], "one ASCII character"),
        (&["--model=cox", "--out", "curve.svg"], "the SVG goes beside it"),
    ]
    .into_iter()
    .enumerate()
    {
        check(&run(&format!("usage-{i}"), None, options), 2, &[message]);
    }
}

#[test]
fn results_that_cannot_be_written() {
    let run = run("unwritable", None, &["--model=cox", "--out", "/dev/null/table.csv"]);
    check(&run, 1, &["/dev/null/table.csv", "cannot write the file"]);
}

#[test]
fn one_model_without_result_leaves_the_other() {
    let zero = with("\n5,0", "\n0,0");
    let run = run("one-of-two", Some(&zero), &["--time=t", "--event=d=1", "--covariates=x"]);
    check(&run, 1, &["error (weibull)", "row 5 (line 6)"]);
    assert!(run.out.contains("Cox proportional hazards"), "{}", run.out);
    assert!(run.folder.join("table-cox.csv").exists());
    assert!(!run.folder.join("table-weibull.csv").exists());
}
