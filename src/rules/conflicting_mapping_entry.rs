//! Entries that have the key of another one and say something else.

use super::pages::LIVE_SYNC;
use super::{Input, Rule};
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::tracking::{EntryVerdict, Evidence};
use crate::words::entry_text;

const INFO: RuleInfo = RuleInfo {
    name: "conflicting-mapping-entry",
    group: Group::Mapping,
    severity: Severity::Warning,
    confidence: Evidence::Inferred,
    number: None,
    summary: "two mapping entries have the same label and table, but name different fields or methods",
    finds: "Entries of getEntityDataSourceToFieldMapping that have label and table of an earlier entry, but \
        another field, or that stand in another method of the chain.",
    why: "Label and table are the key of a row in BusinessEventsDefinition. Which of the two entries counts is \
        not documented: changes may be looked up by the wrong field.",
    example: "```xpp\n\
        mapping += [[identifierStr(FabDepotEntity), tableNum(FabDepot), fieldStr(FabVehicleEntity, DepotRecordId)]];\n\
        mapping += [[identifierStr(FabDepotEntity), tableNum(FabDepot), fieldStr(FabVehicleEntity, DepotId)]];\n\
        ```",
    remedy: "Give one of them a label of its own (the label need not be a data source: published lists number \
        them), or remove the one whose field is not the RecId of the table.",
    source: "In every published list the pair of label and table is unique; no document says what happens \
        otherwise.",
    url: Some(LIVE_SYNC),
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

fn check(input: &Input) -> Vec<Finding> {
    let conflicting = input.entries().filter(|e| e.found.verdict == EntryVerdict::Conflicting);
    let finding = |entry: super::entries::Entry| {
        let message = format!("the entry {} has the label and table of an earlier one", entry.text());
        let finding = entry
            .finding(input, &INFO, message)
            .labelled("which of the two counts is not documented")
            .remedy(
                "Give it a label of its own, or remove the one whose field is not the RecId of the table.",
            );
        match entry.rival() {
            Some(first) => finding.hop(format!("first: {}", entry_text(first)), Some(first.place)),
            None => finding,
        }
    };
    conflicting.map(finding).collect()
}
