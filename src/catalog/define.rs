//! What one file defines, before it meets what other files say: facts with places, names with ids.
//!
//! Each file is on its own here, so all are worked on at once.

use super::element::{
    Binding, Condition, Element, ElementKind, EntityFacts, Field, Key, Range, Relation, Source, SourceIx,
};
use super::index::Index;
use super::merge::AddedBy;
use super::names::Spelled;
use crate::aot::{self, DataSource, Definition, Extension, FileFacts, Join, JoinCondition, SourceKind};
use crate::problem::LocalProblem;
use crate::source::{FileId, Place};

/// What one file defines.
pub(super) struct Defined {
    pub(super) file: FileId,
    pub(super) problems: Vec<LocalProblem>,
    /// Parts of it are nested too deep and are missing.
    pub(super) cut: bool,
    pub(super) what: What,
}

/// The definition.
pub(super) enum What {
    /// None that matters.
    Nothing,
    /// A table, view, entity or table map.
    Element(Box<DefinedElement>),
    /// A query.
    Query(Box<aot::Query>),
    /// A class.
    Class(aot::Class),
    /// An extension.
    Extension(Box<Extension>),
}

/// An element without what extensions add.
pub(super) struct DefinedElement {
    pub(super) element: Element,
    /// The table that it inherits from, and where it says so.
    pub(super) extends: Option<(Spelled, Place)>,
    /// Two of its fields have one name.
    pub(super) repeats: bool,
}

/// Reads the facts of one file.
pub(super) fn define(file: FileId, facts: FileFacts) -> Defined {
    let what = facts.definition.map_or(What::Nothing, |definition| match definition {
        Definition::Table(table) => element(table_element(file, table)),
        Definition::View(view) => {
            element((view_element(file, view, ElementKind::View, EntityFacts::default()), None))
        }
        Definition::DataEntity(mut entity) => {
            let facts = entity_facts(file, &mut entity);
            element((view_element(file, entity.view, ElementKind::Entity, facts), None))
        }
        Definition::TableMap(named) => {
            let place = Place::at_line(file, named.line);
            element((empty(Spelled::new(named.name), ElementKind::Map, Some(place)), None))
        }
        Definition::Query(query) => What::Query(Box::new(query)),
        Definition::Class(class) => What::Class(class),
        Definition::Extension(extension) => What::Extension(Box::new(extension)),
    });
    Defined { file, problems: facts.problems, cut: facts.cut, what }
}

fn element((mut element, extends): (Element, Option<(Spelled, Place)>)) -> What {
    let (index, repeats) = Index::new(element.fields.iter().map(|field| field.name.id));
    element.field_index = index;
    What::Element(Box::new(DefinedElement { element, extends, repeats }))
}

fn table_element(file: FileId, table: aot::Table) -> (Element, Option<(Spelled, Place)>) {
    let place = Place::at_line(file, table.named.line);
    let mut element = empty(Spelled::new(table.named.name), ElementKind::Table, Some(place));
    element.table_type = table.table_type;
    element.traits = table.traits;
    element.methods = table.methods;
    element.fields = table.fields.iter().map(|field| column(file, field, None)).collect();
    element.relations = table.relations.iter().map(|r| relation(file, r)).collect();
    let extends = table.extends.map(|base| (Spelled::new(base.name), Place::at_line(file, base.line)));
    (element, extends)
}

fn view_element(file: FileId, view: aot::View, kind: ElementKind, entity: EntityFacts) -> Element {
    let name = Spelled::new(view.named.name);
    let mut element = empty(name, kind, Some(Place::at_line(file, view.named.line)));
    element.entity = entity;
    element.query = view.query.map(|q| Spelled::new(q.name));
    element.methods = view.methods;
    if element.query.is_none() {
        element.union = view.union;
        element.sources = sources_of(file, view.sources, &None);
    }
    element.fields = view.fields.into_iter().map(|field| view_field(file, field, None)).collect();
    element.relations = view.relations.iter().map(|r| relation(file, r)).collect();
    element
}

/// An element with nothing in it; without a place it is partial.
pub(super) fn empty(name: Spelled, kind: ElementKind, place: Option<Place>) -> Element {
    Element {
        name,
        kind,
        place,
        fields: Vec::new(),
        sources: Vec::new(),
        relations: Vec::new(),
        union: false,
        aggregates: false,
        query: None,
        cut: false,
        table_type: aot::TableType::Regular,
        traits: aot::TableTraits::default(),
        extends: None,
        entity: EntityFacts::default(),
        methods: Vec::new(),
        extension_classes: Vec::new(),
        field_index: Index::default(),
        source_index: Index::default(),
    }
}

/// The sources of one document part as a list whose parents are positions in that list.
pub(super) fn sources_of(file: FileId, sources: Vec<DataSource>, added_by: &AddedBy) -> Vec<Source> {
    let mut list: Vec<Source> = Vec::with_capacity(sources.len());
    for source in sources {
        let parent = source.parent.map(SourceIx);
        let join = effective_join(&source, parent.map(|p| &list[p.0 as usize]));
        list.push(Source {
            name: Spelled::new(source.named.name),
            place: Place::at_line(file, source.named.line),
            target_name: Spelled::new(source.target),
            target: None,
            kind: source.kind,
            parent,
            missing_parent: None,
            join,
            read_only: source.read_only,
            aliases: source.aliases.into_iter().map(|a| (a.name.name(), Spelled::new(a.field))).collect(),
            conditions: source.conditions.into_iter().map(condition).collect(),
            ranges: ranges(file, source.ranges),
            added_by: added_by.clone(),
            grouped: source.grouped,
        });
    }
    list
}

fn effective_join(source: &DataSource, parent: Option<&Source>) -> Option<Join> {
    match source.kind {
        SourceKind::Root => None,
        SourceKind::Embedded => Some(source.join.unwrap_or_default()),
        SourceKind::Derived => parent.and_then(|p| p.join),
    }
}

fn condition(condition: JoinCondition) -> Condition {
    match condition {
        JoinCondition::Fields { join_source, field, related } => Condition::Fields {
            join_source: join_source.map(|s| s.name()),
            field: Spelled::new(field),
            related: Spelled::new(related),
        },
        JoinCondition::Relation { join_source, name } => {
            Condition::Relation { join_source: join_source.map(|s| s.name()), name: name.name() }
        }
    }
}

fn ranges(file: FileId, ranges: Vec<aot::Range>) -> Vec<Range> {
    ranges.into_iter().map(|r| range(file, r)).collect()
}

/// A range of an entity or data source.
pub(super) fn range(file: FileId, range: aot::Range) -> Range {
    Range {
        field: Spelled::new(range.field),
        value: range.value,
        enabled: range.enabled,
        place: Place::at_line(file, range.line),
    }
}

/// What only entities have; the view part stays where it is.
pub(super) fn entity_facts(file: FileId, entity: &mut aot::DataEntity) -> EntityFacts {
    let mut placed = |named: &aot::Named| (Spelled::new(&named.name), Place::at_line(file, named.line));
    let primary_company_context = entity.primary_company_context.as_ref().map(&mut placed);
    let primary_key = entity.primary_key.as_ref().map(&mut placed);
    let keys = std::mem::take(&mut entity.keys).into_iter().map(|key| Key {
        name: placed(&key.named).0,
        place: Place::at_line(file, key.named.line),
        enabled: key.enabled,
        fields: key.fields.iter().map(&mut placed).collect(),
    });
    let keys = keys.collect();
    EntityFacts {
        is_public: entity.is_public,
        is_read_only: entity.is_read_only,
        data_management_enabled: entity.data_management_enabled,
        label: entity.label.take(),
        public_entity_name: entity.public_entity_name.take(),
        public_collection_name: entity.public_collection_name.take(),
        primary_company_context,
        primary_key,
        staging_table: entity.staging_table.take(),
        keys,
        ranges: ranges(file, std::mem::take(&mut entity.ranges)),
    }
}

/// A view or entity field.
pub(super) fn view_field(file: FileId, field: aot::ViewField, added_by: AddedBy) -> Field {
    let binding = match field.binding {
        aot::Binding::Mapped { source, field, aggregated } => {
            Binding::Mapped { source: Spelled::new(source), field: Spelled::new(field), aggregated }
        }
        aot::Binding::Computed { method, value } => Binding::Computed { method, value },
        aot::Binding::Virtual { value } => Binding::Virtual { value },
    };
    Field {
        name: Spelled::new(field.named.name),
        place: Place::at_line(file, field.named.line),
        binding,
        public: field.public,
        rules: field.rules,
        added_by,
    }
}

/// A table column.
pub(super) fn column(file: FileId, defined: &aot::TableField, added_by: AddedBy) -> Field {
    Field {
        name: Spelled::new(&defined.named.name),
        place: Place::at_line(file, defined.named.line),
        binding: Binding::Column { value: defined.value.clone() },
        public: true,
        rules: defined.rules,
        added_by,
    }
}

/// A relation.
pub(super) fn relation(file: FileId, relation: &aot::Relation) -> Relation {
    Relation {
        name: relation.named.name.name(),
        place: Place::at_line(file, relation.named.line),
        related: relation.related.name(),
        pairs: relation.pairs.iter().map(|p| (Spelled::new(&p.field), Spelled::new(&p.related))).collect(),
    }
}
