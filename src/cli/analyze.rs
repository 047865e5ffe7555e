//! `dualtrack analyze`.

use super::args::AnalyzeArgs;
use super::context::Context;
use super::graph::write_pictures;
use super::output::{complain, outputs, write_file};
use super::{CliError, Common, suggest};
use crate::engine::Judged;
use crate::report::{definitions_csv, summary, tracking_json};
use crate::text::Shown;
use std::io::{self, Write};
use std::path::PathBuf;

/// The files that are written, the last one where Graphviz is there.
const RESULTS: [&str; 5] = ["tracking.json", "definitions.csv", "suggestions.md", "graph.dot", "graph.svg"];

/// Judges everything, writes the results, prints the summary.
pub(super) fn run(common: &Common, args: &AnalyzeArgs) -> Result<(), CliError> {
    let context = Context::new(common, &args.roots, args.out.as_deref())?;
    let model = context.load()?;
    let judged = context.judge(&model);
    let notes = write_results(common, &context, &judged)?;
    for output in
        outputs(common, &["text", "json"])?.into_iter().filter(|o| !common.quiet || o.format != "text")
    {
        output.write(|w| match output.format {
            "json" => tracking_json::write(&judged, w),
            _ => print_summary(common, &context, &judged, w),
        })?;
    }
    for note in notes.iter().filter(|_| !common.quiet) {
        complain(&format!("note: {note}"));
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
    let folder = out_folder(context);
    let there: Vec<&str> = RESULTS.into_iter().filter(|name| folder.join(name).is_file()).collect();
    let folder = folder.display().to_string();
    writeln!(out, "{:<9} {} ({})", "written", Shown(&folder), there.join(", "))
}

/// Writes all results; returns what the user should know about the picture.
fn write_results(common: &Common, context: &Context, judged: &Judged) -> Result<Vec<String>, CliError> {
    let out = out_folder(context);
    write_file(&out.join("tracking.json"), |w| tracking_json::write(judged, w))?;
    write_file(&out.join("definitions.csv"), |w| definitions_csv::write(&judged.analysis.definitions, w))?;
    write_file(&out.join("suggestions.md"), |w| suggest::write_own(common, context, judged, w))?;
    write_pictures(judged, &context.config, &out)
}

/// `out` beside the configuration file, else below the working directory.
fn out_folder(context: &Context) -> PathBuf {
    let beside = context.config.path.as_ref().and_then(|p| p.parent()).map(|p| p.join("out"));
    context.config.out.clone().or(beside).unwrap_or_else(|| PathBuf::from("out"))
}
