//! What is worth telling of a comparison.

use crate::config::Config;
use crate::diff::{Diff, Effect, EffectKind, Pair, findings, told};
use crate::finding::{Fate, Finding, Severity, Sieve, sift};
use crate::text::{Shown, count, some};

/// So many rows are named.
const ROWS: usize = 4;

/// A verdict that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedVerdict {
    /// How bad it is.
    pub severity: Severity,
    /// The kind of change, by the name of its rule.
    pub rule: &'static str,
    /// What changed, as a sentence without full stop. Safe to print.
    pub message: String,
    /// The edits that explain it, the nearest first. Safe to print.
    pub causes: Vec<String>,
}

/// The verdicts that changed, the worst first; without those whose rule is off and those that are allowed. The
/// rows of an entity that come, or go, are one.
pub fn changed_verdicts(pair: Pair<'_>, diff: &Diff, config: &Config) -> Vec<ChangedVerdict> {
    let shown = shown(pair, diff, config);
    let groups = shown.chunk_by(|(_, a), (_, b)| are_rows_of_one(a, b));
    groups.filter_map(|group| verdict(pair, diff, group)).collect()
}

fn shown<'a>(pair: Pair<'_>, diff: &'a Diff, config: &Config) -> Vec<(Finding, &'a Effect)> {
    let all = findings(pair, diff).into_iter().zip(&diff.effects);
    let asked = all.filter(|(finding, _)| config.levels.is_on(finding.rule.name));
    let (findings, effects): (Vec<Finding>, Vec<&Effect>) = asked.unzip();
    let sieve = Sieve { levels: &config.levels, allowances: &config.allow, baseline: None };
    let sifted = sift(findings, &sieve).findings.into_iter().zip(effects);
    let shown = sifted.filter(|(sifted, _)| sifted.fate == Fate::Shown);
    shown.map(|(sifted, effect)| (sifted.finding, effect)).collect()
}

/// Effects stand in the order of kinds and elements.
fn are_rows_of_one(a: &Effect, b: &Effect) -> bool {
    is_row(a) && a.kind == b.kind && a.element == b.element
}

fn is_row(effect: &Effect) -> bool {
    matches!(effect.kind, EffectKind::RowAdded | EffectKind::RowRemoved)
}

fn verdict(pair: Pair<'_>, diff: &Diff, group: &[(Finding, &Effect)]) -> Option<ChangedVerdict> {
    let (finding, effect) = group.first()?;
    let mut causes: Vec<usize> = Vec::new();
    for cause in group.iter().flat_map(|(_, effect)| &effect.causes) {
        if !causes.contains(cause) {
            causes.push(*cause);
        }
    }
    Some(ChangedVerdict {
        severity: finding.severity,
        rule: finding.rule.name,
        message: if group.len() > 1 { rows(effect, group) } else { finding.message.clone() },
        causes: causes.into_iter().map(|at| told(pair, &diff.edits[at])).collect(),
    })
}

/// Several rows of an entity.
fn rows(effect: &Effect, group: &[(Finding, &Effect)]) -> String {
    let row = |(_, effect): &(Finding, &Effect)| {
        let detail: Vec<&str> = effect.detail.iter().map(|part| &**part).collect();
        format!("{} [{}]", effect.table.as_deref().unwrap_or("?"), detail.join(", "))
    };
    let rows: Vec<String> = group.iter().map(row).collect();
    let number = count(group.len(), "row");
    let less_or_more = if effect.kind == EffectKind::RowAdded { "more" } else { "less" };
    format!("{number} {less_or_more} for {}: {}", Shown(&effect.element), some(&rows, ROWS))
}
