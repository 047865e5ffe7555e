//! Data sources of which nothing is sent.

use super::facts::HEALTH_CHECK;
use super::{Input, Rule};
use crate::catalog::{Binding, FieldIx, SourceIx};
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::text::{count, some};
use crate::tracking::{EntityAnalysis, Evidence, LookupOnly, Reason, Status};
use rayon::prelude::*;

const INFO: RuleInfo = RuleInfo {
    name: "data-source-without-mapped-field",
    group: Group::Health,
    severity: Severity::Note,
    confidence: Evidence::Documented,
    number: Some(1500),
    summary: "no field of a data source is mapped, or only to lookups: its table is not tracked",
    finds: "Data sources of a mapped entity of which no field is sent, and those whose fields all go to \
        columns behind a Dataverse lookup. Joins that only look whether a record exists are left out, and \
        data sources that another rule excludes.",
    why: "A data source is tracked only through a mapped field. Without one, a change of its table sends nothing; \
        computed columns that read it do not make up for it. The documented message asks for a field that is \
        mapped to a column which is no lookup; its explanation speaks of any field.",
    example: "```xml\n\
        <AxQuerySimpleEmbeddedDataSource>\n\
        \x20   <Name>FleetOwner</Name>\n\
        \x20   <Table>FleetOwner</Table>\n\
        ```\n\
        \n\
        and no field with DataSource FleetOwner is in the map.",
    remedy: "Map a field of the data source from Finance and Operations to a column of the Dataverse table \
        itself, or remove the data source if nothing needs it.",
    source: "Table map health check 1500. Its message and its explanation differ on lookups (policy lookup-only).",
    url: Some(HEALTH_CHECK),
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

/// So many fields are named in a message.
const NAMED: usize = 6;

fn check(input: &Input) -> Vec<Finding> {
    input.sending().flat_map_iter(|entity| of_entity(input, entity)).collect()
}

fn of_entity(input: &Input, entity: &EntityAnalysis) -> Vec<Finding> {
    let sources = (0..).map(SourceIx).zip(&entity.sources);
    let found = sources.filter_map(|(ix, verdict)| {
        let bound = sent_fields(input, entity, ix);
        let only_lookups =
            !bound.is_empty() && bound.iter().all(|field| is_lookup_only(input, entity, *field));
        match (verdict.status, verdict.reason) {
            (Status::Untracked, Some(Reason::NoMappedField)) if bound.is_empty() => {
                Some(unmapped(input, entity, ix))
            }
            (Status::Untracked, Some(Reason::NoMappedField)) | (Status::Tracked, None) if only_lookups => {
                Some(lookups(input, entity, ix, &bound))
            }
            _ => None,
        }
    });
    found.collect()
}

/// The fields that count and are bound to the data source itself.
fn sent_fields(input: &Input, entity: &EntityAnalysis, ix: SourceIx) -> Vec<FieldIx> {
    let element = input.catalog().element(entity.id);
    let fields = (0..).map(FieldIx).zip(&entity.fields).filter(|(_, f)| f.counted);
    let is_bound = |field: &FieldIx| match &element.field_at(*field).binding {
        Binding::Mapped { source, .. } => element.source(source.id) == Some(ix),
        _ => false,
    };
    fields.map(|(field, _)| field).filter(is_bound).collect()
}

fn is_lookup_only(input: &Input, entity: &EntityAnalysis, field: FieldIx) -> bool {
    input.judged.scope.field(entity.id, field).is_some_and(|mapped| mapped.lookup_only)
}

fn unmapped(input: &Input, entity: &EntityAnalysis, ix: SourceIx) -> Finding {
    let (source, table) = names(input, entity, ix);
    let of = input.teller().name(entity.id);
    let which = if input.judged.scope.assumed { "no public field" } else { "no mapped field" };
    let message = format!("{which} of {of} comes from {source}: a change of {table} sends nothing");
    finding(input, entity, ix, message)
        .labelled("no mapped field")
        .remedy(format!("Map a field of {source}, or remove the data source if nothing needs it."))
}

fn lookups(input: &Input, entity: &EntityAnalysis, ix: SourceIx, bound: &[FieldIx]) -> Finding {
    let (source, table) = names(input, entity, ix);
    let names: Vec<String> = bound.iter().map(|field| input.teller().field_name(entity.id, *field)).collect();
    let counts = input.judged.policy.lookup_only == LookupOnly::Counts;
    let policy = if counts {
        "Taken as tracked (policy lookup-only = counts): the documented explanation asks for any mapped field."
    } else {
        "Taken as untracked (policy lookup-only = ignored), as the documented message has it."
    };
    let message = format!(
        "{source} of {} is mapped only to lookups ({}): changes of {table} may not be tracked",
        input.teller().name(entity.id),
        count(bound.len(), "field"),
    );
    finding(input, entity, ix, message)
        .level(Severity::Warning)
        .labelled("mapped only to lookups")
        .note(format!("Fields: {}.", some(&names, NAMED)))
        .note(policy)
        .remedy(format!("Map a field of {source} to a column of the Dataverse table itself."))
}

fn finding(input: &Input, entity: &EntityAnalysis, ix: SourceIx, message: String) -> Finding {
    let source = input.catalog().element(entity.id).source_at(ix);
    let finding = Finding::new(&INFO, input.subject(entity.id), source.place, message)
        .key(&*source.name.text)
        .shown_by(&["Table"]);
    match input.in_maps(entity.id) {
        maps if maps.is_empty() => finding,
        maps => finding.note(format!("Mapped by {maps}.")),
    }
}

/// The data source and its table.
fn names(input: &Input, entity: &EntityAnalysis, ix: SourceIx) -> (String, String) {
    let teller = input.teller();
    let source = input.catalog().element(entity.id).source_at(ix);
    let table = entity.sources[ix.0 as usize].primary.map(|table| teller.name(table));
    let written = crate::words::shown(&source.target_name.text);
    (teller.source_name(entity.id, ix), table.unwrap_or(written))
}
