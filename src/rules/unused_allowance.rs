//! Allowances that cover nothing.

use super::{Input, Rule};
use crate::finding::{Allowance, Finding, Group, RuleInfo, Scope, Severity, Subject};
use crate::tracking::Evidence;
use crate::words::shown;

const INFO: RuleInfo = RuleInfo {
    name: "unused-allowance",
    group: Group::Settings,
    severity: Severity::Warning,
    confidence: Evidence::Seen,
    number: None,
    summary: "an allowance covers no finding",
    finds: "[[allow]] in dualtrack.toml, and `// dualtrack: allow(rule)` in X++, that match no finding of a rule \
        which is on. What covers elements of other models, or is a pattern where such are loaded, is looked at with \
        `--all` only.",
    why: "What it allowed is gone, or never was there because the pattern is wrong. It would hide the next \
        finding that happens to match.",
    example: "```toml\n\
        [[allow]]\n\
        rule = 'untracked-field'\n\
        element = 'CustCustomerV2*'\n\
        reason = 'V2 is no longer mapped'\n\
        ```",
    remedy: "Remove it, or correct the rule or the pattern.",
    source: "The settings of this project.",
    url: None,
};

pub(super) const RULE: Rule = Rule { info: &INFO, check: |_: &Input| Vec::new() };

/// The finding about an allowance that was seen to cover nothing: known only when all others are sorted.
pub(super) fn finding(allowance: &Allowance) -> Finding {
    let (subject, pattern, about) = match &allowance.scope {
        Scope::Elements(pattern) => {
            let about = format!("; elements like {} have none", shown(pattern));
            (Subject::new("configuration", "allow"), Some(pattern), about)
        }
        Scope::Lines { of, .. } => (Subject::new("remark", of.clone()), None, " here".to_owned()),
    };
    let message = format!("this allows no finding of {}{about}", allowance.rule);
    let mut finding = Finding::new(&INFO, subject, allowance.site.clone(), message)
        .key(&*allowance.rule)
        .labelled("covers nothing")
        .note(format!("Its reason: {}", shown(&allowance.reason)))
        .remedy("Remove it, or correct the rule or the pattern.");
    if let Some(pattern) = pattern {
        finding = finding.key(&**pattern);
    }
    finding
}
