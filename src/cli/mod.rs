//! The commands: each calls the library and chooses a renderer; no logic of its own.

mod analyze;
pub(crate) mod args;
mod base;
mod check;
mod context;
mod cost;
mod diff;
mod error;
mod explain;
mod findings;
mod graph;
mod health;
mod impact;
mod init;
mod list;
mod maps;
mod output;
mod pipeline;
mod reconcile;
mod rule;
mod snapshot;
mod subject;
mod suggest;
mod values;
mod watch;
mod writes;

pub use args::{Cli, Command, Common};
pub use error::CliError;

use crate::schema::schema;
use crate::source::in_pool;
use clap::Parser;
use std::process::ExitCode;

/// Parses the arguments, runs the command, and turns the result into an exit code.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    match in_pool(cli.common.threads, || run(&cli)) {
        Ok(code) => code,
        Err(CliError::ClosedPipe | CliError::Shown) => ExitCode::SUCCESS,
        Err(error) => {
            output::complain(&output::error_text(&error));
            ExitCode::from(2)
        }
    }
}

fn run(cli: &Cli) -> Result<ExitCode, CliError> {
    let done = match &cli.command {
        Command::Check(args) => return check::run(&cli.common, args),
        Command::Diff(args) => return diff::run(&cli.common, args),
        Command::Reconcile(args) => return reconcile::run(&cli.common, args),
        Command::Analyze(args) => analyze::run(&cli.common, args),
        Command::Impact(args) => impact::run(&cli.common, args),
        Command::Explain(args) => explain::run(&cli.common, args),
        Command::Graph(args) => graph::run(&cli.common, args),
        Command::Cost(args) => cost::run(&cli.common, args),
        Command::Health(args) => health::run(&cli.common, args),
        Command::Suggest(args) => suggest::run(&cli.common, args),
        Command::Init(args) => init::run(&cli.common, args),
        Command::Schema { subject } => output::print(&schema(*subject)),
        Command::Writes(args) => writes::run(&cli.common, args),
        Command::Snapshot(args) => snapshot::run(&cli.common, args),
        Command::Maps(args) => maps::run(&cli.common, args),
        Command::Rule(args) => rule::run(&cli.common, args),
        Command::List(args) => list::run(&cli.common, args),
        Command::Completions { shell } => {
            use clap::CommandFactory;
            use std::io::Write;
            // Into memory first: the generator panics when it cannot write.
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Cli::command(), "dualtrack", &mut script);
            let mut stdout = std::io::stdout().lock();
            stdout.write_all(&script)?;
            Ok(stdout.flush()?)
        }
    };
    done.map(|()| ExitCode::SUCCESS)
}
