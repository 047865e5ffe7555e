//! Fields that are sent, and whose changes never are.

use super::{Input, Rule};
use crate::catalog::FieldIx;
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::lineage::{Leaf, LeafKind};
use crate::suggest::Remedy;
use crate::text::{count, some};
use crate::tracking::{EntityAnalysis, Evidence, LeafVerdict, Reason, Status};

const INFO: RuleInfo = RuleInfo {
    name: "untracked-field",
    group: Group::Tracking,
    severity: Severity::Error,
    confidence: Evidence::Documented,
    number: None,
    summary: "a mapped field whose changes are never sent",
    finds: "Fields of an entity that are sent to Dataverse, but come from a record whose changes the framework \
        does not connect to the entity. One finding for each record: the path of data sources and the table.",
    why: "A change of the column is silently never sent. Dataverse keeps the old value until something else on \
        the entity changes; nobody gets a message.",
    example: "A data source with JoinMode OuterJoin and IsReadOnly Yes, and a mapped field bound to it:\n\n\
        <AxQuerySimpleEmbeddedDataSource>\n    <Name>DefaultDimensionDAVs</Name>\n    \
        <IsReadOnly>Yes</IsReadOnly>\n    <JoinMode>OuterJoin</JoinMode>\n",
    remedy: "Bring the RecId of the record up to the entity and register the table in \
        getEntityDataSourceToFieldMapping, or make the data source writable, or take the field out of the map. \
        `dualtrack suggest --entity` prints the change.",
    source: "Dual-write live-sync troubleshooting. The rule behind each verdict carries its own evidence.",
    url: Some(
        "https://learn.microsoft.com/dynamics365/fin-ops-core/dev-itpro/data-entities/dual-write/dual-write-troubleshooting-live-sync",
    ),
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

/// So many fields are named in a message; the keys of a finding do not name fields at all.
const NAMED: usize = 8;

/// The fields that one record gives to an entity, none of them seen.
struct Record<'a> {
    leaf: &'a Leaf,
    verdict: &'a LeafVerdict,
    fields: Vec<FieldIx>,
}

fn check(input: &Input) -> Vec<Finding> {
    let entities = input.judged.analysis.entities.iter().filter(|e| e.in_scope);
    entities.flat_map(|entity| of_entity(input, entity)).collect()
}

fn of_entity(input: &Input, entity: &EntityAnalysis) -> Vec<Finding> {
    let mut records: Vec<Record> = Vec::new();
    for (ix, field) in (0..).map(FieldIx).zip(&entity.fields).filter(|(_, f)| f.counted) {
        let leaves = &input.judged.model.lineage.field(entity.id, ix).leaves;
        for (leaf, verdict) in leaves.iter().zip(&field.leaves) {
            if verdict.status != Status::Untracked || leaf.kind == LeafKind::Sql {
                continue;
            }
            let same = |r: &&mut Record| r.leaf.path == leaf.path && r.leaf.table == leaf.table;
            match records.iter_mut().find(same) {
                Some(record) if record.fields.last() == Some(&ix) => {}
                Some(record) => record.fields.push(ix),
                None => records.push(Record { leaf, verdict, fields: vec![ix] }),
            }
        }
    }
    records.into_iter().filter_map(|record| finding(input, entity, &record)).collect()
}

/// Other rules speak of records for which an entry is all that is missing.
fn finding(input: &Input, entity: &EntityAnalysis, record: &Record) -> Option<Finding> {
    let teller = input.teller();
    let advice = teller.advice(entity, record.leaf, record.verdict);
    if advice.needed.is_some_and(|needed| needed.remedy == Remedy::Entry) {
        return None;
    }
    let reason = record.verdict.reason?;
    let mut names: Vec<&str> = record.fields.iter().map(|ix| field_name(input, entity, *ix)).collect();
    names.sort_by(|a, b| crate::text::name_order(a, b));
    let table = teller.table(record.leaf);
    let message = format!(
        "changes of {} never reach {}: {}",
        table,
        teller.name(entity.id),
        teller.clause(entity, record.fields[0], record.leaf, record.verdict)
    );
    let place = record.verdict.place.or(input.catalog().element(entity.id).place);
    let mut finding = Finding::new(&INFO, input.subject(entity.id), place, message)
        .level(level(reason))
        .founded_on(reason.evidence().unwrap_or(Evidence::Inferred))
        .labelled(reason.id())
        .along(input, entity.id, record.leaf)
        .note(format!("{} not sent: {}", count(names.len(), "field"), some(&names, NAMED)));
    for name in record.leaf.path_names(input.catalog(), entity.id) {
        finding = finding.key(name);
    }
    finding = finding.key(record.leaf.table.name(input.catalog()).unwrap_or_default());
    for todo in advice.steps {
        finding = match todo.code {
            Some(code) => finding.remedy_code(todo.text, code),
            None => finding.remedy(todo.text),
        };
    }
    Some(finding)
}

/// What is switched off on purpose, or only filters, is worth a look and no more.
fn level(reason: Reason) -> Severity {
    match reason {
        Reason::SkipMethod | Reason::ExistsJoin | Reason::TemporaryTable => Severity::Note,
        Reason::UnknownMethod | Reason::Limit => Severity::Warning,
        _ => Severity::Error,
    }
}

fn field_name<'a>(input: &Input<'a>, entity: &EntityAnalysis, ix: FieldIx) -> &'a str {
    &input.catalog().element(entity.id).field_at(ix).name.text
}
