//! `dualtrack writes`: X++ that changes what entities send, and raises no event.

pub mod csv;
mod finding;
pub mod json;
mod notes;
pub(super) mod section;
mod steps;
#[cfg(test)]
mod tests;
mod words;

use super::style::{BAD, DIM, GOOD, OPEN, STRONG, Styled};
use super::wrap::{WIDTH, indented, labelled, lines};
use crate::catalog::{Catalog, ElementId};
use crate::config::Config;
use crate::engine::Judged;
use crate::problem::Severity;
use crate::source::Place;
use crate::text::{Symbol, count};
use crate::tracking::{Change, Effect, impact};
use crate::words::{Teller, shown};
use crate::writes::{Harmless, Outcome, Target, Transaction, TransactionKind, Write, Writes};
use anstyle::Style;
use std::io;

/// So many findings are listed without `--all`.
const LISTED: usize = 20;
/// So many writes of unknown tables, comments and unread statements are listed without `--all`.
const APART: usize = 8;

/// What is shown.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// The model and the verdicts.
    pub judged: &'a Judged<'a>,
    /// Which models are the user's.
    pub config: &'a Config,
    /// What was found.
    pub writes: &'a Writes,
    /// What was asked for. Where tables or entities are named, other models are shown as well.
    pub request: Request<'a>,
    /// Nothing is left out.
    pub all: bool,
    /// All files whose X++ cannot be read are listed.
    pub verbose: bool,
}

/// What is asked for; nothing named means everything.
#[derive(Clone, Copy, Debug, Default)]
pub struct Request<'a> {
    /// Only writes of these tables.
    pub tables: &'a [Chosen],
    /// Only writes whose change these entities lose.
    pub entities: &'a [ElementId],
}

/// A table that was named, with its inheritance chain.
#[derive(Clone, Debug)]
pub struct Chosen {
    /// The name.
    pub name: Symbol,
    /// The table and those of its chain for which a row may stand (policy `inheritance`); empty when it is not loaded.
    pub chain: Vec<ElementId>,
}

impl Chosen {
    /// A table with its chain.
    pub fn new(judged: &Judged, change: &Change) -> Self {
        let model = judged.model;
        let impact = impact(&model.catalog, &model.lineage, &judged.policy, &judged.analysis, change);
        Self { name: change.table.text.clone(), chain: impact.tables }
    }

    fn has(&self, target: &Target) -> bool {
        match target {
            Target::Table { id: Some(id), .. } => self.chain.contains(id),
            Target::Table { name, .. } => self.name.eq_ignore_ascii_case(name),
            Target::Unknown(_) => false,
        }
    }
}

/// The writes and transactions of a request.
pub(super) struct Selection<'a> {
    /// Findings, worst first.
    pub(super) findings: Vec<&'a Write>,
    /// Findings that a comment accepts.
    pub(super) allowed: Vec<&'a Write>,
    /// Writes of tables that nobody knows.
    pub(super) unknown: Vec<&'a Write>,
    /// Writes of tables that are not loaded.
    pub(super) not_loaded: Vec<&'a Write>,
    /// Writes that do not matter.
    pub(super) harmless: Vec<(&'a Write, Harmless)>,
    /// Findings about scopes that no comment accepts.
    pub(super) transactions: Vec<&'a Transaction>,
    /// Findings about scopes that a comment accepts.
    pub(super) allowed_transactions: Vec<&'a Transaction>,
}

impl<'a> View<'a> {
    pub(super) fn teller(&self) -> Teller<'a> {
        Teller { judged: self.judged, config: self.config, all: self.all }
    }

    pub(super) fn catalog(&self) -> &'a Catalog {
        &self.judged.model.catalog
    }

    /// Something was named.
    fn is_chosen(&self) -> bool {
        !self.request.tables.is_empty() || !self.request.entities.is_empty()
    }

    /// It stands in a file of the user, or is shown whoever wrote it.
    fn is_shown(&self, place: Place) -> bool {
        self.all || self.is_chosen() || self.judged.model.is_own_file(self.config, place.file)
    }

    fn wants(&self, write: &Write) -> bool {
        let Request { tables, entities } = self.request;
        let table = tables.is_empty() || tables.iter().any(|t| t.has(&write.target));
        let entity = entities.is_empty() || write.entities.iter().any(|lost| entities.contains(&lost.entity));
        table && entity
    }

    fn wants_transaction(&self, transaction: &Transaction) -> bool {
        let Request { tables, entities } = self.request;
        let writes = match &transaction.kind {
            TransactionKind::Split { writes, .. } | TransactionKind::PerRow { writes, .. } => &writes[..],
            TransactionKind::NotCommitted { .. } | TransactionKind::NotBegun => &[],
        };
        let table = tables.is_empty()
            || writes.iter().any(|w| tables.iter().any(|chosen| chosen.chain.contains(&w.table)));
        let entity = entities.is_empty()
            || match &transaction.kind {
                TransactionKind::Split { entity, .. } => entities.contains(entity),
                _ => writes.iter().any(|w| entities.iter().any(|e| self.is_told(*e, w.table))),
            };
        table && entity
    }

    /// A change of the table triggers the entity.
    fn is_told(&self, entity: ElementId, table: ElementId) -> bool {
        let model = self.judged.model;
        let change =
            Change { table: model.catalog.element(table).name.clone(), id: Some(table), column: None };
        let impact =
            impact(&model.catalog, &model.lineage, &self.judged.policy, &self.judged.analysis, &change);
        let triggers = |effect| matches!(effect, Effect::Triggered | Effect::Partly);
        impact.entities.iter().any(|e| e.id == entity && triggers(e.effect))
    }

    /// What the request is about. Writes of unknown tables are always among it: nobody can say that they are not.
    pub(super) fn selection(&self) -> Selection<'a> {
        let mut selection = Selection {
            findings: self.writes.worst_first().into_iter().filter(|w| self.wants(w)).collect(),
            allowed: Vec::new(),
            unknown: Vec::new(),
            not_loaded: Vec::new(),
            harmless: Vec::new(),
            transactions: Vec::new(),
            allowed_transactions: Vec::new(),
        };
        for write in &self.writes.writes {
            match &write.outcome {
                Outcome::UnknownTable => selection.unknown.push(write),
                Outcome::Allowed { .. } if self.wants(write) => selection.allowed.push(write),
                Outcome::NotLoaded if self.wants(write) => selection.not_loaded.push(write),
                Outcome::Harmless(why) if self.wants(write) => selection.harmless.push((write, *why)),
                _ => {}
            }
        }
        for transaction in self.writes.transactions.iter().filter(|t| self.wants_transaction(t)) {
            match transaction.allowed {
                Some(_) => selection.allowed_transactions.push(transaction),
                None => selection.transactions.push(transaction),
            }
        }
        selection
    }

    /// Roots whose X++ cannot be read, as named by the user, safe to print.
    pub(super) fn snapshots(&self) -> Vec<String> {
        let roots = self.judged.model.files.roots.iter().filter(|root| root.listed);
        let mut names: Vec<String> = roots.map(|root| shown(&root.given.display().to_string())).collect();
        names.dedup();
        names
    }

    fn limit(&self, listed: usize) -> usize {
        if self.all { usize::MAX } else { listed }
    }
}

/// Writes the text: counts first, then the findings, worst first.
pub fn write(view: &View, out: &mut dyn io::Write) -> io::Result<()> {
    let selection = view.selection();
    head(view, &selection, out)?;
    findings(view, &selection, out)?;
    notes::transactions(view, &selection.transactions, out)?;
    notes::unknown(view, &selection.unknown, out)?;
    notes::not_loaded(view, &selection.not_loaded, out)?;
    notes::allowances(view, &selection, out)?;
    notes::unread(view, out)?;
    notes::problems(view, out)?;
    notes::footer(view, &selection, out)
}

fn head(view: &View, selection: &Selection, out: &mut dyn io::Write) -> io::Result<()> {
    let (text, style) = answer(selection);
    for line in lines(&text, WIDTH) {
        writeln!(out, "{}", Styled(style.bold(), line))?;
    }
    let searched = view.writes.searched;
    let text = format!(
        "{} with X++; {} of them have a word that a write needs, and were read.",
        count(searched.files, "file"),
        searched.read
    );
    labelled(out, "Searched", &text)?;
    let snapshots = view.snapshots();
    if !snapshots.is_empty() {
        let text =
            format!("X++ of {}: a snapshot keeps none, so its writes are not seen.", snapshots.join(", "));
        labelled(out, "Not read", &text)?;
    }
    if let Some(text) = notes::apart(selection) {
        labelled(out, "Apart", &text)?;
    }
    if let Some(text) = notes::harmless(&selection.harmless) {
        labelled(out, "Harmless", &text)?;
    }
    Ok(())
}

fn answer(selection: &Selection) -> (String, Style) {
    let findings = &selection.findings;
    let text = match findings.len() {
        0 => "No write found that changes what an entity sends and raises no event".to_owned(),
        n => format!(
            "{} of tracked tables {} no event: {}",
            count(n, "write"),
            super::wrap::either(n, "raises", "raise"),
            severities(findings)
        ),
    };
    let text = match selection.transactions.len() {
        0 => format!("{text}."),
        n => format!("{text}; {} about transactions.", count(n, "warning")),
    };
    let style = match worst(findings) {
        Some(Severity::Error) => BAD,
        None if selection.transactions.is_empty() => GOOD,
        _ => OPEN,
    };
    (text, style)
}

fn worst(findings: &[&Write]) -> Option<Severity> {
    findings.iter().filter_map(|w| w.severity()).max()
}

/// `1 error, 3 warnings, 2 notes`.
pub(super) fn severities(findings: &[&Write]) -> String {
    let parts = [Severity::Error, Severity::Warning, Severity::Note].map(|severity| {
        let number = findings.iter().filter(|w| w.severity() == Some(severity)).count();
        (number > 0).then(|| count(number, words::severity(severity)))
    });
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn findings(view: &View, selection: &Selection, out: &mut dyn io::Write) -> io::Result<()> {
    let (own, foreign): (Vec<&Write>, Vec<&Write>) =
        selection.findings.iter().partition(|w| view.is_shown(w.place));
    let limit = view.limit(LISTED).min(own.len());
    for write in &own[..limit] {
        writeln!(out)?;
        finding::Finding { view: *view, write }.write(out)?;
    }
    let mut rest = Vec::new();
    if own.len() > limit {
        rest.push(format!("{} more ({})", own.len() - limit, severities(&own[limit..])));
    }
    if !foreign.is_empty() {
        rest.push(format!("{} in models that are not yours ({})", foreign.len(), severities(&foreign)));
    }
    and(out, &rest)
}

/// What a list leaves out.
fn and(out: &mut dyn io::Write, rest: &[String]) -> io::Result<()> {
    if rest.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    for line in lines(&format!("… and {} (--all lists them)", rest.join(", ")), WIDTH) {
        writeln!(out, "{}", Styled(DIM, line))?;
    }
    Ok(())
}

fn heading(out: &mut dyn io::Write, text: &str) -> io::Result<()> {
    writeln!(out, "\n{}", Styled(STRONG, text))
}

fn note(out: &mut dyn io::Write, text: &str) -> io::Result<()> {
    write!(out, "{}", indented(2, text))
}

/// `Class.method`, safe to print.
fn method_name(method: &crate::writes::MethodName) -> String {
    match &method.part {
        Some(part) => format!("{}.{}.{}", shown(&method.element), shown(part), shown(&method.name)),
        None => format!("{}.{}", shown(&method.element), shown(&method.name)),
    }
}
