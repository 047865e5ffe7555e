//! From cells to rows: what every form of a dump has in common.

use super::channels::{ChannelCount, Channels};
use super::columns::{Column, plain};
use super::error::in_file;
use super::{Dump, DumpError, DumpForm, DumpPlace, DumpRow};
use crate::problem::{Code, Problem};
use crate::text::name_key;
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// `RefEntityName` and `DataSourceName` have 255 characters; a longer text is no name.
const LONGEST_NAME: usize = 255;

/// A cell of a column that is read.
#[derive(Clone, Debug)]
pub(super) struct RawCell<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) place: DumpPlace,
    /// Why it cannot be read.
    pub(super) fault: Option<&'static str>,
}

/// A row before anything is checked.
#[derive(Clone, Debug)]
pub(super) struct RawRow<'a> {
    pub(super) place: DumpPlace,
    /// By [`Column`].
    pub(super) cells: [Option<RawCell<'a>>; Column::ALL.len()],
}

impl<'a> RawRow<'a> {
    /// A row without cells.
    pub(super) fn at(place: DumpPlace) -> Self {
        Self { place, cells: [const { None }; Column::ALL.len()] }
    }

    /// Adds a cell.
    pub(super) fn set(&mut self, column: Column, cell: RawCell<'a>) {
        self.cells[column as usize] = Some(cell);
    }

    /// The text of a cell; SQL writes `NULL` for nothing.
    fn text(&self, column: Column) -> &str {
        let text = self.cells[column as usize].as_ref().map_or("", |cell| cell.text.trim());
        if text == "NULL" { "" } else { text }
    }

    fn is_blank(&self) -> bool {
        Column::ALL.iter().all(|c| self.text(*c).is_empty())
            && self.cells.iter().flatten().all(|cell| cell.fault.is_none())
    }

    /// A heading again, or the line of dashes that `sqlcmd` draws below it.
    fn is_heading(&self) -> bool {
        Column::REQUIRED.iter().all(|column| {
            let text = self.text(*column);
            plain(text) == column.name().to_ascii_lowercase()
                || (text.len() > 1 && text.bytes().all(|b| b == b'-'))
        })
    }

    fn place_of(&self, column: Column) -> DumpPlace {
        self.cells[column as usize].as_ref().map_or(self.place, |cell| cell.place)
    }

    /// Why the row cannot be read, and where.
    fn fault(&self) -> Option<(DumpPlace, String)> {
        for column in Column::REQUIRED {
            let fault = self.cells[column as usize].as_ref().and_then(|cell| cell.fault);
            if let Some(fault) = fault {
                return Some((self.place_of(column), format!("{}: {fault}", column.name())));
            }
            let length = self.text(column).chars().count();
            if length > LONGEST_NAME {
                let text = format!("{} has {length} characters; it is no name", column.name());
                return Some((self.place_of(column), text));
            }
            if length == 0 && column != Column::DataSourceName {
                return Some((self.place_of(column), format!("{} is blank", column.name())));
            }
        }
        None
    }

    fn key(&self) -> [String; 3] {
        Column::REQUIRED.map(|column| name_key(self.text(column)))
    }

    fn into_row(self) -> DumpRow {
        let text = |column| Box::from(self.text(column));
        let further = Column::ALL.into_iter().filter(|c| !Column::REQUIRED.contains(c));
        let more = further.map(|column| (column, text(column)));
        DumpRow {
            entity: text(Column::RefEntityName),
            table: text(Column::RefTableName),
            source: text(Column::DataSourceName),
            place: self.place,
            repeats: Vec::new(),
            more: more.filter(|(_, value)| !value.is_empty()).collect(),
        }
    }
}

/// Puts rows together, whatever form they come in.
pub(super) struct Collector<'a> {
    path: PathBuf,
    channels: &'a Channels,
    dump: Dump,
    /// Key → position in the rows.
    index: FxHashMap<[String; 3], usize>,
    /// Channel in lower case → count.
    counts: BTreeMap<String, ChannelCount>,
}

impl<'a> Collector<'a> {
    pub(super) fn new(path: &Path, channels: &'a Channels) -> Self {
        let dump = Dump { path: path.to_string_lossy().into_owned(), ..Dump::default() };
        let (index, counts) = (FxHashMap::default(), BTreeMap::new());
        Self { path: path.to_owned(), channels, dump, index, counts }
    }

    /// What the dump is.
    pub(super) fn form(&mut self, form: DumpForm, sheet: Option<String>) {
        self.dump.form = form;
        self.dump.sheet = sheet;
    }

    /// Takes a row. `has_channel`: the dump has a column for it.
    pub(super) fn row(&mut self, row: RawRow, has_channel: bool) {
        if row.is_blank() || row.is_heading() {
            return;
        }
        self.dump.read += 1;
        if has_channel && !self.count(row.text(Column::Channel)) {
            return;
        }
        if let Some((place, reason)) = row.fault() {
            return self.unreadable(place, &reason);
        }
        match self.index.get(&row.key()) {
            Some(known) => self.dump.rows[*known].repeats.push(row.place),
            None => {
                self.index.insert(row.key(), self.dump.rows.len());
                self.dump.rows.push(row.into_row());
            }
        }
    }

    /// Takes a row that is none.
    pub(super) fn broken_row(&mut self, place: DumpPlace, reason: &str) {
        self.dump.read += 1;
        self.unreadable(place, reason);
    }

    fn unreadable(&mut self, place: DumpPlace, reason: &str) {
        let at = in_file(&self.dump.path, self.dump.sheet.as_deref(), place);
        let problem = Problem::new(Code::UnreadableDumpRow, None).with("place", at).with("reason", reason);
        let (line, column) = (place.line.to_string(), place.column.to_string());
        self.dump.problems.push(problem.with("line", line).with("column", column));
    }

    /// Counts a row of a channel; true when it is compared.
    fn count(&mut self, channel: &str) -> bool {
        let counts = self.channels.has(channel);
        let known = self.counts.entry(name_key(channel));
        known.or_insert_with(|| ChannelCount { name: channel.into(), rows: 0, counts }).rows += 1;
        counts
    }

    /// The dump.
    pub(super) fn finish(mut self) -> Result<Dump, DumpError> {
        self.dump.channels = self.counts.into_values().collect();
        let chosen = self.channels.chosen();
        if chosen.is_empty() || self.dump.read == 0 || self.dump.channels.iter().any(|c| c.counts) {
            return Ok(self.dump);
        }
        let names: Vec<&str> = self.dump.channels.iter().map(ChannelCount::shown).collect();
        let there = match names.as_slice() {
            [] => "it has no column Channel".to_owned(),
            names => format!("it has {}", super::error::some_of(names)),
        };
        Err(DumpError::NoChannel { path: self.path, wanted: chosen.join(", "), there })
    }
}
