//! The keys of the two sides of a leg, and whether they travel both ways.
//!
//! Documented: when a field is mapped both ways, the fields of the integration key must be as well (error
//! DIPV1004); the company is part of the key of a company-specific entity without being mapped.

use super::{FieldView, LegView};
use crate::catalog::Element;
use crate::dualwrite::{Direction, FieldMapping, Leg, MapKey};

/// A key.
#[derive(Debug)]
pub struct KeyView<'a> {
    /// Its name; may be empty.
    pub name: &'a str,
    /// Whose key it is.
    pub origin: KeyOrigin,
    /// Its fields, in order.
    pub fields: Vec<KeyField<'a>>,
}

/// Whose key it is, and who says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyOrigin {
    /// The integration key of the F&O entity, in the map's file.
    Source,
    /// The integration key of the Dataverse table, in the map's file.
    Destination,
    /// The key of the entity in the metadata: what the file does not say.
    Entity,
}

impl KeyOrigin {
    /// The value in machine output.
    pub fn id(self) -> &'static str {
        match self {
            KeyOrigin::Source => "integration_key",
            KeyOrigin::Destination => "dataverse_integration_key",
            KeyOrigin::Entity => "entity_key",
        }
    }
}

/// A field of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyField<'a> {
    /// Its name as the key has it.
    pub name: &'a str,
    /// Which way it travels.
    pub way: Way,
}

/// Which ways the rows of a leg take a field of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Both ways.
    Both,
    /// Only to Dataverse.
    ToDataverse,
    /// Only from Dataverse.
    FromDataverse,
    /// No row has it.
    Unmapped,
    /// No row has it, and none needs to: the company is part of the key anyway.
    Company,
}

impl Way {
    /// The value in machine output.
    pub fn id(self) -> &'static str {
        match self {
            Way::Both => "both",
            Way::ToDataverse => "to_dataverse",
            Way::FromDataverse => "from_dataverse",
            Way::Unmapped => "unmapped",
            Way::Company => "company",
        }
    }

    /// It travels both ways, or need not travel.
    pub fn is_whole(self) -> bool {
        matches!(self, Way::Both | Way::Company)
    }

    fn of<'r>(rows: impl Iterator<Item = &'r FieldMapping>) -> Self {
        let directions: Vec<Direction> = rows.map(|row| row.direction).collect();
        let out = directions.iter().any(|direction| direction.is_outbound());
        let back = directions.iter().any(|direction| direction.is_inbound());
        match (out, back) {
            (true, true) => Way::Both,
            (true, false) => Way::ToDataverse,
            (false, true) => Way::FromDataverse,
            (false, false) => Way::Unmapped,
        }
    }
}

impl LegView<'_> {
    /// A field is mapped both ways while one of an integration key is not: such a map is refused (DIPV1004).
    pub fn has_broken_key(&self) -> bool {
        let is_both = |field: &FieldView| field.row.direction == Direction::Both;
        let keys = self.keys.iter().filter(|key| key.origin != KeyOrigin::Entity);
        let mut fields = keys.flat_map(|key| &key.fields);
        self.fields.iter().any(is_both) && fields.any(|field| !field.way.is_whole())
    }
}

/// The integration keys that the file knows; where it has none of the entity, the key of the entity itself.
pub(super) fn keys<'a>(leg: &'a Leg, entity: Option<&'a Element>) -> Vec<KeyView<'a>> {
    let of = Keys { leg, entity };
    let integration = |keys: &'a [MapKey], origin| {
        let keys = keys.iter().filter(|key| key.is_integration);
        keys.map(move |key| of.view(&key.name, origin, key.fields.iter().map(|field| &**field)))
    };
    let mut keys: Vec<_> = integration(&leg.source_keys, KeyOrigin::Source).collect();
    if keys.is_empty() {
        let own = entity.and_then(|entity| entity.entity.key());
        keys.extend(own.map(|key| {
            of.view(&key.name.text, KeyOrigin::Entity, key.fields.iter().map(|(field, _)| &*field.text))
        }));
    }
    keys.extend(integration(&leg.destination_keys, KeyOrigin::Destination));
    keys
}

#[derive(Clone, Copy)]
struct Keys<'a> {
    leg: &'a Leg,
    entity: Option<&'a Element>,
}

impl<'a> Keys<'a> {
    fn view(self, name: &'a str, origin: KeyOrigin, fields: impl Iterator<Item = &'a str>) -> KeyView<'a> {
        let fields = fields.map(|name| KeyField { name, way: self.way(name, origin) });
        KeyView { name, origin, fields: fields.collect() }
    }

    fn way(self, name: &str, origin: KeyOrigin) -> Way {
        let rows = self.leg.fields.iter();
        if origin == KeyOrigin::Destination {
            return Way::of(rows.filter(|row| row.fills(name)));
        }
        match Way::of(rows.filter(|row| row.source_field.eq_ignore_ascii_case(name))) {
            Way::Unmapped if self.is_company(name) => Way::Company,
            way => way,
        }
    }

    /// The field that holds the company of the entity's records.
    fn is_company(self, name: &str) -> bool {
        let context = self.entity.and_then(|entity| entity.entity.primary_company_context.as_ref());
        let context = context.map_or("DataAreaId", |(field, _)| &field.text);
        name.eq_ignore_ascii_case(context) || name.eq_ignore_ascii_case("DataAreaId")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leg(rows: &[(Direction, &str, &str)]) -> Leg {
        let row = |(direction, source, destination): &(Direction, &str, &str)| FieldMapping {
            direction: *direction,
            source_field: (*source).into(),
            destination_field: (*destination).into(),
            ..FieldMapping::default()
        };
        Leg { fields: rows.iter().map(row).collect(), ..Leg::default() }
    }

    fn integration(fields: &[&str]) -> MapKey {
        let fields = fields.iter().map(|field| (*field).into()).collect();
        MapKey { fields, is_integration: true, ..MapKey::default() }
    }

    fn ways(keys: &[KeyView]) -> Vec<(&'static str, Vec<&'static str>)> {
        keys.iter()
            .map(|key| (key.origin.id(), key.fields.iter().map(|field| field.way.id()).collect()))
            .collect()
    }

    #[test]
    fn the_ways_of_all_rows_of_a_field_count() {
        use Direction::{Both, FromDataverse, ToDataverse};
        let mut leg = leg(&[
            (Both, "A", "a"),
            (ToDataverse, "B", "b.x"),
            (FromDataverse, "C", "c"),
            (ToDataverse, "D", "d"),
            (FromDataverse, "d", "other"),
        ]);
        leg.source_keys = vec![
            integration(&["a", "B", "C", "D", "E", "dataareaid"]),
            MapKey { fields: vec!["A".into()], ..MapKey::default() },
        ]
        .into();
        leg.destination_keys = [integration(&["_b_value", "c", "z", "dataareaid"])].into();
        assert_eq!(
            ways(&keys(&leg, None)),
            [
                (
                    "integration_key",
                    vec!["both", "to_dataverse", "from_dataverse", "both", "unmapped", "company"]
                ),
                ("dataverse_integration_key", vec!["to_dataverse", "from_dataverse", "unmapped", "unmapped"]),
            ]
        );
    }
}
