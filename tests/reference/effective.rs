//! SPEC 2 and 3: the effective model and what can be asked about it.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use super::merging::{Merge, definition, extensions, partial, target_name, winners};
use super::model::{
    Class, Element, ExtensionKind, Field, FieldKind, Join, Mark, Method, Query, Relation, SourceKind, World,
};
use super::render::relative_path;

pub const SYSTEM_FIELDS: [&str; 13] = [
    "RecId",
    "RecVersion",
    "DataAreaId",
    "Partition",
    "TableId",
    "CreatedBy",
    "CreatedDateTime",
    "CreatedTransactionId",
    "ModifiedBy",
    "ModifiedDateTime",
    "ModifiedTransactionId",
    "InstanceRelationType",
    "SysRowVersion",
];

pub fn lower(name: &str) -> String {
    name.to_ascii_lowercase()
}

pub fn same(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b)
}

/// ASCII lower case, then bytes.
pub fn by_name(a: &str, b: &str) -> Ordering {
    lower(a).cmp(&lower(b)).then_with(|| a.cmp(b))
}

/// The system field with its usual spelling.
pub fn system_field(name: &str) -> Option<&'static str> {
    SYSTEM_FIELDS.into_iter().find(|field| same(field, name))
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NodeKind {
    Table,
    View,
    Entity,
    Map,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum JoinMode {
    Inner,
    Outer,
    Exists,
    NotExists,
}

/// One effective element of the shared name space.
pub struct Node {
    pub name: String,
    pub kind: NodeKind,
    /// Index of the file; `None` for a partial element.
    pub file: Option<usize>,
    pub extends: Option<String>,
    pub temporary: bool,
    pub columns: Vec<String>,
    pub relations: Vec<Relation>,
    pub sources: Vec<EffectiveSource>,
    pub union: bool,
    pub fields: Vec<Field>,
    pub methods: Vec<Method>,
    pub public: bool,
    pub read_only: bool,
    pub public_entity_name: Option<String>,
    pub public_collection_name: Option<String>,
    pub label: Option<String>,
}

impl Node {
    pub fn partial(&self) -> bool {
        self.file.is_none()
    }

    pub fn has_sources(&self) -> bool {
        matches!(self.kind, NodeKind::View | NodeKind::Entity)
    }

    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| same(&field.name, name))
    }

    /// First in tree order.
    pub fn source(&self, name: &str) -> Option<usize> {
        self.sources.iter().position(|source| same(&source.name, name))
    }

    pub fn first_root(&self) -> Option<usize> {
        self.sources.iter().position(|source| source.kind == SourceKind::Root)
    }

    /// The source itself, or the owner of the record that a derived source belongs to.
    pub fn owner(&self, mut source: usize) -> usize {
        while self.sources[source].kind == SourceKind::Derived {
            match self.sources[source].parent {
                Some(parent) => source = parent,
                None => break,
            }
        }
        source
    }

    pub fn ancestors(&self, source: usize) -> Vec<usize> {
        let mut found = Vec::new();
        let mut at = source;
        while let Some(parent) = self.sources[at].parent {
            found.push(parent);
            at = parent;
        }
        found
    }

    /// The roots below which the branches of a union hang.
    pub fn roots(&self) -> Vec<usize> {
        (0..self.sources.len()).filter(|i| self.sources[*i].kind == SourceKind::Root).collect()
    }

    pub fn method(&self, name: &str) -> Option<&Method> {
        self.methods.iter().find(|method| same(&method.name, name))
    }

    /// Aggregation: its rows are not records of one table.
    pub fn aggregates(&self) -> bool {
        let by_field = self
            .fields
            .iter()
            .any(|field| matches!(&field.kind, FieldKind::Mapped { aggregation: Some(_), .. }));
        by_field || self.sources.iter().any(|source| source.group_by)
    }

    pub fn is_union(&self) -> bool {
        self.union
    }
}

/// One data source, in tree order.
pub struct EffectiveSource {
    pub mark: Mark,
    pub name: String,
    pub target: String,
    pub kind: SourceKind,
    pub parent: Option<usize>,
    /// The name of the parent, also when there is no such source.
    pub parent_name: Option<String>,
    pub join: Option<JoinMode>,
    pub read_only: bool,
    pub added_by: Option<String>,
    pub joins: Vec<Join>,
    pub aliases: Vec<(String, String)>,
    pub group_by: bool,
}

/// All effective elements. Nothing is cached but this merge itself.
pub struct Catalog<'a> {
    pub world: &'a World,
    pub nodes: BTreeMap<String, Node>,
    pub classes: Vec<(&'a Class, String)>,
}

impl<'a> Catalog<'a> {
    pub fn new(world: &'a World) -> Self {
        let winners = winners(world);
        let extensions = extensions(world);
        let queries: BTreeMap<String, &Query> = winners
            .iter()
            .filter_map(|file| match &world.files[*file].element {
                Element::Query(query) => Some((lower(&query.name), query)),
                _ => None,
            })
            .collect();
        let merge = Merge { extensions: &extensions, queries: &queries };
        let mut nodes = BTreeMap::new();
        for file in &winners {
            if let Some(node) = definition(&world.files[*file].element, *file, &merge) {
                nodes.insert(lower(&node.name), node);
            }
        }
        for extension in &extensions {
            let target = target_name(&extension.name);
            if extension.kind != ExtensionKind::Query && !nodes.contains_key(&lower(target)) {
                let node = partial(target, extension.kind, &merge);
                nodes.insert(lower(target), node);
            }
        }
        let mut classes: Vec<(&Class, String)> = winners
            .iter()
            .filter_map(|file| match &world.files[*file].element {
                Element::Class(class) => Some((class, relative_path(world, *file))),
                _ => None,
            })
            .collect();
        classes.sort_by(|a, b| by_name(&a.0.name, &b.0.name).then_with(|| by_name(&a.1, &b.1)));
        Catalog { world, nodes, classes }
    }

    pub fn node(&self, name: &str) -> Option<&Node> {
        self.nodes.get(&lower(name))
    }

    pub fn spelled(&self, name: &str) -> String {
        self.node(name).map_or_else(|| name.to_string(), |node| node.name.clone())
    }

    pub fn is_table(&self, name: &str) -> bool {
        self.node(name).is_some_and(|node| node.kind == NodeKind::Table)
    }

    pub fn class(&self, name: &str) -> Option<&'a Class> {
        self.classes.iter().map(|(class, _)| *class).find(|class| same(&class.name, name))
    }

    /// Extension classes of an element in (class name, path) order.
    pub fn extension_classes(&self, element: &str) -> Vec<&'a Class> {
        let extends = |class: &Class| {
            class.extension_of.as_ref().is_some_and(|of| !of.commented && same(&of.element, element))
        };
        self.classes.iter().map(|(class, _)| *class).filter(|class| extends(class)).collect()
    }

    /// The table and its ancestors, nearest first.
    pub fn lineage_of(&self, table: &str) -> Vec<&Node> {
        let mut found: Vec<&Node> = Vec::new();
        let mut at = self.node(table);
        while let Some(node) = at {
            if node.kind != NodeKind::Table || found.iter().any(|known| same(&known.name, &node.name)) {
                break;
            }
            found.push(node);
            at = node.extends.as_deref().and_then(|name| self.node(name));
        }
        found
    }

    /// One is the other, or an ancestor of the other.
    pub fn in_one_chain(&self, a: &str, b: &str) -> bool {
        let above = |low: &str, high: &str| self.lineage_of(low).iter().any(|node| same(&node.name, high));
        same(a, b) || above(a, b) || above(b, a)
    }

    /// The table of the chain that has the column, and the column as defined.
    pub fn column(&self, table: &str, column: &str) -> Option<(String, String)> {
        for node in self.lineage_of(table) {
            if let Some(found) = node.columns.iter().find(|name| same(name, column)) {
                return Some((node.name.clone(), found.clone()));
            }
        }
        system_field(column).map(|field| (self.spelled(table), field.to_string()))
    }

    /// P(X) of SPEC 3.
    pub fn primary_table(&self, element: &str) -> Option<String> {
        let node = self.node(element)?;
        match node.kind {
            NodeKind::Table => Some(node.name.clone()),
            NodeKind::Map => None,
            NodeKind::View | NodeKind::Entity => {
                let root = node.first_root()?;
                if self.is_cyclic(node, root) {
                    return None;
                }
                self.primary_table(&node.sources[root].target)
            }
        }
    }

    /// The target can reach the element that owns the source.
    pub fn is_cyclic(&self, owner: &Node, source: usize) -> bool {
        let mut seen = BTreeSet::new();
        self.reaches(&owner.sources[source].target, &owner.name, &mut seen)
    }

    fn reaches(&self, from: &str, goal: &str, seen: &mut BTreeSet<String>) -> bool {
        if same(from, goal) {
            return true;
        }
        if !seen.insert(lower(from)) {
            return false;
        }
        let Some(node) = self.node(from) else {
            return false;
        };
        node.sources.iter().any(|source| self.reaches(&source.target, goal, seen))
    }
}
