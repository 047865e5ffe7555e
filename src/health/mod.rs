//! The table map health check, from files: every check for every mapped entity, with what was found, or why it
//! cannot be said.

mod checks;
mod open;

pub use checks::{By, CHECKS, Check};

use crate::catalog::{ElementId, ElementKind};
use crate::check;
use crate::config::Config;
use crate::engine::{Judged, Maps};
use crate::finding::{Allowance, Fate, Finding, Severity, Sifted};
use crate::rules::Input;
use open::Open;
use std::collections::BTreeMap;

/// The answers of a run.
#[derive(Debug)]
pub struct Health {
    /// Entities by name.
    pub entities: Vec<EntityHealth>,
    /// Maps whose entity is not loaded: of these nothing can be said. Indices of map and leg.
    pub unmatched: Vec<(usize, usize)>,
    /// All findings; [`State::Found`] counts in it.
    pub findings: Vec<Sifted>,
    /// What is allowed; [`Fate::Allowed`] counts in it.
    pub allowances: Vec<Allowance>,
}

/// The answers for one entity.
#[derive(Debug)]
pub struct EntityHealth {
    /// The entity.
    pub id: ElementId,
    /// The legs that map it: indices of map and leg.
    pub legs: Vec<(usize, usize)>,
    /// The answers, by [`CHECKS`].
    pub states: Vec<State>,
}

/// The answer to a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Nothing was found.
    Ok,
    /// Findings, as indices.
    Found(Vec<usize>),
    /// It cannot be said from what was given: why.
    Open(String),
    /// Files never answer it: why.
    NotInFiles(&'static str),
}

impl State {
    /// The value in machine output.
    pub fn id(&self) -> &'static str {
        match self {
            State::Ok => "ok",
            State::Found(_) => "finding",
            State::Open(_) => "open",
            State::NotInFiles(_) => "not_in_files",
        }
    }
}

/// What to look at; nothing named means everything.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Entities.
    pub entities: Vec<ElementId>,
    /// Maps, as indices.
    pub maps: Vec<usize>,
}

impl Selection {
    /// Something was named.
    pub fn is_some(&self) -> bool {
        !self.entities.is_empty() || !self.maps.is_empty()
    }
}

/// Asks every check about the entities in scope, or about those that are selected.
pub fn health(judged: &Judged, config: &Config, selection: &Selection) -> Health {
    let checked = check::ask(judged, config, None, true, &checks::is_asked);
    let findings = checked.report.findings;
    let by_entity = by_entity(judged, &findings);
    let input = Input::new(judged, config, None);
    let open = Open::new(&input);
    let entities = selected(judged, selection).into_iter().map(|id| {
        let found = by_entity.get(&id).map(Vec::as_slice).unwrap_or_default();
        let state = |check: &Check| state(check, id, found, &findings, &open);
        EntityHealth { id, legs: legs(judged, id), states: CHECKS.iter().map(state).collect() }
    });
    let entities = entities.collect();
    let unmatched = unmatched(judged, selection);
    Health { entities, unmatched, findings, allowances: checked.allowances }
}

fn state(check: &Check, id: ElementId, found: &[usize], findings: &[Sifted], open: &Open) -> State {
    if let By::NotInFiles(why) = check.by {
        return State::NotInFiles(why);
    }
    let answers = |index: &&usize| check.is_answered_by(findings[**index].finding.rule);
    let found: Vec<usize> = found.iter().filter(answers).copied().collect();
    match open.reason(check, id) {
        _ if !found.is_empty() => State::Found(found),
        Some(why) => State::Open(why),
        None => State::Ok,
    }
}

/// The entities to look at, by name: those in scope, those that are named, those of the maps that are named.
fn selected(judged: &Judged, selection: &Selection) -> Vec<ElementId> {
    let of_map = |id: ElementId| legs(judged, id).iter().any(|(map, _)| selection.maps.contains(map));
    let entities = judged.analysis.entities.iter();
    let wanted = entities.filter(|entity| {
        if selection.is_some() {
            selection.entities.contains(&entity.id) || of_map(entity.id)
        } else {
            entity.in_scope
        }
    });
    wanted.map(|entity| entity.id).collect()
}

fn legs(judged: &Judged, id: ElementId) -> Vec<(usize, usize)> {
    let Some(maps) = &judged.maps else { return Vec::new() };
    let mapped = maps.mapped.entities.iter().find(|e| maps.entities.get(e.entity) == Some(&id));
    mapped.map(|e| e.legs.iter().map(|leg| (leg.map, leg.leg)).collect()).unwrap_or_default()
}

/// The legs whose entity is not loaded.
fn unmatched(judged: &Judged, selection: &Selection) -> Vec<(usize, usize)> {
    let Some(Maps { maps, mapped, .. }) = &judged.maps else { return Vec::new() };
    let known: std::collections::BTreeSet<(usize, usize)> =
        mapped.entities.iter().flat_map(|e| &e.legs).map(|leg| (leg.map, leg.leg)).collect();
    let all = maps.iter().enumerate().flat_map(|(map, m)| (0..m.legs.len()).map(move |leg| (map, leg)));
    let wanted = |map: usize| !selection.is_some() || selection.maps.contains(&map);
    all.filter(|leg| !known.contains(leg) && wanted(leg.0)).collect()
}

/// Findings by the entities that they concern.
fn by_entity(judged: &Judged, findings: &[Sifted]) -> BTreeMap<ElementId, Vec<usize>> {
    let mut found: BTreeMap<ElementId, Vec<usize>> = BTreeMap::new();
    for (index, sifted) in findings.iter().enumerate() {
        for entity in concerned(judged, &sifted.finding) {
            let list = found.entry(entity).or_default();
            if list.last() != Some(&index) {
                list.push(index);
            }
        }
    }
    found
}

/// A finding about a table concerns the entities with a row for it, one about a map those that the map names.
fn concerned(judged: &Judged, finding: &Finding) -> Vec<ElementId> {
    let catalog = &judged.model.catalog;
    let name = &finding.subject.name;
    match finding.subject.kind {
        "table" => {
            let rows = judged.analysis.definitions.iter();
            let rows = rows.filter(|row| row.ref_table_name.eq_ignore_ascii_case(name));
            rows.filter_map(|row| catalog.find(&row.ref_entity_name)).collect()
        }
        "table map" => {
            let Some(Maps { maps, mapped, entities, .. }) = &judged.maps else { return Vec::new() };
            let is_named = |map: usize| maps.get(map).is_some_and(|m| m.display_name() == &**name);
            let concerned = mapped.entities.iter().filter(|e| e.legs.iter().any(|leg| is_named(leg.map)));
            concerned.filter_map(|e| entities.get(e.entity).copied()).collect()
        }
        _ => {
            let found = catalog.find(name);
            found.filter(|id| catalog.element(*id).kind == ElementKind::Entity).into_iter().collect()
        }
    }
}

impl Health {
    /// The findings of an answer that are not allowed.
    pub fn shown<'a>(&'a self, state: &'a State) -> impl Iterator<Item = &'a Sifted> {
        let indices = match state {
            State::Found(indices) => indices.as_slice(),
            _ => &[],
        };
        let found = indices.iter().filter_map(|index| self.findings.get(*index));
        found.filter(|sifted| sifted.fate == Fate::Shown)
    }

    /// Number of findings of an entity that are shown, by severity; each once, though two checks may have it.
    pub fn count(&self, entity: &EntityHealth, severity: Severity) -> usize {
        self.of(entity).filter(|sifted| sifted.finding.severity == severity).count()
    }

    /// The findings of an entity that are shown, each once, in the order of the checks.
    pub fn of<'a>(&'a self, entity: &'a EntityHealth) -> impl Iterator<Item = &'a Sifted> {
        let mut seen = std::collections::BTreeSet::new();
        let indices = entity.states.iter().flat_map(|state| match state {
            State::Found(indices) => indices.as_slice(),
            _ => &[],
        });
        let once = indices.filter(move |index| seen.insert(**index));
        once.filter_map(|index| self.findings.get(*index)).filter(|sifted| sifted.fate == Fate::Shown)
    }
}
