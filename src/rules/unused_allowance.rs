//! Allowances that cover nothing.

use super::{Input, Rule};
use crate::finding::{Allowance, Finding, Group, RuleInfo, Scope, Severity, Subject};
use crate::tracking::Evidence;

const INFO: RuleInfo = RuleInfo {
    name: "unused-allowance",
    group: Group::Settings,
    severity: Severity::Warning,
    confidence: Evidence::Seen,
    number: None,
    summary: "an allowance covers no finding",
    finds: "[[allow]] in dualtrack.toml, and `// dualtrack: allow(rule)` in X++, that match no finding of a rule \
        which is on.",
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
    let pattern = match &allowance.scope {
        Scope::Elements(pattern) => pattern.clone(),
        Scope::Lines { subject, .. } => subject.clone().unwrap_or_default(),
    };
    let about = match &allowance.scope {
        Scope::Elements(pattern) => format!("; elements like {pattern} have none"),
        Scope::Lines { .. } => String::new(),
    };
    let message = format!("this allows no finding of {}{about}", allowance.rule);
    Finding::new(&INFO, Subject::new("configuration", "allow"), allowance.site.clone(), message)
        .key(&*allowance.rule)
        .key(&*pattern)
        .labelled("covers nothing")
        .note(format!("Its reason: {}", allowance.reason))
        .remedy("Remove it, or correct the rule or the pattern.")
}
