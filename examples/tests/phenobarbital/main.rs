//! The phenobarbital example against R, its derivatives against differences, and its behaviour on good and bad input.

use cotangent::prelude::*;
use cotangent_examples::common::table::Table;
use cotangent_examples::phenobarbital::data::{Subject, What, subjects};
use cotangent_examples::phenobarbital::laplace::{laplace, most_likely};
use cotangent_examples::phenobarbital::{command, fit, model, quadrature};

use cotangent_ode::{Event, Gradient, Options, Problem, Tsit5, gradient};

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

/// Central differences of `f` along every entry of `x`, with an error near 1e-9 of smooth functions of size one.
fn differences(f: impl Fn(&[f64]) -> f64, x: &[f64]) -> Vec<f64> {
    const STEP: f64 = 1e-5;
    let moved = |k: usize, by: f64| {
        let mut x = x.to_vec();
        x[k] += by;
        f(&x)
    };
    (0..x.len()).map(|k| (moved(k, STEP) - moved(k, -STEP)) / (2.0 * STEP)).collect()
}

fn all_close(what: &str, found: &[f64], expected: &[f64]) {
    let size = expected.iter().fold(1.0f64, |size, x| size.max(x.abs()));
    for (found, expected) in found.iter().zip(expected) {
        // Differences of a value near 100 with this step have errors of 1e-9 by rounding alone.
        assert!(
            (found - expected).abs() <= 1e-7 * size,
            "{what}: {found}, by differences {expected}"
        );
    }
}

#[test]
fn derivatives() {
    let subjects = all();
    let theta = [-5.1, 0.35, -0.8, -0.7, 1.0];
    let at = [0.1, -0.2];
    for subject in [&subjects[0], &subjects[24], &subjects[49]] {
        let gradient = model::joint::grad(&at, &theta, subject);
        all_close("joint, b", &gradient.b, &differences(|b| model::joint(b, &theta, subject), &at));
        all_close(
            "joint, theta",
            &gradient.theta,
            &differences(|theta| model::joint(&at, theta, subject), &theta),
        );
        let hessian = model::joint::hessian(&at, &theta, subject);
        let column = differences(|theta| model::joint::grad(&at, theta, subject).b[0], &theta);
        all_close(
            "second derivatives",
            &(0..5).map(|k| hessian[(0, 2 + k)]).collect::<Vec<_>>(),
            &column,
        );
        let gradient = laplace::grad(&theta, subject);
        all_close("laplace", &gradient.theta, &differences(|theta| laplace(theta, subject), &theta));
        let b = most_likely(&theta, subject);
        let gradient = model::joint::grad(&b, &theta, subject);
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
        quadrature::log_likelihood(&theta, &subjects[22..26], 71),
        quadrature::log_likelihood(&theta, &subjects[22..26], 101),
    );
    // The density has a heavy side in log clearance for subjects with one sample, so convergence is slow.
    close("more nodes", some, more, 1e-7);
}

#[test]
fn events_in_the_order_of_the_file() {
    let subjects = read("Subject,time,dose,conc\n1,0,10,\n1,0,,5\n1,2,4,3\n2,0,,1\n2,1,1,\n2,2,,1\n3,0,1,\n3,1,,1\n").expect("good data");
    assert_eq!(subjects.len(), 3);
    assert_eq!(subjects[0].events[1].what, What::Sample(5.0));
    // The sample after the first dose, and that after both doses of the row above it.
    assert_eq!(model::fitted(&[0.0; 2], &[-100.0, 0.0], &subjects[0]), [10.0, 14.0]);
}

/// Elimination and doses of a subject, for the integrator.
#[derive(Clone, Differentiable)]
struct Dosing {
    rate: f64,
    #[constant]
    times: Vec<f64>,
    #[constant]
    doses: Vec<f64>,
}

#[differentiable]
fn eliminate(_t: f64, amount: &[f64], dosing: &Dosing, slope: &mut [f64]) {
    slope[0] = -dosing.rate * amount[0];
}

#[differentiable]
fn dose(t: f64, amount: &mut [f64], dosing: &Dosing) {
    for k in 0..dosing.times.len() {
        if dosing.times[k] == t {
            amount[0] += constant(dosing.doses[k]);
        }
    }
}

/// The closed form between doses against the differential equation with doses as events, and its derivative by the rate.
#[test]
fn doses_as_events_of_a_differential_equation() {
    let subject = &all()[0];
    let doses = subject.events.iter().filter_map(|event| match event.what {
        What::Dose(dose) => Some((event.time, dose)),
        What::Sample(_) => None,
    });
    let (times, doses): (Vec<f64>, Vec<f64>) = doses.unzip();
    let samples: Vec<f64> = subject.samples().map(|sample| sample.0).collect();
    let end = samples[samples.len() - 1];
    // Volume 1: the amount is the concentration.
    let fitted = |rate: f64| model::fitted(&[0.0, 0.0], &[rate.ln(), 0.0], subject);
    let dosing = Dosing {
        rate: 0.004,
        times: times.clone(),
        doses,
    };
    let problem = Problem::new(cotangent::differentiable!(eliminate), [0.0], (0.0, end), dosing)
        .event(Event::at(times).then(cotangent::differentiable!(dose)))
        .save_at(samples.clone());
    let options = Options {
        rtol: 1e-10,
        atol: 1e-10,
        ..Options::default()
    };
    let found = gradient(&problem, Tsit5, &options, Gradient::Reverse, |solution, bars| {
        bars.end[0] = 1.0;
        solution.y_end[0]
    });
    let found = found.unwrap_or_else(|failure| panic!("{failure}"));
    for (k, expected) in fitted(0.004).into_iter().enumerate() {
        close("amount", found.solution.saved(k)[0], expected, 1e-9);
    }
    let last = samples.len() - 1;
    let differences = (fitted(0.004 + 1e-6)[last] - fitted(0.004 - 1e-6)[last]) / 2e-6;
    // The differences are right to about 1e-7 of themselves.
    close("by the rate", found.p.rate, differences, 1e-6);
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
