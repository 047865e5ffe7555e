//! Versions of table maps that are there twice.

use super::{Input, Rule};
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::tracking::Evidence;

const INFO: RuleInfo = RuleInfo {
    name: "duplicate-map-version",
    group: Group::Map,
    severity: Severity::Warning,
    confidence: Evidence::Seen,
    number: None,
    summary: "the same version of a table map is there twice",
    finds: "Table maps with the name and version of another one. The first counts, by file and position.",
    why: "Two files of one version need not say the same, and only one of them is judged.",
    example: "customers.json and customers-old.json both hold version 1.0.0.2 of one map.",
    remedy: "Remove one of the files.",
    source: "A table map has one row for each saved version, as public tools show it.",
    url: None,
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

fn check(input: &Input) -> Vec<Finding> {
    input
        .told(&INFO)
        .map(|(finding, _)| finding.labelled("does not count").remedy("Remove one of the two."))
        .collect()
}
