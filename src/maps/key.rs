//! The keys of the two sides of a leg, and whether they travel both ways.
//!
//! Documented: when a field is mapped both ways, the fields of the integration key must be as well (error
//! DIPV1004); the company is part of the key of a company-specific entity without being mapped.

use super::{FieldView, LegView};
use crate::dualwrite::{Direction, FieldMapping, Leg, MapKey};

/// An integration key.
#[derive(Debug)]
pub struct KeyView<'a> {
    /// Its name; may be empty.
    pub name: &'a str,
    /// It is the key of the Dataverse table.
    pub of_dataverse: bool,
    /// Its fields, in order.
    pub fields: Vec<KeyField<'a>>,
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
    /// A field is mapped both ways while one of a key is not: Microsoft refuses such a map (DIPV1004).
    pub fn has_broken_key(&self) -> bool {
        let is_both = |field: &FieldView| field.row.direction == Direction::Both;
        let mut fields = self.keys.iter().flat_map(|key| &key.fields);
        self.fields.iter().any(is_both) && fields.any(|field| !field.way.is_whole())
    }
}

/// The integration keys that the file knows.
pub(super) fn keys<'a>(leg: &'a Leg) -> Vec<KeyView<'a>> {
    let of = |keys: &'a [MapKey], of_dataverse| {
        let keys = keys.iter().filter(|key| key.is_integration);
        keys.map(move |key| key_of(leg, &key.name, key.fields.iter().map(|field| &**field), of_dataverse))
    };
    of(&leg.source_keys, false).chain(of(&leg.destination_keys, true)).collect()
}

fn key_of<'a>(
    leg: &'a Leg,
    name: &'a str,
    fields: impl Iterator<Item = &'a str>,
    of_dataverse: bool,
) -> KeyView<'a> {
    let way = |name: &str| {
        let rows = leg.fields.iter();
        if of_dataverse {
            return Way::of(rows.filter(|row| is_column(&row.destination_field, name)));
        }
        match Way::of(rows.filter(|row| row.source_field.eq_ignore_ascii_case(name))) {
            Way::Unmapped if name.eq_ignore_ascii_case("DataAreaId") => Way::Company,
            way => way,
        }
    };
    let fields = fields.map(|name| KeyField { name, way: way(name) }).collect();
    KeyView { name, of_dataverse, fields }
}

/// Whether a row's column is that of a key. The column of a lookup `a.b` is `a`, or `_a_value` as keys spell it.
fn is_column(destination: &str, key: &str) -> bool {
    let column = destination.split('.').next().unwrap_or_default();
    let inner = key.strip_prefix('_').and_then(|rest| rest.strip_suffix("_value"));
    column.eq_ignore_ascii_case(key) || inner.is_some_and(|inner| column.eq_ignore_ascii_case(inner))
}
