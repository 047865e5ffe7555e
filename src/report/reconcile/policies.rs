//! Which answers to the open questions the dump speaks for.

use super::View;
use crate::reconcile::{Fit, Fits};
use crate::report::style::{DIM, STRONG, Styled};
use crate::report::wrap::{LABEL, either, labelled};
use crate::text::count;
use crate::words::shown;
use std::io::{self, Write};

/// So many better answers are shown without `--all`.
const SHOWN: usize = 3;
/// So many rows are named with an answer without `--all`.
const ROWS: usize = 3;

/// `nested-entity = primary`, with `and` between two.
pub(super) fn set_text(fit: &Fit) -> String {
    let parts: Vec<String> = fit.set.iter().map(|(key, value)| format!("{key} = {value}")).collect();
    parts.join(" and ")
}

/// The best answers with the lines that set them; then what the dump confirms, and what it says nothing about.
pub(super) fn write(view: &View, out: &mut dyn Write) -> io::Result<()> {
    let fits = &view.result.fits;
    if fits.entities == 0 {
        return Ok(());
    }
    let better: Vec<&Fit> = fits.better().map(|(_, fit)| fit).collect();
    match better.split_first() {
        Some((best, others)) => best_fit(view, best, others, out)?,
        None if fits.differences == 0 => {
            labelled(out, "Policy", "every row is explained; nothing to change.")?;
        }
        None => labelled(out, "Policy", "no other answer to an open question explains the dump better.")?,
    }
    let keys = confirmed(view);
    if !keys.is_empty() {
        labelled(out, "", &format!("The dump speaks for {}: other values fit worse.", keys.join(", ")))?;
    }
    if view.all && !fits.silent.is_empty() {
        labelled(out, "", &format!("It says nothing about {}.", fits.silent.join(", ")))?;
    }
    Ok(())
}

fn best_fit(view: &View, best: &Fit, others: &[&Fit], out: &mut dyn Write) -> io::Result<()> {
    let fits = &view.result.fits;
    let text = format!("{} would explain the dump better: {}.", set_text(best), fewer(fits, best));
    labelled(out, "Policy", &text)?;
    labelled(out, "", &details(view, best))?;
    let keep = if view.all { others.len() } else { SHOWN - 1 };
    for fit in others.iter().take(keep) {
        let equal = if fit.differences == best.differences { "as good: " } else { "" };
        labelled(out, "", &format!("{equal}{}: {}.", set_text(fit), fewer(fits, fit)))?;
    }
    let more = others.len().saturating_sub(keep);
    if more > 0 {
        labelled(out, "", &format!("… and {more} more (--all lists them)."))?;
    }
    let file = view
        .config
        .path
        .as_ref()
        .map_or_else(|| crate::config::FILE_NAME.to_owned(), |path| shown(&path.display().to_string()));
    if view.judged.scope.assumed {
        let text = "No map was given, and other fields than those that are assumed to be sent explain much as well: name the maps first (--maps).";
        labelled(out, "", text)?;
    }
    let text =
        format!("That is concluded from this dump alone. After a look at one of its rows, set it in {file}:");
    labelled(out, "", &text)?;
    for line in best.configuration() {
        writeln!(out, "{:LABEL$}  {}", "", Styled(STRONG, line))?;
    }
    Ok(())
}

fn fewer(fits: &Fits, fit: &Fit) -> String {
    let less = fits.differences - fit.differences;
    format!(
        "{less} {} ({} instead of {})",
        either(less, "fewer difference", "fewer differences"),
        fit.differences,
        fits.differences
    )
}

/// What would agree then, and what would not. The former are listed below anyway.
fn details(view: &View, fit: &Fit) -> String {
    let row = |position: &usize| {
        let row = &view.result.rows[*position];
        key(&view.result.entity(row).name, &row.table, &row.source)
    };
    let mut parts = Vec::new();
    let mut add = |rows: Vec<String>, named: bool, words: &str| {
        let number = rows.len();
        let keep = if view.all { number } else { ROWS };
        let names = match number.saturating_sub(keep) {
            _ if !named && !view.all => String::new(),
            0 => format!(": {}", rows.join("; ")),
            more => format!(": {}; and {more} more", rows[..keep].join("; ")),
        };
        if number > 0 {
            parts.push(format!("{} would {words}{names}.", count(number, "row")));
        }
    };
    add(fit.settled.iter().map(row).collect(), false, "agree then");
    add(fit.lost.iter().map(row).collect(), true, "no longer agree");
    let added = fit.added.iter().map(|[entity, table, source]| key(entity, table, source));
    add(added.collect(), true, "be predicted that the dump does not have");
    parts.join(" ")
}

fn key(entity: &str, table: &str, source: &str) -> String {
    format!("{} by {} of {}", shown(table), shown(source), shown(entity))
}

/// Values of which every other value that changes a row fits worse.
fn confirmed(view: &View) -> Vec<String> {
    let fits = &view.result.fits;
    let values = view.judged.policy.values().into_iter();
    let speaks = |key: &str| {
        let mut own = fits.fits.iter().filter(|f| f.set.len() == 1 && f.set[0].0 == key).peekable();
        own.peek().is_some() && own.all(|fit| fit.differences > fits.differences)
    };
    values.filter(|(key, _)| speaks(key)).map(|(key, value)| format!("{key} = {value}")).collect()
}

/// The note on what cannot speak.
pub(super) fn note(view: &View, out: &mut dyn Write) -> io::Result<()> {
    if view.result.fits.entities > 0 {
        let text =
            "Policies are tried on entities that have rows in the dump: one without any may just not run.";
        writeln!(out, "\n{}", Styled(DIM, text))?;
    }
    Ok(())
}
