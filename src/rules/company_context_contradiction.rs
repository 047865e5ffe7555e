//! Entities whose company does not fit the tables that they read.

use super::facts::CROSS_COMPANY;
use super::{Input, Rule};
use crate::catalog::{Binding, Element, ElementId, Spelled};
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::source::Place;
use crate::tracking::Evidence;
use crate::words::shown;

const INFO: RuleInfo = RuleInfo {
    name: "company-context-contradiction",
    group: Group::Health,
    severity: Severity::Warning,
    confidence: Evidence::Documented,
    number: None,
    summary: "PrimaryCompanyContext of an entity contradicts SaveDataPerCompany of its tables",
    finds: "Mapped entities whose PrimaryCompanyContext names a field that is not there, or the company of a table \
        that has none (SaveDataPerCompany No); and mapped entities without PrimaryCompanyContext over a table \
        that is kept per company, where no mapped field carries the company.",
    why: "PrimaryCompanyContext decides whether an entity is specific to a company. Without it, rows of all \
        companies come through one entity, and equal keys of two companies fall on one row of Dataverse. With \
        it, over a shared table, nothing holds the company.",
    example: "<SaveDataPerCompany>No</SaveDataPerCompany>\n\non the table, and on the entity over it\n\n\
        <PrimaryCompanyContext>DataAreaId</PrimaryCompanyContext>",
    remedy: "Set PrimaryCompanyContext to the field that holds the company, or clear it for shared data.",
    source: "Cross-company behavior of data entities. What the missing company means for keys is concluded.",
    url: Some(CROSS_COMPANY),
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

fn check(input: &Input) -> Vec<Finding> {
    let mapped = input.mapped().into_iter().map(|(id, _)| id);
    mapped
        .filter(|id| !input.catalog().element(*id).is_partial())
        .filter_map(|id| of_entity(input, id))
        .collect()
}

fn of_entity(input: &Input, id: ElementId) -> Option<Finding> {
    let element = input.catalog().element(id);
    match &element.entity.primary_company_context {
        Some((field, place)) => of_context(input, id, element, field, *place),
        None => without_context(input, id, element),
    }
}

/// The field that the context names must be there and hold a company.
fn of_context(
    input: &Input,
    id: ElementId,
    element: &Element,
    field: &Spelled,
    place: Place,
) -> Option<Finding> {
    let catalog = input.catalog();
    let entity = input.teller().name(id);
    let name = shown(&field.text);
    let finding = |message: String| {
        Finding::new(&INFO, input.subject(id), place, message)
            .labelled(format!("PrimaryCompanyContext {name}"))
    };
    let declared = element.field(field.id).map(|ix| element.field_at(ix));
    let system = catalog.system_field(field.id).is_some();
    if declared.is_none() && !system {
        let message = format!("PrimaryCompanyContext of {entity} names {name}, which {entity} does not have");
        return Some(
            finding(message)
                .level(Severity::Error)
                .remedy("Name a field of the entity that holds the company."),
        );
    }
    let table = match declared.map(|field| &field.binding) {
        Some(Binding::Mapped { source, field, .. }) if is_data_area(&field.text) => {
            let target = element.source(source.id).and_then(|ix| element.source_at(ix).target);
            target.and_then(|target| input.judged.model.graph.primary_table(target))
        }
        Some(_) => None,
        None => input.judged.model.graph.primary_table(id),
    };
    let table = table.filter(|table| is_shared(input, *table))?;
    let table_name = input.teller().name(table);
    let message = format!("{entity} takes its company from {table_name}, which is shared by all companies");
    Some(
        finding(message)
            .hop(format!("table {table_name}: SaveDataPerCompany No"), catalog.element(table).place)
            .remedy("Clear PrimaryCompanyContext, or name a field that holds the company."),
    )
}

/// An entity without context over a table that is kept per company: which company a row belongs to must be told
/// by a field of its own.
fn without_context(input: &Input, id: ElementId, element: &Element) -> Option<Finding> {
    let table = input.judged.model.graph.primary_table(id)?;
    let catalog = input.catalog();
    let is_company =
        |binding: &Binding| matches!(binding, Binding::Mapped { field, .. } if is_data_area(&field.text));
    let company = element.fields.iter().find(|field| is_company(&field.binding));
    let is_mapped = |name: &str| input.legs(id).iter().any(|leg| !leg.rows_of(name).is_empty());
    let owner = catalog.element(table);
    if owner.is_partial()
        || is_shared(input, table)
        || company.is_some_and(|field| is_mapped(&field.name.text))
    {
        return None;
    }
    let (entity, table_name) = (input.teller().name(id), input.teller().name(table));
    let message = format!(
        "{entity} has no PrimaryCompanyContext, and {table_name} is kept per company: rows of all companies are sent as if shared"
    );
    let finding = Finding::new(&INFO, input.subject(id), element.place, message)
        .founded_on(Evidence::Inferred)
        .labelled("no PrimaryCompanyContext")
        .hop(format!("table {table_name}: SaveDataPerCompany Yes"), owner.place);
    Some(match company {
        Some(field) => finding
            .level(Severity::Note)
            .note(format!("Its field {} holds the company, but no map has it.", shown(&field.name.text)))
            .remedy("Map that field, if the rows of several companies are meant to be told apart."),
        None => finding.remedy("Set PrimaryCompanyContext to DataAreaId, if the rows belong to companies."),
    })
}

fn is_data_area(field: &str) -> bool {
    field.eq_ignore_ascii_case("DataAreaId")
}

/// A loaded table without a company of its own; of an inheritance chain the topmost table decides.
fn is_shared(input: &Input, table: ElementId) -> bool {
    let catalog = input.catalog();
    let base = catalog.with_ancestors(table).last().unwrap_or(table);
    let element = catalog.element(base);
    !element.is_partial() && !element.traits.per_company
}
