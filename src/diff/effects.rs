//! What the change does to tracking.

use super::leaves::{Judgement, LeafName, leaves};
use super::parts::{Both, counted_up, elements, key, paired};
use super::{Pair, Side};
use crate::catalog::{ElementId, ElementKind, FieldIx};
use crate::engine::Judged;
use crate::source::Place;
use crate::suggest::Needed;
use crate::text::Symbol;
use crate::tracking::{Definition, EntityAnalysis, ResolvedEntry, Status};
use std::collections::{BTreeMap, BTreeSet};

/// One consequence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    /// What kind.
    pub kind: EffectKind,
    /// The entity; the element itself where one came or went.
    pub element: Symbol,
    /// The data sources that lead to the record, where one is concerned.
    pub path: Vec<Symbol>,
    /// The table, where one is concerned.
    pub table: Option<Symbol>,
    /// The tables, where only they are concerned.
    pub tables: Vec<Symbol>,
    /// The fields, by name.
    pub fields: Vec<Symbol>,
    /// What else tells it from its siblings: label and field of an entry, data source of a row.
    pub detail: Vec<Symbol>,
    /// The verdict now: the reason's name, or a status.
    pub verdict: Option<&'static str>,
    /// Which side `place` belongs to.
    pub side: Side,
    /// Where it shows.
    pub place: Option<Place>,
    /// The edits that explain it: positions in [`super::Diff::edits`].
    pub causes: Vec<usize>,
}

/// What kind of consequence; the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EffectKind {
    /// A field that is still sent was tracked, and is not any more.
    TrackingLost,
    /// A field was tracked, and it can no longer be said whether it is.
    TrackingOpen,
    /// A field is sent now, and its changes are not seen.
    NewUntracked,
    /// An entry of the mapping method is invalid now.
    EntryInvalid,
    /// An entry of the mapping method is missing now.
    EntryNeeded,
    /// A field that was sent is not sent any more.
    NoLongerSent,
    /// A table triggered an entity, and does not any more.
    NoLongerTriggers,
    /// An entry of the mapping method can go now.
    EntryRemovable,
    /// One more row.
    RowAdded,
    /// A table triggers an entity that it did not trigger.
    NewlyTriggers,
    /// One row less.
    RowRemoved,
    /// A field is tracked now.
    TrackingGained,
    /// An element is gone.
    ElementRemoved,
    /// An element is new.
    ElementAdded,
}

impl Effect {
    fn new(kind: EffectKind, element: &Symbol, side: Side, place: Option<Place>) -> Self {
        Self {
            kind,
            element: element.clone(),
            path: Vec::new(),
            table: None,
            tables: Vec::new(),
            fields: Vec::new(),
            detail: Vec::new(),
            verdict: None,
            side,
            place,
            causes: Vec::new(),
        }
    }
}

/// All effects, the worst first; of one kind by element, path, table and detail.
pub(super) fn effects(pair: Pair<'_>) -> Vec<Effect> {
    let mut effects = Vec::new();
    for both in elements(pair).into_values() {
        match (both.base, both.head) {
            (Some((_, base)), None) => {
                let mut gone =
                    Effect::new(EffectKind::ElementRemoved, &base.name.text, Side::Base, base.place);
                gone.detail.push(base.kind.word().into());
                effects.push(gone);
            }
            (None, Some((_, head))) => {
                let mut new = Effect::new(EffectKind::ElementAdded, &head.name.text, Side::Head, head.place);
                new.detail.push(head.kind.word().into());
                effects.push(new);
            }
            _ => {}
        }
        let entity = |both: Option<(ElementId, &crate::catalog::Element)>, judged: &Judged<'_>| {
            both.filter(|(_, e)| e.kind == ElementKind::Entity)
                .and_then(|(id, _)| judged.analysis.entities.iter().position(|e| e.id == id))
        };
        let base = entity(both.base, pair.base).map(|at| &pair.base.analysis.entities[at]);
        let head = entity(both.head, pair.head).map(|at| &pair.head.analysis.entities[at]);
        if base.is_some() || head.is_some() {
            of_entity(pair, base, head, &mut effects);
        }
    }
    needed(pair, &mut effects);
    leave_out_consequences(&mut effects);
    rows(pair, &mut effects);
    effects.sort_by(|a, b| {
        let order = |e: &Effect| (e.kind, key(&e.element), e.path.clone(), e.table.clone(), e.detail.clone());
        order(a).cmp(&order(b)).then_with(|| a.fields.cmp(&b.fields))
    });
    effects
}

/// That a table triggers an entity or does not, and that an entry would help, goes without saying where its
/// fields are spoken of.
fn leave_out_consequences(effects: &mut Vec<Effect>) {
    let about = |effect: &Effect| (effect.kind, key(&effect.element), effect.table.as_deref().map(key));
    let told: BTreeSet<_> = effects.iter().map(about).collect();
    for effect in effects.iter_mut() {
        let says_more: &[EffectKind] = match effect.kind {
            EffectKind::NoLongerTriggers => &[EffectKind::TrackingLost, EffectKind::TrackingOpen],
            EffectKind::NewlyTriggers => &[EffectKind::TrackingGained],
            _ => continue,
        };
        let element = key(&effect.element);
        let is_told = |table: &str| {
            says_more.iter().any(|kind| told.contains(&(*kind, element.clone(), Some(key(table)))))
        };
        effect.tables.retain(|table| !is_told(table));
    }
    effects.retain(|effect| match effect.kind {
        EffectKind::NoLongerTriggers | EffectKind::NewlyTriggers => !effect.tables.is_empty(),
        EffectKind::EntryNeeded => {
            let (_, element, table) = about(effect);
            let is_told = |kind| told.contains(&(kind, element.clone(), table.clone()));
            ![EffectKind::TrackingLost, EffectKind::NewUntracked].into_iter().any(is_told)
        }
        _ => true,
    });
}

fn of_entity(
    pair: Pair<'_>,
    base: Option<&EntityAnalysis>,
    head: Option<&EntityAnalysis>,
    effects: &mut Vec<Effect>,
) {
    let (old, new) = (counted(pair.base, base), counted(pair.head, head));
    let mut groups = Groups::default();
    for both in paired(old, new, |(name, _)| key(name)).into_values() {
        match (both.base, both.head) {
            (Some(old), Some(new)) => {
                if let (Some(base), Some(head)) = (base, head) {
                    kept_field(pair, (base, old.1), (head, new.1), &new.0, &mut groups);
                }
            }
            (Some((name, field)), None) => {
                if let Some(base) = base {
                    groups.no_longer_sent(pair.base, base, field, &name);
                }
            }
            (None, Some((name, field))) => {
                if let Some(head) = head {
                    new_field(pair.head, head, field, &name, &mut groups);
                }
            }
            (None, None) => {}
        }
    }
    effects.extend(groups.all.into_values());
    if let (Some(base), Some(head)) = (base, head) {
        entries(pair.head, base, head, effects);
    }
    triggers(pair, base, head, effects);
}

/// The fields that are sent: name and position.
fn counted(judged: &Judged<'_>, entity: Option<&EntityAnalysis>) -> Vec<(Symbol, FieldIx)> {
    let Some(entity) = entity else { return Vec::new() };
    let element = judged.model.catalog.element(entity.id);
    let fields = (0..).map(FieldIx).zip(&entity.fields).filter(|(_, field)| field.counted);
    fields.map(|(ix, _)| (element.field_at(ix).name.text.clone(), ix)).collect()
}

/// Effects on fields, gathered by record.
#[derive(Default)]
struct Groups {
    all: BTreeMap<(EffectKind, Vec<String>, String), Effect>,
}

impl Groups {
    fn add(
        &mut self,
        kind: EffectKind,
        (side, judged, entity): (Side, &Judged<'_>, &EntityAnalysis),
        judgement: Judgement<'_>,
        name: &LeafName,
        field: &Symbol,
    ) {
        let catalog = &judged.model.catalog;
        let element = catalog.element(entity.id);
        let effect = self.all.entry((kind, name.path.clone(), name.table.clone())).or_insert_with(|| {
            let place = judgement.verdict.place.or(element.place);
            let mut effect = Effect::new(kind, &element.name.text, side, place);
            let path = judgement.leaf.path_names(catalog, entity.id);
            effect.path = path.into_iter().map(Into::into).collect();
            effect.table = judgement.leaf.table.name(catalog).map(Into::into);
            effect.verdict = Some(match judgement.verdict.reason {
                Some(reason) => reason.id(),
                None => judgement.verdict.status.id(),
            });
            effect
        });
        if effect.fields.last() != Some(field) {
            effect.fields.push(field.clone());
        }
    }

    fn no_longer_sent(
        &mut self,
        judged: &Judged<'_>,
        entity: &EntityAnalysis,
        field: FieldIx,
        name: &Symbol,
    ) {
        let element = judged.model.catalog.element(entity.id);
        let place = Some(element.field_at(field).place);
        let effect = self
            .all
            .entry((EffectKind::NoLongerSent, Vec::new(), String::new()))
            .or_insert_with(|| Effect::new(EffectKind::NoLongerSent, &element.name.text, Side::Base, place));
        effect.fields.push(name.clone());
    }
}

/// A field that was sent and is.
fn kept_field(
    pair: Pair<'_>,
    (base, old): (&EntityAnalysis, FieldIx),
    (head, new): (&EntityAnalysis, FieldIx),
    name: &Symbol,
    groups: &mut Groups,
) {
    let was = leaves(pair.base, base, old);
    let is = leaves(pair.head, head, new);
    let now = |name: &LeafName| -> Option<Judgement<'_>> {
        // The same record, else the same column by another way.
        let other =
            || is.iter().find(|(other, _)| (&other.table, &other.column) == (&name.table, &name.column));
        is.get(name).copied().or_else(|| other().map(|(_, judgement)| *judgement))
    };
    for (leaf, old) in was.iter().filter(|(_, old)| old.verdict.status == Status::Tracked) {
        match now(leaf) {
            Some(new) if new.verdict.status != Status::Tracked => {
                let kind = match new.verdict.status {
                    Status::Untracked => EffectKind::TrackingLost,
                    _ => EffectKind::TrackingOpen,
                };
                groups.add(kind, (Side::Head, pair.head, head), new, leaf, name);
            }
            None if is.is_empty() => {
                groups.add(EffectKind::TrackingLost, (Side::Base, pair.base, base), *old, leaf, name);
            }
            // It is still tracked, or the field reads something else now: the new leaves are judged as such.
            _ => {}
        }
    }
    let tracked = |leaves: &BTreeMap<LeafName, Judgement<'_>>| {
        leaves.values().any(|judgement| judgement.verdict.status == Status::Tracked)
    };
    let new_leaf =
        if tracked(&was) && !tracked(&is) { EffectKind::TrackingLost } else { EffectKind::NewUntracked };
    for (leaf, new) in &is {
        let before = was.get(leaf);
        let known = was.keys().any(|old| (&old.table, &old.column) == (&leaf.table, &leaf.column));
        match (new.verdict.status, before.map(|b| b.verdict.status)) {
            (Status::Untracked, None) if !known => {
                groups.add(new_leaf, (Side::Head, pair.head, head), *new, leaf, name);
            }
            (Status::Unresolved | Status::Undecidable, None)
                if !known && new_leaf == EffectKind::TrackingLost =>
            {
                groups.add(EffectKind::TrackingOpen, (Side::Head, pair.head, head), *new, leaf, name);
            }
            (Status::Tracked, Some(Status::Untracked)) => {
                groups.add(EffectKind::TrackingGained, (Side::Head, pair.head, head), *new, leaf, name);
            }
            _ => {}
        }
    }
}

/// A field that was not sent.
fn new_field(judged: &Judged<'_>, head: &EntityAnalysis, field: FieldIx, name: &Symbol, groups: &mut Groups) {
    for (leaf, new) in leaves(judged, head, field) {
        if new.verdict.status == Status::Untracked {
            groups.add(EffectKind::NewUntracked, (Side::Head, judged, head), new, &leaf, name);
        }
    }
}

fn entry_parts(entry: &ResolvedEntry) -> Vec<Symbol> {
    let part = |part: &Option<Symbol>| part.clone().unwrap_or_else(|| "?".into());
    vec![part(&entry.label), part(&entry.table), part(&entry.field)]
}

/// Entries that were good, and can go or are invalid now; new ones that never were any good.
fn entries(judged: &Judged<'_>, base: &EntityAnalysis, head: &EntityAnalysis, effects: &mut Vec<Effect>) {
    use crate::tracking::EntryVerdict;
    let verdict = |entry: &ResolvedEntry| entry.rows_saved.is_some().then_some(entry.verdict);
    let parts = |entry: &&ResolvedEntry| {
        (entry_parts(entry).iter().map(|part| key(part)).collect::<Vec<_>>(), entry.conditional)
    };
    let element = judged.model.catalog.element(head.id);
    let (old, new) = (counted_up(&base.mapping.entries, parts), counted_up(&head.mapping.entries, parts));
    for both in paired(old, new, |(key, _)| key.clone()).into_values() {
        let before = both.base.and_then(|(_, entry)| verdict(entry));
        let Some((_, now)) = both.head.filter(|(_, entry)| before != verdict(entry)) else { continue };
        let kind = match verdict(now) {
            None => continue,
            Some(EntryVerdict::Invalid) => EffectKind::EntryInvalid,
            Some(_) => EffectKind::EntryRemovable,
        };
        let mut effect = Effect::new(kind, &element.name.text, Side::Head, Some(now.place));
        effect.detail = entry_parts(now);
        effect.verdict = Some(now.verdict.id());
        effect.table.clone_from(&now.table);
        effects.push(effect);
    }
}

/// Tables with a tracked column behind a field that is sent.
fn triggering(judged: &Judged<'_>, entity: Option<&EntityAnalysis>) -> BTreeSet<Symbol> {
    let Some(entity) = entity else { return BTreeSet::new() };
    let mut tables = BTreeSet::new();
    for (ix, field) in (0..).map(FieldIx).zip(&entity.fields).filter(|(_, field)| field.counted) {
        let leaves = judged.model.lineage.field(entity.id, ix).leaves.iter().zip(&field.leaves);
        let tracked = leaves.filter(|(_, verdict)| verdict.status == Status::Tracked);
        tables.extend(
            tracked.filter_map(|(leaf, _)| {
                Some(judged.model.catalog.element(leaf.element()?).name.text.clone())
            }),
        );
    }
    tables
}

fn triggers(
    pair: Pair<'_>,
    base: Option<&EntityAnalysis>,
    head: Option<&EntityAnalysis>,
    effects: &mut Vec<Effect>,
) {
    let (was, is) = (triggering(pair.base, base), triggering(pair.head, head));
    let (mut lost, mut gained) = (Vec::new(), Vec::new());
    for both in paired(was, is, |table| key(table)).into_values() {
        match both {
            Both { base: Some(table), head: None } => lost.push(table),
            Both { base: None, head: Some(table) } => gained.push(table),
            _ => {}
        }
    }
    let all = [
        (EffectKind::NoLongerTriggers, Side::Base, base, lost),
        (EffectKind::NewlyTriggers, Side::Head, head, gained),
    ];
    for (kind, side, entity, tables) in all {
        let Some(entity) = entity.filter(|_| !tables.is_empty()) else { continue };
        let element = pair.side(side).model.catalog.element(entity.id);
        let mut effect = Effect::new(kind, &element.name.text, side, element.place);
        effect.tables = tables;
        effects.push(effect);
    }
}

/// Rows of `BusinessEventsDefinition`: each costs work with every change of its table.
fn rows(pair: Pair<'_>, effects: &mut Vec<Effect>) {
    let keyed =
        |row: &&Definition| (key(&row.ref_entity_name), key(&row.ref_table_name), key(&row.data_source_name));
    for both in paired(&pair.base.analysis.definitions, &pair.head.analysis.definitions, keyed).into_values()
    {
        let (kind, side, row) = match both {
            Both { base: Some(row), head: None } => (EffectKind::RowRemoved, Side::Base, row),
            Both { base: None, head: Some(row) } => (EffectKind::RowAdded, Side::Head, row),
            _ => continue,
        };
        let catalog = &pair.side(side).model.catalog;
        let place = catalog.find(&row.ref_entity_name).and_then(|id| catalog.element(id).place);
        let mut effect = Effect::new(kind, &row.ref_entity_name, side, place);
        effect.table = Some(row.ref_table_name.clone());
        effect.detail = vec![row.data_source_name.clone()];
        effects.push(effect);
    }
}

/// Records whose changes nobody sees, and for which an entry would help.
fn needed(pair: Pair<'_>, effects: &mut Vec<Effect>) {
    let named = |judged: &Judged<'_>| -> Vec<(Vec<String>, usize)> {
        let names = |needed: &Needed| {
            let catalog = &judged.model.catalog;
            let mut names = vec![key(&catalog.element(needed.entity).name.text)];
            names.push(key(&catalog.element(needed.table).name.text));
            names.extend(needed.path.iter().map(|name| key(name)));
            names
        };
        judged.needed.iter().enumerate().map(|(at, needed)| (names(needed), at)).collect()
    };
    for both in paired(named(pair.base), named(pair.head), |(names, _)| names.clone()).into_values() {
        let Both { base: None, head: Some((_, at)) } = both else { continue };
        let needed = &pair.head.needed[at];
        let catalog = &pair.head.model.catalog;
        let element = catalog.element(needed.entity);
        let mut effect = Effect::new(EffectKind::EntryNeeded, &element.name.text, Side::Head, element.place);
        effect.path.clone_from(&needed.path);
        effect.table = Some(catalog.element(needed.table).name.text.clone());
        effect.fields = needed.fields.iter().map(|ix| element.field_at(*ix).name.text.clone()).collect();
        effect.detail = needed.label.iter().chain(&needed.field).cloned().collect();
        effect.verdict = Some(needed.remedy.id());
        effects.push(effect);
    }
}
