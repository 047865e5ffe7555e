//! Which entities are in scope, and which of their fields count (SPEC 5).

use super::{InternalFields, Policy};
use crate::catalog::{Catalog, ElementId, FieldIx};
use std::collections::{BTreeMap, HashMap};

/// A field that counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MappedField {
    /// Every map that has it maps it to a lookup of Dataverse.
    pub lookup_only: bool,
}

/// Entities in scope with the fields that count.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// No map was given: public fields of public entities are assumed to be mapped.
    pub assumed: bool,
    entities: HashMap<ElementId, BTreeMap<FieldIx, MappedField>>,
}

impl Scope {
    /// Without maps: every public field of every public entity.
    pub fn assumed(catalog: &Catalog, policy: &Policy) -> Self {
        let all_fields = policy.internal_fields == InternalFields::All;
        let entities = catalog
            .entities()
            .filter(|(_, e)| e.entity.is_public)
            .map(|(id, e)| {
                let fields = (0..).map(FieldIx).zip(&e.fields);
                let counted = fields.filter(|(_, f)| all_fields || f.public);
                (id, counted.map(|(ix, _)| (ix, MappedField::default())).collect())
            })
            .collect();
        Self { assumed: true, entities }
    }

    /// With maps: the entities that some map names, with the fields that it sends to Dataverse.
    pub fn mapped(entities: HashMap<ElementId, BTreeMap<FieldIx, MappedField>>) -> Self {
        Self { assumed: false, entities }
    }

    /// As if a map had the field; the entity comes into scope with it.
    pub fn add(&mut self, entity: ElementId, field: FieldIx) {
        self.entities.entry(entity).or_default().entry(field).or_default();
    }

    /// As if no map had the field; the entity stays in scope.
    pub fn remove(&mut self, entity: ElementId, field: FieldIx) {
        if let Some(fields) = self.entities.get_mut(&entity) {
            fields.remove(&field);
        }
    }

    /// Whether the entity is in scope.
    pub fn contains(&self, entity: ElementId) -> bool {
        self.entities.contains_key(&entity)
    }

    /// The field, when it counts.
    pub fn field(&self, entity: ElementId, field: FieldIx) -> Option<MappedField> {
        self.entities.get(&entity)?.get(&field).copied()
    }
}
