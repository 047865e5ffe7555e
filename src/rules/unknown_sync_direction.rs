//! Rows of table maps without direction.

use super::pages::CUSTOM_MAPS;
use super::{Input, Rule};
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::tracking::Evidence;

const INFO: RuleInfo = RuleInfo {
    name: "unknown-sync-direction",
    group: Group::Map,
    severity: Severity::Warning,
    confidence: Evidence::Seen,
    number: None,
    summary: "a row of a table map has no known direction",
    finds: "Rows whose syncDirection is none of 1 (to Dataverse), 2 (from Dataverse) and 3 (both). They do \
        not count.",
    why: "Whether the field is sent is not known; it is treated as if it were not.",
    example: "```json\n\
        { \"syncDirection\": 0, \"sourceField\": \"OWNERNAME\", \"destinationField\": \"name\" }\n\
        ```",
    remedy: "Set the direction in the map, and export it again.",
    source: "The values of syncDirection, as public maps and tools show them.",
    url: Some(CUSTOM_MAPS),
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

fn check(input: &Input) -> Vec<Finding> {
    input
        .told(&INFO)
        .map(|(finding, _)| finding.labelled("").remedy("Set the direction in the map, and export it again."))
        .collect()
}
