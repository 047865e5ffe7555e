//! Why nothing of a dump can be used.

use super::{Column, DumpPlace};
use crate::text::DecodeError;
use std::io;
use std::path::PathBuf;
use thiserror::Error;

/// Names in an error are cut here.
const LONGEST_NAME: usize = 60;
/// So many names are shown.
const NAMES: usize = 12;

/// Nothing of a dump can be used; everything smaller is one of [`super::Dump::problems`].
#[derive(Debug, Error)]
pub enum DumpError {
    /// It cannot be opened or read.
    #[error("cannot read the dump {path}: {error}", path = .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        error: io::Error,
    },
    /// It is too long, as it is or unpacked.
    #[error("the dump {path} is more than {megabytes} MB{packed}: is it the right file?", path = .path.display())]
    TooLong {
        /// The file.
        path: PathBuf,
        /// What is read at most.
        megabytes: u64,
        /// ` when it is unpacked`, for a workbook.
        packed: &'static str,
    },
    /// It is no text.
    #[error("the dump {path} cannot be read: {error}; save it as CSV UTF-8", path = .path.display())]
    Encoding {
        /// The file.
        path: PathBuf,
        /// Where it stops being text.
        error: DecodeError,
    },
    /// It starts like JSON and is none.
    #[error("the dump {path} is no JSON in line {line}, column {column}: {reason}", path = .path.display())]
    Json {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: u32,
        /// Column in characters, from 1.
        column: u32,
        /// What is wrong there.
        reason: String,
    },
    /// It is packed like a workbook and cannot be read as one.
    #[error("the dump {path} is no workbook that can be read: {reason}; save it as CSV UTF-8", path = .path.display())]
    Workbook {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// Nothing in it has the columns of the table.
    #[error("the dump {path} has no {}: {found}\n{HELP}", list(.missing), path = .path.display())]
    MissingColumns {
        /// The file.
        path: PathBuf,
        /// Names of the columns that are missing.
        missing: Vec<&'static str>,
        /// What is there instead.
        found: String,
    },
    /// Channels were asked for that no row has.
    #[error("no row of the dump {path} has channel {wanted}; {there}", path = .path.display())]
    NoChannel {
        /// The file.
        path: PathBuf,
        /// What was asked for.
        wanted: String,
        /// What there is.
        there: String,
    },
}

const HELP: &str = "export the table with its headings (in SQL Server Management Studio: Copy with Headers); docs/dump-format.md has a query";

/// `column A`, `columns A and B`.
fn list(names: &[&str]) -> String {
    match names {
        [first @ .., last] if !first.is_empty() => format!("columns {} and {last}", first.join(", ")),
        names => format!("column {}", names.concat()),
    }
}

/// The first of a list of names.
pub(super) fn some_of<T: AsRef<str>>(names: &[T]) -> String {
    let shown: Vec<String> = names.iter().take(NAMES).map(|name| clip(name.as_ref().trim())).collect();
    match names.len().saturating_sub(NAMES) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// The first things that were looked through for headings, the best of them kept.
#[derive(Debug, Default)]
pub(super) struct Nearly {
    columns: usize,
    found: Option<String>,
}

impl Nearly {
    /// Headings that are not complete; `place` says where they stand.
    pub(super) fn look<T: AsRef<str>>(&mut self, missing: usize, place: &str, headings: &[T]) {
        let columns = Column::REQUIRED.len() - missing;
        if self.found.is_none() || columns > self.columns {
            self.columns = columns;
            self.found = Some(format!("{place} has {}", some_of(headings)));
        }
    }

    /// What was found, in words.
    pub(super) fn found(self) -> String {
        self.found.unwrap_or_else(|| "it holds no rows".to_owned())
    }
}

/// The start of a text from a file.
fn clip(text: &str) -> String {
    match text.char_indices().nth(LONGEST_NAME) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// Line and column of a place, as a problem shows them behind the path.
pub(super) fn in_file(path: &str, sheet: Option<&str>, place: DumpPlace) -> String {
    match sheet {
        Some(sheet) => format!("{path}, sheet {sheet}, cell {}", place.cell()),
        None => format!("{path}:{}:{}", place.line, place.column),
    }
}
