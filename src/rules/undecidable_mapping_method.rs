//! Statements of the mapping method that cannot be read.

use super::pages::LIVE_SYNC;
use super::{Input, Rule};
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::tracking::Evidence;

const INFO: RuleInfo = RuleInfo {
    name: "undecidable-mapping-method",
    group: Group::Mapping,
    severity: Severity::Warning,
    confidence: Evidence::Seen,
    number: None,
    summary: "a statement of the mapping method cannot be read, so that its entries do not count",
    finds: "Statements of getEntityDataSourceToFieldMapping that use the list in a way which is not \
        understood: loops, try, calls of other methods, elements that are no constants.",
    why: "Entries that such a statement adds are not known here. Fields may be called untracked that are \
        tracked, and entries needed that are there.",
    example: "```xpp\n\
        for (i = 1; i <= conLen(tables); i++)\n\
        {\n\
        \x20   mapping += [[identifierStr(Party), conPeek(tables, i), fieldStr(MyEntity, PartyRecordId)]];\n\
        }\n\
        ```",
    remedy: "Write the entries as constants: `mapping += [[label, tableNum(T), fieldStr(E, F)]]`.",
    source: "Live-sync troubleshooting shows the form: a list of constants, appended and returned.",
    url: Some(LIVE_SYNC),
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

fn check(input: &Input) -> Vec<Finding> {
    let finding = |(finding, _): (Finding, _)| {
        finding
            .labelled("not a list of constants")
            .remedy("Write the entries as constants: mapping += [[label, tableNum(T), fieldStr(E, F)]].")
    };
    input.told_in_scope(&INFO).map(finding).collect()
}
