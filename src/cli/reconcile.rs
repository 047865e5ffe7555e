//! `dualtrack reconcile`.

use super::args::ReconcileArgs;
use super::context::Context;
use super::output::outputs;
use super::{CliError, Common};
use crate::dualwrite::{Channels, Dump};
use crate::report::problems;
use crate::report::reconcile::{self as report, View};
use std::process::ExitCode;

/// Compares a dump of `BusinessEventsDefinition` with the prediction.
pub(super) fn run(common: &Common, args: &ReconcileArgs) -> Result<ExitCode, CliError> {
    let outputs = outputs(common, &["text", "json", "csv"])?;
    let context = Context::new(common, &args.roots, None)?;
    let dump = Dump::read(&args.dump, &Channels::only(&args.channel))?;
    let model = context.load()?;
    let judged = context.judge(&model);
    let result = judged.reconcile(&dump, context.threads);
    let view = View {
        judged: &judged,
        config: &context.config,
        dump: &dump,
        result: &result,
        all: common.all,
        verbose: common.verbose,
    };
    for output in &outputs {
        output.write(|out| match output.format {
            "json" => report::json::write(&view, out),
            "csv" => report::csv::write(&view, out),
            _ => {
                report::write(&view, out)?;
                problems::write_if(common.verbose, &judged, out)
            }
        })?;
    }
    if !common.quiet && outputs.iter().all(|o| o.format == "csv") {
        // CSV has no place for them. When nobody can read them, nobody need be told.
        let _ = problems::write(&model, &dump.problems, &mut anstream::stderr().lock());
    }
    let fails = args.fail_on_difference && result.tally().differences() > 0;
    Ok(if fails { ExitCode::from(1) } else { ExitCode::SUCCESS })
}
