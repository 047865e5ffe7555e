//! One entity: its maps, every check with its answer, then every finding with its source lines.

use super::{Text, View, allowed, either, indented};
use crate::finding::{Severity, Sifted};
use crate::health::{CHECKS, Check, EntityHealth, State};
use crate::report::style::{BAD, DIM, GOOD, OPEN, STRONG, Styled};
use crate::report::wrap::{Blanks, WIDTH, lines};
use crate::text::count;
use crate::words::shown;
use anstyle::Style;
use std::io::{self, Write};

/// So many notes of one check are listed without `--all`.
const NOTES: usize = 10;

/// Writes everything about an entity.
pub(super) fn write(view: &View, entity: &EntityHealth, out: &mut dyn Write) -> io::Result<()> {
    let teller = view.teller();
    let element = teller.element(entity.id);
    let model = view.judged.model.model_of(element);
    let model = model.map(|model| format!(" ({})", shown(model))).unwrap_or_default();
    writeln!(out, "\n{}{model}", Styled(STRONG, teller.name(entity.id)))?;
    for map in teller.maps_of(entity.id) {
        write!(out, "{}", indented(2, map))?;
    }
    writeln!(out)?;
    let ids: Vec<String> = CHECKS.iter().map(label).collect();
    let width = ids.iter().map(String::len).max().unwrap_or(0);
    let says = CHECKS.iter().map(|check| check.says.len()).max().unwrap_or(0);
    for ((check, id), state) in CHECKS.iter().zip(&ids).zip(&entity.states) {
        line(view, (check, id), state, (width, says), out)?;
    }
    let text = Text::new(view.judged, view.config);
    for (check, state) in CHECKS.iter().zip(&entity.states).filter(|(check, _)| check.id != "400") {
        let found: Vec<&Sifted> = view.health.shown(state).collect();
        if let Some(first) = found.first() {
            writeln!(out, "\n{}", Styled(STRONG, format!("{}: {}", heading(check), check.says)))?;
            write!(out, "{}", indented(2, first.finding.rule.why))?;
            group(view, &text, &found, out)?;
        }
    }
    Ok(())
}

/// The findings of one check. Notes are short, with what to do about all of them below.
fn group(view: &View, text: &Text, found: &[&Sifted], out: &mut dyn Write) -> io::Result<()> {
    let (notes, serious): (Vec<&Sifted>, Vec<&Sifted>) =
        found.iter().partition(|s| s.finding.severity == Severity::Note && !view.verbose);
    for sifted in serious {
        writeln!(out, "\n{}", text.finding(&sifted.finding, false))?;
    }
    let Some(first) = notes.first() else { return Ok(()) };
    writeln!(out)?;
    let listed = if view.all { notes.len() } else { notes.len().min(NOTES) };
    for sifted in &notes[..listed] {
        writeln!(out, "{}", text.finding(&sifted.finding, true))?;
    }
    if notes.len() > listed {
        let more = format!("… and {}; --all lists them", count(notes.len() - listed, "more note"));
        writeln!(out, "{}", Styled(DIM, more))?;
    }
    let rule = first.finding.rule;
    writeln!(out)?;
    write!(out, "{}", indented(2, format!("To do: {}", rule.remedy)))?;
    let source = format!("Source: [{}] {}", first.finding.confidence.tag(), first.finding.source);
    write!(out, "{}", indented(2, source))?;
    match first.finding.url {
        Some(url) => writeln!(out, "  {}", Styled(DIM, url)),
        None => Ok(()),
    }
}

/// The number or code; the others have none.
fn label(check: &Check) -> String {
    if check.is_official() { check.id.to_owned() } else { "-".to_owned() }
}

fn heading(check: &Check) -> &str {
    if check.is_official() { check.id } else { "Besides" }
}

fn line(
    view: &View,
    (check, id): (&Check, &str),
    state: &State,
    (width, says): (usize, usize),
    out: &mut dyn Write,
) -> io::Result<()> {
    let (text, style) = answer(view, state);
    let indent = 2 + width + 2 + says + 2;
    write!(out, "  {id:>width$}  {:<says$}  ", check.says)?;
    for (position, line) in lines(&text, WIDTH.saturating_sub(indent).max(24)).into_iter().enumerate() {
        if position > 0 {
            write!(out, "{}", Blanks(indent))?;
        }
        writeln!(out, "{}", Styled(style, line))?;
    }
    Ok(())
}

/// The answer in words.
fn answer(view: &View, state: &State) -> (String, Style) {
    match state {
        State::Ok => ("ok".to_owned(), GOOD),
        State::Open(why) => (format!("open: {why}"), OPEN),
        State::NotInFiles(why) => (format!("not in files: {why}"), DIM),
        State::Found(_) => found(view, state),
    }
}

fn found(view: &View, state: &State) -> (String, Style) {
    let severities: Vec<Severity> = view.health.shown(state).map(|s| s.finding.severity).collect();
    let of = |severity: Severity| severities.iter().filter(|s| **s == severity).count();
    let counts = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Note, "note")];
    let mut parts: Vec<String> = counts
        .into_iter()
        .filter(|(severity, _)| of(*severity) > 0)
        .map(|(severity, word)| count(of(severity), word))
        .collect();
    let allowed = allowed(view, state);
    if allowed > 0 {
        parts.push(format!("{allowed} {}", either(allowed, "is allowed", "are allowed")));
    }
    let style = match severities.iter().max() {
        Some(Severity::Error) => BAD,
        Some(Severity::Warning) => OPEN,
        Some(Severity::Note) => STRONG,
        None => GOOD,
    };
    (parts.join(", "), style)
}
