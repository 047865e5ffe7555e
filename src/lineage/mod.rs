//! From a field of a view or entity down to table columns (SPEC 4), computed once per field, users after
//! what they use, so that no result depends on the order of questions and nothing recurses into depth.

mod computed;
mod equality;
mod leaf;

#[cfg(test)]
mod tests;

pub use equality::{Classes, Column, Equality, JoinColumn};
pub use leaf::{Hop, Leaf, LeafKind, LeafTable, Path, walk};

use crate::catalog::{Binding, Catalog, Element, ElementId, ElementKind, FieldIx, SourceIx, Spelled};
use crate::graph::Graph;
use leaf::LeafSet;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

/// At most this many leaves are kept of one field.
pub const FIELD_LEAVES: usize = 10_000;
/// At most this many leaves are shown of one entity.
pub const ENTITY_LEAVES: usize = 100_000;
/// A path is at most this long.
pub const PATH_LENGTH: usize = 64;
/// Calls between X++ methods are followed to this depth.
pub const CALL_DEPTH: usize = 32;

/// Why the lineage of a field is not whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Limit {
    /// [`FIELD_LEAVES`].
    FieldLeaves,
    /// [`PATH_LENGTH`].
    PathLength,
    /// [`CALL_DEPTH`].
    CallDepth,
    /// [`ENTITY_LEAVES`].
    EntityLeaves,
    /// A file of the entity is nested deeper than 512 levels.
    XmlNesting,
}

impl Limit {
    /// The limit in words.
    pub fn text(self) -> &'static str {
        match self {
            Limit::FieldLeaves => "a field has more than 10,000 leaves",
            Limit::PathLength => "a path has more than 64 data sources",
            Limit::CallDepth => "a computed column calls deeper than 32 methods",
            Limit::EntityLeaves => "its fields have more than 100,000 leaves",
            Limit::XmlNesting => "a file of it is nested deeper than 512 levels",
        }
    }
}

/// The leaves of one field.
#[derive(Clone, Debug, Default)]
pub struct FieldLineage {
    /// Leaves in order of discovery.
    pub leaves: Vec<Leaf>,
    /// Set when leaves are missing.
    pub cut: Option<Limit>,
}

/// The lineage of all fields of all views and entities.
pub struct Lineage {
    fields: Vec<Vec<FieldLineage>>,
}

impl Lineage {
    /// Computes all lineage, level by level, the elements of a level in parallel.
    pub fn compute(catalog: &Catalog, graph: &Graph) -> Self {
        let mut lineage = Self { fields: vec![Vec::new(); catalog.elements().len()] };
        for level in graph.levels() {
            let resolver = Resolver { catalog, graph, lineage: &lineage };
            let computed: Vec<_> =
                level.par_iter().map(|id| (*id, ElementResolver::new(&resolver, *id).all())).collect();
            for (id, fields) in computed {
                lineage.fields[id.index()] = fields;
            }
        }
        lineage
    }

    /// The lineage of a field of a view or entity.
    pub fn field(&self, element: ElementId, field: FieldIx) -> &FieldLineage {
        &self.fields[element.index()][field.0 as usize]
    }
}

/// What is known while lineage is computed: everything below the element at hand.
#[derive(Clone, Copy)]
struct Resolver<'a> {
    catalog: &'a Catalog,
    graph: &'a Graph,
    lineage: &'a Lineage,
}

/// The fields of one element, with the paths that they share.
struct ElementResolver<'a> {
    base: Resolver<'a>,
    id: ElementId,
    element: &'a Element,
    prefixed: FxHashMap<(SourceIx, Path), Path>,
}

impl<'a> ElementResolver<'a> {
    fn new(base: &Resolver<'a>, id: ElementId) -> Self {
        Self { base: *base, id, element: base.catalog.element(id), prefixed: FxHashMap::default() }
    }

    fn all(&mut self) -> Vec<FieldLineage> {
        match self.element.kind {
            ElementKind::View | ElementKind::Entity => {
                self.element.fields.iter().map(|f| self.binding(&f.binding)).collect()
            }
            ElementKind::Table | ElementKind::Map => Vec::new(),
        }
    }

    fn binding(&mut self, binding: &Binding) -> FieldLineage {
        match binding {
            Binding::Mapped { source, field, aggregated } => self.mapped(source, field, *aggregated),
            Binding::Computed { method, .. } => computed::leaves(self, method.as_deref()),
            Binding::Virtual { .. } | Binding::Column { .. } => FieldLineage::default(),
        }
    }

    fn mapped(&mut self, source: &Spelled, field: &Spelled, aggregated: bool) -> FieldLineage {
        let bound = self.element.source(source.id);
        let mut found = match bound {
            Some(ix) => self.source_field(ix, field),
            None => one(no_such_source(source, field, LeafKind::Mapped)),
        };
        if self.element.union {
            found = self.with_other_branches(bound, field, found);
        }
        if aggregated {
            for leaf in found.leaves.iter_mut().filter(|l| l.kind == LeafKind::Mapped) {
                leaf.kind = LeafKind::Aggregate;
            }
        }
        found
    }

    /// Over a union, each further branch adds the first source that has a field of this name.
    fn with_other_branches(
        &mut self,
        bound: Option<SourceIx>,
        field: &Spelled,
        first: FieldLineage,
    ) -> FieldLineage {
        let own_branch = bound.map(|ix| self.element.topmost(ix)).or_else(|| self.element.first_root());
        let mut set = LeafSet::default();
        let mut cut = first.cut;
        first.leaves.into_iter().for_each(|l| set.insert(l));
        for (root, _) in self.element.sources().filter(|(_, s)| s.kind == crate::aot::SourceKind::Root) {
            if Some(root) == own_branch {
                continue;
            }
            let in_branch =
                self.element.sources().map(|(ix, _)| ix).filter(|ix| self.element.topmost(*ix) == root);
            if let Some(source) = in_branch.into_iter().find(|ix| self.may_have(*ix, field)) {
                let found = self.source_field(source, field);
                cut = cut.or(found.cut);
                found.leaves.into_iter().for_each(|l| set.insert(l));
            }
        }
        bounded(set.into_leaves(), cut)
    }

    fn may_have(&self, ix: SourceIx, field: &Spelled) -> bool {
        let source = self.element.source_at(ix);
        let aliased = source.aliases.iter().any(|(alias, _)| *alias == field.id);
        aliased || source.target.is_none_or(|target| self.base.catalog.has_field(target, field.id))
    }

    /// The leaves of a field of a data source, with the data source in front of their paths.
    fn source_field(&mut self, ix: SourceIx, field: &Spelled) -> FieldLineage {
        let source = self.element.source_at(ix);
        if let Some(target) = source.target.filter(|t| self.base.graph.is_cyclic(self.id, Some(*t))) {
            return one(self.end(ix, LeafTable::Element(target), field.clone()));
        }
        let field = source.target_field(field).clone();
        let Some(target) = source.target else {
            return one(self.end(ix, LeafTable::Written(source.target_name.clone()), field));
        };
        match self.base.catalog.element(target).kind {
            ElementKind::Map => one(self.end(ix, LeafTable::Element(target), field)),
            ElementKind::View | ElementKind::Entity => self.nested(ix, target, field),
            ElementKind::Table => {
                let leaf = self.base.column(Vec::new(), target, field);
                one(Leaf { path: self.prefix(ix, &leaf.path), ..leaf })
            }
        }
    }

    /// An unresolved leaf at a data source that is not followed.
    fn end(&mut self, ix: SourceIx, table: LeafTable, column: Spelled) -> Leaf {
        let leaf = ended(Vec::new(), table, column, false);
        Leaf { path: self.prefix(ix, &leaf.path), ..leaf }
    }

    fn nested(&mut self, ix: SourceIx, target: ElementId, field: Spelled) -> FieldLineage {
        if let Some(declared) = self.base.catalog.element(target).field(field.id) {
            return self.below(ix, self.base.lineage.field(target, declared));
        }
        let inner = self.base.undeclared(target, field);
        self.below(ix, &inner)
    }

    fn below(&mut self, ix: SourceIx, inner: &FieldLineage) -> FieldLineage {
        let fits = |leaf: &&Leaf| leaf.path.len() < PATH_LENGTH;
        let too_long = inner.leaves.iter().any(|l| !fits(&l)).then_some(Limit::PathLength);
        let leaves = inner
            .leaves
            .iter()
            .filter(fits)
            .map(|leaf| Leaf { path: self.prefix(ix, &leaf.path), ..leaf.clone() })
            .collect();
        FieldLineage { leaves, cut: inner.cut.or(too_long) }
    }

    /// Paths are shared between the fields of an element: one allocation per record, not per leaf.
    fn prefix(&mut self, ix: SourceIx, rest: &Path) -> Path {
        self.prefixed.entry((ix, rest.clone())).or_insert_with(|| prefixed(ix, rest)).clone()
    }
}

impl Resolver<'_> {
    /// A field that a view or entity does not declare: a system field is that of its first root source,
    /// however deep; anything else is not there.
    fn undeclared(&self, mut at: ElementId, field: Spelled) -> FieldLineage {
        let mut path: Vec<Hop> = Vec::new();
        let mut field = field;
        if self.catalog.system_field(field.id).is_none() {
            return one(ended(path, LeafTable::Element(at), field, false));
        }
        loop {
            let element = self.catalog.element(at);
            if let Some(declared) = element.field(field.id) {
                return below_path(&path, self.lineage.field(at, declared));
            }
            if path.len() == PATH_LENGTH {
                return FieldLineage { leaves: Vec::new(), cut: Some(Limit::PathLength) };
            }
            let Some(root) = element.first_root() else {
                return one(ended(path, LeafTable::Element(at), field, false));
            };
            let source = element.source_at(root);
            field = source.target_field(&field).clone();
            path.push(Hop::Source(root));
            let Some(target) = source.target else {
                return one(ended(path, LeafTable::Written(source.target_name.clone()), field, false));
            };
            match self.catalog.element(target).kind {
                ElementKind::Table => return one(self.column(path, target, field)),
                ElementKind::View | ElementKind::Entity if !self.graph.is_cyclic(at, Some(target)) => {
                    at = target;
                }
                _ => return one(ended(path, LeafTable::Element(target), field, false)),
            }
            if self.catalog.system_field(field.id).is_none()
                && self.catalog.element(at).field(field.id).is_none()
            {
                return one(ended(path, LeafTable::Element(at), field, false));
            }
        }
    }

    fn column(&self, path: Vec<Hop>, table: ElementId, field: Spelled) -> Leaf {
        match self.catalog.table_column(table, field.id) {
            Some((owner, name)) => ended(path, LeafTable::Element(owner), name.clone(), true),
            None => ended(path, LeafTable::Element(table), field, false),
        }
    }
}

fn below_path(path: &[Hop], inner: &FieldLineage) -> FieldLineage {
    let fits = |leaf: &&Leaf| leaf.path.len() + path.len() <= PATH_LENGTH;
    let too_long = inner.leaves.iter().any(|l| !fits(&l)).then_some(Limit::PathLength);
    let prefixed = |leaf: &Leaf| path.iter().chain(leaf.path.iter()).copied().collect();
    let leaves = inner.leaves.iter().filter(fits).map(|l| Leaf { path: prefixed(l), ..l.clone() }).collect();
    FieldLineage { leaves, cut: inner.cut.or(too_long) }
}

fn one(leaf: Leaf) -> FieldLineage {
    FieldLineage { leaves: vec![leaf], cut: None }
}

fn ended(path: Vec<Hop>, table: LeafTable, column: Spelled, resolved: bool) -> Leaf {
    Leaf { path: path.into(), table, column: Some(column), kind: LeafKind::Mapped, resolved, code: None }
}

fn prefixed(ix: SourceIx, rest: &[Hop]) -> Path {
    std::iter::once(Hop::Source(ix)).chain(rest.iter().copied()).collect()
}

fn no_such_source(source: &Spelled, field: &Spelled, kind: LeafKind) -> Leaf {
    Leaf {
        path: Path::from([Hop::Unknown(source.id)]),
        table: LeafTable::NoSource(source.clone()),
        column: Some(field.clone()),
        kind,
        resolved: false,
        code: None,
    }
}

fn bounded(mut leaves: Vec<Leaf>, cut: Option<Limit>) -> FieldLineage {
    let too_many = leaves.len() > FIELD_LEAVES;
    leaves.truncate(FIELD_LEAVES);
    FieldLineage { leaves, cut: cut.or(too_many.then_some(Limit::FieldLeaves)) }
}

/// Leaves of a system field that a view or entity does not declare: those of its first root source.
pub(crate) fn system_field(
    catalog: &Catalog,
    graph: &Graph,
    lineage: &Lineage,
    element: ElementId,
    field: &Spelled,
) -> FieldLineage {
    Resolver { catalog, graph, lineage }.undeclared(element, field.clone())
}

/// Leaves of a data source's field, for those who ask after lineage is computed.
pub(crate) fn source_field(
    catalog: &Catalog,
    graph: &Graph,
    lineage: &Lineage,
    element: ElementId,
    source: SourceIx,
    field: &Spelled,
) -> FieldLineage {
    let resolver = Resolver { catalog, graph, lineage };
    ElementResolver::new(&resolver, element).source_field(source, field)
}
