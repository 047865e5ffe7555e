//! Entries whose field is not the `RecId` of their table.

use super::pages::LIVE_SYNC;
use super::{Input, Rule};
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::tracking::{EntryVerdict, Evidence};
use crate::words::shown;

const INFO: RuleInfo = RuleInfo {
    name: "mismatched-mapping-entry",
    group: Group::Mapping,
    severity: Severity::Warning,
    confidence: Evidence::Inferred,
    number: None,
    summary: "the field of a mapping entry is not the RecId of its table",
    finds: "Entries of getEntityDataSourceToFieldMapping whose field comes from the record of the table, but is \
        not its RecId, nor joined to it.",
    why: "The framework looks changed records up by this field. With another column than the RecId it may find \
        no record, or another one. The entry is not useless: its row is written.",
    example: "DepotId is the number of the depot, not its RecId:\n\n\
        ```xpp\n\
        [identifierStr(FabDepotEntity), tableNum(FabDepot), fieldStr(FabVehicleEntity, DepotId)]\n\
        ```",
    remedy: "Name the entity field that holds the RecId of the table; expose one if there is none.",
    source: "Live-sync troubleshooting asks for the RecId; one published entry names another column, so that \
        this is no proof of a fault.",
    url: Some(LIVE_SYNC),
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

fn check(input: &Input) -> Vec<Finding> {
    let mismatched = input.entries().filter(|e| e.found.verdict == EntryVerdict::Mismatched);
    let finding = |entry: super::entries::Entry| {
        let table = shown(entry.found.table.as_deref().unwrap_or_default());
        let message = format!("the field of the entry {} is not the RecId of {table}", entry.text());
        entry
            .finding(input, &INFO, message)
            .labelled(format!("not the RecId of {table}"))
            .remedy(format!("Name the field of the entity that holds the RecId of {table}."))
    };
    mismatched.map(finding).collect()
}
