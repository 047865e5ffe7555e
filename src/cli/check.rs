//! `dualtrack check`.

use super::args::{CheckArgs, FailOn};
use super::context::Context;
use super::findings::Outputs;
use super::output::{complain, write_file};
use super::pipeline;
use super::{CliError, Common};
use crate::check::{Checked, check};
use crate::config::Overrides;
use crate::finding::{Baseline, BaselineError, Level, Severity};
use crate::report::findings::View;
use crate::rules;
use crate::text::{count, did_you_mean, nearest};
use std::path::Path;
use std::process::ExitCode;

/// Checks, writes what was found, and says by the exit code whether that is too much.
pub(super) fn run(common: &Common, args: &CheckArgs) -> Result<ExitCode, CliError> {
    let outputs = Outputs::new(common)?;
    let mut context = Context::new(common, &args.roots, None)?;
    let overrides =
        Overrides { baseline: args.baseline.clone(), levels: levels(args)?, ..Overrides::default() };
    // Policies, which alone can be refused, were applied with the context.
    let _ = context.config.apply(overrides);
    let known = baseline(&context, args)?;
    let model = context.load()?;
    let judged = context.judge(&model);
    let mut checked = check(&judged, &context.config, known.as_ref(), common.all);
    let note = update(&context, args, known, &mut checked)?;
    let view = View {
        judged: &judged,
        config: &context.config,
        report: &checked.report,
        allowances: &checked.allowances,
        coverage: &checked.coverage,
        baseline: context.config.baseline.as_deref(),
        all: common.all,
        verbose: common.verbose,
    };
    outputs.write(&view)?;
    if let Some(note) = note.filter(|_| !common.quiet) {
        complain(&note);
    }
    if args.require_complete && !checked.coverage.is_complete() {
        return Err(CliError::Incomplete { missing: checked.coverage.missing.len() });
    }
    let failed = checked.report.reaches(args.fail_on.severity());
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

impl FailOn {
    fn severity(self) -> Severity {
        match self {
            Self::Error => Severity::Error,
            Self::Warning => Severity::Warning,
            Self::Note => Severity::Note,
        }
    }
}

/// The levels of the command line.
fn levels(args: &CheckArgs) -> Result<Vec<(String, Level)>, CliError> {
    let denied = args.deny.iter().map(|rule| (rule, Level::At(Severity::Error)));
    let warned = args.warn.iter().map(|rule| (rule, Level::At(Severity::Warning)));
    let allowed = args.allow.iter().map(|rule| (rule, Level::Off));
    let mut levels: Vec<(String, Level)> = Vec::new();
    for (rule, level) in denied.chain(warned).chain(allowed) {
        let Some(known) = rules::find(rule) else {
            let hint = did_you_mean(&nearest(rule, rules::names(), 3));
            return Err(CliError::NotFound { kind: "rule", name: rule.clone(), hint });
        };
        let name = known.info.name;
        if levels.iter().any(|(set, other)| set == name && *other != level) {
            return Err(CliError::TwoLevels { rule: name });
        }
        levels.push((name.to_owned(), level));
    }
    Ok(levels)
}

/// The findings that are known; none where no baseline is named, or where one is about to be made.
fn baseline(context: &Context, args: &CheckArgs) -> Result<Option<Baseline>, CliError> {
    let Some(path) = context.config.baseline.as_deref() else {
        return if args.update_baseline { Err(CliError::NoBaseline) } else { Ok(None) };
    };
    match Baseline::load(path) {
        Err(BaselineError::Missing(_)) if args.accept_new => Ok(Some(Baseline::default())),
        loaded => Ok(Some(loaded?)),
    }
}

/// Writes the baseline anew where that is asked for and allowed; returns what the user should know.
fn update(
    context: &Context,
    args: &CheckArgs,
    known: Option<Baseline>,
    checked: &mut Checked,
) -> Result<Option<String>, CliError> {
    let (Some(path), Some(known)) = (context.config.baseline.as_deref(), known) else { return Ok(None) };
    if !args.update_baseline {
        return Ok(None);
    }
    let shown_path = crate::text::Shown(&path.display().to_string()).to_string();
    if pipeline::is_any() {
        return Ok(Some(format!(
            "note: {shown_path} is not changed: this is a CI run (CI or TF_BUILD is set)"
        )));
    }
    let new = if args.accept_new { checked.report.accept() } else { Vec::new() };
    let gone = std::mem::take(&mut checked.report.gone);
    let text = format!(
        "{shown_path}: {} removed, {} added",
        count(gone.len(), "finding"),
        count(new.len(), "finding")
    );
    write_baseline(path, &known.changed(&gone, new))?;
    Ok(Some(text))
}

fn write_baseline(path: &Path, baseline: &Baseline) -> Result<(), CliError> {
    write_file(path, |out| baseline.write(out))
}
