//! What each table map comes to: the entity that it found, its fields with their verdicts, its keys and the rows
//! that it writes.

mod field;
mod key;

pub use field::{Counts, FieldView, Target};
pub use key::{KeyField, KeyOrigin, KeyView, Way};

use crate::catalog::{Catalog, ElementId};
use crate::dualwrite::{ENGLISH, Leg, MappedEntity, MatchedBy, OtherVersion, RowId, TableMap};
use crate::engine::{Judged, Maps};
use crate::text::{name_key, name_order};
use crate::tracking::Definition;
use std::cmp::Reverse;

/// A table map.
#[derive(Debug)]
pub struct MapView<'a> {
    /// What the file says.
    pub map: &'a TableMap,
    /// Its versions that do not count.
    pub others: Vec<&'a OtherVersion>,
    /// Its legs, in order.
    pub legs: Vec<LegView<'a>>,
}

/// A leg of a table map.
#[derive(Debug)]
pub struct LegView<'a> {
    /// What the file says.
    pub leg: &'a Leg,
    /// The entity, when it is loaded.
    pub entity: Option<FoundEntity>,
    /// The entities with the nearest names, when it is not.
    pub nearest: &'a [String],
    /// The field rows, in order.
    pub fields: Vec<FieldView<'a>>,
    /// The keys by which the two sides find each other.
    pub keys: Vec<KeyView<'a>>,
    /// The rows of `BusinessEventsDefinition` of the entity; they stand for all maps of the entity together.
    pub definitions: &'a [Definition],
}

/// How a leg found its entity.
#[derive(Debug)]
pub struct FoundEntity {
    /// The entity.
    pub id: ElementId,
    /// The rule.
    pub by: MatchedBy,
    /// The label text that fits, when that was the rule.
    pub label: Option<FoundLabel>,
    /// So many other legs map the same entity.
    pub shared: usize,
}

/// A label text by which an entity was found.
#[derive(Debug)]
pub struct FoundLabel {
    /// The text.
    pub text: String,
    /// Its language.
    pub language: String,
    /// The label file, relative to its metadata root; none where a snapshot keeps the text.
    pub file: Option<String>,
}

/// All table maps of a run, those with problems first; nothing when no maps were given.
pub fn overview<'a>(judged: &'a Judged<'_>) -> Vec<MapView<'a>> {
    let Some(maps) = &judged.maps else { return Vec::new() };
    let reader = Reader { judged, maps };
    let mut views: Vec<_> = (0..maps.maps.len()).map(|index| reader.map(index)).collect();
    views.sort_by(|a, b| {
        let name = a.map.display_name();
        Reverse(a.worst()).cmp(&Reverse(b.worst())).then_with(|| name_order(name, b.map.display_name()))
    });
    views
}

/// How bad a map is; what is greater stands first.
#[derive(Default, PartialEq, Eq, PartialOrd, Ord)]
struct Worst {
    unmatched_legs: usize,
    not_triggered: usize,
    /// Rows and keys that have to be put right.
    wrong: usize,
    open: usize,
    empty: bool,
}

impl MapView<'_> {
    /// Counts of all its legs.
    pub fn counts(&self) -> Counts {
        self.legs.iter().map(|leg| Counts::of(&leg.fields)).sum()
    }

    /// It has legs, and no leg has a loaded entity: nothing can be said of it.
    pub fn is_unmatched(&self) -> bool {
        !self.legs.is_empty() && self.legs.iter().all(|leg| leg.entity.is_none())
    }

    /// Something is to be done about it, or cannot be said.
    pub fn has_problem(&self) -> bool {
        self.worst() > Worst::default()
    }

    fn worst(&self) -> Worst {
        let counts = self.counts();
        let keys = self.legs.iter().filter(|leg| leg.has_broken_key()).count();
        Worst {
            unmatched_legs: self.legs.iter().filter(|leg| leg.entity.is_none()).count(),
            not_triggered: counts.never + counts.partly,
            wrong: counts.missing + counts.unknown_way + keys,
            open: counts.open,
            empty: counts.rows == 0,
        }
    }
}

#[derive(Clone, Copy)]
struct Reader<'a, 'm> {
    judged: &'a Judged<'m>,
    maps: &'a Maps,
}

impl<'a> Reader<'a, '_> {
    fn catalog(self) -> &'a Catalog {
        &self.judged.model.catalog
    }

    fn map(self, index: usize) -> MapView<'a> {
        let map = &self.maps.maps[index];
        MapView {
            map,
            others: self.maps.others.iter().filter(|other| other.counted == index).collect(),
            legs: (0..).zip(&map.legs).map(|(position, leg)| self.leg(index, position, leg)).collect(),
        }
    }

    fn leg(self, map: usize, position: usize, leg: &'a Leg) -> LegView<'a> {
        let entity = self.entity(map, position, leg);
        let id = entity.as_ref().map(|entity| entity.id);
        let row = |field| RowId { map, leg: position, field };
        let fields = (0..).zip(&leg.fields).map(|(field, mapping)| self.field(id, row(field), mapping));
        let unmatched = &self.maps.mapped.unmatched_legs;
        let found =
            unmatched.binary_search_by_key(&(map, position), |unmatched| (unmatched.map, unmatched.leg));
        LegView {
            leg,
            nearest: found.map(|index| &*unmatched[index].nearest).unwrap_or_default(),
            fields: fields.collect(),
            keys: key::keys(leg, id.map(|id| self.catalog().element(id))),
            definitions: id.map(|id| self.definitions(id)).unwrap_or_default(),
            entity,
        }
    }

    fn entity(self, map: usize, leg_index: usize, leg: &Leg) -> Option<FoundEntity> {
        let find = |entity: &MappedEntity| {
            let mut legs = entity.legs.iter();
            legs.find(|leg| (leg.map, leg.leg) == (map, leg_index)).map(|leg| leg.by)
        };
        let mapped = &self.maps.mapped.entities;
        let (entity, by) = mapped.iter().find_map(|entity| Some((entity, find(entity)?)))?;
        let id = self.maps.entities[entity.entity];
        let label = (by == MatchedBy::LabelText).then(|| self.label(id, &leg.source_schema)).flatten();
        Some(FoundEntity { id, by, label, shared: entity.legs.len() - 1 })
    }

    /// The label text that reads like the name in the map.
    fn label(self, id: ElementId, schema: &str) -> Option<FoundLabel> {
        let label = self.catalog().element(id).entity.label.as_deref()?;
        let fits = |text: &str| name_key(text) == name_key(schema);
        let from_file =
            self.maps.labels.get(label).into_iter().find(|found| fits(&found.text)).map(|found| {
                let file = Some(found.file.path.to_string());
                FoundLabel { text: found.text, language: found.file.language.to_string(), file }
            });
        let kept = || self.judged.model.kept_label(label).filter(|text| fits(text));
        let from_snapshot = || {
            kept().map(|text| FoundLabel { text: text.to_owned(), language: ENGLISH.to_owned(), file: None })
        };
        from_file.or_else(from_snapshot)
    }

    /// The predicted rows of an entity, which stand together.
    fn definitions(self, id: ElementId) -> &'a [Definition] {
        let name = &self.catalog().element(id).name.text;
        let rows = &self.judged.analysis.definitions;
        let start = rows.partition_point(|row| name_order(&row.ref_entity_name, name).is_lt());
        let end = rows.partition_point(|row| name_order(&row.ref_entity_name, name).is_le());
        &rows[start..end]
    }
}
