//! Why we do not predict a row that the dump has.

use crate::catalog::{Catalog, ElementId, ElementKind, SourceIx};
use crate::dualwrite::DumpRow;
use crate::source::Place;
use crate::text::{Symbol, nearest};
use crate::tracking::{EntityAnalysis, ResolvedEntry, Status};

/// At most so many near names are offered.
pub(super) const NEAR: usize = 3;

/// Why we do not predict a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Absence {
    /// No entity of this name is loaded.
    EntityNotLoaded {
        /// The nearest names.
        near: Vec<Symbol>,
    },
    /// The name of the entity means something else.
    NotAnEntity(ElementKind),
    /// Only extensions of the entity are loaded.
    OnlyExtensions,
    /// No map sends the entity; without maps, it is not public.
    OutOfScope,
    /// An entry that would write the row stands in a comment: position in
    /// [`crate::tracking::MappingAnalysis::disabled`].
    CommentedOut(usize),
    /// An entry that would write the row is invalid: position in [`crate::tracking::MappingAnalysis::entries`].
    InvalidEntry(usize),
    /// The data source is not tracked, or it cannot be said; its verdict says why.
    Source(SourceIx),
    /// The data source is tracked, and registers another table.
    OtherTable {
        /// The data source.
        source: SourceIx,
        /// What it registers.
        registers: Option<ElementId>,
    },
    /// An entry with this label registers another table: position in
    /// [`crate::tracking::MappingAnalysis::entries`].
    OtherEntry(usize),
    /// The entity has no such data source and no entry with this label; its mapping method cannot be read here.
    UnreadableMethod(Place),
    /// The entity has no such data source and no entry with this label.
    NoSuchSource {
        /// The nearest names.
        near: Vec<Symbol>,
    },
}

impl Absence {
    /// The value in machine output.
    pub fn id(&self) -> &'static str {
        match self {
            Absence::EntityNotLoaded { .. } => "entity_not_loaded",
            Absence::NotAnEntity(_) => "not_an_entity",
            Absence::OnlyExtensions => "only_extensions_loaded",
            Absence::OutOfScope => "out_of_scope",
            Absence::CommentedOut(_) => "entry_commented_out",
            Absence::InvalidEntry(_) => "entry_invalid",
            Absence::Source(_) => "data_source",
            Absence::OtherTable { .. } => "other_table",
            Absence::OtherEntry(_) => "entry_of_other_table",
            Absence::UnreadableMethod(_) => "mapping_method_unreadable",
            Absence::NoSuchSource { .. } => "no_such_data_source",
        }
    }
}

/// What the table of a row is to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableStanding {
    /// A table.
    Loaded,
    /// Nothing of this name is loaded.
    NotLoaded,
    /// The name means something else.
    NotATable(ElementKind),
}

impl TableStanding {
    /// The value in machine output.
    pub fn id(self) -> &'static str {
        match self {
            TableStanding::Loaded => "loaded",
            TableStanding::NotLoaded => "not_loaded",
            TableStanding::NotATable(_) => "not_a_table",
        }
    }
}

pub(super) fn table_standing(catalog: &Catalog, table: &str) -> TableStanding {
    match catalog.find(table).map(|id| catalog.element(id).kind) {
        Some(ElementKind::Table) => TableStanding::Loaded,
        Some(kind) => TableStanding::NotATable(kind),
        None => TableStanding::NotLoaded,
    }
}

/// Why we do not predict a row of an entity in scope.
pub(super) fn absence(catalog: &Catalog, entity: &EntityAnalysis, row: &DumpRow) -> Absence {
    let element = catalog.element(entity.id);
    let mapping = &entity.mapping;
    let of_table = |entry: &ResolvedEntry| is(entry.table.as_ref(), &row.table);
    let of_label = |entry: &ResolvedEntry| is(entry.label.as_ref(), &row.source);
    let of_both = |entry: &ResolvedEntry| of_label(entry) && of_table(entry);
    if let Some(entry) = mapping.disabled.iter().position(of_both) {
        return Absence::CommentedOut(entry);
    }
    if let Some(entry) = mapping.entries.iter().position(of_both) {
        return Absence::InvalidEntry(entry);
    }
    if let Some(source) = catalog.name(&row.source).and_then(|name| element.source(name)) {
        let verdict = &entity.sources[source.0 as usize];
        return match verdict.status {
            Status::Tracked => Absence::OtherTable { source, registers: verdict.registers },
            _ => Absence::Source(source),
        };
    }
    if let Some(entry) = mapping.entries.iter().position(|e| of_label(e) && e.verdict.makes_row()) {
        return Absence::OtherEntry(entry);
    }
    match mapping.undecidable.first() {
        Some(place) => Absence::UnreadableMethod(*place),
        None => Absence::NoSuchSource { near: Vec::new() },
    }
}

fn is(name: Option<&Symbol>, wanted: &str) -> bool {
    name.is_some_and(|name| name.eq_ignore_ascii_case(wanted))
}

/// The names of data sources and labels that are nearest to one that an entity does not have.
pub(super) fn near_sources(catalog: &Catalog, entity: &EntityAnalysis, name: &str) -> Vec<Symbol> {
    let sources = catalog.element(entity.id).sources().map(|(_, source)| &*source.name.text);
    let labels = entity.mapping.entries.iter().filter_map(|e| e.label.as_deref());
    nearest(name, sources.chain(labels), NEAR).into_iter().map(Symbol::from).collect()
}
