//! Dumps as separated text: CSV of any program, the clipboard of a query window, the output of `sqlcmd`.

use super::collect::{Collector, RawCell, RawRow};
use super::columns::{Column, Columns};
use super::error::Nearly;
use super::{DumpError, DumpForm, DumpPlace};
use crate::text::{Cell, Line, Quotes, declared_separator, lines};
use std::borrow::Cow;
use std::path::Path;

/// A heading is looked for in so many lines: exports can have a title above it.
pub(super) const HEADING_WITHIN: usize = 50;
/// Text that is read in search of a heading.
const HEAD_BYTES: usize = 1 << 18;

const SEPARATORS: [char; 4] = [',', ';', '\t', '|'];

pub(super) fn read(text: &str, path: &Path, collector: &mut Collector) -> Result<(), DumpError> {
    collector.form(DumpForm::Csv, None);
    let (separator, heading, columns) = find_heading(text).map_err(|nearly| DumpError::MissingColumns {
        path: path.to_owned(),
        missing: nearly.0,
        found: nearly.1.found(),
    })?;
    let has_channel = columns.get(Column::Channel).is_some();
    let below = lines(text, Some(separator), Quotes::OverLines);
    for line in below.iter().filter(|l| l.number > heading.number && !is_count(l)) {
        let extra = line.cells.get(heading.cells.len()..).unwrap_or_default();
        match extra.iter().find(|cell| !cell.text.is_empty()) {
            Some(cell) => {
                let count = heading.cells.len();
                let reason = format!(
                    "the row has more cells than the heading has columns ({count}): a separator inside a cell needs quotes"
                );
                collector.broken_row(place(line, cell), &reason);
            }
            None => collector.row(row(line, &columns), has_channel),
        }
    }
    Ok(())
}

/// Separator, heading and columns; else the columns that are missing and what was found.
fn find_heading(text: &str) -> Result<(char, Line, Columns), (Vec<&'static str>, Nearly)> {
    let head = head(text);
    let declared = declared_separator(head);
    let candidates = declared.map_or_else(|| SEPARATORS.to_vec(), |separator| vec![separator]);
    let mut nearly = Nearly::default();
    let mut missing = Columns::default().missing();
    for separator in candidates {
        for line in lines(head, Some(separator), Quotes::OverLines).into_iter().take(HEADING_WITHIN) {
            let headings: Vec<&str> = line.cells.iter().map(|c| c.text.as_str()).collect();
            let columns = Columns::of(&headings);
            if columns.are_complete() {
                return Ok((separator, line, columns));
            }
            nearly.look(columns.missing().len(), &format!("line {}", line.number), &headings);
            if columns.missing().len() < missing.len() {
                missing = columns.missing();
            }
        }
    }
    Err((missing, nearly))
}

/// The start of a text, up to the end of a line where there is one.
fn head(text: &str) -> &str {
    if text.len() <= HEAD_BYTES {
        return text;
    }
    let cut = (0..=HEAD_BYTES).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let head = &text[..cut];
    head.rfind('\n').map_or(head, |end| &head[..end])
}

fn row<'a>(line: &'a Line, columns: &Columns) -> RawRow<'a> {
    let start = line.cells.first().map_or(1, |cell| cell.column);
    let mut row = RawRow::at(DumpPlace { line: line.number, column: start });
    for column in Column::ALL {
        if let Some(cell) = columns.get(column).and_then(|at| line.cells.get(at)) {
            let fault = cell.open.then_some("the quote that starts here is never closed");
            row.set(column, RawCell { text: Cow::Borrowed(&cell.text), place: place(line, cell), fault });
        }
    }
    row
}

fn place(line: &Line, cell: &Cell) -> DumpPlace {
    DumpPlace { line: line.number, column: cell.column }
}

/// The last line of `sqlcmd`: `(44 rows affected)`.
fn is_count(line: &Line) -> bool {
    let mut cells = line.cells.iter().map(|c| c.text.as_str()).filter(|text| !text.is_empty());
    let (Some(only), None) = (cells.next(), cells.next()) else { return false };
    let inside = only.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).unwrap_or_default();
    inside.strip_suffix(" affected").is_some_and(|rest| {
        let number = rest.trim_end_matches(" rows").trim_end_matches(" row");
        !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())
    })
}
