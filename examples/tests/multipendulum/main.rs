//! The pendulum's equations and derivatives, the fit of the recording, and the program on good and bad input.

use cotangent_check::check_gradient;
use cotangent_examples::common::table::Table;
use cotangent_examples::multipendulum::cost::chain;
use cotangent_examples::multipendulum::fit::{Search, fit};
use cotangent_examples::multipendulum::physics::{self, Pendulum};
use cotangent_examples::multipendulum::recording::{Recording, record, truth};
use cotangent_examples::multipendulum::simulate::{Start, gradient_of_last_angle, simulate};
use cotangent_examples::multipendulum::{command, drift};
use cotangent_ode::Options;

const DATA: &str = include_str!("../../multipendulum/data/trajectory.csv");

fn read(text: &str) -> Result<Recording, String> {
    let table = Table::read("test.csv", text.as_bytes(), b',').map_err(|e| e.to_string())?;
    Recording::read(&table).map_err(|e| e.to_string())
}

fn three() -> Pendulum {
    Pendulum {
        m: vec![1.0, 0.7, 1.3],
        l: vec![0.5, 0.8, 0.4],
        g: 9.81,
        c: 0.05,
    }
}

const STATE: [f64; 6] = [0.3, -0.8, 1.7, 0.2, 0.9, -0.4];

#[test]
fn the_equations_by_hand_are_those_of_the_energy() {
    let (mut by_hand, mut by_differentiation) = ([0.0; 6], [0.0; 6]);
    physics::equations(0.0, &STATE, &three(), &mut by_hand);
    physics::equations_of_energy(0.0, &STATE, &three(), &mut by_differentiation);
    for (a, b) in by_hand.iter().zip(by_differentiation) {
        // Some dozen roundings of numbers of size ten.
        assert!((a - b).abs() < 1e-13, "{by_hand:?} {by_differentiation:?}");
    }
}

#[test]
fn velocities_and_momenta_undo_one_another() {
    let p = three();
    let omega = physics::velocities(&STATE[..3], &STATE[3..], &p.m, &p.l);
    let back = physics::momenta(&STATE[..3], &omega, &p.m, &p.l);
    for (a, b) in back.iter().zip(&STATE[3..]) {
        assert!((a - b).abs() < 1e-13, "{back:?}");
    }
}

#[test]
fn derivatives_of_the_parts() {
    let (m, l) = (three().m, three().l);
    check_gradient!(order = 2; physics::energy, &STATE[..3], &STATE[3..], &m[..], &l[..], 9.81);
    check_gradient!(physics::velocities, &STATE[..3], &STATE[3..], &m[..], &l[..]);
    check_gradient!(physics::momenta, &STATE[..3], &STATE[3..], &m[..], &l[..]);
}

/// One pendulum that swings little has the period 2π √(l / g) (1 + θ² / 16).
#[test]
fn a_small_swing_has_its_period() {
    let pendulum = Pendulum {
        m: vec![2.0],
        l: vec![0.7],
        g: 9.81,
        c: 0.0,
    };
    let start = Start {
        theta: vec![1e-3],
        omega: vec![0.0],
    };
    let period = 2.0 * std::f64::consts::PI * (0.7f64 / 9.81).sqrt();
    let options = Options {
        rtol: 1e-10,
        atol: 1e-13,
        ..Options::default()
    };
    let end = simulate(&pendulum, &start, period, &[], &options).expect("an easy problem");
    assert!((end.y_end[0] - 1e-3).abs() < 1e-10, "{}", end.y_end[0]);
}

/// Derivatives by all inputs of a simulation, against differences of simulations with the tolerance of rounding.
#[test]
fn the_gradient_of_a_simulation() {
    let (pendulum, start) = chain(4);
    let options = Options {
        rtol: 1e-12,
        atol: 1e-13,
        ..Options::default()
    };
    let (angle, g) = gradient_of_last_angle(&pendulum, &start, 0.4, &options).expect("an easy problem");
    let of = |pendulum: &Pendulum, start: &Start| simulate(pendulum, start, 0.4, &[], &options).expect("an easy problem").y_end[3];
    assert_eq!(of(&pendulum, &start), angle);
    let h = 1e-5;
    let close = |name: &str, found: f64, change: &dyn Fn(&mut Pendulum, &mut Start, f64)| {
        let at = |by: f64| {
            let (mut pendulum, mut start) = (pendulum.clone(), start.clone());
            change(&mut pendulum, &mut start, by);
            of(&pendulum, &start)
        };
        let differences = (at(h) - at(-h)) / (2.0 * h);
        // The step truncates near 1e-8 of derivatives of size ten; the integration adds 1e-12 / 1e-5.
        assert!((found - differences).abs() < 1e-6, "{name}: {found}, by differences {differences}");
    };
    for k in 0..4 {
        close("m", g.pendulum.m[k], &|p, _, h| p.m[k] += h);
        close("l", g.pendulum.l[k], &|p, _, h| p.l[k] += h);
        close("theta", g.theta[k], &|_, s, h| s.theta[k] += h);
        close("omega", g.omega[k], &|_, s, h| s.omega[k] += h);
    }
    close("g", g.pendulum.g, &|p, _, h| p.g += h);
    close("c", g.pendulum.c, &|p, _, h| p.c += h);
}

#[test]
fn the_recording_is_what_the_program_records() {
    let (pendulum, start) = truth();
    let recorded = record(&pendulum, &start, 6.0, 50.0, 0.01, 20_240_229).expect("an easy problem");
    assert_eq!(recorded.to_csv(), DATA);
}

#[test]
fn the_fit_recovers_what_the_recording_was_made_from() {
    let fit = fit(&read(DATA).expect("the recording"), &Search::default(), |_, _, _| {}).expect("a fit");
    let (pendulum, start) = truth();
    let truth: Vec<f64> = [pendulum.l, vec![0.6, 0.01], start.theta, start.omega].concat();
    for (estimate, truth) in fit.estimates.iter().zip(truth) {
        // Eight standard normal numbers are within 3.5 with a probability of 0.996; the seed is fixed.
        assert!(
            (estimate.value - truth).abs() < 3.5 * estimate.se,
            "{estimate:?}, made from {truth}"
        );
        assert!(estimate.se < 0.02 && !estimate.at_bound, "{estimate:?}");
    }
    assert!((fit.noise - 0.01).abs() < 0.001, "{}", fit.noise);
    assert!(fit.unseen.is_empty());
}

#[test]
fn bounds_hold() {
    let search = Search {
        lengths: (0.43, 1.0),
        ..Search::default()
    };
    let fit = fit(&read(DATA).expect("the recording"), &search, |_, _, _| {}).expect("a fit");
    assert!(fit.pendulum.l.iter().all(|l| (0.43..=1.0).contains(l)), "{:?}", fit.pendulum.l);
    assert!(fit.estimates[1].at_bound, "{:?}", fit.estimates);
}

/// At rest nothing but the rest itself is told.
#[test]
fn a_pendulum_at_rest_tells_nothing() {
    let (pendulum, _) = truth();
    let rest = Start {
        theta: vec![0.0, 0.0],
        omega: vec![0.0, 0.0],
    };
    let recording = record(&pendulum, &rest, 2.0, 50.0, 0.0, 1).expect("an easy problem");
    let fit = fit(&recording, &Search::default(), |_, _, _| {}).expect("an end");
    for name in ["l1", "l2", "m2/m1"] {
        assert!(fit.unseen.iter().any(|unseen| unseen == name), "{:?}", fit.unseen);
    }
}

#[test]
fn projection_keeps_the_energy() {
    let (pendulum, start) = truth();
    let drift = drift::drift(&pendulum, &start, 5.0).expect("an easy problem");
    let last = drift.times.len() - 1;
    assert!(drift.plain[last] > 1e-7, "{}", drift.plain[last]);
    assert!(drift.projected.iter().all(|&error| error < 1e-14), "{:?}", drift.projected);
}

#[test]
fn bad_input() {
    let many = |row: &str| format!("t,theta1\n{}{row}\n", (0..10).map(|k| format!("{k},0.1\n")).collect::<String>());
    for (text, expected) in [
        ("time,theta1\n0,1\n".to_string(), "column \"t\": no such column"),
        ("t,angle\n0,1\n".into(), "column \"theta1\": no such column"),
        (
            many("10,x"),
            "row 11 (line 12), column \"theta1\": expected a finite number, found \"x\"",
        ),
        (many("9,0.1"), "row 11 (line 12), column \"t\": time 9 after time 9"),
        (many("11,"), "row 11 (line 12), column \"theta1\": the cell is empty"),
        ("t,theta1\n0,1\n1,1\n".into(), "2 rows of 1 angles for 4 unknowns"),
    ] {
        let found = read(&text).expect_err(expected);
        assert!(found.contains(expected), "{found}");
    }
}

fn run(arguments: &[&str]) -> (u8, String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = command::run([&["multipendulum"], arguments].concat(), &mut out, &mut err);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (code, text(&out), text(&err))
}

#[test]
fn command_line() {
    let folder = std::env::temp_dir().join(format!("cotangent-multipendulum-{}", std::process::id()));
    let at = |name: &str| folder.join(name).display().to_string();
    let (code, out, err) = run(&["fit", "--out", &at("p.csv"), "--no-cost"]);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("2 rods, 301 rows") && out.contains("made from"), "{out}");
    let table = std::fs::read_to_string(at("p.csv")).expect("the table");
    assert!(table.starts_with("term,estimate,se,lower,upper\nl1,0.42"), "{table}");
    for picture in ["p-fit.svg", "p-energy.svg"] {
        assert!(std::fs::read_to_string(at(picture)).expect(picture).contains("</svg>"));
    }
    let page = std::fs::read_to_string(at("p.html")).expect("the page");
    assert!(page.contains("recorded:[[1.0") && !page.contains("http"), "self-contained");
    assert_eq!(run(&["record", &at("again.csv")]).0, 0);
    assert_eq!(std::fs::read_to_string(at("again.csv")).expect("the recording"), DATA);
    let (code, _, err) = run(&["fit", &at("none.csv")]);
    assert!(code == 1 && err.contains("cannot open the file"), "{code} {err}");
    assert_eq!(run(&["fit", "--lengths", "2,1"]).0, 2);
    assert_eq!(run(&["--help"]).0, 0);
    // Only temporary files are lost if this fails.
    let _ = std::fs::remove_dir_all(folder);
}
