//! Table maps that cannot be read.

use super::{Input, Rule};
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::tracking::Evidence;

const INFO: RuleInfo = RuleInfo {
    name: "unreadable-map",
    group: Group::Map,
    severity: Severity::Error,
    confidence: Evidence::Seen,
    number: None,
    summary: "a table map cannot be read",
    finds: "Files given with --maps that cannot be opened, are no JSON, or hold a map in a form that is not \
        known.",
    why: "Its fields do not count: the entity is left out, as if no map sent it, and nothing is found \
        about it.",
    example: "A file that was cut off:\n\
        \n\
        ```json\n\
        { \"name\": \"[Customers V3] - [accounts]\", \"legs\": [ { \"sourceSchema\":\n\
        ```",
    remedy: "Export the map again: the solution, the Dataverse table msdyn_dualwriteentitymap, or its column \
        msdyn_mapping.",
    source: "The form of table maps, as public maps and tools show it.",
    url: None,
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

fn check(input: &Input) -> Vec<Finding> {
    input.told(&INFO).map(|(finding, _)| finding.labelled("").remedy("Export the map again.")).collect()
}
