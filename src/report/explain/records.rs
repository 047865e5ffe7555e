//! The counted fields of an entity by what becomes of them: what is not tracked first, record by record.

use crate::catalog::{Binding, FieldIx};
use crate::lineage::Leaf;
use crate::report::style::{DIM, STRONG, Styled};
use crate::report::wrap::{Wrapped, indented};
use crate::source::Place;
use crate::suggest::{FieldStatus, field_status};
use crate::text::{count, some};
use crate::tracking::{EntityAnalysis, LeafVerdict, Status};
use crate::words::{Teller, tagged};
use std::io::{self, Write};

/// So many fields of a record are named without `--all`.
const FIELDS: usize = 12;

/// Counted fields by their status.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) tracked: Vec<FieldIx>,
    pub(super) partly: Vec<FieldIx>,
    pub(super) lost: Vec<FieldIx>,
    pub(super) open: Vec<FieldIx>,
    /// No column stands behind them.
    pub(super) nothing: Vec<FieldIx>,
}

/// The counted fields of an entity.
#[derive(Clone, Copy)]
pub(super) struct Records<'a> {
    pub(super) teller: Teller<'a>,
    pub(super) entity: &'a EntityAnalysis,
}

/// Leaves of one record with one verdict.
struct Record<'a> {
    leaf: &'a Leaf,
    verdict: &'a LeafVerdict,
    fields: Vec<FieldIx>,
}

impl<'a> Records<'a> {
    pub(super) fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        for (ix, field) in (0..).map(FieldIx).zip(&self.entity.fields).filter(|(_, f)| f.counted) {
            let list = match field_status(&field.leaves) {
                FieldStatus::Tracked => &mut tally.tracked,
                FieldStatus::Partly => &mut tally.partly,
                FieldStatus::Open => &mut tally.open,
                FieldStatus::Never if field.leaves.is_empty() => &mut tally.nothing,
                FieldStatus::Never => &mut tally.lost,
            };
            list.push(ix);
        }
        tally
    }

    /// Counted leaves of one status, by record.
    pub(super) fn write(&self, out: &mut dyn Write, heading: &str, status: Status) -> io::Result<()> {
        let records = self.by_record(status);
        if records.is_empty() {
            return Ok(());
        }
        let mut fields: Vec<FieldIx> = records.iter().flat_map(|r| r.fields.iter().copied()).collect();
        fields.sort_unstable();
        fields.dedup();
        let fields = count(fields.len(), "field");
        let heading = format!("{heading}: {fields} of {}", count(records.len(), "record"));
        writeln!(out, "\n{}", Styled(STRONG, heading))?;
        records.iter().try_for_each(|record| self.record(out, record))
    }

    fn by_record(&self, status: Status) -> Vec<Record<'a>> {
        let mut records: Vec<Record> = Vec::new();
        let all = !self.entity.in_scope && status == Status::Unresolved;
        let fields = (0..).map(FieldIx).zip(&self.entity.fields);
        for (ix, field) in fields.filter(|(_, f)| f.counted || all) {
            let leaves = &self.teller.judged.model.lineage.field(self.entity.id, ix).leaves;
            for (leaf, verdict) in leaves.iter().zip(&field.leaves).filter(|(_, v)| v.status == status) {
                let same = |r: &&mut Record| {
                    r.leaf.path == leaf.path
                        && r.leaf.table == leaf.table
                        && r.verdict.reason == verdict.reason
                };
                match records.iter_mut().find(same) {
                    Some(record) if record.fields.last() == Some(&ix) => {}
                    Some(record) => record.fields.push(ix),
                    None => records.push(Record { leaf, verdict, fields: vec![ix] }),
                }
            }
        }
        records
    }

    fn record(&self, out: &mut dyn Write, record: &Record) -> io::Result<()> {
        let Record { leaf, verdict, fields } = record;
        let missing = self.teller.missing_of(self.entity, leaf);
        let reason = match (verdict.reason, missing) {
            (Some(reason), _) => tagged(reason),
            (None, Some(missing)) => self.teller.missing(&missing),
            (None, None) => String::new(),
        };
        let place = verdict.place.map(|place| self.line_of(place)).unwrap_or_default();
        let table = Styled(STRONG, self.teller.table(leaf));
        writeln!(out, "  {table}: {reason}{}", Styled(DIM, place))?;
        let path = self.teller.path(self.entity.id, leaf);
        if !path.is_empty() {
            write!(out, "{}", Wrapped { head: "    by     ", width: 11, text: path })?;
        }
        let names: Vec<String> =
            fields.iter().map(|ix| self.teller.field_name(self.entity.id, *ix)).collect();
        let limit = if self.teller.all { names.len() } else { FIELDS };
        write!(out, "{}", Wrapped { head: "    fields ", width: 11, text: some(&names, limit) })?;
        self.short_advice(out, record)
    }

    fn short_advice(&self, out: &mut dyn Write, record: &Record) -> io::Result<()> {
        let advice = self.teller.advice(self.entity, record.leaf, record.verdict);
        if advice.short.is_empty() {
            return Ok(());
        }
        let mut text = advice.short;
        if advice.needed.is_some_and(|n| !n.steps.is_empty()) {
            let example = self.teller.field(self.entity.id, record.fields[0]);
            text.push_str("; plan: dualtrack explain ");
            text.push_str(&example);
        }
        write!(out, "{}", Wrapped { head: "    to do  ", width: 11, text })
    }

    /// `, line 12`, with the path where it is not that of the entity.
    fn line_of(&self, place: Place) -> String {
        let own = self.teller.element(self.entity.id).place.is_some_and(|p| p.file == place.file);
        if own {
            format!(" (line {})", place.line)
        } else {
            format!("\n    at     {}", self.teller.at(place))
        }
    }

    /// Fields about which there is nothing to do: their number, their names with `--all`.
    pub(super) fn others(&self, out: &mut dyn Write, tally: &Tally) -> io::Result<()> {
        let element = self.teller.element(self.entity.id);
        let is_virtual = |ix: &FieldIx| matches!(element.field_at(*ix).binding, Binding::Virtual { .. });
        let (virtuals, empty): (Vec<FieldIx>, Vec<FieldIx>) =
            tally.nothing.iter().copied().partition(|ix| is_virtual(ix));
        self.list(out, "Virtual, filled by X++ at run time, so that nothing triggers them", &virtuals, true)?;
        self.list(out, "Computed from no table, so that nothing triggers them", &empty, true)?;
        self.list(out, "Tracked", &tally.tracked, self.teller.all)?;
        if !self.entity.in_scope {
            return Ok(());
        }
        let fields = (0..).map(FieldIx).zip(&self.entity.fields);
        let not_sent: Vec<FieldIx> = fields.filter(|(_, f)| !f.counted).map(|(ix, _)| ix).collect();
        self.list(out, "Not sent", &not_sent, self.teller.all)
    }

    fn list(&self, out: &mut dyn Write, what: &str, fields: &[FieldIx], named: bool) -> io::Result<()> {
        if fields.is_empty() {
            return Ok(());
        }
        let number = count(fields.len(), "field");
        let hint = if named { "" } else { " (--all lists them)" };
        writeln!(out, "\n{}", Styled(STRONG, format!("{what}: {number}{hint}")))?;
        if !named {
            return Ok(());
        }
        let list: Vec<String> = fields.iter().map(|ix| self.teller.field_name(self.entity.id, *ix)).collect();
        write!(out, "{}", indented(2, list.join(", ")))
    }
}
