//! Where a picture starts.

use super::{FieldCount, Growth, Request, Start, USUAL_LIMIT, Way};
use crate::catalog::{ElementId, ElementKind};
use crate::config::Config;
use crate::engine::Judged;
use crate::text::nearest;
use crate::tracking::{EntityAnalysis, Status};
use std::cmp::Reverse;

/// The picture that is drawn when nothing is asked for: the user's own entities and what they use, the
/// entities with most fields that are never sent first.
pub fn usual(judged: &Judged, config: &Config) -> Request {
    let starts = own(judged, config).into_iter().map(|id| Start { id, way: Way::Down }).collect();
    Request { starts, growth: Growth::OneByOne, depth: None, untracked: false, limit: Some(USUAL_LIMIT) }
}

/// The user's own entities, worst first; all entities when none is their own.
pub fn own(judged: &Judged, config: &Config) -> Vec<ElementId> {
    let entities = &judged.analysis.entities;
    let mut chosen: Vec<&EntityAnalysis> =
        entities.iter().filter(|e| judged.model.is_own(config, e.id)).collect();
    if chosen.is_empty() {
        chosen = entities.iter().collect();
    }
    chosen.sort_by_cached_key(|e| {
        let unresolved = e.sources.iter().filter(|s| s.status == Status::Unresolved).count();
        (Reverse(count_fields(e).map_or(0, |c| c.untracked)), !e.in_scope, Reverse(unresolved), e.id)
    });
    chosen.into_iter().map(|e| e.id).collect()
}

/// How many fields of an entity count, and how many of those are never sent in full; `None` out of scope.
pub(super) fn count_fields(entity: &EntityAnalysis) -> Option<FieldCount> {
    let counted = entity.fields.iter().filter(|f| f.counted);
    let untracked = counted.clone().filter(|f| f.leaves.iter().any(|l| l.status == Status::Untracked));
    entity.in_scope.then(|| FieldCount { counted: counted.count(), untracked: untracked.count() })
}

/// A name that leads nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoStart {
    /// What was looked for.
    pub kind: &'static str,
    /// The name, without its prefix.
    pub name: String,
    /// What the name means instead, when it means something.
    pub is: Option<ElementKind>,
    /// The nearest names, when it means nothing.
    pub near: Vec<String>,
}

/// The entity or view of this name. A prefix `entity:`, `view:`, `table:` or `map:` says what is meant.
///
/// # Errors
/// There is none.
pub fn entity(judged: &Judged, name: &str) -> Result<ElementId, NoStart> {
    find(judged, name, "entity or view", &[ElementKind::Entity, ElementKind::View])
}

/// The table of this name, with prefixes as for [`entity`].
///
/// # Errors
/// There is none.
pub fn table(judged: &Judged, name: &str) -> Result<ElementId, NoStart> {
    find(judged, name, "table", &[ElementKind::Table, ElementKind::Map])
}

fn find(
    judged: &Judged,
    written: &str,
    kind: &'static str,
    kinds: &'static [ElementKind],
) -> Result<ElementId, NoStart> {
    let (kind, kinds, name) = match written.split_once(':').map(|(p, rest)| (prefix(p), rest)) {
        Some((Some((kind, kinds)), rest)) => (kind, kinds, rest.trim()),
        _ => (kind, kinds, written.trim()),
    };
    let catalog = &judged.model.catalog;
    let found = catalog.find(name).map(|id| (id, catalog.element(id).kind));
    if let Some((id, _)) = found.filter(|(_, found)| kinds.contains(found)) {
        return Ok(id);
    }
    let names = catalog.elements().filter(|(_, e)| kinds.contains(&e.kind)).map(|(_, e)| &*e.name.text);
    let near = if found.is_some() { Vec::new() } else { nearest(name, names, 3) };
    Err(NoStart {
        kind,
        name: name.to_owned(),
        is: found.map(|(_, kind)| kind),
        near: near.into_iter().map(str::to_owned).collect(),
    })
}

fn prefix(text: &str) -> Option<(&'static str, &'static [ElementKind])> {
    match text.trim().to_ascii_lowercase().as_str() {
        "entity" => Some(("entity", &[ElementKind::Entity])),
        "view" => Some(("view", &[ElementKind::View])),
        "table" => Some(("table", &[ElementKind::Table])),
        "map" => Some(("table map", &[ElementKind::Map])),
        _ => None,
    }
}
