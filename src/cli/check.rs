//! `dualtrack check`.

use super::args::CheckArgs;
use super::base::{at_revision, in_folder};
use super::context::Context;
use super::findings::Outputs;
use super::output::{complain, write_file};
use super::pipeline;
use super::rule::known;
use super::values::FailOn;
use super::watch::{self, News, Repeated, To};
use super::{CliError, Common};
use crate::check::{Checked, about, check, check_affected};
use crate::config::Overrides;
use crate::diff::{Affected, Pair, affected as touched, diff};
use crate::engine::{self, Judged, Model};
use crate::finding::{Baseline, BaselineError, Level, Severity, turnover};
use crate::report::findings::View;
use crate::report::watch as report;
use crate::rules::infos;
use crate::text::count;
use crate::watch::changed_verdicts;
use std::io::{self, Write};
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Checks, writes what was found, and says by the exit code whether that is too much.
pub(super) fn run(common: &Common, args: &CheckArgs) -> Result<ExitCode, CliError> {
    let command = Check { common, args, outputs: Outputs::new(common)? };
    if args.watch {
        watch::allow(command.outputs.all())?;
        return watch::run(&command).map(|()| ExitCode::SUCCESS);
    }
    let ready = command.prepare()?;
    let ask = |model: &'static Model| {
        let judged = ManuallyDrop::new(command.judge(&ready, model));
        let checked = ManuallyDrop::new(command.check(&ready, &judged)?);
        let beyond = checked.beyond.clone();
        Ok(((judged, checked), beyond))
    };
    let is_about_own = !common.all && args.affected_only.is_none();
    let (judged, checked) = ready.context.answer(common, is_about_own.then(about), ask)?;
    let found = command.found(&ready, ManuallyDrop::into_inner(checked)).map(ManuallyDrop::new)?;
    command.write(&ready, &judged, &found, To::All)?;
    let Checked { report, coverage, .. } = &found.checked;
    if args.require_complete && !coverage.is_complete() {
        return Err(CliError::Incomplete { missing: coverage.missing.len() });
    }
    let failed = report.reaches(args.fail_on.severity());
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

struct Check<'a> {
    common: &'a Common,
    args: &'a CheckArgs,
    outputs: Outputs<'a>,
}

/// What is read before metadata is.
struct Ready {
    context: Context,
    /// The findings that are known.
    baseline: Option<Baseline>,
}

impl AsRef<Context> for Ready {
    fn as_ref(&self) -> &Context {
        &self.context
    }
}

/// What was found.
struct Found {
    checked: Checked,
    /// What became of the baseline.
    note: Option<String>,
}

impl Check<'_> {
    fn check(&self, ready: &Ready, judged: &Judged) -> Result<Checked, CliError> {
        let (config, known, all) = (&ready.context.config, ready.baseline.as_ref(), self.common.all);
        Ok(match &self.args.affected_only {
            None => check(judged, config, known, all),
            Some(base) => {
                let affected = affected(&ready.context, self.args.git, base, judged)?;
                check_affected(judged, config, known, all, &affected)
            }
        })
    }

    /// Brings the baseline up to date, where that is asked for.
    fn found(&self, ready: &Ready, mut checked: Checked) -> Result<Found, CliError> {
        let note = update(&ready.context, self.args, ready.baseline.as_ref(), &mut checked)?;
        Ok(Found { checked, note })
    }
}

impl Repeated for Check<'_> {
    type Ready = Ready;
    type Found = Found;

    fn common(&self) -> &Common {
        self.common
    }

    fn prepare(&self) -> Result<Ready, CliError> {
        let mut context = Context::new(self.common, &self.args.roots, None)?;
        let (baseline, levels) = (self.args.baseline.clone(), levels(self.args)?);
        // Policies, which alone can be refused, were applied with the context.
        let _ = context.config.apply(Overrides { baseline, levels, ..Overrides::default() });
        let baseline = baseline_of(&context, self.args)?;
        Ok(Ready { context, baseline })
    }

    fn other_inputs(&self, ready: &Ready) -> Vec<PathBuf> {
        ready.context.config.baseline.iter().cloned().collect()
    }

    fn results(&self, _: &Ready) -> Vec<PathBuf> {
        self.outputs.all().iter().filter_map(|output| output.file.map(Path::to_owned)).collect()
    }

    fn judge<'m>(&self, ready: &Ready, model: &'m Model) -> Judged<'m> {
        let context = &ready.context;
        let judge = if self.common.all { engine::judge } else { engine::judge_own };
        judge(model, &context.config, context.threads)
    }

    fn find(&self, ready: &Ready, judged: &Judged) -> Result<Found, CliError> {
        self.found(ready, self.check(ready, judged)?)
    }

    fn write(&self, ready: &Ready, judged: &Judged, found: &Found, to: To) -> Result<(), CliError> {
        let (config, checked) = (&ready.context.config, &found.checked);
        let view = View {
            judged,
            config,
            report: &checked.report,
            allowances: &checked.allowances,
            coverage: &checked.coverage,
            baseline: config.baseline.as_deref(),
            all: self.common.all,
            verbose: self.common.verbose,
        };
        self.outputs.write(&view, to)?;
        if let Some(note) = found.note.as_ref().filter(|_| !self.common.quiet) {
            complain(note);
        }
        Ok(())
    }

    fn news(&self, ready: &Ready, news: &News<Found>, out: &mut dyn Write) -> io::Result<()> {
        let (before, after) = (&news.before.checked.report, &news.after.checked.report);
        let found = turnover(before, after);
        let config = &ready.context.config;
        let changed = changed_verdicts(news.pair, &diff(news.pair), config);
        let is_news = !(found.new.is_empty() && found.gone.is_empty() && changed.is_empty());
        match is_news {
            false if self.common.quiet => return Ok(()),
            false => writeln!(out, "  no finding and no verdict changed")?,
            true => {
                report::findings(&found, (news.pair.head, config), self.common.all, out)?;
                report::verdicts(&changed, self.common.all, out)?;
            }
        }
        report::numbers(after, out)
    }
}

/// What a change since `base` touches.
fn affected(context: &Context, git: bool, base: &str, head: &Judged) -> Result<Affected, CliError> {
    let state =
        if git { at_revision(&context.config, base)? } else { in_folder(&context.config, Path::new(base)) };
    let model = context.load_state(&state.config)?;
    let before = engine::judge(&model, &state.config, context.threads);
    let pair = Pair { base: &before, head };
    Ok(touched(pair, &diff(pair).edits))
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
        let name = known(rule)?.name;
        if levels.iter().any(|(set, other)| set == name && *other != level) {
            return Err(CliError::TwoLevels { rule: name });
        }
        levels.push((name.to_owned(), level));
    }
    let only: Vec<&str> =
        args.only.iter().map(|rule| Ok(known(rule)?.name)).collect::<Result<_, CliError>>()?;
    if !only.is_empty() {
        let others = infos().map(|info| info.name).filter(|name| !only.contains(name));
        levels.extend(others.map(|name| (name.to_owned(), Level::Off)));
    }
    Ok(levels)
}

/// The findings that are known; none where no baseline is named, or where one is about to be made.
fn baseline_of(context: &Context, args: &CheckArgs) -> Result<Option<Baseline>, CliError> {
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
    known: Option<&Baseline>,
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
