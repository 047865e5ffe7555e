//! Why a row of `BusinessEventsDefinition` is predicted, or why not, in one clause.

use super::{Basis, Teller, by_reason, entry_state, entry_text, shown};
use crate::catalog::{ElementId, ElementKind};
use crate::reconcile::{Absence, EntityRows, Row, TableStanding};
use crate::source::Place;
use crate::text::{Symbol, did_you_mean};
use crate::tracking::{EntityAnalysis, Reason, Status, Writer, missing_of_source};

/// Our side of a row.
#[derive(Clone, Debug)]
pub(crate) struct Why {
    /// In words.
    pub(crate) text: String,
    /// Where it stands in the metadata.
    pub(crate) place: Option<Place>,
    /// The rules behind it, the deciding one first.
    pub(crate) basis: Vec<Basis>,
    /// The reason that a verdict gives, where there is one.
    pub(crate) reason: Option<Reason>,
}

fn why(text: String, place: Option<Place>) -> Why {
    Why { text, place, basis: Vec::new(), reason: None }
}

/// A kind with its article.
fn a_kind(kind: ElementKind) -> &'static str {
    match kind {
        ElementKind::Table => "a table",
        ElementKind::View => "a view",
        ElementKind::Entity => "an entity",
        ElementKind::Map => "a table map",
    }
}

fn near(names: &[Symbol]) -> String {
    let names: Vec<String> = names.iter().map(|name| shown(name)).collect();
    did_you_mean(&names)
}

impl Teller<'_> {
    /// What writes a row, as we predict it.
    pub(crate) fn why_row(&self, entity: &EntityAnalysis, writer: Writer) -> Why {
        let basis = self.row_basis(entity, writer);
        let element = self.element(entity.id);
        match writer {
            Writer::Source(ix) => {
                let source = element.source_at(ix);
                let reason = entity.sources[ix.0 as usize].reason;
                let because = match reason {
                    Some(Reason::SkipMethod) => "dualWriteShouldSkipDataSource keeps it",
                    _ => "a field that is sent comes from it",
                };
                let text = format!("data source {}: {because}", self.source(source));
                Why { text, place: Some(source.place), basis, reason }
            }
            Writer::Beyond(ix) => {
                let source = element.source_at(ix);
                let text = format!("data source {}: the table is reached through it", self.source(source));
                Why { text, place: Some(source.place), basis, reason: None }
            }
            Writer::Entry(position) => {
                let entry = &entity.mapping.entries[position];
                let text = format!("entry {}: {}", entry_text(entry), entry_state(entry));
                Why { text, place: Some(entry.place), basis, reason: None }
            }
        }
    }

    /// Why a row of a dump is not predicted.
    pub(crate) fn why_no_row(&self, entity: &EntityRows, row: &Row) -> Why {
        let analysis = entity.id.and_then(|id| self.judged.analysis.entity(id));
        let name = shown(&entity.name);
        let Some(absence) = &row.absence else { return why(String::new(), None) };
        let known = match (absence, analysis) {
            (Absence::EntityNotLoaded { .. }, _) => why(format!("no entity called {name} is loaded"), None),
            (Absence::NotAnEntity(kind), _) => {
                why(format!("{name} is {}, not an entity", a_kind(*kind)), None)
            }
            (Absence::OnlyExtensions, _) => {
                why(format!("only extensions of {name} are loaded, not {name} itself"), None)
            }
            (_, Some(analysis)) => self.absent(analysis, &name, row, absence),
            (_, None) => why(format!("{name} is out of scope"), None),
        };
        let near = match absence {
            Absence::EntityNotLoaded { near: names } | Absence::NoSuchSource { near: names } => near(names),
            _ => String::new(),
        };
        // What is not known of a data source says it of its table.
        let table = if matches!(absence, Absence::Source(_)) { String::new() } else { table_words(row) };
        Why { text: format!("{}{table}{near}", known.text), ..known }
    }

    fn absent(&self, entity: &EntityAnalysis, name: &str, row: &Row, absence: &Absence) -> Why {
        let entry_at = |position: usize| &entity.mapping.entries[position];
        match absence {
            Absence::CommentedOut(position) => {
                let entry = &entity.mapping.disabled[*position];
                why(format!("the entry {} is commented out", entry_text(entry)), Some(entry.place))
            }
            Absence::InvalidEntry(position) => {
                let entry = entry_at(*position);
                why(format!("the entry {} is {}", entry_text(entry), entry.verdict.id()), Some(entry.place))
            }
            Absence::OtherEntry(position) => {
                let entry = entry_at(*position);
                let text = format!("the entry with this label is for another table: {}", entry_text(entry));
                why(text, Some(entry.place))
            }
            Absence::OtherTable { source, registers } => {
                let source = self.element(entity.id).source_at(*source);
                let table = registers.map_or_else(|| "another table".to_owned(), |t| self.name(t));
                let text = format!("data source {} registers {table}", self.source(source));
                why(text, Some(source.place))
            }
            Absence::Source(ix) => self.untracked(entity, *ix),
            Absence::UnreadableMethod(place) => why(
                format!(
                    "{name} has no data source and no entry called {}; a statement of its mapping method cannot be read",
                    shown(&row.source)
                ),
                Some(*place),
            ),
            Absence::NoSuchSource { .. } if row.source.is_empty() => {
                why("the row names no data source".to_owned(), None)
            }
            Absence::NoSuchSource { .. } => {
                why(format!("{name} has no data source and no entry called {}", shown(&row.source)), None)
            }
            Absence::EntityNotLoaded { .. }
            | Absence::NotAnEntity(_)
            | Absence::OnlyExtensions
            | Absence::OutOfScope => {
                let text = self.why_not_sent(entity, None, name);
                why(text.unwrap_or_else(|| format!("{name} is out of scope")), self.element(entity.id).place)
            }
        }
    }

    fn untracked(&self, entity: &EntityAnalysis, ix: crate::catalog::SourceIx) -> Why {
        let verdict = &entity.sources[ix.0 as usize];
        let source = self.element(entity.id).source_at(ix);
        let name = shown(&source.name.text);
        let text = match (verdict.status, verdict.reason) {
            (Status::Unresolved, _) => {
                let model = self.judged.model;
                let missing = missing_of_source(self.catalog(), &model.graph, entity.id, ix);
                format!(
                    "whether data source {name} registers anything is not known: {}",
                    self.missing(&missing)
                )
            }
            (Status::Undecidable, _) => format!(
                "dualWriteShouldSkipDataSource decides about data source {name} in a way that cannot be read"
            ),
            (_, Some(reason)) => self.untracked_source(entity, ix, reason),
            (_, None) => format!("data source {name} is not tracked"),
        };
        let basis = verdict.reason.map(by_reason).into_iter().collect();
        Why { text, place: Some(source.place), basis, reason: verdict.reason }
    }

    /// The table maps of an entity, as part of a sentence: `the table map X`.
    pub(crate) fn maps_in_words(&self, entity: Option<ElementId>, name: &str) -> String {
        let maps = entity.map(|id| self.judged.maps_of(id)).unwrap_or_default();
        match maps.as_slice() {
            [] => format!("every table map of {name}"),
            [only] => format!("the table map {}", shown(only)),
            [first, more @ ..] => format!("the table map {} and {} more of {name}", shown(first), more.len()),
        }
    }
}

/// What the table of a row is, where it is not simply a table that is loaded.
fn table_words(row: &Row) -> String {
    let table = shown(&row.table);
    match row.standing {
        TableStanding::Loaded => String::new(),
        TableStanding::NotLoaded => format!("; no table called {table} is loaded"),
        TableStanding::NotATable(kind) => format!("; {table} is {}, not a table", a_kind(kind)),
    }
}
