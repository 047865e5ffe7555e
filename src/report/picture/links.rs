//! The connections of an element, both ways: data sources, mapping entries, missing entries.

use crate::catalog::{ElementId, SourceIx};
use crate::engine::Judged;
use crate::text::{Symbol, name_key};
use crate::tracking::{EntityAnalysis, Status};
use std::collections::BTreeMap;

/// An end of a connection.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Spot {
    /// A loaded element.
    Element(ElementId),
    /// A name that is not loaded, in lower case.
    Ghost(Symbol),
}

/// What makes a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Link {
    /// A data source of the user.
    Source(SourceIx),
    /// An entry of the user's mapping method, by position.
    Entry(usize),
    /// A missing entry of the user, by position in [`Judged::needed`].
    Missing(usize),
}

/// A connection from a user to what it uses.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Step {
    pub(super) user: ElementId,
    pub(super) link: Link,
    pub(super) target: Spot,
}

/// All connections, with the way back from tables to the entities whose mapping methods name them.
pub(super) struct Links<'a> {
    pub(super) judged: &'a Judged<'a>,
    missing: BTreeMap<ElementId, Vec<usize>>,
    backward: BTreeMap<ElementId, Vec<(ElementId, Link)>>,
}

impl<'a> Links<'a> {
    pub(super) fn new(judged: &'a Judged<'a>) -> Self {
        let mut links = Self { judged, missing: BTreeMap::new(), backward: BTreeMap::new() };
        for (position, needed) in judged.needed.iter().enumerate() {
            links.missing.entry(needed.entity).or_default().push(position);
            links.backward.entry(needed.table).or_default().push((needed.entity, Link::Missing(position)));
        }
        for entity in &judged.analysis.entities {
            for (position, entry) in entity.mapping.entries.iter().enumerate() {
                if let Some(table) = entry.table_id {
                    links.backward.entry(table).or_default().push((entity.id, Link::Entry(position)));
                }
            }
        }
        links
    }

    /// The verdicts on an entity that is in scope; others are in no map, so nothing can be said of them.
    pub(super) fn judged(&self, id: ElementId) -> Option<&'a EntityAnalysis> {
        self.judged.analysis.entity(id).filter(|e| e.in_scope)
    }

    /// What an element uses: data sources in tree order, then entries, then missing ones.
    pub(super) fn down(&self, spot: &Spot) -> Vec<Step> {
        let Spot::Element(user) = *spot else { return Vec::new() };
        let element = self.judged.model.catalog.element(user);
        let step = |link, target| Step { user, link, target };
        let sources = element
            .sources()
            .map(|(ix, source)| step(Link::Source(ix), target(source.target, &source.target_name.text)));
        let mut steps: Vec<Step> = sources.collect();
        if let Some(entity) = self.judged.analysis.entity(user) {
            for (position, entry) in entity.mapping.entries.iter().enumerate() {
                let name = entry.table.as_deref();
                steps.extend(name.map(|name| step(Link::Entry(position), target(entry.table_id, name))));
            }
        }
        for position in self.missing.get(&user).into_iter().flatten() {
            let table = self.judged.needed[*position].table;
            steps.push(step(Link::Missing(*position), Spot::Element(table)));
        }
        steps
    }

    /// What uses an element, by user.
    pub(super) fn up(&self, spot: &Spot) -> Vec<Step> {
        let Spot::Element(id) = *spot else { return Vec::new() };
        let uses = self.judged.model.graph.used_by(id);
        let sources = uses.into_iter().map(|u| (u.user, Link::Source(u.source)));
        let backward = self.backward.get(&id).into_iter().flatten().copied();
        let step = |(user, link)| Step { user, link, target: spot.clone() };
        let mut steps: Vec<Step> = sources.chain(backward).map(step).collect();
        steps.sort_unstable();
        steps
    }

    /// The data sources that lead to the table of a missing entry.
    pub(super) fn hops(&self, step: &Step) -> Vec<Step> {
        let Link::Missing(position) = step.link else { return Vec::new() };
        let catalog = &self.judged.model.catalog;
        let mut hops = Vec::new();
        let mut user = step.user;
        for name in &self.judged.needed[position].path {
            let element = catalog.element(user);
            let found = catalog.name(name).and_then(|id| element.source(id));
            let Some((ix, id)) = found.and_then(|ix| Some((ix, element.source_at(ix).target?))) else {
                break;
            };
            hops.push(Step { user, link: Link::Source(ix), target: Spot::Element(id) });
            user = id;
        }
        hops
    }

    /// A change behind this connection is never sent by it.
    pub(super) fn is_untracked(&self, step: &Step) -> bool {
        match step.link {
            Link::Source(ix) => {
                self.judged(step.user).is_some_and(|e| e.sources[ix.0 as usize].status == Status::Untracked)
            }
            Link::Entry(_) => false,
            Link::Missing(_) => true,
        }
    }
}

fn target(id: Option<ElementId>, name: &str) -> Spot {
    id.map_or_else(|| Spot::Ghost(name_key(name).into()), Spot::Element)
}
