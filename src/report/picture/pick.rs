//! From what was reached to what is drawn: a limit, stubs for the rest, and the connections between.

use super::links::{Link, Links, Spot, Step};
use super::starts::count_fields;
use super::walk::Walk;
use super::{
    Edge, EntryTie, FOCUS, Located, MissingTie, Node, Picture, Request, SourceTie, Stub, StubEdge, StubGroup,
    Tie,
};
use crate::catalog::{Element, ElementId, ElementKind, SourceIx};
use crate::engine::Judged;
use crate::source::Place;
use crate::text::{Symbol, name_order};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// A picture has at most this many stubs; the models with the fewest elements share one.
const STUBS: usize = 12;

/// Picks what a picture shows. The same model and request give the same picture.
pub fn pick(judged: &Judged, request: &Request) -> Picture {
    let links = Links::new(judged);
    let walk = Walk::new(&links, request);
    let shown = request.limit.unwrap_or(usize::MAX).min(walk.order.len());
    let picker = Picker { judged, links, walk, shown, request };
    let steps = picker.steps();
    let (stubs, stub_of) = picker.stubs();
    Picture {
        nodes: picker.nodes(&steps),
        edges: picker.edges(&steps),
        stub_edges: picker.stub_edges(&steps, &stub_of),
        stubs,
        total: picker.walk.order.len(),
        untracked: request.untracked,
        focused: request.starts.len() <= FOCUS,
    }
}

struct Picker<'a> {
    judged: &'a Judged<'a>,
    links: Links<'a>,
    walk: Walk,
    /// So many elements are drawn; those behind them become stubs.
    shown: usize,
    request: &'a Request,
}

/// A connection between two elements that were reached, by their positions.
struct Placed {
    step: Step,
    from: usize,
    to: usize,
}

impl Picker<'_> {
    fn steps(&self) -> Vec<Placed> {
        let mut placed = Vec::new();
        for (from, reached) in self.walk.order.iter().enumerate() {
            for step in self.links.down(&reached.spot) {
                let Some(to) = self.walk.position(&step.target) else { continue };
                if !self.request.untracked || self.walk.shows(&self.links, &step) {
                    placed.push(Placed { step, from, to });
                }
            }
        }
        placed
    }

    fn element(&self, id: ElementId) -> &Element {
        self.judged.model.catalog.element(id)
    }

    fn model(&self, spot: &Spot) -> Option<&str> {
        match spot {
            Spot::Element(id) => self.judged.model.model_of(self.element(*id)),
            Spot::Ghost(_) => None,
        }
    }

    fn nodes(&self, steps: &[Placed]) -> Vec<Node> {
        let mut written: BTreeMap<usize, Symbol> = BTreeMap::new();
        for placed in steps.iter().filter(|p| matches!(p.step.target, Spot::Ghost(_))) {
            written.entry(placed.to).or_insert_with(|| self.written(&placed.step));
        }
        let shown = self.walk.order[..self.shown].iter().enumerate();
        shown
            .map(|(position, reached)| match &reached.spot {
                Spot::Element(id) => self.node(*id, reached.distance),
                Spot::Ghost(key) => Node {
                    name: written.get(&position).unwrap_or(key).clone(),
                    kind: None,
                    model: None,
                    partial: false,
                    start: false,
                    distance: reached.distance,
                    judged: None,
                    place: None,
                },
            })
            .collect()
    }

    fn node(&self, id: ElementId, distance: usize) -> Node {
        let element = self.element(id);
        Node {
            name: element.name.text.clone(),
            kind: Some(element.kind),
            model: self.model(&Spot::Element(id)).map(Into::into),
            partial: element.is_partial(),
            start: self.request.starts.iter().any(|s| s.id == id),
            distance,
            judged: self.links.judged(id).and_then(count_fields),
            place: element.place.map(|p| self.located(p)),
        }
    }

    /// The target of a connection as the file writes it.
    fn written(&self, step: &Step) -> Symbol {
        match step.link {
            Link::Source(ix) => self.element(step.user).source_at(ix).target_name.text.clone(),
            Link::Entry(position) => {
                let entity = self.judged.analysis.entity(step.user);
                entity.and_then(|e| e.mapping.entries[position].table.clone()).unwrap_or_default()
            }
            Link::Missing(position) => self.element(self.judged.needed[position].table).name.text.clone(),
        }
    }

    fn located(&self, place: Place) -> Located {
        Located { file: self.judged.model.path(place.file).into(), line: place.line }
    }

    fn edges(&self, steps: &[Placed]) -> Vec<Edge> {
        let drawn = steps.iter().filter(|p| p.from < self.shown && p.to < self.shown);
        drawn.filter_map(|p| Some(Edge { from: p.from, to: p.to, tie: self.tie(&p.step)? })).collect()
    }

    fn tie(&self, step: &Step) -> Option<Tie> {
        match step.link {
            Link::Source(ix) => Some(Tie::Source(self.source(step.user, ix))),
            Link::Entry(position) => self.entry(step.user, position).map(Tie::Entry),
            Link::Missing(position) => Some(Tie::Missing(self.missing(position))),
        }
    }

    fn source(&self, user: ElementId, ix: SourceIx) -> SourceTie {
        let source = self.element(user).source_at(ix);
        let verdict = self.links.judged(user).map(|e| e.sources[ix.0 as usize]);
        SourceTie {
            name: source.name.text.clone(),
            kind: source.kind,
            join: source.join,
            read_only: source.read_only,
            cyclic: self.judged.model.graph.is_cyclic(user, source.target),
            added_by: source.added_by.clone(),
            verdict: verdict.map(|v| (v.status, v.reason)),
            place: self.located(source.place),
        }
    }

    fn entry(&self, user: ElementId, position: usize) -> Option<EntryTie> {
        let entry = self.judged.analysis.entity(user)?.mapping.entries.get(position)?;
        Some(EntryTie {
            label: entry.label.clone(),
            field: entry.field.clone(),
            verdict: entry.verdict,
            matched: entry.matched,
            in_scope: self.links.judged(user).is_some(),
            removable: entry.rows_saved.is_some(),
            conditional: entry.conditional,
            place: self.located(entry.place),
        })
    }

    fn missing(&self, position: usize) -> MissingTie {
        let needed = &self.judged.needed[position];
        let element = self.element(needed.entity);
        MissingTie {
            path: needed.path.clone(),
            fields: needed.fields.iter().map(|ix| element.field_at(*ix).name.text.clone()).collect(),
            reason: needed.reason,
            remedy: needed.remedy.id(),
        }
    }

    /// The stubs, and which one stands for each element that is not drawn.
    fn stubs(&self) -> (Vec<Stub>, Vec<usize>) {
        let hidden = &self.walk.order[self.shown..];
        let mut counts: BTreeMap<Option<&str>, usize> = BTreeMap::new();
        for reached in hidden {
            *counts.entry(self.model(&reached.spot)).or_default() += 1;
        }
        let mut models: Vec<(Option<&str>, usize)> = counts.into_iter().collect();
        models.sort_by(|(a, x), (b, y)| {
            Reverse(x).cmp(&Reverse(y)).then_with(|| name_order(a.unwrap_or_default(), b.unwrap_or_default()))
        });
        let own = if models.len() > STUBS { STUBS - 1 } else { models.len() };
        let mut stubs: Vec<Stub> = models[..own].iter().map(|(model, _)| stub(group(*model))).collect();
        if own < models.len() {
            stubs.push(stub(StubGroup::Others(models.len() - own)));
        }
        let stub_of: Vec<usize> = hidden
            .iter()
            .map(|r| models.iter().position(|(m, _)| *m == self.model(&r.spot)).unwrap_or(own).min(own))
            .collect();
        for (reached, position) in hidden.iter().zip(&stub_of) {
            self.count(&reached.spot, &mut stubs[*position]);
        }
        (stubs, stub_of)
    }

    fn count(&self, spot: &Spot, stub: &mut Stub) {
        let counter = match spot {
            Spot::Ghost(_) => &mut stub.unresolved,
            Spot::Element(id) => match self.element(*id).kind {
                ElementKind::Entity => &mut stub.entities,
                ElementKind::View => &mut stub.views,
                ElementKind::Table | ElementKind::Map => &mut stub.tables,
            },
        };
        *counter += 1;
    }

    fn stub_edges(&self, steps: &[Placed], stub_of: &[usize]) -> Vec<StubEdge> {
        let mut counts: BTreeMap<(usize, usize, bool), usize> = BTreeMap::new();
        for placed in steps {
            let key = match (placed.from.checked_sub(self.shown), placed.to.checked_sub(self.shown)) {
                (None, Some(hidden)) => (placed.from, stub_of[hidden], false),
                (Some(hidden), None) => (placed.to, stub_of[hidden], true),
                _ => continue,
            };
            *counts.entry(key).or_default() += 1;
        }
        counts.into_iter().map(|((node, stub, up), count)| StubEdge { node, stub, up, count }).collect()
    }
}

fn group(model: Option<&str>) -> StubGroup {
    model.map_or(StubGroup::NotLoaded, |name| StubGroup::Model(name.into()))
}

fn stub(group: StubGroup) -> Stub {
    Stub { group, entities: 0, views: 0, tables: 0, unresolved: 0 }
}
