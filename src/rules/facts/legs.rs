//! The legs of table maps, by entity.

use crate::catalog::ElementId;
use crate::dualwrite::{FieldMapping, Leg, MappedEntity, MappedLeg, TableMap};
use crate::engine::Maps;
use crate::rules::Input;
use crate::tracking::EntityAnalysis;
use crate::words::shown;
use rayon::prelude::*;

/// A leg that maps an entity.
#[derive(Clone, Copy)]
pub(crate) struct EntityLeg<'a> {
    pub(crate) map: &'a TableMap,
    pub(crate) leg: &'a Leg,
}

impl<'a> EntityLeg<'a> {
    /// The map's name, safe to print.
    pub(crate) fn name(&self) -> String {
        shown(self.map.display_name())
    }

    /// F&O sends some field.
    pub(crate) fn sends(&self) -> bool {
        self.leg.fields.iter().any(|row| row.direction.is_outbound())
    }

    /// F&O receives some field.
    pub(crate) fn receives(&self) -> bool {
        self.leg.fields.iter().any(|row| row.direction.is_inbound())
    }

    /// The rows of an entity field.
    pub(crate) fn rows_of(&self, field: &str) -> Vec<&'a FieldMapping> {
        self.leg.fields.iter().filter(|row| row.source_field.eq_ignore_ascii_case(field)).collect()
    }
}

impl<'a> Input<'a> {
    /// The entities that maps name, by name, each with its legs in the order of the maps; none without maps.
    pub(crate) fn mapped(&self) -> Vec<(ElementId, Vec<EntityLeg<'a>>)> {
        let Some(maps) = &self.judged.maps else { return Vec::new() };
        let entities = maps.mapped.entities.iter();
        entities.filter_map(|e| Some((*maps.entities.get(e.entity)?, legs(maps, e)))).collect()
    }

    /// The legs that map an entity.
    pub(crate) fn legs(&self, id: ElementId) -> Vec<EntityLeg<'a>> {
        let Some(maps) = &self.judged.maps else { return Vec::new() };
        let found = maps.mapped.entities.iter().find(|e| maps.entities.get(e.entity) == Some(&id));
        found.map(|entity| legs(maps, entity)).unwrap_or_default()
    }

    /// The entities of which some field is sent.
    pub(crate) fn sending(&self) -> impl ParallelIterator<Item = &'a EntityAnalysis> + use<'a> {
        self.judged.analysis.entities.par_iter().filter(|e| e.in_scope && e.fields.iter().any(|f| f.counted))
    }

    /// Whether Dataverse writes through an entity: some map receives a field; without maps, an entity that is not
    /// read-only may be written.
    pub(crate) fn is_inbound(&self, id: ElementId) -> bool {
        match &self.judged.maps {
            Some(_) => self.legs(id).iter().any(EntityLeg::receives),
            None => !self.catalog().element(id).entity.is_read_only,
        }
    }

    /// "map A" or "maps A, B" for the end of a sentence; empty without maps.
    pub(crate) fn in_maps(&self, id: ElementId) -> String {
        let mut names: Vec<String> = self.legs(id).iter().map(EntityLeg::name).collect();
        names.dedup();
        match names.as_slice() {
            [] => String::new(),
            [one] => format!("map {one}"),
            many => format!("maps {}", many.join(", ")),
        }
    }
}

fn legs<'a>(maps: &'a Maps, entity: &MappedEntity) -> Vec<EntityLeg<'a>> {
    let leg_of = |of: &MappedLeg| {
        let map = maps.maps.get(of.map)?;
        Some(EntityLeg { map, leg: map.legs.get(of.leg)? })
    };
    entity.legs.iter().filter_map(leg_of).collect()
}
