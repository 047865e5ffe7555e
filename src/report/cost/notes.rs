//! What the numbers of a cost mean, and where those of the volumes come from.

use super::{BASIS, PROBLEMS, View, count, either, grouped, indented, labelled, shown, some};
use crate::cost::{Events, PerDay, TableCost, Volumes};
use crate::report::problems;
use crate::text::Symbol;
use crate::tracking::Evidence;
use std::io::{self, Write};

/// So many names stand in a line without `--all`.
const NAMES: usize = 10;

/// The volumes: where from, what they come to, and what they leave open.
pub(super) fn volumes(view: &View, out: &mut dyn Write) -> io::Result<()> {
    let (Some(volumes), Some(events)) = (view.request.volumes, view.cost.events) else { return Ok(()) };
    labelled(out, "Volumes", &format!("{}.", file(view, volumes)))?;
    labelled(out, "Events", &format!("{}.", sum(events)))?;
    without(view, out)?;
    let listed = if view.all || view.verbose { volumes.problems.len() } else { PROBLEMS };
    let (first, rest) = volumes.problems.split_at(listed.min(volumes.problems.len()));
    problems::write(view.judged.model, first, out)?;
    match rest.len() {
        0 => Ok(()),
        more => {
            writeln!(out, "… and {} in {} (-v lists them)", count(more, "more problem"), shown(&volumes.path))
        }
    }
}

fn file(view: &View, volumes: &Volumes) -> String {
    let header = volumes.header.map(|line| format!(" (line {line} is its heading)"));
    let idle = &view.cost.idle;
    let raise = match idle.len() {
        0 => String::new(),
        n => format!(
            "; {n} of them {} none of these rows: {}",
            either(n, "raises", "raise"),
            names(view, idle)
        ),
    };
    format!(
        "{} of {}{}{raise}",
        count(volumes.volumes.len(), "table"),
        shown(&volumes.path),
        header.unwrap_or_default()
    )
}

fn sum(events: Events) -> String {
    let before = grouped(events.before);
    let saved = events.saved();
    if saved == PerDay::default() {
        return format!("{before} a day (changes x rows); the removals save none of them");
    }
    format!(
        "{before} a day (changes x rows), {} after the removals: {} ({}) less",
        grouped(events.after),
        grouped(saved),
        saved.share(events.before)
    )
}

/// Tables that have rows and no volume are not counted as silent ones.
fn without(view: &View, out: &mut dyn Write) -> io::Result<()> {
    let silent: Vec<&TableCost> =
        view.cost.tables.iter().filter(|t| t.events.is_none() && t.own.total() > 0).collect();
    let overlapping = &view.cost.overlapping;
    if !silent.is_empty() {
        let rows: usize = silent.iter().map(|t| t.own.total()).sum();
        let list: Vec<Symbol> = silent.iter().map(|t| t.name.clone()).collect();
        let text = format!(
            "changes of {} ({}) are not counted, for lack of a volume: {}.",
            count(silent.len(), "table"),
            count(rows, "own row"),
            names(view, &list)
        );
        labelled(out, "", &text)?;
    }
    if !overlapping.is_empty() {
        let text = format!(
            "{} share rows by inheritance: a change that the file counts for two of them is counted twice here.",
            names(view, overlapping)
        );
        labelled(out, "", &text)?;
    }
    Ok(())
}

fn names(view: &View, list: &[Symbol]) -> String {
    some(list, if view.all { list.len() } else { NAMES })
}

/// What is counted, on which evidence, and what is not.
pub(super) fn write(view: &View, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out)?;
    let [row, entries] = &BASIS;
    let tag = |basis: &super::Basis| basis.evidence.map_or("", Evidence::tag);
    let text = format!(
        "rows, not weighed: each is work in every transaction on its table [{}: table map health check 1700]; how much, the metadata do not say.",
        tag(row)
    );
    labelled(out, "Counted", &text)?;
    if !view.cost.removals.is_empty() {
        let text = format!(
            "suggested for what is invalid, repeated, covered by a data source on the table itself, or serves no field that counts: never on the strength of an inference. The gain in speed is small [{}: live-sync troubleshooting].",
            tag(entries)
        );
        labelled(out, "Removal", &text)?;
    }
    inheritance(view, out)?;
    open(view, out)?;
    nothing(view, out)?;
    if view.judged.scope.assumed {
        writeln!(out)?;
        let text = "No map was given, so it is assumed that every public field of a public entity is mapped (--maps); whether an entry is unused rests on that.";
        write!(out, "{}", indented(0, text))?;
    }
    Ok(())
}

fn inheritance(view: &View, out: &mut dyn Write) -> io::Result<()> {
    let mut through = view.cost.tables.iter().filter(|t| !t.through.is_empty());
    let Some(example) = through.next() else { return Ok(()) };
    let policy = view.judged.policy.inheritance.id();
    let text = format!(
        "a change of {} raises the rows of {} as well (policy inheritance={policy} [INF]); own rows name the table itself, and each row is the own row of one table.",
        shown(&example.name),
        names(view, &example.through)
    );
    labelled(out, "Chains", &text)
}

/// What was named and has no rows.
fn nothing(view: &View, out: &mut dyn Write) -> io::Result<()> {
    let teller = view.teller();
    for id in view.request.entities {
        let Some(entity) = view.judged.analysis.entity(*id) else { continue };
        let name = teller.name(*id);
        if let Some(why) = teller.why_not_sent(entity, None, "it") {
            labelled(out, "No row", &format!("{name}: {why}."))?;
        }
    }
    for table in view.cost.tables.iter().filter(|t| t.rows.total() == 0) {
        let name = shown(&table.name);
        labelled(out, "No row", &format!("{name}: dualtrack impact {name} says what reads it."))?;
    }
    Ok(())
}

/// Rows that are not there yet, or that cannot be predicted.
fn open(view: &View, out: &mut dyn Write) -> io::Result<()> {
    let missing = view.judged.needed.len();
    if view.cost.open_sources > 0 {
        let n = view.cost.open_sources;
        let text = format!(
            "{} of these entities cannot be judged, since something is not loaded or cannot be read; {} rows are not counted.",
            count(n, "data source"),
            either(n, "its", "their")
        );
        labelled(out, "Open", &text)?;
    }
    if missing > 0 && !view.is_chosen() {
        let text = format!(
            "{} (dualtrack analyze): adding {} makes a row each, not counted here.",
            count(missing, "missing entry"),
            either(missing, "it", "them")
        );
        labelled(out, "Missing", &text)?;
    }
    Ok(())
}
