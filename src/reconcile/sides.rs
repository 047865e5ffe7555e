//! Both sides, row by row.

use super::absence::{NEAR, absence, near_sources, table_standing};
use super::{Absence, EntityRows, Group, Input, Row, Standing, TableStanding};
use crate::catalog::{ElementId, ElementKind};
use crate::dualwrite::{Column, DumpRow};
use crate::text::{NearestIndex, Symbol, name_key};
use crate::tracking::{Definition, EntityAnalysis, Writer, writers};
use std::collections::BTreeMap;

/// Rows and entities before anything is said of causes.
pub(super) struct Compared {
    pub(super) rows: Vec<Row>,
    pub(super) entities: Vec<EntityRows>,
    pub(super) unseen: (usize, usize),
}

/// An entity with what either side has of it.
struct Side {
    name: Symbol,
    id: Option<ElementId>,
    dump: Vec<usize>,
}

/// Near names are looked for this often; a dump of another system would match nothing at all.
const SUGGESTIONS: usize = 200;

/// Names that are near to unknown ones.
struct Names<'a> {
    entities: NearestIndex<'a>,
    /// How often they are still looked for.
    left: usize,
}

impl Names<'_> {
    fn near(&mut self, find: impl FnOnce(&NearestIndex) -> Vec<Symbol>) -> Vec<Symbol> {
        let Some(left) = self.left.checked_sub(1) else { return Vec::new() };
        self.left = left;
        find(&self.entities)
    }
}

/// A row of one entity: table and data source in lower case.
type Key = (String, String);

/// A row that we predict, with all that write it.
#[derive(Default)]
struct Predicted {
    table: Symbol,
    source: Symbol,
    writers: Vec<Writer>,
    fields: Vec<Symbol>,
}

/// Puts both sides beside each other.
pub(super) fn compare(input: &Input) -> Compared {
    let mut compared = Compared { rows: Vec::new(), entities: Vec::new(), unseen: (0, 0) };
    let entities = NearestIndex::new(input.catalog.entities().map(|(_, e)| &*e.name.text));
    let mut names = Names { entities, left: SUGGESTIONS };
    for side in sides(input).into_values() {
        let standing = standing(input, &side);
        let predicted = predicted(input, &side, standing);
        if standing == Standing::Silent && input.assumed {
            compared.unseen.0 += usize::from(!predicted.is_empty());
            compared.unseen.1 += predicted.len();
        } else if !(predicted.is_empty() && side.dump.is_empty()) {
            compared.add(input, &mut names, &side, standing, predicted);
        }
    }
    compared
}

fn sides(input: &Input) -> BTreeMap<String, Side> {
    let mut sides: BTreeMap<String, Side> = BTreeMap::new();
    for entity in input.analysis.entities.iter().filter(|e| e.in_scope) {
        let name = &input.catalog.element(entity.id).name.text;
        let side = Side { name: name.clone(), id: Some(entity.id), dump: Vec::new() };
        sides.insert(name_key(name), side);
    }
    for (position, row) in input.dump.rows.iter().enumerate() {
        let side = sides.entry(name_key(&row.entity)).or_insert_with(|| {
            let id = input.catalog.find(&row.entity);
            let name = id
                .map_or_else(|| Symbol::from(&*row.entity), |id| input.catalog.element(id).name.text.clone());
            Side { name, id, dump: Vec::new() }
        });
        side.dump.push(position);
    }
    sides
}

fn standing(input: &Input, side: &Side) -> Standing {
    let Some(id) = side.id else { return Standing::NotLoaded };
    let element = input.catalog.element(id);
    let in_scope = input.analysis.entity(id).is_some_and(|e| e.in_scope);
    match element.kind {
        ElementKind::Entity if element.is_partial() => Standing::OnlyExtensions,
        ElementKind::Entity if !in_scope => Standing::OutOfScope,
        ElementKind::Entity if side.dump.is_empty() => Standing::Silent,
        ElementKind::Entity => Standing::Compared,
        kind => Standing::NotAnEntity(kind),
    }
}

/// The rows of an entity in scope, each key once.
fn predicted(input: &Input, side: &Side, standing: Standing) -> BTreeMap<Key, Predicted> {
    let mut rows: BTreeMap<Key, Predicted> = BTreeMap::new();
    let analysis = side.id.and_then(|id| input.analysis.entity(id));
    let Some(entity) = analysis.filter(|e| e.in_scope && standing != Standing::OutOfScope) else {
        return rows;
    };
    for (writer, definition) in writers(input.catalog, entity) {
        let row = rows.entry(key_of(&definition)).or_default();
        if row.writers.is_empty() {
            (row.table, row.source) = (definition.ref_table_name, definition.data_source_name);
        }
        row.writers.push(writer);
        row.fields.extend(definition.ref_table_rec_id_field);
    }
    rows
}

fn key_of(row: &Definition) -> Key {
    (name_key(&row.ref_table_name), name_key(&row.data_source_name))
}

impl Compared {
    fn add(
        &mut self,
        input: &Input,
        names: &mut Names,
        side: &Side,
        standing: Standing,
        mut predicted: BTreeMap<Key, Predicted>,
    ) {
        let entity = self.entities.len();
        let mut rows: BTreeMap<Key, Row> = BTreeMap::new();
        let mut keys: BTreeMap<Key, usize> = BTreeMap::new();
        for position in &side.dump {
            let row = &input.dump.rows[*position];
            keys.insert((name_key(&row.table), name_key(&row.source)), *position);
        }
        let absences = Absences::new(input, names, side, standing);
        let compared = matches!(standing, Standing::Compared | Standing::Silent);
        for (key, position) in keys {
            let dump = &input.dump.rows[position];
            let mut row = match predicted.remove(&key) {
                Some(ours) => {
                    Row { other_field: is_other_field(dump, &ours), ..both(entity, ours, Group::Both) }
                }
                None => only_dump(input, entity, dump, absences.of(dump, names)),
            };
            row.dump = Some(position);
            rows.insert(key, row);
        }
        for (key, ours) in predicted {
            rows.insert(key, both(entity, ours, Group::OnlyPredicted));
        }
        let count = |group| rows.values().filter(|row| row.group == group).count();
        self.entities.push(EntityRows {
            name: side.name.clone(),
            id: side.id,
            standing,
            both: count(Group::Both),
            only_predicted: count(Group::OnlyPredicted),
            only_dump: count(Group::OnlyDump),
        });
        self.rows.extend(rows.into_values().map(|row| Row { compared, ..row }));
    }
}

/// Why rows of an entity are not predicted.
struct Absences<'a> {
    input: &'a Input<'a>,
    /// One reason for all of them.
    whole: Option<Absence>,
    analysis: Option<&'a EntityAnalysis>,
}

impl<'a> Absences<'a> {
    fn new(input: &'a Input<'a>, names: &mut Names, side: &Side, standing: Standing) -> Self {
        let whole = match standing {
            Standing::NotLoaded => {
                let find =
                    |all: &NearestIndex| all.find(&side.name, NEAR).into_iter().map(Symbol::from).collect();
                Some(Absence::EntityNotLoaded { near: names.near(find) })
            }
            Standing::NotAnEntity(kind) => Some(Absence::NotAnEntity(kind)),
            Standing::OnlyExtensions => Some(Absence::OnlyExtensions),
            Standing::OutOfScope => Some(Absence::OutOfScope),
            Standing::Compared | Standing::Silent => None,
        };
        Self { input, whole, analysis: side.id.and_then(|id| input.analysis.entity(id)) }
    }

    fn of(&self, row: &DumpRow, names: &mut Names) -> Absence {
        let (None, Some(entity)) = (&self.whole, self.analysis) else {
            return self.whole.clone().unwrap_or(Absence::OutOfScope);
        };
        let catalog = self.input.catalog;
        match absence(catalog, entity, row) {
            Absence::NoSuchSource { .. } => {
                let near = names.near(|_| near_sources(catalog, entity, &row.source));
                Absence::NoSuchSource { near }
            }
            known => known,
        }
    }
}

/// A row that we predict.
fn both(entity: usize, ours: Predicted, group: Group) -> Row {
    Row {
        group,
        entity,
        table: ours.table,
        source: ours.source,
        compared: false,
        dump: None,
        writers: ours.writers,
        absence: None,
        standing: TableStanding::Loaded,
        other_field: false,
        causes: Vec::new(),
        agrees_under: Vec::new(),
    }
}

fn only_dump(input: &Input, entity: usize, dump: &DumpRow, absence: Absence) -> Row {
    let catalog = input.catalog;
    let found = catalog.find(&dump.table);
    let table = found.map_or_else(|| Symbol::from(&*dump.table), |id| catalog.element(id).name.text.clone());
    let ours = Predicted { table, source: Symbol::from(&*dump.source), ..Predicted::default() };
    let standing = table_standing(catalog, &dump.table);
    Row { absence: Some(absence), standing, ..both(entity, ours, Group::OnlyDump) }
}

/// The dump names a field, not its number, and it is none of ours.
fn is_other_field(dump: &DumpRow, ours: &Predicted) -> bool {
    let Some(field) = dump.get(Column::RefTableRecIdField) else { return false };
    let is_name = field.starts_with(|c: char| c.is_ascii_alphabetic());
    is_name && !ours.fields.iter().any(|own| own.eq_ignore_ascii_case(field))
}
