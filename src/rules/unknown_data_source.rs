//! Data sources that fields name and elements lack.

use super::pages::ENTITIES;
use super::{Input, Rule};
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::tracking::Evidence;

const INFO: RuleInfo = RuleInfo {
    name: "unknown-data-source",
    group: Group::Model,
    severity: Severity::Warning,
    confidence: Evidence::Seen,
    number: None,
    summary: "a field names a data source that its element does not have",
    finds: "Mapped fields of entities and bound fields of views whose DataSource is none of the element, its \
        query or its loaded extensions.",
    why: "Where the value comes from is not known, so that nobody can say whether its changes are sent. \
        Often the data source was renamed, or an extension of another model adds it.",
    example: "```xml\n\
        <AxDataEntityViewField i:type=\"AxDataEntityViewMappedField\">\n\
        \x20   <Name>OwnerName</Name>\n\
        \x20   <DataField>Name</DataField>\n\
        \x20   <DataSource>FleetOwnr</DataSource>\n\
        </AxDataEntityViewField>\n\
        ```",
    remedy: "Correct DataSource, or load the model that adds the data source.",
    source: "The form of AOT files, as public metadata shows it.",
    url: Some(ENTITIES),
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

fn check(input: &Input) -> Vec<Finding> {
    let finding = |(finding, _): (Finding, _)| {
        finding
            .labelled("no such data source")
            .shown_by(&["DataSource"])
            .remedy("Correct DataSource, or load the model that adds the data source.")
    };
    input.told(&INFO).map(finding).collect()
}
