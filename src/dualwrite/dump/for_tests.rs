//! Workbooks made for one test. Tests in `tests/` include this file.

#![allow(dead_code, unreachable_pub, reason = "each test uses its part")]

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use zip::write::SimpleFileOptions;

/// A cell.
#[derive(Clone, Copy, Debug)]
pub enum Cell<'a> {
    Nothing,
    /// A text in the table of shared texts, as Excel writes it.
    Shared(&'a str),
    /// A text in the cell itself, as other programs write it.
    Inline(&'a str),
    Number(f64),
    /// A number that is shown as a date.
    Date(f64),
    Error(&'a str),
}

/// A sheet: its name and its rows.
pub type Sheet<'a> = (&'a str, Vec<Vec<Cell<'a>>>);

/// The bytes of a workbook.
pub fn workbook(sheets: &[Sheet]) -> Vec<u8> {
    let mut shared = Vec::new();
    let written: Vec<String> = sheets.iter().map(|(_, rows)| sheet(rows, &mut shared)).collect();
    let mut parts = vec![
        ("[Content_Types].xml".to_owned(), content_types(sheets.len())),
        ("_rels/.rels".to_owned(), relations(&[("officeDocument", "xl/workbook.xml".to_owned())])),
        ("xl/workbook.xml".to_owned(), book(sheets)),
        ("xl/styles.xml".to_owned(), STYLES.to_owned()),
        ("xl/sharedStrings.xml".to_owned(), shared_strings(&shared)),
    ];
    let mut targets: Vec<(&str, String)> =
        (1..=sheets.len()).map(|n| ("worksheet", format!("worksheets/sheet{n}.xml"))).collect();
    targets.push(("sharedStrings", "sharedStrings.xml".to_owned()));
    targets.push(("styles", "styles.xml".to_owned()));
    parts.push(("xl/_rels/workbook.xml.rels".to_owned(), relations(&targets)));
    for (n, xml) in (1..).zip(written) {
        parts.push((format!("xl/worksheets/sheet{n}.xml"), xml));
    }
    archive(&parts)
}

/// An archive of these files.
pub fn archive(parts: &[(String, String)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(name.as_str(), SimpleFileOptions::default()).expect("a part");
        writer.write_all(content.as_bytes()).expect("a part");
    }
    writer.finish().expect("an archive").into_inner()
}

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
/// Style 1 is a date with its time.
const STYLES: &str = "<styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><cellXfs count=\"2\"><xf numFmtId=\"0\"/><xf numFmtId=\"22\" applyNumberFormat=\"1\"/></cellXfs></styleSheet>";

fn content_types(sheets: usize) -> String {
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    let mut text = format!(
        "{DECLARATION}<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"{kind}.sheet.main+xml\"/>"
    );
    for n in 1..=sheets {
        let _ = write!(
            text,
            "<Override PartName=\"/xl/worksheets/sheet{n}.xml\" ContentType=\"{kind}.worksheet+xml\"/>"
        );
    }
    text + "</Types>"
}

fn relations(targets: &[(&str, String)]) -> String {
    let mut text = format!(
        "{DECLARATION}<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
    );
    for (n, (kind, target)) in (1..).zip(targets) {
        let _ = write!(text, "<Relationship Id=\"rId{n}\" Type=\"{OFFICE}/{kind}\" Target=\"{target}\"/>");
    }
    text + "</Relationships>"
}

fn book(sheets: &[Sheet]) -> String {
    let mut text = format!("{DECLARATION}<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets>");
    for (n, (name, _)) in (1..).zip(sheets) {
        let _ = write!(text, "<sheet name=\"{}\" sheetId=\"{n}\" r:id=\"rId{n}\"/>", escaped(name));
    }
    text + "</sheets></workbook>"
}

fn shared_strings(shared: &[String]) -> String {
    let items = shared.iter().fold(String::new(), |items, text| {
        items + "<si><t xml:space=\"preserve\">" + &escaped(text) + "</t></si>"
    });
    format!("{DECLARATION}<sst xmlns=\"{MAIN}\">{items}</sst>")
}

fn sheet(rows: &[Vec<Cell>], shared: &mut Vec<String>) -> String {
    let mut text = format!("{DECLARATION}<worksheet xmlns=\"{MAIN}\"><sheetData>");
    for (r, row) in (1..).zip(rows) {
        let _ = write!(text, "<row r=\"{r}\">");
        for (c, cell) in ('A'..='Z').zip(row) {
            text += &written(&format!("{c}{r}"), *cell, shared);
        }
        text += "</row>";
    }
    text + "</sheetData></worksheet>"
}

fn written(at: &str, cell: Cell, shared: &mut Vec<String>) -> String {
    match cell {
        Cell::Nothing => String::new(),
        Cell::Shared(text) => {
            shared.push(text.to_owned());
            format!("<c r=\"{at}\" t=\"s\"><v>{}</v></c>", shared.len() - 1)
        }
        Cell::Inline(text) => format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{}</t></is></c>", escaped(text)),
        Cell::Number(number) => format!("<c r=\"{at}\"><v>{number}</v></c>"),
        Cell::Date(number) => format!("<c r=\"{at}\" s=\"1\"><v>{number}</v></c>"),
        Cell::Error(text) => format!("<c r=\"{at}\" t=\"e\"><v>{text}</v></c>"),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
