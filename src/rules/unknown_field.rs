//! Columns that fields name and tables lack.

use super::pages::ENTITIES;
use super::{Input, Rule};
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::tracking::Evidence;

const INFO: RuleInfo = RuleInfo {
    name: "unknown-field",
    group: Group::Model,
    severity: Severity::Warning,
    confidence: Evidence::Seen,
    number: None,
    summary: "a field is bound to a column or field that does not exist",
    finds: "Mapped fields of entities and bound fields of views whose DataField the target of their data \
        source does not have: neither itself, nor a loaded extension, nor a table that it inherits from. \
        Nothing is said where part of the target is not loaded.",
    why: "Where the value comes from is not known, so that nobody can say whether its changes are sent. \
        Often the column was renamed, or an extension of another model adds it.",
    example: "```xml\n\
        <AxDataEntityViewField i:type=\"AxDataEntityViewMappedField\">\n\
        \x20   <Name>OwnerName</Name>\n\
        \x20   <DataField>Nmae</DataField>\n\
        \x20   <DataSource>FleetOwner</DataSource>\n\
        </AxDataEntityViewField>\n\
        ```",
    remedy: "Correct DataField, or load the model that adds the column.",
    source: "The form of AOT files, as public metadata shows it.",
    url: Some(ENTITIES),
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

fn check(input: &Input) -> Vec<Finding> {
    let finding = |(finding, _): (Finding, _)| {
        finding
            .labelled("there is nothing of this name")
            .shown_by(&["DataField", "DataSource"])
            .remedy("Correct DataField, or load the model that adds the column.")
    };
    input.told(&INFO).map(finding).collect()
}
