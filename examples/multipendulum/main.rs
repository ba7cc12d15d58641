//! `cargo run --release --example multipendulum [-- --help]`: see the module `cotangent_examples::multipendulum`.

use cotangent_examples::multipendulum::command;
use std::process::ExitCode;

fn main() -> ExitCode {
    let code = command::run(std::env::args_os(), &mut std::io::stdout(), &mut std::io::stderr());
    ExitCode::from(code)
}
