//! Queries that are made of themselves.

use super::{Input, Rule};
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::tracking::Evidence;

const INFO: RuleInfo = RuleInfo {
    name: "query-cycle",
    group: Group::Model,
    severity: Severity::Warning,
    confidence: Evidence::Seen,
    number: None,
    summary: "a composite query is made of itself",
    finds: "Composite queries that lead back to themselves. They have no data sources.",
    why: "Views and entities over such a query have no data sources either: everything about them stays \
        open.",
    example: "```xml\n\
        <AxQuery i:type=\"AxQueryComposite\"><Name>FleetQuery</Name><Query>FleetQuery</Query></AxQuery>\n\
        ```",
    remedy: "Name another query in one of them.",
    source: "The form of AOT files, as public metadata shows it.",
    url: None,
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

fn check(input: &Input) -> Vec<Finding> {
    input
        .told(&INFO)
        .map(|(finding, _)| {
            finding.labelled("leads back to itself").remedy("Name another query in one of them.")
        })
        .collect()
}
