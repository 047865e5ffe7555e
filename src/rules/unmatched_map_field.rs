//! Fields that maps name and entities lack.

use super::pages::UPGRADES;
use super::{Input, Rule};
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::tracking::Evidence;

const INFO: RuleInfo = RuleInfo {
    name: "unmatched-map-field",
    group: Group::Map,
    severity: Severity::Warning,
    confidence: Evidence::Documented,
    number: None,
    summary: "a table map names a field that its entity does not have",
    finds: "Rows of table maps whose F&O field is none of the entity, extensions included. Nothing is said \
        of entities that are known by extensions only.",
    why: "The map does not start: \"missing source field\". Where the field stands in a model that is not \
        loaded, it does not count here.",
    example: "```json\n\
        { \"syncDirection\": 1, \"sourceField\": \"CUSTOMERGRUOP\", \"destinationField\": \"accountgroup\" }\n\
        ```",
    remedy: "Correct the map, or load the model that adds the field. After an update: refresh the entity list \
        of the map.",
    source: "Dual-write upgrade troubleshooting: missing columns of maps.",
    url: Some(UPGRADES),
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

fn check(input: &Input) -> Vec<Finding> {
    input
        .told(&INFO)
        .map(|(finding, _)| {
            finding.labelled("").remedy("Correct the map, or load the model that adds the field.")
        })
        .collect()
}
