//! A dump of `BusinessEventsDefinition` beside the prediction: which rows both have, which only one has, why, and
//! whether another answer to an open question would explain the dump better (specification, sections 8 and 9).
//!
//! Rows are known by (entity, table, data source), names in any case. Entities that one side says nothing about
//! are left out of the figures: out of scope, not loaded, or without a single row in the dump while no map says
//! that there should be one.

mod absence;
mod cause;
mod fit;
mod sides;

pub use absence::{Absence, TableStanding};
pub use cause::Cause;
pub use fit::{Fit, Fits};

use crate::catalog::{Catalog, ElementId, ElementKind};
use crate::dualwrite::Dump;
use crate::text::{Symbol, name_key};
use crate::tracking::{Analysis, Definition, Policy, Writer};
use std::collections::BTreeMap;

/// What is compared.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// The model.
    pub catalog: &'a Catalog,
    /// The verdicts, with the predicted rows.
    pub analysis: &'a Analysis,
    /// The policies that they rest on.
    pub policy: Policy,
    /// No map was given: what is in scope is assumed.
    pub assumed: bool,
    /// The dump.
    pub dump: &'a Dump,
    /// The rows of some entities that would be predicted under other policies.
    pub under: &'a dyn Fn(&[ElementId], Policy) -> Vec<Definition>,
}

/// The comparison.
#[derive(Debug)]
pub struct Reconciliation {
    /// Rows of both sides, by entity, table and data source.
    pub rows: Vec<Row>,
    /// Entities of both sides, by name; those of [`Reconciliation::unseen`] aside.
    pub entities: Vec<EntityRows>,
    /// Entities that are only assumed to be mapped, and of which the dump has no row: how many, and how many rows
    /// are predicted for them.
    pub unseen: (usize, usize),
    /// What other policies would make of it.
    pub fits: Fits,
}

/// Which side has a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Both.
    Both,
    /// The prediction.
    OnlyPredicted,
    /// The dump.
    OnlyDump,
}

impl Group {
    /// The value in machine output.
    pub fn id(self) -> &'static str {
        match self {
            Group::Both => "both",
            Group::OnlyPredicted => "only_predicted",
            Group::OnlyDump => "only_dump",
        }
    }
}

/// One row of either side.
#[derive(Clone, Debug)]
pub struct Row {
    /// Which side has it.
    pub group: Group,
    /// Position in [`Reconciliation::entities`].
    pub entity: usize,
    /// The table, spelled as the prediction does, else as the dump does.
    pub table: Symbol,
    /// The data source, or the label of an entry; likewise.
    pub source: Symbol,
    /// It counts in the figures.
    pub compared: bool,
    /// Position in [`Dump::rows`].
    pub dump: Option<usize>,
    /// What writes the row, as we predict it.
    pub writers: Vec<Writer>,
    /// Why we do not predict it.
    pub absence: Option<Absence>,
    /// What the table of a row that we do not predict is to us.
    pub standing: TableStanding,
    /// The dump names another field than we do for the `RecId`.
    pub other_field: bool,
    /// What may have led to the difference, the likeliest first. None of it is proven.
    pub causes: Vec<Cause>,
    /// Positions in [`Fits::fits`] of the answers under which both sides agree on it.
    pub agrees_under: Vec<usize>,
}

/// An entity of either side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntityRows {
    /// Its name, spelled as its definition does, else as the dump does.
    pub name: Symbol,
    /// The element of this name.
    pub id: Option<ElementId>,
    /// Whether it can be compared.
    pub standing: Standing,
    /// Rows in both.
    pub both: usize,
    /// Rows that are only predicted.
    pub only_predicted: usize,
    /// Rows that only the dump has.
    pub only_dump: usize,
}

impl EntityRows {
    /// Rows that only one side has.
    pub fn differences(&self) -> usize {
        self.only_predicted + self.only_dump
    }

    /// Its rows count in the figures.
    pub fn is_compared(&self) -> bool {
        matches!(self.standing, Standing::Compared | Standing::Silent)
    }
}

/// Whether an entity can be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// In scope, with rows in the dump.
    Compared,
    /// A map sends it, and the dump has no row of it.
    Silent,
    /// The dump has rows of it, and it is out of scope.
    OutOfScope,
    /// Only extensions of it are loaded, so that the prediction is not whole.
    OnlyExtensions,
    /// Nothing of this name is loaded.
    NotLoaded,
    /// The name means something else.
    NotAnEntity(ElementKind),
}

impl Standing {
    /// The value in machine output.
    pub fn id(self) -> &'static str {
        match self {
            Standing::Compared => "compared",
            Standing::Silent => "no_row_in_dump",
            Standing::OutOfScope => "out_of_scope",
            Standing::OnlyExtensions => "only_extensions_loaded",
            Standing::NotLoaded => "not_loaded",
            Standing::NotAnEntity(_) => "not_an_entity",
        }
    }
}

/// How many rows are in each group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// In both.
    pub both: usize,
    /// Only predicted.
    pub only_predicted: usize,
    /// Only in the dump.
    pub only_dump: usize,
}

impl Tally {
    /// All rows.
    pub fn total(self) -> usize {
        self.both + self.differences()
    }

    /// Rows that only one side has.
    pub fn differences(self) -> usize {
        self.only_predicted + self.only_dump
    }
}

impl Reconciliation {
    /// The rows that are compared.
    pub fn tally(&self) -> Tally {
        self.rows.iter().filter(|row| row.compared).fold(Tally::default(), |mut tally, row| {
            match row.group {
                Group::Both => tally.both += 1,
                Group::OnlyPredicted => tally.only_predicted += 1,
                Group::OnlyDump => tally.only_dump += 1,
            }
            tally
        })
    }

    /// The same of pairs of entity and table: what `DataSourceName` holds is inferred, the tables matter more.
    pub fn tally_by_table(&self) -> Tally {
        let mut pairs: BTreeMap<(usize, String), (bool, bool)> = BTreeMap::new();
        for row in self.rows.iter().filter(|row| row.compared) {
            let (predicted, dumped) = pairs.entry((row.entity, name_key(&row.table))).or_default();
            *predicted |= row.group != Group::OnlyDump;
            *dumped |= row.group != Group::OnlyPredicted;
        }
        let count = |wanted| pairs.values().filter(|sides| **sides == wanted).count();
        Tally {
            both: count((true, true)),
            only_predicted: count((true, false)),
            only_dump: count((false, true)),
        }
    }

    /// The entity of a row.
    pub fn entity(&self, row: &Row) -> &EntityRows {
        &self.entities[row.entity]
    }
}

/// Compares a dump with the prediction.
pub fn reconcile(input: &Input) -> Reconciliation {
    let mut compared = sides::compare(input);
    let fits = fit::fits(input, &mut compared);
    let known = cause::Causes::new(input, &compared, &fits);
    let causes: Vec<Vec<Cause>> = compared.rows.iter().map(|row| known.of(row)).collect();
    for (row, causes) in compared.rows.iter_mut().zip(causes) {
        row.causes = causes;
    }
    let sides::Compared { rows, entities, unseen } = compared;
    Reconciliation { rows, entities, unseen, fits }
}
