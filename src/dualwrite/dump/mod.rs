//! Dumps of the system table `BusinessEventsDefinition`: CSV, JSON or XLSX.
//!
//! Columns are known by their headings, in any order and case. A row is known by (entity, table, data source): the
//! table has several for one key (companies, actions), which count once. Rows of other readers than dual-write and
//! data events are left out by their channel. Specification, section 8; `docs/dump-format.md`.

mod channels;
mod collect;
mod columns;
mod error;
#[cfg(test)]
mod for_tests;
mod json;
mod separated;
mod workbook;
mod xlsx;

#[cfg(test)]
mod tests;

pub use channels::{ChannelCount, Channels};
pub use columns::Column;
pub use error::DumpError;

use crate::problem::Problem;
use crate::text::decode;
use collect::Collector;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// A longer file is no dump of this table.
const LONGEST: u64 = 64 << 20;

/// The rows of a dump.
#[derive(Clone, Debug, Default)]
pub struct Dump {
    /// The file as given.
    pub path: String,
    /// What it is.
    pub form: DumpForm,
    /// The sheet that was read, in a workbook.
    pub sheet: Option<String>,
    /// Rows that count, each key once, in the order of the file.
    pub rows: Vec<DumpRow>,
    /// Rows with something in them, whatever became of them.
    pub read: usize,
    /// The channels of the rows, by name; empty when the dump has no such column.
    pub channels: Vec<ChannelCount>,
    /// Rows that cannot be read, in the order of the file.
    pub problems: Vec<Problem>,
}

/// What a dump is written as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DumpForm {
    /// Cells parted by a character.
    #[default]
    Csv,
    /// Objects.
    Json,
    /// A sheet of a workbook.
    Xlsx,
}

impl DumpForm {
    /// The value in machine output.
    pub fn id(self) -> &'static str {
        match self {
            DumpForm::Csv => "csv",
            DumpForm::Json => "json",
            DumpForm::Xlsx => "xlsx",
        }
    }
}

/// One key of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DumpRow {
    /// `RefEntityName`.
    pub entity: Box<str>,
    /// `RefTableName`.
    pub table: Box<str>,
    /// `DataSourceName`; may be empty.
    pub source: Box<str>,
    /// Where its first row starts.
    pub place: DumpPlace,
    /// Where further rows of the same key start.
    pub repeats: Vec<DumpPlace>,
    /// What other columns of the first row say, in the order of [`Column::ALL`].
    pub more: Vec<(Column, Box<str>)>,
}

impl DumpRow {
    /// What a further column says.
    pub fn get(&self, column: Column) -> Option<&str> {
        self.more.iter().find(|(known, _)| *known == column).map(|(_, value)| &**value)
    }
}

/// A place in a dump; both numbers from 1. In a workbook, row and column of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DumpPlace {
    /// Line or row.
    pub line: u32,
    /// Column, in characters or cells.
    pub column: u32,
}

impl DumpPlace {
    /// The name of a cell: `B7`.
    pub fn cell(self) -> String {
        let mut letters = Vec::new();
        let mut left = self.column.max(1);
        while left > 0 {
            let digit = u8::try_from((left - 1) % 26).unwrap_or_default();
            letters.push(char::from(b'A' + digit));
            left = (left - 1) / 26;
        }
        format!("{}{}", letters.into_iter().rev().collect::<String>(), self.line)
    }
}

impl Dump {
    /// Reads a file, whose form its first bytes say.
    ///
    /// # Errors
    /// A file of which nothing can be used; everything smaller is one of [`Dump::problems`].
    pub fn read(path: &Path, channels: &Channels) -> Result<Self, DumpError> {
        let unreadable = |error| DumpError::Unreadable { path: path.to_owned(), error };
        let mut bytes = Vec::new();
        let file = File::open(path).map_err(unreadable)?;
        file.take(LONGEST + 1).read_to_end(&mut bytes).map_err(unreadable)?;
        if bytes.len() as u64 > LONGEST {
            let megabytes = LONGEST >> 20;
            return Err(DumpError::TooLong { path: path.to_owned(), megabytes, packed: "" });
        }
        Self::from_bytes(&bytes, path, channels)
    }

    /// Reads the bytes of a file; `path` is what problems call it.
    ///
    /// # Errors
    /// As [`Dump::read`].
    pub fn from_bytes(bytes: &[u8], path: &Path, channels: &Channels) -> Result<Self, DumpError> {
        let mut collector = Collector::new(path, channels);
        if bytes.starts_with(b"PK\x03\x04") {
            xlsx::read(bytes, path, &mut collector)?;
        } else if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
            let reason = "it is of the old kind (.xls), or protected by a password".to_owned();
            return Err(DumpError::Workbook { path: path.to_owned(), reason });
        } else {
            let encoding = |error| DumpError::Encoding { path: path.to_owned(), error };
            let text = decode(bytes).map_err(encoding)?;
            if text.trim_start().starts_with(['{', '[']) {
                json::read(&text, path, &mut collector)?;
            } else {
                separated::read(&text, path, &mut collector)?;
            }
        }
        collector.finish()
    }

    /// Rows that say the same as an earlier one.
    pub fn repeated(&self) -> usize {
        self.rows.iter().map(|row| row.repeats.len()).sum()
    }

    /// Rows of channels that do not count.
    pub fn of_other_channels(&self) -> usize {
        self.channels.iter().filter(|c| !c.counts).map(|c| c.rows).sum()
    }

    /// A place with the name of the file, and of the sheet.
    pub fn at(&self, place: DumpPlace) -> String {
        error::in_file(&self.path, self.sheet.as_deref(), place)
    }

    /// A place inside the file: `line 7`, `cell A7`.
    pub fn inside(&self, place: DumpPlace) -> String {
        match self.form {
            DumpForm::Xlsx => format!("cell {}", place.cell()),
            DumpForm::Csv | DumpForm::Json => format!("line {}", place.line),
        }
    }
}
