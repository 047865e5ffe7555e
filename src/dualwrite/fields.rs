//! Which fields of which entities are mapped.

use super::map::{Direction, FieldMapping, Leg, TableMap};
use super::resolve::{MatchedBy, Resolver};
use crate::problem::{Code, Problem};
use crate::text::{NearestIndex, did_you_mean, name_key, name_order};
use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap, HashSet};

/// The fields that an entity has.
#[derive(Clone, Debug, Default)]
pub struct EntityFields<'a> {
    /// Names as defined; of two that differ in case only the first counts.
    pub names: Vec<&'a str>,
    /// Only extensions of the entity are loaded, so that a missing field proves nothing.
    pub partial: bool,
}

/// The row of a map: indices of map, leg and field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowId {
    /// Index in the list of maps.
    pub map: usize,
    /// Index in [`TableMap::legs`].
    pub leg: usize,
    /// Index in [`Leg::fields`].
    pub field: usize,
}

/// A leg that maps an entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MappedLeg {
    /// Index in the list of maps.
    pub map: usize,
    /// Index in [`TableMap::legs`].
    pub leg: usize,
    /// How the entity was found.
    pub by: MatchedBy,
}

/// An entity field that occurs in maps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappedField {
    /// Spelled as the entity spells it.
    pub name: Box<str>,
    /// Some row sends it to Dataverse (direction 1 or 3): the field counts.
    pub outbound: bool,
    /// Some row receives it from Dataverse (direction 2 or 3).
    pub inbound: bool,
    /// It is sent, and only to columns behind lookups (`a.b`).
    pub lookup_only: bool,
    /// The rows that name it, in order.
    pub rows: Vec<RowId>,
}

impl MappedField {
    /// Whether the field only ever comes from Dataverse, so that a change of it in F&O is never sent.
    pub fn is_one_way_inbound(&self) -> bool {
        self.inbound && !self.outbound
    }
}

/// What all maps together say of one entity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappedEntity {
    /// Index of the entity in the resolver's list.
    pub entity: usize,
    /// The legs that map it, in order.
    pub legs: Vec<MappedLeg>,
    /// Its fields in these legs, by name.
    pub fields: Vec<MappedField>,
}

impl MappedEntity {
    /// The fields that count: those that some row sends to Dataverse.
    pub fn counted(&self) -> impl Iterator<Item = &MappedField> {
        self.fields.iter().filter(|field| field.outbound)
    }

    /// The field of this name, in any case.
    pub fn field(&self, name: &str) -> Option<&MappedField> {
        self.fields.iter().find(|field| field.name.eq_ignore_ascii_case(name))
    }
}

/// The entities in maps, and what does not fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapped {
    /// By name of the entity.
    pub entities: Vec<MappedEntity>,
    /// Legs whose entity is not loaded, in the order of the maps.
    pub unmatched_legs: Vec<UnmatchedLeg>,
    /// Rows of fields that their entity does not have, in the order of the maps.
    pub unmatched_rows: Vec<UnmatchedRow>,
    /// A complaint for each of them, once per file.
    pub problems: Vec<Problem>,
}

/// A leg for which no entity is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnmatchedLeg {
    /// Index in the list of maps.
    pub map: usize,
    /// Index in [`TableMap::legs`].
    pub leg: usize,
    /// The loaded entities with the nearest names.
    pub nearest: Vec<String>,
}

/// A row whose field a completely loaded entity does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnmatchedRow {
    /// The row.
    pub row: RowId,
    /// The fields with the nearest names.
    pub nearest: Vec<String>,
}

/// Finds the entity of each leg and unites the fields of all legs of an entity.
///
/// `fields_of` gives the fields of an entity by its index in the resolver's list; it is asked once per mapped entity.
pub fn mapped_fields<'a>(
    maps: &[TableMap],
    resolver: &Resolver<'a>,
    fields_of: &dyn Fn(usize) -> EntityFields<'a>,
) -> Mapped {
    let mut collector = Collector::default();
    let candidates = OnceCell::new();
    for (map_index, map) in maps.iter().enumerate() {
        for (leg_index, leg) in map.legs.iter().enumerate() {
            if let Some((entity, by)) = resolver.find(&leg.source_schema) {
                let known =
                    collector.entities.entry(entity).or_insert_with(|| Entity::new(fields_of(entity)));
                known.legs.push(MappedLeg { map: map_index, leg: leg_index, by });
                let unknown = known.add((map_index, leg_index), leg);
                let name = &resolver.entities()[entity].name;
                collector.unknown_fields(map, name, leg, unknown);
            } else {
                let near =
                    resolver.nearest(&leg.source_schema, candidates.get_or_init(|| resolver.candidates()));
                collector.unknown_entity(map, leg, &near);
                collector.legs.push(UnmatchedLeg { map: map_index, leg: leg_index, nearest: near });
            }
        }
    }
    collector.finish(resolver)
}

#[derive(Default)]
struct Collector<'a> {
    entities: BTreeMap<usize, Entity<'a>>,
    seen: HashSet<(Box<str>, String)>,
    legs: Vec<UnmatchedLeg>,
    rows: Vec<UnmatchedRow>,
    problems: Vec<Problem>,
}

impl Collector<'_> {
    /// A problem of a map's file is told once.
    fn problem(&mut self, code: Code, map: &TableMap, what: &str) -> Option<Problem> {
        let is_new = self.seen.insert((map.file.path.clone(), format!("{} {what}", code.id())));
        is_new.then(|| Problem::new(code, None).with("path", &map.file.path).with("map", map.display_name()))
    }

    fn unknown_entity(&mut self, map: &TableMap, leg: &Leg, near: &[String]) {
        let schema = if leg.source_schema.is_empty() { "(no sourceSchema)" } else { &leg.source_schema };
        if let Some(problem) = self.problem(Code::UnmatchedMapEntity, map, &name_key(schema)) {
            self.problems.push(problem.with("schema", schema).with("nearest", did_you_mean(near)));
        }
    }

    fn unknown_fields(&mut self, map: &TableMap, entity: &str, leg: &Leg, rows: Vec<UnmatchedRow>) {
        for row in &rows {
            let field = &leg.fields[row.row.field].source_field;
            let what = name_key(&format!("{entity}.{field}"));
            let Some(problem) = self.problem(Code::UnmatchedMapField, map, &what) else { continue };
            let problem = problem.with("element", entity).with("field", field);
            self.problems.push(problem.with("nearest", did_you_mean(&row.nearest)));
        }
        self.rows.extend(rows);
    }

    fn finish(self, resolver: &Resolver<'_>) -> Mapped {
        let entities = self.entities.into_iter().map(|(entity, known)| known.finish(entity));
        let mut entities: Vec<_> = entities.collect();
        let name = |mapped: &MappedEntity| &resolver.entities()[mapped.entity].name;
        entities.sort_by(|a, b| name_order(name(a), name(b)));
        Mapped { entities, unmatched_legs: self.legs, unmatched_rows: self.rows, problems: self.problems }
    }
}

struct Entity<'a> {
    names: HashMap<String, &'a str>,
    fields: EntityFields<'a>,
    candidates: OnceCell<NearestIndex<'a>>,
    legs: Vec<MappedLeg>,
    mapped: BTreeMap<&'a str, MappedField>,
}

impl<'a> Entity<'a> {
    fn new(fields: EntityFields<'a>) -> Self {
        let mut names = HashMap::new();
        for name in &fields.names {
            names.entry(name_key(name)).or_insert(*name);
        }
        Self { names, fields, candidates: OnceCell::new(), legs: Vec::new(), mapped: BTreeMap::new() }
    }

    /// Takes the rows of a leg; gives those of fields that the complete entity does not have.
    fn add(&mut self, (map, leg_index): (usize, usize), leg: &Leg) -> Vec<UnmatchedRow> {
        let mut unknown = Vec::new();
        for (field, row) in leg.fields.iter().enumerate().filter(|(_, row)| !row.source_field.is_empty()) {
            let id = RowId { map, leg: leg_index, field };
            match self.names.get(&name_key(&row.source_field)) {
                Some(name) => {
                    let known = self.mapped.entry(name).or_insert_with(|| unmapped(name));
                    take(known, row, id);
                }
                None if self.fields.partial => {}
                None => unknown.push(UnmatchedRow { row: id, nearest: self.nearest(&row.source_field) }),
            }
        }
        unknown
    }

    fn nearest(&self, field: &str) -> Vec<String> {
        let candidates = self.candidates.get_or_init(|| NearestIndex::new(self.fields.names.iter().copied()));
        candidates.find(field, 3).into_iter().map(str::to_owned).collect()
    }

    fn finish(self, entity: usize) -> MappedEntity {
        let mut fields: Vec<_> = self.mapped.into_values().collect();
        fields.sort_by(|a, b| name_order(&a.name, &b.name));
        MappedEntity { entity, legs: self.legs, fields }
    }
}

fn unmapped(name: &str) -> MappedField {
    MappedField { name: name.into(), outbound: false, inbound: false, lookup_only: false, rows: Vec::new() }
}

fn take(field: &mut MappedField, row: &FieldMapping, id: RowId) {
    if row.direction.is_outbound() {
        field.lookup_only = row.is_lookup() && (field.lookup_only || !field.outbound);
        field.outbound = true;
    }
    field.inbound |= row.direction.is_inbound();
    if row.direction != Direction::Unknown {
        field.rows.push(id);
    }
}

#[cfg(test)]
#[path = "fields_tests.rs"]
mod tests;
