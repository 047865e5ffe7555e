//! Elements that are defined twice.

use super::{Input, Rule};
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::tracking::Evidence;

const INFO: RuleInfo = RuleInfo {
    name: "duplicate-element",
    group: Group::Model,
    severity: Severity::Warning,
    confidence: Evidence::Seen,
    number: None,
    summary: "an element is defined twice; the second definition does not count",
    finds: "A table, view, entity, query, class or extension that two files define under one name (upper and \
        lower case do not count). The first root that was named wins, and within a root the lowest path.",
    why: "Only one definition can be deployed. What is judged here may not be what runs.",
    example: "Two files of one model, left behind by a renamed file:\n\
        \n\
        ```text\n\
        MyModel/AxDataEntityView/FleetCarEntity.xml\n\
        MyModel/AxDataEntityView/FleetCarEntity - Copy.xml\n\
        ```",
    remedy: "Remove one of the files; where both roots hold a copy of the same model, name only one of them.",
    source: "Names of the AOT are unique for each kind of element. The form of AOT files, as public metadata \
        shows it.",
    url: None,
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

fn check(input: &Input) -> Vec<Finding> {
    input
        .told(&INFO)
        .map(|(finding, _)| finding.labelled("does not count").remedy("Remove one of the two definitions."))
        .collect()
}
