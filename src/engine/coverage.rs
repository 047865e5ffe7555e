//! What a run cannot say because metadata is missing.

use super::Judged;
use crate::catalog::{ElementId, FieldIx, SourceIx};
use crate::config::Config;
use crate::text::name_order;
use crate::tracking::{EntityAnalysis, Missing, Status, missing_of_leaf, missing_of_source};
use std::collections::BTreeMap;

/// What stays open, and what would have to be loaded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Elements and queries that verdicts wait for, by name.
    pub missing: Vec<Box<str>>,
    /// Mapped fields about which something cannot be said.
    pub open_fields: usize,
    /// Data sources about which nothing can be said.
    pub open_sources: usize,
}

impl Coverage {
    /// What is open of the user's entities, or of all.
    pub fn of(judged: &Judged, config: &Config, all: bool) -> Self {
        let model = judged.model;
        let mut collector = Collector { judged, missing: BTreeMap::new(), coverage: Self::default() };
        for entity in &judged.analysis.entities {
            if all || model.is_own(config, entity.id) {
                collector.entity(entity);
            }
        }
        let mut missing: Vec<Box<str>> = collector.missing.into_values().collect();
        missing.sort_by(|a, b| name_order(a, b));
        Self { missing, ..collector.coverage }
    }

    /// Nothing is missing.
    pub fn is_complete(&self) -> bool {
        self.missing.is_empty()
    }
}

struct Collector<'a> {
    judged: &'a Judged<'a>,
    /// By name in lower case.
    missing: BTreeMap<String, Box<str>>,
    coverage: Coverage,
}

impl Collector<'_> {
    fn entity(&mut self, entity: &EntityAnalysis) {
        let model = self.judged.model;
        // An entity of which only extensions are loaded may be in scope or not: nobody knows.
        if model.catalog.element(entity.id).is_partial() {
            self.add(&Missing::OnlyExtensions(entity.id));
        }
        if !entity.in_scope {
            return;
        }
        for (ix, source) in (0..).map(SourceIx).zip(&entity.sources) {
            if source.status == Status::Unresolved {
                self.coverage.open_sources += 1;
                self.add(&missing_of_source(&model.catalog, &model.graph, entity.id, ix));
            }
        }
        for (ix, field) in (0..).map(FieldIx).zip(&entity.fields).filter(|(_, field)| field.counted) {
            let open = |status| matches!(status, Status::Unresolved | Status::Undecidable);
            self.coverage.open_fields += usize::from(field.leaves.iter().any(|leaf| open(leaf.status)));
            self.field(entity, entity.id, ix);
        }
    }

    fn field(&mut self, entity: &EntityAnalysis, id: ElementId, ix: FieldIx) {
        let model = self.judged.model;
        let leaves = &model.lineage.field(id, ix).leaves;
        let verdicts = &entity.fields[ix.0 as usize].leaves;
        for (leaf, verdict) in leaves.iter().zip(verdicts) {
            if verdict.status != Status::Unresolved {
                continue;
            }
            if let Some(missing) = missing_of_leaf(&model.catalog, &model.graph, id, &entity.sources, leaf) {
                self.add(&missing);
            }
        }
    }

    fn add(&mut self, missing: &Missing) {
        if missing.is_to_load() {
            let name = missing.name(&self.judged.model.catalog);
            self.missing.entry(name.to_ascii_lowercase()).or_insert_with(|| name.into());
        }
    }
}
