//! Suggestions as Markdown, for a pull request or a wiki.

use super::{Suggestions, texts, words};
use crate::suggest::{EntityPlan, Need};
use crate::text::markdown::{cell, plain, tick};
use crate::words::{entry_text, shown};
use std::io::{self, Write};

/// Writes the document.
pub fn write(suggestions: &Suggestions, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "# Mapping-method suggestions\n\n{}", suggestions.headline())?;
    for what_if in suggestions.what_if {
        let lines = suggestions.what_if_lines(what_if);
        writeln!(out, "\n**{}**\n", plain(&lines[0]))?;
        for line in &lines[1..] {
            writeln!(out, "- {}", plain(line.trim_start()))?;
        }
    }
    for plan in suggestions.plans {
        entity(suggestions, plan, out)?;
    }
    let notes = suggestions.notes();
    if !notes.is_empty() {
        writeln!(out, "\n## Notes\n")?;
    }
    for note in notes {
        writeln!(out, "- {}", plain(&note))?;
    }
    Ok(())
}

fn entity(suggestions: &Suggestions, plan: &EntityPlan, out: &mut dyn Write) -> io::Result<()> {
    let Some(analysis) = suggestions.analysis(plan.entity) else { return Ok(()) };
    writeln!(out, "\n## {}", plain(&suggestions.title(plan)))?;
    for need in &plan.needs {
        self::need(suggestions, plan, need, out)?;
    }
    if !plan.removals.is_empty() {
        writeln!(out, "\n### Can go\n\n| entry | why | where |\n| --- | --- | --- |")?;
    }
    for removal in &plan.removals {
        let entry = &analysis.mapping.entries[removal.entry];
        let mut why = words::removal_reason(entry, removal);
        if let Some(obstacle) = &removal.obstacle {
            why = format!("{why} Not done: {}", suggestions.obstacle(obstacle));
        }
        let place = suggestions.teller().at(entry.place);
        writeln!(
            out,
            "| {} | {} | {} |",
            cell(&tick(&entry_text(entry))),
            cell(&plain(&why)),
            cell(&tick(&place))
        )?;
    }
    if !plan.warnings.is_empty() {
        writeln!(out, "\n### Deserves a look\n")?;
    }
    for warning in &plan.warnings {
        let entry = &analysis.mapping.entries[warning.entry];
        let place = suggestions.teller().at(entry.place);
        writeln!(out, "- {} ({}): {}", tick(&entry_text(entry)), tick(&place), words::warning(warning.kind))?;
    }
    for fault in &plan.inconsistencies {
        writeln!(
            out,
            "\nInternal inconsistency, so nothing is suggested: {}",
            plain(&shown(&fault.to_string()))
        )?;
    }
    if plan.changes.is_empty() { Ok(()) } else { code(suggestions, plan, out) }
}

fn need(suggestions: &Suggestions, plan: &EntityPlan, need: &Need, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n### Missing: {}\n", plain(&suggestions.need_title(need)))?;
    writeln!(out, "Reached by {}.\n", tick(&words::path(need)))?;
    for (number, step) in (1..).zip(suggestions.steps(plan, need)) {
        writeln!(out, "{number}. {}", plain(&step.text))?;
        for detail in [step.code, step.file].into_iter().flatten() {
            writeln!(out, "   {}  ", tick(&detail))?;
        }
    }
    if let Some(obstacle) = &need.obstacle {
        writeln!(out, "\nNot done: {}", plain(&suggestions.obstacle(obstacle)))?;
    }
    Ok(())
}

fn code(suggestions: &Suggestions, plan: &EntityPlan, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n### The change")?;
    for part in texts::parts(plan) {
        writeln!(out, "\n{}\n", plain(&part.title))?;
        for caution in &part.cautions {
            writeln!(out, "> **Warning:** {}\n", plain(caution))?;
        }
        fenced(part.language, &part.code, out)?;
    }
    writeln!(out)?;
    for (number, step) in (1..).zip(suggestions.afterwards(plan)) {
        writeln!(out, "{number}. {}", plain(&step))?;
    }
    writeln!(out)?;
    fenced("sql", &suggestions.query(plan), out)?;
    writeln!(out)?;
    let rows: Vec<String> =
        words::rows(&plan.rows).iter().map(|(sign, row)| format!("{sign} {row}")).collect();
    fenced("diff", &rows.join("\n"), out)
}

/// A block of code; the fence is longer than any run of backticks in it.
fn fenced(language: &str, code: &str, out: &mut dyn Write) -> io::Result<()> {
    let longest = code.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    writeln!(out, "{fence}{language}")?;
    for line in code.lines() {
        writeln!(out, "{}", words::safe_line(line))?;
    }
    writeln!(out, "{fence}")
}
