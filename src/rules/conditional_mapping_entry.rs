//! Entries that are registered only sometimes.

use super::pages::LIVE_SYNC;
use super::{Input, Rule};
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::tracking::Evidence;

const INFO: RuleInfo = RuleInfo {
    name: "conditional-mapping-entry",
    group: Group::Mapping,
    severity: Severity::Note,
    confidence: Evidence::Inferred,
    number: None,
    summary: "a mapping entry is put into the list under a condition only",
    finds: "Entries of getEntityDataSourceToFieldMapping whose statement stands under if or switch.",
    why: "The rows are written when the table map is started. Where the condition changes later, the rows stay \
        as they are until the map is stopped and started again. All verdicts of this tool take the entry as \
        present.",
    example: "```xpp\n\
        if (FabFleetSetup::isDepotAddressSent())\n\
        {\n\
        \x20   mapping += [[identifierStr(Depot), tableNum(LogisticsPostalAddress), fieldStr(MyEntity, AddressRecordId)]];\n\
        }\n\
        ```",
    remedy: "Register the table always, or restart the table map wherever the condition changes, and allow the \
        finding with that reason.",
    source: "Live-sync troubleshooting: rows are written when a map is started. What a condition means for them \
        is concluded from that.",
    url: Some(LIVE_SYNC),
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

fn check(input: &Input) -> Vec<Finding> {
    let conditional = input.entries().filter(|e| e.found.conditional);
    let finding = |entry: super::entries::Entry| {
        let message = format!(
            "the entry {} is registered only if a condition holds when the map is started",
            entry.text()
        );
        entry
            .finding(input, &INFO, message)
            .labelled("only under a condition")
            .remedy("Register it always, or restart the table map when the condition changes.")
    };
    conditional.map(finding).collect()
}
