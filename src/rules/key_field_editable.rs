//! Key fields whose value can change.

use super::facts::{Answer, INTEGRATION_KEYS, Question};
use super::{Input, Rule};
use crate::catalog::{ElementId, FieldIx};
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::source::Place;
use crate::tracking::Evidence;

const INFO: RuleInfo = RuleInfo {
    name: "key-field-editable",
    group: Group::Health,
    severity: Severity::Warning,
    confidence: Evidence::Documented,
    number: None,
    summary: "a field by which dual-write finds records can be changed afterwards",
    finds: "Fields of the integration key (else of the entity's key) that can be edited: neither the entity \
        field nor the table column behind it has AllowEdit No, or the entity field has AllowEdit Yes. Only \
        where maps are given.",
    why: "The key says which record of the other side is meant. When its value changes, the record is no longer \
        found: renaming inserts a second row in Dataverse, and the first one stays as it was.",
    example: "<AxTableField i:type=\"AxTableFieldString\">\n    <Name>CategoryName</Name>\n</AxTableField>\n\n\
        and CategoryName is the key of the entity.",
    remedy: "Set AllowEdit to No on the table column or on the entity field, or choose a key that never changes.",
    source: "Integration keys: only columns whose value users cannot change belong into the key. What's new in \
        dual-write, March 2021, tells of a renamed product category.",
    url: Some(INTEGRATION_KEYS),
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

fn check(input: &Input) -> Vec<Finding> {
    let mapped = input.mapped().into_iter().map(|(id, _)| id);
    let fields =
        mapped.flat_map(|id| input.key_fields(id).into_iter().map(move |(ix, place)| (id, ix, place)));
    fields.filter_map(|(id, ix, named)| finding(input, id, ix, named)).collect()
}

fn finding(input: &Input, id: ElementId, ix: FieldIx, named: Option<Place>) -> Option<Finding> {
    let Answer::Known { yes: true, place, by, default, column } = input.ask(Question::Editable, id, ix)
    else {
        return None;
    };
    let teller = input.teller();
    let field = input.catalog().element(id).field_at(ix);
    let name = teller.field(id, ix);
    let said = if default { "does not say No" } else { "says Yes" };
    let whose = if by == name { String::new() } else { format!("AllowEdit of {by} {said}") };
    let message = match whose.as_str() {
        "" => format!("key field {name} can be edited: a new value inserts a second row in Dataverse"),
        whose => {
            format!("key field {name} can be edited ({whose}): a new value inserts a second row in Dataverse")
        }
    };
    let mut finding = Finding::new(&INFO, input.subject(id), place.unwrap_or(field.place), message)
        .key(&*field.name.text)
        .shown_by(&["AllowEdit"])
        .labelled(if default { "no AllowEdit" } else { "AllowEdit Yes" })
        .hop(format!("field {name}"), Some(field.place));
    if let Some(named) = named {
        finding = finding.hop(format!("named by the key of {}", teller.name(id)), Some(named));
    }
    let by = if column { by } else { name };
    Some(finding.remedy(format!("Set AllowEdit of {by} to No, or choose a key whose value never changes.")))
}
