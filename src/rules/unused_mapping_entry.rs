//! Entries that serve no mapped field.

use super::pages::LIVE_SYNC;
use super::{Input, Rule};
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::tracking::{EntryVerdict, Evidence};

const INFO: RuleInfo = RuleInfo {
    name: "unused-mapping-entry",
    group: Group::Mapping,
    severity: Severity::Warning,
    confidence: Evidence::Documented,
    number: None,
    summary: "a mapping entry registers a table from which no mapped field comes",
    finds: "Entries of getEntityDataSourceToFieldMapping that cover no field which a map sends, and serve no \
        join of one. Nothing is said where metadata is missing that could show otherwise.",
    why: "Every entry adds a row of BusinessEventsDefinition: a change of the table is evaluated for the entity, \
        in the user's transaction, and never has anything to send.",
    example: "No map sends a field of the e-mail address any more:\n\n\
        ```xpp\n\
        [identifierStr(Party1), tableNum(LogisticsElectronicAddress), fieldStr(MyEntity, EmailRecordId)]\n\
        ```",
    remedy: "Remove the entry or comment it out, build, and stop and start the table map. \
        `dualtrack suggest --apply` does the first.",
    source: "Dual-write live-sync troubleshooting, on trimming the list of entries to the fields that are mapped.",
    url: Some(LIVE_SYNC),
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

fn check(input: &Input) -> Vec<Finding> {
    let finding = |entry: super::entries::Entry| {
        let name = input.teller().name(entry.entity.id);
        let message = format!("the entry {} serves no mapped field of {name}", entry.text());
        entry.removal(input, &INFO, message).labelled("no mapped field comes from this table")
    };
    input.removable(EntryVerdict::Unused).map(finding).collect()
}
