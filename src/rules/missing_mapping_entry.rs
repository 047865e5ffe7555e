//! Records for which an entry of the mapping method is all that is missing.

use super::pages::LIVE_SYNC;
use super::records::{Record, Told};
use super::{Input, Rule};
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::tracking::Evidence;
use rayon::prelude::*;

const INFO: RuleInfo = RuleInfo {
    name: "missing-mapping-entry",
    group: Group::Mapping,
    severity: Severity::Error,
    confidence: Evidence::Documented,
    number: None,
    summary: "one entry of the mapping method is all that keeps changes from being sent",
    finds: "Records behind mapped fields that nothing registers, although a field of the entity holds their \
        RecId already: one entry of getEntityDataSourceToFieldMapping is all that is missing.",
    why: "Changes of the table are silently never sent for this entity. The repair is one line of X++.",
    example: "The entity shows the address of a nested entity and has the RecId of that address as \
        AddressRecordId; the mapping method lacks this entry:\n\n\
        ```xpp\n\
        mapping += [[identifierStr(CustomerAddress), tableNum(LogisticsPostalAddress), fieldStr(MyEntity, AddressRecordId)]];\n\
        ```",
    remedy: "Add the entry, build, synchronise the database, and stop and start the table map: only a start \
        writes the rows. `dualtrack suggest --entity NAME --apply` makes the change.",
    source: "Dual-write live-sync troubleshooting, which registers the tables behind nested entities this way.",
    url: Some(LIVE_SYNC),
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

fn check(input: &Input) -> Vec<Finding> {
    input.records(Told::MissingEntry).map(|record| finding(input, record)).collect()
}

fn finding(input: &Input, record: &Record) -> Finding {
    let why = record.clause(&input.teller());
    record.finding(input, &INFO, &format!("no mapping entry registers it, and {why}"))
}
