//! How often tables change, from a file of two columns: table, changes a day.

use super::per_day::{PerDay, clip};
use super::tables::KnownTables;
use crate::catalog::ElementKind;
use crate::problem::{Code, Problem};
use crate::text::{
    Cell, DecodeError, Line, NearestIndex, Quotes, Symbol, decode, did_you_mean, lines, name_key,
};
use rustc_hash::FxHashMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use thiserror::Error;

/// A longer file is no list of tables.
const LONGEST: u64 = 64 * 1024 * 1024;
/// Near names are looked for this often; a file of another system would match nothing at all.
const SUGGESTIONS: usize = 100;
/// At most so many near names are offered.
const NEAR: usize = 3;

/// What a file says of the volumes of tables.
#[derive(Clone, Debug, Default)]
pub struct Volumes {
    /// The file as given.
    pub path: String,
    /// The line that was taken for a heading.
    pub header: Option<u32>,
    /// One for each table, in the order of the file; what is said twice is added.
    pub volumes: Vec<Volume>,
    /// Names that are no table.
    pub unknown: usize,
    /// Lines that cannot be read, unknown tables, tables named twice; in the order of the file.
    pub problems: Vec<Problem>,
}

/// How often one table changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Volume {
    /// The table, spelled as its definition does.
    pub table: Symbol,
    /// Changes a day.
    pub per_day: PerDay,
    /// The first line that names it.
    pub line: u32,
}

/// Nothing of a file can be used.
#[derive(Debug, Error)]
pub enum VolumesError {
    /// It cannot be opened or read.
    #[error("cannot read the volumes {path}: {error}", path = .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        error: io::Error,
    },
    /// It is too long.
    #[error("the volumes {path} are more than 64 MB: is it the right file?", path = .path.display())]
    TooLong {
        /// The file.
        path: PathBuf,
    },
    /// It is no text.
    #[error("the volumes {path} cannot be read: {error}; save it as CSV UTF-8", path = .path.display())]
    Encoding {
        /// The file.
        path: PathBuf,
        /// Where it stops being text.
        error: DecodeError,
    },
    /// No line holds a table and a number.
    #[error(
        "the volumes {path} hold no line with a table and its changes a day, as in CustTable,1250{first}",
        path = .path.display()
    )]
    Nothing {
        /// The file.
        path: PathBuf,
        /// The first complaint.
        first: String,
    },
}

impl Volumes {
    /// Reads a file.
    ///
    /// # Errors
    /// A file of which nothing can be used; everything smaller is one of [`Volumes::problems`].
    pub fn read(path: &Path, known: &KnownTables) -> Result<Self, VolumesError> {
        let unreadable = |error| VolumesError::Unreadable { path: path.to_owned(), error };
        let mut bytes = Vec::new();
        let file = File::open(path).map_err(unreadable)?;
        file.take(LONGEST + 1).read_to_end(&mut bytes).map_err(unreadable)?;
        if bytes.len() as u64 > LONGEST {
            return Err(VolumesError::TooLong { path: path.to_owned() });
        }
        let text = decode(&bytes).map_err(|error| VolumesError::Encoding { path: path.to_owned(), error })?;
        let volumes = Self::from_text(&text, &path.to_string_lossy(), known);
        if volumes.volumes.is_empty() && volumes.unknown == 0 {
            let first = volumes.problems.first().map(|p| format!("\n{}", p.message()));
            return Err(VolumesError::Nothing { path: path.to_owned(), first: first.unwrap_or_default() });
        }
        Ok(volumes)
    }

    /// Reads a text; `path` is what problems call it.
    pub fn from_text(text: &str, path: &str, known: &KnownTables) -> Self {
        let volumes = Self { path: path.to_owned(), ..Self::default() };
        let mut reader = Reader { known, volumes, index: FxHashMap::default(), near: None };
        let mut lines = lines(text, None, Quotes::WithinLine).into_iter().peekable();
        if lines.peek().is_some_and(|line| is_header(line, known)) {
            reader.volumes.header = lines.next().map(|line| line.number);
        }
        for line in lines {
            reader.line(&line);
        }
        reader.volumes
    }
}

/// A first line without a digit where the number belongs, which names no table.
fn is_header(line: &Line, known: &KnownTables) -> bool {
    let [table, number, ..] = line.cells.as_slice() else { return false };
    let a_word = number.text.chars().next().is_some_and(|c| !c.is_ascii_punctuation());
    a_word && !number.text.chars().any(char::is_numeric) && known.spelling(&table.text).is_none()
}

fn article(kind: ElementKind) -> &'static str {
    match kind {
        ElementKind::Table => "a table",
        ElementKind::View => "a view",
        ElementKind::Entity => "an entity",
        ElementKind::Map => "a table map",
    }
}

struct Reader<'a> {
    known: &'a KnownTables<'a>,
    volumes: Volumes,
    /// Names in lower case → position in the volumes.
    index: FxHashMap<String, usize>,
    near: Option<NearestIndex<'a>>,
}

impl<'a> Reader<'a> {
    fn line(&mut self, line: &Line) {
        let (name, per_day) = match read_line(line) {
            Ok(read) => read,
            Err((column, reason)) => {
                let problem = self.problem(Code::UnreadableVolume, line.number, column);
                self.volumes.problems.push(problem.with("reason", reason));
                return;
            }
        };
        match self.known.spelling(&name.text) {
            Some(table) => self.add(table, per_day, line.number, name.column),
            None => self.unknown(line.number, name),
        }
    }

    fn add(&mut self, table: Symbol, per_day: PerDay, line: u32, column: u32) {
        let position = *self.index.entry(name_key(&table)).or_insert(self.volumes.volumes.len());
        let Some(known) = self.volumes.volumes.get_mut(position) else {
            self.volumes.volumes.push(Volume { table, per_day, line });
            return;
        };
        known.per_day = known.per_day + per_day;
        let first = known.line.to_string();
        let problem = self.problem(Code::DuplicateVolume, line, column);
        self.volumes.problems.push(problem.with("table", &*table).with("first", first));
    }

    fn unknown(&mut self, line: u32, name: &Cell) {
        self.volumes.unknown += 1;
        let problem = self.problem(Code::UnknownVolumeTable, line, name.column);
        let nearest = match self.known.other_kind(&name.text) {
            Some(kind) => format!(": it is {}", article(kind)),
            None if self.volumes.unknown > SUGGESTIONS => String::new(),
            None => did_you_mean(&self.near(&name.text)),
        };
        self.volumes.problems.push(problem.with("table", clip(&name.text)).with("nearest", nearest));
    }

    fn near(&mut self, name: &str) -> Vec<&'a str> {
        let known = self.known;
        self.near.get_or_insert_with(|| NearestIndex::new(known.names())).find(name, NEAR)
    }

    fn problem(&self, code: Code, line: u32, column: u32) -> Problem {
        Problem::new(code, None)
            .with("path", &self.volumes.path)
            .with("line", line.to_string())
            .with("column", column.to_string())
    }
}

/// Table and number of a line; else the column and what is wrong there.
fn read_line(line: &Line) -> Result<(&Cell, PerDay), (u32, String)> {
    if let Some(open) = line.cells.iter().find(|c| c.open) {
        return Err((open.column, "the quote that starts here is never closed".to_owned()));
    }
    let (name, rest) = line.cells.split_first().ok_or((1, "the line is empty".to_owned()))?;
    if name.text.is_empty() {
        return Err((name.column, "the name of the table is missing".to_owned()));
    }
    let Some((number, more)) = rest.split_first() else {
        return Err((name.column, "the number of changes a day is missing".to_owned()));
    };
    if let Some(cell) = more.iter().find(|c| !c.text.is_empty()) {
        let text = "a third column: expected table and changes a day (a number with commas needs quotes)";
        return Err((cell.column, text.to_owned()));
    }
    let per_day = PerDay::read(&number.text).map_err(|error| (number.column, error.to_string()))?;
    Ok((name, per_day))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cost::tests::{sample, with_known};
    use proptest::prelude::*;

    fn read(text: &str) -> Volumes {
        with_known(&sample(), |known| Volumes::from_text(text, "v.csv", known))
    }

    fn volumes(text: &str) -> Vec<String> {
        read(text).volumes.iter().map(|v| format!("{} {}", v.table, v.per_day)).collect()
    }

    fn messages(text: &str) -> Vec<String> {
        read(text).problems.iter().map(Problem::message).collect()
    }

    #[test]
    fn a_heading_is_optional() {
        assert_eq!(volumes("Table,Changes per day\ncusttable,12\nPARTY;x"), ["CustTable 12"]);
        assert_eq!(read("Table;Per day\nCustTable;12").header, Some(1));
        assert_eq!(volumes("CustTable,12"), ["CustTable 12"]);
        assert_eq!(
            messages("CustTable,lots"),
            ["v.csv:1:11: lots is not a number of changes a day: write digits, as in 1250"]
        );
        assert_eq!(read("Party,-").header, None);
        assert_eq!(read("Nowhere,-").header, None);
    }

    #[test]
    fn tables_named_twice_are_added() {
        let text = "CustTable,10\nParty,1\ncustTABLE,2.5";
        assert_eq!(volumes(text), ["CustTable 12.5", "Party 1"]);
        assert_eq!(messages(text), ["v.csv:3:1: CustTable stands in line 1 already; the numbers are added"]);
    }

    #[test]
    fn wrong_lines_are_told_with_their_places() {
        assert_eq!(
            messages("CustTable,-5\nParty,1,250\n,7\nParty\nCustTabel,1\nE,1\n\"Party,3\nParty,\"1,250\""),
            [
                "v.csv:1:11: -5 is negative: write how often the table changes in a day",
                "v.csv:2:9: a third column: expected table and changes a day (a number with commas needs quotes)",
                "v.csv:3:1: the name of the table is missing",
                "v.csv:4:1: the number of changes a day is missing",
                "v.csv:5:1: no table is called CustTabel, so its volume does not count; did you mean CustTable?",
                "v.csv:6:1: no table is called E, so its volume does not count: it is an entity",
                "v.csv:7:1: the quote that starts here is never closed",
                "v.csv:8:7: 1,250 can be read in two ways, with thousands or with decimals: write 1250 or 1.2500",
            ]
        );
    }

    #[test]
    fn a_table_that_only_an_entry_names_is_known() {
        assert_eq!(volumes("gone,3"), ["Gone 3"]);
    }

    proptest! {
        #[test]
        fn any_text_is_safe(text in "(CustTable|Party|[a,;\"\r\n\t 0-9.'-]|\\PC){0,40}") {
            let read = read(&text);
            prop_assert!(read.volumes.len() <= 3);
        }
    }
}
