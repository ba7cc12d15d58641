//! Writes the un-annotated twin of `src/annotated`: the same text, less the attributes of cotangent.
//!
//! The benchmark compares a function with its annotated self; two copies kept by hand would drift apart.

use std::{env, fs, path::Path};

const PROBLEMS: [&str; 6] = ["ba", "building", "gmm", "hand", "lstm", "lu"];

fn main() {
    let out = env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    println!("cargo::rerun-if-changed=build.rs");
    let mut text = String::new();
    for problem in PROBLEMS {
        let path = format!("src/annotated/{problem}.rs");
        println!("cargo::rerun-if-changed={path}");
        let source = fs::read_to_string(&path).unwrap_or_else(|e| panic!("read {path}: {e}"));
        text.push_str(&format!("pub mod {problem} {{\n{}}}\n", plain(&source)));
    }
    assert!(
        !text.contains("#[differentiable") && !text.contains("Differentiable"),
        "an attribute of cotangent is left in the plain twin; keep each on one line of its own",
    );
    fs::write(Path::new(&out).join("plain.rs"), text).expect("write plain.rs");
}

/// The source less `#[differentiable ..]` lines, `use cotangent` lines and `Differentiable` in derives.
fn plain(source: &str) -> String {
    let kept = source.lines().filter(|line| {
        let line = line.trim_start();
        !(line.starts_with("#[differentiable") || line.starts_with("use cotangent::"))
    });
    kept.map(|line| line.replace(", Differentiable)]", ")]") + "\n").collect()
}
