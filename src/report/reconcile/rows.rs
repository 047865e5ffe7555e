//! The rows of each group: where they differ, our reason and what may have led to it.

use super::causes::{self, Likely};
use super::{View, remarks};
use crate::dualwrite::Column;
use crate::reconcile::{Cause, EntityRows, Group, Row, Standing};
use crate::report::style::{DIM, OPEN, STRONG, Styled};
use crate::report::wrap::{Wrapped, labelled};
use crate::text::{count, name_order};
use crate::words::{Basis, Why, shown};
use std::io::{self, Write};

/// So many rows of a group are listed without `--all`.
const LISTED: usize = 12;
/// Width of the words before a line of a row.
const WORD: usize = 14;

/// A group of rows that differ: entities with most of them first.
pub(super) fn group(view: &View, group: Group, out: &mut dyn Write) -> io::Result<()> {
    let total = view.rows(group).count();
    if total == 0 {
        return Ok(());
    }
    let heading = match group {
        Group::OnlyPredicted => format!(
            "Only predicted: {} that the dump does not have: there, such a change is never sent",
            count(total, "row")
        ),
        Group::OnlyDump => format!("Only in the dump: {} that we do not predict", count(total, "row")),
        Group::Both => String::new(),
    };
    writeln!(out, "\n{}", Styled(STRONG, heading))?;
    let mut left = if view.all { total } else { LISTED };
    for (entity, rows) in by_entity(view, group) {
        if left == 0 {
            break;
        }
        let listed = &rows[..rows.len().min(left)];
        left -= listed.len();
        heading_of(view, entity, &rows, out)?;
        for block in blocks(view, listed) {
            write_block(view, &block, out)?;
        }
    }
    let shown = if view.all { total } else { total.min(LISTED) };
    more(total - shown, out)
}

fn more(number: usize, out: &mut dyn Write) -> io::Result<()> {
    match number {
        0 => Ok(()),
        more => {
            writeln!(out, "{}", Styled(DIM, format!("… and {} (--all lists them)", count(more, "more row"))))
        }
    }
}

fn heading_of(view: &View, entity: &EntityRows, rows: &[&Row], out: &mut dyn Write) -> io::Result<()> {
    let model = view.judged.model;
    let defined = entity.id.and_then(|id| model.model_of(model.catalog.element(id)));
    let defined = defined.map(|name| format!(" ({})", shown(name))).unwrap_or_default();
    let number = if rows.len() > 1 { format!(": {}", count(rows.len(), "row")) } else { String::new() };
    writeln!(out, "  {}{defined}{number}", Styled(STRONG, shown(&entity.name)))
}

/// The rows of a group by entity: those with most rows first, then by name.
fn by_entity<'a>(view: &View<'a>, group: Group) -> Vec<(&'a EntityRows, Vec<&'a Row>)> {
    let mut found: Vec<(&EntityRows, Vec<&Row>)> = Vec::new();
    for row in view.rows(group) {
        let entity = view.result.entity(row);
        match found.last_mut() {
            Some((last, rows)) if std::ptr::eq(*last, entity) => rows.push(row),
            _ => found.push((entity, vec![row])),
        }
    }
    found.sort_by(|(a, x), (b, y)| y.len().cmp(&x.len()).then_with(|| name_order(&a.name, &b.name)));
    found
}

/// Rows that share their causes.
struct Block<'a> {
    rows: Vec<&'a Row>,
    likely: Vec<Likely>,
}

fn blocks<'a>(view: &View, rows: &[&'a Row]) -> Vec<Block<'a>> {
    let mut blocks: Vec<Block> = Vec::new();
    for row in rows {
        let words = |cause: &Cause| causes::words(view, row, *cause);
        let likely: Vec<Likely> = row.causes.iter().map(words).collect();
        match blocks.iter_mut().find(|block| block.likely == likely) {
            Some(block) => block.rows.push(row),
            None => blocks.push(Block { rows: vec![row], likely }),
        }
    }
    blocks
}

fn write_block(view: &View, block: &Block, out: &mut dyn Write) -> io::Result<()> {
    let rows = &block.rows;
    for row in rows {
        writeln!(out, "    {}", title(view, row))?;
        // Where no row of the entity is there, each row has the same to say.
        if view.all || view.result.entity(row).standing != Standing::Silent {
            write_reasons(view, row, out)?;
        }
    }
    let of = if rows.len() > 1 { format!("of these {}: ", count(rows.len(), "row")) } else { String::new() };
    for (position, likely) in block.likely.iter().enumerate() {
        let (word, of) = if position == 0 { ("likely", of.as_str()) } else { ("or", "") };
        line(out, word, &format!("{of}{}", likely.text))?;
        line(out, "  check", &likely.check)?;
    }
    Ok(())
}

/// The key of a row, and where the dump has it.
fn title(view: &View, row: &Row) -> String {
    let source = if row.source.is_empty() { "no data source".to_owned() } else { shown(&row.source) };
    let said = remarks(view, row).map(|text| Styled(DIM, format!(" ({text})")).to_string());
    format!("{}, {source}{}", shown(&row.table), said.unwrap_or_default())
}

fn write_reasons(view: &View, row: &Row, out: &mut dyn Write) -> io::Result<()> {
    for why in reasons(view, row) {
        let word = if row.group == Group::OnlyDump { "not predicted" } else { "predicted" };
        line(out, word, &reason_text(&why))?;
        if let Some(place) = why.place {
            writeln!(out, "{:1$}{2}", "", 6 + WORD, Styled(DIM, view.teller().at(place)))?;
        }
    }
    Ok(())
}

fn line(out: &mut dyn Write, word: &str, text: &str) -> io::Result<()> {
    let style = if word == "likely" || word == "or" { OPEN } else { DIM };
    let head = format!("      {}", Styled(style, format!("{word:<WORD$}")));
    write!(out, "{}", Wrapped { head, width: 6 + WORD, text })
}

/// Our side of a row.
pub(super) fn reasons(view: &View, row: &Row) -> Vec<Why> {
    let teller = view.teller();
    let entity = view.result.entity(row);
    if row.group == Group::OnlyDump {
        return vec![teller.why_no_row(entity, row)];
    }
    let analysis = entity.id.and_then(|id| view.judged.analysis.entity(id));
    analysis.map_or_else(Vec::new, |a| row.writers.iter().map(|w| teller.why_row(a, *w)).collect())
}

/// A reason with the rule that an inference rests on, else the first rule.
fn reason_text(why: &Why) -> String {
    let rule = why.basis.iter().find(|b| b.policy.is_some()).or_else(|| why.basis.first());
    match rule {
        Some(Basis { evidence: Some(evidence), policy, .. }) => {
            let policy = policy.map(|key| format!("; policy {key}")).unwrap_or_default();
            format!("{} [{}{policy}]", why.text, evidence.tag())
        }
        _ => why.text.clone(),
    }
}

/// The rows on which both sides agree; only with `--all` one by one.
pub(super) fn both(view: &View, out: &mut dyn Write) -> io::Result<()> {
    let rows: Vec<&Row> = view.rows(Group::Both).collect();
    if rows.is_empty() {
        return Ok(());
    }
    let hint = if view.all { "" } else { " (--all lists them)" };
    writeln!(out, "\n{}", Styled(STRONG, format!("In both: {}{hint}", count(rows.len(), "row"))))?;
    if view.all {
        for (entity, rows) in by_entity(view, Group::Both) {
            heading_of(view, entity, &rows, out)?;
            for row in rows {
                write_agreed(view, row, out)?;
            }
        }
    }
    doubts(view, &rows, out)
}

fn write_agreed(view: &View, row: &Row, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "    {}", title(view, row))?;
    for why in reasons(view, row) {
        line(out, "predicted", &why.text)?;
    }
    Ok(())
}

/// Rows that are there, but say something that does not go with what we think.
fn doubts(view: &View, rows: &[&Row], out: &mut dyn Write) -> io::Result<()> {
    let name = |row: &&&Row| {
        let entity = &view.result.entity(row).name;
        format!("{}, {} of {}", shown(&row.table), shown(&row.source), shown(entity))
    };
    let dumped = |row: &&&Row| row.dump.map(|position| &view.dump.rows[position]);
    let off: Vec<String> = rows
        .iter()
        .filter(|row| dumped(row).is_some_and(|dump| dump.get(Column::Enabled) == Some("0")))
        .map(|row| name(&row))
        .collect();
    if !off.is_empty() {
        let text = format!(
            "{} with Enabled = 0: {}. What that means is not public; look whether the map is paused.",
            count(off.len(), "row"),
            super::join(view, &off)
        );
        labelled(out, "Note", &text)?;
    }
    let other: Vec<String> = rows.iter().filter(|row| row.other_field).map(|row| name(&row)).collect();
    if !other.is_empty() {
        let text = format!(
            "{} with another RefTableRecIdField than we predict: {}.",
            count(other.len(), "row"),
            super::join(view, &other)
        );
        labelled(out, "Note", &text)?;
    }
    Ok(())
}
