//! Entries that cannot mean anything.

use super::entries::Entry;
use super::pages::LIVE_SYNC;
use super::{Input, Rule};
use crate::catalog::ElementKind;
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::text::Symbol;
use crate::tracking::{EntryVerdict, Evidence};
use crate::words::shown;

const INFO: RuleInfo = RuleInfo {
    name: "invalid-mapping-entry",
    group: Group::Mapping,
    severity: Severity::Warning,
    confidence: Evidence::Documented,
    number: None,
    summary: "a mapping entry is no triple of label, table and field of this entity",
    finds: "Entries of getEntityDataSourceToFieldMapping that are no container of three parts, whose tableNum \
        names a view, entity or table map, whose fieldStr names another entity (a method that was copied), or \
        whose field the entity does not have.",
    why: "The entry registers nothing that could work. Where somebody counts on it, changes are silently never \
        sent.",
    example: "The method was copied from another entity:\n\n\
        ```xpp\n\
        [identifierStr(CustomerAddress), tableNum(LogisticsPostalAddress), fieldStr(CustCustomerV3Entity, AddressRecordId)]\n\
        ```",
    remedy: "Correct the entry, or remove it.",
    source: "Live-sync troubleshooting gives the form: a name, a table to watch, a field of the entity with the \
        RecId of that table.",
    url: Some(LIVE_SYNC),
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

fn check(input: &Input) -> Vec<Finding> {
    let invalid = input.entries().filter(|e| e.found.verdict == EntryVerdict::Invalid);
    let finding = |entry: Entry| {
        let (fault, remedy) = fault(input, &entry);
        let message = format!("the entry {} is not valid: {fault}", entry.text());
        entry.finding(input, &INFO, message).labelled("registers nothing").remedy(remedy)
    };
    invalid.map(finding).collect()
}

/// What is wrong with an entry, and what to do.
fn fault(input: &Input, entry: &Entry) -> (String, String) {
    let name = input.teller().name(entry.entity.id);
    let entry = entry.found;
    let part = |part: &Option<Symbol>| shown(part.as_deref().unwrap_or("?"));
    let kind = entry.table_id.map(|id| input.catalog().element(id).kind);
    if !entry.triple {
        let remedy =
            "Write three parts in brackets: [label, table, field]; += appends the list that they are in.";
        return ("it is no container of three parts".to_owned(), remedy.to_owned());
    }
    if let Some(kind) = kind.filter(|kind| *kind != ElementKind::Table) {
        let table = part(&entry.table);
        let remedy = format!("Name the table that {table} reads.");
        return (format!("{table} is no table but {} {}", article(kind), kind.word()), remedy);
    }
    if entry.copied {
        let remedy = format!("Name a field of {name} that holds the RecId of {}.", part(&entry.table));
        return ("its fieldStr names another entity".to_owned(), remedy);
    }
    let remedy = format!("Add the field to {name}, or name one that it has.");
    (format!("{name} has no field {}", part(&entry.field)), remedy)
}

fn article(kind: ElementKind) -> &'static str {
    if kind == ElementKind::Entity { "an" } else { "a" }
}
