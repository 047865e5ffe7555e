//! The command line: parse the arguments, run, exit.

use std::process::ExitCode;

fn main() -> ExitCode {
    dualtrack::cli::main()
}
