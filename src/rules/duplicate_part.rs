//! Parts that an element has twice.

use super::pages::EXTENSIBILITY;
use super::{Input, Rule};
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::tracking::Evidence;

const INFO: RuleInfo = RuleInfo {
    name: "duplicate-part",
    group: Group::Model,
    severity: Severity::Warning,
    confidence: Evidence::Seen,
    number: None,
    summary: "an extension adds a part that the element has already",
    finds: "A field, relation, method or data source whose name the element has already: its own, or one of \
        another extension. It is ignored here, with all beneath it.",
    why: "The build refuses it, or one of two extensions silently loses. Fields that come from the ignored \
        part are not the ones that are judged.",
    example: "CustTable has the field FleetSegment from another extension:\n\
        \n\
        ```xml\n\
        <AxTableExtension>\n\
        \x20   <Name>CustTable.MyModel</Name>\n\
        \x20   <Fields><AxTableField><Name>FleetSegment</Name></AxTableField></Fields>\n\
        </AxTableExtension>\n\
        ```",
    remedy: "Give the part a name of its own, with the prefix of your model.",
    source: "Extensions are merged into their element, in which names are unique. The form of AOT files, as \
        public metadata shows it.",
    url: Some(EXTENSIBILITY),
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

fn check(input: &Input) -> Vec<Finding> {
    input
        .told(&INFO)
        .map(|(finding, _)| {
            finding
                .labelled("ignored: the name is taken")
                .remedy("Give it a name of its own, with the prefix of your model.")
        })
        .collect()
}
