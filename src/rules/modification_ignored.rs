//! Changes of properties by extensions.

use super::{Input, Rule};
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::tracking::Evidence;

const INFO: RuleInfo = RuleInfo {
    name: "modification-ignored",
    group: Group::Model,
    severity: Severity::Note,
    confidence: Evidence::Seen,
    number: None,
    summary: "an extension changes a property, which is not applied here",
    finds: "Changes of properties by extensions (PropertyModifications, FieldModifications) that matter for \
        tracking, such as IsPublic. This tool does not apply them.",
    why: "The verdicts are those of the element without the change.",
    example: "```xml\n\
        <PropertyModifications>\n\
        \x20   <AxPropertyModification><Name>IsPublic</Name><Value>Yes</Value></AxPropertyModification>\n\
        </PropertyModifications>\n\
        ```",
    remedy: "Check what the property decides, with that in mind. Table maps, where they are given, decide \
        what counts whatever IsPublic says.",
    source: "A limit of this tool.",
    url: None,
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

fn check(input: &Input) -> Vec<Finding> {
    input
        .told(&INFO)
        .map(|(finding, _)| finding.labelled("not applied").remedy("Judge the element with this in mind."))
        .collect()
}
