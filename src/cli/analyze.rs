//! `dualtrack analyze`.

use super::args::AnalyzeArgs;
use super::context::Context;
use super::graph::write_pictures;
use super::output::{Output, complain, outputs, write_file};
use super::watch::{self, News, Repeated, To};
use super::{CliError, Common, suggest};
use crate::diff::diff;
use crate::engine::{self, Judged};
use crate::report::{self, definitions_csv, summary, tracking_json};
use crate::text::Shown;
use crate::watch::changed_verdicts;
use crate::writes::Writes;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The files that are written, the last one where Graphviz is there.
const RESULTS: [&str; 5] = ["tracking.json", "definitions.csv", "suggestions.md", "graph.dot", "graph.svg"];

/// Judges everything, writes the results, prints the summary.
pub(super) fn run(common: &Common, args: &AnalyzeArgs) -> Result<(), CliError> {
    let analyze = Analyze { common, args, outputs: outputs(common, &["text", "json"])? };
    if args.watch {
        watch::allow(&analyze.outputs)?;
        return watch::run(&analyze);
    }
    let context = analyze.prepare()?;
    let model = context.load()?;
    analyze.write(&context, &context.judge(&model), &(), To::All)
}

struct Analyze<'a> {
    common: &'a Common,
    args: &'a AnalyzeArgs,
    outputs: Vec<Output<'a>>,
}

impl Repeated for Analyze<'_> {
    type Ready = Context;
    type Found = ();

    fn common(&self) -> &Common {
        self.common
    }

    fn prepare(&self) -> Result<Context, CliError> {
        Context::new(self.common, &self.args.roots, self.args.out.as_deref())
    }

    fn other_inputs(&self, _: &Context) -> Vec<PathBuf> {
        Vec::new()
    }

    fn results(&self, context: &Context) -> Vec<PathBuf> {
        let out = out_folder(context);
        let files = self.outputs.iter().filter_map(|output| output.file.map(Path::to_owned));
        files.chain(RESULTS.map(|name| out.join(name))).collect()
    }

    fn find(&self, _: &Context, _: &Judged) -> Result<(), CliError> {
        Ok(())
    }

    fn write(&self, context: &Context, judged: &Judged, (): &(), to: To) -> Result<(), CliError> {
        let common = self.common;
        let notes = write_results(common, context, judged)?;
        let outputs = self.outputs.iter().filter(|output| to.takes(output));
        for output in outputs.filter(|output| !common.quiet || output.format != "text") {
            output.write(|w| match output.format {
                "json" => tracking_json::write(judged, w),
                _ => {
                    let writes = engine::writes(judged, context.threads);
                    print_summary(common, context, judged, &writes, w)
                }
            })?;
        }
        for note in notes.iter().filter(|_| !common.quiet && to == To::All) {
            complain(&format!("note: {note}"));
        }
        Ok(())
    }

    fn news(&self, context: &Context, news: &News<()>, out: &mut dyn Write) -> io::Result<()> {
        let changed = changed_verdicts(news.pair, &diff(news.pair), &context.config);
        match changed.as_slice() {
            [] if self.common.quiet => Ok(()),
            [] => writeln!(out, "  no verdict changed"),
            changed => report::watch::verdicts(changed, self.common.all, out),
        }
    }
}

fn print_summary(
    common: &Common,
    context: &Context,
    judged: &Judged,
    writes: &Writes,
    out: &mut dyn Write,
) -> io::Result<()> {
    let options = summary::Options {
        roots_from: &context.roots_from,
        is_own: &|id| judged.model.is_own(&context.config, id),
        writes,
        is_own_file: &|file| judged.model.is_own_file(&context.config, file),
        all: common.all,
        verbose: common.verbose,
    };
    summary::write(judged, &options, out)?;
    let folder = out_folder(context);
    let there: Vec<&str> = RESULTS.into_iter().filter(|name| folder.join(name).is_file()).collect();
    let folder = folder.display().to_string();
    writeln!(out, "{:<9} {} ({})", "written", Shown(&folder), there.join(", "))
}

/// Writes all results, the largest beside the others; returns what the user should know about the picture.
fn write_results(common: &Common, context: &Context, judged: &Judged) -> Result<Vec<String>, CliError> {
    let out = out_folder(context);
    let tracking = || write_file(&out.join("tracking.json"), |w| tracking_json::write(judged, w));
    let others = || {
        write_file(&out.join("definitions.csv"), |w| {
            definitions_csv::write(&judged.analysis.definitions, w)
        })?;
        write_file(&out.join("suggestions.md"), |w| suggest::write_own(common, context, judged, w))?;
        write_pictures(judged, &context.config, &out)
    };
    let (tracking, notes) = rayon::join(tracking, others);
    tracking.and(notes)
}

/// `out` beside the configuration file, else below the working directory.
fn out_folder(context: &Context) -> PathBuf {
    let beside = context.config.path.as_ref().and_then(|p| p.parent()).map(|p| p.join("out"));
    context.config.out.clone().or(beside).unwrap_or_else(|| PathBuf::from("out"))
}
