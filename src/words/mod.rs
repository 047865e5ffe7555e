//! From verdicts to words: what `explain` and `impact` share. Every name from a file goes through
//! [`Shown`].

mod advice;
mod basis;
mod clause;
mod maps;

pub(crate) use advice::{Advice, entry_state, entry_text, entry_verdict};
pub(crate) use basis::{Basis, by_reason, founded};
pub(crate) use clause::kind_words;

use crate::aot::SourceKind;
use crate::catalog::{Catalog, Element, ElementId, ElementKind, FieldIx, Source};
use crate::config::Config;
use crate::engine::Judged;
use crate::graph::join_word;
use crate::lineage::{Leaf, LeafTable};
use crate::source::Place;
use crate::text::Shown;
use crate::tracking::{EntityAnalysis, Missing, Reason};

/// What a text is told from.
#[derive(Clone, Copy)]
pub(crate) struct Teller<'a> {
    pub(crate) judged: &'a Judged<'a>,
    pub(crate) config: &'a Config,
    /// Nothing is left out.
    pub(crate) all: bool,
}

/// A name from a file, safe to print.
pub(crate) fn shown(name: &str) -> String {
    Shown(name).to_string()
}

/// A value from a file, safe to print and not longer than a line has room for.
pub(crate) fn shown_value(value: &str) -> String {
    const ROOM: usize = 60;
    match value.char_indices().nth(ROOM) {
        Some((end, _)) => format!("{} …", shown(&value[..end])),
        None => shown(value),
    }
}

/// `nested_source [INF]`.
pub(crate) fn tagged(reason: Reason) -> String {
    match reason.evidence() {
        Some(evidence) => format!("{} [{}]", reason.id(), evidence.tag()),
        None => reason.id().to_owned(),
    }
}

impl<'a> Teller<'a> {
    pub(crate) fn catalog(&self) -> &'a Catalog {
        &self.judged.model.catalog
    }

    pub(crate) fn element(&self, id: ElementId) -> &'a Element {
        self.catalog().element(id)
    }

    /// The name of an element.
    pub(crate) fn name(&self, id: ElementId) -> String {
        shown(&self.element(id).name.text)
    }

    /// `path:line`, relative to the metadata root.
    pub(crate) fn at(&self, place: Place) -> String {
        format!("{}:{}", shown(self.judged.model.path(place.file)), place.line)
    }

    /// `Entity.Field`.
    pub(crate) fn field(&self, id: ElementId, ix: FieldIx) -> String {
        format!("{}.{}", self.name(id), self.field_name(id, ix))
    }

    pub(crate) fn field_name(&self, id: ElementId, ix: FieldIx) -> String {
        shown(&self.element(id).field_at(ix).name.text)
    }

    /// The name of a data source of an entity.
    pub(crate) fn source_name(&self, id: ElementId, ix: crate::catalog::SourceIx) -> String {
        shown(&self.element(id).source_at(ix).name.text)
    }

    /// A data source with its target, its join and where it comes from.
    pub(crate) fn source(&self, source: &Source) -> String {
        let name = shown(&source.name.text);
        let target = source.target.map(|id| self.element(id));
        let written = shown(&source.target_name.text);
        let what = match target {
            Some(t) if t.kind == ElementKind::Table && t.name == source.name => "table".to_owned(),
            Some(t) if t.name == source.name => t.kind.word().to_owned(),
            Some(t) => format!("{} {}", t.kind.word(), shown(&t.name.text)),
            None => format!("{written}, not loaded"),
        };
        let join = if source.kind == SourceKind::Derived { "derived" } else { join_word(source.join) };
        let read_only = if source.read_only { ", read-only" } else { "" };
        let added =
            source.added_by.as_deref().map(|by| format!(", added by {}", shown(by))).unwrap_or_default();
        format!("{name} ({what}; {join}{read_only}{added})")
    }

    /// `Table.Column`, or the table alone where no column is known.
    pub(crate) fn column(&self, leaf: &Leaf) -> String {
        let table = self.table(leaf);
        match (&leaf.column, &leaf.table) {
            (Some(column), LeafTable::NoSource(_)) => {
                format!("field {} of {table}", shown(&column.text))
            }
            (Some(column), _) => format!("{table}.{}", shown(&column.text)),
            (None, _) => table,
        }
    }

    /// The table of a leaf, in words.
    pub(crate) fn table(&self, leaf: &Leaf) -> String {
        match &leaf.table {
            LeafTable::Element(id) => self.name(*id),
            LeafTable::Written(name) => shown(&name.text),
            LeafTable::NoSource(name) => format!("data source {}", shown(&name.text)),
            LeafTable::Nothing => "an unknown table".to_owned(),
        }
    }

    /// The data sources of a path: `A > B > C`.
    pub(crate) fn path(&self, entity: ElementId, leaf: &Leaf) -> String {
        let names: Vec<String> = leaf.path_names(self.catalog(), entity).into_iter().map(shown).collect();
        names.join(" > ")
    }

    /// Why something is unresolved, as the end of a sentence.
    pub(crate) fn missing(&self, missing: &Missing) -> String {
        let name = shown(missing.name(self.catalog()));
        match missing {
            Missing::NotLoaded(_) => format!("{name} is not loaded"),
            Missing::OnlyExtensions(_) => format!("only extensions of {name} are loaded, not {name} itself"),
            Missing::Cyclic(_) => format!("the data source leads back to where it starts, through {name}"),
            Missing::TableMap(_) => format!("{name} is a table map, which has no rows of its own"),
            Missing::NoSources(_) => format!("{name} has no data source"),
            Missing::NoSuchSource(_) => format!("there is no data source {name}"),
            Missing::NoSuchField(_, field) => {
                format!("{name} has no field {} in what is loaded", shown(field))
            }
        }
    }

    /// Why a leaf is unresolved.
    pub(crate) fn missing_of(&self, entity: &EntityAnalysis, leaf: &Leaf) -> Option<Missing> {
        let model = self.judged.model;
        crate::tracking::missing_of_leaf(self.catalog(), &model.graph, entity.id, &entity.sources, leaf)
    }

    /// Where `dualWriteShouldSkipDataSource` of an entity stands: in itself, else in an extension class.
    pub(crate) fn skip_method(&self, id: ElementId) -> Option<Place> {
        const NAME: &str = "dualWriteShouldSkipDataSource";
        let element = self.element(id);
        let own = element.place.and_then(|p| Some(Place::at_line(p.file, element.method(NAME)?.line)));
        own.or_else(|| {
            element.extension_classes.iter().find_map(|class| {
                let method = crate::catalog::find_method(&class.methods, NAME)?;
                Some(Place::at_line(class.place.file, method.line))
            })
        })
    }

    /// Why an entity, or a field of an entity in scope, does not count; `None` when it does. `name` stands for
    /// the entity.
    pub(crate) fn why_not_sent(
        &self,
        entity: &EntityAnalysis,
        field: Option<FieldIx>,
        name: &str,
    ) -> Option<String> {
        let element = self.element(entity.id);
        let assumed = self.judged.scope.assumed;
        if !entity.in_scope {
            return Some(match (assumed, element.is_partial()) {
                (false, _) => format!("no dual-write map sends {name}"),
                (true, true) => {
                    format!("only extensions of {name} are loaded, so it is taken as not public")
                }
                (true, false) => format!("{name} is not public, and no map was given that names it"),
            });
        }
        let ix = field.filter(|ix| !entity.fields[ix.0 as usize].counted)?;
        let field = element.field_at(ix);
        let only_received = self.is_only_received(entity.id, ix);
        Some(match (assumed, field.public) {
            _ if only_received => "the map only receives it from Dataverse".to_owned(),
            (true, _) => "the field is not public, and no map was given that names it".to_owned(),
            (false, true) => "no map sends the field from Finance and Operations to Dataverse".to_owned(),
            (false, false) => "no map sends the field; it is not public".to_owned(),
        })
    }
}
