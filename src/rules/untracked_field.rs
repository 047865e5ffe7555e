//! Fields that are sent, and whose changes never are.

use super::pages::LIVE_SYNC;
use super::records::{Record, Told};
use super::{Input, Rule};
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::lineage::LeafKind;
use crate::tracking::Evidence;
use rayon::prelude::*;

const INFO: RuleInfo = RuleInfo {
    name: "untracked-field",
    group: Group::Tracking,
    severity: Severity::Error,
    confidence: Evidence::Documented,
    number: None,
    summary: "a mapped field whose changes are never sent",
    finds: "Fields of an entity that are sent to Dataverse, but come from a record whose changes the framework \
        does not connect to the entity. One finding for each record: the path of data sources and the table. \
        Only a note where that is on purpose (dualWriteShouldSkipDataSource), where the table is temporary or \
        gets new rows only, and where the X++ that computes the field is not loaded or cannot be read.",
    why: "A change of the column is silently never sent. Dataverse keeps the old value until something else on \
        the entity changes; nobody gets a message.",
    example: "A data source with an outer join that is read-only, and a mapped field bound to it:\n\n\
        ```xml\n\
        <AxQuerySimpleEmbeddedDataSource>\n\
        \x20   <Name>DefaultDimensionDAVs</Name>\n\
        \x20   <Table>DimensionSetEntity</Table>\n\
        \x20   <IsReadOnly>Yes</IsReadOnly>\n\
        \x20   <JoinMode>OuterJoin</JoinMode>\n\
        </AxQuerySimpleEmbeddedDataSource>\n\
        ```",
    remedy: "Bring the RecId of the record up to the entity as a field and register the table in \
        getEntityDataSourceToFieldMapping; or make the data source writable; or take the field out of the map. \
        `dualtrack suggest --entity NAME` prints the change.",
    source: "Dual-write live-sync troubleshooting. Each finding names the rule that decides, with its own \
        evidence; `dualtrack list reasons` shows them all.",
    url: Some(LIVE_SYNC),
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

fn check(input: &Input) -> Vec<Finding> {
    input.records(Told::Untracked).map(|record| finding(input, record)).collect()
}

fn finding(input: &Input, record: &Record) -> Finding {
    let why = record.clause(&input.teller());
    let finding = record.finding(input, &INFO, &why);
    if record.leaf.kind != LeafKind::Unknown {
        return finding;
    }
    // Nobody knows which tables these are: the field is all there is to name.
    let (entity, ix) = (record.entity.id, record.fields[0]);
    let field = input.catalog().element(entity).field_at(ix);
    let mut finding = finding.key(&*field.name.text);
    finding.message = format!("what {} is made from is not known: {why}", input.teller().field(entity, ix));
    finding.site = record.verdict.place.unwrap_or(field.place).into();
    finding.notes.clear();
    finding
}
