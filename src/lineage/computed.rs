//! What a computed column reads: the X++ method that writes its SQL, and the methods that it calls.

use super::leaf::{Leaf, LeafKind, LeafSet, LeafTable, Path};
use super::{CALL_DEPTH, ElementResolver, FieldLineage, Limit, bounded, no_such_source};
use crate::catalog::{CodeOwner, Spelled};
use crate::source::{FileId, Place};
use crate::xpp::{Qualifier, Reference, ReferenceKind, SourceName};
use rustc_hash::FxHashSet;

/// The leaves of a field computed by `method`; a method that is not there or cannot be read gives a leaf of
/// kind `unknown`.
pub(super) fn leaves(element: &mut ElementResolver, method: Option<&str>) -> FieldLineage {
    let owner = CodeOwner::Element(element.id);
    let mut reader = Reader { element, set: LeafSet::default(), cut: None, followed: FxHashSet::default() };
    let place = reader.element.element.place;
    match method {
        Some(method) => {
            if !reader.follow(&owner, method, 1) {
                reader.unknown(place);
            }
        }
        None => reader.unknown(place),
    }
    bounded(reader.set.into_leaves(), reader.cut)
}

struct Reader<'r, 'a> {
    element: &'r mut ElementResolver<'a>,
    set: LeafSet,
    cut: Option<Limit>,
    followed: FxHashSet<(CodeOwner, String)>,
}

impl Reader<'_, '_> {
    /// Reads a method once; false when there is no such method.
    fn follow(&mut self, owner: &CodeOwner, name: &str, depth: usize) -> bool {
        let catalog = self.element.base.catalog;
        let Some(code) = catalog.find_code(owner, self.element.id, name) else { return false };
        if !self.followed.insert((owner.clone(), name.to_ascii_lowercase())) {
            return true;
        }
        if depth > CALL_DEPTH {
            self.cut = Some(Limit::CallDepth);
            return true;
        }
        let Some(references) = code.references() else { return true };
        if references.broken {
            self.unknown(Some(Place::at_line(code.file, code.method.line)));
        }
        for reference in &references.items {
            self.read(owner, code.file, reference, depth);
        }
        true
    }

    fn read(&mut self, owner: &CodeOwner, file: FileId, reference: &Reference, depth: usize) {
        let place = Place::at_line(file, reference.line);
        match &reference.kind {
            ReferenceKind::SourceField { source, field } => self.source_field(source, field, place),
            ReferenceKind::Table(name) => self.table(name, place),
            ReferenceKind::SqlTable(name) => self.sql(name, place),
            ReferenceKind::Call { qualifier, method } => {
                let root = self.element.id;
                let (callee, must_exist) = match qualifier {
                    Qualifier::None | Qualifier::This => (Some(owner.clone()), false),
                    Qualifier::Static(name) => (self.element.base.catalog.static_owner(name, root), true),
                };
                let found = callee.is_some_and(|callee| self.follow(&callee, method, depth + 1));
                if !found && must_exist {
                    self.unknown(Some(place));
                }
            }
        }
    }

    fn source_field(&mut self, source: &SourceName, field: &str, place: Place) {
        let (SourceName::Identifier(name)
        | SourceName::Table(name)
        | SourceName::EntitySource(name)
        | SourceName::Literal(name)) = source;
        let field = Spelled::new(field);
        let name = Spelled::new(name);
        match (self.element.element.source(name.id), source) {
            (Some(ix), _) => {
                let found = self.element.source_field(ix, &field);
                self.cut = self.cut.or(found.cut);
                for mut leaf in found.leaves {
                    if matches!(leaf.kind, LeafKind::Mapped | LeafKind::Aggregate) {
                        leaf.kind = LeafKind::Computed;
                        leaf.code = Some(place);
                    }
                    self.set.insert(leaf);
                }
            }
            (None, SourceName::Table(_)) => self.sql(&name.text, place),
            (None, SourceName::Identifier(_) | SourceName::EntitySource(_)) => {
                let leaf = no_such_source(&name, &field, LeafKind::Computed);
                self.set.insert(Leaf { code: Some(place), ..leaf });
            }
            (None, SourceName::Literal(_)) => {}
        }
    }

    fn table(&mut self, name: &str, place: Place) {
        let element = self.element.element;
        let id = Spelled::new(name).id;
        if element.source(id).is_none() && element.name.id != id {
            self.sql(name, place);
        }
    }

    fn sql(&mut self, name: &str, place: Place) {
        let target = self.element.base.catalog.find(name);
        let written = || LeafTable::Written(Spelled::new(name));
        let table = target.map_or_else(written, LeafTable::Element);
        self.leaf(table, LeafKind::Sql, target.is_some(), Some(place));
    }

    fn unknown(&mut self, place: Option<Place>) {
        self.leaf(LeafTable::Nothing, LeafKind::Unknown, false, place);
    }

    fn leaf(&mut self, table: LeafTable, kind: LeafKind, resolved: bool, code: Option<Place>) {
        self.set.insert(Leaf { path: Path::from([]), table, column: None, kind, resolved, code });
    }
}
