//! Data sources added where a query gives them.

use super::pages::EXTENSIBILITY;
use super::{Input, Rule};
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::tracking::Evidence;

const INFO: RuleInfo = RuleInfo {
    name: "source-on-query",
    group: Group::Model,
    severity: Severity::Warning,
    confidence: Evidence::Seen,
    number: None,
    summary: "an extension adds a data source to an element that takes its data sources from a query",
    finds: "Data sources that an extension adds to a view or entity with a Query. They are ignored.",
    why: "The element has the data sources of its query and no others; fields that are bound to the new \
        one lead nowhere.",
    example: "```xml\n\
        <AxViewExtension>\n\
        \x20   <Name>CustDefaultRoleLocation.MyModel</Name>\n\
        \x20   <DataSources>...</DataSources>\n\
        </AxViewExtension>\n\
        ```",
    remedy: "Extend the query instead (AxQuerySimpleExtension).",
    source: "The form of AOT files, as public metadata shows it.",
    url: Some(EXTENSIBILITY),
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

fn check(input: &Input) -> Vec<Finding> {
    input
        .told(&INFO)
        .map(|(finding, _)| {
            finding
                .labelled("ignored: the data sources are those of the query")
                .remedy("Extend the query instead.")
        })
        .collect()
}
