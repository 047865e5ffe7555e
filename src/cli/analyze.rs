//! `dualtrack analyze`.

use super::args::AnalyzeArgs;
use super::context::Context;
use super::output::write_file;
use super::{CliError, Common};
use crate::report::tracking_json;
use std::path::PathBuf;

/// Judges everything, writes the results, prints the summary.
pub(super) fn run(common: &Common, args: &AnalyzeArgs) -> Result<(), CliError> {
    let context = Context::new(common, &args.roots, args.out.as_deref())?;
    let model = context.load()?;
    let judged = context.judge(&model);
    let out = out_folder(&context);
    write_file(&out.join("tracking.json"), |w| tracking_json::write(&judged, w))?;
    Ok(())
}

/// `out` beside the configuration file, else below the working directory.
fn out_folder(context: &Context) -> PathBuf {
    let beside = context.config.path.as_ref().and_then(|p| p.parent()).map(|p| p.join("out"));
    context.config.out.clone().or(beside).unwrap_or_else(|| PathBuf::from("out"))
}
