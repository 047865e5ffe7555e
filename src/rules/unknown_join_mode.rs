//! Join modes that do not exist.

use super::{Input, Rule};
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::tracking::Evidence;

const INFO: RuleInfo = RuleInfo {
    name: "unknown-join-mode",
    group: Group::Model,
    severity: Severity::Warning,
    confidence: Evidence::Seen,
    number: None,
    summary: "a data source has a join mode that does not exist",
    finds: "Values of JoinMode other than InnerJoin, OuterJoin, ExistsJoin and NoExistsJoin, in any case. \
        They are read as InnerJoin, which is the default.",
    why: "Whether the data source is tracked hangs on its join mode.",
    example: "```xml\n\
        <JoinMode>LeftJoin</JoinMode>\n\
        ```",
    remedy: "Write one of the four modes; left out means InnerJoin.",
    source: "The form of AOT files, as public metadata shows it.",
    url: None,
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

fn check(input: &Input) -> Vec<Finding> {
    input
        .told(&INFO)
        .map(|(finding, _)| {
            finding
                .labelled("read as InnerJoin")
                .remedy("Write InnerJoin, OuterJoin, ExistsJoin or NoExistsJoin.")
        })
        .collect()
}
