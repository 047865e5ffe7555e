//! One finding: what is lost, where, how the table is known, what to do.

use super::{View, method_name, steps, words};
use crate::problem::Severity;
use crate::report::style::{BAD, DIM, OPEN, STRONG, Styled};
use crate::report::wrap::{WIDTH, Wrapped, lines};
use crate::words::shown;
use crate::writes::{BYPASSING_WRITE, Columns, Write};
use anstyle::Style;
use std::io;

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
        line(out, "lost", &words::lost(view, write))?;
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
    let head = format!("{}[{rule}]:", words::severity(severity));
    let text = format!("{head} {sentence}");
    for (position, line) in lines(&text, WIDTH - 2).iter().enumerate() {
        match line.strip_prefix(&head).filter(|_| position == 0) {
            Some(rest) => writeln!(out, "{}{}", Styled(style(severity), &head), Styled(STRONG, rest))?,
            None => writeln!(out, "  {}", Styled(STRONG, line))?,
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
