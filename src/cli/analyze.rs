//! `dualtrack analyze`.

use super::args::AnalyzeArgs;
use super::context::Context;
use super::output::{outputs, write_file};
use super::{CliError, Common};
use crate::engine::Judged;
use crate::report::style::Shown;
use crate::report::{definitions_csv, summary, tracking_json};
use std::io::{self, Write};
use std::path::PathBuf;

/// Judges everything, writes the results, prints the summary.
pub(super) fn run(common: &Common, args: &AnalyzeArgs) -> Result<(), CliError> {
    let context = Context::new(common, &args.roots, args.out.as_deref())?;
    let model = context.load()?;
    let judged = context.judge(&model);
    write_results(&context, &judged)?;
    for output in
        outputs(common, &["text", "json"])?.into_iter().filter(|o| !common.quiet || o.format != "text")
    {
        output.write(|w| match output.format {
            "json" => tracking_json::write(&judged, w),
            _ => print_summary(common, &context, &judged, w),
        })?;
    }
    Ok(())
}

fn print_summary(common: &Common, context: &Context, judged: &Judged, out: &mut dyn Write) -> io::Result<()> {
    let options = summary::Options {
        roots_from: &context.roots_from,
        is_own: &|id| judged.model.is_own(&context.config, id),
        all: common.all,
        verbose: common.verbose,
    };
    summary::write(judged, &options, out)?;
    let files = "tracking.json, definitions.csv";
    writeln!(out, "{:<9} {} ({files})", "written", Shown(&out_folder(context).display().to_string()))
}

fn write_results(context: &Context, judged: &Judged) -> Result<(), CliError> {
    let out = out_folder(context);
    write_file(&out.join("tracking.json"), &mut |w| tracking_json::write(judged, w))?;
    write_file(&out.join("definitions.csv"), &mut |w| definitions_csv::write(&judged.analysis.definitions, w))
}

/// `out` beside the configuration file, else below the working directory.
fn out_folder(context: &Context) -> PathBuf {
    let beside = context.config.path.as_ref().and_then(|p| p.parent()).map(|p| p.join("out"));
    context.config.out.clone().or(beside).unwrap_or_else(|| PathBuf::from("out"))
}
