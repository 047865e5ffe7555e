//! Columns as wide as what stands in them.

use crate::report::style::{OPEN, STRONG, Styled};
use std::io::{self, Write};

/// A name at the left, numbers at the right. `warn` is the column that stands out where it is not `-`.
pub(super) struct Grid {
    head: Vec<&'static str>,
    rows: Vec<Vec<String>>,
    warn: usize,
}

impl Grid {
    pub(super) fn new(head: Vec<&'static str>, warn: &str) -> Self {
        let warn = head.iter().position(|h| *h == warn).unwrap_or(usize::MAX);
        Self { head, rows: Vec::new(), warn }
    }

    /// Adds a line; it has a cell for each column.
    pub(super) fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    pub(super) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let widths: Vec<usize> = (0..self.head.len()).map(|column| self.width(column)).collect();
        let head: Vec<String> =
            self.head.iter().enumerate().map(|(c, text)| padded(text, widths[c], c == 0)).collect();
        writeln!(out, "{}", Styled(STRONG, head.join("  ").trim_end()))?;
        for row in &self.rows {
            let cells = row.iter().enumerate().map(|(c, text)| {
                let cell = padded(text, widths[c], c == 0);
                if c == self.warn && text != "-" { Styled(OPEN, cell).to_string() } else { cell }
            });
            writeln!(out, "{}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
        }
        Ok(())
    }

    fn width(&self, column: usize) -> usize {
        let cells = self.rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        cells.chain([self.head[column].len()]).max().unwrap_or(0)
    }
}

fn padded(text: &str, width: usize, left: bool) -> String {
    if left { format!("{text:<width$}") } else { format!("{text:>width$}") }
}
