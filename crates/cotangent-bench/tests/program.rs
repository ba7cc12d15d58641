//! The program as people call it.

use std::process::{Command, Output};

use serde_json::Value;

fn run(arguments: &[&str]) -> Output {
    let program = env!("CARGO_BIN_EXE_cotangent-bench");
    Command::new(program)
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap()
}

fn line(output: &Output) -> Value {
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(text.lines().count(), 1, "one line: {text}");
    serde_json::from_str(&text).unwrap()
}

#[test]
fn adbench_prints_a_line_and_writes_the_derivatives() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out.json");
    for style in ["natural", "workspace"] {
        let arguments = ["adbench", "data/gmm_test.json", "--style", style, "--seconds", "0", "--out"];
        let line = line(&run(&[&arguments[..], &[out.to_str().unwrap()]].concat()));
        assert_eq!(line["kind"], "gmm");
        for field in ["primal_ms", "annotated_primal_ms", "gradient_ms", "ratio"] {
            assert!(line[field].as_f64().unwrap() > 0.0, "{field}: {line}");
        }
        assert!(line["max_error"].as_f64().unwrap() <= 1e-9, "{line}");
        assert!(line["tape_bytes"].is_u64() && line.get("peak_rss_bytes").is_some(), "{line}");
        let written: Value = serde_json::from_str(&std::fs::read_to_string(&out).unwrap()).unwrap();
        assert_eq!(written["d_icf"].as_array().unwrap().len(), 9);
    }
}

#[test]
fn every_kind_is_written_under_its_names() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out.json");
    for file in ["ba1", "ba_random_a", "lstm_l2_c1024", "hand_complicated_small_hand1_t26_c100"] {
        let path = format!("data/{file}.json");
        line(&run(&["adbench", &path, "--seconds", "0", "--out", out.to_str().unwrap()]));
        let read = |path: &std::path::Path| -> Value { serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap() };
        let input = read(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(&path));
        let written = read(&out);
        for name in input["expected"].as_object().unwrap().keys() {
            assert!(written.get(name).is_some(), "{file}: {name} is written");
        }
    }
}

#[test]
fn building_prints_prediction_loss_and_gradient() {
    let line = line(&run(&["building", "--steps", "20", "--seconds", "0"]));
    assert!(line["prediction"].as_f64().unwrap() > 37.0);
    assert!(line["loss"].as_f64().unwrap() > 10.0);
    assert_eq!(line["gradient"].as_array().unwrap().len(), 20);
    assert!(line["ratio"].as_f64().unwrap() > 0.0);
}

#[test]
fn a_generated_input_is_measured() {
    let line = line(&run(&["adbench", "--generate", "gmm:n=10,d=2,k=3,seed=1", "--seconds", "0"]));
    assert!(line.get("max_error").is_none(), "nothing is expected of it: {line}");
}

#[test]
fn mistakes_are_explained_and_fail() {
    let folder = tempfile::tempdir().unwrap();
    let broken = folder.path().join("broken.json");
    std::fs::write(
        &broken,
        r#"{"kind":"gmm","d":2,"k":1,"n":1,"alphas":[0],"means":[0,0],"icf":[0,0,0],"x":[1],"gamma":1,"m":0}"#,
    )
    .unwrap();
    for (arguments, code, message) in [
        (vec!["adbench", "none.json"], 1, "none.json"),
        (vec!["adbench", broken.to_str().unwrap()], 1, "x: found 1 entries, expected 2"),
        (vec!["adbench", "data/hand_model_small.json"], 1, "found kind \"hand_model\""),
        (vec!["adbench", "--generate", "gmm:n=1"], 1, "d is missing"),
        (vec!["adbench", "data/gmm_test.json", "--tool", "abacus"], 1, "expected one of"),
        (
            vec!["adbench", "data/gmm_test.json", "--seconds", "0", "--out", "no/folder/x.json"],
            1,
            "no/folder/x.json",
        ),
        (vec!["adbench"], 2, "required"),
        (vec!["building", "--seconds", "soon"], 2, "--seconds"),
        (vec!["race"], 2, "race"),
    ] {
        let output = run(&arguments);
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {text}");
        assert!(text.contains(message), "{arguments:?}: {text}");
    }
}

#[test]
fn help_has_examples() {
    let text = String::from_utf8_lossy(&run(&["adbench", "--help"]).stdout).into_owned();
    assert!(text.contains("Examples") && text.contains("gmm:n=1000,d=64,k=25,seed=1"), "{text}");
}
