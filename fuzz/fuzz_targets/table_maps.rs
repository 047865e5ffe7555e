//! Files of table maps, JSON and XML: the maps do not depend on how often the JSON was put into a text, and are no
//! larger than the file.

#![no_main]

use dualtrack::dualwrite::{Leg, MapFile, TableMap, parse_maps};
use dualtrack::problem::Problem;
use dualtrack_fuzz::map_weight;
use libfuzzer_sys::fuzz_target;
use serde_json::json;
use std::sync::Arc;

fuzz_target!(|bytes: &[u8]| {
    for name in ["map.json", "customizations.xml", "map"] {
        let (maps, problems) = parse(name, bytes);
        assert_eq!(parse(name, bytes), (maps.clone(), problems.clone()), "read twice");
        let weight = map_weight(&maps);
        assert!(weight <= 4_096 + 64 * bytes.len(), "{weight} from {} bytes", bytes.len());
        assert!(maps.iter().enumerate().all(|(at, map)| map.position == at));
        assert!(!maps.is_empty() || !problems.is_empty(), "a file without maps is said to be one");
        problems.iter().for_each(|problem| check_place(problem, bytes));
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        check_wrapped(text);
    }
});

fn parse(name: &str, bytes: &[u8]) -> (Vec<TableMap>, Vec<Problem>) {
    let file = Arc::new(MapFile { path: name.into(), root: 0, location: name.into() });
    parse_maps(bytes, &file)
}

fn check_place(problem: &Problem, bytes: &[u8]) {
    let number = |key| problem.fact(key).and_then(|text| text.parse::<usize>().ok());
    if let (Some(line), Some(column)) = (number("line"), number("column")) {
        let lines = bytes.split(|byte| *byte == b'\n').count();
        // UTF-16 has line ends of two bytes, and fewer of them.
        assert!((1..=lines).contains(&line) && (1..=bytes.len() + 1).contains(&column), "{problem:?}");
    }
    assert!(problem.message().len() <= 4_096 + 4 * bytes.len());
}

/// The same maps, as a text inside JSON and as rows of the Dataverse list.
fn check_wrapped(text: &str) {
    let text = text.trim_start_matches('\u{FEFF}');
    let (maps, problems) = parse("map.json", text.as_bytes());
    // A text that holds JSON itself is opened a limited number of times.
    if maps.is_empty() || !problems.is_empty() || text.contains('\\') {
        return;
    }
    assert_eq!(parse("map.json", json!(text).to_string().as_bytes()), (maps.clone(), problems));
    let row = json!({ "msdyn_name": "row", "msdyn_version": "1.0.0.0", "msdyn_mapping": text });
    let (listed, problems) = parse("map.json", json!({ "value": [row] }).to_string().as_bytes());
    assert_eq!((listed.len(), problems), (1, Vec::new()));
    let legs: Vec<&Leg> = maps.iter().flat_map(|map| &map.legs).collect();
    assert!(listed[0].legs.iter().eq(legs), "the row has the legs of all maps in it");
}
