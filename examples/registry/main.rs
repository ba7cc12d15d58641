//! `cargo run --release --example registry [-- --help]`: see the module `cotangent_examples::registry`.

use cotangent_examples::registry::command;
use std::process::ExitCode;

fn main() -> ExitCode {
    let code = command::run(std::env::args_os(), &mut std::io::stdout(), &mut std::io::stderr());
    ExitCode::from(code)
}
