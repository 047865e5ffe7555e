//! As much of an Excel workbook (`SpreadsheetML` in a ZIP archive) as a dump needs: sheets, rows, cells as text.
//!
//! Written here, because readers that know all of Excel trust the numbers in a file: a row of number 10000000000
//! makes the usual one fail, and a kilobyte can unpack to gigabytes. Here every number is checked, and what is
//! unpacked is counted.

use crate::text::decode;
use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use std::borrow::Cow;
use std::io::{Cursor, Read};
use thiserror::Error;
use zip::ZipArchive;

/// Rows and columns of a sheet.
const ROWS: u32 = 1 << 20;
const COLUMNS: u32 = 1 << 14;

/// Why a workbook cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(super) enum WorkbookError {
    /// More would have to be unpacked than is allowed.
    #[error("it is too long")]
    TooLong,
    /// It is no archive, or some part of it is not what it should be.
    #[error("{0}")]
    Damaged(String),
}

type Result<T> = std::result::Result<T, WorkbookError>;

fn damaged<T>(reason: impl Into<String>) -> Result<T> {
    Err(WorkbookError::Damaged(reason.into()))
}

/// A cell that is not empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SheetCell<'a> {
    /// From 1.
    pub(super) column: u32,
    /// Its text; a number as the file writes it.
    pub(super) text: Cow<'a, str>,
    /// What kind of value it is.
    pub(super) kind: CellKind,
}

/// What kind of value a cell has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CellKind {
    Text,
    /// A number; dates are numbers too.
    Number,
    /// An error such as `#N/A`.
    Error,
}

/// A workbook with its texts; sheets are unpacked when they are read.
pub(super) struct Workbook<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    /// Bytes that may still be unpacked.
    left: u64,
    shared: Vec<Box<str>>,
    /// Name and part of each sheet, in their order.
    sheets: Vec<(String, String)>,
    /// Dates count from 1904.
    pub(super) from_1904: bool,
}

impl<'a> Workbook<'a> {
    /// Opens a workbook, of which `left` bytes may be unpacked.
    pub(super) fn open(bytes: &'a [u8], left: u64) -> Result<Self> {
        let archive = ZipArchive::new(Cursor::new(bytes));
        let archive = archive.map_err(|error| WorkbookError::Damaged(error.to_string()))?;
        let mut book = Self { archive, left, shared: Vec::new(), sheets: Vec::new(), from_1904: false };
        let top = book.relations("")?;
        let Some(main) = top.iter().find(|r| r.kind == "officeDocument").map(|r| r.target.clone()) else {
            return damaged("the archive holds no workbook");
        };
        let relations = book.relations(&main)?;
        if let Some(shared) = relations.iter().find(|r| r.kind == "sharedStrings") {
            let xml = book.part(&shared.target)?;
            book.shared = shared_texts(&xml)?;
        }
        let xml = book.part(&main)?;
        book.list_sheets(&xml, &relations)?;
        Ok(book)
    }

    /// The names of the sheets, in their order.
    pub(super) fn sheet_names(&self) -> Vec<String> {
        self.sheets.iter().map(|(name, _)| name.clone()).collect()
    }

    /// Calls `visit` with number and cells of each row of a sheet that is not empty, until it returns false.
    pub(super) fn rows(
        &mut self,
        sheet: usize,
        mut visit: impl FnMut(u32, &[SheetCell]) -> bool,
    ) -> Result<()> {
        let Some((_, part)) = self.sheets.get(sheet).cloned() else { return Ok(()) };
        let xml = self.part(&part)?;
        let mut rows = SheetReader::new(&xml, &self.shared);
        while let Some((number, cells)) = rows.next_row()? {
            if !cells.is_empty() && !visit(number, &cells) {
                break;
            }
        }
        Ok(())
    }

    fn list_sheets(&mut self, xml: &str, relations: &[Relation]) -> Result<()> {
        let mut reader = Reader::from_str(xml);
        loop {
            let event = event(&mut reader)?;
            let (Event::Start(tag) | Event::Empty(tag)) = &event else {
                if matches!(event, Event::Eof) {
                    return Ok(());
                }
                continue;
            };
            match tag.local_name().as_ref() {
                "workbookPr" => {
                    self.from_1904 = attribute(tag, "date1904")?.is_some_and(|v| v == "1" || v == "true");
                }
                "sheet" => {
                    let name = attribute(tag, "name")?.unwrap_or_default();
                    let id = attribute(tag, "id")?.unwrap_or_default();
                    let part = relations.iter().find(|r| r.id == id && r.kind == "worksheet");
                    // A sheet of charts has no cells.
                    self.sheets.extend(part.map(|r| (name, r.target.clone())));
                }
                _ => {}
            }
        }
    }

    /// What a part refers to; nothing when it has no such list.
    fn relations(&mut self, part: &str) -> Result<Vec<Relation>> {
        let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
        let list = resolved(folder, &format!("_rels/{file}.rels"));
        if self.index_of(&list).is_none() {
            return Ok(Vec::new());
        }
        let xml = self.part(&list)?;
        let mut reader = Reader::from_str(&xml);
        let mut relations = Vec::new();
        loop {
            match event(&mut reader)? {
                Event::Start(tag) | Event::Empty(tag) if tag.local_name().as_ref() == "Relationship" => {
                    let get = |name| Ok(attribute(&tag, name)?.unwrap_or_default());
                    let kind = get("Type")?;
                    relations.push(Relation {
                        id: get("Id")?,
                        kind: kind.rsplit('/').next().unwrap_or_default().to_owned(),
                        target: resolved(folder, &get("Target")?),
                    });
                }
                Event::Eof => return Ok(relations),
                _ => {}
            }
        }
    }

    fn index_of(&self, part: &str) -> Option<usize> {
        let is_it = |name: &str| name.replace('\\', "/").eq_ignore_ascii_case(part);
        let name = |at: &usize| self.archive.name_for_index(*at)?.ok();
        (0..self.archive.len()).find(|at| name(at).is_some_and(|name| is_it(&name)))
    }

    /// Unpacks a part.
    fn part(&mut self, name: &str) -> Result<String> {
        let Some(index) = self.index_of(name) else {
            return damaged(format!("the archive has no part {name}"));
        };
        let told = |error: &dyn std::fmt::Display| WorkbookError::Damaged(format!("part {name}: {error}"));
        let file = self.archive.by_index(index).map_err(|error| told(&error))?;
        let mut bytes = Vec::new();
        file.take(self.left + 1).read_to_end(&mut bytes).map_err(|error| told(&error))?;
        self.left = self.left.checked_sub(bytes.len() as u64).ok_or(WorkbookError::TooLong)?;
        decode(&bytes).map(Cow::into_owned).map_err(|error| told(&error))
    }
}

/// A reference from one part to another.
struct Relation {
    id: String,
    /// The last part of its type: `worksheet`.
    kind: String,
    /// The part, as a path in the archive.
    target: String,
}

/// A path as seen from a folder; one that starts with `/` is seen from the top.
fn resolved(folder: &str, path: &str) -> String {
    let slashes = ['/', '\\'];
    let from = if path.starts_with(slashes) { "" } else { folder };
    let mut parts: Vec<&str> = Vec::new();
    for part in from.split(slashes).chain(path.split(slashes)) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// The next event; an archive that names entities of its own is refused.
fn event<'x>(reader: &mut Reader<&'x [u8]>) -> Result<Event<'x>> {
    match reader.read_event() {
        Ok(Event::DocType(_)) => damaged("a part has a DTD"),
        Ok(event) => Ok(event),
        Err(error) => damaged(error.to_string()),
    }
}

fn attribute(tag: &BytesStart, name: &str) -> Result<Option<String>> {
    for found in tag.attributes().with_checks(false) {
        let found: Attribute = found.or_else(|error| damaged(error.to_string()))?;
        if found.key.local_name().as_ref() == name {
            let value = found.normalized_value(XmlVersion::Implicit1_0);
            let value = value.or_else(|error| damaged(error.to_string()))?;
            return Ok(Some(value.into_owned()));
        }
    }
    Ok(None)
}

/// Adds what an event brings to a text.
fn append<'x>(text: &mut Cow<'x, str>, event: Event<'x>) {
    let piece = match event {
        Event::Text(piece) => piece.into_inner(),
        Event::CData(piece) => piece.into_inner(),
        Event::GeneralRef(reference) => character(&reference),
        _ => return,
    };
    if text.is_empty() {
        *text = piece;
    } else {
        text.to_mut().push_str(&piece);
    }
}

fn character(reference: &BytesRef) -> Cow<'static, str> {
    match reference.resolve_char_ref() {
        Ok(Some(character)) => Cow::Owned(character.to_string()),
        _ => Cow::Borrowed(quick_xml::escape::resolve_predefined_entity(reference).unwrap_or_default()),
    }
}

/// The texts that cells refer to by their numbers. Each may be in several runs; how it is spoken (`rPh`) is no
/// part of it.
fn shared_texts(xml: &str) -> Result<Vec<Box<str>>> {
    let mut reader = Reader::from_str(xml);
    let mut texts = Vec::new();
    let mut text = Cow::Borrowed("");
    let (mut inside, mut spoken) = (false, false);
    loop {
        let event = event(&mut reader)?;
        match &event {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "t" => inside = !spoken,
                "rPh" => spoken = true,
                _ => {}
            },
            Event::Empty(tag) if tag.local_name().as_ref() == "si" => texts.push("".into()),
            Event::End(tag) => match tag.local_name().as_ref() {
                "t" => inside = false,
                "rPh" => spoken = false,
                "si" => texts.push(std::mem::take(&mut text).into()),
                _ => {}
            },
            Event::Eof => return Ok(texts),
            _ if inside => append(&mut text, event),
            _ => {}
        }
    }
}

/// The rows of a sheet, one at a time.
struct SheetReader<'x> {
    reader: Reader<&'x [u8]>,
    shared: &'x [Box<str>],
    /// The row at hand, from 1; 0 before the first.
    row: u32,
    ended: bool,
}

impl<'x> SheetReader<'x> {
    fn new(xml: &'x str, shared: &'x [Box<str>]) -> Self {
        Self { reader: Reader::from_str(xml), shared, row: 0, ended: false }
    }

    /// The next row, with its cells that are not empty.
    fn next_row(&mut self) -> Result<Option<(u32, Vec<SheetCell<'x>>)>> {
        while !self.ended {
            match event(&mut self.reader)? {
                Event::Start(tag) if tag.local_name().as_ref() == "row" => {
                    self.number_row(&tag)?;
                    return self.cells().map(|cells| Some((self.row, cells)));
                }
                Event::Empty(tag) if tag.local_name().as_ref() == "row" => self.number_row(&tag)?,
                Event::End(tag) if tag.local_name().as_ref() == "sheetData" => self.ended = true,
                Event::Eof => self.ended = true,
                _ => {}
            }
        }
        Ok(None)
    }

    fn number_row(&mut self, tag: &BytesStart) -> Result<()> {
        self.row = match attribute(tag, "r")? {
            None => self.row + 1,
            Some(written) => match written.parse() {
                Ok(number) => number,
                Err(_) => return damaged(format!("a row has the number {written}")),
            },
        };
        if self.row == 0 || self.row > ROWS {
            return damaged(format!("a row has the number {}", self.row));
        }
        Ok(())
    }

    fn cells(&mut self) -> Result<Vec<SheetCell<'x>>> {
        let mut cells = Vec::new();
        let mut column = 0;
        loop {
            match event(&mut self.reader)? {
                Event::Start(tag) if tag.local_name().as_ref() == "c" => {
                    column = next_column(&tag, column)?;
                    let kind = attribute(&tag, "t")?.unwrap_or_default();
                    cells.extend(self.cell(column, &kind)?);
                }
                Event::Empty(tag) if tag.local_name().as_ref() == "c" => column = next_column(&tag, column)?,
                Event::End(tag) if tag.local_name().as_ref() == "row" => return Ok(cells),
                Event::Eof => return damaged("a sheet ends inside a row"),
                _ => {}
            }
        }
    }

    fn cell(&mut self, column: u32, kind: &str) -> Result<Option<SheetCell<'x>>> {
        let text = self.value()?;
        let (text, kind) = match kind {
            "s" => (self.shared_text(&text)?, CellKind::Text),
            "" | "n" => (text, CellKind::Number),
            "e" => (text, CellKind::Error),
            _ => (text, CellKind::Text),
        };
        Ok((!text.trim().is_empty()).then_some(SheetCell { column, text, kind }))
    }

    /// What stands in `v`, or in the texts of `is`, of the cell at hand; its formula is no value.
    fn value(&mut self) -> Result<Cow<'x, str>> {
        let mut text = Cow::Borrowed("");
        let (mut inside, mut spoken) = (false, false);
        loop {
            let event = event(&mut self.reader)?;
            match &event {
                Event::Start(tag) => match tag.local_name().as_ref() {
                    "v" | "t" => inside = !spoken,
                    "rPh" => spoken = true,
                    _ => {}
                },
                Event::End(tag) => match tag.local_name().as_ref() {
                    "v" | "t" => inside = false,
                    "rPh" => spoken = false,
                    "c" => return Ok(text),
                    _ => {}
                },
                Event::Eof => return damaged("a sheet ends inside a cell"),
                _ if inside => append(&mut text, event),
                _ => {}
            }
        }
    }

    fn shared_text(&self, number: &str) -> Result<Cow<'x, str>> {
        let number = number.trim();
        let found = number.parse().ok().and_then(|at: usize| self.shared.get(at));
        match found {
            Some(text) => Ok(Cow::Borrowed(text)),
            None if number.is_empty() => Ok(Cow::Borrowed("")),
            None => {
                damaged(format!("a cell in row {} refers to text {number}, which is not there", self.row))
            }
        }
    }
}

/// The column of a cell, from 1: that of its name, else the one behind the cell before it.
fn next_column(tag: &BytesStart, before: u32) -> Result<u32> {
    let Some(name) = attribute(tag, "r")? else { return Ok(before.saturating_add(1)) };
    let mut column = 0_u32;
    for letter in name.bytes().take_while(u8::is_ascii_alphabetic) {
        let digit = u32::from(letter.to_ascii_uppercase() - b'A') + 1;
        column = column.saturating_mul(26).saturating_add(digit);
    }
    if column == 0 || column > COLUMNS {
        return damaged(format!("a cell has the name {name}"));
    }
    Ok(column)
}

#[cfg(test)]
mod tests {
    use super::super::for_tests::{Cell, archive, workbook};
    use super::*;

    /// Number of a row, and column and text of its cells.
    type Read = Vec<(u32, Vec<(u32, String)>)>;

    fn rows(book: &mut Workbook, sheet: usize) -> Result<Read> {
        let mut rows = Vec::new();
        book.rows(sheet, |number, cells| {
            rows.push((number, cells.iter().map(|c| (c.column, c.text.to_string())).collect()));
            rows.len() < 10
        })?;
        Ok(rows)
    }

    /// A workbook with this content of its sheet and of its shared texts.
    fn made(sheet: &str, shared: &str) -> Vec<u8> {
        let part = |name: &str, content: &str| (name.to_owned(), content.to_owned());
        archive(&[
            part(
                "_rels/.rels",
                "<R><Relationship Id='a' Type='x/officeDocument' Target='xl\\..\\/xl/book.xml'/></R>",
            ),
            part(
                "XL\\book.xml",
                "<workbook xmlns:r='x'><workbookPr date1904='1'/><sheets><sheet name='a&lt;b' r:id='r1'/><sheet name='chart' r:id='r3'/></sheets></workbook>",
            ),
            part(
                "xl/_rels/book.xml.rels",
                "<R><Relationship Id='r1' Type='x/worksheet' Target='/xl/s.xml'/><Relationship Id='r2' Type='x/sharedStrings' Target='t.xml'/><Relationship Id='r3' Type='x/chartsheet' Target='c.xml'/></R>",
            ),
            part("xl/s.xml", sheet),
            part("xl/t.xml", shared),
        ])
    }

    fn read(sheet: &str, shared: &str) -> Result<Read> {
        let bytes = made(sheet, shared);
        let mut book = Workbook::open(&bytes, 1 << 20)?;
        assert!(book.from_1904);
        assert_eq!(book.sheet_names(), ["a<b"]);
        rows(&mut book, 0)
    }

    #[test]
    fn cells_in_every_writing() {
        let shared = "<sst><si><t>A&amp;</t></si><si/><si><r><t>b</t></r><r><t><![CDATA[<c]]></t></r><rPh><t>no</t></rPh></si></sst>";
        let sheet = "<x:worksheet xmlns:x='y'><x:sheetData><x:row r='3'><x:c r='B3' t='s'><x:v>2</x:v></x:c><x:c t='s'><x:v>1</x:v></x:c><x:c><x:f>1+1</x:f><x:v>2.5</x:v></x:c><x:c r='AA3' t='inlineStr'><x:is><x:r><x:t>&#65;</x:t></x:r><x:r><x:t>\u{e4}</x:t></x:r></x:is></x:c></x:row><x:row/><x:row><x:c t='b'><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>";
        let row = |number, cells: &[(u32, &str)]| {
            (number, cells.iter().map(|(c, t)| (*c, (*t).to_owned())).collect::<Vec<_>>())
        };
        assert_eq!(
            read(sheet, shared).unwrap(),
            [row(3, &[(2, "b<c"), (4, "2.5"), (27, "A\u{e4}")]), row(5, &[(1, "1")])]
        );
    }

    #[test]
    fn damage_is_told() {
        let told = |inside: &str| {
            let sheet = format!("<worksheet><sheetData>{inside}</sheetData></worksheet>");
            read(&sheet, "<sst/>").unwrap_err().to_string()
        };
        assert_eq!(told("<row r='10000000000'/>"), "a row has the number 10000000000");
        assert_eq!(told("<row r='0'/>"), "a row has the number 0");
        assert_eq!(told("<row><c r='ZZZZZZZZ9'/></row>"), "a cell has the name ZZZZZZZZ9");
        assert_eq!(told("<row><c r='7'/></row>"), "a cell has the name 7");
        assert_eq!(
            told("<row r='2'><c t='s'><v>7</v></c></row>"),
            "a cell in row 2 refers to text 7, which is not there"
        );
        assert_eq!(read("<!DOCTYPE x><worksheet/>", "").unwrap_err().to_string(), "a part has a DTD");
        assert_eq!(read("<sheetData><row><c>", "").unwrap_err().to_string(), "a sheet ends inside a cell");
        assert_eq!(read("<sheetData><row>", "").unwrap_err().to_string(), "a sheet ends inside a row");
    }

    /// What the archive says of the length of its parts is not believed.
    #[test]
    fn what_is_unpacked_is_counted() {
        let zeros = "0".repeat(100_000);
        let bytes = workbook(&[("A", vec![vec![Cell::Inline(&zeros)]])]);
        assert!(bytes.len() < 10_000);
        let mut book = Workbook::open(&bytes, 50_000).unwrap();
        assert_eq!(rows(&mut book, 0), Err(WorkbookError::TooLong));
        let shared = workbook(&[("A", vec![vec![Cell::Shared(&zeros)]])]);
        assert_eq!(Workbook::open(&shared, 50_000).err(), Some(WorkbookError::TooLong));
        assert!(rows(&mut Workbook::open(&shared, 150_000).unwrap(), 0).is_ok());
    }
}
