//! Tables that inherit from themselves.

use super::pages::SUBTYPES;
use super::{Input, Rule};
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::tracking::Evidence;

const INFO: RuleInfo = RuleInfo {
    name: "inheritance-cycle",
    group: Group::Model,
    severity: Severity::Warning,
    confidence: Evidence::Seen,
    number: None,
    summary: "a table inherits from itself",
    finds: "Tables whose Extends leads back to themselves. The last step of the circle is ignored.",
    why: "Which fields such a table has cannot be said; what is loaded cannot be what is deployed.",
    example: "```xml\n\
        <AxTable><Name>FleetCar</Name><Extends>FleetVan</Extends></AxTable>\n\
        <AxTable><Name>FleetVan</Name><Extends>FleetCar</Extends></AxTable>\n\
        ```",
    remedy: "Correct Extends of one of the tables.",
    source: "Table inheritance is a tree.",
    url: Some(SUBTYPES),
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

fn check(input: &Input) -> Vec<Finding> {
    input
        .told(&INFO)
        .map(|(finding, _)| {
            finding.labelled("leads back here").remedy("Correct Extends of one of the tables.")
        })
        .collect()
}
