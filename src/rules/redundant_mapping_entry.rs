//! Entries for what data sources register anyway.

use super::pages::LIVE_SYNC;
use super::{Input, Rule};
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::tracking::{EntryVerdict, Evidence};

const INFO: RuleInfo = RuleInfo {
    name: "redundant-mapping-entry",
    group: Group::Mapping,
    severity: Severity::Warning,
    confidence: Evidence::Documented,
    number: None,
    summary: "a mapping entry covers only what a data source on the table itself tracks",
    finds: "Entries of getEntityDataSourceToFieldMapping that cover nothing but fields whose data source is the \
        table itself and is tracked. Data sources that are tracked by an inference only never make an entry \
        redundant.",
    why: "Every entry adds a row of BusinessEventsDefinition: a change of the table is evaluated once more for \
        the entity, in the user's transaction.",
    example: "FabVehicle is the root data source of the entity, and its fields are mapped:\n\n\
        ```xpp\n\
        [tableStr(FabVehicle), tableNum(FabVehicle), fieldStr(FabVehicleEntity, VehicleRecordId)]\n\
        ```",
    remedy: "Remove the entry, build, and stop and start the table map. `dualtrack suggest --apply` does the \
        first.",
    source: "Dual-write live-sync troubleshooting: each entry adds a record, and entries that are not needed \
        should go.",
    url: Some(LIVE_SYNC),
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

fn check(input: &Input) -> Vec<Finding> {
    let finding = |entry: super::entries::Entry| {
        let message = format!("a data source tracks all that the entry {} covers", entry.text());
        entry.removal(input, &INFO, message).labelled("tracked without it")
    };
    input.removable(EntryVerdict::Redundant).map(finding).collect()
}
