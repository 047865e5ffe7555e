//! Queries with their extensions, and what a view over a query takes from it.

use super::define::sources_of;
use super::element::Source;
use super::index::Positions;
use super::merge::{Merger, place_extension_ranges, place_extension_sources};
use super::names::Spelled;
use crate::aot;
use crate::problem::{Code, Problem};
use crate::source::{FileId, Place};
use crate::text::NameId;
use rustc_hash::FxHashSet;

/// A query with its own sources, before composite queries are followed.
struct MergedQuery {
    name: Spelled,
    place: Option<Place>,
    composite_of: Option<Spelled>,
    union: bool,
    sources: Vec<Source>,
}

/// All queries of the loaded set.
pub(super) struct Queries {
    queries: Vec<MergedQuery>,
    by_name: Positions,
}

impl Queries {
    /// Merges queries and their extensions; extensions come in merge order.
    pub(super) fn build(
        merger: &mut Merger,
        definitions: Vec<(FileId, aot::Query)>,
        extensions: Vec<(NameId, Vec<(FileId, aot::Extension)>)>,
    ) -> Self {
        let mut all = Self { queries: Vec::new(), by_name: Positions::default() };
        for (file, query) in definitions {
            let name = Spelled::new(query.named.name);
            let place = Some(Place::at_line(file, query.named.line));
            let composite_of = query.composite_of.map(|q| Spelled::new(q.name));
            let sources = sources_of(file, query.sources, &None);
            all.add(MergedQuery { name, place, composite_of, union: query.union, sources });
        }
        for (target, extensions) in extensions {
            all.extend(merger, target, extensions);
        }
        all
    }

    fn add(&mut self, query: MergedQuery) {
        self.by_name.insert(query.name.id, u32::try_from(self.queries.len()).unwrap_or(u32::MAX));
        self.queries.push(query);
    }

    fn extend(&mut self, merger: &mut Merger, target: NameId, mut extensions: Vec<(FileId, aot::Extension)>) {
        let (file, first) = &extensions[0];
        if !self.by_name.contains_key(&target) {
            let name = Spelled::new(first.target());
            merger.note_missing_target(*file, first);
            self.add(MergedQuery {
                name,
                place: None,
                composite_of: None,
                union: false,
                sources: Vec::new(),
            });
        }
        let query = &mut self.queries[self.by_name[&target] as usize];
        if let Some(base) = &query.composite_of {
            let base = base.text.clone();
            for (file, extension) in &extensions {
                merger.refuse_sources(*file, extension, &query.name.text, &base);
            }
            return;
        }
        let name = query.name.text.clone();
        let ranges = extensions.iter_mut().map(|(file, e)| (*file, std::mem::take(&mut e.ranges))).collect();
        place_extension_sources(merger, &name, &mut query.sources, extensions);
        place_extension_ranges(merger, &name, &mut query.sources, ranges);
    }

    /// Names of all queries.
    pub(super) fn index(&self) -> Positions {
        self.by_name.clone()
    }

    /// The query, with composite queries followed to the simple one; `None` where that ends in nothing.
    fn resolve(&self, merger: &mut Merger, name: &Spelled) -> Option<&MergedQuery> {
        let mut seen = FxHashSet::default();
        let mut at = name.clone();
        loop {
            let query = &self.queries[*self.by_name.get(&at.id)? as usize];
            if !seen.insert(at.id) {
                merger
                    .problems
                    .push(Problem::new(Code::QueryCycle, query.place).with("element", &query.name.text));
                return None;
            }
            match &query.composite_of {
                Some(next) => at = next.clone(),
                None => return Some(query),
            }
        }
    }

    /// Sources and union flag of the query of this name.
    pub(super) fn sources(&self, merger: &mut Merger, name: &Spelled) -> Option<(Vec<Source>, bool)> {
        self.resolve(merger, name).map(|q| (q.sources.clone(), q.union))
    }
}
