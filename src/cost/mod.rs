//! What a change of a table costs: the predicted rows of `BusinessEventsDefinition` that it raises, by table and
//! by entity, with what mapping entries add to it and what can go. Each row is work in every transaction on its
//! table (table map health check 1700); how much work, no metadata says, so rows are counted and not weighed.

mod ledger;
mod per_day;
mod tables;
mod volumes;

#[cfg(test)]
pub(crate) mod tests;

pub use per_day::{NumberError, PerDay};
pub use tables::KnownTables;
pub use volumes::{Volume, Volumes, VolumesError};

use crate::catalog::{Catalog, ElementId};
use crate::text::Symbol;
use crate::tracking::{Analysis, Policy};
use std::iter::Sum;
use std::ops::{Add, AddAssign};

/// What is asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Request<'a> {
    /// Only rows that a change of one of these raises; empty = all.
    pub tables: &'a [Symbol],
    /// Only rows of these; empty = all.
    pub entities: &'a [ElementId],
    /// How often tables change.
    pub volumes: Option<&'a Volumes>,
}

/// The answer.
#[derive(Debug)]
pub struct Cost {
    /// The rows that were asked for, each once.
    pub rows: Rows,
    /// All predicted rows.
    pub all_rows: usize,
    /// Tables on which the rows stand.
    pub row_tables: usize,
    /// The dearest first: by events where there are volumes, then by rows, entities and name. With
    /// [`Request::tables`] these and no others; else every table whose change raises a row.
    pub tables: Vec<TableCost>,
    /// Entities with rows, the dearest first.
    pub entities: Vec<EntityCost>,
    /// Entries that can go: those that save most first.
    pub removals: Vec<Removal>,
    /// Events of all tables that have a volume; `None` without volumes.
    pub events: Option<Events>,
    /// Tables that have a volume and raise none of the rows, by name.
    pub idle: Vec<Symbol>,
    /// Tables with a volume that share rows with another one: what the file counts for both counts twice.
    pub overlapping: Vec<Symbol>,
    /// Data sources of the entities about which nothing can be said: they may have further rows.
    pub open_sources: usize,
}

/// A number of rows and where they come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// Rows of tracked data sources.
    pub by_source: usize,
    /// Rows of mapping entries.
    pub by_entry: usize,
    /// Those of [`Rows::by_entry`] whose entries can go.
    pub removable: usize,
}

impl Rows {
    /// All of them.
    pub fn total(self) -> usize {
        self.by_source + self.by_entry
    }

    /// What is left when everything removable is gone.
    pub fn after(self) -> usize {
        self.total().saturating_sub(self.removable)
    }
}

impl Add for Rows {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            by_source: self.by_source + other.by_source,
            by_entry: self.by_entry + other.by_entry,
            removable: self.removable + other.removable,
        }
    }
}

impl AddAssign for Rows {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sum for Rows {
    fn sum<I: Iterator<Item = Self>>(rows: I) -> Self {
        rows.fold(Self::default(), Add::add)
    }
}

/// Changes times rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Events {
    /// A day, as things are.
    pub before: PerDay,
    /// A day, when everything removable is gone.
    pub after: PerDay,
}

impl Events {
    fn of(rows: Rows, per_day: PerDay) -> Self {
        Self { before: per_day * rows.total(), after: per_day * rows.after() }
    }

    /// What the removals save a day.
    pub fn saved(self) -> PerDay {
        self.before - self.after
    }
}

impl Sum for Events {
    fn sum<I: Iterator<Item = Self>>(events: I) -> Self {
        events.fold(Self::default(), |sum, e| Self {
            before: sum.before + e.before,
            after: sum.after + e.after,
        })
    }
}

/// What a change of one table costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableCost {
    /// The table, spelled as its definition does.
    pub name: Symbol,
    /// The table, when it is loaded.
    pub id: Option<ElementId>,
    /// The rows that a change of it raises: its own, and those of the tables of its inheritance chain that the
    /// policy lets stand for it.
    pub rows: Rows,
    /// Rows whose `RefTableName` is the table itself.
    pub own: Rows,
    /// The other tables of the chain that have such rows, by name.
    pub through: Vec<Symbol>,
    /// Entities of the rows, by name.
    pub entities: Vec<ElementId>,
    /// Changes a day, where the volumes say so.
    pub per_day: Option<PerDay>,
    /// What they make of the rows.
    pub events: Option<Events>,
}

/// What one entity costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntityCost {
    /// The entity.
    pub id: ElementId,
    /// Its rows.
    pub rows: Rows,
    /// Tables on which they stand.
    pub tables: usize,
    /// Rows on tables without a volume of their own; none of them without volumes.
    pub without_volume: usize,
    /// Events of its rows; `None` where no volume says anything of them.
    pub events: Option<Events>,
}

/// An entry that can go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removal {
    /// The entity.
    pub entity: ElementId,
    /// Position in [`crate::tracking::MappingAnalysis::entries`].
    pub entry: usize,
    /// Rows that it saves: 0 or 1.
    pub rows: usize,
    /// Events that it saves a day; `None` where no volume says anything of its table.
    pub saved: Option<PerDay>,
}

/// Counts and ranks.
pub fn cost(catalog: &Catalog, policy: Policy, analysis: &Analysis, request: &Request) -> Cost {
    ledger::Ledger::new(catalog, policy, analysis, request).close()
}

/// A share in percent, as text: never 0% or 100% where it is not.
pub fn share(part: usize, whole: usize) -> String {
    per_day::share(part as u128, whole as u128)
}
