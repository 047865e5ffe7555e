//! `dualtrack reconcile`: the rows of a dump beside the predicted ones, differences first.

mod causes;
pub mod csv;
pub mod json;
mod policies;
mod rows;

use super::problems;
use super::style::{BAD, DIM, GOOD, OPEN, STRONG, Styled};
use super::wrap::{either, labelled};
use crate::config::Config;
use crate::cost::share;
use crate::dualwrite::{ChannelCount, Column, Dump};
use crate::engine::Judged;
use crate::reconcile::{EntityRows, Group, Reconciliation, Row, Standing, Tally};
use crate::text::{count, some};
use crate::words::{Teller, shown};
use std::io::{self, Write};

/// So many problems of the dump are listed without `-v`.
const PROBLEMS: usize = 3;
/// So many names stand in a line without `--all`.
const NAMES: usize = 5;

/// What is shown.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// The model and the verdicts.
    pub judged: &'a Judged<'a>,
    /// Which models are the user's, and where policies are set.
    pub config: &'a Config,
    /// The dump.
    pub dump: &'a Dump,
    /// The comparison.
    pub result: &'a Reconciliation,
    /// Nothing is left out.
    pub all: bool,
    /// All problems of the dump are listed.
    pub verbose: bool,
}

/// Writes the text: the figure, what was read, what is left out, policies, then the rows by group.
pub fn write(view: &View, out: &mut dyn Write) -> io::Result<()> {
    verdict(view, out)?;
    dump(view, out)?;
    left_out(view, out)?;
    policies::write(view, out)?;
    rows::group(view, Group::OnlyPredicted, out)?;
    rows::group(view, Group::OnlyDump, out)?;
    rows::both(view, out)?;
    policies::note(view, out)?;
    if view.judged.scope.assumed {
        let text =
            "No map was given, so it is assumed that every public field of a public entity is sent (--maps).";
        writeln!(out, "{}", Styled(DIM, text))?;
    }
    Ok(())
}

impl<'a> View<'a> {
    fn teller(&self) -> Teller<'a> {
        Teller { judged: self.judged, config: self.config, all: self.all }
    }

    /// The names to list.
    fn names<T: AsRef<str>>(&self, names: &[T]) -> String {
        some(names, if self.all { names.len() } else { NAMES })
    }

    /// The rows of a group that are compared.
    fn rows(&self, group: Group) -> impl Iterator<Item = &'a Row> + use<'a> {
        self.result.rows.iter().filter(move |row| row.compared && row.group == group)
    }
}

fn verdict(view: &View, out: &mut dyn Write) -> io::Result<()> {
    let Tally { both, only_predicted, only_dump } = view.result.tally();
    let total = both + only_predicted + only_dump;
    let (style, text) = match (total, only_predicted + only_dump) {
        (0, _) => (OPEN, "No row can be compared.".to_owned()),
        (_, 0) => (GOOD, format!("The dump and the prediction agree on {}.", all(total, "row"))),
        (_, differences) => (
            if both == 0 { BAD } else { STRONG },
            format!(
                "{both} of {} agree ({}); {differences} {}: {only_predicted} only predicted, {only_dump} only in the dump.",
                count(total, "row"),
                share(both, total),
                either(differences, "differs", "differ"),
            ),
        ),
    };
    writeln!(out, "{}", Styled(style, text))?;
    let pairs = view.result.tally_by_table();
    if only_predicted + only_dump == 0 {
        return Ok(());
    }
    let text = format!(
        "{} of {} of entity and table agree ({}); what DataSourceName holds is inferred.",
        pairs.both,
        count(pairs.total(), "pair"),
        share(pairs.both, pairs.total()),
    );
    labelled(out, "By table", &text)
}

/// `all 3 rows`, `the one row`.
fn all(number: usize, word: &str) -> String {
    if number == 1 { format!("the one {word}") } else { format!("all {}", count(number, word)) }
}

/// The file: where the rows come from, and which of them count.
fn dump(view: &View, out: &mut dyn Write) -> io::Result<()> {
    let dump = view.dump;
    let sheet = dump.sheet.as_deref().map(|name| format!(", sheet {}", shown(name))).unwrap_or_default();
    let mut parts = vec![format!("{} different", dump.rows.len())];
    let (repeated, other) = (dump.repeated(), dump.of_other_channels());
    if repeated > 0 {
        parts.push(format!("{repeated} repeated"));
    }
    if other > 0 {
        parts.push(format!("{other} of other channels"));
    }
    if !dump.problems.is_empty() {
        parts.push(format!("{} unreadable", dump.problems.len()));
    }
    let rows = count(dump.read, "row");
    labelled(out, "Dump", &format!("{}{sheet}: {rows} ({}).", shown(&dump.path), parts.join(", ")))?;
    repeats(view, out)?;
    channels(view, out)?;
    let listed = if view.all || view.verbose { dump.problems.len() } else { PROBLEMS };
    let (first, rest) = dump.problems.split_at(listed.min(dump.problems.len()));
    problems::write(view.judged.model, first, out)?;
    match rest.len() {
        0 => Ok(()),
        more => writeln!(out, "… and {} (-v lists them)", count(more, "more problem")),
    }
}

/// Rows of one key: the places of the first ones.
fn repeats(view: &View, out: &mut dyn Write) -> io::Result<()> {
    let dump = view.dump;
    let rows: Vec<String> = dump
        .rows
        .iter()
        .filter(|row| !row.repeats.is_empty())
        .map(|row| {
            let places: Vec<String> = row.repeats.iter().map(|at| dump.inside(*at)).collect();
            let key = [&row.entity, &row.table, &row.source].map(|name| shown(name)).join(", ");
            format!("{key} ({}, again {})", dump.inside(row.place), view.names(&places))
        })
        .collect();
    match rows.as_slice() {
        [] => Ok(()),
        rows => labelled(out, "Repeated", &format!("{}.", join(view, rows))),
    }
}

/// Texts that hold commas.
fn join(view: &View, texts: &[String]) -> String {
    let keep = if view.all { texts.len() } else { NAMES };
    let more = texts.len().saturating_sub(keep);
    let shown = texts.iter().take(keep).cloned().collect::<Vec<_>>().join("; ");
    if more > 0 { format!("{shown}; and {more} more") } else { shown }
}

fn channels(view: &View, out: &mut dyn Write) -> io::Result<()> {
    let (counted, others): (Vec<&ChannelCount>, Vec<&ChannelCount>) =
        view.dump.channels.iter().partition(|c| c.counts);
    let named = |list: &[&ChannelCount]| {
        view.names(&list.iter().map(|c| format!("{} ({})", c.shown(), c.rows)).collect::<Vec<_>>())
    };
    if !others.is_empty() {
        labelled(out, "Channels", &format!("left out: {}.", named(&others)))?;
    }
    if counted.len() > 1 {
        let text = format!(
            "compared: {}. Which of them is dual-write's is not public; --channel NAME takes one.",
            named(&counted)
        );
        labelled(out, if others.is_empty() { "Channels" } else { "" }, &text)?;
    }
    Ok(())
}

/// Entities that cannot be compared, and why.
fn left_out(view: &View, out: &mut dyn Write) -> io::Result<()> {
    let teller = view.teller();
    let is_left_out = |e: &&EntityRows| !e.is_compared();
    let mut entities: Vec<&EntityRows> = view.result.entities.iter().filter(is_left_out).collect();
    entities.sort_by_key(|e| std::cmp::Reverse(e.only_dump + e.only_predicted + e.both));
    let keep = if view.all { entities.len() } else { NAMES };
    let mut label = "Left out";
    for entity in entities.iter().take(keep) {
        labelled(out, label, &format!("{}.", not_compared(view, &teller, entity)))?;
        label = "";
    }
    let more = &entities[keep.min(entities.len())..];
    if !more.is_empty() {
        let rows: usize = more.iter().map(|e| e.only_dump + e.both).sum();
        let text = format!(
            "… and {} of {} (--all lists them).",
            count(rows, "row"),
            count(more.len(), "more entity")
        );
        labelled(out, label, &text)?;
        label = "";
    }
    let (entities, rows) = view.result.unseen;
    if entities > 0 {
        let text = format!(
            "{} without a row in the dump ({} predicted): no map was given that says they should have one.",
            count(entities, "entity"),
            count(rows, "row"),
        );
        labelled(out, label, &text)?;
    }
    Ok(())
}

fn not_compared(view: &View, teller: &Teller, entity: &EntityRows) -> String {
    let name = shown(&entity.name);
    let rows = entity.only_dump + entity.both;
    let first = view.result.rows.iter().find(|row| std::ptr::eq(view.result.entity(row), entity));
    let why = match (entity.standing, first) {
        (Standing::OnlyExtensions, _) | (_, None) => {
            format!("only extensions of {name} are loaded, so that the prediction is not whole")
        }
        (_, Some(row)) => {
            teller
                .why_no_row(entity, &Row { standing: crate::reconcile::TableStanding::Loaded, ..row.clone() })
                .text
        }
    };
    format!("{} of {name}: {why}", count(rows, "row"))
}

/// What further columns of a row say that is worth a look.
fn remarks(view: &View, row: &Row) -> Option<String> {
    let dump = row.dump.map(|position| &view.dump.rows[position])?;
    let columns = [
        Column::Enabled,
        Column::LegalEntitySpecific,
        Column::Channel,
        Column::RefTableRecIdField,
        Column::CreatedDateTime,
        Column::ModifiedDateTime,
    ];
    let tells = |c: &Column, value: &str| *c != Column::Enabled || value != "1";
    let said = columns.iter().filter_map(|c| Some((c, dump.get(*c)?)));
    let said = said.filter(|(c, v)| tells(c, v)).map(|(c, value)| format!("{} {}", c.name(), shown(value)));
    let said: Vec<String> = std::iter::once(view.dump.inside(dump.place)).chain(said).collect();
    Some(said.join(", "))
}
