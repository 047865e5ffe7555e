//! Sent fields that do not trigger, put together by what keeps their columns from it.

use crate::catalog::{Binding, ElementId, FieldIx};
use crate::lineage::Leaf;
use crate::maps::{FieldView, LegView, Target};
use crate::suggest::FieldStatus;
use crate::tracking::{EntityAnalysis, LeafVerdict, Status};
use crate::words::{Teller, tagged};
use std::cmp::Reverse;

/// Fields that share a table and a reason.
pub(super) struct Group {
    /// What becomes of the fields.
    pub(super) status: FieldStatus,
    /// The table, safe to print; empty for fields without columns.
    pub(super) table: String,
    /// `nested_source [INF]`; empty where something is missing.
    pub(super) reason: String,
    /// Why, as a clause.
    pub(super) clause: String,
    /// What to do, in a line; may be empty.
    pub(super) advice: String,
    /// `Entity.Field` of the first one.
    pub(super) example: String,
    /// The fields, safe to print, in the order of the map.
    pub(super) fields: Vec<String>,
}

/// The groups of a leg: by status, those with many fields first. Virtual fields have none.
pub(super) fn groups(teller: Teller, leg: &LegView) -> Vec<Group> {
    let mut groups = Vec::new();
    for field in &leg.fields {
        add_field(teller, field, &mut groups);
    }
    groups.sort_by_key(|group| (Reverse(group.status), Reverse(group.fields.len())));
    groups
}

fn add_field(teller: Teller, field: &FieldView, groups: &mut Vec<Group>) {
    let (Target::Field(id, ix), Some(status)) = (field.target, field.status) else { return };
    let is_virtual = matches!(teller.element(id).field_at(ix).binding, Binding::Virtual { .. });
    let Some(entity) =
        teller.judged.analysis.entity(id).filter(|_| status != FieldStatus::Tracked && !is_virtual)
    else {
        return;
    };
    let leaves = &teller.judged.model.lineage.field(id, ix).leaves;
    let mut pairs = leaves.iter().zip(&entity.fields[ix.0 as usize].leaves).peekable();
    if pairs.peek().is_none() {
        return add(groups, columnless(teller, status, id, ix));
    }
    for (leaf, verdict) in pairs.filter(|(_, verdict)| verdict.status != Status::Tracked) {
        add(groups, group(teller, entity, ix, status, (leaf, verdict)));
    }
}

fn add(groups: &mut Vec<Group>, group: Group) {
    let same = |known: &&mut Group| {
        (known.status, &known.table, &known.clause) == (group.status, &group.table, &group.clause)
    };
    let Some(known) = groups.iter_mut().find(same) else { return groups.push(group) };
    for field in group.fields {
        if !known.fields.contains(&field) {
            known.fields.push(field);
        }
    }
}

fn group(
    teller: Teller,
    entity: &EntityAnalysis,
    ix: FieldIx,
    status: FieldStatus,
    (leaf, verdict): (&Leaf, &LeafVerdict),
) -> Group {
    Group {
        status,
        table: teller.table(leaf),
        reason: verdict.reason.map(tagged).unwrap_or_default(),
        clause: teller.clause(entity, ix, leaf, verdict),
        advice: teller.advice(entity, leaf, verdict).short,
        example: teller.field(entity.id, ix),
        fields: vec![teller.field_name(entity.id, ix)],
    }
}

/// A computed field that reads no column.
fn columnless(teller: Teller, status: FieldStatus, id: ElementId, ix: FieldIx) -> Group {
    Group {
        status,
        table: String::new(),
        reason: String::new(),
        clause: "it is computed from no column, so that there is no change to notice".to_owned(),
        advice: String::new(),
        example: teller.field(id, ix),
        fields: vec![teller.field_name(id, ix)],
    }
}
