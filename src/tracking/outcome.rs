//! What an analysis finds: verdicts on entities and their fields, and the predicted rows.

use super::mapping::MappingAnalysis;
use super::verdict::{LeafVerdict, SourceVerdict};
use crate::catalog::{ElementId, SourceIx};
use crate::lineage::{JoinColumn, Limit};
use crate::source::Place;
use crate::text::Symbol;
use std::sync::Arc;

/// The verdicts on everything that is loaded.
#[derive(Debug)]
pub struct Analysis {
    /// Entities by name, in scope or not.
    pub entities: Vec<EntityAnalysis>,
    /// Predicted rows of `BusinessEventsDefinition`.
    pub definitions: Vec<Definition>,
}

/// The verdicts on one entity.
#[derive(Debug)]
pub struct EntityAnalysis {
    /// The entity.
    pub id: ElementId,
    /// Some of its fields may count.
    pub in_scope: bool,
    /// Lineage was cut by this limit.
    pub truncated: Option<Limit>,
    /// Verdicts by [`SourceIx`].
    pub sources: Vec<SourceVerdict>,
    /// Fields by [`FieldIx`](crate::catalog::FieldIx).
    pub fields: Vec<FieldAnalysis>,
    /// The mapping method.
    pub mapping: MappingAnalysis,
    /// Rows beyond the primary tables (policies `all`).
    pub further_rows: Vec<(SourceIx, ElementId)>,
    /// `getEntityRecordIdsImpactedByTableChange`, where the entity has it.
    pub record_lookup: Option<Place>,
}

/// The verdicts on one field.
#[derive(Debug)]
pub struct FieldAnalysis {
    /// The field counts.
    pub counted: bool,
    /// Verdicts on the leaves, in order of discovery; fewer than lineage has leaves only where a limit cut them.
    pub leaves: Vec<LeafVerdict>,
    /// Join columns per leaf.
    pub joins: Vec<Arc<[JoinColumn]>>,
}

impl Analysis {
    /// The analysis of an entity.
    pub fn entity(&self, id: ElementId) -> Option<&EntityAnalysis> {
        self.entities.binary_search_by_key(&id, |e| e.id).ok().map(|i| &self.entities[i])
    }
}

/// One predicted row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// `RefTableName`.
    pub ref_table_name: Symbol,
    /// `RefEntityName`.
    pub ref_entity_name: Symbol,
    /// `DataSourceName`.
    pub data_source_name: Symbol,
    /// `RefTableRecIdField`, for rows of the mapping method.
    pub ref_table_rec_id_field: Option<Symbol>,
    /// What writes the row.
    pub origin: Origin,
}

/// What writes a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A tracked data source.
    DataSource,
    /// An entry of the mapping method.
    MappingMethod,
}

/// What exactly writes a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writer {
    /// A tracked data source, for its primary table.
    Source(SourceIx),
    /// A tracked data source, for a table that is reached through it (policies `all`).
    Beyond(SourceIx),
    /// An entry, by its position in [`MappingAnalysis::entries`].
    Entry(usize),
}

impl Origin {
    /// The value in machine output.
    pub fn id(self) -> &'static str {
        match self {
            Origin::DataSource => "data_source",
            Origin::MappingMethod => "mapping_method",
        }
    }
}
