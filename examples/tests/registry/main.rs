//! The registry example against R's `survival`, and its behaviour on good and bad input.

mod bad_input;
mod derivatives;
mod output;
mod reference;

use cotangent_examples::registry::command;
use std::path::{Path, PathBuf};

/// What one run of the program did.
struct Run {
    code: u8,
    out: String,
    err: String,
    folder: PathBuf,
}

impl Drop for Run {
    fn drop(&mut self) {
        // Only temporary files are lost if this fails.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Runs the program in a folder of its own on a file with this text (if any); the table goes to `table.csv` there.
fn run(name: &str, csv: Option<&str>, options: &[&str]) -> Run {
    let folder = std::env::temp_dir().join(format!("cotangent-registry-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a temporary folder");
    let mut arguments = vec!["registry".to_string()];
    if let Some(csv) = csv {
        let file = folder.join("input.csv");
        std::fs::write(&file, csv).expect("the input");
        arguments.push(file.display().to_string());
    }
    if !options.contains(&"--out") {
        arguments.push(format!("--out={}", folder.join("table.csv").display()));
    }
    arguments.extend(options.iter().map(|option| option.to_string()));
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = command::run(arguments, &mut out, &mut err);
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    Run {
        code,
        out: text(out),
        err: text(err),
        folder,
    }
}

/// A file of the example.
fn example_file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("registry").join(name)
}
