//! Entries that somebody commented out and that are needed again.

use super::pages::LIVE_SYNC;
use super::records::{Record, Told};
use super::{Input, Rule};
use crate::finding::{Finding, Group, RuleInfo, Severity, Site};
use crate::suggest::disabled_for;
use crate::tracking::Evidence;
use rayon::prelude::*;

const INFO: RuleInfo = RuleInfo {
    name: "disabled-mapping-entry-needed",
    group: Group::Mapping,
    severity: Severity::Error,
    confidence: Evidence::Documented,
    number: None,
    summary: "a mapping entry that is commented out is needed for a mapped field",
    finds: "Records behind mapped fields that nothing registers, while an entry that would do so stands in a \
        comment of the mapping method.",
    why: "The documentation tells to comment entries out that no mapped field needs. A field that is mapped \
        later is then silently never sent when its record changes.",
    example: "CustomerPhone was added to the map after this line was commented out:\n\n\
        ```xpp\n\
        // [identifierStr(Party2), tableNum(LogisticsElectronicAddress), fieldStr(MyEntity, PhoneRecordId)],\n\
        ```",
    remedy: "Take the entry out of the comment, build, synchronise the database, and stop and start the table \
        map. `dualtrack suggest --entity NAME --apply` makes the change.",
    source: "Dual-write live-sync troubleshooting, on trimming the list of entries.",
    url: Some(LIVE_SYNC),
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

fn check(input: &Input) -> Vec<Finding> {
    input.records(Told::DisabledEntry).filter_map(|record| finding(input, record)).collect()
}

fn finding(input: &Input, record: &Record) -> Option<Finding> {
    let needed = record.advice.needed?;
    let entry = &record.entity.mapping.disabled[disabled_for(record.entity, needed)?];
    let why = "the mapping entry that registers it is commented out";
    let mut finding = record.finding(input, &INFO, why).labelled("needed again");
    finding.site = Site::from(entry.place);
    Some(finding)
}
