//! `cargo run --release --example phenobarbital [-- --help]`: see the module `cotangent_examples::phenobarbital`.

use cotangent_examples::phenobarbital::command;
use std::process::ExitCode;

fn main() -> ExitCode {
    let code = command::run(std::env::args_os(), &mut std::io::stdout(), &mut std::io::stderr());
    ExitCode::from(code)
}
