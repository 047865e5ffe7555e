//! One entity: what it is, its data sources, its mapping method, and what of it is not tracked.

use super::tree;
use crate::catalog::{Binding, Element, FieldIx};
use crate::lineage::Leaf;
use crate::report::style::{BAD, DIM, GOOD, OPEN, STRONG, Styled};
use crate::report::words::{Teller, entry_text, entry_verdict, shown, tagged};
use crate::report::wrap::{WIDTH, Wrapped, count, indented, lines, some_of};
use crate::source::FileId;
use crate::tracking::{EntityAnalysis, EntryVerdict, LeafVerdict, Match, ResolvedEntry, Status};
use std::io::{self, Write};

const LABEL: usize = 9;

/// An entity with what is said of it.
pub(super) struct EntityView<'a> {
    pub(super) teller: Teller<'a>,
    pub(super) entity: &'a EntityAnalysis,
}

/// Fields that count, by the worst that is said of their leaves.
#[derive(Default)]
struct Tally {
    tracked: Vec<FieldIx>,
    partly: Vec<FieldIx>,
    lost: Vec<FieldIx>,
    open: Vec<FieldIx>,
    nothing: Vec<FieldIx>,
}

/// Leaves of one record with one verdict.
struct Record<'a> {
    leaf: &'a Leaf,
    verdict: &'a LeafVerdict,
    fields: Vec<FieldIx>,
}

impl<'a> EntityView<'a> {
    fn element(&self) -> &'a Element {
        self.teller.element(self.entity.id)
    }

    pub(super) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let tally = self.tally();
        self.answer(out, &tally)?;
        self.header(out)?;
        writeln!(out, "\n{}", Styled(STRONG, self.sources_heading()))?;
        tree::write(self.teller, self.entity.id, Some(self.entity), out)?;
        self.mapping(out)?;
        self.records(out, "Not triggered", Status::Untracked)?;
        self.records(out, "Cannot be said", Status::Unresolved)?;
        self.records(out, "Cannot be decided", Status::Undecidable)?;
        self.tracked(out, &tally)
    }

    fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        for (ix, field) in (0..).map(FieldIx).zip(&self.entity.fields).filter(|(_, f)| f.counted) {
            let any = |status| field.leaves.iter().any(|v| v.status == status);
            let list = if field.leaves.is_empty() {
                &mut tally.nothing
            } else if any(Status::Untracked) && any(Status::Tracked) {
                &mut tally.partly
            } else if any(Status::Untracked) {
                &mut tally.lost
            } else if any(Status::Unresolved) || any(Status::Undecidable) {
                &mut tally.open
            } else {
                &mut tally.tracked
            };
            list.push(ix);
        }
        tally
    }

    fn answer(&self, out: &mut dyn Write, tally: &Tally) -> io::Result<()> {
        let name = self.teller.name(self.entity.id);
        let (text, style) = match self.teller.why_not_sent(self.entity, None) {
            Some(why) => (
                format!(
                    "{name} is out of scope: {why}. The verdicts below say what would be if it were sent."
                ),
                OPEN,
            ),
            None => {
                let Tally { tracked, partly, lost, open, nothing } = tally;
                let all = tracked.len() + partly.len() + lost.len() + open.len() + nothing.len();
                let mut parts = Vec::new();
                let mut part = |list: &Vec<FieldIx>, what: &str| {
                    if !list.is_empty() {
                        parts.push(format!("{} {what}", list.len()));
                    }
                };
                part(lost, "never trigger it");
                part(partly, "trigger it only in part");
                part(open, "cannot be decided");
                part(nothing, "have no column that could");
                let rest = if parts.is_empty() { String::new() } else { format!("; {}", parts.join(", ")) };
                let sent = count(all, "field that is sent", "fields that are sent");
                let text = format!("{name}: changes behind {} of {sent} trigger it{rest}.", tracked.len());
                (text, if lost.is_empty() && partly.is_empty() { GOOD } else { BAD })
            }
        };
        for line in lines(&text, WIDTH) {
            writeln!(out, "{}", Styled(style.bold(), line))?;
        }
        writeln!(out)
    }

    fn header(&self, out: &mut dyn Write) -> io::Result<()> {
        let element = self.element();
        let model = self.teller.judged.model;
        match element.place {
            Some(place) => {
                let own = if model.is_own_file(self.teller.config, place.file) { "" } else { " (not yours)" };
                let text =
                    format!("{}, model {}{own}", self.teller.at(place), shown(model.model_name(place.file)));
                self.line(out, "Entity", &text)?;
            }
            None => {
                let text = "only extensions are loaded; load the package that defines it to see the rest (--metadata)";
                self.line(out, "Entity", text)?;
            }
        }
        self.extensions(out)?;
        let facts = &element.entity;
        let public = match (&facts.public_collection_name, facts.is_public) {
            (Some(name), true) => format!("public as {}", shown(name)),
            (None, true) => "public".to_owned(),
            (_, false) => "not public".to_owned(),
        };
        let managed = if facts.data_management_enabled {
            "data management enabled"
        } else {
            "data management not enabled, which dual-write needs"
        };
        let read_only = if facts.is_read_only { ", read-only" } else { "" };
        let query = element.query.as_ref().map(|q| format!(", data sources from query {}", shown(&q.text)));
        self.line(out, "Is", &format!("{public}, {managed}{read_only}{}", query.unwrap_or_default()))?;
        if self.entity.in_scope && self.teller.judged.scope.assumed {
            self.line(out, "In scope", super::ASSUMED)?;
        } else if self.entity.in_scope {
            self.line(out, "In scope", "a dual-write map sends it")?;
        }
        if let Some(place) = self.entity.record_lookup {
            let text = format!(
                "record look-up overridden: getEntityRecordIdsImpactedByTableChange, {}",
                self.teller.at(place)
            );
            self.line(out, "Note", &text)?;
        }
        if let Some(limit) = self.entity.truncated {
            let text = format!("lineage was cut: {}; nothing is called removable", limit.text());
            self.line(out, "Note", &text)?;
        }
        Ok(())
    }

    /// Extensions and extension classes, each once.
    fn extensions(&self, out: &mut dyn Write) -> io::Result<()> {
        let element = self.element();
        let fields = element.fields.iter().filter_map(|f| f.added_by.as_deref());
        let sources = element.sources.iter().filter_map(|s| s.added_by.as_deref());
        let classes = element.extension_classes.iter().map(|c| &*c.name);
        let mut names: Vec<String> = Vec::new();
        for name in fields.chain(sources).chain(classes).map(shown) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        if names.is_empty() {
            Ok(())
        } else {
            self.line(out, "Extended", &format!("by {}", names.join(", ")))
        }
    }

    fn sources_heading(&self) -> String {
        let tracked = self.entity.sources.iter().filter(|v| v.status == Status::Tracked).count();
        let all = count(self.entity.sources.len(), "data source", "data sources");
        format!("{all}, {tracked} tracked")
    }

    fn mapping(&self, out: &mut dyn Write) -> io::Result<()> {
        let mapping = &self.entity.mapping;
        let mut heading = "Mapping method getEntityDataSourceToFieldMapping: ".to_owned();
        if mapping.present {
            heading.push_str(&count(mapping.entries.len(), "entry", "entries"));
        } else {
            heading.push_str("none");
        }
        writeln!(out, "\n{}", Styled(STRONG, heading))?;
        let mut file = None;
        for entry in &mapping.entries {
            self.file_heading(out, &mut file, entry.place.file)?;
            self.entry(out, entry)?;
        }
        for entry in &mapping.disabled {
            self.file_heading(out, &mut file, entry.place.file)?;
            let line = format!(":{}", entry.place.line);
            writeln!(
                out,
                "    {line:<6} {:<24} {}",
                Styled(DIM, format!("{:<24}", "commented out")),
                entry_text(entry)
            )?;
        }
        for place in &mapping.undecidable {
            self.file_heading(out, &mut file, place.file)?;
            let line = format!(":{}", place.line);
            let what = Styled(OPEN, format!("{:<24}", "undecidable"));
            writeln!(
                out,
                "    {line:<6} {what} a statement that cannot be read; what it adds does not count"
            )?;
        }
        Ok(())
    }

    fn file_heading(&self, out: &mut dyn Write, last: &mut Option<FileId>, file: FileId) -> io::Result<()> {
        if *last != Some(file) {
            *last = Some(file);
            writeln!(out, "  {}", Styled(DIM, shown(self.teller.judged.model.path(file))))?;
        }
        Ok(())
    }

    fn entry(&self, out: &mut dyn Write, entry: &ResolvedEntry) -> io::Result<()> {
        let line = format!(":{}", entry.place.line);
        let style = match entry.verdict {
            EntryVerdict::Needed if entry.matched == Some(Match::Unverified) => OPEN,
            EntryVerdict::Needed => GOOD,
            EntryVerdict::Mismatched | EntryVerdict::Conflicting => OPEN,
            _ => BAD,
        };
        let verdict = Styled(style, format!("{:<24}", entry_verdict(entry)));
        writeln!(out, "    {line:<6} {verdict} {}", entry_text(entry))?;
        match self.entry_note(entry) {
            Some(note) => write!(out, "{}", indented(36, note)),
            None => Ok(()),
        }
    }

    /// What a verdict means, where its name does not say it.
    fn entry_note(&self, entry: &ResolvedEntry) -> Option<String> {
        let saved = match entry.rows_saved {
            Some(0) => "; it can go".to_owned(),
            Some(rows) => format!("; it can go and saves {}", count(rows as usize, "row", "rows")),
            None => String::new(),
        };
        let text = match (entry.verdict, entry.matched) {
            (EntryVerdict::Invalid, _) => "not [label, table, field of this entity]",
            (EntryVerdict::Duplicate, _) => "an earlier entry says the same",
            (EntryVerdict::Conflicting, _) => {
                "an earlier entry has the same label and table; which one wins is not documented"
            }
            (EntryVerdict::Redundant, _) => "what it covers is tracked through data sources",
            (EntryVerdict::Unused, _) => "it covers nothing that is sent",
            (EntryVerdict::Mismatched, _) => "its field is not the RecId of the table",
            (EntryVerdict::Needed, Some(Match::Unverified)) => {
                "kept, because something is not loaded or cannot be read"
            }
            (EntryVerdict::Needed, Some(Match::JoinColumn)) => {
                "kept: it registers a column over which sent fields are joined"
            }
            (EntryVerdict::Needed, _) => return None,
        };
        Some(format!("{text}{saved}"))
    }

    /// Counted leaves of one status, by record.
    fn records(&self, out: &mut dyn Write, heading: &str, status: Status) -> io::Result<()> {
        let records = self.by_record(status);
        if records.is_empty() {
            return Ok(());
        }
        let mut fields: Vec<FieldIx> = records.iter().flat_map(|r| r.fields.iter().copied()).collect();
        fields.sort_unstable();
        fields.dedup();
        let fields = count(fields.len(), "field", "fields");
        let heading = format!("{heading}: {fields} of {}", count(records.len(), "record", "records"));
        writeln!(out, "\n{}", Styled(STRONG, heading))?;
        for record in &records {
            self.record(out, record)?;
        }
        Ok(())
    }

    fn by_record(&self, status: Status) -> Vec<Record<'a>> {
        let mut records: Vec<Record> = Vec::new();
        for (ix, field) in (0..).map(FieldIx).zip(&self.entity.fields).filter(|(_, f)| f.counted) {
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
        let reason = match (verdict.reason, self.teller.missing_of(self.entity, leaf)) {
            (Some(reason), _) => tagged(reason),
            (None, Some(missing)) => self.teller.missing(&missing),
            (None, None) => String::new(),
        };
        let path = self.teller.path(self.entity.id, leaf);
        let by = if path.is_empty() { String::new() } else { format!(" by {path}") };
        let text = format!("{}{by}: {reason}", Styled(STRONG, self.teller.table(leaf)));
        write!(out, "{}", Wrapped { head: "  ", width: 2, text })?;
        if let Some(place) = verdict.place {
            writeln!(out, "    {}", Styled(DIM, format!("decided at {}", self.teller.at(place))))?;
        }
        let names: Vec<String> =
            fields.iter().map(|ix| self.teller.field_name(self.entity.id, *ix)).collect();
        let limit = if self.teller.all { names.len() } else { 12 };
        write!(out, "{}", Wrapped { head: "    fields ", width: 11, text: some_of(&names, limit) })?;
        let advice = self.teller.advice(self.entity, leaf, verdict);
        if advice.short.is_empty() {
            return Ok(());
        }
        let mut text = advice.short;
        if advice.needed.is_some_and(|n| !n.steps.is_empty()) {
            let example = self.teller.field(self.entity.id, fields[0]);
            text.push_str(&format!("; plan: dualtrack explain {example}"));
        }
        write!(out, "{}", Wrapped { head: "    to do  ", width: 11, text })
    }

    /// Fields about which there is nothing to do: their number, their names with `--all`.
    fn tracked(&self, out: &mut dyn Write, tally: &Tally) -> io::Result<()> {
        let element = self.element();
        let is_virtual = |ix: &&FieldIx| matches!(element.field_at(**ix).binding, Binding::Virtual);
        let (virtuals, empty): (Vec<&FieldIx>, Vec<&FieldIx>) =
            tally.nothing.iter().partition(|ix| is_virtual(ix));
        self.list(out, "Virtual (filled by X++ at run time: nothing can trigger them)", &virtuals, true)?;
        self.list(out, "Computed from no table (nothing can trigger them)", &empty, true)?;
        let tracked: Vec<&FieldIx> = tally.tracked.iter().collect();
        self.list(out, "Tracked", &tracked, self.teller.all)?;
        if !self.entity.in_scope {
            return Ok(());
        }
        let not_sent: Vec<FieldIx> = (0..)
            .map(FieldIx)
            .zip(&self.entity.fields)
            .filter(|(_, f)| !f.counted)
            .map(|(ix, _)| ix)
            .collect();
        self.list(out, "Not sent", &not_sent.iter().collect::<Vec<_>>(), self.teller.all)
    }

    fn list(&self, out: &mut dyn Write, what: &str, fields: &[&FieldIx], named: bool) -> io::Result<()> {
        if fields.is_empty() {
            return Ok(());
        }
        let number = count(fields.len(), "field", "fields");
        let hint = if named { "" } else { " (--all lists them)" };
        writeln!(out, "\n{}", Styled(STRONG, format!("{what}: {number}{hint}")))?;
        if !named {
            return Ok(());
        }
        let names: Vec<String> =
            fields.iter().map(|ix| self.teller.field_name(self.entity.id, **ix)).collect();
        write!(out, "{}", indented(2, names.join(", ")))
    }

    fn line(&self, out: &mut dyn Write, label: &str, text: &str) -> io::Result<()> {
        let head = Styled(STRONG, format!("{label:<LABEL$}"));
        write!(out, "{}", Wrapped { head, width: LABEL, text })
    }
}
