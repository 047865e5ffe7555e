//! Mapped entities that refer to themselves, directly or in a circle.

use super::facts::{INITIAL_SYNC, Reference, References};
use super::{Input, Rule};
use crate::catalog::ElementId;
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::tracking::Evidence;
use crate::words::shown;
use std::collections::BTreeMap;

const INFO: RuleInfo = RuleInfo {
    name: "reference-cycle",
    group: Group::Health,
    severity: Severity::Note,
    confidence: Evidence::Documented,
    number: None,
    summary: "a mapped entity refers to itself, directly or in a circle: initial synchronization fails",
    finds: "Fields sent to a Dataverse lookup that refer to the entity's own primary table, or to an entity that \
        refers back, directly or over others.",
    why: "Initial synchronization copies one table after the other. A row that refers to one that is not there \
        yet is rejected: \"Couldn't resolve the guid for the field\".",
    example: "Customers send INVOICEACCOUNT to msdyn_billingaccount.accountnumber, a lookup to accounts.",
    remedy: "Take the fields out of the map for the first run, turn change tracking off, synchronise, put the \
        fields back and synchronise again.",
    source: "Initial-sync troubleshooting: self-references and circular references, with Vendors V2 and \
        Customers V3 as examples.",
    url: Some(INITIAL_SYNC),
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

fn check(input: &Input) -> Vec<Finding> {
    let references = References::find(input);
    let mut targets: BTreeMap<ElementId, Vec<&Reference>> = BTreeMap::new();
    for reference in &references.all {
        targets.entry(reference.from).or_default().push(reference);
    }
    let all = references.all.iter();
    all.filter_map(|reference| Some(finding(input, reference, &way_back(&targets, reference)?))).collect()
}

/// The shortest way from where a reference leads back to where it starts; empty for a self-reference.
fn way_back<'r, 'a>(
    targets: &BTreeMap<ElementId, Vec<&'r Reference<'a>>>,
    reference: &Reference,
) -> Option<Vec<&'r Reference<'a>>> {
    let mut reached: BTreeMap<ElementId, Option<&Reference>> = BTreeMap::from([(reference.to, None)]);
    let mut queue = std::collections::VecDeque::from([reference.to]);
    while let Some(at) = queue.pop_front() {
        if at == reference.from {
            let mut way: Vec<&Reference> = Vec::new();
            let mut at = at;
            while let Some(Some(step)) = reached.get(&at).copied() {
                way.push(step);
                at = step.from;
            }
            way.reverse();
            return Some(way);
        }
        for step in targets.get(&at).into_iter().flatten().copied() {
            reached.entry(step.to).or_insert_with(|| {
                queue.push_back(step.to);
                Some(step)
            });
        }
    }
    None
}

fn finding(input: &Input, reference: &Reference, back: &[&Reference]) -> Finding {
    let teller = input.teller();
    let name = teller.field(reference.from, reference.field);
    let message = match back {
        [] => format!("{name} refers to {} itself", teller.name(reference.from)),
        _ => {
            let over: Vec<String> = back.iter().map(|step| teller.name(step.from)).collect();
            format!("{name} refers to {}, which refers back", over.join(", then "))
        }
    };
    let element = input.catalog().element(reference.from);
    let field = element.field_at(reference.field);
    let mut finding = Finding::new(&INFO, input.subject(reference.from), field.place, message)
        .key(&*field.name.text)
        .key(&*input.catalog().element(reference.to).name.text)
        .labelled(format!("to {}", shown(&reference.row.destination_field)));
    for step in std::iter::once(reference).chain(back.iter().copied()) {
        let text = format!(
            "{} goes to {} ({})",
            teller.field(step.from, step.field),
            shown(&step.row.destination_field),
            step.leg.name()
        );
        finding = finding.hop(text, Some(input.catalog().element(step.from).field_at(step.field).place));
    }
    finding
        .note("Live synchronization is not concerned.")
        .remedy(format!(
            "Before initial synchronization, take {} out of the map and turn change tracking off.",
            shown(&reference.row.source_field)
        ))
        .remedy("Synchronise all maps of the circle, put the field back, and synchronise again.")
}
