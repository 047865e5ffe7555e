//! Which records the query of an entity leaves out: joins that need a match, and ranges.
//!
//! Only what every record must meet counts: root sources, and those joined to them by inner joins all the way;
//! what hangs below an outer join leaves nothing out. Nested views and entities are opened once each.

use crate::aot::{Join, SourceKind};
use crate::catalog::{Element, ElementId, ElementKind, NameId, Range, Source, SourceIx};
use crate::lineage::{Equality, JoinColumn, LeafTable, PATH_LENGTH};
use crate::rules::Input;
use crate::source::Place;
use crate::words::shown;
use std::collections::BTreeSet;

/// Something that leaves records out.
pub(crate) struct Exclusion<'a> {
    /// Data sources from the entity inward, the last one with the join or the range; without it for a range of
    /// the element itself.
    pub(crate) path: Vec<(ElementId, SourceIx)>,
    /// What leaves them out.
    pub(crate) left: Left<'a>,
    /// Where it stands.
    pub(crate) place: Place,
}

/// What leaves records out.
pub(crate) enum Left<'a> {
    /// An inner join; why a match can be missing.
    Inner(String),
    /// An exists join.
    Exists,
    /// A not-exists join.
    NotExists,
    /// A range of a data source.
    SourceRange(&'a Range),
    /// A range of an entity.
    EntityRange(&'a Range),
}

impl Exclusion<'_> {
    /// It stands in the entity itself, not in something nested.
    pub(crate) fn is_own(&self) -> bool {
        match self.left {
            Left::EntityRange(_) => self.path.is_empty(),
            _ => self.path.len() == 1,
        }
    }
}

impl<'a> Input<'a> {
    /// What leaves records of an entity out, outermost first.
    pub(crate) fn exclusions(&self, id: ElementId) -> Vec<Exclusion<'a>> {
        let mut walk = Walk {
            input: self,
            equality: &self.judged.equality,
            seen: BTreeSet::from([id]),
            found: Vec::new(),
        };
        walk.element(id, &[]);
        walk.found
    }
}

struct Walk<'i, 'a> {
    input: &'i Input<'a>,
    equality: &'i Equality<'i>,
    seen: BTreeSet<ElementId>,
    found: Vec<Exclusion<'a>>,
}

impl<'a> Walk<'_, 'a> {
    fn element(&mut self, id: ElementId, above: &[(ElementId, SourceIx)]) {
        let element = self.input.catalog().element(id);
        for range in element.entity.ranges.iter().filter(|r| r.restricts()) {
            self.add(above.to_vec(), Left::EntityRange(range), range.place);
        }
        let mut nested = Vec::new();
        for (ix, source) in element.sources().filter(|(ix, _)| is_required(element, *ix)) {
            let path: Vec<_> = above.iter().copied().chain([(id, ix)]).collect();
            let left = match source.join {
                Some(Join::Inner) => self.missing_match(id, ix).map(Left::Inner),
                Some(Join::Exists) => Some(Left::Exists),
                Some(Join::NotExists) => Some(Left::NotExists),
                Some(Join::Outer) | None => None,
            };
            if let Some(left) = left {
                self.add(path.clone(), left, source.place);
            }
            for range in source.ranges.iter().filter(|r| r.restricts()) {
                self.add(path.clone(), Left::SourceRange(range), range.place);
            }
            nested.extend(self.opened(id, source).map(|target| (target, path)));
        }
        for (target, path) in nested {
            self.element(target, &path);
        }
    }

    fn add(&mut self, path: Vec<(ElementId, SourceIx)>, left: Left<'a>, place: Place) {
        self.found.push(Exclusion { path, left, place });
    }

    /// The view or entity behind a data source whose records must be there, when it is met for the first time.
    fn opened(&mut self, id: ElementId, source: &Source) -> Option<ElementId> {
        let target = source.target?;
        let is_joined = matches!(source.join, None | Some(Join::Inner));
        let is_nested =
            matches!(self.input.catalog().element(target).kind, ElementKind::View | ElementKind::Entity);
        let cyclic = self.input.judged.model.graph.is_cyclic(id, Some(target));
        let opens = is_joined && is_nested && !cyclic && self.seen.len() < PATH_LENGTH;
        (opens && self.seen.insert(target)).then_some(target)
    }

    /// Why the match of an inner join can be missing; `None` where the columns that point to it must be filled.
    fn missing_match(&self, id: ElementId, ix: SourceIx) -> Option<String> {
        let element = self.input.catalog().element(id);
        let source = element.source_at(ix);
        if source.kind != SourceKind::Embedded {
            return None;
        }
        if source.target.is_none() {
            return Some(format!(
                "{} is not loaded, so that nobody knows which",
                shown(&source.target_name.text)
            ));
        }
        let pairs: Vec<(&JoinColumn, &JoinColumn)> = self.equality.join_pairs(id, ix).collect();
        if pairs.is_empty() {
            return Some("no join condition that can be read says what it matches".to_owned());
        }
        pairs.iter().find_map(|(joined, own)| self.can_be_empty(joined, own))
    }

    /// Why a column of the joined record does not always point to a record of the data source.
    fn can_be_empty(&self, joined: &JoinColumn, own: &JoinColumn) -> Option<String> {
        let (Some(from), Some(to)) = (table_of(joined), table_of(own)) else {
            return Some("the tables that it joins are not loaded, so that nobody knows which".to_owned());
        };
        let catalog = self.input.catalog();
        let name = |table: ElementId, column: &JoinColumn| {
            format!("{}.{}", shown(&catalog.element(table).name.text), shown(&column.name.text))
        };
        if !self.points_to((from, joined), (to, own)) {
            return Some(format!("nothing says that each {} has one", name(from, joined)));
        }
        let column = catalog.table_column(from, joined.name.id).and_then(|(owner, spelled)| {
            let element = catalog.element(owner);
            element.field(spelled.id).map(|ix| element.field_at(ix))
        });
        let mandatory = column.is_none_or(|field| field.rules.mandatory == Some(true));
        (!mandatory).then(|| format!("{} is not mandatory", name(from, joined)))
    }

    /// Whether a column refers to a record of another table: it holds its `RecId`, or a relation says so.
    fn points_to(&self, from: (ElementId, &JoinColumn), to: (ElementId, &JoinColumn)) -> bool {
        let rec_id = self.input.catalog().rec_id().id;
        let (from_column, to_column) = (from.1.name.id, to.1.name.id);
        match (from_column == rec_id, to_column == rec_id) {
            (false, true) => true,
            (true, _) => false,
            (false, false) => {
                self.has_relation((from.0, from_column), (to.0, to_column))
                    && !self.has_relation((to.0, to_column), (from.0, from_column))
            }
        }
    }

    /// A table of the first chain has a relation to one of the second, from column to column.
    fn has_relation(&self, from: (ElementId, NameId), to: (ElementId, NameId)) -> bool {
        let catalog = self.input.catalog();
        let relations = catalog.with_ancestors(from.0).flat_map(|table| &catalog.element(table).relations);
        let mut joining =
            relations.filter(|r| r.pairs.iter().any(|(own, other)| (own.id, other.id) == (from.1, to.1)));
        joining.any(|r| catalog.find_id(r.related).is_some_and(|table| catalog.in_one_chain(table, to.0)))
    }
}

fn table_of(column: &JoinColumn) -> Option<ElementId> {
    match column.table {
        LeafTable::Element(id) => Some(id),
        _ => None,
    }
}

/// Whether each record of the entity needs a record of a data source: nothing above it is an outer join or
/// only looks whether there is a record.
pub(super) fn is_required(element: &Element, ix: SourceIx) -> bool {
    let own = element.source_at(ix);
    let is_root = |source: &Source| source.kind == SourceKind::Root;
    let is_inner = |source: &Source| source.kind == SourceKind::Embedded && source.join == Some(Join::Inner);
    let required = is_root(own) || (own.kind == SourceKind::Embedded && own.join != Some(Join::Outer));
    required
        && element.ancestors(ix).all(|above| {
            let above = element.source_at(above);
            is_root(above) || is_inner(above)
        })
}
