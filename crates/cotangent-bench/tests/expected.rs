//! Every tool on every input that has expected derivatives, in both styles.

use std::path::Path;

use cotangent_bench::case::{Case, Derivatives, Style, TOLERANCE, max_error};
use cotangent_bench::{cases, generate, input};

const FILES: [&str; 8] = [
    "gmm_test.json",
    "gmm_1k_d10_K25.json",
    "gmm_1k_d20_K50.json",
    "ba1.json",
    "ba_random_a.json",
    "lstm_l2_c1024.json",
    "hand_simple_small_hand1_t26_c100.json",
    "hand_complicated_small_hand1_t26_c100.json",
];

#[test]
fn derivatives_are_as_expected() {
    for file in FILES {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(file);
        let input = input::read(&path).unwrap();
        for style in [Style::Natural, Style::Workspace] {
            let mut case = cases::adbench(&input, style);
            assert!(!case.expected.is_empty(), "{file} has expected values");
            for gradient in &mut case.gradients {
                // Twice: the second run meets buffers that are not clean.
                gradient.run();
                gradient.run();
                let error = max_error(&gradient.derivatives(), &case.expected).unwrap().unwrap();
                assert!(error <= TOLERANCE, "{file} {}: {error:e}", gradient.tool());
            }
        }
    }
}

#[test]
fn tools_agree_where_nothing_is_expected() {
    let generated = [
        "gmm:n=20,d=5,k=4,seed=3,gamma=2,m=1",
        "ba:n=3,m=5,p=20,seed=3",
        "lstm:l=2,c=9,b=5,seed=3",
    ];
    for style in [Style::Natural, Style::Workspace] {
        for spec in generated {
            agree(spec, cases::adbench(&generate::generate(spec).unwrap(), style));
        }
        agree("lu", cases::lu::case(12, style));
    }
    agree("building", cases::building::case(20));
}

/// Compares every tool with the hand-written derivatives.
fn agree(label: &str, mut case: Case) {
    let is_hand = |tool: &str| tool.starts_with("hand");
    let hand = case.gradients.iter_mut().find(|g| is_hand(g.tool())).expect("a hand-written one");
    hand.run();
    let want: Derivatives = hand.derivatives();
    for gradient in case.gradients.iter_mut().filter(|g| !is_hand(g.tool())) {
        gradient.run();
        let error = max_error(&gradient.derivatives(), &want).unwrap().unwrap();
        assert!(error <= TOLERANCE, "{label} {}: {error:e}", gradient.tool());
    }
}

#[test]
fn the_building_is_the_published_one() {
    let mut case = cases::building::case(20);
    for gradient in &mut case.gradients {
        gradient.run();
        let d = gradient.derivatives();
        let number = |value: &serde_json::Value| value.as_f64().unwrap();
        // The published values have about 17 and 11 digits.
        assert!((number(&d["prediction"]) - 37.97974213009366).abs() < 1e-12, "{}", d["prediction"]);
        for (i, want) in [(2, -2762.5103426), (1, 230.8877065), (19, 0.8725142031)] {
            let got = number(&d["gradient"][i]);
            assert!((got - want).abs() <= 1e-9 * (1.0 + want.abs()), "parameter {i}: {got}");
        }
    }
}
