//! What holds for every output, whatever the input.

use super::Tree;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// A text as it is printed: what [`harmless`] does not allow is written as an escape.
pub fn shown(text: &str) -> String {
    let escaped =
        |c: char| if is_harmful(c) || c == '\n' { c.escape_unicode().to_string() } else { c.to_string() };
    text.chars().map(escaped).collect()
}

fn is_harmful(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// No character that could move a cursor, fake a line or turn the direction of text.
pub fn harmless(printed: &str) {
    let bad = printed.chars().find(|c| is_harmful(*c));
    assert_eq!(bad, None, "in {printed:?}");
}

/// Every result is well-formed: `tracking.json`, `definitions.csv`, and the pictures where Graphviz is there.
pub fn well_formed(tree: &Tree) {
    tree.tracking();
    for row in csv_rows(tree) {
        for cell in row {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']), "a formula: {cell:?}");
        }
    }
    let svg = tree.out().join("graph.svg");
    assert_eq!(svg.is_file(), graphviz(), "graph.svg is written exactly where Graphviz is");
    if svg.is_file() {
        let svg = fs::read_to_string(svg).expect("UTF-8");
        let options = roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() };
        let svg = roxmltree::Document::parse_with_options(&svg, options).expect("well-formed SVG");
        let odd = svg.descendants().find(|node| matches!(node.tag_name().name(), "script" | "foreignObject"));
        assert_eq!(odd, None);
    }
    let dot = fs::read_to_string(tree.out().join("graph.dot")).expect("UTF-8");
    assert!(dot.starts_with("digraph dualtrack {") && dot.trim_end().ends_with('}'), "{dot}");
    harmless(&dot);
}

fn graphviz() -> bool {
    std::process::Command::new("dot").arg("-V").output().is_ok_and(|output| output.status.success())
}

/// The rows of `definitions.csv`, without the head.
pub fn csv_rows(tree: &Tree) -> Vec<Vec<String>> {
    let bytes = fs::read(tree.out().join("definitions.csv")).expect("definitions.csv");
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").expect("a mark, without which Excel reads no UTF-8");
    let mut reader = csv::Reader::from_reader(bytes);
    let row = |row: csv::StringRecord| row.iter().map(str::to_owned).collect();
    reader.records().map(|record| row(record.expect("a row with five cells"))).collect()
}

/// The files below a folder and their bytes; links are not followed.
pub fn snapshot(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let entry = entry.expect("an entry");
            let kind = entry.file_type().expect("a kind");
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() {
                files.insert(entry.path(), fs::read(entry.path()).expect("a file"));
            }
        }
    }
    files
}

/// Runs `action` and checks that it writes nothing into the folder of the test but below `out`.
pub fn writes_only_results(tree: &Tree, action: impl FnOnce()) {
    let others = |mut files: BTreeMap<PathBuf, Vec<u8>>| {
        files.retain(|path, _| !path.starts_with(tree.out()));
        files
    };
    let before = others(snapshot(tree.folder()));
    action();
    let after = others(snapshot(tree.folder()));
    assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
    assert!(before == after, "a file of the input was changed");
}
