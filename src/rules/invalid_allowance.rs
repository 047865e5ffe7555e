//! Remarks in X++ that allow nothing, because something is missing.

use super::{Input, Rule};
use crate::finding::{Finding, Group, RuleInfo, Severity, Site, Subject};
use crate::text::{did_you_mean, nearest};
use crate::tracking::Evidence;
use crate::words::shown;

const INFO: RuleInfo = RuleInfo {
    name: "invalid-allowance",
    group: Group::Settings,
    severity: Severity::Warning,
    confidence: Evidence::Seen,
    number: None,
    summary: "a remark in X++ is to allow a finding, but names no rule or no reason",
    finds: "Comments `// dualtrack: ...` in the X++ of your own models that are not of the form \
        `// dualtrack: allow(rule) reason`, or name a rule that does not exist.",
    why: "Such a remark allows nothing. Without a reason nobody knows later whether it still holds.",
    example: "```xpp\n\
        // dualtrack: allow(unused-mapping-entry)\n\
        [identifierStr(Party), tableNum(DirPartyTable), fieldStr(MyEntity, PartyRecId)],\n\
        ```",
    remedy: "Write `// dualtrack: allow(rule) reason`. A remark covers the entry or statement below it, the whole \
        method where it stands above its head, and the whole element where it stands in its declaration.",
    source: "The settings of this project.",
    url: None,
};

pub(super) const RULE: Rule = Rule { info: &INFO, check: |_: &Input| Vec::new() };

/// The finding about a remark in the file of `subject`; `rule` is one that does not exist.
pub(super) fn finding(subject: &str, site: Site, rule: Option<&str>) -> Finding {
    let message = match rule {
        Some(rule) => {
            let near = nearest(rule, super::infos().map(|info| info.name), 1);
            format!("there is no rule {}{}", shown(rule), did_you_mean(&near))
        }
        None => "this remark allows nothing: it needs a rule and a reason".to_owned(),
    };
    let finding = Finding::new(&INFO, Subject::new("remark", subject), site, message)
        .labelled("allows nothing")
        .remedy("Write: // dualtrack: allow(rule) reason");
    match rule {
        Some(rule) => finding.key(rule),
        None => finding,
    }
}
