//! What is worth telling of a comparison.

use crate::config::Config;
use crate::diff::{Diff, Effect, Pair, findings, told};
use crate::finding::{Fate, Finding, Severity, Sieve, sift};

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

/// The verdicts that changed, the worst first; without those whose rule is off and those that are allowed.
pub fn changed_verdicts(pair: Pair<'_>, diff: &Diff, config: &Config) -> Vec<ChangedVerdict> {
    let all = findings(pair, diff).into_iter().zip(&diff.effects);
    let asked = all.filter(|(finding, _)| config.levels.is_on(finding.rule.name));
    let (findings, effects): (Vec<Finding>, Vec<&Effect>) = asked.unzip();
    let sieve =
        Sieve { levels: &config.levels, allowances: &config.allow, baseline: None, concerns: &|_| true };
    let sifted = sift(findings, &sieve).findings;
    let shown = sifted.into_iter().zip(effects).filter(|(sifted, _)| sifted.fate == Fate::Shown);
    let verdict = |finding: Finding, effect: &Effect| ChangedVerdict {
        severity: finding.severity,
        rule: finding.rule.name,
        message: finding.message,
        causes: effect.causes.iter().map(|at| told(pair, &diff.edits[*at])).collect(),
    };
    shown.map(|(sifted, effect)| verdict(sifted.finding, effect)).collect()
}
