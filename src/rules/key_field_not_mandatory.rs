//! Key fields that may stay empty.

use super::facts::{Answer, HEALTH_CHECK, Question};
use super::{Input, Rule};
use crate::aot::FieldKind;
use crate::catalog::{ElementId, FieldIx};
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::source::Place;
use crate::tracking::Evidence;
use rayon::prelude::*;

const INFO: RuleInfo = RuleInfo {
    name: "key-field-not-mandatory",
    group: Group::Health,
    severity: Severity::Warning,
    confidence: Evidence::Documented,
    number: Some(2000),
    summary: "a field by which dual-write finds records is not mandatory",
    finds: "Fields of the integration key (else of the entity's key) that are not mandatory: neither the entity \
        field nor the table column behind it has Mandatory Yes, or the entity field has Mandatory No. The \
        company is left out, and so are fields whose table is not loaded.",
    why: "A record whose key field is empty cannot be matched with one of the other side: initial and live \
        synchronization run into errors.",
    example: "```xml\n\
        <AxTableField i:type=\"AxTableFieldString\">\n\
        \x20   <Name>PlateId</Name>\n\
        </AxTableField>\n\
        ```\n\
        \n\
        and PlateId is the key of the entity.",
    remedy: "Set Mandatory to Yes on the table column (an extension can), and leave the entity field on Auto.",
    source: "Table map health check 2000. The entity's own key stands in where a map has no integration key.",
    url: Some(HEALTH_CHECK),
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

fn check(input: &Input) -> Vec<Finding> {
    let entities = input.judged.analysis.entities.par_iter().filter(|e| e.in_scope).map(|e| e.id);
    let fields =
        entities.flat_map_iter(|id| input.key_fields(id).into_iter().map(move |(ix, place)| (id, ix, place)));
    fields.filter_map(|(id, ix, named)| finding(input, id, ix, named)).collect()
}

fn finding(input: &Input, id: ElementId, ix: FieldIx, named: Option<Place>) -> Option<Finding> {
    let Answer::Known { yes: false, place, by, default, column } = input.ask(Question::Mandatory, id, ix)
    else {
        return None;
    };
    let teller = input.teller();
    let field = input.catalog().element(id).field_at(ix);
    let name = teller.field(id, ix);
    let said = if default { "does not say so" } else { "says No" };
    let place = if column { place.unwrap_or(field.place) } else { field.place };
    let message = if by == name {
        format!("key field {name} is not mandatory")
    } else {
        format!("key field {name} is not mandatory: {by} {said}")
    };
    let mut finding = Finding::new(&INFO, input.subject(id), place, message)
        .key(&*field.name.text)
        .shown_by(&["Mandatory"])
        .labelled(if default { "no Mandatory" } else { "Mandatory No" })
        .hop(format!("field {name}"), Some(field.place));
    if let Some(named) = named {
        finding = finding.hop(format!("named by the key of {}", teller.name(id)), Some(named));
    }
    if input.has_always_a_value(id, ix) {
        finding = finding
            .level(Severity::Note)
            .note("A number or an enum is never empty: here Mandatory only keeps 0 from being entered.");
    }
    let what = if column { by } else { name };
    Some(
        finding
            .remedy(format!("Set Mandatory of {what} to Yes, so that no record is saved without a value.")),
    )
}

impl Input<'_> {
    /// Whether the column behind a field has a value in every row that means something: numbers that are no
    /// reference, enums.
    fn has_always_a_value(&self, id: ElementId, ix: FieldIx) -> bool {
        let kinds = self.kinds(id, ix);
        let numbers = [FieldKind::Enum, FieldKind::Int, FieldKind::Real, FieldKind::Time];
        !kinds.is_empty() && kinds.iter().all(|kind| numbers.contains(kind))
    }

    /// The kinds of the columns behind a field, or its own.
    fn kinds(&self, id: ElementId, ix: FieldIx) -> Vec<FieldKind> {
        let catalog = self.catalog();
        if let Some(value) = catalog.element(id).field_at(ix).value() {
            return vec![value.kind];
        }
        let leaves = &self.judged.model.lineage.field(id, ix).leaves;
        let column = |leaf: &crate::lineage::Leaf| {
            let (table, name) = (leaf.element()?, leaf.column.as_ref()?);
            let element = catalog.element(table);
            element.field(name.id).and_then(|ix| element.field_at(ix).value()).map(|value| value.kind)
        };
        leaves.iter().map(|leaf| column(leaf).unwrap_or_default()).collect()
    }
}
