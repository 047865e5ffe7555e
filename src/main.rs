//! The command line: parse the arguments, run, exit.

use std::process::ExitCode;

/// Half of the work is making small pieces on several threads, which the allocators of some platforms are slow at.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    dualtrack::cli::main()
}
