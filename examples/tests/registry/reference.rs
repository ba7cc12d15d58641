//! Every number against R's `survival::coxph` and `survreg`, as `registry/reference/reference.R` wrote them.

use crate::example_file;
use cotangent_examples::common::table::Table;
use cotangent_examples::registry::baseline::{baseline, weibull_survival};
use cotangent_examples::registry::command::fit;
use cotangent_examples::registry::design::Design;
use cotangent_examples::registry::fit::{Fit, Model};
use cotangent_examples::registry::formula::{parse_event, parse_terms};
use cotangent_examples::registry::summary::{aic, lines};

/// The agreement that the example promises; both programs iterate to rounding, so the actual errors are below 3e-8,
/// the largest in tiny p values and in interval ends near 0, which cancel.
const TOLERANCE: f64 = 1e-6;

const MAIN: &str = "age,edema,log(bili),albumin,log(protime)";
const CASES: [(&str, &str, &str); 5] = [
    ("default", "data/pbc.csv", MAIN),
    ("ties", "reference/pbc-ties.csv", MAIN),
    ("factors", "data/pbc.csv", "age,sex,factor(stage),factor(edema),log(bili)"),
    ("missing", "data/pbc.csv", "sqrt(age),log2(chol),copper,log10(trig),platelet"),
    (
        "reference",
        "data/pbc.csv",
        "factor(stage,ref=4),factor(hepato),factor(trt),albumin",
    ),
];

struct Reference {
    case: String,
    model: String,
    quantity: String,
    term: String,
    value: f64,
}

fn references() -> Vec<Reference> {
    let mut reader = csv::Reader::from_path(example_file("reference/reference.csv")).expect("the fixture");
    let read = |record: csv::StringRecord| Reference {
        case: record[0].into(),
        model: record[1].into(),
        quantity: record[2].into(),
        term: record[3].into(),
        value: record[4].parse().expect("a number"),
    };
    reader.records().map(|record| read(record.expect("a record"))).collect()
}

fn design(file: &str, covariates: &str) -> Design {
    let table = Table::open(&example_file(file), b',').expect("a table");
    let event = parse_event("status=2").expect("an event");
    let terms = parse_terms(covariates).expect("terms");
    Design::build(&table, "time", &event, &terms).expect("a design")
}

/// Our value of the quantity that R's row speaks of.
fn ours(design: &Design, fit: &Fit, reference: &Reference) -> f64 {
    let time = || reference.term.parse::<f64>().expect("a time");
    match reference.quantity.as_str() {
        "loglik" => fit.log_likelihood,
        "aic" => aic(fit),
        "concordance" => fit.concordance,
        "events" => design.events() as f64,
        "survival" if fit.model == Model::Weibull => weibull_survival(design, fit, time()),
        "survival" => {
            let points = baseline(design, fit).points;
            let point = points.iter().find(|(t, _)| *t == time());
            point.unwrap_or_else(|| panic!("the curve has no step at {}", reference.term)).1
        }
        quantity => {
            let lines = lines(fit);
            let line = lines.iter().find(|line| line.term == reference.term);
            let line = line.unwrap_or_else(|| panic!("no term {}", reference.term));
            match quantity {
                "estimate" => line.estimate,
                "se" => line.se,
                "z" => line.z,
                "p" => line.p,
                "lower" => line.lower,
                "upper" => line.upper,
                other => panic!("unknown quantity {other} in the fixture"),
            }
        }
    }
}

fn compare(model: Model) {
    let references = references();
    for (case, file, covariates) in CASES {
        let design = design(file, covariates);
        let fit = fit(&design, model).expect("a fit");
        assert!(fit.gradient_norm < 1e-7, "{case}: the gradient is {}", fit.gradient_norm);
        let rows: Vec<&Reference> = references.iter().filter(|r| r.case == case && r.model == model.name()).collect();
        assert!(rows.len() > 20, "{case}: the fixture has only {} rows", rows.len());
        for reference in rows {
            let found = ours(&design, &fit, reference);
            let error = (found - reference.value).abs() / reference.value.abs();
            assert!(
                error <= TOLERANCE,
                "{case} {} {} {}: found {found}, R has {}, relative error {error:.1e}",
                model.name(),
                reference.quantity,
                reference.term,
                reference.value
            );
        }
    }
}

#[test]
fn cox_agrees_with_coxph() {
    compare(Model::Cox);
}

#[test]
fn weibull_agrees_with_survreg() {
    compare(Model::Weibull);
}

#[test]
fn the_same_rows_are_used() {
    for reference in references().iter().filter(|r| r.quantity == "rows_used") {
        let (_, file, covariates) = CASES.iter().find(|(case, ..)| *case == reference.case).expect("a case");
        assert_eq!(design(file, covariates).len() as f64, reference.value, "{}", reference.case);
    }
}

#[test]
fn the_ties_case_has_ties() {
    let design = design("reference/pbc-ties.csv", MAIN);
    let mut times: Vec<u64> = (0..design.len())
        .filter(|&i| design.event[i])
        .map(|i| design.time[i] as u64)
        .collect();
    let events = times.len();
    times.sort_unstable();
    times.dedup();
    assert!(times.len() < events / 2, "{} distinct times of {events} events", times.len());
}
