//! What may have led to a difference. Metadata cannot prove any of it, so each is a guess with something to check.

use super::sides::Compared;
use super::{Absence, Fits, Group, Input, Row, Standing, TableStanding};
use crate::catalog::Element;
use crate::text::name_key;
use crate::tracking::{EntityAnalysis, EntryVerdict, Evidence, Reason, Status, Writer};
use rustc_hash::FxHashMap;

/// So many causes of one row are kept.
const CAUSES: usize = 3;

/// What may have led to a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// An open question has another answer: position in [`Fits::fits`].
    Policy(usize),
    /// The map was not started since the change: only a start writes rows.
    NotRestarted,
    /// The map of the entity does not run in that environment.
    NotRunning,
    /// The map sends no field of the entity, and such a map registers nothing.
    NothingSent,
    /// The entity is not made for dual-write: not public, or without data management.
    NotEnabled,
    /// The running map has other fields than the one that was given.
    OtherMap,
    /// No map was given, so that the fields that count are assumed.
    AssumedFields,
    /// A map, or a data event, of the entity is active there, and no map of it was given.
    MapNotGiven,
    /// The condition of the entry did not hold.
    Condition,
    /// Another entry has the same label and table.
    Conflict,
    /// The same table is registered under another name: position of the other row.
    OtherName(usize),
    /// The row was left behind by an earlier version.
    Stale,
    /// The environment has other metadata than those that were loaded.
    OtherMetadata,
    /// Something that decides is not loaded.
    NotLoaded,
    /// X++ decides in a way that cannot be read.
    UnreadCode,
}

impl Cause {
    /// The value in machine output.
    pub fn id(self) -> &'static str {
        match self {
            Cause::Policy(_) => "policy",
            Cause::NotRestarted => "map_not_restarted",
            Cause::NotRunning => "map_not_running",
            Cause::NothingSent => "map_sends_nothing",
            Cause::NotEnabled => "entity_not_enabled",
            Cause::OtherMap => "other_map_version",
            Cause::AssumedFields => "fields_are_assumed",
            Cause::MapNotGiven => "map_not_given",
            Cause::Condition => "condition",
            Cause::Conflict => "conflicting_entry",
            Cause::OtherName(_) => "other_name",
            Cause::Stale => "stale_row",
            Cause::OtherMetadata => "other_metadata",
            Cause::NotLoaded => "metadata_missing",
            Cause::UnreadCode => "code_not_read",
        }
    }
}

/// What causes are drawn from.
pub(super) struct Causes<'a> {
    input: &'a Input<'a>,
    compared: &'a Compared,
    fits: &'a Fits,
    twins: FxHashMap<(usize, String), Twins>,
}

/// Rows of one entity and one table that only one side has.
#[derive(Default)]
struct Twins {
    predicted: Vec<usize>,
    dump: Vec<usize>,
}

impl<'a> Causes<'a> {
    pub(super) fn new(input: &'a Input<'a>, compared: &'a Compared, fits: &'a Fits) -> Self {
        let mut twins: FxHashMap<(usize, String), Twins> = FxHashMap::default();
        for (position, row) in compared.rows.iter().enumerate().filter(|(_, r)| r.group != Group::Both) {
            let known = twins.entry((row.entity, name_key(&row.table))).or_default();
            match row.group {
                Group::OnlyPredicted => known.predicted.push(position),
                _ => known.dump.push(position),
            }
        }
        Self { input, compared, fits, twins }
    }

    /// The causes of a row that only one side has, the likeliest first.
    pub(super) fn of(&self, row: &Row) -> Vec<Cause> {
        let all = match row.group {
            Group::Both => Vec::new(),
            Group::OnlyPredicted => self.missing_row(row),
            Group::OnlyDump => self.further_row(row),
        };
        let mut causes = Vec::new();
        for cause in all {
            if causes.len() < CAUSES && !causes.contains(&cause) {
                causes.push(cause);
            }
        }
        causes
    }

    fn analysis(&self, row: &Row) -> Option<(&'a Element, &'a EntityAnalysis)> {
        let id = self.compared.entities[row.entity].id?;
        Some((self.input.catalog.element(id), self.input.analysis.entity(id)?))
    }

    /// The answer under which both sides agree on the row: of those that explain more than they spoil, the one that
    /// changes least, then the best.
    fn by_policy(&self, row: &Row) -> Option<Cause> {
        let better = self.fits.better().filter(|(position, _)| row.agrees_under.contains(position));
        better.min_by_key(|(position, fit)| (fit.set.len(), *position)).map(|(p, _)| Cause::Policy(p))
    }

    /// The one row of the other side with the same entity and table. Several of either side say nothing about
    /// which is which.
    fn by_name(&self, row: &Row) -> Option<Cause> {
        let twins = self.twins.get(&(row.entity, name_key(&row.table)))?;
        match (row.group, twins.predicted.as_slice(), twins.dump.as_slice()) {
            (Group::OnlyDump, [other], [_]) | (Group::OnlyPredicted, [_], [other]) => {
                Some(Cause::OtherName(*other))
            }
            _ => None,
        }
    }

    /// Fields count by assumption, or by maps of which the running ones may differ.
    fn fields(&self) -> Cause {
        if self.input.assumed { Cause::AssumedFields } else { Cause::OtherMap }
    }

    /// Why the dump may lack a row that we predict.
    fn missing_row(&self, row: &Row) -> Vec<Cause> {
        let mut causes = Vec::new();
        let Some((element, entity)) = self.analysis(row) else { return causes };
        if self.compared.entities[row.entity].standing == Standing::Silent {
            let nothing_sent = !entity.fields.iter().any(|field| field.counted);
            causes.extend(nothing_sent.then_some(Cause::NothingSent));
            let enabled = element.entity.is_public && element.entity.data_management_enabled;
            causes.extend((!enabled).then_some(Cause::NotEnabled));
            causes.push(Cause::NotRunning);
            return causes;
        }
        let by_source = row.writers.iter().any(|writer| !matches!(writer, Writer::Entry(_)));
        causes.extend(self.by_name(row));
        causes.extend((self.input.assumed && by_source).then_some(Cause::AssumedFields));
        causes.extend(self.by_policy(row));
        for writer in &row.writers {
            match writer {
                Writer::Entry(position) => {
                    let entry = &entity.mapping.entries[*position];
                    causes.extend(entry.conditional.then_some(Cause::Condition));
                    causes.extend((entry.verdict == EntryVerdict::Conflicting).then_some(Cause::Conflict));
                    causes.push(Cause::NotRestarted);
                }
                Writer::Source(_) | Writer::Beyond(_) => {
                    causes.extend([self.fields(), Cause::NotRestarted]);
                }
            }
        }
        causes
    }

    /// Why the dump may have a row that we do not predict.
    fn further_row(&self, row: &Row) -> Vec<Cause> {
        let mut causes = Vec::new();
        let Some(absence) = &row.absence else { return causes };
        let scope = if self.input.assumed { Cause::AssumedFields } else { Cause::MapNotGiven };
        causes.extend(self.by_policy(row));
        let entity = self.analysis(row).map(|(_, entity)| entity);
        let unread = entity.is_some_and(|e| !e.mapping.undecidable.is_empty());
        match absence {
            Absence::EntityNotLoaded { .. } | Absence::OnlyExtensions => {
                causes.extend([Cause::NotLoaded, Cause::Stale]);
            }
            Absence::NotAnEntity(_) => causes.extend([Cause::OtherMetadata, Cause::Stale]),
            Absence::OutOfScope => causes.extend([scope, Cause::Stale]),
            Absence::CommentedOut(_) => causes.push(Cause::NotRestarted),
            Absence::InvalidEntry(_) => causes.extend([Cause::Stale, Cause::OtherMetadata]),
            Absence::Source(ix) => {
                let verdict = entity.map(|e| e.sources[ix.0 as usize]);
                causes.extend(self.by_name(row));
                causes.extend(verdict.iter().flat_map(|v| self.untracked(v.status, v.reason)));
            }
            Absence::OtherTable { .. } | Absence::OtherEntry(_) => {
                causes.extend([Cause::NotRestarted, Cause::Stale]);
            }
            Absence::UnreadableMethod(_) => causes.extend([Cause::UnreadCode, Cause::Stale]),
            Absence::NoSuchSource { .. } => {
                causes.extend(self.by_name(row));
                causes.extend([Cause::Stale, Cause::OtherMetadata]);
            }
        }
        if row.standing != TableStanding::Loaded {
            causes.insert(causes.len().min(1), Cause::NotLoaded);
        }
        causes.extend(unread.then_some(Cause::UnreadCode));
        causes
    }

    /// Why a data source that we call untracked may have a row all the same.
    fn untracked(&self, status: Status, reason: Option<Reason>) -> Vec<Cause> {
        match (status, reason) {
            (Status::Unresolved, _) => vec![Cause::NotLoaded, Cause::Stale],
            (Status::Undecidable, _) => vec![Cause::UnreadCode, Cause::Stale],
            (_, Some(Reason::NoMappedField)) => vec![self.fields(), Cause::Stale],
            (_, Some(reason)) if reason.evidence() == Some(Evidence::Inferred) => vec![Cause::Stale],
            _ => vec![Cause::Stale, Cause::OtherMetadata],
        }
    }
}
