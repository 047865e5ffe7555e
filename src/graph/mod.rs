//! Which element uses which, one edge per data source. petgraph stays behind this module.

#[cfg(test)]
mod tests;

use crate::aot::Join;
use crate::catalog::{Catalog, ElementId, SourceIx};
use petgraph::Direction;
use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::EdgeRef;
use std::collections::BTreeSet;

/// One data source as an edge: from the element that has it to its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Use {
    /// The element that has the data source.
    pub user: ElementId,
    /// The data source.
    pub source: SourceIx,
    /// Its target.
    pub target: ElementId,
}

/// What an edge carries; the node indices are the element ids.
struct Edge {
    source: SourceIx,
}

/// The element graph of a catalog.
pub struct Graph {
    uses: DiGraph<(), Edge>,
    /// Strongly connected component of each element; numbers grow from used to user.
    component: Vec<u32>,
    /// For each element the length of the longest chain of uses below it; elements of one level do not
    /// depend on each other, cyclic data sources aside.
    level: Vec<u32>,
    primary: Vec<Option<ElementId>>,
}

impl Graph {
    /// Builds the graph and answers what every later stage asks of it.
    pub fn build(catalog: &Catalog) -> Self {
        let mut graph = DiGraph::with_capacity(catalog.elements().len(), 0);
        for _ in catalog.elements() {
            graph.add_node(());
        }
        for (id, element) in catalog.elements() {
            for (ix, source) in element.sources() {
                if let Some(target) = source.target {
                    graph.add_edge(node(id), node(target), Edge { source: ix });
                }
            }
        }
        let mut built = Self { uses: graph, component: Vec::new(), level: Vec::new(), primary: Vec::new() };
        built.number_components();
        built.find_primary_tables(catalog);
        built
    }

    /// Kosaraju yields components from used to user, which is the order in which lineage is computed.
    fn number_components(&mut self) {
        let count = self.uses.node_count();
        self.component = vec![0; count];
        self.level = vec![0; count];
        let components = kosaraju_scc(&self.uses);
        for (number, members) in (0u32..).zip(&components) {
            for member in members {
                self.component[member.index()] = number;
            }
        }
        for members in &components {
            for member in members {
                let below = self.uses.edges(*member).filter(|e| !self.is_cycle(e.source(), e.target()));
                let level = below.map(|e| self.level[e.target().index()] + 1).max().unwrap_or(0);
                self.level[member.index()] = level;
            }
        }
    }

    fn find_primary_tables(&mut self, catalog: &Catalog) {
        use crate::catalog::ElementKind;
        self.primary = vec![None; self.uses.node_count()];
        for level in self.levels() {
            for id in level {
                let element = catalog.element(id);
                self.primary[id.index()] = match element.kind {
                    ElementKind::Table => Some(id),
                    ElementKind::Map => None,
                    ElementKind::View | ElementKind::Entity => element
                        .first_root()
                        .filter(|root| !self.is_cyclic(id, element.source_at(*root).target))
                        .and_then(|root| element.source_at(root).target)
                        .and_then(|target| self.primary[target.index()]),
                };
            }
        }
    }

    fn is_cycle(&self, from: NodeIndex, to: NodeIndex) -> bool {
        self.component[from.index()] == self.component[to.index()]
    }

    /// Whether a data source of `owner` with this target leads back to `owner`.
    pub fn is_cyclic(&self, owner: ElementId, target: Option<ElementId>) -> bool {
        target.is_some_and(|t| self.is_cycle(node(owner), node(t)))
    }

    /// The primary table of an element (SPEC 3); unknown when its first root source leads nowhere.
    pub fn primary_table(&self, id: ElementId) -> Option<ElementId> {
        self.primary[id.index()]
    }

    /// Elements by level, used before users; within a level in the order of names.
    pub fn levels(&self) -> Vec<Vec<ElementId>> {
        let depth = self.level.iter().max().map_or(0, |d| *d as usize + 1);
        let mut levels = vec![Vec::new(); depth];
        for (index, level) in self.level.iter().enumerate() {
            levels[*level as usize].push(element_id(NodeIndex::new(index)));
        }
        levels
    }

    /// The data sources of an element that have a loaded target, in tree order.
    pub fn uses(&self, id: ElementId) -> Vec<Use> {
        let mut uses: Vec<Use> =
            self.uses.edges_directed(node(id), Direction::Outgoing).map(|e| use_of(&e)).collect();
        uses.sort_unstable();
        uses
    }

    /// The data sources that have this element as target, by user and tree order.
    pub fn used_by(&self, id: ElementId) -> Vec<Use> {
        let mut uses: Vec<Use> =
            self.uses.edges_directed(node(id), Direction::Incoming).map(|e| use_of(&e)).collect();
        uses.sort_unstable();
        uses
    }

    /// Everything that an element uses, or that uses it, to a depth; with the distance, nearest first.
    pub fn reach(&self, id: ElementId, direction: Reach, depth: usize) -> Vec<(ElementId, usize)> {
        let mut seen = BTreeSet::from([id]);
        let mut reached = vec![(id, 0)];
        let mut next = 0;
        while let Some(&(at, distance)) = reached.get(next) {
            next += 1;
            if distance == depth {
                continue;
            }
            let step = match direction {
                Reach::Down => self.uses(at).into_iter().map(|u| u.target).collect::<BTreeSet<_>>(),
                Reach::Up => self.used_by(at).into_iter().map(|u| u.user).collect(),
            };
            reached.extend(step.into_iter().filter(|e| seen.insert(*e)).map(|e| (e, distance + 1)));
        }
        reached
    }

    /// Number of paths of data sources from one element to another, and the first `limit` of them in tree
    /// order. Cyclic data sources are not followed.
    pub fn paths(&self, from: ElementId, to: ElementId, limit: usize) -> (u128, Vec<Vec<Use>>) {
        let counts = self.path_counts(to);
        let mut found = Vec::new();
        let mut path = Vec::new();
        self.collect_paths(from, to, limit, &counts, &mut path, &mut found);
        (counts[from.index()], found)
    }

    /// Number of paths to one element, for every element.
    fn path_counts(&self, to: ElementId) -> Vec<u128> {
        let mut counts = vec![0u128; self.uses.node_count()];
        for id in self.levels().into_iter().flatten() {
            let below = self
                .uses
                .edges(node(id))
                .filter(|e| !self.is_cycle(e.source(), e.target()))
                .fold(0u128, |sum, e| sum.saturating_add(counts[e.target().index()]));
            counts[id.index()] = if id == to { 1 } else { below };
        }
        counts
    }

    fn collect_paths(
        &self,
        at: ElementId,
        to: ElementId,
        limit: usize,
        counts: &[u128],
        path: &mut Vec<Use>,
        found: &mut Vec<Vec<Use>>,
    ) {
        const DEPTH: usize = 64;
        if at == to {
            found.push(path.clone());
            return;
        }
        if path.len() == DEPTH {
            return;
        }
        for step in self.uses(at) {
            let leads_there = counts[step.target.index()] > 0 && !self.is_cyclic(at, Some(step.target));
            if leads_there && found.len() < limit {
                path.push(step);
                self.collect_paths(step.target, to, limit, counts, path, found);
                path.pop();
            }
        }
    }
}

/// The direction of a walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// From users to what they use.
    Down,
    /// From what is used to its users.
    Up,
}

fn node(id: ElementId) -> NodeIndex {
    NodeIndex::new(id.index())
}

fn element_id(node: NodeIndex) -> ElementId {
    ElementId::from_index(node.index())
}

fn use_of(edge: &petgraph::graph::EdgeReference<'_, Edge>) -> Use {
    Use { user: element_id(edge.source()), source: edge.weight().source, target: element_id(edge.target()) }
}

/// How a join is drawn and told.
pub fn join_word(join: Option<Join>) -> &'static str {
    match join {
        None => "root",
        Some(Join::Inner) => "inner join",
        Some(Join::Outer) => "outer join",
        Some(Join::Exists) => "exists join",
        Some(Join::NotExists) => "not-exists join",
    }
}
