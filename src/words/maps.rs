//! What the table maps say of an entity and its fields.

use super::{Teller, shown};
use crate::catalog::{ElementId, FieldIx};
use crate::dualwrite::{Direction, MappedEntity, RowId};
use crate::engine::Maps;

impl Teller<'_> {
    fn mapped(&self, id: ElementId) -> Option<(&Maps, &MappedEntity)> {
        let maps = self.judged.maps.as_ref()?;
        let entity = maps.mapped.entities.iter().find(|e| maps.entities.get(e.entity) == Some(&id))?;
        Some((maps, entity))
    }

    /// The maps that send an entity, one line each.
    pub(crate) fn maps_of(&self, id: ElementId) -> Vec<String> {
        let Some((maps, entity)) = self.mapped(id) else { return Vec::new() };
        let leg = |leg: &crate::dualwrite::MappedLeg| {
            let map = maps.maps.get(leg.map)?;
            let found = map.legs.get(leg.leg)?;
            let filter = match found.source_filter.trim() {
                "" => String::new(),
                filter => format!(", filter {}", shown(filter)),
            };
            let version = map.version.as_deref().map(|v| format!(" {}", shown(v))).unwrap_or_default();
            Some(format!(
                "table map {}{version} ({}) to {}{filter}",
                shown(map.display_name()),
                shown(&map.file.path),
                shown(&found.destination_schema)
            ))
        };
        entity.legs.iter().filter_map(leg).collect()
    }

    /// The map rows of a field, one line each.
    pub(crate) fn map_rows(&self, id: ElementId, field: FieldIx) -> Vec<String> {
        let Some((maps, entity)) = self.mapped(id) else { return Vec::new() };
        let name = &self.element(id).field_at(field).name.text;
        let rows = entity.field(name).map(|f| f.rows.as_slice()).unwrap_or_default();
        rows.iter().filter_map(|row| map_row(maps, *row)).collect()
    }

    /// A map has the field, and only receives it from Dataverse.
    pub(super) fn is_only_received(&self, id: ElementId, field: FieldIx) -> bool {
        let name = &self.element(id).field_at(field).name.text;
        let mapped = self.mapped(id).and_then(|(_, entity)| entity.field(name));
        mapped.is_some_and(crate::dualwrite::MappedField::is_one_way_inbound)
    }
}

fn map_row(maps: &Maps, row: RowId) -> Option<String> {
    let map = maps.maps.get(row.map)?;
    let field = map.legs.get(row.leg)?.fields.get(row.field)?;
    let way = match field.direction {
        Direction::ToDataverse => "to",
        Direction::FromDataverse => "only from",
        Direction::Both => "to and from",
        Direction::Unknown => "without direction to",
    };
    Some(format!(
        "{} {way} {}, {} ({})",
        shown(&field.source_field),
        shown(&field.destination_field),
        shown(map.display_name()),
        shown(&map.file.path)
    ))
}
