//! One comment on a pull request: the verdict first, details folded, a marker by which it is found again.

use super::View;
use super::source::Sources;
use crate::finding::{Finding, Severity, Sifted};
use crate::text::markdown::{fence, html, plain, tick};
use crate::text::{count, some};
use std::io::{self, Write};

/// By this line a pipeline finds the comment of an earlier run, to replace it.
pub const MARKER: &str = "<!-- dualtrack -->";
/// A comment of GitHub holds 65,536 characters, one of Azure DevOps 150,000.
const LONGEST: usize = 60_000;
/// So many elements that are not loaded are named.
const MISSING: usize = 5;

/// Writes the comment.
pub fn write(view: &View, out: &mut dyn Write) -> io::Result<()> {
    let sources = Sources::new(view.judged, view.config);
    writeln!(out, "{MARKER}\n### dualtrack: {}\n", verdict(view))?;
    let mut shown: Vec<&Sifted> = view.report.shown().collect();
    shown.sort_by_key(|s| std::cmp::Reverse(s.finding.severity));
    let (mut length, mut left_out) = (0, 0);
    for sifted in &shown {
        let text = details(&sources, &sifted.finding)?;
        if length + text.len() > LONGEST {
            left_out += 1;
            continue;
        }
        length += text.len();
        out.write_all(&text)?;
    }
    if left_out > 0 {
        writeln!(out, "… and {left_out} more; the log of the run lists them all.\n")?;
    }
    notes(view, out)
}

/// `1 error, 2 warnings`, or that there is nothing.
fn verdict(view: &View) -> String {
    let counts = view.report.counts();
    let all = [(counts.errors, "error"), (counts.warnings, "warning"), (counts.notes, "note")];
    let found: Vec<String> = all.iter().filter(|(n, _)| *n > 0).map(|(n, word)| count(*n, word)).collect();
    if found.is_empty() { "nothing found".to_owned() } else { found.join(", ") }
}

/// A finding, folded: its message, and behind it everything else.
fn details(sources: &Sources, finding: &Finding) -> io::Result<Vec<u8>> {
    let sign = match finding.severity {
        Severity::Error => "❌",
        Severity::Warning => "⚠️",
        Severity::Note => "ℹ️",
    };
    let mut out = Vec::new();
    writeln!(out, "<details><summary>{sign} {}</summary>\n", html(&finding.message))?;
    let place = sources.exact(&finding.site).map(|spot| {
        let line = spot.line.map(|line| format!(":{line}")).unwrap_or_default();
        format!(" at {}", tick(&format!("{}{line}", spot.repository_path())))
    });
    let evidence = finding.confidence.meaning();
    writeln!(out, "{}{}; {evidence}\n", tick(finding.rule.name), place.unwrap_or_default())?;
    for (depth, hop) in finding.trail.iter().enumerate() {
        writeln!(out, "{}- {}", "  ".repeat(depth.min(8)), plain(&hop.text))?;
    }
    if !finding.trail.is_empty() {
        writeln!(out)?;
    }
    for note in &finding.notes {
        writeln!(out, "{}\n", plain(note))?;
    }
    for (number, step) in (1..).zip(&finding.remedy) {
        writeln!(out, "{number}. {}", plain(&step.text))?;
        if let Some(code) = &step.code {
            writeln!(out, "\n{}", fence(code))?;
        }
    }
    if let Some(url) = finding.url {
        writeln!(out, "\n[Documentation]({url})")?;
    }
    writeln!(out, "\n</details>\n")?;
    Ok(out)
}

fn notes(view: &View, out: &mut dyn Write) -> io::Result<()> {
    let counts = view.report.counts();
    let all = [
        (counts.allowed, "allowed"),
        (counts.baselined, "in the baseline"),
        (view.report.gone.len(), "in the baseline and no longer found"),
    ];
    let notes: Vec<String> =
        all.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
    if !notes.is_empty() {
        writeln!(out, "{}.\n", notes.join(", "))?;
    }
    if view.coverage.is_complete() {
        return Ok(());
    }
    let missing = some(&view.coverage.missing, MISSING);
    writeln!(
        out,
        "Not loaded: {}. {} and {} stay open.",
        plain(&missing),
        count(view.coverage.open_fields, "mapped field"),
        count(view.coverage.open_sources, "data source")
    )
}
