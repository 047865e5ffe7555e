//! Mapped entities that refer to each other without telling dual-write.

use super::facts::{GUIDANCE, Reference, References};
use super::{Input, Rule};
use crate::catalog::{ElementId, ElementKind};
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::text::some;
use crate::tracking::Evidence;
use crate::words::shown;
use std::collections::BTreeMap;

const INFO: RuleInfo = RuleInfo {
    name: "missing-entity-relation",
    group: Group::Health,
    severity: Severity::Warning,
    confidence: Evidence::Documented,
    number: None,
    summary: "a mapped entity refers to another one, and no entity relation says so",
    finds: "Pairs of mapped entities of which one sends a field to a Dataverse lookup, where that field comes \
        from a record of the other one's primary table, or has a table relation to it, and neither entity has a \
        relation to the other.",
    why: "When both records are new in one transaction, dual-write orders them by entity relations. Without one \
        the lookup is sent before the record that it refers to, and the batch fails: \"Unable to lookup …\".",
    example: "Vehicles send CUSTOMERACCOUNT to fab_customerid.accountnumber, customers are mapped as well, and\n\n\
        <Relations />",
    remedy: "Add a relation to the referring entity, with RelatedDataEntity and the fields of the key.",
    source: "Live-sync troubleshooting and customization guidance: batches are ordered by entity relations. \
        Which entity a field refers to is concluded from table relations and data sources.",
    url: Some(GUIDANCE),
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

/// So many fields are named in a message.
const NAMED: usize = 5;

fn check(input: &Input) -> Vec<Finding> {
    let references = References::find(input);
    let mut pairs: BTreeMap<(ElementId, ElementId), Vec<&Reference>> = BTreeMap::new();
    for reference in references.all.iter().filter(|r| r.from != r.to) {
        pairs.entry((reference.from, reference.to)).or_default().push(reference);
    }
    let silent = pairs.into_iter().filter(|((from, to), _)| !is_related(input, *from, *to));
    silent.filter_map(|((from, to), references)| finding(input, from, to, &references)).collect()
}

/// Either entity has a relation to the other; of a partial one that cannot be said.
fn is_related(input: &Input, a: ElementId, b: ElementId) -> bool {
    let catalog = input.catalog();
    let names = |from: ElementId, to: ElementId| {
        let from = catalog.element(from);
        from.is_partial() || from.relations.iter().any(|r| r.related == catalog.element(to).name.id)
    };
    names(a, b) || names(b, a)
}

fn finding(input: &Input, from: ElementId, to: ElementId, references: &[&Reference]) -> Option<Finding> {
    let teller = input.teller();
    let (from_name, to_name) = (teller.name(from), teller.name(to));
    let first = references.first()?;
    let fields: Vec<String> = references.iter().map(|r| teller.field_name(from, r.field)).collect();
    let message = format!(
        "{from_name} refers to {to_name} through {}, and neither has an entity relation to the other",
        some(&fields, NAMED),
    );
    let element = input.catalog().element(from);
    let mut finding = Finding::new(&INFO, input.subject(from), element.place, message)
        .key(&*input.catalog().element(to).name.text)
        .labelled(format!("no relation to {to_name}"));
    for reference in references {
        let field = element.field_at(reference.field);
        let row = format!(
            "{} goes to {} ({})",
            teller.field(from, reference.field),
            shown(&reference.row.destination_field),
            reference.leg.name()
        );
        finding = finding.hop(row, Some(field.place));
    }
    let table = input.catalog().element(first.table);
    let by = if table.kind == ElementKind::Table { shown(&table.name.text) } else { to_name.clone() };
    Some(
        finding
            .hop(format!("which refers to {by}"), first.place)
            .hop(format!("primary table of {to_name}"), input.catalog().element(to).place)
            .note("Batches with both records new fail with \"Unable to lookup …\".")
            .remedy_code(
                format!(
                    "Add a relation to {from_name}, and complete it with the fields of the key of {to_name}:"
                ),
                relation(input, from, to, first),
            ),
    )
}

/// The relation in XML, as far as the files say what it holds.
fn relation(input: &Input, from: ElementId, to: ElementId, reference: &Reference) -> String {
    let catalog = input.catalog();
    let field = &catalog.element(from).field_at(reference.field).name.text;
    let to = catalog.element(to);
    let key = to.entity.key().and_then(|key| key.fields.first()).map_or("", |(name, _)| &name.text);
    let (name, field, key) = (xml(&to.name.text), xml(field), xml(key));
    format!(
        "<AxDataEntityViewRelation>\n  <Name>{name}</Name>\n  <RelatedDataEntity>{name}</RelatedDataEntity>\n  \
         <Constraints>\n    <AxDataEntityViewRelationConstraint xmlns=\"\"\n      \
         i:type=\"AxDataEntityViewRelationConstraintField\">\n      <Name>{field}</Name>\n      \
         <Field>{field}</Field>\n      <RelatedField>{key}</RelatedField>\n    \
         </AxDataEntityViewRelationConstraint>\n  </Constraints>\n</AxDataEntityViewRelation>"
    )
}

fn xml(text: &str) -> String {
    shown(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
