//! The phenobarbital example against R, its derivatives against differences, and its behaviour on good and bad input.

use cotangent::prelude::*;
use cotangent_check::check_gradient;
use cotangent_examples::common::table::Table;
use cotangent_examples::phenobarbital::data::{Subject, What, subjects};
use cotangent_examples::phenobarbital::laplace::{laplace, most_likely};
use cotangent_examples::phenobarbital::{command, fit, model, quadrature};

const DATA: &str = include_str!("../../phenobarbital/data/phenobarb.csv");
const REFERENCE: &str = include_str!("../../phenobarbital/reference/reference.csv");

fn read(text: &str) -> Result<Vec<Subject>, String> {
    let table = Table::read("test.csv", text.as_bytes(), b',').map_err(|e| e.to_string())?;
    subjects(&table).map_err(|e| e.to_string())
}

fn all() -> Vec<Subject> {
    read(DATA).expect("the data of the example")
}

fn reference(method: &str, term: &str) -> f64 {
    let start = format!("{method},{term},");
    let line = REFERENCE.lines().find_map(|line| line.strip_prefix(&start));
    line.expect("a line of the reference").parse().expect("a number")
}

fn close(what: &str, found: f64, expected: f64, relative: f64) {
    assert!(
        (found - expected).abs() <= relative * expected.abs(),
        "{what}: {found}, expected {expected}"
    );
}

/// The approximation itself, at parameters where R evaluated it too: R prints twelve digits.
#[test]
fn laplace_as_in_r() {
    let theta = [-5.0, 0.3, -0.8, -0.9, 1.0];
    let value: f64 = all().iter().map(|subject| -laplace(&theta, subject)).sum();
    close("log-likelihood", value, reference("laplace_at", "log_likelihood"), 1e-11);
}

/// The maximum: its value to the rounding of R's; its place to what an optimiser with numerical gradients leaves.
#[test]
fn estimates_as_in_r() {
    let fit = fit::fit(&all());
    assert!(fit.converged && fit.gradient_norm < 1e-8, "{} {}", fit.converged, fit.gradient_norm);
    close("log-likelihood", fit.log_likelihood, reference("laplace", "log_likelihood"), 1e-11);
    let ours = [
        fit.theta[0],
        fit.theta[1],
        fit.theta[2].exp(),
        fit.theta[3].exp(),
        fit.theta[4].exp(),
    ];
    for (term, ours) in ["lCl", "lV", "sd_lCl", "sd_lV", "sigma"].into_iter().zip(ours) {
        close(term, ours, reference("laplace", term), 2e-5);
    }
    // R's standard errors are second differences with steps of 1e-3 of its own differences.
    for (k, term) in ["se_lCl", "se_lV"].into_iter().enumerate() {
        close(term, fit.covariance[(k, k)].sqrt(), reference("laplace", term), 1e-3);
    }
    // `nlme` linearises: near, but not the same. README.md says why.
    assert!((fit.theta[0] - reference("nlme", "lCl")).abs() < 0.1);
    assert!((fit.theta[1] - reference("nlme", "lV")).abs() < 0.05);
}

/// The density of the subject at a place in the file: differences are taken of functions of numbers.
#[differentiable(order = 2)]
fn joint_of(b: &[f64], theta: &[f64], place: usize) -> f64 {
    let subjects = all();
    model::joint(b, theta, constant(&subjects[place]))
}

#[differentiable]
fn laplace_of(theta: &[f64], place: usize) -> f64 {
    let subjects = all();
    laplace(theta, constant(&subjects[place]))
}

#[test]
fn derivatives() {
    let subjects = all();
    let theta = [-5.1, 0.35, -0.8, -0.7, 1.0];
    for place in [0, 24, 49] {
        check_gradient!(order = 2; joint_of, &[0.1, -0.2][..], &theta[..], place);
        check_gradient!(laplace_of, &theta[..], place);
        let b = most_likely(&theta, &subjects[place]);
        let gradient = model::joint::grad(&b, &theta, &subjects[place]);
        assert!(
            gradient.b.iter().all(|g| g.abs() < 1e-9),
            "not the most likely effects: {:?}",
            gradient.b
        );
    }
}

/// One node is Laplace's approximation; enough nodes no longer change the value.
#[test]
fn quadrature_contains_laplace() {
    let (subjects, theta) = (all(), [-5.1, 0.35, -0.8, -0.7, 1.0]);
    let laplace: f64 = subjects.iter().map(|subject| -laplace(&theta, subject)).sum();
    close("one node", quadrature::log_likelihood(&theta, &subjects, 1), laplace, 1e-13);
    let (some, more) = (
        quadrature::log_likelihood(&theta, &subjects, 25),
        quadrature::log_likelihood(&theta, &subjects, 35),
    );
    close("more nodes", some, more, 1e-8);
}

#[test]
fn events_in_the_order_of_the_file() {
    let subjects = read("Subject,time,dose,conc\n1,0,10,\n1,0,,5\n1,2,4,3\n2,0,,1\n2,1,1,\n2,2,,1\n3,0,1,\n3,1,,1\n").expect("good data");
    assert_eq!(subjects.len(), 3);
    assert_eq!(subjects[0].events[1].what, What::Sample(5.0));
    // The sample after the first dose, and that after both doses of the row above it.
    assert_eq!(model::fitted(&[0.0; 2], &[-100.0, 0.0], &subjects[0]), [10.0, 14.0]);
}

#[test]
fn bad_input() {
    for (text, expected) in [
        ("Subject,time,dose\n1,0,1\n", "column \"conc\": no such column"),
        (
            "Subject,time,dose,conc\n1,0,1,\n1,x,,2\n",
            "row 2 (line 3), column \"time\": expected a finite number, found \"x\"",
        ),
        (
            "Subject,time,dose,conc\n1,3,1,\n1,2,,2\n",
            "row 2 (line 3), column \"time\": time 2 after time 3",
        ),
        (
            "Subject,time,dose,conc\n1,0,-1,\n",
            "row 1 (line 2), column \"dose\": negative dose -1",
        ),
        ("Subject,time,dose,conc\n1,,1,\n", "row 1 (line 2), column \"time\": no time"),
        ("Subject,time,dose,conc\n,1,1,\n", "row 1 (line 2), column \"Subject\": no subject"),
        ("Subject,time,dose,conc\n1,0,1,\n1,1,,1\n", "1 samples of 1 subjects"),
    ] {
        let found = read(text).expect_err(expected);
        assert!(found.contains(expected), "{found}");
    }
}

#[test]
fn command_line() {
    let folder = std::env::temp_dir().join(format!("cotangent-phenobarbital-{}", std::process::id()));
    let table = folder.join("table.csv");
    let run = |arguments: &[&str]| {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let code = command::run([&["phenobarbital"], arguments].concat(), &mut out, &mut err);
        (
            code,
            String::from_utf8_lossy(&out).into_owned(),
            String::from_utf8_lossy(&err).into_owned(),
        )
    };
    let (code, out, err) = run(&["--out", &table.display().to_string()]);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("59 subjects, 589 doses, 155 samples"), "{out}");
    assert!(out.contains("Beside R's nlme"), "{out}");
    let text = std::fs::read_to_string(&table).expect("the table");
    assert!(text.starts_with("term,estimate,se,lower,upper\nlCl,-5.174"), "{text}");
    for picture in ["table-subjects.svg", "table-fit.svg"] {
        assert!(std::fs::read_to_string(folder.join(picture)).expect(picture).contains("</svg>"));
    }
    let (code, _, err) = run(&["no-such-file.csv"]);
    assert!(code == 1 && err.contains("no-such-file.csv: cannot open the file"), "{code} {err}");
    assert_eq!(run(&["--no-such-option"]).0, 2);
    // Only temporary files are lost if this fails.
    let _ = std::fs::remove_dir_all(folder);
}
