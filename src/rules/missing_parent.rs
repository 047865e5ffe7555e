//! Data sources without a parent.

use super::pages::EXTENSIBILITY;
use super::{Input, Rule};
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::problem::Problem;
use crate::tracking::Evidence;

const INFO: RuleInfo = RuleInfo {
    name: "missing-parent",
    group: Group::Model,
    severity: Severity::Warning,
    confidence: Evidence::Seen,
    number: None,
    summary: "an extension hangs a data source below one that does not exist",
    finds: "Data sources of entity, view and query extensions whose Parent names no data source of the \
        element, neither its own nor one of another extension. It is kept at the end of the tree. Nothing is said where only extensions of the element are loaded.",
    why: "The data source has nothing to join, so that the build refuses it or its fields are empty. Often \
        the parent was renamed, or stands in a model that is not loaded.",
    example: "```xml\n\
        <AxQueryExtensionEmbeddedDataSource>\n\
        \x20   <DataSource><Name>FleetOwner</Name><Table>FleetOwner</Table></DataSource>\n\
        \x20   <Parent>FleetCra</Parent>\n\
        </AxQueryExtensionEmbeddedDataSource>\n\
        ```",
    remedy: "Name the data source under which it belongs, or load the model that adds that one.",
    source: "The form of AOT files, as public metadata shows it.",
    url: Some(EXTENSIBILITY),
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

fn check(input: &Input) -> Vec<Finding> {
    let finding = |(finding, _): (Finding, _)| {
        finding
            .labelled("no such data source")
            .remedy("Correct Parent, or load the model that adds that data source.")
    };
    let is_known = |problem: &Problem| {
        let id = problem.fact("element").and_then(|name| input.catalog().find(name));
        id.is_none_or(|id| !input.catalog().element(id).is_partial())
    };
    input.told(&INFO).filter(|(_, problem)| is_known(problem)).map(finding).collect()
}
