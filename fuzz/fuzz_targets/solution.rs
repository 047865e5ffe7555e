//! Zip files of solutions and maps: what is whole gives what its parts give, what is damaged gives a complaint.

#![no_main]

use dualtrack::dualwrite::{MapFile, TableMap, parse_archive, parse_maps};
use dualtrack::problem::Problem;
use dualtrack_fuzz::map_weight;
use libfuzzer_sys::{arbitrary, arbitrary::Arbitrary, fuzz_target};
use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use std::sync::Arc;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// Names of parts: of solutions, of folders of maps, and such as do not belong there.
const NAMES: [&str; 10] = [
    "customizations.xml",
    "Other/Customizations.xml",
    "msdyn_dualwriteentitymaps/a.xml",
    "MSDYN_DUALWRITEENTITYMAP/b.XML",
    "solution.xml",
    "a.json",
    "maps/B.JSON",
    "..\\..\\up.json",
    "/etc/map.json",
    "readme.txt",
];

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    deflated: bool,
    parts: Vec<(u8, &'a [u8])>,
    /// Places in the zip file and what is written there.
    damage: Vec<(u16, u8)>,
    /// How much is cut off.
    cut: u16,
    raw: Option<&'a [u8]>,
}

fuzz_target!(|input: Input<'_>| {
    if let Some(raw) = input.raw {
        check_twice(raw);
    }
    let parts: BTreeMap<&str, &[u8]> =
        input.parts.iter().map(|(name, bytes)| (NAMES[usize::from(*name) % NAMES.len()], *bytes)).collect();
    let mut bytes = archive(&parts, input.deflated);
    let (maps, problems) = check_twice(&bytes);
    check_whole(&parts, &maps, &problems);
    for (place, byte) in &input.damage {
        let place = usize::from(*place) % bytes.len();
        bytes[place] = *byte;
    }
    bytes.truncate(bytes.len() - usize::from(input.cut) % bytes.len());
    check_twice(&bytes);
});

fn archive(parts: &BTreeMap<&str, &[u8]>, deflated: bool) -> Vec<u8> {
    let method = if deflated { zip::CompressionMethod::Deflated } else { zip::CompressionMethod::Stored };
    let options = SimpleFileOptions::default().compression_method(method);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        writer.start_file(*name, options).expect("a part");
        writer.write_all(bytes).expect("a part");
    }
    writer.finish().expect("an archive").into_inner()
}

fn file(path: &str) -> Arc<MapFile> {
    Arc::new(MapFile { path: path.into(), root: 0, location: "maps.zip".into() })
}

fn check_twice(bytes: &[u8]) -> (Vec<TableMap>, Vec<Problem>) {
    let read = || parse_archive(Cursor::new(bytes), &file("maps.zip"));
    let (maps, problems) = read();
    assert_eq!(read(), (maps.clone(), problems.clone()), "read twice");
    assert!(!maps.is_empty() || !problems.is_empty(), "a file without maps is said to be one");
    // A thousand bytes are the most that deflate makes of one.
    assert!(map_weight(&maps) <= 4_096 + 64 * 1_032 * bytes.len());
    (maps, problems)
}

/// The maps of a zip file are those of its parts: of a solution's files, or else of all JSON.
fn check_whole(parts: &BTreeMap<&str, &[u8]>, maps: &[TableMap], problems: &[Problem]) {
    let is_of_solution = |name: &&str| NAMES[..4].contains(name);
    let is_solution = parts.keys().any(|name| is_of_solution(name));
    let is_json = |name: &&str| name.to_ascii_lowercase().ends_with(".json");
    let wanted =
        parts.iter().filter(|(name, _)| if is_solution { is_of_solution(name) } else { is_json(name) });
    let mut expected = Vec::new();
    for (name, bytes) in wanted {
        let path = format!("maps.zip/{}", name.replace('\\', "/"));
        let (of_part, complaints) = parse_maps(bytes, &file(&path));
        assert!(complaints.iter().all(|complaint| problems.contains(complaint)), "{complaints:?} of {path}");
        expected.extend(of_part);
    }
    assert_eq!(maps.len(), expected.len());
    assert!(expected.iter().all(|map| maps.contains(map)));
}
