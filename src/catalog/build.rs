//! From the facts of all files to the catalog.

use super::Catalog;
use super::code::CodeLoader;
use super::element::{
    Binding, Element, ElementId, ElementKind, EntityFacts, ExtensionClass, Field, Index, Source,
};
use super::merge::{self, AddedBy, Merger, place_extension_sources, sources_of};
use super::names::{SYSTEM_FIELDS, Spelled};
use super::queries::Queries;
use crate::aot::{self, Definition, Extension, ExtensionKind, FileFacts};
use crate::problem::{Code, Problem};
use crate::source::{FileId, Place};
use crate::text::name_order;
use crate::text::{NameId, Symbol};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::HashMap;

/// Merges the facts of all files. `facts` is indexed by file id, and file ids follow (root, path), so that
/// of two definitions the first in the list counts. `path_of` gives a file's path relative to its root;
/// `loader` reads the classes that computed columns call.
pub fn build(
    facts: Vec<FileFacts>,
    path_of: &dyn Fn(FileId) -> String,
    loader: &dyn CodeLoader,
) -> (Catalog, Vec<Problem>) {
    let mut merger = Merger { problems: Vec::new(), path_of };
    let system_fields = SYSTEM_FIELDS.iter().map(|name| Spelled::new(*name)).collect();
    let mut input = Input::default();
    let mut cut_files = FxHashSet::default();
    for (index, file) in facts.into_iter().enumerate() {
        let id = FileId(u32::try_from(index).unwrap_or(u32::MAX));
        if file.cut {
            cut_files.insert(id);
        }
        merger.problems.extend(file.problems.into_iter().map(|p| p.in_file(id)));
        if let Some(definition) = file.definition {
            input.sort_in(&mut merger, id, definition);
        }
    }
    let (of_queries, of_elements) = input.grouped_extensions(&mut merger);
    let queries = Queries::build(&mut merger, input.queries, of_queries);
    let mut elements = input.elements;
    let mut positions = index_of(elements.iter().map(|e| &e.name));
    for (target, extensions) in of_elements {
        extend(&mut merger, &mut elements, &mut positions, target, extensions);
    }
    for element in &mut elements {
        take_sources_from_query(&mut merger, &queries, element);
        element.cut = !cut_files.is_empty() && files_of(element).any(|file| cut_files.contains(&file));
    }
    elements.sort_by(|a, b| name_order(&a.name.text, &b.name.text));
    let mut catalog = Catalog {
        by_name: index_of(elements.iter().map(|e| &e.name)),
        elements,
        queries: queries.index(),
        system_fields,
        helpers: HashMap::new(),
    };
    let mut problems = merger.problems;
    attach_classes(&mut catalog, input.classes, path_of);
    resolve_targets(&mut catalog);
    resolve_inheritance(&mut catalog, input.extends, &mut problems);
    super::check::check(&catalog, &mut problems);
    super::code::complete(&mut catalog, loader);
    (catalog, problems)
}

/// Extensions by the name of what they extend.
type ExtensionsByTarget = Vec<(NameId, Vec<(FileId, Extension)>)>;

/// Extensions put together by target, targets in the order in which they come.
#[derive(Default)]
struct Groups {
    list: ExtensionsByTarget,
    positions: FxHashMap<NameId, usize>,
}

impl Groups {
    fn add(&mut self, file: FileId, extension: Extension) {
        let target = Symbol::new(extension.target()).name();
        let position = *self.positions.entry(target).or_insert_with(|| {
            self.list.push((target, Vec::new()));
            self.list.len() - 1
        });
        self.list[position].1.push((file, extension));
    }
}

/// The definitions of all files by what becomes of them.
#[derive(Default)]
struct Input {
    elements: Vec<Element>,
    element_places: FxHashMap<NameId, Place>,
    queries: Vec<(FileId, aot::Query)>,
    query_places: FxHashMap<NameId, Place>,
    class_places: FxHashMap<NameId, Place>,
    classes: Vec<(FileId, aot::Class)>,
    extensions: Vec<(FileId, Extension)>,
    extends: Vec<(NameId, Spelled, Place)>,
}

impl Input {
    fn sort_in(&mut self, merger: &mut Merger, file: FileId, definition: Definition) {
        let (named, kind) = match &definition {
            Definition::Extension(_) => (None, ""),
            Definition::Table(t) => (Some(&t.named), "table"),
            Definition::View(v) => (Some(&v.named), "view"),
            Definition::DataEntity(e) => (Some(&e.view.named), "entity"),
            Definition::TableMap(m) => (Some(m), "table map"),
            Definition::Query(q) => (Some(&q.named), "query"),
            Definition::Class(c) => (Some(&c.named), "class"),
        };
        if let Some(named) = named.cloned() {
            let places = match &definition {
                Definition::Query(_) => &mut self.query_places,
                Definition::Class(_) => &mut self.class_places,
                _ => &mut self.element_places,
            };
            if !first_definition(merger, places, file, &named, kind) {
                return;
            }
        }
        match definition {
            Definition::Table(table) => self.add_table(merger, file, table),
            Definition::View(view) => {
                self.elements.push(view_element(
                    merger,
                    file,
                    view,
                    ElementKind::View,
                    EntityFacts::default(),
                ));
            }
            Definition::DataEntity(mut entity) => {
                let facts = merge::entity_facts(file, &mut entity);
                self.elements.push(view_element(merger, file, entity.view, ElementKind::Entity, facts));
            }
            Definition::TableMap(named) => {
                let name = Spelled::new(named.name);
                self.elements.push(empty(name, ElementKind::Map, Some(Place::at_line(file, named.line))));
            }
            Definition::Query(query) => self.queries.push((file, query)),
            Definition::Class(class) => self.classes.push((file, class)),
            Definition::Extension(extension) => {
                merger.note_modifications(file, &extension);
                self.extensions.push((file, extension));
            }
        }
    }

    fn add_table(&mut self, merger: &mut Merger, file: FileId, table: aot::Table) {
        let name = Spelled::new(table.named.name);
        let place = Place::at_line(file, table.named.line);
        if let Some(base) = table.extends {
            self.extends.push((name.id, Spelled::new(base.name), Place::at_line(file, base.line)));
        }
        let mut element = empty(name, ElementKind::Table, Some(place));
        element.table_type = table.table_type;
        element.traits = table.traits;
        element.methods = table.methods;
        for named in &table.fields {
            let field = merge::column(file, named, None);
            add_field(merger, &mut element, field);
        }
        element.relations = table.relations.iter().map(|r| merge::relation(file, r)).collect();
        self.elements.push(element);
    }

    /// Extensions of queries and of elements by target, each list in merge order: (extension name, path), then
    /// root.
    fn grouped_extensions(&mut self, merger: &mut Merger) -> (ExtensionsByTarget, ExtensionsByTarget) {
        let mut all = std::mem::take(&mut self.extensions);
        all.sort_by_cached_key(|(file, e)| {
            let path = (merger.path_of)(*file);
            let key = |s: &str| (s.to_ascii_lowercase(), s.to_owned());
            (key(&e.named.name), key(&path), *file)
        });
        let (mut of_queries, mut of_elements) = (Groups::default(), Groups::default());
        for (file, extension) in all {
            let groups =
                if extension.kind == ExtensionKind::Query { &mut of_queries } else { &mut of_elements };
            groups.add(file, extension);
        }
        (of_queries.list, of_elements.list)
    }
}

/// Remembers the first definition of a name; complains about a later one.
fn first_definition(
    merger: &mut Merger,
    places: &mut FxHashMap<NameId, Place>,
    file: FileId,
    named: &aot::Named,
    kind: &str,
) -> bool {
    let id = named.name.name();
    let place = Place::at_line(file, named.line);
    let Some(first) = places.get(&id) else {
        places.insert(id, place);
        return true;
    };
    let winner = format!("{}:{}", (merger.path_of)(first.file), first.line);
    merger.problems.push(
        Problem::new(Code::DuplicateElement, Some(place))
            .with("kind", kind)
            .with("element", &named.name)
            .with("winner", winner),
    );
    false
}

fn empty(name: Spelled, kind: ElementKind, place: Option<Place>) -> Element {
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

fn view_element(
    merger: &mut Merger,
    file: FileId,
    view: aot::View,
    kind: ElementKind,
    entity: EntityFacts,
) -> Element {
    let name = Spelled::new(view.named.name);
    let mut element = empty(name, kind, Some(Place::at_line(file, view.named.line)));
    element.entity = entity;
    element.query = view.query.map(|q| Spelled::new(q.name));
    element.methods = view.methods;
    if element.query.is_none() {
        element.union = view.union;
        element.sources = sources_of(file, view.sources, &None);
    }
    for field in view.fields {
        let field = merge::view_field(file, field, None);
        add_field(merger, &mut element, field);
    }
    element.relations = view.relations.iter().map(|r| merge::relation(file, r)).collect();
    element
}

fn add_field(merger: &mut Merger, element: &mut Element, field: Field) {
    if let Some(first) = element.field(field.name.id) {
        let first = element.field_at(first).place;
        merger.note_duplicate(field.place, "field", &field.name.text, &element.name.text, first);
        return;
    }
    let position = u32::try_from(element.fields.len()).unwrap_or(u32::MAX);
    element.field_index.insert(field.name.id, position);
    element.fields.push(field);
}

/// Applies the extensions of one target; without a definition the target is partial.
fn extend(
    merger: &mut Merger,
    elements: &mut Vec<Element>,
    positions: &mut Index,
    target: NameId,
    extensions: Vec<(FileId, Extension)>,
) {
    let position = *positions.entry(target).or_insert_with(|| {
        let (file, first) = &extensions[0];
        merger.note_missing_target(*file, first);
        elements.push(empty(Spelled::new(first.target()), element_kind(first.kind), None));
        u32::try_from(elements.len() - 1).unwrap_or(u32::MAX)
    });
    let element = &mut elements[position as usize];
    let mut fitting = Vec::new();
    for (file, mut extension) in extensions {
        if element_kind(extension.kind) != element.kind {
            merger.problems.push(
                Problem::new(Code::WrongExtensionKind, Some(Place::at_line(file, extension.named.line)))
                    .with("extension", &extension.named.name)
                    .with("element", &element.name.text)
                    .with("kind", element.kind.word()),
            );
            continue;
        }
        add_parts(merger, element, file, &mut extension);
        fitting.push((file, extension));
    }
    match element.query.clone() {
        Some(query) => {
            for (file, extension) in &fitting {
                merger.refuse_sources(*file, extension, &element.name.text, &query.text);
            }
        }
        None => place_extension_sources(merger, &element.name.text.clone(), &mut element.sources, fitting),
    }
}

fn element_kind(kind: ExtensionKind) -> ElementKind {
    match kind {
        ExtensionKind::Table | ExtensionKind::Query => ElementKind::Table,
        ExtensionKind::View => ElementKind::View,
        ExtensionKind::DataEntity => ElementKind::Entity,
    }
}

fn add_parts(merger: &mut Merger, element: &mut Element, file: FileId, extension: &mut Extension) {
    let added_by: AddedBy = Some(extension.named.name.as_ref().into());
    for named in &extension.table_fields {
        let field = merge::column(file, named, added_by.clone());
        add_field(merger, element, field);
    }
    for field in std::mem::take(&mut extension.view_fields) {
        let field = merge::view_field(file, field, added_by.clone());
        add_field(merger, element, field);
    }
    for relation in std::mem::take(&mut extension.relations) {
        let place = Place::at_line(file, relation.named.line);
        let name = relation.named.name.clone();
        let relation = merge::relation(file, &relation);
        if element.relations.iter().any(|r| r.name == relation.name) {
            let first = element.place.unwrap_or(place);
            merger.note_duplicate(place, "relation", &name, &element.name.text, first);
        } else {
            element.relations.push(relation);
        }
    }
}

fn take_sources_from_query(merger: &mut Merger, queries: &Queries, element: &mut Element) {
    let taken = element.query.clone().and_then(|query| queries.sources(merger, &query));
    if let Some((sources, union)) = taken {
        element.sources = sources;
        element.union = union;
    }
    let grouped = element.sources.iter().any(|s| s.grouped);
    let aggregated = |f: &Field| matches!(f.binding, Binding::Mapped { aggregated: true, .. });
    element.aggregates = grouped || element.fields.iter().any(aggregated);
    element.source_index = index_of(element.sources.iter().map(|s| &s.name));
}

/// The files that an element is merged from.
fn files_of(element: &Element) -> impl Iterator<Item = FileId> {
    let parts = element.fields.iter().map(|f| f.place).chain(element.sources.iter().map(|s| s.place));
    element.place.into_iter().chain(parts).map(|place| place.file)
}

/// Positions by name; of two with the same name the first counts.
fn index_of<'a>(names: impl Iterator<Item = &'a Spelled>) -> Index {
    let mut index = Index::default();
    for (position, name) in (0u32..).zip(names) {
        index.entry(name.id).or_insert(position);
    }
    index
}

fn attach_classes(
    catalog: &mut Catalog,
    classes: Vec<(FileId, aot::Class)>,
    path_of: &dyn Fn(FileId) -> String,
) {
    let mut classes: Vec<_> = classes.into_iter().filter(|(_, c)| c.extension_of.is_some()).collect();
    classes.sort_by(|(file_a, a), (file_b, b)| {
        name_order(&a.named.name, &b.named.name)
            .then_with(|| name_order(&path_of(*file_a), &path_of(*file_b)))
            .then_with(|| file_a.cmp(file_b))
    });
    for (file, class) in classes {
        let target = class.extension_of.as_deref().and_then(|name| catalog.find(name));
        if let Some(id) = target {
            catalog.elements[id.index()].extension_classes.push(ExtensionClass {
                name: class.named.name,
                place: Place::at_line(file, class.named.line),
                methods: class.methods,
            });
        }
    }
}

fn resolve_targets(catalog: &mut Catalog) {
    let Catalog { elements, by_name, .. } = catalog;
    for element in elements {
        for source in &mut element.sources {
            let Source { target, target_name, .. } = source;
            *target = by_name.get(&target_name.id).map(|i| ElementId(*i));
        }
    }
}

/// Links tables to those they extend; a link that closes a cycle is left out.
fn resolve_inheritance(
    catalog: &mut Catalog,
    extends: Vec<(NameId, Spelled, Place)>,
    problems: &mut Vec<Problem>,
) {
    for (table, base, place) in extends {
        let Some(table) = catalog.find_id(table) else { continue };
        let name = catalog.element(table).name.text.clone();
        let report = |code, role: &str| {
            Problem::new(code, Some(place))
                .with("element", &name)
                .with("target", &base.text)
                .with("role", role)
        };
        match catalog.find_id(base.id).filter(|b| catalog.element(*b).kind == ElementKind::Table) {
            None => problems.push(report(Code::UnresolvedReference, "the table that it extends")),
            Some(base) if catalog.with_ancestors(base).any(|t| t == table) => {
                problems.push(report(Code::InheritanceCycle, ""));
            }
            Some(base) => catalog.elements[table.index()].extends = Some(base),
        }
    }
}
