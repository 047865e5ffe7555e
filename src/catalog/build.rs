//! From the facts of all files to the catalog.

use super::Catalog;
use super::code::CodeLoader;
use super::define::{self, Defined, DefinedElement, What, column, define, empty, view_field};
use super::element::{Binding, Element, ElementId, ElementKind, ExtensionClass, Field, Source};
use super::index::{Index, Positions};
use super::left_out::LeftOut;
use super::merge::{AddedBy, Merger, place_extension_sources};
use super::names::{SYSTEM_FIELDS, Spelled};
use super::queries::Queries;
use crate::aot::{self, Extension, ExtensionKind, FileFacts};
use crate::problem::{Code, Problem};
use crate::source::{FileId, Place};
use crate::text::{NameId, Symbol, name_order};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::HashMap;

/// Merges the facts of files. `facts` is sorted by file id, and file ids follow (root, path), so that of two
/// definitions the first in the list counts; files of the names in `left_out` are missing. `path_of` gives a file's
/// path relative to its root; `loader` reads the classes that computed columns call.
pub fn build(
    facts: Vec<(FileId, FileFacts)>,
    left_out: LeftOut,
    path_of: &dyn Fn(FileId) -> String,
    loader: &dyn CodeLoader,
) -> (Catalog, Vec<Problem>) {
    let mut merger = Merger { problems: Vec::new(), path_of };
    let mut input = Input::default();
    let defined: Vec<Defined> = facts.into_par_iter().map(|(file, facts)| define(file, facts)).collect();
    defined.into_iter().for_each(|file| input.sort_in(&mut merger, file));
    let (of_queries, of_elements) = input.grouped_extensions(&mut merger);
    let queries = Queries::build(&mut merger, input.queries, of_queries);
    let mut elements = input.elements;
    let mut positions = positions_of(&elements);
    for (target, extensions) in of_elements {
        extend(&mut merger, &mut elements, &mut positions, target, extensions);
    }
    for element in &mut elements {
        take_sources_from_query(&mut merger, &queries, element);
    }
    elements.par_iter_mut().for_each(|element| summarize(element, &input.cut_files));
    let elements = by_name(elements);
    let mut catalog = Catalog {
        by_name: positions_of(&elements),
        elements,
        queries: queries.index(),
        system_fields: SYSTEM_FIELDS.iter().map(|name| Spelled::new(*name)).collect(),
        helpers: HashMap::new(),
        left_out,
    };
    let mut problems = merger.problems;
    attach_classes(&mut catalog, input.classes, path_of);
    resolve_targets(&mut catalog);
    resolve_inheritance(&mut catalog, input.extends, &mut problems);
    super::check::check(&catalog, &mut problems);
    super::code::complete(&mut catalog, loader);
    (catalog, problems)
}

/// The elements in the order of their names. They are large: each is moved once.
fn by_name(elements: Vec<Element>) -> Vec<Element> {
    let mut order: Vec<usize> = (0..elements.len()).collect();
    order.par_sort_by(|a, b| name_order(&elements[*a].name.text, &elements[*b].name.text));
    let mut slots: Vec<Option<Element>> = elements.into_iter().map(Some).collect();
    order.into_iter().filter_map(|position| slots[position].take()).collect()
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
    cut_files: FxHashSet<FileId>,
}

impl Input {
    fn sort_in(&mut self, merger: &mut Merger, defined: Defined) {
        let file = defined.file;
        if defined.cut {
            self.cut_files.insert(file);
        }
        merger.problems.extend(defined.problems.into_iter().map(|p| p.in_file(file)));
        let at = |named: &aot::Named| (named.name.clone(), Place::at_line(file, named.line));
        match defined.what {
            What::Nothing => {}
            What::Element(defined) => self.add_element(merger, *defined),
            What::Query(query) => {
                let (name, place) = at(&query.named);
                if is_first(merger, &mut self.query_places, &name, place, "query") {
                    self.queries.push((file, *query));
                }
            }
            What::Class(class) => {
                let (name, place) = at(&class.named);
                if is_first(merger, &mut self.class_places, &name, place, "class") {
                    self.classes.push((file, class));
                }
            }
            What::Extension(extension) => {
                merger.note_modifications(file, &extension);
                self.extensions.push((file, *extension));
            }
        }
    }

    fn add_element(&mut self, merger: &mut Merger, defined: DefinedElement) {
        let DefinedElement { mut element, extends, repeats } = defined;
        let (name, kind) = (element.name.clone(), element.kind.word());
        let Some(place) = element.place else { return };
        if !is_first(merger, &mut self.element_places, &name.text, place, kind) {
            return;
        }
        if repeats {
            drop_repeats(merger, &mut element);
        }
        self.extends.extend(extends.map(|(base, place)| (name.id, base, place)));
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
fn is_first(
    merger: &mut Merger,
    places: &mut FxHashMap<NameId, Place>,
    name: &Symbol,
    place: Place,
    kind: &str,
) -> bool {
    let Some(first) = places.get(&name.name()) else {
        places.insert(name.name(), place);
        return true;
    };
    let winner = format!("{}:{}", (merger.path_of)(first.file), first.line);
    merger.problems.push(
        Problem::new(Code::DuplicateElement, Some(place))
            .with("kind", kind)
            .with("element", name)
            .with("winner", winner),
    );
    false
}

/// Indexes the fields of an element; of those with one name the first counts.
fn index_fields(merger: &mut Merger, element: &mut Element) {
    let (index, repeats) = Index::new(element.fields.iter().map(|field| field.name.id));
    element.field_index = index;
    if repeats {
        drop_repeats(merger, element);
    }
}

/// Drops fields whose names occur before, and complains; the index knows the first of each name.
fn drop_repeats(merger: &mut Merger, element: &mut Element) {
    let fields = std::mem::take(&mut element.fields);
    let first = |field: &Field| element.field_index.get(field.name.id).unwrap_or_default();
    let places: Vec<Place> = fields.iter().map(|field| fields[first(field) as usize].place).collect();
    let all = (0..).zip(fields).zip(places);
    let mut kept = Vec::new();
    for ((position, field), first_place) in all {
        if first(&field) == position {
            kept.push(field);
        } else {
            merger.note_duplicate(field.place, "field", &field.name.text, &element.name.text, first_place);
        }
    }
    element.fields = kept;
    element.field_index = Index::new(element.fields.iter().map(|field| field.name.id)).0;
}

/// Applies the extensions of one target; without a definition the target is partial.
fn extend(
    merger: &mut Merger,
    elements: &mut Vec<Element>,
    positions: &mut Positions,
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
    let columns = extension.table_fields.iter().map(|field| column(file, field, added_by.clone()));
    let fields = std::mem::take(&mut extension.view_fields).into_iter();
    let fields = fields.map(|field| view_field(file, field, added_by.clone()));
    element.fields.extend(columns.chain(fields));
    index_fields(merger, element);
    for relation in std::mem::take(&mut extension.relations) {
        let place = Place::at_line(file, relation.named.line);
        let name = relation.named.name.clone();
        let relation = define::relation(file, &relation);
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
}

/// What its parts say of an element.
fn summarize(element: &mut Element, cut: &FxHashSet<FileId>) {
    element.cut = !cut.is_empty() && files_of(element).any(|file| cut.contains(&file));
    let grouped = element.sources.iter().any(|s| s.grouped);
    let aggregated = |f: &Field| matches!(f.binding, Binding::Mapped { aggregated: true, .. });
    element.aggregates = grouped || element.fields.iter().any(aggregated);
    element.source_index = Index::new(element.sources.iter().map(|source| source.name.id)).0;
}

fn positions_of(elements: &[Element]) -> Positions {
    elements.iter().map(|element| element.name.id).zip(0..).collect()
}

/// The files that an element is merged from.
fn files_of(element: &Element) -> impl Iterator<Item = FileId> {
    let parts = element.fields.iter().map(|f| f.place).chain(element.sources.iter().map(|s| s.place));
    element.place.into_iter().chain(parts).map(|place| place.file)
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
    let Catalog { elements, by_name, left_out, .. } = catalog;
    let (by_name, left_out) = (&*by_name, &*left_out);
    elements.par_iter_mut().flat_map_iter(|element| &mut element.sources).for_each(|source| {
        let Source { target, target_name, .. } = source;
        *target = by_name.get(&target_name.id).map(|i| ElementId(*i));
        if target.is_none() {
            left_out.note(&target_name.text);
        }
    });
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
