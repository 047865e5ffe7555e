//! Whether a field of an entity can be NULL: an outer join anywhere on its way, or a computed column that does not
//! rule it out. The columns of a table itself are never NULL in F&O.

use super::Enums;
use crate::aot::{Join, SourceKind};
use crate::catalog::{
    Binding, Catalog, CodeOwner, Element, ElementId, ElementKind, FieldIx, SourceIx, Spelled,
};
use crate::graph::Graph;
use crate::lineage::{CALL_DEPTH, Hop, Lineage, PATH_LENGTH};
use crate::source::{FileId, Place};
use crate::tracking::Evidence;
use crate::xpp::{Gives, NullFacts, Qualifier, ReferenceKind, References, SourceName};
use rustc_hash::FxHashSet;

/// A field can be NULL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CanBeNull {
    /// It is known that it can; else it cannot be told that it cannot.
    pub certain: bool,
    /// What makes it NULL.
    pub cause: Cause,
    /// The way from the entity to the cause, outermost first.
    pub trail: Vec<TrailStep>,
}

/// What makes a column NULL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A data source, or one above it, is joined with an outer join: a record without partner has NULL.
    OuterJoin {
        /// The element that owns it.
        element: ElementId,
        /// The data source with the join.
        source: SourceIx,
    },
    /// A derived data source: records of other sub-tables have none of its columns.
    Derived {
        /// The element that owns it.
        element: ElementId,
        /// The data source.
        source: SourceIx,
    },
    /// The SQL text of a computed column gives NULL.
    Sql {
        /// How.
        gives: Gives,
        /// The line of X++.
        place: Place,
    },
    /// X++ that builds a computed column cannot be read.
    Unreadable {
        /// The method.
        method: Box<str>,
    },
    /// An element or a field is not loaded.
    NotLoaded {
        /// Its name.
        name: Box<str>,
    },
    /// The way goes too deep, or in a circle.
    TooDeep,
}

impl Cause {
    /// How well it is founded.
    pub fn evidence(&self) -> Evidence {
        match self {
            Self::OuterJoin { .. } => Evidence::Documented,
            _ => Evidence::Inferred,
        }
    }
}

/// A step of the way from an entity to the cause of NULL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrailStep {
    /// A data source of an element.
    Source {
        /// The element.
        element: ElementId,
        /// The data source.
        source: SourceIx,
    },
    /// A computed column of an element.
    Computed {
        /// The element.
        element: ElementId,
        /// The column.
        field: FieldIx,
    },
}

/// What is needed to follow a field.
#[derive(Clone, Copy)]
pub struct Columns<'a> {
    /// The elements.
    pub catalog: &'a Catalog,
    /// What uses what.
    pub graph: &'a Graph,
    /// What stands behind the fields.
    pub lineage: &'a Lineage,
    /// Knows enums.
    pub enums: &'a dyn Enums,
}

impl Columns<'_> {
    /// Why a field of a view or entity can be NULL; none when it cannot.
    pub fn can_be_null(&self, element: ElementId, field: FieldIx) -> Option<CanBeNull> {
        self.field(element, field, 0)
    }

    fn element(&self, id: ElementId) -> &Element {
        self.catalog.element(id)
    }

    fn field(&self, id: ElementId, ix: FieldIx, depth: usize) -> Option<CanBeNull> {
        if depth >= PATH_LENGTH {
            return Some(perhaps(Cause::TooDeep));
        }
        let element = self.element(id);
        match &element.field_at(ix).binding {
            Binding::Mapped { source, field, .. } if element.union => {
                let found = self.branches(id, ix).map(|branch| self.source(id, branch, field, depth));
                strongest(found.flatten().collect()).or_else(|| self.bound(id, source, field, depth))
            }
            Binding::Mapped { source, field, .. } => self.bound(id, source, field, depth),
            Binding::Computed { method, .. } => {
                let found = Methods::new(self, id, depth).column(method.as_deref());
                found.map(|null| null.behind(TrailStep::Computed { element: id, field: ix }))
            }
            Binding::Virtual { .. } | Binding::Column { .. } => None,
        }
    }

    /// The data sources of a union that give a field, each once.
    fn branches(&self, id: ElementId, ix: FieldIx) -> impl Iterator<Item = SourceIx> {
        let leaves = &self.lineage.field(id, ix).leaves;
        let mut seen = FxHashSet::default();
        leaves
            .iter()
            .filter_map(|leaf| match leaf.path.first() {
                Some(Hop::Source(source)) => Some(*source),
                _ => None,
            })
            .filter(move |source| seen.insert(*source))
    }

    fn bound(&self, id: ElementId, source: &Spelled, field: &Spelled, depth: usize) -> Option<CanBeNull> {
        match self.element(id).source(source.id) {
            Some(ix) => self.source(id, ix, field, depth),
            None => Some(perhaps(Cause::NotLoaded { name: (&*source.text).into() })),
        }
    }

    /// A field of a data source: what joins it, then what it is in its target.
    fn source(&self, id: ElementId, ix: SourceIx, field: &Spelled, depth: usize) -> Option<CanBeNull> {
        let element = self.element(id);
        let step = TrailStep::Source { element: id, source: ix };
        if let Some(joined) = self.outer(id, ix) {
            return Some(joined);
        }
        let source = element.source_at(ix);
        let found = match source.target {
            None => Some(perhaps(Cause::NotLoaded { name: (&*source.target_name.text).into() })),
            Some(target) if self.graph.is_cyclic(id, Some(target)) => Some(perhaps(Cause::TooDeep)),
            Some(target) => self.target(target, source.target_field(field), depth),
        };
        let derived = || {
            let cause = Cause::Derived { element: id, source: ix };
            (source.kind == SourceKind::Derived).then(|| perhaps(cause))
        };
        found.or_else(derived).map(|null| null.behind(step))
    }

    /// The outer join of a data source, or of one above it, with the way down from there.
    fn outer(&self, id: ElementId, ix: SourceIx) -> Option<CanBeNull> {
        let element = self.element(id);
        let mut up: Vec<SourceIx> = Vec::new();
        for source in std::iter::once(ix).chain(element.ancestors(ix)) {
            up.push(source);
            if element.source_at(source).join == Some(Join::Outer) {
                let trail = up.iter().rev().map(|source| TrailStep::Source { element: id, source: *source });
                let cause = Cause::OuterJoin { element: id, source };
                return Some(CanBeNull { certain: true, cause, trail: trail.collect() });
            }
        }
        None
    }

    fn target(&self, target: ElementId, field: &Spelled, depth: usize) -> Option<CanBeNull> {
        let element = self.element(target);
        match element.kind {
            ElementKind::Table | ElementKind::Map => None,
            ElementKind::View | ElementKind::Entity => match element.field(field.id) {
                Some(ix) => self.field(target, ix, depth + 1),
                None if self.catalog.system_field(field.id).is_some() => {
                    let root = element.first_root()?;
                    self.source(target, root, field, depth + 1)
                }
                None => {
                    let name = format!("{}.{}", element.name.text, field.text);
                    Some(perhaps(Cause::NotLoaded { name: name.into() }))
                }
            },
        }
    }

    /// The virtual field that a field is, or shows through nested entities.
    pub fn virtual_field(&self, element: ElementId, field: FieldIx) -> Option<(ElementId, FieldIx)> {
        let (mut id, mut ix) = (element, field);
        for _ in 0..PATH_LENGTH {
            let element = self.element(id);
            match &element.field_at(ix).binding {
                Binding::Virtual { .. } => return Some((id, ix)),
                Binding::Mapped { source, field, .. } => {
                    let source = element.source_at(element.source(source.id)?);
                    let target = source.target.filter(|target| !self.graph.is_cyclic(id, Some(*target)))?;
                    ix = self.element(target).field(source.target_field(field).id)?;
                    id = target;
                }
                Binding::Column { .. } | Binding::Computed { .. } => return None,
            }
        }
        None
    }
}

fn perhaps(cause: Cause) -> CanBeNull {
    CanBeNull { certain: false, cause, trail: Vec::new() }
}

impl CanBeNull {
    fn behind(mut self, step: TrailStep) -> Self {
        self.trail.insert(0, step);
        self
    }
}

/// The first that is certain, else the first.
fn strongest(found: Vec<CanBeNull>) -> Option<CanBeNull> {
    let certain = found.iter().position(|null| null.certain).unwrap_or(0);
    found.into_iter().nth(certain)
}

/// The methods behind one computed column.
struct Methods<'c, 'a> {
    columns: &'c Columns<'a>,
    root: ElementId,
    depth: usize,
    followed: FxHashSet<(CodeOwner, String)>,
    guarded: bool,
    chooses: bool,
    found: Vec<CanBeNull>,
}

impl<'c, 'a> Methods<'c, 'a> {
    fn new(columns: &'c Columns<'a>, root: ElementId, depth: usize) -> Self {
        let followed = FxHashSet::default();
        Self { columns, root, depth, followed, guarded: false, chooses: false, found: Vec::new() }
    }

    fn column(mut self, method: Option<&str>) -> Option<CanBeNull> {
        let owner = CodeOwner::Element(self.root);
        if !method.is_some_and(|method| self.follow(&owner, method, 1)) {
            self.unreadable(method.unwrap_or("a method that is not named"));
        }
        if self.guarded {
            return None;
        }
        if self.chooses {
            let stays = |cause: &Cause| {
                matches!(cause, Cause::Sql { gives: Gives::Null | Gives::CaseWithoutElse, .. })
            };
            self.found.iter_mut().filter(|null| !stays(&null.cause)).for_each(|null| null.certain = false);
        }
        strongest(self.found)
    }

    fn unreadable(&mut self, method: &str) {
        self.found.push(perhaps(Cause::Unreadable { method: method.into() }));
    }

    /// Reads a method once; false when there is no such method.
    fn follow(&mut self, owner: &CodeOwner, name: &str, calls: usize) -> bool {
        let Some(code) = self.columns.catalog.find_code(owner, self.root, name) else { return false };
        if !self.followed.insert((owner.clone(), name.to_ascii_lowercase())) {
            return true;
        }
        match code.references().filter(|references| !references.broken && calls <= CALL_DEPTH) {
            Some(references) => self.read(owner, code.file, references, calls),
            None => self.unreadable(name),
        }
        true
    }

    fn read(&mut self, owner: &CodeOwner, file: FileId, references: &References, calls: usize) {
        if let Some(nulls) = &references.nulls {
            self.nulls(file, nulls);
        }
        for reference in &references.items {
            let ReferenceKind::Call { qualifier, method } = &reference.kind else { continue };
            let (callee, must_exist) = match qualifier {
                Qualifier::None | Qualifier::This => (Some(owner.clone()), false),
                Qualifier::Static(name) => (self.columns.catalog.static_owner(name, self.root), true),
            };
            let found = callee.is_some_and(|callee| self.follow(&callee, method, calls + 1));
            if !found && must_exist {
                self.unreadable(method);
            }
        }
    }

    fn nulls(&mut self, file: FileId, facts: &NullFacts) {
        self.guarded |= facts.guarded;
        self.chooses |= facts.chooses;
        for read in &facts.reads {
            let null = self.shown(&read.source, &read.field);
            self.found.extend(null.map(|null| CanBeNull { certain: null.certain && read.value, ..null }));
        }
        for (line, gives) in &facts.gives {
            let cause = Cause::Sql { gives: *gives, place: Place::at_line(file, *line) };
            self.found.push(CanBeNull { certain: true, cause, trail: Vec::new() });
        }
    }

    /// A column that the method shows. A name that is no data source is text of another kind.
    fn shown(&self, source: &SourceName, field: &str) -> Option<CanBeNull> {
        let (SourceName::Identifier(name)
        | SourceName::Table(name)
        | SourceName::EntitySource(name)
        | SourceName::Literal(name)) = source;
        let ix = self.columns.element(self.root).source(name.name())?;
        self.columns.source(self.root, ix, &Spelled::new(field), self.depth + 1)
    }
}
