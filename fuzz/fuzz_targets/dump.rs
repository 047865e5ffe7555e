//! Dumps of `BusinessEventsDefinition`: CSV, JSON and workbooks. What is read can be written as CSV and read again.
//!
//! An input that begins with `X` is a workbook: its parts stand behind zero bytes.

#![no_main]

use dualtrack::dualwrite::{Channels, Dump, DumpForm, DumpPlace};
use libfuzzer_sys::fuzz_target;
use std::collections::HashSet;
use std::io::{Cursor, Write};
use std::path::Path;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const PARTS: [&str; 6] = [
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
    "xl/worksheets/sheet1.xml",
    "xl/worksheets/sheet2.xml",
];

/// A longer text is no name.
const LONGEST_NAME: usize = 255;

fuzz_target!(|bytes: &[u8]| match bytes.split_first() {
    Some((b'X', parts)) => check(&workbook(parts)),
    _ => check(bytes),
});

fn workbook(parts: &[u8]) -> Vec<u8> {
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, part) in PARTS.iter().zip(parts.split(|byte| *byte == 0)) {
        writer.start_file(*name, options).expect("a part");
        writer.write_all(part).expect("a part");
    }
    writer.finish().expect("an archive").into_inner()
}

fn read(bytes: &[u8]) -> Option<Dump> {
    match Dump::from_bytes(bytes, Path::new("dump"), &Channels::default()) {
        Ok(dump) => Some(dump),
        Err(error) => {
            assert!(error.to_string().len() < 8_192, "{error}");
            None
        }
    }
}

fn check(bytes: &[u8]) {
    let dump = read(bytes);
    assert_eq!(
        dump.as_ref().map(|dump| &dump.rows),
        read(bytes).as_ref().map(|dump| &dump.rows),
        "read twice"
    );
    let Some(dump) = dump else { return };
    assert!(dump.rows.len() + dump.repeated() <= dump.read);
    let lines = bytes.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count() + 1;
    let check_place = |place: DumpPlace| {
        let within =
            dump.form == DumpForm::Xlsx || usize::try_from(place.line).is_ok_and(|line| line <= lines);
        assert!(place.line > 0 && place.column > 0 && within, "{place:?}");
        assert!(dump.inside(place).len() < 40);
    };
    let mut keys = HashSet::new();
    for row in &dump.rows {
        check_place(row.place);
        row.repeats.iter().for_each(|place| check_place(*place));
        let names = [&row.entity, &row.table, &row.source];
        assert!(names.iter().all(|name| name.chars().count() <= LONGEST_NAME), "{row:?}");
        assert!(keys.insert(names.map(|name| name.to_ascii_lowercase())), "twice: {row:?}");
    }
    check_written(&dump);
}

fn check_written(dump: &Dump) {
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let mut csv = "RefEntityName,RefTableName,DataSourceName\n".to_owned();
    for row in &dump.rows {
        csv.push_str(&[&row.entity, &row.table, &row.source].map(|name| quoted(name)).join(","));
        csv.push('\n');
    }
    if dump.rows.is_empty() {
        return;
    }
    let again = read(csv.as_bytes()).expect("a dump");
    let keys = |dump: &Dump| -> Vec<[Box<str>; 3]> {
        dump.rows.iter().map(|row| [row.entity.clone(), row.table.clone(), row.source.clone()]).collect()
    };
    assert_eq!(keys(&again), keys(dump), "{csv}");
}
