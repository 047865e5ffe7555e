//! Extensions of the wrong kind.

use super::pages::EXTENSIBILITY;
use super::{Input, Rule};
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::tracking::Evidence;

const INFO: RuleInfo = RuleInfo {
    name: "wrong-extension-kind",
    group: Group::Model,
    severity: Severity::Warning,
    confidence: Evidence::Seen,
    number: None,
    summary: "an extension is of another kind than the element that it extends",
    finds: "For example an AxTableExtension whose name starts with the name of a view. It is ignored.",
    why: "Nothing that the extension adds reaches the element: its fields and data sources are not there.",
    example: "CustDefaultRoleLocation is a view:\n\
        \n\
        ```xml\n\
        <AxTableExtension>\n\
        \x20   <Name>CustDefaultRoleLocation.MyModel</Name>\n\
        </AxTableExtension>\n\
        ```",
    remedy: "Make the extension one of the right kind, or correct the part of its name before the first dot.",
    source: "The part of an extension's name before the first dot names its element. The form of AOT files, \
        as public metadata shows it.",
    url: Some(EXTENSIBILITY),
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

fn check(input: &Input) -> Vec<Finding> {
    input
        .told(&INFO)
        .map(|(finding, _)| {
            finding.labelled("ignored").remedy("Make it an extension of the right kind, or correct its name.")
        })
        .collect()
}
