//! The mapping method of an entity: its entries with their verdicts.

use crate::report::style::{BAD, DIM, GOOD, OPEN, STRONG, Styled};
use crate::report::wrap::indented;
use crate::source::FileId;
use crate::text::count;
use crate::tracking::{EntryVerdict, MappingAnalysis, Match, ResolvedEntry};
use crate::words::{Teller, entry_text, entry_verdict, shown};
use anstyle::Style;
use std::io::{self, Write};

/// Width of the column of verdicts.
const VERDICT: usize = 22;

/// Entries in the order of the container, then those in comments, then what cannot be read.
pub(super) fn write(teller: Teller, mapping: &MappingAnalysis, out: &mut dyn Write) -> io::Result<()> {
    let number = if mapping.present { count(mapping.entries.len(), "entry") } else { "none".to_owned() };
    let heading = format!("Mapping method getEntityDataSourceToFieldMapping: {number}");
    writeln!(out, "\n{}", Styled(STRONG, heading))?;
    let mut last = None;
    let mut file_heading = |out: &mut dyn Write, file: FileId| {
        if last.replace(file) == Some(file) {
            return Ok(());
        }
        writeln!(out, "  {}", Styled(DIM, shown(teller.judged.model.path(file))))
    };
    for entry in &mapping.entries {
        file_heading(out, entry.place.file)?;
        row(out, entry.place.line, verdict_style(entry), &entry_verdict(entry), &entry_text(entry))?;
        if let Some(note) = note(entry) {
            write!(out, "{}", indented(VERDICT + 12, note))?;
        }
    }
    for entry in &mapping.disabled {
        file_heading(out, entry.place.file)?;
        row(out, entry.place.line, DIM, "commented out", &entry_text(entry))?;
    }
    for place in &mapping.undecidable {
        file_heading(out, place.file)?;
        row(out, place.line, OPEN, "undecidable", "cannot be read; what it adds does not count")?;
    }
    Ok(())
}

fn row(out: &mut dyn Write, line: u32, style: Style, verdict: &str, text: &str) -> io::Result<()> {
    let verdict = Styled(style, format!("{verdict:<VERDICT$}"));
    writeln!(out, "    {} {verdict} {text}", Styled(DIM, format!("{:<6}", format!(":{line}"))))
}

fn verdict_style(entry: &ResolvedEntry) -> Style {
    match (entry.verdict, entry.matched) {
        (EntryVerdict::Needed, Some(Match::Exact | Match::JoinColumn)) => GOOD,
        (EntryVerdict::Needed | EntryVerdict::Mismatched | EntryVerdict::Conflicting, _) => OPEN,
        _ => BAD,
    }
}

/// What a verdict means, where its name does not say it, and whether the entry can go.
fn note(entry: &ResolvedEntry) -> Option<String> {
    let saved = match entry.rows_saved {
        Some(0) => "; it can go".to_owned(),
        Some(rows) => format!("; it can go and saves {}", count(rows as usize, "row")),
        None => String::new(),
    };
    let condition = if entry.conditional { "only under a condition" } else { "" };
    let text = match (entry.verdict, entry.matched) {
        (EntryVerdict::Invalid, _) if !entry.triple => "not [label, table, field]",
        (EntryVerdict::Invalid, _) if entry.copied => "its fieldStr names another entity",
        (EntryVerdict::Invalid, _) => "its table is no table, or the entity has no such field",
        (EntryVerdict::Duplicate, _) => "an earlier entry says the same",
        (EntryVerdict::Conflicting, _) => {
            "an earlier entry has the same label and table; which one wins is not documented"
        }
        (EntryVerdict::Redundant, _) => "what it covers is tracked through data sources anyway",
        (EntryVerdict::Unused, _) => "it covers nothing that is sent",
        (EntryVerdict::Mismatched, _) => "its field is on the record, but is not its RecId",
        (EntryVerdict::Needed, Some(Match::Unverified)) => {
            "kept, because something is not loaded or cannot be read"
        }
        (EntryVerdict::Needed, Some(Match::JoinColumn)) => {
            "kept: it registers a column over which sent fields are joined"
        }
        (EntryVerdict::Needed, _) => "",
    };
    let parts: Vec<&str> = [condition, text].into_iter().filter(|part| !part.is_empty()).collect();
    (!parts.is_empty()).then(|| format!("{}{saved}", parts.join("; ")))
}
