use super::*;
use proptest::prelude::*;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// A zip file with these parts, every other one stored as it is.
fn zip(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (position, (name, bytes)) in parts.iter().enumerate() {
        let method = if position % 2 == 0 { CompressionMethod::Deflated } else { CompressionMethod::Stored };
        writer.start_file(*name, SimpleFileOptions::default().compression_method(method)).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn visit(limits: Limits, bytes: &[u8]) -> (Vec<(String, String)>, Result<(), String>) {
    let mut seen = Vec::new();
    let result = parts_within(limits, Cursor::new(bytes), |name, bytes| {
        seen.push((name.to_owned(), String::from_utf8_lossy(bytes).into_owned()));
    });
    (seen, result.map_err(|error| error.to_string()))
}

fn names(bytes: &[u8]) -> Vec<String> {
    let (seen, result) = visit(LIMITS, bytes);
    assert_eq!(result, Ok(()));
    seen.into_iter().map(|(name, _)| name).collect()
}

#[test]
fn of_a_solution_only_what_can_hold_maps_is_read() {
    let solution = zip(&[
        ("solution.xml", b"<x/>"),
        ("Workflows/flow.json", b"{}"),
        ("msdyn_dualwriteentitymaps\\{1}\\b.xml", b"<b/>"),
        ("Customizations.XML", b"<a/>"),
    ]);
    assert!(is_archive(&solution) && is_archive(&zip(&[])) && !is_archive(b"{\"legs\""));
    let (seen, result) = visit(LIMITS, &solution);
    assert_eq!(result, Ok(()));
    let seen: Vec<_> = seen.iter().map(|(name, text)| (&**name, &**text)).collect();
    assert_eq!(seen, [("Customizations.XML", "<a/>"), ("msdyn_dualwriteentitymaps/{1}/b.xml", "<b/>")]);
}

#[test]
fn without_a_solution_the_json_is_read_in_order_of_names() {
    let maps =
        zip(&[("z.json", b"1"), ("A/b.JSON", b"2"), (".json", b"3"), ("readme.md", b"4"), ("a.xml", b"5")]);
    assert_eq!(names(&maps), ["A/b.JSON", "z.json"]);
    assert_eq!(names(&zip(&[("readme.md", b"")])), [""; 0]);
    assert_eq!(names(&zip(&[])), [""; 0]);
}

#[test]
fn a_path_inside_is_a_name_and_nothing_else() {
    let hostile = ["../../up.json", "/etc/abs.json", "C:\\Windows\\x.json", "a\u{1b}[31m.json", "<b>&.json"];
    let parts: Vec<(&str, &[u8])> = hostile.iter().map(|name| (*name, b"{}".as_slice())).collect();
    assert_eq!(names(&zip(&parts)).len(), hostile.len());
}

#[test]
fn what_unpacks_to_too_much_is_refused() {
    let zeros = vec![b' '; 100_000];
    let bomb = zip(&[("a.json", &zeros), ("b.json", &zeros)]);
    assert!(bomb.len() < 110_000, "the first part is packed");
    let limits = Limits { unpacked: 150_000, parts: 10 };
    let (seen, result) = visit(limits, &bomb);
    assert_eq!(seen.len(), 1, "what fits is read");
    assert!(result.unwrap_err().contains("come to more than 256 MiB"));
    assert_eq!(visit(Limits { unpacked: 200_000, ..limits }, &bomb).1, Ok(()), "just enough");
    let (seen, result) = visit(Limits { parts: 1, ..limits }, &bomb);
    assert!(seen.is_empty() && result.unwrap_err().contains("holds more than 10000 files"));
}

#[test]
fn an_encrypted_part_and_a_torn_file_are_named() {
    let mut encrypted = zip(&[("m.json", b"{}")]);
    let directory = encrypted.windows(4).position(|four| four == b"PK\x01\x02").unwrap();
    encrypted[6] |= 1;
    encrypted[directory + 8] |= 1;
    let (_, result) = visit(LIMITS, &encrypted);
    let error = result.unwrap_err();
    assert!(error.starts_with("m.json cannot be unpacked: "), "{error}");

    let whole = zip(&[("m.json", b"{\"legs\":[]}")]);
    let error = visit(LIMITS, &whole[..whole.len() - 8]).1.unwrap_err();
    assert!(error.starts_with("not a readable zip file: "), "{error}");
}

proptest! {
    #[test]
    fn any_bytes_are_safe(bytes: Vec<u8>) {
        let _ = visit(LIMITS, &[b"PK\x03\x04", bytes.as_slice()].concat());
    }

    #[test]
    fn any_damage_is_safe(at: prop::sample::Index, byte: u8, length: prop::sample::Index) {
        let mut bytes = zip(&[("customizations.xml", b"<a>some text, some text, some text</a>"), ("b.json", b"{}")]);
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let length = length.index(bytes.len());
        let _ = (visit(LIMITS, &bytes), visit(LIMITS, &bytes[..length]));
    }
}
