//! Which edits explain an effect: those on the way from the entity to the table, before or after the change.

use super::edits::{Edit, EditKind};
use super::effects::{Effect, EffectKind};
use super::parts::key;
use super::{Pair, Side};
use crate::catalog::{Binding, Catalog, ElementId, SourceIx};
use crate::engine::Judged;
use crate::graph::Reach;
use crate::text::Symbol;
use std::collections::{BTreeSet, HashSet};

/// Positions of the edits that explain an effect, the nearest first. Where none lies on its way, those of any
/// element that the entity uses; none at all where maps or policies alone explain it.
pub(super) fn causes(pair: Pair<'_>, edits: &[Edit], effect: &Effect) -> Vec<usize> {
    let mut way = Way::default();
    for side in [Side::Base, Side::Head] {
        way.follow(pair.side(side), effect);
    }
    let on_way = |edit: &Edit| way.explains(edit, effect);
    let found: Vec<usize> = positions(edits, on_way);
    if !found.is_empty() {
        return found;
    }
    let used = used_elements(pair, effect);
    positions(edits, |edit| used.contains(&key(&edit.element)) && matters(edit.kind))
}

fn positions(edits: &[Edit], wanted: impl Fn(&Edit) -> bool) -> Vec<usize> {
    edits.iter().enumerate().filter(|(_, edit)| wanted(edit)).map(|(at, _)| at).collect()
}

/// The parts on the way: (element, part), both in lower case; an empty part stands for the element itself.
#[derive(Default)]
struct Way {
    parts: HashSet<(String, String)>,
    tables: BTreeSet<String>,
}

impl Way {
    fn follow(&mut self, judged: &Judged<'_>, effect: &Effect) {
        let catalog = &judged.model.catalog;
        let Some(entity) = catalog.find(&effect.element) else { return };
        self.add(catalog, entity, "");
        for field in &effect.fields {
            self.fields(catalog, entity, field);
        }
        let names: Vec<&str> = match effect.kind {
            EffectKind::RowAdded | EffectKind::RowRemoved => {
                effect.detail.iter().map(|name| &**name).collect()
            }
            _ => effect.path.iter().map(|name| &**name).collect(),
        };
        self.sources(catalog, entity, &names);
        for table in effect.table.iter().chain(&effect.tables).filter_map(|name| catalog.find(name)) {
            for table in catalog.with_ancestors(table) {
                self.add(catalog, table, "");
                self.tables.insert(key(&catalog.element(table).name.text));
            }
        }
    }

    fn add(&mut self, catalog: &Catalog, element: ElementId, part: &str) {
        self.parts.insert((key(&catalog.element(element).name.text), key(part)));
    }

    /// A field, and what it is bound to, level by level.
    fn fields(&mut self, catalog: &Catalog, element: ElementId, field: &str) {
        let (mut at, mut name) = (element, field.to_owned());
        // A field names each element on its way once, unless sources lead in a circle.
        for _ in 0..64 {
            self.add(catalog, at, &name);
            let element = catalog.element(at);
            let field = catalog.name(&name).and_then(|id| element.field(id)).map(|ix| element.field_at(ix));
            match field.map(|field| &field.binding) {
                Some(Binding::Mapped { source, field, .. }) => {
                    let Some(ix) = element.source(source.id) else { return };
                    self.source(catalog, at, ix);
                    let source = element.source_at(ix);
                    name = source.target_field(field).text.to_string();
                    let Some(target) = source.target else { return };
                    at = target;
                }
                Some(Binding::Computed { method: Some(method), .. }) => return self.add(catalog, at, method),
                _ => return,
            }
        }
    }

    /// Data sources from an element inward.
    fn sources(&mut self, catalog: &Catalog, element: ElementId, names: &[&str]) {
        let mut at = element;
        for name in names {
            let element = catalog.element(at);
            let Some(ix) = catalog.name(name).and_then(|id| element.source(id)) else {
                return self.add(catalog, at, name);
            };
            self.source(catalog, at, ix);
            let Some(target) = element.source_at(ix).target else { return };
            self.add(catalog, target, "");
            at = target;
        }
    }

    /// A data source with everything above it.
    fn source(&mut self, catalog: &Catalog, element: ElementId, ix: SourceIx) {
        let owner = catalog.element(element);
        for ix in std::iter::once(ix).chain(owner.ancestors(ix)) {
            self.add(catalog, element, &owner.source_at(ix).name.text);
        }
        // Which source is the first root decides what nested elements register.
        self.add(catalog, element, "");
    }

    fn explains(&self, edit: &Edit, effect: &Effect) -> bool {
        let element = key(&edit.element);
        let has = |part: &str| self.parts.contains(&(element.clone(), key(part)));
        let own = element == key(&effect.element);
        match edit.kind {
            EditKind::Property | EditKind::ElementAdded | EditKind::ElementRemoved => has(""),
            EditKind::EntryAdded | EditKind::EntryRemoved => {
                let table = edit.part.split(", ").nth(1).map(key).unwrap_or_default();
                own && (self.tables.contains(&table) || effect.kind == EffectKind::EntryInvalid)
            }
            EditKind::MapRowAdded | EditKind::MapRowRemoved => {
                let named = |field: &Symbol| field.eq_ignore_ascii_case(&edit.part);
                own && (effect.fields.iter().any(named) || effect.fields.is_empty())
            }
            EditKind::Method => own || has(&edit.part),
            EditKind::FieldRenamed => has(&edit.was) || has(&edit.is),
            EditKind::FieldAdded | EditKind::FieldRemoved | EditKind::FieldChanged => {
                has(&edit.part)
                    || (own && effect.detail.iter().any(|part| part.eq_ignore_ascii_case(&edit.part)))
            }
            _ => has(&edit.part),
        }
    }
}

/// The elements that the entity uses, on either side, and the entity itself.
fn used_elements(pair: Pair<'_>, effect: &Effect) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for side in [Side::Base, Side::Head] {
        let model = pair.side(side).model;
        let Some(id) = model.catalog.find(&effect.element) else { continue };
        let reached = model.graph.reach(id, Reach::Down, usize::MAX);
        used.insert(key(&model.catalog.element(id).name.text));
        used.extend(reached.into_iter().map(|(id, _)| key(&model.catalog.element(id).name.text)));
    }
    used
}

/// Relations and added fields alone change no verdict.
fn matters(kind: EditKind) -> bool {
    !matches!(kind, EditKind::FieldAdded)
}
