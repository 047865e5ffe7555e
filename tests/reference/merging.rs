//! SPEC 2: definitions and extensions are merged into the effective elements.

use std::collections::{BTreeMap, BTreeSet};

use super::effective::{EffectiveSource, JoinMode, Node, NodeKind, by_name, lower, same};
use super::model::{
    Element, Extension, ExtensionKind, ExtensionSource, Field, Query, Relation, Source, SourceKind, World,
};
use super::render::relative_path;

/// What the definitions are merged with.
pub struct Merge<'m> {
    pub extensions: &'m [&'m Extension],
    pub queries: &'m BTreeMap<String, &'m Query>,
}

impl Merge<'_> {
    fn of(&self, kind: ExtensionKind, target: &str) -> Vec<&Extension> {
        let fits =
            |extension: &&&Extension| extension.kind == kind && same(target_name(&extension.name), target);
        self.extensions.iter().filter(fits).copied().collect()
    }
}

pub fn target_name(extension: &str) -> &str {
    extension.split('.').next().unwrap_or(extension)
}

fn name_space(element: &Element) -> Option<(u8, &str)> {
    match element {
        Element::Table(table) => Some((0, &table.name)),
        Element::View(view) => Some((0, &view.name)),
        Element::Map(name) => Some((0, name)),
        Element::Query(query) => Some((1, &query.name)),
        Element::Class(class) => Some((2, &class.name)),
        Element::Extension(_) => None,
    }
}

/// The same element twice: the first root wins, then the lowest path.
pub fn winners(world: &World) -> Vec<usize> {
    let mut order: Vec<usize> = (0..world.files.len()).collect();
    let key = |file: &usize| (world.models[world.files[*file].model].root, relative_path(world, *file));
    order.sort_by(|a, b| {
        let (a, b) = (key(a), key(b));
        a.0.cmp(&b.0).then_with(|| by_name(&a.1, &b.1))
    });
    let mut seen = BTreeSet::new();
    order.retain(|file| match name_space(&world.files[*file].element) {
        Some((space, name)) => seen.insert((space, lower(name))),
        None => false,
    });
    order
}

/// All extensions in merge order: (extension name, path), then the order of the roots.
pub fn extensions(world: &World) -> Vec<&Extension> {
    let mut found: Vec<(&Extension, String, usize)> = Vec::new();
    for (index, file) in world.files.iter().enumerate() {
        if let Element::Extension(extension) = &file.element {
            found.push((extension, relative_path(world, index), world.models[file.model].root));
        }
    }
    found.sort_by(|a, b| {
        by_name(&a.0.name, &b.0.name).then_with(|| by_name(&a.1, &b.1)).then_with(|| a.2.cmp(&b.2))
    });
    found.into_iter().map(|(extension, _, _)| extension).collect()
}

fn empty(name: &str, kind: NodeKind, file: Option<usize>) -> Node {
    Node {
        name: name.to_string(),
        kind,
        file,
        extends: None,
        temporary: false,
        columns: Vec::new(),
        relations: Vec::new(),
        sources: Vec::new(),
        union: false,
        fields: Vec::new(),
        methods: Vec::new(),
        public: false,
        read_only: false,
        public_entity_name: None,
        public_collection_name: None,
        label: None,
    }
}

pub fn definition(element: &Element, file: usize, merge: &Merge) -> Option<Node> {
    match element {
        Element::Table(table) => {
            let mut node = empty(&table.name, NodeKind::Table, Some(file));
            node.extends.clone_from(&table.extends);
            node.temporary = matches!(table.table_type.as_deref(), Some("TempDB" | "InMemory"));
            node.methods.clone_from(&table.methods);
            add_columns(&mut node, &table.columns);
            add_relations(&mut node, &table.relations);
            extend_table(&mut node, merge);
            Some(node)
        }
        Element::View(view) => {
            let kind = if view.entity { NodeKind::Entity } else { NodeKind::View };
            let mut node = empty(&view.name, kind, Some(file));
            add_fields(&mut node, &view.fields);
            add_relations(&mut node, &view.relations);
            node.methods.clone_from(&view.methods);
            node.public = view.public;
            node.read_only = view.read_only;
            node.public_entity_name.clone_from(&view.public_entity_name);
            node.public_collection_name.clone_from(&view.public_collection_name);
            node.label.clone_from(&view.label);
            extend_view(&mut node, merge);
            if let Some(query) = &view.query {
                let (sources, union) = query_sources(query, merge);
                (node.sources, node.union) = (sources, union);
            } else {
                let extensions = merge.of(extension_kind(kind), &view.name);
                node.sources = merge_sources(&view.sources, &extensions);
                node.union = view.union;
            }
            Some(node)
        }
        Element::Map(name) => Some(empty(name, NodeKind::Map, Some(file))),
        _ => None,
    }
}

pub fn partial(name: &str, kind: ExtensionKind, merge: &Merge) -> Node {
    let kind = match kind {
        ExtensionKind::Table => NodeKind::Table,
        ExtensionKind::View => NodeKind::View,
        _ => NodeKind::Entity,
    };
    let mut node = empty(name, kind, None);
    if kind == NodeKind::Table {
        extend_table(&mut node, merge);
    } else {
        extend_view(&mut node, merge);
        node.sources = merge_sources(&[], &merge.of(extension_kind(kind), name));
    }
    node
}

fn extension_kind(kind: NodeKind) -> ExtensionKind {
    match kind {
        NodeKind::Entity => ExtensionKind::Entity,
        NodeKind::View => ExtensionKind::View,
        _ => ExtensionKind::Table,
    }
}

fn extend_table(node: &mut Node, merge: &Merge) {
    for extension in merge.of(ExtensionKind::Table, &node.name.clone()) {
        add_columns(node, &extension.columns);
        add_relations(node, &extension.relations);
    }
}

fn extend_view(node: &mut Node, merge: &Merge) {
    for extension in merge.of(extension_kind(node.kind), &node.name.clone()) {
        add_fields(node, &extension.fields);
        add_relations(node, &extension.relations);
    }
}

fn add_columns(node: &mut Node, columns: &[String]) {
    for column in columns {
        if !node.columns.iter().any(|known| same(known, column)) {
            node.columns.push(column.clone());
        }
    }
}

fn add_relations(node: &mut Node, relations: &[Relation]) {
    for relation in relations {
        if !node.relations.iter().any(|known| same(&known.name, &relation.name)) {
            node.relations.push(relation.clone());
        }
    }
}

fn add_fields(node: &mut Node, fields: &[Field]) {
    for field in fields {
        if node.field(&field.name).is_none() {
            node.fields.push(field.clone());
        }
    }
}

/// Sources and `QueryType` Union of a query; nothing for a query that is not there.
fn query_sources(name: &str, merge: &Merge) -> (Vec<EffectiveSource>, bool) {
    let mut name = name.to_string();
    // A chain of composite queries longer than there are queries has a cycle.
    for _ in 0..=merge.queries.len() {
        let extensions = merge.of(ExtensionKind::Query, &name);
        match merge.queries.get(&lower(&name)) {
            None => return (merge_sources(&[], &extensions), false),
            Some(Query { composite: Some(next), .. }) => name.clone_from(next),
            Some(query) => return (merge_sources(&query.sources, &extensions), query.union),
        }
    }
    (Vec::new(), false)
}

/// One extension's data source, kept or dropped as a whole.
struct Added<'s> {
    parent: &'s str,
    source: Source,
    by: &'s str,
}

fn merge_sources(own: &[Source], extensions: &[&Extension]) -> Vec<EffectiveSource> {
    let mut names = BTreeSet::new();
    for source in own {
        collect_names(source, &mut names);
    }
    let mut added: Vec<Added> = Vec::new();
    for extension in extensions {
        for ExtensionSource { parent, source } in &extension.sources {
            if let Some(source) = without_known_names(source, &mut names) {
                added.push(Added { parent, source, by: &extension.name });
            }
        }
    }
    let mut flat = Vec::new();
    for source in own {
        place(source, None, None, &added, &mut flat);
    }
    let orphans = added.iter().filter(|addition| !names.contains(&lower(addition.parent)));
    // A source below itself, or below what hangs below it, has no place either.
    for addition in orphans.chain(&added) {
        if !is_placed(&addition.source, &flat) {
            place(&addition.source, None, Some(addition), &added, &mut flat);
        }
    }
    flat
}

fn collect_names(source: &Source, names: &mut BTreeSet<String>) {
    names.insert(lower(&source.name));
    for child in source.children.iter().chain(&source.derived) {
        collect_names(child, names);
    }
}

fn without_known_names(source: &Source, names: &mut BTreeSet<String>) -> Option<Source> {
    if !names.insert(lower(&source.name)) {
        return None;
    }
    let mut kept = source.clone();
    kept.children = source.children.iter().filter_map(|child| without_known_names(child, names)).collect();
    kept.derived = source.derived.iter().filter_map(|child| without_known_names(child, names)).collect();
    Some(kept)
}

/// `addition` is set for the top source of an extension and hands its extension's name down.
fn place(
    source: &Source,
    parent: Option<usize>,
    addition: Option<&Added>,
    all: &[Added],
    flat: &mut Vec<EffectiveSource>,
) {
    let added_by = match (addition, parent) {
        (Some(addition), _) => Some(addition.by.to_string()),
        (None, Some(parent)) => flat[parent].added_by.clone(),
        (None, None) => None,
    };
    let parent_name = match (parent, addition) {
        (Some(parent), _) => Some(flat[parent].name.clone()),
        (None, Some(addition)) => Some(addition.parent.to_string()),
        (None, None) => None,
    };
    let join = match (source.kind, parent) {
        (SourceKind::Root, _) => None,
        (SourceKind::Derived, Some(owner)) => flat[owner].join,
        _ => Some(join_mode(source.join.as_deref())),
    };
    let index = flat.len();
    flat.push(EffectiveSource {
        mark: source.mark,
        name: source.name.clone(),
        target: source.target.clone(),
        kind: source.kind,
        parent,
        parent_name,
        join,
        read_only: source.read_only,
        added_by,
        joins: source.joins.clone(),
        aliases: source.aliases.clone(),
        group_by: source.group_by,
    });
    for child in source.children.iter().chain(&source.derived) {
        place(child, Some(index), None, all, flat);
    }
    for addition in all.iter().filter(|addition| same(addition.parent, &source.name)) {
        if !is_placed(&addition.source, flat) {
            place(&addition.source, Some(index), Some(addition), all, flat);
        }
    }
}

fn is_placed(source: &Source, flat: &[EffectiveSource]) -> bool {
    flat.iter().any(|placed| placed.mark == source.mark)
}

fn join_mode(written: Option<&str>) -> JoinMode {
    match written.map(lower).as_deref() {
        Some("outerjoin") => JoinMode::Outer,
        Some("existsjoin") => JoinMode::Exists,
        Some("noexistsjoin") => JoinMode::NotExists,
        _ => JoinMode::Inner,
    }
}
