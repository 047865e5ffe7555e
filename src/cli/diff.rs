//! `dualtrack diff`.

use super::args::DiffArgs;
use super::base::{State, at_revision, in_folder};
use super::context::Context;
use super::findings::Outputs;
use super::values::DiffFailOn;
use super::watch::To;
use super::{CliError, Common};
use crate::config::Config;
use crate::diff::{self, Diff, EffectKind, Pair};
use crate::engine::{self, Coverage};
use crate::finding::{self, Report, Sieve};
use crate::report::findings::View;
use std::path::PathBuf;
use std::process::ExitCode;

/// Compares two states, writes what differs, and says by the exit code whether that is too much.
pub(super) fn run(common: &Common, args: &DiffArgs) -> Result<ExitCode, CliError> {
    let outputs = Outputs::new(common)?;
    let context = Context::new(common, &roots(common, args)?, None)?;
    let (base, head) = states(&context.config, args)?;
    let (old, new) = (context.load_state(&base.config)?, context.load_state(&head.config)?);
    let judged = |model, state: &State| engine::judge(model, &state.config, context.threads);
    let (old, new) = (judged(&old, &base), judged(&new, &head));
    let pair = Pair { base: &old, head: &new };
    let found = diff::diff(pair);
    let report = report(pair, &found, &head.config);
    let coverage = Coverage::of(&new, &head.config, common.all);
    let view = View {
        judged: &new,
        config: &head.config,
        report: &report,
        allowances: &head.config.allow,
        coverage: &coverage,
        baseline: None,
        all: common.all,
        verbose: common.verbose,
    };
    outputs.write(&view, To::All)?;
    let failed = report.shown().any(|s| args.fail_on.iter().any(|set| set.holds(s.finding.rule.name)));
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// A folder that stands for the first root goes before the others: those that `--metadata` names, else those
/// that the configuration names behind its first.
fn roots(common: &Common, args: &DiffArgs) -> Result<Vec<PathBuf>, CliError> {
    let Some(head) = args.head.as_ref().filter(|_| !args.git) else { return Ok(Vec::new()) };
    let mut roots = vec![PathBuf::from(head)];
    if common.metadata.is_empty() {
        let config = Config::load(common.config.as_deref(), &std::env::current_dir()?)?;
        roots.extend(config.metadata.into_iter().skip(1));
    }
    Ok(roots)
}

fn states(config: &Config, args: &DiffArgs) -> Result<(State, State), CliError> {
    let side = |name: &str| {
        if args.git { at_revision(config, name) } else { Ok(in_folder(config, &PathBuf::from(name))) }
    };
    let mut base = side(&args.base)?;
    if !args.base_maps.is_empty() {
        base.config.maps.clone_from(&args.base_maps);
    }
    let head = match (&args.head, args.git) {
        (Some(name), true) => at_revision(config, name)?,
        _ => State::as_is(config),
    };
    Ok((base, head))
}

fn report(pair: Pair<'_>, found: &Diff, config: &Config) -> Report {
    let findings = diff::findings(pair, found);
    let sieve = Sieve { levels: &config.levels, allowances: &config.allow, baseline: None };
    let mut report = finding::sift(findings, &sieve);
    // Allowances of a check speak of other rules.
    report.unused.clear();
    report
}

impl DiffFailOn {
    fn holds(self, rule: &str) -> bool {
        use EffectKind::{EntryInvalid, EntryNeeded, NewUntracked, RowAdded, TrackingLost, TrackingOpen};
        let kinds: &[EffectKind] = match self {
            Self::Lost => &[TrackingLost, TrackingOpen],
            Self::Untracked => &[TrackingLost, TrackingOpen, NewUntracked, EntryNeeded, EntryInvalid],
            Self::Cost => &[RowAdded],
            Self::Any => EffectKind::ALL,
            Self::None => &[],
        };
        kinds.iter().any(|kind| kind.rule().name == rule)
    }
}
