//! Entries that stand in the mapping method twice.

use super::pages::LIVE_SYNC;
use super::{Input, Rule};
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::tracking::{EntryVerdict, Evidence};
use crate::words::entry_text;

const INFO: RuleInfo = RuleInfo {
    name: "duplicate-mapping-entry",
    group: Group::Mapping,
    severity: Severity::Warning,
    confidence: Evidence::Inferred,
    number: None,
    summary: "a mapping entry repeats an earlier one",
    finds: "Entries of getEntityDataSourceToFieldMapping that have label, table and field of an earlier entry of \
        the same method.",
    why: "The second one changes nothing at best. What the framework does with two rows of one key is not \
        documented.",
    example: "```xpp\n\
        mapping += [[identifierStr(FabDepotEntity), tableNum(FabDepot), fieldStr(FabVehicleEntity, DepotRecordId)]];\n\
        mapping += [[identifierStr(FabDepotEntity), tableNum(FabDepot), fieldStr(FabVehicleEntity, DepotRecordId)]];\n\
        ```",
    remedy: "Remove one of them. `dualtrack suggest --apply` does.",
    source: "In every published list the pair of label and table is unique; no document says what happens \
        otherwise.",
    url: Some(LIVE_SYNC),
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

fn check(input: &Input) -> Vec<Finding> {
    let finding = |entry: super::entries::Entry| {
        let message = format!("the entry {} stands here a second time", entry.text());
        let finding = entry.removal(input, &INFO, message).labelled("the same again");
        match entry.rival() {
            Some(first) => finding.hop(format!("first: {}", entry_text(first)), Some(first.place)),
            None => finding,
        }
    };
    input.removable(EntryVerdict::Duplicate).map(finding).collect()
}
