//! One finding: what is lost, where, how the table is known, what to do.

use super::{View, method_name, steps, words};
use crate::problem::Severity;
use crate::report::style::{BAD, DIM, OPEN, STRONG, Styled};
use crate::report::wrap::{WIDTH, Wrapped, lines};
use crate::text::some;
use crate::words::shown;
use crate::writes::{BYPASSING_WRITE, Columns, Write};
use anstyle::Style;
use std::io;

/// So many entities are named without `--all`.
const ENTITIES: usize = 3;
/// Width of what stands before a text.
const LABEL: usize = 12;

/// A write that is a finding.
pub(super) struct Finding<'a> {
    pub(super) view: View<'a>,
    pub(super) write: &'a Write,
}

impl Finding<'_> {
    pub(super) fn write(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let (view, write) = (&self.view, self.write);
        let severity = write.severity().unwrap_or(Severity::Note);
        let tag = write.operation.evidence().tag();
        title(out, severity, BYPASSING_WRITE, &format!("{} [{tag}]", words::sentence(view, write)))?;
        place(view, out, write.place, &method_name(&write.method), &write.statement)?;
        line(out, "table", &steps::path(view, &write.path, write.place))?;
        if let Some(columns) = words::columns(view, &write.columns).filter(|_| self.columns_matter()) {
            line(out, "columns", &columns)?;
        }
        if severity == Severity::Note {
            return Ok(());
        }
        line(out, "lost", &some(&words::lost(view, write), view.limit(ENTITIES)))?;
        line(out, "to do", &words::to_do(view, write))
    }

    /// The columns of a note stand in its sentence.
    fn columns_matter(&self) -> bool {
        self.write.severity() != Some(Severity::Note) || !matches!(self.write.columns, Columns::Known(_))
    }
}

/// `error[rule]: sentence`.
pub(super) fn title(
    out: &mut dyn io::Write,
    severity: Severity,
    rule: &str,
    sentence: &str,
) -> io::Result<()> {
    let head = format!("{}[{rule}]", words::severity(severity));
    let width = head.len() + 2;
    let texts = lines(sentence, WIDTH.saturating_sub(width));
    for (position, text) in texts.iter().enumerate() {
        if position == 0 {
            writeln!(out, "{}: {}", Styled(style(severity), &head), Styled(STRONG, text))?;
        } else {
            writeln!(out, "  {}", Styled(STRONG, text))?;
        }
    }
    Ok(())
}

/// How a severity looks.
pub(super) fn style(severity: Severity) -> Style {
    match severity {
        Severity::Error => BAD,
        Severity::Warning => OPEN,
        Severity::Note => STRONG,
    }
}

/// The place, the method and the statement.
pub(super) fn place(
    view: &View,
    out: &mut dyn io::Write,
    place: crate::source::Place,
    method: &str,
    statement: &str,
) -> io::Result<()> {
    let at = format!("--> {} in {method}", view.teller().at(place));
    writeln!(out, "  {}", Styled(DIM, at))?;
    writeln!(out, "      {}", shown(statement))
}

/// A line below its finding.
pub(super) fn line(out: &mut dyn io::Write, label: &str, text: &str) -> io::Result<()> {
    if text.is_empty() {
        return Ok(());
    }
    let head = format!("  {label:<10}");
    write!(out, "{}", Wrapped { head, width: LABEL, text })
}
