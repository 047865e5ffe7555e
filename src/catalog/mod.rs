//! The merged, immutable model: names resolved, extensions applied, duplicates decided (SPEC 2, 3).

mod build;
mod check;
mod code;
mod define;
mod element;
mod index;
mod left_out;
mod merge;
mod names;
mod queries;

#[cfg(test)]
mod tests;

pub use crate::aot::ValueType;
pub use crate::text::NameId;
pub use build::build;
pub use code::{Code, CodeLoader, CodeOwner, Helper};
pub use element::{
    Binding, Condition, Element, ElementId, ElementKind, EntityFacts, ExtensionClass, Field, FieldIx, Key,
    Range, Relation, Source, SourceIx, find_method,
};
pub use left_out::LeftOut;
pub use names::{SYSTEM_FIELDS, Spelled, path_order};

use index::Positions;
use std::collections::HashMap;

/// All elements, ordered by name.
#[derive(Debug)]
pub struct Catalog {
    elements: Vec<Element>,
    by_name: Positions,
    queries: Positions,
    system_fields: Vec<Spelled>,
    helpers: HashMap<String, Helper>,
    left_out: LeftOut,
}

impl Catalog {
    /// All elements in the order of their names.
    pub fn elements(&self) -> impl ExactSizeIterator<Item = (ElementId, &Element)> {
        self.elements.iter().enumerate().map(|(i, e)| (ElementId::from_index(i), e))
    }

    /// All data entities in the order of their names.
    pub fn entities(&self) -> impl Iterator<Item = (ElementId, &Element)> {
        self.elements().filter(|(_, e)| e.kind == ElementKind::Entity)
    }

    /// The element with this id.
    pub fn element(&self, id: ElementId) -> &Element {
        &self.elements[id.index()]
    }

    /// The table, view, entity or table map of this name.
    pub fn find(&self, name: &str) -> Option<ElementId> {
        match NameId::find(name) {
            Some(id) => self.find_id(id),
            None => {
                self.left_out.note(name);
                None
            }
        }
    }

    /// The same for an interned name.
    pub fn find_id(&self, name: NameId) -> Option<ElementId> {
        let found = self.by_name.get(&name).map(|i| ElementId(*i));
        if found.is_none() {
            self.left_out.note(name.text());
        }
        found
    }

    /// What was left out of the loaded metadata.
    pub fn left_out(&self) -> &LeftOut {
        &self.left_out
    }

    /// Whether a query of this name is loaded.
    pub fn has_query(&self, name: &str) -> bool {
        let is_loaded = NameId::find(name).is_some_and(|id| self.queries.contains_key(&id));
        if !is_loaded {
            self.left_out.note(name);
        }
        is_loaded
    }

    /// The id of a name that the metadata mentions somewhere.
    pub fn name(&self, name: &str) -> Option<NameId> {
        NameId::find(name)
    }

    /// The system field of this name, in its standard spelling.
    pub fn system_field(&self, name: NameId) -> Option<&Spelled> {
        self.system_fields.iter().find(|f| f.id == name)
    }

    /// The system fields, in their standard spelling.
    pub fn system_fields(&self) -> &[Spelled] {
        &self.system_fields
    }

    /// `RecId`.
    pub fn rec_id(&self) -> &Spelled {
        &self.system_fields[0]
    }

    /// The table and its ancestors, itself first.
    pub fn with_ancestors(&self, table: ElementId) -> impl Iterator<Item = ElementId> {
        std::iter::successors(Some(table), |t| self.element(*t).extends)
    }

    /// `a` is `b`, or an ancestor or descendant of it.
    pub fn in_one_chain(&self, a: ElementId, b: ElementId) -> bool {
        self.with_ancestors(a).any(|t| t == b) || self.with_ancestors(b).any(|t| t == a)
    }

    /// The table of the inheritance chain that declares a field, and the field's spelling.
    /// A system field that no table of the chain declares belongs to the table itself.
    pub fn table_column(&self, table: ElementId, field: NameId) -> Option<(ElementId, &Spelled)> {
        self.with_ancestors(table)
            .find_map(|t| {
                let element = self.element(t);
                element.field(field).map(|ix| (t, &element.field_at(ix).name))
            })
            .or_else(|| self.system_field(field).map(|name| (table, name)))
    }

    /// Whether a data source of this target has a field of this name: declared, inherited or of the system.
    pub fn has_field(&self, target: ElementId, field: NameId) -> bool {
        match self.element(target).kind {
            ElementKind::Table => self.table_column(target, field).is_some(),
            ElementKind::View | ElementKind::Entity => {
                self.element(target).field(field).is_some() || self.system_field(field).is_some()
            }
            ElementKind::Map => false,
        }
    }
}
