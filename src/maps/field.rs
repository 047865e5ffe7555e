//! One field row of a map: what it names, and what becomes of it.

use super::Reader;
use crate::catalog::{ElementId, FieldIx, SYSTEM_FIELDS};
use crate::dualwrite::{Direction, FieldMapping, RowId};
use crate::suggest::{FieldStatus, field_status};
use std::iter::Sum;

/// A field row.
#[derive(Debug)]
pub struct FieldView<'a> {
    /// What the file says.
    pub row: &'a FieldMapping,
    /// The field that it names.
    pub target: Target<'a>,
    /// What becomes of a change in Finance and Operations; none for a field that is not sent or not found.
    pub status: Option<FieldStatus>,
}

/// What a row names on the side of Finance and Operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target<'a> {
    /// A field of the entity.
    Field(ElementId, FieldIx),
    /// A system field that the entity does not declare: it can be mapped, and is not judged.
    System,
    /// Nothing: a fixed value is sent.
    Constant,
    /// A field that the entity does not have; the nearest names.
    Missing(&'a [String]),
    /// The entity, or the part of it that could have the field, is not loaded.
    NotLoaded,
}

/// How many rows of which kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// All rows.
    pub rows: usize,
    /// Rows that go both ways.
    pub both: usize,
    /// Rows that are only sent to Dataverse.
    pub to_dataverse: usize,
    /// Rows that are only received from Dataverse.
    pub from_dataverse: usize,
    /// Rows without a known direction, which do not count.
    pub unknown_way: usize,
    /// Fields of a loaded entity that are sent, with a verdict.
    pub judged: usize,
    /// Those that no change triggers.
    pub never: usize,
    /// Those that some changes trigger and some do not.
    pub partly: usize,
    /// Those about which something cannot be said.
    pub open: usize,
    /// Rows of fields that their entity does not have.
    pub missing: usize,
}

impl Counts {
    /// Counts rows.
    pub fn of(fields: &[FieldView]) -> Self {
        fields.iter().map(Self::one).sum()
    }

    fn one(field: &FieldView) -> Self {
        let way = |direction| usize::from(field.row.direction == direction);
        let status = |status| usize::from(field.status == Some(status));
        Self {
            rows: 1,
            both: way(Direction::Both),
            to_dataverse: way(Direction::ToDataverse),
            from_dataverse: way(Direction::FromDataverse),
            unknown_way: way(Direction::Unknown),
            judged: usize::from(field.status.is_some()),
            never: status(FieldStatus::Never),
            partly: status(FieldStatus::Partly),
            open: status(FieldStatus::Open),
            missing: usize::from(matches!(field.target, Target::Missing(_))),
        }
    }
}

impl Sum for Counts {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        counts.fold(Self::default(), |a, b| Self {
            rows: a.rows + b.rows,
            both: a.both + b.both,
            to_dataverse: a.to_dataverse + b.to_dataverse,
            from_dataverse: a.from_dataverse + b.from_dataverse,
            unknown_way: a.unknown_way + b.unknown_way,
            judged: a.judged + b.judged,
            never: a.never + b.never,
            partly: a.partly + b.partly,
            open: a.open + b.open,
            missing: a.missing + b.missing,
        })
    }
}

impl<'a> Reader<'a, '_> {
    pub(super) fn field(self, entity: Option<ElementId>, id: RowId, row: &'a FieldMapping) -> FieldView<'a> {
        let target = self.target(entity, id, row);
        let status = match target {
            Target::Field(entity, field) if row.direction.is_outbound() => self.status(entity, field),
            _ => None,
        };
        FieldView { row, target, status }
    }

    fn target(self, entity: Option<ElementId>, id: RowId, row: &FieldMapping) -> Target<'a> {
        if row.source_field.is_empty() {
            return Target::Constant;
        }
        let Some(entity) = entity else { return Target::NotLoaded };
        let name = self.catalog().name(row.source_field.trim());
        if let Some(field) = name.and_then(|name| self.catalog().element(entity).field(name)) {
            return Target::Field(entity, field);
        }
        if SYSTEM_FIELDS.iter().any(|system| system.eq_ignore_ascii_case(row.source_field.trim())) {
            return Target::System;
        }
        let rows = &self.maps.mapped.unmatched_rows;
        match rows.binary_search_by_key(&id, |unmatched| unmatched.row) {
            Ok(found) => Target::Missing(&rows[found].nearest),
            Err(_) => Target::NotLoaded,
        }
    }

    fn status(self, entity: ElementId, field: FieldIx) -> Option<FieldStatus> {
        let field = self.judged.analysis.entity(entity)?.fields.get(field.0 as usize)?;
        field.counted.then(|| field_status(&field.leaves))
    }
}
