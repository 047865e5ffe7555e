//! Whether a change of a leaf triggers the entity (SPEC 6, the nine rules for leaves).

use super::Reason;
use super::sources::Rules;
use super::verdict::{LeafVerdict, SourceVerdict, Status, Via};
use crate::catalog::{ElementId, ElementKind, SourceIx};
use crate::lineage::{Hop, Leaf, LeafKind};
use crate::source::Place;

/// One entity's data sources with their verdicts.
pub(super) struct LeafRules<'a> {
    pub(super) rules: Rules<'a>,
    pub(super) id: ElementId,
    pub(super) sources: &'a [SourceVerdict],
    /// Tables that tracked data sources register beyond their primary tables (policies `all`).
    pub(super) further: Vec<(SourceIx, ElementId)>,
}

/// How a nested path ends.
enum Depth {
    /// At the record that the row of the data source stands for.
    Primary,
    /// There, but the row stands for another table of the chain.
    OtherTable,
    /// Deeper; the position of the first hop that leaves the primary record.
    Deeper(usize),
}

impl LeafRules<'_> {
    /// Rule 1: the data source, or for SQL text any, through which the leaf is tracked.
    pub(super) fn tracked_through(&self, leaf: &Leaf) -> Option<SourceIx> {
        let table = self.table(leaf)?;
        if leaf.kind == LeafKind::Sql {
            return self.registering(table).next();
        }
        let source = first_source(leaf)?;
        let verdict = &self.sources[source.0 as usize];
        if verdict.status != Status::Tracked {
            return None;
        }
        let reached = matches!(self.depth(leaf, verdict, table), Depth::Primary)
            || (leaf.resolved && self.reaches_all(source) && self.excluded_hop(leaf).is_none());
        reached.then_some(source)
    }

    /// The tracked data sources that register a table.
    pub(super) fn registering(&self, table: ElementId) -> impl Iterator<Item = SourceIx> + '_ {
        let rules = self.rules;
        let primary = (0..).map(SourceIx).zip(self.sources).filter(move |(_, v)| {
            v.status == Status::Tracked && v.primary.is_some_and(|p| rules.stands_for(p, table))
        });
        let further =
            self.further.iter().filter(move |(_, t)| rules.stands_for(*t, table)).map(|(source, _)| *source);
        primary.map(|(ix, _)| ix).chain(further)
    }

    /// The verdict when no entry covers the leaf: rules 1 and 3 to 9.
    pub(super) fn without_entries(&self, leaf: &Leaf) -> LeafVerdict {
        if let Some(source) = self.tracked_through(leaf) {
            let via = Some(Via::DataSource);
            return LeafVerdict {
                via,
                ..at_hop(leaf, 0, Status::Tracked, None, Some(self.place_of(source)))
            };
        }
        let source = first_source(leaf);
        let first = source.map(|ix| self.sources[ix.0 as usize]);
        let at = |status, reason| at_hop(leaf, 0, status, reason, source.map(|ix| self.place_of(ix)));
        if let Some(verdict) = first.filter(|v| matches!(v.status, Status::Untracked | Status::Unresolved)) {
            return at(verdict.status, verdict.reason);
        }
        if leaf.kind == LeafKind::Unknown {
            return self.at_code(leaf, Status::Untracked, Some(Reason::UnknownMethod));
        }
        if !leaf.resolved {
            return self.at_end(leaf, Status::Unresolved, None);
        }
        if leaf.kind == LeafKind::Sql {
            return self.at_code(leaf, Status::Untracked, Some(Reason::SqlOnly));
        }
        self.deeper(leaf, first.as_ref()).unwrap_or_else(|| at(Status::Undecidable, Some(Reason::SkipMethod)))
    }

    /// Rule 8.
    fn deeper(&self, leaf: &Leaf, first: Option<&SourceVerdict>) -> Option<LeafVerdict> {
        let source = first_source(leaf)?;
        let untracked = |hop: usize, reason| {
            at_hop(leaf, hop, Status::Untracked, Some(reason), self.hop_place(leaf, hop))
        };
        if let Some((hop, reason)) = self.excluded_hop(leaf).filter(|_| self.reaches_all(source)) {
            return Some(untracked(hop, reason));
        }
        match self.depth(leaf, first?, self.table(leaf)?) {
            Depth::Primary => None,
            Depth::OtherTable => Some(untracked(leaf.path.len() - 1, Reason::Inheritance)),
            Depth::Deeper(_) if self.reaches_all(source) => None,
            Depth::Deeper(hop) => Some(untracked(hop, Reason::NestedSource)),
        }
    }

    fn depth(&self, leaf: &Leaf, first: &SourceVerdict, table: ElementId) -> Depth {
        for (position, (id, ix)) in leaf.hops(self.rules.catalog, self.id).enumerate().skip(1) {
            let element = self.rules.catalog.element(id);
            if Some(element.record_owner(ix)) != element.first_root() {
                return Depth::Deeper(position);
            }
        }
        match first.primary {
            Some(primary) if self.rules.stands_for(primary, table) => Depth::Primary,
            _ => Depth::OtherTable,
        }
    }

    fn reaches_all(&self, source: SourceIx) -> bool {
        let target = self.rules.catalog.element(self.id).source_at(source).target;
        target.is_some_and(|t| self.rules.registers_all(t))
    }

    fn excluded_hop(&self, leaf: &Leaf) -> Option<(usize, Reason)> {
        leaf.hops(self.rules.catalog, self.id)
            .enumerate()
            .skip(1)
            .find_map(|(hop, (id, ix))| self.rules.excluded_hop(id, ix).map(|reason| (hop, reason)))
    }

    /// The verdict on the data source that a path starts with.
    pub(super) fn first_verdict(&self, leaf: &Leaf) -> Option<&SourceVerdict> {
        first_source(leaf).map(|ix| &self.sources[ix.0 as usize])
    }

    fn table(&self, leaf: &Leaf) -> Option<ElementId> {
        leaf.element().filter(|t| self.rules.catalog.element(*t).kind == ElementKind::Table)
    }

    fn place_of(&self, source: SourceIx) -> Place {
        self.rules.catalog.element(self.id).source_at(source).place
    }

    fn hop_place(&self, leaf: &Leaf, hop: usize) -> Option<Place> {
        let (id, ix) = leaf.hops(self.rules.catalog, self.id).nth(hop)?;
        Some(self.rules.catalog.element(id).source_at(ix).place)
    }

    fn at_code(&self, leaf: &Leaf, status: Status, reason: Option<Reason>) -> LeafVerdict {
        LeafVerdict { place: leaf.code, ..self.at_end(leaf, status, reason) }
    }

    fn at_end(&self, leaf: &Leaf, status: Status, reason: Option<Reason>) -> LeafVerdict {
        let last = leaf.path.len().saturating_sub(1);
        let place = self.hop_place(leaf, last).or(leaf.code);
        at_hop(leaf, last, status, reason, place)
    }

    /// The verdict on a leaf of a field whose lineage was cut.
    pub(super) fn cut(&self, leaf: &Leaf) -> LeafVerdict {
        self.at_end(leaf, Status::Undecidable, Some(Reason::Limit))
    }
}

fn first_source(leaf: &Leaf) -> Option<SourceIx> {
    match leaf.path.first() {
        Some(Hop::Source(ix)) => Some(*ix),
        _ => None,
    }
}

fn at_hop(
    leaf: &Leaf,
    hop: usize,
    status: Status,
    reason: Option<Reason>,
    place: Option<Place>,
) -> LeafVerdict {
    let hop = (hop < leaf.path.len()).then_some(hop);
    LeafVerdict { status, via: None, reason, place, hop, entry: None }
}
