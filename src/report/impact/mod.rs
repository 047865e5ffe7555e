//! `dualtrack impact`: what a change of a table or column triggers, and what it should trigger and does not.

pub mod json;

use super::style::{BAD, DIM, GOOD, OPEN, STRONG, Styled};
use super::wrap::{WIDTH, Wrapped, either, indented, lines};
use crate::catalog::{ElementId, FieldIx};
use crate::config::Config;
use crate::engine::Judged;
use crate::lineage::Leaf;
use crate::text::{count, some};
use crate::tracking::{
    Change, Counts, Effect, EntityAnalysis, EntityImpact, Impact, JoinUse, Reading, Reason, Status, impact,
};
use crate::words::{Teller, entry_state, entry_text, shown, tagged};
use std::io::{self, Write};

/// So many entities are listed per section without `--all`.
const LISTED: usize = 20;
/// So many fields are listed per record without `--all`.
const FIELDS: usize = 8;

/// Writes what each change means; `all` leaves nothing out.
pub fn write(
    judged: &Judged,
    config: &Config,
    changes: &[Change],
    all: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let teller = Teller { judged, config, all };
    for (position, change) in changes.iter().enumerate() {
        if position > 0 {
            writeln!(out, "\n{}\n", "─".repeat(40))?;
        }
        let impact = of(judged, change);
        ImpactView { teller, change, impact: &impact }.write(out)?;
    }
    Ok(())
}

fn of(judged: &Judged, change: &Change) -> Impact {
    let model = judged.model;
    impact(&model.catalog, &model.lineage, &judged.policy, &judged.analysis, change)
}

struct ImpactView<'a> {
    teller: Teller<'a>,
    change: &'a Change,
    impact: &'a Impact,
}

/// A record that an entity reads.
type Item<'a> = (&'a EntityImpact, &'a Reading);

impl<'a> ImpactView<'a> {
    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        self.counts(out)?;
        self.chain(out)?;
        let tracked: Vec<Item> = self.readings(|s| s == Status::Tracked);
        self.section(out, "Triggered", &tracked, None)?;
        self.untracked(out)?;
        let unresolved = self.readings(|s| s == Status::Unresolved);
        self.section(out, "Cannot be said: something is not loaded or not there", &unresolved, None)?;
        let undecidable = self.readings(|s| s == Status::Undecidable);
        self.section(out, "Cannot be decided", &undecidable, None)?;
        self.joins(out)?;
        self.not_sent(out)?;
        if self.teller.judged.scope.assumed {
            writeln!(out)?;
            let text = "No map was given, so it is assumed that every public field of a public entity is mapped (--maps).";
            write!(out, "{}", indented(0, text))?;
        }
        Ok(())
    }

    fn subject(&self) -> String {
        let table = shown(&self.change.table.text);
        match &self.change.column {
            Some(column) => format!("{table}.{}", shown(&column.text)),
            None => table,
        }
    }

    /// The exact numbers, first of all.
    fn counts(&self, out: &mut dyn Write) -> io::Result<()> {
        let Counts { triggered, partly, not_triggered, open, not_sent, join_only, rows, .. } =
            self.impact.counts;
        let mut parts = match triggered {
            0 => vec!["triggers no entity".to_owned()],
            n => vec![format!("triggers {}", count(n, "entity"))],
        };
        if partly > 0 {
            parts[0] = format!("{} ({partly} of them not on every path)", parts[0]);
        }
        if not_triggered > 0 {
            let sends = either(not_triggered, "that sends it", "that send it");
            parts.push(format!("is missed by {not_triggered} {sends}"));
        }
        if open > 0 {
            parts.push(format!("cannot be decided for {open}"));
        }
        let style = match (triggered, not_triggered + partly) {
            (_, 1..) => BAD,
            (0, 0) => OPEN,
            _ => GOOD,
        };
        let text = format!("A change of {} {}.", self.subject(), listed(&parts));
        for line in lines(&text, WIDTH) {
            writeln!(out, "{}", Styled(style.bold(), line))?;
        }
        let mut more = Vec::new();
        if join_only > 0 {
            let joins = either(join_only, "entity only joins", "entities only join");
            more.push(format!("{join_only} {joins} over it; "));
        }
        if not_sent > 0 {
            let reads = either(not_sent, "entity reads it and sends", "entities read it and send");
            more.push(format!("{not_sent} {reads} nothing of it; "));
        }
        let text =
            format!("{}{} of BusinessEventsDefinition predicted for it.", more.concat(), count(rows, "row"));
        write!(out, "{}", indented(0, text))
    }

    fn chain(&self, out: &mut dyn Write) -> io::Result<()> {
        let Some(id) = self.change.id else {
            let text = format!(
                "{} is not loaded: what is said of it comes from what refers to it.",
                shown(&self.change.table.text)
            );
            return write!(out, "{}", indented(0, text));
        };
        let element = self.teller.element(id);
        if element.is_partial() {
            let text = format!("Only extensions of {} are loaded (--metadata).", self.teller.name(id));
            write!(out, "{}", indented(0, text))?;
        }
        let policy = self.teller.judged.policy.inheritance.id();
        let others: Vec<String> = self.impact.tables[1..].iter().map(|t| self.teller.name(*t)).collect();
        if !others.is_empty() {
            let text = format!(
                "Counted with it: {}, the tables of its inheritance chain for which a row may stand (policy inheritance={policy} [INF]).",
                others.join(", ")
            );
            write!(out, "{}", indented(0, text))?;
        }
        if self.teller.config.is_insert_only(&element.name.text) {
            let text = "Insert-only: a change of it always changes the row that refers to it, so no entry is suggested.";
            write!(out, "{}", indented(0, text))?;
        }
        Ok(())
    }

    fn readings(&self, wanted: fn(Status) -> bool) -> Vec<Item<'a>> {
        let all = self.impact.entities.iter().flat_map(|e| e.readings.iter().map(move |r| (e, r)));
        all.filter(|(_, r)| wanted(r.verdict.status)).collect()
    }

    /// What is not noticed, by reason.
    fn untracked(&self, out: &mut dyn Write) -> io::Result<()> {
        let items = self.readings(|s| s == Status::Untracked);
        let mut reasons: Vec<Option<Reason>> = items.iter().map(|(_, r)| r.verdict.reason).collect();
        reasons.sort_unstable();
        reasons.dedup();
        for reason in reasons {
            let of_reason: Vec<Item> =
                items.iter().copied().filter(|(_, r)| r.verdict.reason == reason).collect();
            let heading = match reason {
                Some(reason) => format!("Not triggered, {}", tagged(reason)),
                None => "Not triggered".to_owned(),
            };
            self.section(out, &heading, &of_reason, reason)?;
        }
        Ok(())
    }

    fn section(
        &self,
        out: &mut dyn Write,
        heading: &str,
        items: &[Item<'a>],
        reason: Option<Reason>,
    ) -> io::Result<()> {
        if items.is_empty() {
            return Ok(());
        }
        let mut entities: Vec<(&EntityImpact, Vec<&Reading>)> = Vec::new();
        for (entity, reading) in items {
            match entities.last_mut().filter(|(last, _)| last.id == entity.id) {
                Some((_, readings)) => readings.push(reading),
                None => entities.push((entity, vec![reading])),
            }
        }
        let number = count(entities.len(), "entity");
        writeln!(out, "\n{}", Styled(STRONG, format!("{heading}: {number}")))?;
        if let Some(reason) = reason {
            write!(out, "{}", indented(2, reason.explanation()))?;
        }
        let (listed, cut) = self.cut(entities.iter().map(|(e, _)| e.id));
        for (entity, readings) in entities.iter().filter(|(e, _)| listed.contains(&e.id)) {
            self.entity_line(out, entity)?;
            for reading in readings {
                self.reading(out, entity, reading)?;
            }
        }
        cut.write(out)
    }

    /// The entities that are listed, and how many are not.
    fn cut(&self, ids: impl Iterator<Item = ElementId>) -> (Vec<ElementId>, Cut) {
        let mut cut = Cut::default();
        let mut listed = Vec::new();
        for id in ids {
            if self.teller.all {
                listed.push(id);
            } else if !self.teller.judged.model.is_own(self.teller.config, id) {
                cut.foreign += 1;
            } else if listed.len() == LISTED {
                cut.more += 1;
            } else {
                listed.push(id);
            }
        }
        (listed, cut)
    }

    fn entity_line(&self, out: &mut dyn Write, entity: &EntityImpact) -> io::Result<()> {
        let element = self.teller.element(entity.id);
        let model = self.teller.judged.model.model_of(element);
        let model = model.map_or_else(|| "only extensions loaded".to_owned(), shown);
        let partly = if entity.effect == Effect::Partly { ", on some paths only" } else { "" };
        writeln!(
            out,
            "  {} {}",
            Styled(STRONG, self.teller.name(entity.id)),
            Styled(DIM, format!("({model}{partly})"))
        )
    }

    fn reading(&self, out: &mut dyn Write, impact: &EntityImpact, reading: &Reading) -> io::Result<()> {
        let Some(entity) = self.teller.judged.analysis.entity(impact.id) else { return Ok(()) };
        let (ix, position) = reading.example;
        let leaf = &self.teller.judged.model.lineage.field(entity.id, ix).leaves[position];
        let style = super::explain::status_style(reading.verdict.status);
        let text = self.through(entity, reading, leaf);
        write!(out, "{}", Wrapped { head: Styled(style, "    * "), width: 6, text })?;
        if let Some(place) = reading.verdict.place {
            writeln!(out, "      {}", Styled(DIM, self.teller.at(place)))?;
        }
        let names: Vec<String> =
            reading.fields.iter().map(|(f, c)| self.read_field(impact.id, *f, c.as_deref(), leaf)).collect();
        let limit = if self.teller.all { names.len() } else { FIELDS };
        write!(out, "{}", Wrapped { head: "      fields ", width: 13, text: some(&names, limit) })?;
        let advice = self.teller.advice(entity, leaf, &reading.verdict);
        if advice.short.is_empty() {
            return Ok(());
        }
        let mut text = advice.short;
        if advice.needed.is_some_and(|n| !n.steps.is_empty()) {
            text = format!("{text}; plan: dualtrack explain {}", self.teller.field(impact.id, ix));
        }
        write!(out, "{}", Wrapped { head: "      to do  ", width: 13, text })
    }

    /// The way that a change takes, or does not take.
    fn through(&self, entity: &EntityAnalysis, reading: &Reading, leaf: &Leaf) -> String {
        let path = self.teller.path(entity.id, leaf);
        let by =
            if path.is_empty() { "in SQL text of a computed field".to_owned() } else { format!("by {path}") };
        match (reading.verdict.status, reading.verdict.entry.map(|e| &entity.mapping.entries[e])) {
            (Status::Tracked, Some(entry)) => {
                format!("entry {} ({}), {by}", entry_text(entry), entry_state(entry))
            }
            (Status::Tracked, None) => match self.teller.tracking_source(entity, leaf) {
                Some(ix) if leaf.path.len() == 1 => {
                    format!("data source {}", self.teller.source_name(entity.id, ix))
                }
                Some(ix) => format!("data source {}, {by}", self.teller.source_name(entity.id, ix)),
                None => format!("read {by}"),
            },
            (Status::Unresolved | Status::Undecidable, _) => {
                let clause = self.teller.clause(entity, reading.example.0, leaf, &reading.verdict);
                format!("read {by}: {clause}")
            }
            (Status::Untracked, _) => format!("read {by}"),
        }
    }

    /// A field, with the column where its name does not tell it.
    fn read_field(&self, id: ElementId, ix: FieldIx, column: Option<&str>, leaf: &Leaf) -> String {
        let name = self.teller.field_name(id, ix);
        let other = self.change.id.is_some() && leaf.element() != self.change.id;
        if let Some(column) = column.filter(|_| other) {
            return format!("{name} ({}.{})", self.teller.table(leaf), shown(column));
        }
        let asked = self.change.column.is_some();
        match column.map(shown).filter(|c| !asked && *c != name) {
            Some(column) => format!("{name} ({column})"),
            None => name,
        }
    }

    fn joins(&self, out: &mut dyn Write) -> io::Result<()> {
        let entities: Vec<&EntityImpact> =
            self.impact.entities.iter().filter(|e| !e.joins.is_empty()).collect();
        if entities.is_empty() {
            return Ok(());
        }
        let number = count(entities.len(), "entity");
        writeln!(out, "\n{}", Styled(STRONG, format!("As join column: {number}")))?;
        let text = "Such a column points to another record; whether its change alone triggers is not documented [INF].";
        write!(out, "{}", indented(2, text))?;
        let (listed, cut) = self.cut(entities.iter().map(|e| e.id));
        for entity in entities.iter().filter(|e| listed.contains(&e.id)) {
            let uses: Vec<String> = entity.joins.iter().map(|join| self.join(join)).collect();
            let limit = if self.teller.all { uses.len() } else { FIELDS };
            let name = self.teller.name(entity.id);
            let width = name.chars().count() + 4;
            let head = format!("  {name}: ");
            let text = some(&uses, limit);
            if width > 40 {
                writeln!(out, "{head}")?;
                write!(out, "{}", indented(6, text))?;
            } else {
                write!(out, "{}", Wrapped { head, width, text })?;
            }
        }
        cut.write(out)
    }

    fn join(&self, join: &JoinUse) -> String {
        let fields = count(join.fields.len(), "field");
        format!("{}.{} ({fields})", self.teller.name(join.table), shown(&join.column))
    }

    fn not_sent(&self, out: &mut dyn Write) -> io::Result<()> {
        let entities: Vec<&EntityImpact> =
            self.impact.entities.iter().filter(|e| e.effect == Effect::NotSent).collect();
        if entities.is_empty() {
            return Ok(());
        }
        let number = count(entities.len(), "entity");
        writeln!(out, "\n{}", Styled(STRONG, format!("Read, but nothing of it is sent: {number}")))?;
        let (listed, cut) = self.cut(entities.iter().map(|e| e.id));
        for entity in entities.iter().filter(|e| listed.contains(&e.id)) {
            let Some(analysis) = self.teller.judged.analysis.entity(entity.id) else { continue };
            let why = self
                .teller
                .why_not_sent(analysis, entity.not_sent.first().copied(), "it")
                .unwrap_or_default();
            let fields = count(entity.not_sent.len(), "field");
            let text = format!("{} ({fields}): {why}", self.teller.name(entity.id));
            write!(out, "{}", Wrapped { head: "  ", width: 2, text })?;
        }
        cut.write(out)
    }
}

/// What a list leaves out.
#[derive(Default)]
struct Cut {
    more: usize,
    foreign: usize,
}

impl Cut {
    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let Cut { more, foreign } = self;
        if *more > 0 {
            writeln!(out, "  and {more} more (--all lists them)")?;
        }
        if *foreign > 0 {
            writeln!(out, "  and {foreign} of models that are not yours (--all lists them)")?;
        }
        Ok(())
    }
}

/// `a`, `a and b`, `a, b and c`.
fn listed(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
