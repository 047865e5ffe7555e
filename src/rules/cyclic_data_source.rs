//! Circles of data sources.

use super::{Input, Rule};
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::tracking::Evidence;

const INFO: RuleInfo = RuleInfo {
    name: "cyclic-data-source",
    group: Group::Model,
    severity: Severity::Warning,
    confidence: Evidence::Seen,
    number: None,
    summary: "a data source leads back to the element that has it",
    finds: "Data sources whose target reads the element itself again, directly or through others, queries \
        included. Nothing is followed through them.",
    why: "SQL has no such view, so that the database is not synchronised, or what is loaded is not what is \
        deployed. Fields behind the data source stay open.",
    example: "FleetCarEntity reads FleetOwnerEntity, which reads FleetCarEntity:\n\
        \n\
        ```xml\n\
        <AxQuerySimpleRootDataSource>\n\
        \x20   <Name>FleetCarEntity</Name>\n\
        \x20   <Table>FleetCarEntity</Table>\n\
        </AxQuerySimpleRootDataSource>\n\
        ```",
    remedy: "Let one of the elements read the tables instead.",
    source: "The form of AOT files, as public metadata shows it.",
    url: None,
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

fn check(input: &Input) -> Vec<Finding> {
    input
        .told(&INFO)
        .map(|(finding, _)| {
            finding
                .labelled("leads back here")
                .remedy("Take one data source of the circle out, or let it read a table.")
        })
        .collect()
}
